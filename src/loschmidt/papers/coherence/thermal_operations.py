"""Thermal operations, Eqs. (16) to (25): what they do to populations and coherence, and the entropy they produce."""

from __future__ import annotations

import math

import numpy as np
from scipy.linalg import expm

from loschmidt.information import beta_free_energy, pinching
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.coherence._finite_maps import (
    QUBIT,
    SPECTRA,
    exchange_of_qubits,
    generic_hermitian,
    generic_operation,
    generic_states,
)
from loschmidt.processes.channels import Channel
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    channel_entropy_production,
    energy_transfer,
    entropy_budget,
    thermal_operation_from_potential,
)
from loschmidt.states import partial_trace

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_CLEARLY = 1e-3
_BETA = 0.8


def _unitary() -> Computed:
    operation = generic_operation("equal gaps", _BETA)
    total = operation.frame.total.energies
    potential = generic_hermitian(len(total), 1)
    # What is kept of V has elements between equal energies only.
    kept = potential * (operation.frame.total.labels[:, None] == operation.frame.total.labels)
    printed, meant = (expm(factor * 1.5 * (np.diag(total) + kept)) for factor in (-1.0, -1j))
    defects = [float(np.abs(one.conj().T @ one - np.eye(len(total))).max()) for one in (printed, meant)]
    difference = float(np.abs(meant - operation.unitary).max())
    value = {
        "‖U†U - 1‖ as printed": defects[0],
        "‖U†U - 1‖ with i": defects[1],
        "difference from the package": difference,
    }
    reason = (
        f"Without the imaginary unit U†U differs from 1 by {defects[0]:.1f}; with it U is unitary within "
        f"{defects[1]:.0e} and conserves energy."
    )
    if max(defects[1], difference, operation.conservation_defect) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if defects[0] > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _selection() -> Computed:
    largest, inside = 0.0, math.inf
    for spectrum in SPECTRA:
        operation = generic_operation(spectrum, _BETA)
        labels = operation.frame.total.labels
        elements = np.abs(operation.energy_unitary.reshape(len(labels), -1))
        apart = labels[:, None] != labels
        largest = max(largest, float(elements[apart].max()))
        exchanged = ~apart & ~np.eye(len(labels), dtype=bool)
        inside = min(inside, float(elements[exchanged].max()))
    good = largest < _ROUND_OFF and inside > _CLEARLY
    return Computed(
        {"largest element between different total energies": largest, "largest between equal ones": inside},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In three generic thermal operations no element between different total energies exceeds {largest:.0e}, while "
        f"states of equal total energy are connected by elements up to {inside:.2f} at least.",
    )


def _kraus() -> Computed:
    identity = image = 0.0
    for spectrum in SPECTRA:
        operation = generic_operation(spectrum, _BETA)
        operators, states = operation.dilation.kraus_operators, generic_states(operation.dims[0])
        total = np.einsum("kba,kbc->ac", operators.conj(), operators)
        identity = max(identity, float(np.abs(total - np.eye(len(total))).max()))
        images = np.einsum("kab,sbc,kdc->sad", operators, states, operators.conj(), optimize=True)
        traced = partial_trace(operation.dilation.joint_state(states), operation.dims, 0)
        image = max(image, float(np.abs(images - traced).max()))
    good = max(identity, image) < _ROUND_OFF
    return Computed(
        {"‖Σ M†M - 1‖": identity, "difference from the partial trace": image},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"The operators √q_μ ⟨ν|U|μ⟩ add up to Σ M†M = 1 within {identity:.0e} and give the partial trace of the joint "
        f"state within {image:.0e}.",
    )


def _incoherent() -> Computed:
    thermal = max(energy_transfer(generic_operation(spectrum, _BETA)).dephasing_defect for spectrum in SPECTRA)
    plus, minus = np.array([1, 1]) / math.sqrt(2), np.array([1, -1]) / math.sqrt(2)
    # It measures X and writes the result into Z: each Kraus operator takes energy states to energy states.
    read = Channel.from_kraus([np.outer([1, 0], plus), np.outer([0, 1], minus)])
    found = channel_entropy_production(read, plus, QUBIT, 0.0)
    value = {
        "thermal operations, population ↔ coherence": thermal,
        "an incoherent operation, population ↔ coherence": found.transfer.dephasing_defect,
        "its ‖Φ(ρ_β) - ρ_β‖": found.gibbs_defect,
        "its Σ_d": float(found.population_entropy_production),
    }
    reason = (
        f"Populations of thermal operations feel no coherence, within {thermal:.0e}, because they commute with "
        f"dephasing; to be incoherent is not enough: an incoherent operation that fixes the Gibbs state turns "
        f"coherence into populations with the factor {found.transfer.dephasing_defect:.2f}, and its Σ_d is "
        f"{float(found.population_entropy_production):.4f}."
    )
    if thermal > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    enough = found.transfer.dephasing_defect < _ROUND_OFF
    return Computed(value, ClaimVerdict.REPRODUCED if enough else ClaimVerdict.CORRECTED, reason)


