"""Definitions for a unitary on a system and Gibbs environments, which has all of them but those of a flow."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues, support_tolerance
from loschmidt.evolution.thermal_operations import ThermalEvolution
from loschmidt.information.entropy import gibbs_relative_entropy
from loschmidt.information.observational import observational_entropy_in_basis
from loschmidt.ledger.definitions.readings import after, difference, total
from loschmidt.ledger.definitions.table import Agreement, Reading, agreement, unavailable
from loschmidt.ledger.ledger import Ledger
from loschmidt.processes.thermal_operations import ThermalOperation
from loschmidt.processes.thermal_operations.landauer import landauer_budget_of
from loschmidt.states.gibbs import gibbs_state
from loschmidt.typing import ComplexMatrix, IntegerArray

__all__ = ["thermal_readings"]

_KEPT = 1e-9
_EPSILON = float(np.finfo(float).eps)
_TEMPERATURES = "the environments have different temperatures"
_COLD = "an environment is at T = 0"


def thermal_readings(evolution: ThermalEvolution, ledger: Ledger) -> tuple[dict[int, Reading], tuple[Agreement, ...]]:
    """Return what a thermal operation, or any unitary with Gibbs environments, says of each definition."""
    operation = evolution.operation
    beta, keeps = operation.common_beta, _keeps_gibbs_state(operation)
    joint = operation.dilation.joint_state(evolution.states[0])
    clausius = _with_infinity(after(ledger, "entropy_production", guaranteed=True))
    of_energy, drop = _by_system_energy(ledger, beta, keeps), _drop(evolution, ledger, beta, keeps)
    product = _with_infinity(_distance_from_product(evolution, ledger, joint))
    correlation = after(ledger, "mutual_information", guaranteed=True)
    interior = _entropy_of_the_whole(evolution, ledger)
    readings = {
        1: clausius,
        2: of_energy,
        3: _spohn(drop, keeps),
        4: product,
        5: drop,
        6: interior,
        7: correlation,
        8: _observational(evolution, ledger, joint),
        9: _diagonal_of_everything(evolution, ledger),
        10: _change(ledger, "diagonal_entropy"),
        11: unavailable("there are environments, so the drive is not closed"),
        12: unavailable("one unitary is no flow with a steady state"),
    }
    agreements = (
        agreement("#1 = #4", clausius, product),
        agreement("#2 = #5", of_energy, drop),
        agreement("#4 = #7 + displacement of E", product, total(correlation, _displacement(evolution, ledger))),
        agreement("#1 - #2 = β W", difference(clausius, of_energy, _COLD), _work(ledger, beta)),
        agreement("#6 = 0", interior, Reading(0.0)),
    )
    return readings, agreements


def _change(ledger: Ledger, name: str) -> Reading:
    value, error = ledger[name], ledger.error(name)
    return Reading(float(value[-1] - value[0]), float(error[-1] + error[0]))


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_system_energy(ledger: Ledger, beta: float | None, keeps: bool) -> Reading:
    if beta is None:
        return unavailable(_TEMPERATURES)
    gain, energy = after(ledger, "entropy_change"), _change(ledger, "energy")
    assert gain.value is not None
    assert energy.value is not None
    if math.isfinite(beta):
        error = gain.error + abs(beta) * energy.error
        return Reading(gain.value - beta * energy.value, error, guaranteed=keeps)
    if abs(energy.value) <= energy.error:
        return Reading(gain.value, gain.error, guaranteed=keeps)
    return Reading(-math.copysign(math.inf, energy.value), reason=f"{_COLD}: any energy counts infinitely")


def _drop(evolution: ThermalEvolution, ledger: Ledger, beta: float | None, keeps: bool) -> Reading:
    if beta is None:
        return unavailable(_TEMPERATURES)
    if "gibbs_relative_entropy" in ledger:
        distance, spread = ledger["gibbs_relative_entropy"][:, 0], ledger.error("gibbs_relative_entropy")[:, 0]
        return Reading(float(distance[0] - distance[-1]), float(spread.sum()), guaranteed=keeps)
    energy = evolution.operation.system_hamiltonian
    start, end = (float(gibbs_relative_entropy(state, energy, beta)) for state in evolution.states)
    if math.isinf(start) and math.isinf(end):
        return unavailable(f"{_COLD}: both distances are infinite")
    error = float(ledger.error("entropy").sum())
    infinite = math.isinf(start) or math.isinf(end)
    return Reading(start - end, 0.0 if infinite else error, _COLD if infinite else "", guaranteed=keeps)


def _spohn(drop: Reading, keeps: bool) -> Reading:
    if not keeps:
        return unavailable("the map moves the Gibbs state, and one unitary is no Markov process")
    if drop.value is None:
        return drop
    return Reading(drop.value, drop.error, "one step: the same as #5", guaranteed=True)


def _distance_from_product(evolution: ThermalEvolution, ledger: Ledger, joint: ComplexMatrix) -> Reading:
    """S(ρ'_SE‖ρ'_S ⊗ ρ_E), by its definition from the joint state."""
    operation, d = evolution.operation, evolution.operation.dims[0]
    values, vectors = np.linalg.eigh(evolution.states[1])
    held = values > support_tolerance(d)
    logarithm = (vectors * np.where(held, np.log(np.where(held, values, 1.0)), 0.0)) @ vectors.conj().T
    parts = joint.reshape(d, len(joint) // d, d, -1)
    own = float(np.einsum("imjm,ji->", parts, logarithm, optimize=True).real)
    populations = operation.frame.enter(joint).diagonal().real.reshape(d, -1).sum(axis=0)
    weights = operation.frame.log_populations
    empty = np.isneginf(weights)
    # The same test of what is outside, environment by environment, as that of their displacement.
    outside = np.isinf(ledger["environment_displacement"].values[-1]).any()
    given = math.inf if outside else -float(populations @ np.where(empty, 0.0, weights))
    entropy = float(entropy_of_spectrum(hermitian_eigenvalues(joint)))
    last = {ledger.axis: -1}
    error = float(ledger.error("mutual_information").isel(last))
    error += float(ledger.error("environment_displacement").isel(last).sum()) + 64 * len(joint) * _EPSILON
    return Reading(given - own - entropy, error, guaranteed=True)


def _entropy_of_the_whole(evolution: ThermalEvolution, ledger: Ledger) -> Reading:
    budget = evolution.budget
    start = float(budget.system_entropy_before) + float(np.sum(budget.environment_entropy_before))
    error = float(ledger.error("mutual_information").isel({ledger.axis: -1}))
    return Reading(float(budget.joint_entropy) - start, error, "of system and environments: S(ρ'_SE) - S(ρ_SE)")


def _observational(evolution: ThermalEvolution, ledger: Ledger, joint: ComplexMatrix) -> Reading:
    frame = evolution.operation.frame
    spectrum, vectors = np.linalg.eigh(evolution.states[1])
    others = reduce(np.kron, [one.levels.basis for one in frame.environments])
    seen: IntegerArray = np.zeros(1, dtype=np.int64)
    for one in frame.environments:
        count = int(one.levels.labels.max()) + 1
        seen = (seen[:, None] * count + one.levels.labels).reshape(-1)
    labels = (np.arange(len(spectrum))[:, None] * (int(seen.max()) + 1) + seen).reshape(-1)
    labels = np.unique(labels, return_inverse=True)[1]
    end = float(observational_entropy_in_basis(joint, np.kron(vectors, others), labels))
    budget = evolution.budget
    start = float(budget.system_entropy_before) + float(np.sum(budget.environment_entropy_before))
    error = float(ledger.error("mutual_information").isel({ledger.axis: -1}))
    alike = len(spectrum) > 1 and float(np.diff(spectrum).min()) < _KEPT
    reason = "eigenstates of ρ'_S are not unique; others give another value" if alike else ""
    return Reading(end - start, error, reason, guaranteed=True)


def _diagonal_of_everything(evolution: ThermalEvolution, ledger: Ledger) -> Reading:
    budget = evolution.budget
    # S of the locally pinched joint state, from what the budget holds of it.
    end = float(budget.joint_entropy + budget.joint_coherence + budget.degenerate_coherence)
    start = float(budget.population_entropy_before) + float(np.sum(budget.environment_entropy_before))
    error = float(ledger.error("joint_coherence")) + float(ledger.error("degenerate_coherence"))
    incoherent = float(budget.system_coherence_before) <= float(ledger.error("coherence")[0])
    return Reading(end - start, error, guaranteed=incoherent)


# ── what agreements need besides ─────────────────────────────────────────────────────────────────────────────────────


def _displacement(evolution: ThermalEvolution, ledger: Ledger) -> Reading:
    """S(ρ'_E‖ρ_E) of all environments together."""
    budget, dims = evolution.budget, evolution.operation.dims
    value = float(landauer_budget_of(budget, math.prod(dims[1:])).displacement)
    spread = ledger.error("environment_displacement").isel({ledger.axis: -1})
    return Reading(value, float(spread.sum()) + float(ledger.error("total_correlation")))


def _work(ledger: Ledger, beta: float | None) -> Reading:
    if beta is None:
        return unavailable(_TEMPERATURES)
    if math.isinf(beta):
        return unavailable(_COLD)
    work = after(ledger, "work")
    assert work.value is not None
    return Reading(beta * work.value, abs(beta) * work.error)


def _with_infinity(reading: Reading) -> Reading:
    if reading.value is None or not math.isinf(reading.value):
        return reading
    return Reading(reading.value, 0.0, f"{_COLD} and was excited", reading.guaranteed)


def _keeps_gibbs_state(operation: ThermalOperation) -> bool:
    """Return whether the Gibbs state of the system at the temperature of all environments stays as it is."""
    beta = operation.common_beta
    if beta is None:
        return False
    if operation.conserves_energy:
        return True
    state = gibbs_state(operation.system_hamiltonian, beta)
    levels = operation.frame.system
    inner, moved = (levels.to_eigenbasis(one) for one in (state, operation.channel.apply(state)))
    weights = np.sqrt(np.abs(inner.diagonal().real))
    # Relative to each population: what is little in a cold state counts as much as its logarithm.
    return bool((np.abs(moved - inner) <= _KEPT * np.outer(weights, weights)).all())
