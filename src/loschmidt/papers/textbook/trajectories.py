"""The textbook's averages, run by run: heat, work and entropy production of quantum-jump trajectories."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.jumps import JumpObservation, JumpTrajectories, jump_trajectories
from loschmidt.evolution.steady import steady_state
from loschmidt.information.coherence import relative_entropy_of_coherence
from loschmidt.information.entropy import relative_entropy
from loschmidt.ledger.build import build_ledger
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.driven import DrivenGenerator, driven_generator
from loschmidt.processes.drives import driven_hamiltonian
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.spectra import OhmicSpectrum
from loschmidt.typing import ComplexMatrix, StateLike

__all__ = ["CLAIMS"]

_NEAR, _FAR = 4.5, 10.0  # standard errors
_COUNT = 20_000
_X = np.array([[0.0, 1.0], [1.0, 0.0]])
_Z = np.diag([1.0, -1.0])
_LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])
_STATE = np.array([[0.6, 0.3j], [-0.3j, 0.4]])


def _qubit() -> Generator:
    """Return a qubit between a hot and a cold bath, with some dephasing."""
    spectrum = OhmicSpectrum(0.1, 5.0)
    baths = [Bath("hot", 0.5, spectrum, _X), Bath("cold", 2.0, spectrum, _X + 0.3 * _Z)]
    return davies_generator(np.diag([0.0, 1.0]), baths)


def _stroke() -> DrivenGenerator:
    """Return a qubit swept through an avoided crossing, with baths that follow."""
    drive = driven_hamiltonian(0.5 * _X, [(_Z, lambda t: 0.15 * (t - 4))])
    spectrum = OhmicSpectrum(0.1, 5.0)
    return driven_generator(drive, [Bath("hot", 0.4, spectrum, _X), Bath("cold", 1.0, spectrum, _Z + 0.3 * _X)])


def _runs(process: Generator | DrivenGenerator, state: StateLike, stop: float, seed: int) -> JumpTrajectories:
    look = JumpObservation(states=False)
    return jump_trajectories(process, state, [0.0, stop], _COUNT, np.random.default_rng(seed), look)


def _far(mean: float, expected: float, error: float) -> float:
    """Return the distance of a mean from a number, in standard errors."""
    return abs(mean - expected) / error


def _means() -> Computed:
    resting, driven = _runs(_qubit(), [[0.5, 0.5], [0.5, 0.5]], 30.0, 1), _runs(_stroke(), _STATE, 8.0, 2)
    assert driven.work is not None
    assert driven.work_error is not None
    off = [_far(driven.work[-1], driven.evolution.work[-1], driven.work_error[-1])]
    for one in (resting, driven):
        off += list(np.abs(one.heat[-1] - one.evolution.heat[-1]) / one.heat_error[-1])
        off.append(abs(one.backaction) / one.backaction_error)
    spread = driven.backaction_error * math.sqrt(_COUNT)
    value = {
        "heat of the driven qubit": driven.heat[-1].tolist(),
        "its work": float(driven.work[-1]),
        "standard errors from the master equation": [float(x) for x in off],
        "energy moved by measurement, standard deviation": spread,
    }
    if max(off) > _NEAR:
        return Computed(value, ClaimVerdict.REFUTED, f"A mean over {_COUNT} runs misses by {max(off):.1f} errors.")
    return Computed(
        value,
        ClaimVerdict.REPRODUCED,
        f"From a superposition and under a drive that does not commute, the quanta of {_COUNT} runs and their "
        f"∫<dH/dt> average to tr(H D(ρ)) and tr(ρ dH) within {max(off):.1f} standard errors; what measurement moves "
        f"beside them, {spread:.2f} in a run, averages to zero.",
    )


def _second_law() -> Computed:
    mixed, pure = _runs(_qubit(), _STATE, 6.0, 3), _runs(_qubit(), [0.6, 0.8j], 6.0, 3)
    assert mixed.entropy is not None
    assert pure.entropy is not None
    assert mixed.records is not None
    expected = float(build_ledger(mixed.evolution)["entropy_production"][-1])
    theorem = mixed.entropy.exponential
    same = _far(mixed.entropy.production, expected, mixed.entropy.production_error)
    lost = pure.entropy.absolute_irreversibility
    falls = _far(pure.entropy.exponential.mean, 1 - lost, pure.entropy.exponential.error)
    holds = _far(theorem.mean, 1.0, theorem.error)
    value = {
        "ΔS - Σ β Q": expected,
        "mean of σ": mixed.entropy.production,
        "runs with σ < 0": float((mixed.records.entropy_production < 0).mean()),
        "mean of exp(-σ)": theorem.mean,
        "mean of exp(-σ), pure start": pure.entropy.exponential.mean,
        "λ, pure start": lost,
    }
    if max(same, holds, falls) > _NEAR:
        return Computed(value, ClaimVerdict.REFUTED, "Runs do not average to what the master equation says.")
    if _far(pure.entropy.exponential.mean, 1.0, pure.entropy.exponential.error) < _FAR:
        return Computed(value, ClaimVerdict.REPRODUCED, "The mean of exp(-σ) is one from a pure state as well.")
    return Computed(
        value,
        ClaimVerdict.CORRECTED,
        f"σ averages to ΔS - Σ β Q = {expected:.3f} within {same:.1f} standard errors although "
        f"{value['runs with σ < 0']:.0%} of the runs have σ < 0, and exp(-σ) to one within {holds:.1f}; from a pure "
        f"state it averages to 1 - λ = {1 - lost:.3f}, since the reversed process ends where no run starts with "
        f"probability λ.",
    )


def _coherence() -> Computed:
    runs = _runs(_qubit(), [[0.7, 0.4], [0.4, 0.3]], 6.0, 4)
    assert runs.entropy is not None
    energy, entropy = np.diag([0.0, 1.0]), runs.entropy
    spent = [float(relative_entropy_of_coherence(state, energy)) for state in runs.evolution.states]
    same = _far(entropy.coherence, spent[0] - spent[1], entropy.coherence_error)
    alone = _far(entropy.population_exponential.mean, 1.0, entropy.population_exponential.error)
    value = {
        "mean of σ_d": entropy.population,
        "mean of ξ": entropy.coherence,
        "C(ρ_0) - C(ρ_τ)": spent[0] - spent[1],
        "mean of exp(-σ_d)": entropy.population_exponential.mean,
    }
    if same > _NEAR or entropy.population < 0 or entropy.coherence < 0:
        return Computed(value, ClaimVerdict.REFUTED, f"The means {entropy.population:.3f} and {entropy.coherence:.3f}.")
    extra = f"; only their sum obeys a theorem, the mean of exp(-σ_d) being {entropy.population_exponential.mean:.3f}"
    return Computed(
        value,
        ClaimVerdict.REPRODUCED,
        f"With energies recorded at both ends σ = σ_d + ξ in each run, with means {entropy.population:.3f} and "
        f"{entropy.coherence:.3f}, the latter C(ρ_0) - C(ρ_τ) within {same:.1f} standard errors"
        f"{extra if alone > _FAR else ''}.",
    )


def _squeezed() -> Computed:
    n, r, rate, stop = 0.8, 0.6, 0.2, 15.0
    jump = math.cosh(r) * _LOWER + math.sinh(r) * _LOWER.T
    bath = jump_dissipator("squeezed", [jump, jump.T], [rate * (n + 1), rate * n])
    process = gkls_generator(np.zeros((2, 2)), [bath])
    state = steady_state(process).state
    runs = _runs(process, state, stop, 5)
    assert runs.entropy is not None
    away = [float(relative_entropy(one, state)) for one in runs.evolution.states]
    expected = math.log((n + 1) / n) * rate * _net_loss(jump, state, n)
    found, error = runs.entropy.production / stop, runs.entropy.production_error / stop
    value = {
        "S(ρ_0|π) - S(ρ_τ|π) from π": away[0] - away[1],
        "σ per time": found,
        "standard error": error,
        "ln((n+1)/n) times the net rate of jumps": expected,
    }
    if _far(found, expected, error) > _NEAR:
        return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"Runs produce {found:.4f} per time, not {expected:.4f}.")
    if found < _FAR * error:
        return Computed(value, ClaimVerdict.REPRODUCED, f"In its steady state the qubit produces {found:.1e} per time.")
    return Computed(
        value,
        ClaimVerdict.CORRECTED,
        f"In the steady state of a squeezed bath -dS(ρ|π)/dt vanishes, but the jumps of {_COUNT} runs give the bath "
        f"{found:.4f} ± {error:.4f} nats per time, ln((n+1)/n) for each that is not undone: {expected:.4f}.",
    )


def _net_loss(jump: ComplexMatrix, state: ComplexMatrix, n: float) -> float:
    back = jump.conj().T
    return float(((n + 1) * np.trace(back @ jump @ state) - n * np.trace(jump @ back @ state)).real)


def _housekeeping() -> Computed:
    process, stop = _qubit(), 30.0
    runs = _runs(process, steady_state(process).state, stop, 6)
    betas = np.array([0.5, 2.0])
    printed = float(betas @ runs.heat[-1]) / stop
    error = float(np.hypot(*(betas * runs.heat_error[-1]))) / stop
    expected = float(betas @ runs.evolution.heat[-1]) / stop
    value = {"Σ β Q per time": printed, "standard error": error, "from the master equation": expected}
    if _far(printed, expected, error) > _NEAR:
        return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"Runs give {printed:.4f}, not {expected:.4f}.")
    if printed > 0:
        return Computed(value, ClaimVerdict.REPRODUCED, f"Σ β Q is {printed:.4f} per time.")
    return Computed(
        value,
        ClaimVerdict.CORRECTED,
        f"Between two baths the quanta counted in {_COUNT} runs make Σ β Q = {printed:.4f} ± {error:.4f} per time, "
        f"with heat positive into the system: what keeps the steady state going is -Σ β Q.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "jumps-average",
        "Heat, Work, and the Clausius Form",
        "Heat tr(H dρ) and work tr(ρ dH) are averages, over runs in which baths take whole quanta and the drive works.",
        None,
        ClaimVerdict.REPRODUCED,
        _means,
    ),
    Claim(
        "jumps-second-law",
        "Heat, Work, and the Clausius Form",
        "Entropy production is the average of a quantity of single runs with <exp(-σ)> = 1, hence not negative.",
        1.0,
        ClaimVerdict.CORRECTED,
        _second_law,
    ),
    Claim(
        "jumps-coherence",
        "The Role of Coherences",
        "Lost coherence is a part of the entropy production of its own, beside that of the populations.",
        None,
        ClaimVerdict.REPRODUCED,
        _coherence,
    ),
    Claim(
        "jumps-squeezed",
        "Beyond Thermal Baths",
        "With a bath that is not thermal the entropy production is -dS(ρ|π)/dt, which vanishes in the steady state.",
        0.0,
        ClaimVerdict.CORRECTED,
        _squeezed,
    ),
    Claim(
        "jumps-housekeeping",
        "Equilibrium versus NESS",
        "The steady state between two baths is kept by a positive rate Σ β Q̇.",
        "Σ β Q̇ > 0",
        ClaimVerdict.CORRECTED,
        _housekeeping,
    ),
)
