"""Conservation laws between system and environment, and the correlated coherence that was said to be positive."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt.information import pinching, relative_entropy_of_coherence, shannon_entropy, von_neumann_entropy
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.coherence._finite_maps import (
    QUBIT,
    SPECTRA,
    exchange_of_qubits,
    generic_hermitian,
    generic_operation,
    generic_states,
)
from loschmidt.processes.thermal_operations import (
    EntropyBudget,
    GibbsEnvironment,
    Identity,
    ThermalOperation,
    entropy_budget,
    thermal_operation_from_potential,
)
from loschmidt.typing import ComplexMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_CLEARLY = 1e-3
_BETA = 0.8


@dataclass(frozen=True, eq=False)
class _Case:
    """A thermal operation, three initial states, and its budget."""

    operation: ThermalOperation
    states: ComplexMatrix
    budget: EntropyBudget


def _cases() -> list[_Case]:
    cases = []
    for spectrum in SPECTRA:
        operation = generic_operation(spectrum, _BETA)
        states = generic_states(operation.dims[0])
        cases.append(_Case(operation, states, entropy_budget(operation, states)))
    return cases


def _largest(identity: Identity | None) -> float:
    return math.inf if identity is None else float(np.abs(identity.residual).max())


def _entropy() -> Computed:
    cases = _cases()
    largest = max(_largest(one.budget.laws.entropy) for one in cases)
    correlations = min(float(np.min(one.budget.mutual_information)) for one in cases)
    displacement = min(float(np.min(one.budget.environment_displacement)) for one in cases)
    system, environment = (np.diag(energies) for energies in SPECTRA["equal gaps"])
    _, other = np.linalg.eigh(generic_hermitian(len(system) * len(environment), 2))
    working = ThermalOperation(other, system, GibbsEnvironment(environment, _BETA), allow_work=True)
    budget = entropy_budget(working, generic_states(3))
    missed = _largest(budget.laws.entropy)
    by_work = abs(missed - _BETA * float(np.abs(budget.work).max()))
    good = max(largest, by_work) < _ROUND_OFF and min(correlations, displacement, missed) > _CLEARLY
    return Computed(
        {
            "largest residual": largest,
            "smallest mutual information": correlations,
            "smallest displacement": displacement,
            "residual with work": missed,
            "residual of Clausius' form with work": _largest(budget.laws.clausius),
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Both sides agree within {largest:.0e} in nine generic cases, ρ_E' being the state after; a unitary that does "
        f"work misses by β W, {missed:.2f}, and keeps to ΔS - βQ with the heat of the environment.",
    )


def _by_levels_and_by_states(coherence: bool) -> tuple[float, float]:
    """Return the largest residual with Δ on levels, and with Δ on product states, of (28) or (27)."""
    by_levels = by_states = 0.0
    for case in _cases():
        laws = case.budget.laws
        identity = laws.coherence if coherence else laws.populations
        by_levels = max(by_levels, _largest(identity))
        if case.operation.frame.system.degenerate:
            continue  # product states are not unique there
        joint = case.operation.dilation.joint_state(case.states)
        diagonal = shannon_entropy(np.diagonal(joint, axis1=1, axis2=2).real)
        left = diagonal - von_neumann_entropy(joint) if coherence else diagonal
        by_states = max(by_states, float(np.abs(left - identity.right).max()))
    return by_levels, by_states


def _pinched_law(coherence: bool, what: str) -> Computed:
    by_levels, by_states = _by_levels_and_by_states(coherence)
    value = {"residual, levels of the total energy": by_levels, "residual, product states": by_states}
    reason = (
        f"With Δ on the levels of H_S + H_E {what} within {by_levels:.0e}, degenerate H_S included; dephasing in the "
        f"product energy basis, which differs wherever total energies coincide, misses by up to {by_states:.2f}."
    )
    if by_levels > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if by_states > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _populations() -> Computed:
    return _pinched_law(False, "the entropy of populations is conserved")


def _coherence() -> Computed:
    return _pinched_law(True, "the coherence of the system becomes that of the whole")


def _production() -> Computed:
    cases = _cases()
    largest = max(_largest(one.budget.laws.coherence_production) for one in cases)
    difference = 0.0
    for case in cases:
        energy = case.operation.system_hamiltonian
        before = relative_entropy_of_coherence(case.states, energy)
        after = relative_entropy_of_coherence(case.operation.channel(case.states), energy)
        lost = case.budget.coherence_entropy_production - (before - after)
        difference = max(difference, float(np.abs(lost).max()))
    smallest = min(float(np.min(one.budget.coherence_entropy_production)) for one in cases)
    good = max(largest, difference) < _ROUND_OFF and smallest > _CLEARLY
    return Computed(
        {"largest residual": largest, "difference from -ΔC": difference, "smallest Ξ": smallest},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"The coherence that the system loses is what the whole has and the system has not, within {largest:.0e}, and "
        f"at least {smallest:.3f} in nine generic cases.",
    )


def _counterexamples() -> tuple[EntropyBudget, EntropyBudget]:
    """Return two resonant qubits, and an equally spaced qutrit that meets a qubit at T = 0."""
    qubits = entropy_budget(exchange_of_qubits(0.76, 6.0), np.sqrt([0.84, 0.16]))
    potential = np.zeros((6, 6))
    potential[1, 2] = potential[2, 1] = math.pi / 4  # |0, 1⟩ ↔ |1, 0⟩ half way
    potential[3, 4] = potential[4, 3] = math.pi / 2  # |1, 1⟩ ↔ |2, 0⟩ all the way
    cold = GibbsEnvironment(QUBIT, math.inf)
    operation = thermal_operation_from_potential(potential, np.diag([0.0, 1.0, 2.0]), cold)
    return qubits, entropy_budget(operation, np.sqrt([0.24, 0.52, 0.24]))


def _correlated_coherence() -> Computed:
    qubits, qutrit = _counterexamples()
    lowest = min(float(qubits.correlated_coherence), float(qutrit.correlated_coherence))
    generic = [one.budget for one in _cases()]
    local = min(float(np.min(one.local_correlated_coherence)) for one in (qubits, qutrit, *generic))
    residual = max(one.laws.largest_residual for one in (qubits, qutrit))
    value = {
        "two qubits, C_cc": float(qubits.correlated_coherence),
        "two qubits, Ξ": float(qubits.coherence_entropy_production),
        "two qubits, C(ρ_E')": float(qubits.environment_coherence),
        "two qubits, local version": float(qubits.local_correlated_coherence),
        "qutrit and qubit at T = 0, C_cc": float(qutrit.correlated_coherence),
        "smallest local version": local,
        "largest residual of the conservation laws": residual,
    }
    if residual > _ROUND_OFF:
        return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"The conservation laws miss by {residual:.0e}.")
    if lowest > -_CLEARLY:
        return Computed(value, ClaimVerdict.REPRODUCED, f"No negative value was found; the lowest is {lowest:.1e}.")
    return Computed(
        value,
        ClaimVerdict.REFUTED,
        f"Two resonant qubits reach {float(qubits.correlated_coherence):.5f} and a qutrit beside a cold qubit "
        f"{float(qutrit.correlated_coherence):.4f}; not negative, {local:.4f} at least, is the version with local "
        f"dephasing Δ_S ⊗ Δ_E.",
    )


def _redistribution() -> Computed:
    qubits, qutrit = _counterexamples()
    budgets = [*(one.budget for one in _cases()), qubits, qutrit]
    largest = max(_largest(one.laws.correlated_coherence) for one in budgets)
    local = max(_largest(one.laws.local_correlated_coherence) for one in budgets)
    degenerate = max(float(np.max(one.degenerate_coherence)) for one in budgets)
    exceeded = float(qubits.environment_coherence - qubits.coherence_entropy_production)
    good = max(largest, local) < _ROUND_OFF and degenerate > _CLEARLY
    return Computed(
        {
            "largest residual": largest,
            "largest residual of the local version": local,
            "largest coherence inside levels of the total energy": degenerate,
            "C(ρ_E') - Ξ of two qubits": exceeded,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Ξ = C(ρ_E') + C_cc within {largest:.0e}, and with the local version less the coherence inside levels of the "
        f"total energy, up to {degenerate:.2f}, within {local:.0e}; as C_cc may be negative, the environment can hold "
        f"more coherence than the system lost, here by {exceeded:.4f}.",
    )


def _pinched_start() -> Computed:
    """Check that nothing of the second law of populations needs coherence: the sum of (27) and (28) is unitarity."""
    largest = 0.0
    for case in _cases():
        laws = case.budget.laws
        whole = laws.populations.left - laws.coherence.left
        start = von_neumann_entropy(case.states) + case.budget.environment_entropy_before[0]
        largest = max(largest, float(np.abs(whole - start).max()))
        pinched = entropy_budget(case.operation, pinching(case.states, case.operation.system_hamiltonian))
        largest = max(largest, float(np.abs(pinched.joint_coherence).max()))
    return Computed(
        {"largest residual": largest},
        ClaimVerdict.REPRODUCED if largest < _ROUND_OFF else ClaimVerdict.REFUTED,
        f"Both laws together are S(ρ') = S(ρ_S) + S(ρ_E), and from a state without coherence the whole gets none, "
        f"within {largest:.0e}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "where-entropy-goes",
        "Eq. (26)",
        "The entropy production is how far the environment is from its Gibbs state, and the mutual information.",
        None,
        ClaimVerdict.REPRODUCED,
        _entropy,
    ),
    Claim(
        "population-conservation",
        "Eq. (27)",
        "The entropy of the populations of the whole is conserved.",
        None,
        ClaimVerdict.CORRECTED,
        _populations,
    ),
    Claim(
        "coherence-conservation",
        "Eq. (28)",
        "The coherence of the whole is what the system had at the start.",
        None,
        ClaimVerdict.CORRECTED,
        _coherence,
    ),
    Claim(
        "two-laws",
        "text to Eqs. (27), (28)",
        "Populations and coherence obey separate conservation laws, which together are the conservation of entropy.",
        None,
        ClaimVerdict.REPRODUCED,
        _pinched_start,
    ),
    Claim(
        "coherence-production",
        "Eq. (29)",
        "The coherence part of the entropy production is the coherence of the whole that the system no longer has.",
        None,
        ClaimVerdict.REPRODUCED,
        _production,
    ),
    Claim(
        "correlated-coherence",
        "Eq. (30)",
        "The coherence that is in neither part alone is not negative.",
        "C_cc ≥ 0",
        ClaimVerdict.REFUTED,
        _correlated_coherence,
    ),
    Claim(
        "coherence-redistribution",
        "Eq. (31)",
        "The coherence part of the entropy production is the coherence of the environment plus the correlated one.",
        None,
        ClaimVerdict.REPRODUCED,
        _redistribution,
    ),
)
