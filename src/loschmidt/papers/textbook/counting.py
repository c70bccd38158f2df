"""Counting statistics of steady currents: cumulants, the symmetry of fluctuations, and uncertainty relations."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.counting import (
    counted,
    cumulants,
    fluctuation_symmetry,
    scaled_generating_function,
    uncertainty_ratios,
)
from loschmidt.evolution.steady import steady_state
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.textbook.systems import maser
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.spectra import FermionicSpectrum, FlatSpectrum, OhmicSpectrum

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-11
_CLEARLY = 1e-3
_X = np.array([[0.0, 1.0], [1.0, 0.0]])
_LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])


def _qubit() -> tuple[Generator, float, float, float]:
    """Return a qubit between two baths, with K, a and b of its two-state process."""
    omega, gammas, temperatures = 1.3, (0.02, 0.05), (2.0, 0.5)
    baths = [
        Bath(name, 1 / t, FlatSpectrum(g), _X) for name, t, g in zip(("hot", "cold"), temperatures, gammas, strict=True)
    ]
    n = [1 / math.expm1(omega / t) for t in temperatures]
    total = sum(g * (2 * m + 1) for g, m in zip(gammas, n, strict=True))
    product = gammas[0] * gammas[1]
    return (
        davies_generator(np.diag([0.0, omega]), baths),
        total,
        product * n[0] * (n[1] + 1),
        product * (n[0] + 1) * n[1],
    )


def _three_levels(number: int) -> Generator:
    """Return a three-level system between two baths, in general position."""
    at = np.arange(1.0, 10.0).reshape(3, 3) + 7 * number
    couplings = [np.cos(x * at**1.5) + np.cos(x * at.T**1.5) for x in (1.3, 0.6)]
    baths = [
        Bath(name, beta, OhmicSpectrum(0.05, 5.0), coupling)
        for name, beta, coupling in zip(("hot", "cold"), (0.4, 2.0), couplings, strict=True)
    ]
    return davies_generator(np.diag([0.0, 1.0, 2.7]), baths)


def _two_state() -> Computed:
    process, k, a, b = _qubit()
    expected = [
        (a - b) / k,
        (a + b) / k - 2 * (a - b) ** 2 / k**3,
        (a - b) / k - 6 * (a**2 - b**2) / k**3 + 12 * (a - b) ** 3 / k**5,
    ]
    quanta = counted(process, "quanta", "hot")
    found = cumulants(process, quanta, 3)
    s = np.linspace(-2.0, 1.0, 7)
    theta = -k / 2 + np.sqrt(k**2 / 4 + a * np.expm1(s) + b * np.expm1(-s))
    misfit = float(np.abs(scaled_generating_function(process, quanta, s).values - theta).max())
    worst = float(np.abs(found.values / expected - 1).max())
    good = max(misfit, worst) < _ROUND_OFF
    return Computed(
        {"cumulants": found.values.tolist(), "closed forms": expected, "misfit of θ": misfit},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Mean, variance and third cumulant of the quanta through a qubit agree with their closed forms within "
        f"{worst:.0e}, and θ at seven points within {misfit:.0e}.",
    )


def _symmetry() -> Computed:
    three = _three_levels(1)
    cases = [
        fluctuation_symmetry(three, counted(three, "heat", "hot")),
        fluctuation_symmetry(maser(0.1), counted(maser(0.1), "quanta", "hot"), affinity=1 / 0.6 - 3 / 10),
    ]
    sizes = [float(np.abs(one.values).max()) for one in cases]
    wrong = fluctuation_symmetry(three, counted(three, "heat", "hot"), affinity=1.0)
    affinity = cases[0].affinity
    good = all(one.holds for one in cases) and abs(affinity - 1.6) < _ROUND_OFF and not wrong.holds
    defect = max(one.defect for one in cases)
    return Computed(
        {
            "affinity of the heat": affinity,
            "largest defects": [one.defect for one in cases],
            "largest θ": sizes,
            "defect with another affinity": wrong.defect,
        },
        ClaimVerdict.REPRODUCED if good and min(sizes) > 100 * defect else ClaimVerdict.REFUTED,
        f"θ(s) = θ(β_h - β_c - s) within {cases[0].defect:.0e} for the heat through three levels, and within "
        f"{cases[1].defect:.0e} for the quanta of a coherent maser; with another affinity it misses by "
        f"{wrong.defect:.0e}.",
    )


def _uncertainty() -> Computed:
    classical = []
    for number in range(4):
        process = _three_levels(number)
        classical.append(uncertainty_ratios(process, counted(process, "heat", "hot")).thermodynamic)
    drives = (0.005, 0.025, 0.1)
    driven = [uncertainty_ratios(maser(d), counted(maser(d), "quanta", "hot")) for d in drives]
    coherence = abs(steady_state(maser(0.025)).state[0, 1])
    ratios = [one.thermodynamic for one in driven]
    broken = ratios[1] + driven[1].thermodynamic_error < 2 - _CLEARLY
    good = min(classical) >= 2 - _ROUND_OFF and broken
    return Computed(
        {
            "Davies equations": classical,
            "maser, by drive": {str(d): r for d, r in zip(drives, ratios, strict=True)},
            "coherence of the maser at 0.025": float(coherence),
            "c_2 K / c_1² of the maser": [one.kinetic for one in driven],
        },
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"c_2 σ̇ / c_1² is at least {min(classical):.3f} in four Davies equations, which are classical jump processes; "
        f"the maser with a coherence of {coherence:.2f} reaches {ratios[1]:.4f} < 2.",
    )


def _kinetic() -> Computed:
    lowest = min(
        uncertainty_ratios(process, counted(process, what, "hot")).kinetic
        for process in (_three_levels(number) for number in range(4))
        for what in ("heat", "jumps")
    )
    decay = jump_dissipator("vacuum", [_LOWER], [1.0])
    atom = gkls_generator(0.35 * _X, [decay], energy=np.diag([0.0, 10.0]))
    quantum = uncertainty_ratios(atom, counted(atom, "jumps")).kinetic
    mandel = 1 - 6 * 0.49 / (1 + 2 * 0.49) ** 2
    good = lowest >= 1 and quantum < 1 - _CLEARLY and abs(quantum - mandel) < _ROUND_OFF
    return Computed(
        {"smallest ratio of Davies equations": lowest, "photons of a driven atom": quantum, "closed form": mandel},
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"c_2 K / c_1² is at least {lowest:.2f} in four Davies equations; the photons of a resonantly driven atom are "
        f"antibunched and reach {quantum:.4f} < 1.",
    )


def _tunnelling() -> Computed:
    left, right = 0.3, 0.7
    baths = [
        Bath(name, math.inf, FermionicSpectrum(gamma), _LOWER, chemical_potential=mu)
        for name, gamma, mu in (("left", left, 5.0), ("right", right, -5.0))
    ]
    process = davies_generator(np.diag([0.0, 0.5]), baths, number=np.diag([0.0, 1.0]))
    found = cumulants(process, counted(process, "particles", "left"), 3).values
    total = left + right
    fano, skew = float(found[1] / found[0]), float(found[2] / found[0])
    quartic = left**4 - 2 * left**3 * right + 6 * left**2 * right**2 - 2 * left * right**3 + right**4
    misfit = max(abs(fano - (left**2 + right**2) / total**2), abs(skew - quartic / total**4))
    # At total rates other than one a power of the total that is wrong would show.
    doubled = davies_generator(
        np.diag([0.0, 0.5]),
        [
            Bath(b.name, b.beta, FermionicSpectrum(2 * g), _LOWER, chemical_potential=b.chemical_potential)
            for b, g in zip(baths, (left, right), strict=True)
        ],
        number=np.diag([0.0, 1.0]),
    )
    again = cumulants(doubled, counted(doubled, "particles", "left"), 3).values
    good = misfit < _ROUND_OFF and abs(again[2] / again[0] - skew) < _ROUND_OFF
    return Computed(
        {"Fano factor": fano, "c_3 / c_1": skew, "misfit": misfit},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Electrons through a level at large bias: c_2/c_1 = {fano:.4f} and c_3/c_1 = {skew:.4f}, as the closed forms "
        f"with the second and fourth power of the total rate, within {misfit:.0e}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "two-state-cumulants",
        "counting statistics, two states",
        "Quanta through a two-state system have the closed generating function of a birth and a death rate.",
        None,
        ClaimVerdict.REPRODUCED,
        _two_state,
    ),
    Claim(
        "tunnelling-cumulants",
        "counting statistics, sequential tunnelling",
        "At large bias Fano factor and skewness of tunnelling electrons depend on the asymmetry of the rates only.",
        None,
        ClaimVerdict.REPRODUCED,
        _tunnelling,
    ),
    Claim(
        "fluctuation-symmetry",
        "counting statistics, fluctuation theorem of currents",
        "The generating function of the heat from the hot bath is symmetric under s → β_h - β_c - s.",
        None,
        ClaimVerdict.REPRODUCED,
        _symmetry,
    ),
    Claim(
        "thermodynamic-uncertainty",
        "counting statistics, uncertainty relations",
        "Precision costs entropy: c_2 σ̇ / c_1² ≥ 2 for every steady current.",
        2.0,
        ClaimVerdict.CORRECTED,
        _uncertainty,
    ),
    Claim(
        "kinetic-uncertainty",
        "counting statistics, uncertainty relations",
        "Precision costs activity: c_2 K / c_1² ≥ 1 for every counted variable.",
        1.0,
        ClaimVerdict.CORRECTED,
        _kinetic,
    ),
)
