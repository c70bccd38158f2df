"""Steady states in and out of equilibrium, baths that are not thermal, and what the secular approximation is for."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.steady import steady_state
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.cross_terms import production_terms
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.reservoir_rates import reservoir_rates
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.textbook.systems import maser
from loschmidt.processes.baths import Bath
from loschmidt.processes.covariance import covariance_defects, heat_split
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.local import local_generator
from loschmidt.processes.nonthermal import squeezed_dissipator, stationary_reference
from loschmidt.processes.redfield import redfield_generator
from loschmidt.processes.spectra import FlatSpectrum, OhmicSpectrum
from loschmidt.processes.time_local import time_local_generator
from loschmidt.typing import ComplexMatrix, RealMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-11
_CLEARLY = 1e-3
_X = np.array([[0.0, 1.0], [1.0, 0.0]])
_LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])


def _generic(size: int, number: int) -> ComplexMatrix:
    """Return a Hermitian matrix in general position, the same at every call."""
    at = np.arange(1, size * size + 1).reshape(size, size) + 17 * number
    real, imaginary = np.cos(1.3 * at**1.5), np.sin(0.7 * at**1.5)
    matrix = real + 1j * imaginary
    return np.asarray((matrix + matrix.conj().T) / 2)


def _generic_states(size: int, count: int) -> ComplexMatrix:
    """Return full-rank states (count, d, d)."""
    roots = np.stack([_generic(size, 5 + k) for k in range(count)])
    squares = roots @ roots + 0.02 * np.eye(size)
    return np.asarray(squares / np.trace(squares, axis1=1, axis2=2).real[:, None, None])


def _between_two_baths() -> Generator:
    """Return a generic three-level system between a hot and a cold bath."""
    return davies_generator(
        np.diag([0.0, 1.0, 2.7]),
        [
            Bath("hot", 0.4, OhmicSpectrum(0.05, 5.0), _generic(3, 1)),
            Bath("cold", 2.0, OhmicSpectrum(0.05), _generic(3, 2)),
        ],
    )


def _first(process: Generator, state: ComplexMatrix) -> Ledger:
    """Return the ledger of a short evolution, whose first entries are the rates in `state`."""
    return build_ledger(evolve(process, state, [0.0, 1e-3, 2e-3]))


def _adiabatic_operator(process: Generator) -> ComplexMatrix:
    """Return K = -Σ β D†(E) - L†(ln π), whose mean is the housekeeping part."""
    values, vectors = np.linalg.eigh(steady_state(process).state)
    logarithm = (vectors * np.log(values)) @ vectors.conj().T
    operator = -process.adjoint(logarithm)
    for one in process.dissipators:
        operator = operator - (one.beta or 0.0) * one.adjoint(process.energy)
    return np.asarray((operator + operator.conj().T) / 2)


def _housekeeping() -> Computed:
    signs, misfits = [], []
    for process in (_between_two_baths(), maser(0.1)):
        settled = steady_state(process)
        betas = np.array([one.beta for one in process.dissipators], dtype=np.float64)
        signs.append(float(betas @ settled.heat_rates))
        ledger = _first(process, settled.state)
        misfits.append(abs(float(ledger["adiabatic_entropy_production_rate"][0]) + signs[-1]))
    # Away from the steady state the term in ln π must be added, and with a coherent drive the sum may be negative.
    driven = maser(0.1)
    values, vectors = np.linalg.eigh(_adiabatic_operator(driven))
    worst = 0.999 * np.outer(vectors[:, 0], vectors[:, 0].conj()) + 0.001 * np.eye(3) / 3
    ledger = _first(driven, worst)
    part, total = (float(ledger[name][0]) for name in ("adiabatic_entropy_production_rate", "entropy_production_rate"))
    davies = float(np.linalg.eigvalsh(_adiabatic_operator(_between_two_baths()))[0])
    corrected = max(signs) < -_CLEARLY and max(misfits) < _ROUND_OFF
    corrected = corrected and part < -_CLEARLY and total > _CLEARLY and davies > -_ROUND_OFF
    return Computed(
        {
            "Σ β Q̇ of a three-level system": signs[0],
            "Σ β Q̇ of the maser": signs[1],
            "lowest eigenvalue of K, Davies": davies,
            "lowest eigenvalue of K, maser": float(values[0]),
            "Σ̇_a in a state of the maser": part,
            "Σ̇ in the same state": total,
        },
        ClaimVerdict.CORRECTED if corrected else ClaimVerdict.REFUTED,
        f"With heat into the system Σ β Q̇ is {signs[0]:.4f} and {signs[1]:.4f} in two steady states: the part that "
        f"stays positive is -Σ β Q̇. It is the housekeeping part at the steady state only; elsewhere that part is "
        f"tr Kρ, which is {part:.3f} in some state of the maser where Σ̇ = {total:.3f}.",
    )


def _most_general() -> Computed:
    process = _between_two_baths()
    settled = steady_state(process)
    at_rest = _first(process, settled.state)
    relaxing = float(at_rest["nonadiabatic_entropy_production_rate"][0])
    total = float(at_rest["entropy_production_rate"][0])
    elsewhere = [
        float(_first(process, state)["nonadiabatic_entropy_production_rate"][0]) for state in _generic_states(3, 3)
    ]
    good = min(elsewhere) > _CLEARLY and abs(relaxing) < _ROUND_OFF < _CLEARLY < total
    return Computed(
        {
            "-dS(ρ‖π)/dt away from π": elsewhere,
            "-dS(ρ‖π)/dt at π": relaxing,
            "entropy production at π": total,
        },
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"-dS(ρ‖π)/dt is at least {min(elsewhere):.3f} in three generic states, but {relaxing:.0e} in the steady "
        f"state, where heat from hot to cold produces {total:.4f}: it is the non-adiabatic part, the whole is "
        f"Ṡ - Σ β Q̇.",
    )


def _spohn() -> Computed:
    lowest = math.inf
    for number in range(3):
        jumps = jump_dissipator("any", [_generic(3, 2 * number) @ _generic(3, 9), _generic(3, number + 3)], [0.3, 0.2])
        process = gkls_generator(_generic(3, number), [jumps])
        for state in _generic_states(3, 2):
            lowest = min(lowest, float(_first(process, state)["nonadiabatic_entropy_production_rate"][0]))
    backwards = -float(_first(_reversed_damping(), np.diag([0.7, 0.3]))["nonadiabatic_entropy_production_rate"][0])
    good = lowest > _CLEARLY and backwards > _CLEARLY
    return Computed(
        {"smallest rate": lowest, "rate with negative rates": -backwards},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In six generic pairs of state and GKLS generator it is at least {lowest:.3f}; with the rates reversed in "
        f"sign it is {-backwards:.3f}.",
    )


def _reversed_damping() -> Generator:
    rates = jump_dissipator("odd", [_LOWER, _LOWER.T], [-0.3, -0.1], beta=math.log(3), negative_rates=True)
    return gkls_generator(np.diag([0.0, 1.0]), [rates])


def _local() -> Computed:
    z, one = np.diag([1.0, -1.0]), np.eye(2)
    free = np.kron(z, one) + 0.5 * np.kron(one, z)
    lower = _LOWER.T  # the first level is the upper one here
    full = free + 0.1 * (np.kron(lower, lower.T) + np.kron(lower.T, lower))
    baths = [
        Bath("hot", 1 / 1.2, FlatSpectrum(0.02), np.kron(_X, one)),
        Bath("cold", 1.0, FlatSpectrum(0.02), np.kron(one, _X)),
    ]
    sums, heats, power = [], [], 0.0
    for energy in (full, free):
        settled = steady_state(local_generator(full, baths, free_hamiltonian=free, energy=energy))
        heats.append(float(settled.heat_rates[0]))
        sums.append(-float(settled.heat_rates @ [1 / 1.2, 1.0]))
        power = settled.switching_power
    corrected = sums[0] < -1e-6 and heats[0] < 0 < sums[1]
    return Computed(
        {
            "heat from the hotter bath": heats[0],
            "-Σ β Q̇ with the full Hamiltonian": sums[0],
            "-Σ β Q̇ with the free Hamiltonian": sums[1],
            "switching power": power,
        },
        ClaimVerdict.CORRECTED if corrected else ClaimVerdict.REPRODUCED,
        f"Two coupled qubits with local baths: measured by the full Hamiltonian, heat flows to the hotter bath and "
        f"-Σ β Q̇ = {sums[0]:.2e}; by the free one, whose Gibbs state each bath keeps, it is {sums[1]:.2e}, paid by a "
        f"switching power of {power:.2e}.",
    )


def _squeezed_bath() -> Generator:
    bath = squeezed_dissipator("squeezed", _LOWER, 0.2, beta=1.0, frequency=1.0, squeezing=0.6)
    return gkls_generator(np.zeros((2, 2)), [bath], energy=np.diag([0.0, 1.0]))


def _squeezed() -> Computed:
    process = _squeezed_bath()
    found = reservoir_rates(process, _generic_states(2, 6))
    at_rest = reservoir_rates(process, stationary_reference(process.dissipators[0]))
    diagonal = reservoir_rates(process, np.stack([np.diag([1 - p, p]) for p in np.linspace(0.1, 0.45, 15)]))
    clausius = float(diagonal.thermal.min())
    relaxing, kept = float(at_rest.information[0, 0]), float(at_rest.reservoir[0, 0])
    lowest = min(float(found.information.min()), float(found.reservoir.min()))
    good = lowest > 0 and clausius < -_CLEARLY and abs(relaxing) < _ROUND_OFF and kept > _CLEARLY
    return Computed(
        {
            "smallest of both productions": lowest,
            "smallest Ṡ - β Q̇": clausius,
            "-dS(ρ‖π)/dt at π": relaxing,
            "reservoir's production at π": kept,
        },
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"-dS(ρ‖π)/dt replaces Ṡ - β Q̇, which falls to {clausius:.3f}, and is positive; but it is the non-adiabatic "
        f"part: at π it is {relaxing:.0e}, while the reservoir still produces {kept:.3f}.",
    )


def _covariance() -> Computed:
    squeezed, davies = covariance_defects(_squeezed_bath()), covariance_defects(_between_two_baths())
    good = davies.time_translation < _ROUND_OFF and davies.dephasing < _ROUND_OFF
    converse = squeezed.dephasing < _ROUND_OFF and squeezed.time_translation > _CLEARLY
    verdict = ClaimVerdict.CORRECTED if good and converse else ClaimVerdict.REFUTED
    return Computed(
        {
            "‖[D, Δ]‖ and ‖[D, 𝓗]‖, Davies": [davies.dephasing, davies.time_translation],
            "the same, squeezed bath": [squeezed.dephasing, squeezed.time_translation],
        },
        verdict,
        f"A squeezed bath commutes with Δ within {squeezed.dephasing:.0e}, but turns a coherence into its conjugate, "
        f"‖[D, 𝓗]‖ = {squeezed.time_translation:.2f}: covariance implies commuting with Δ, not the converse.",
    )


def _without_secular() -> Computed:
    energies = np.diag([0.0, 1.0, 1.05])
    baths = [Bath("bath", 1.0, OhmicSpectrum(0.05, 5.0), _generic(3, 6))]
    redfield, davies = redfield_generator(energies, baths), davies_generator(energies, baths)
    misfit, lowest = 0.0, math.inf
    diagonal = np.diag([0.1, 0.6, 0.3]).astype(np.complex128)
    # The bath itself makes coherence of a diagonal state; with a little of it, it makes more.
    made = redfield.dissipators[0].apply(diagonal)
    made = made - np.diag(np.diagonal(made))
    growing = diagonal + 0.06 * made / np.linalg.norm(made)
    states = np.concatenate([_generic_states(3, 3), growing[None]])
    for state in states:
        ledger = _first(redfield, state)
        parts = [
            float(ledger[name][0])
            for name in ("population_entropy_production_rate", "coherence_entropy_production_rate")
        ]
        misfit = max(misfit, abs(sum(parts) - float(ledger["entropy_production_rate"][0])))
        lowest = min(lowest, *parts)
    cross = [float(np.abs(production_terms(one, states).cross).max()) for one in (redfield, davies)]
    carried: list[RealMatrix] = [heat_split(one, states).coherences for one in (redfield, davies)]
    heats = [float(np.abs(one).max()) for one in carried]
    good = misfit < _ROUND_OFF and lowest < -_CLEARLY and min(cross[0], heats[0]) > _CLEARLY
    good = good and max(cross[1], heats[1]) < _ROUND_OFF
    return Computed(
        {
            "misfit of Π = Π_d + Υ": misfit,
            "smallest part": lowest,
            "largest cross term, Redfield and Davies": cross,
            "largest heat carried by coherence, Redfield and Davies": heats,
        },
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"Without the secular approximation Π = Π_d + Υ still holds within {misfit:.0e}; what is lost are the signs (a "
        f"part falls to {lowest:.3f}), and coherence now carries heat, up to {heats[0]:.4f}.",
    )


def _decoupled() -> Computed:
    baths = [Bath("bath", 1.0, OhmicSpectrum(0.05, 5.0), _generic(3, 4))]
    moved = {}
    for name, energies in (("separate levels", [0.0, 1.0, 1.7]), ("equal levels", [0.0, 1.0, 1.0])):
        process = davies_generator(np.diag(energies), baths)
        state = np.diag([0.3, 0.4, 0.3]).astype(np.complex128)
        coherent = state.copy()
        coherent[1, 2] = coherent[2, 1] = 0.2
        change = np.diagonal(process.apply(coherent) - process.apply(state)).real
        moved[name] = float(np.abs(change).max())
    good = moved["separate levels"] < _ROUND_OFF and moved["equal levels"] > _CLEARLY
    return Computed(
        {f"change of dp/dt by a coherence, {name}": value for name, value in moved.items()},
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"A coherence changes the rates of populations by {moved['separate levels']:.0e} between separate levels, and "
        f"by {moved['equal levels']:.4f} inside a degenerate one: the decoupling needs non-degenerate energies.",
    )


def _time_local() -> Computed:
    # An atom in a lossy cavity: its amplitude swings through zero, and then grows again.
    width, time = 0.2, 8.0
    root = np.sqrt(complex(width**2 - 2 * width))
    swing = np.cosh(root * time / 2) + width / root * np.sinh(root * time / 2)
    slope = root / 2 * np.sinh(root * time / 2) + width / 2 * np.cosh(root * time / 2) - width / 2 * swing
    envelope = math.exp(-width * time / 2)
    c, speed = float((envelope * swing).real), float((envelope * slope).real)
    phi, change = np.diag([1.0, c, c, c**2]), np.diag([0.0, speed, speed, 2 * c * speed])
    phi[0, 3], change[0, 3] = 1 - c**2, -2 * c * speed
    choi = phi.reshape(2, 2, 2, 2).transpose(1, 3, 0, 2).reshape(4, 4)
    lowest = float(np.linalg.eigvalsh(choi)[0])
    process = time_local_generator(phi, change, energy=np.diag([0.0, 1.0]), negative_rates=True)
    rate = float(process.canonical_rates()["environment"][0])
    good = lowest > -_ROUND_OFF and rate < -_CLEARLY
    return Computed(
        {"lowest Choi eigenvalue of the map": lowest, "canonical rate of its generator": rate},
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REPRODUCED,
        f"The map of an atom in a cavity is completely positive (lowest Choi eigenvalue {lowest:.0e}), but its "
        f"time-local generator has the rate {rate:.3f}: GKLS is the general form for semigroups of such maps.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "most-general-generator",
        "section on GKLS generators",
        "GKLS is the most general form of a generator of completely positive, trace-preserving maps.",
        None,
        ClaimVerdict.CORRECTED,
        _time_local,
    ),
    Claim(
        "spohn-inequality",
        "section on Spohn's inequality",
        "The relative entropy to a stationary state never grows under a GKLS evolution.",
        None,
        ClaimVerdict.REPRODUCED,
        _spohn,
    ),
    Claim(
        "spohn-is-clausius",
        "section on Spohn's inequality",
        "With heat measured by the Hamiltonian, Spohn's inequality is that of Clausius.",
        None,
        ClaimVerdict.CORRECTED,
        _local,
    ),
    Claim(
        "most-general-second-law",
        "section on Spohn's inequality",
        "-dS(ρ‖π)/dt ≥ 0 is the most general statement of the second law.",
        None,
        ClaimVerdict.CORRECTED,
        _most_general,
    ),
    Claim(
        "housekeeping-sign",
        "Equilibrium versus NESS",
        "The housekeeping part Σ β Q̇ of the entropy production stays positive, Q̇ being the heat into the system.",
        "Σ β Q̇ > 0",
        ClaimVerdict.CORRECTED,
        _housekeeping,
    ),
    Claim(
        "secular-decoupling",
        "The Role of Coherences",
        "Under the secular approximation populations evolve without the coherences.",
        None,
        ClaimVerdict.CORRECTED,
        _decoupled,
    ),
    Claim(
        "phase-covariance",
        "The Role of Coherences",
        "A phase-covariant generator is one that commutes with the dephasing Δ.",
        None,
        ClaimVerdict.CORRECTED,
        _covariance,
    ),
    Claim(
        "separation-needs-secular",
        "The Role of Coherences",
        "Without the secular approximation entropy production cannot be separated into populations and coherences.",
        None,
        ClaimVerdict.CORRECTED,
        _without_secular,
    ),
    Claim(
        "squeezed-bath",
        "Beyond Thermal Baths",
        "The entropy production of a system in a squeezed bath is -dS(ρ‖π)/dt, π being its stationary state.",
        None,
        ClaimVerdict.CORRECTED,
        _squeezed,
    ),
)