def _populations() -> Computed:
    defects: dict[str, float] = {"difference of p' from Q p": 0.0, "column sums": 0.0, "Q p_eq - p_eq": 0.0}
    balance = 0.0
    for spectrum in ("equal gaps", "no equal gaps"):
        operation = generic_operation(spectrum, _BETA)
        transfer = energy_transfer(operation)
        states = generic_states(operation.dims[0])
        before, after = (np.diagonal(one, axis1=1, axis2=2).real for one in (states, operation.channel(states)))
        found = (np.abs(after - before @ transfer.probabilities.T).max(), transfer.normalisation_defect)
        for name, size in zip(defects, (*found, transfer.gibbs_defect(_BETA)), strict=True):
            defects[name] = max(defects[name], float(size))
        balance = max(balance, transfer.detailed_balance_defect(_BETA))
    mixing = energy_transfer(generic_operation("degenerate", _BETA)).population_mixing
    qubit = energy_transfer(exchange_of_qubits(0.7, _BETA)).detailed_balance_defect(_BETA)
    good = max(defects.values()) < _ROUND_OFF
    return Computed(
        {**defects, "detailed balance, three levels": balance, "detailed balance, qubit": qubit, "degenerate": mixing},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"p' = Q p and Q p_eq = p_eq within {max(defects.values()):.0e} without degenerate levels (with them "
        f"populations feel coherence inside a level, here up to {mixing:.2f}); detailed balance does not follow for "
        f"three levels, where it misses by {balance:.3f}.",
    )


def _coherences() -> Computed:
    apart = energy_transfer(generic_operation("no equal gaps", _BETA)).mode_mixing
    equal = energy_transfer(generic_operation("equal gaps", _BETA)).mode_mixing
    value = {"from other coherences, no equal gaps": apart, "from other coherences, equal gaps": equal}
    reason = (
        f"Each coherence has its own factor if no two gaps are equal ({apart:.0e} comes from others); with equal gaps "
        f"it takes up to {equal:.2f} of another of the same frequency."
    )
    if apart > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if equal > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _bound() -> Computed:
    margin = math.inf
    for spectrum in SPECTRA:
        for number in (1, 2, 3):
            transfer = energy_transfer(generic_operation(spectrum, _BETA, number))
            off = ~np.eye(transfer.levels.dimension, dtype=bool)
            margin = min(margin, float(transfer.bound_margin[off].min()))
    cold = energy_transfer(exchange_of_qubits(0.7, math.inf))
    tight = float(cold.bound_margin[0, 1])
    good = margin > -_ROUND_OFF and abs(tight) < _ROUND_OFF
    return Computed(
        {"smallest Q(n|n)Q(m|m) - |α|²": margin, "the same beside a qubit at T = 0": tight},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In nine generic thermal operations Q(n|n)Q(m|m) - |α|² is at least {margin:.4f}; beside a qubit at T = 0 it "
        f"is {abs(tight):.0e}: the bound is attained.",
    )


def _meaning_of_the_bound() -> Computed:
    swap = energy_transfer(exchange_of_qubits(math.pi / 2, 1.0))
    bound, kept = float(swap.retention_bound[0, 1]), abs(complex(swap.coherence_factors[0, 1]))
    # Z ⊗ Z beside an infinitely hot qubit turns the coherence by ±π/2, which averages out, and moves no population.
    hot = GibbsEnvironment(QUBIT, 0.0)
    dephasing = energy_transfer(thermal_operation_from_potential(np.diag([1.0, -1, -1, 1]), QUBIT, hot, math.pi / 4))
    stays, left = float(dephasing.retention_bound[0, 1]), abs(complex(dephasing.coherence_factors[0, 1]))
    value = {
        "swap, bound": bound,
        "swap, part kept": kept,
        "dephasing, bound": stays,
        "dephasing, part kept": left,
    }
    reason = (
        f"It bounds what is kept: a swap loses {1 - kept:.2f} of the coherence where the bound is {bound:.2f}, and "
        f"dephasing, where populations allow to keep {stays:.2f}, loses {1 - left:.2f}; the least loss is 1 - bound."
    )
    within = kept <= bound + _ROUND_OFF and left <= stays + _ROUND_OFF
    exceeded = 1 - kept > bound + _CLEARLY and 1 - left > 1 - stays + _CLEARLY
    if not within:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if exceeded else ClaimVerdict.REPRODUCED, reason)


