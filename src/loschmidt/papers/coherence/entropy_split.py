"""What populations and what coherence contribute to the rate of entropy production, Eqs. (9) to (15)."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.information import (
    gibbs_relative_entropy,
    pinching,
    relative_entropy,
    relative_entropy_of_coherence,
    shannon_entropy,
    von_neumann_entropy,
)
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.coherence._davies_equations import (
    davies_equation,
    driven_equation,
    mixed_states,
    one_ledger,
    rate_of,
    steps_along,
)
from loschmidt.papers.coherence._finite_maps import SPECTRA, generic_states
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.states.gibbs import gibbs_state
from loschmidt.typing import ComplexMatrix, RealMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_DIFFERENCES = 1e-9
_CLEARLY = 1e-3
_BETA = 0.8
_NON_DEGENERATE = ("equal gaps", "no equal gaps")
_PARTS = tuple(f"{part}entropy_production_rate" for part in ("", "population_", "coherence_"))


def _differentiated(process: Generator, state: ComplexMatrix) -> tuple[float, float, float]:
    """Return -d/dt of S(ρ‖ρ_eq), of S(Δρ‖ρ_eq) and of C(ρ)."""
    points, energy = steps_along(state, process.apply(state)), process.energy
    return (
        -rate_of(gibbs_relative_entropy(points, energy, _BETA)),
        -rate_of(gibbs_relative_entropy(pinching(points, energy), energy, _BETA)),
        -rate_of(relative_entropy_of_coherence(points, energy)),
    )


def _pauli_flows(process: Generator, state: ComplexMatrix) -> tuple[RealMatrix, RealMatrix]:
    """Return W(n|m) and W(n|m) p_m, both as [n, m]."""
    (bath,) = process.dissipators
    assert isinstance(bath, DaviesDissipator)
    rates = bath.pauli_rates()
    return rates, rates * np.diagonal(state).real


def _relative_entropy() -> Computed:
    largest = classical = distance = 0.0
    for spectrum in SPECTRA:
        energy = np.diag(SPECTRA[spectrum][0])
        states, gibbs = generic_states(len(energy)), gibbs_state(energy, _BETA)
        pinched, coherence = pinching(states, energy), relative_entropy_of_coherence(states, energy)
        whole, part = relative_entropy(states, gibbs), relative_entropy(pinched, gibbs)
        largest = max(largest, float(np.abs(whole - part - coherence).max()))
        distance = max(distance, float(np.abs(relative_entropy(states, pinched) - coherence).max()))
        if spectrum in _NON_DEGENERATE:
            populations, thermal = np.diagonal(states, axis1=1, axis2=2).real, np.diagonal(gibbs).real
            divergence = -(populations @ np.log(thermal)) - shannon_entropy(populations)
            classical = max(classical, float(np.abs(part - divergence).max()))
    # Inside a degenerate level coherence is a matter of the basis: turn the two states of energy 1 into each other.
    state, mixed = generic_states(4)[1], np.eye(4)
    mixed[1:3, 1:3] = np.array([[1, 1], [1, -1]]) / math.sqrt(2)
    by_basis = [
        float(shannon_entropy(np.diagonal(one).real) - von_neumann_entropy(one))
        for one in (state, mixed @ state @ mixed)
    ]
    good = max(largest, classical, distance) < _ROUND_OFF
    return Computed(
        {
            "misfit of S(ρ‖ρ_eq) = S(Δρ‖ρ_eq) + C(ρ)": largest,
            "misfit of S(Δρ‖ρ_eq) = Σ p ln(p/p_eq)": classical,
            "misfit of C(ρ) = S(ρ‖Δρ)": distance,
            "degenerate level, C with Δ on states, in two bases": by_basis,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"S(ρ‖ρ_eq) = Σ p ln(p/p_eq) + C(ρ) within {max(largest, classical):.0e}, for degenerate energies too if Δ "
        f"keeps whole levels; with Δ on the states of a degenerate level C depends on the basis, {by_basis[0]:.3f} or "
        f"{by_basis[1]:.3f}.",
    )


def _split() -> Computed:
    largest, parts = 0.0, [math.inf, math.inf]
    for spectrum in SPECTRA:
        process = davies_equation(spectrum, _BETA)
        for state in mixed_states(process.dimension):
            ledger = one_ledger(process, state)
            kept = [float(ledger[name][0]) for name in _PARTS]
            apart = np.abs(np.subtract(kept, _differentiated(process, state)))
            largest = max(largest, float(apart.max()), abs(kept[0] - kept[1] - kept[2]))
            parts = [min(one, found) for one, found in zip(parts, kept[1:], strict=True)]
    good = largest < _DIFFERENCES and min(parts) > _CLEARLY
    return Computed(
        {"largest misfit": largest, "smallest Π_d": parts[0], "smallest Υ": parts[1]},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In six cases Π = Π_d + Υ, each part being the rate at which its relative entropy falls, within "
        f"{largest:.0e}; Π_d is at least {parts[0]:.3f} and Υ at least {parts[1]:.3f}.",
    )


def _populations() -> Computed:
    largest, smallest, by_pair = 0.0, math.inf, 0.0
    for spectrum in _NON_DEGENERATE:
        process = davies_equation(spectrum, _BETA)
        for state in mixed_states(3):
            _, flows = _pauli_flows(process, state)
            off = ~np.eye(3, dtype=bool)
            terms = (flows - flows.T)[off] * np.log(flows[off] / flows.T[off])
            production = 0.5 * float(terms.sum())
            largest = max(largest, abs(production - _differentiated(process, state)[1]))
            resolved = one_ledger(process, state, resolve=["transition"])
            kept = resolved["population_entropy_production_rate_by_transition"].values[0]
            by_pair = max(by_pair, abs(float(kept.sum()) - production))
            smallest = min(smallest, float(terms.min()))
    good = largest < _DIFFERENCES and by_pair < _ROUND_OFF and smallest > -_ROUND_OFF
    return Computed(
        {"misfit": largest, "misfit of the sum over pairs of levels": by_pair, "smallest term": smallest},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"With the half for a sum over both orders, the formula is -dS(Δρ‖ρ_eq)/dt within {largest:.0e}, and each pair "
        f"of levels contributes {smallest:.0e} or more.",
    )


def _coherence() -> Computed:
    static = 0.0
    for spectrum in SPECTRA:
        process = davies_equation(spectrum, _BETA)
        for state in mixed_states(process.dimension):
            kept = float(one_ledger(process, state)[_PARTS[2]][0])
            static = max(static, abs(kept - _differentiated(process, state)[2]))
    driven, state = driven_equation(_BETA), mixed_states(3)[0]
    now, turning = driven.at(1.0), driven.energy_rate_at(1.0)
    kept = float(one_ledger(now, state)[_PARTS[2]][0])
    points, energies = steps_along(state, now.apply(state)), steps_along(now.energy, turning)
    lost = -rate_of([float(relative_entropy_of_coherence(*pair)) for pair in zip(points, energies, strict=True)])
    value = {"misfit with a static Hamiltonian": static, "driven, Υ": kept, "driven, -dC/dt": lost}
    reason = (
        f"Υ = -dC/dt within {static:.0e} in six cases with a static Hamiltonian; with a driven one the levels turn "
        f"against the state, and Υ = {kept:.3f} where -dC/dt = {lost:.3f}."
    )
    if static > _DIFFERENCES or kept < -_ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if abs(kept - lost) > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _zeros() -> Computed:
    process = davies_equation("no equal gaps", _BETA)
    gibbs, generic = gibbs_state(process.energy, _BETA), mixed_states(3)[0]
    # Gibbs populations with coherence, and populations far from those without.
    root = np.sqrt(gibbs)
    coherent = root @ (0.5 * np.eye(3) + 0.5) @ root
    diagonal = pinching(generic, process.energy)
    first, second = (_differentiated(process, state) for state in (coherent, diagonal))
    distances = [float(gibbs_relative_entropy(one, process.energy, _BETA)) for one in (coherent, diagonal)]
    value = {
        "Gibbs populations with coherence": {"S(ρ‖ρ_eq)": distances[0], "Π_d": first[1], "Υ": first[2]},
        "other populations without": {"S(ρ‖ρ_eq)": distances[1], "Π_d": second[1], "Υ": second[2]},
    }
    reason = (
        f"Π_d vanishes for Gibbs populations with any coherence ({abs(first[1]):.0e}, where Υ = {first[2]:.3f}) and Υ "
        f"for states without coherence whatever their populations ({abs(second[2]):.0e}, where Π_d = {second[1]:.3f})."
    )
    if min(first[2], second[1], *distances) < _CLEARLY:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    vanish = abs(first[1]) < _DIFFERENCES and abs(second[2]) < _DIFFERENCES
    return Computed(value, ClaimVerdict.CORRECTED if vanish else ClaimVerdict.REPRODUCED, reason)


def _flux() -> Computed:
    largest = felt = 0.0
    for spectrum in _NON_DEGENERATE:
        process = davies_equation(spectrum, _BETA)
        for state in mixed_states(3):
            rates, flows = _pauli_flows(process, state)
            off = ~np.eye(3, dtype=bool)
            expected = 0.5 * float(((flows - flows.T)[off] * np.log(rates[off] / rates.T[off])).sum())
            pair = (state, pinching(state, process.energy))
            fluxes = [float(one_ledger(process, one)["entropy_flux"][0]) for one in pair]
            points = steps_along(state, process.apply(state))
            energy = rate_of(np.einsum("ij,tji->t", process.energy, points).real)
            largest = max(largest, abs(fluxes[0] - expected), abs(fluxes[0] + _BETA * energy))
            felt = max(felt, abs(fluxes[0] - fluxes[1]))
    good = largest < _DIFFERENCES and felt < _ROUND_OFF
    return Computed(
        {"misfit": largest, "part of Φ due to coherence": felt},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Φ is what the rates of populations give, and -β dU/dt, within {largest:.0e}; a state without coherence has "
        f"the same flux within {felt:.0e}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "relative-entropy-split",
        "Eqs. (9)-(11)",
        "The relative entropy to the Gibbs state is that of the populations plus the relative entropy of coherence.",
        None,
        ClaimVerdict.REPRODUCED,
        _relative_entropy,
    ),
    Claim(
        "rate-split",
        "Eq. (12)",
        "The rate of entropy production is the sum of a part of populations and a part of coherence, neither negative.",
        None,
        ClaimVerdict.REPRODUCED,
        _split,
    ),
    Claim(
        "population-rate",
        "Eq. (13)",
        "The part of populations is the entropy production of their rate equation.",
        None,
        ClaimVerdict.REPRODUCED,
        _populations,
    ),
    Claim(
        "coherence-rate",
        "Eq. (14)",
        "The part of coherence is the rate at which the relative entropy of coherence falls.",
        "Υ = -dC/dt",
        ClaimVerdict.CORRECTED,
        _coherence,
    ),
    Claim(
        "zeros-of-the-parts",
        "text to Eqs. (13), (14)",
        "Either part vanishes in the Gibbs state only.",
        None,
        ClaimVerdict.CORRECTED,
        _zeros,
    ),
    Claim(
        "population-flux",
        "Eq. (15)",
        "The flux of entropy to the environment is due to populations alone.",
        None,
        ClaimVerdict.REPRODUCED,
        _flux,
    ),
)