def _production() -> Computed:
    smallest, difference, free = math.inf, 0.0, 0.0
    for spectrum in SPECTRA:
        operation = generic_operation(spectrum, _BETA)
        states = generic_states(operation.dims[0])
        budget = entropy_budget(operation, states)
        smallest = min(smallest, float(np.min(budget.entropy_production)))
        identity = budget.laws.relative_entropy
        difference = max(difference, math.inf if identity is None else float(np.abs(identity.residual).max()))
        pair = (states, operation.channel(states))
        before, after = (beta_free_energy(one, operation.system_hamiltonian, _BETA) for one in pair)
        free = max(free, float(np.abs(budget.entropy_production - (before - after)).max()))
    good = smallest > _CLEARLY and max(difference, free) < _ROUND_OFF
    return Computed(
        {"smallest Σ": smallest, "difference from the relative entropies": difference, "difference from -βΔF": free},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"ΔS - βQ, with the heat that the environment gave, is the loss of S(ρ‖ρ_β) within {difference:.0e} and -βΔF "
        f"within {free:.0e}, and at least {smallest:.3f} for nine generic cases.",
    )


def _split() -> Computed:
    parts, difference, sum_of_parts = [math.inf, math.inf], 0.0, 0.0
    for spectrum in SPECTRA:
        operation = generic_operation(spectrum, _BETA)
        states = generic_states(operation.dims[0])
        budget = entropy_budget(operation, states)
        pinched = entropy_budget(operation, pinching(states, operation.system_hamiltonian))
        both = (budget.population_entropy_production, budget.coherence_entropy_production)
        parts = [min(part, float(np.min(one))) for part, one in zip(parts, both, strict=True)]
        sum_of_parts = max(sum_of_parts, float(np.abs(budget.entropy_production - both[0] - both[1]).max()))
        identity = budget.laws.population_relative_entropy
        apart = math.inf if identity is None else float(np.abs(identity.residual).max())
        difference = max(difference, apart, float(np.abs(pinched.entropy_production - both[0]).max()))
    good = min(parts) > _CLEARLY and max(difference, sum_of_parts) < _ROUND_OFF
    return Computed(
        {"smallest Σ_d": parts[0], "smallest Ξ": parts[1], "Σ - Σ_d - Ξ": sum_of_parts, "difference": difference},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Σ = Σ_d + Ξ within {sum_of_parts:.0e}, with Σ_d ≥ {parts[0]:.3f} and Ξ ≥ {parts[1]:.3f} in nine "
        f"generic cases, degenerate levels included; Σ_d is what the state without coherence produces, within "
        f"{difference:.0e}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "unitary",
        "text before Eq. (16)",
        "System and environment evolve with the exponential of both Hamiltonians and a potential that commutes with "
        "their sum.",
        "U = e^{-(H_S + H_E + V)t}",
        ClaimVerdict.CORRECTED,
        _unitary,
    ),
    Claim(
        "selection-rule",
        "Eq. (17)",
        "The unitary connects states of equal total energy only.",
        None,
        ClaimVerdict.REPRODUCED,
        _selection,
    ),
    Claim(
        "kraus-operators",
        "Eq. (18)",
        "The map of the system has one Kraus operator for each pair of energy states of the environment.",
        None,
        ClaimVerdict.REPRODUCED,
        _kraus,
    ),
    Claim(
        "incoherent-operation",
        "text after Eq. (18)",
        "Because thermal operations are incoherent operations, populations evolve independently of coherences.",
        None,
        ClaimVerdict.CORRECTED,
        _incoherent,
    ),
    Claim(
        "population-map",
        "Eq. (19)",
        "Populations evolve with a matrix of transition probabilities that keeps the Gibbs populations.",
        None,
        ClaimVerdict.REPRODUCED,
        _populations,
    ),
    Claim(
        "coherence-factors",
        "Eq. (20)",
        "Each coherence evolves by itself, with a factor of its own.",
        None,
        ClaimVerdict.CORRECTED,
        _coherences,
    ),
    Claim(
        "coherence-bound",
        "Eq. (21)",
        "The square of the factor of a coherence is at most the product of the probabilities that both levels stay.",
        None,
        ClaimVerdict.REPRODUCED,
        _bound,
    ),
    Claim(
        "meaning-of-the-bound",
        "text to Eq. (21)",
        "The bound is the largest amount of coherence that may be lost.",
        None,
        ClaimVerdict.CORRECTED,
        _meaning_of_the_bound,
    ),
    Claim(
        "finite-entropy-production",
        "Eq. (22)",
        "The entropy production is the loss of relative entropy to the Gibbs state, ΔS - βQ, and not negative.",
        None,
        ClaimVerdict.REPRODUCED,
        _production,
    ),
    Claim(
        "finite-split",
        "Eqs. (23)-(25)",
        "It is the sum of a part of the populations and a part of the coherence, neither of them negative.",
        None,
        ClaimVerdict.REPRODUCED,
        _split,
    ),
)
