"""Free energy and the rate of entropy production, Eqs. (6) to (8): signs, zeros and infinities."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.steady import steady_state
from loschmidt.information import free_energy, gibbs_relative_entropy, relative_entropy
from loschmidt.ledger.reservoir_rates import reservoir_rates
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.coherence._davies_equations import (
    davies_equation,
    driven_equation,
    mixed_states,
    one_ledger,
    rate_of,
    steps_along,
    two_qubits_in_one_bath,
)
from loschmidt.papers.coherence._finite_maps import QUBIT, SPECTRA, generic_states
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.states.gibbs import gibbs_state

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_DIFFERENCES = 1e-9
_CLEARLY = 1e-3
_BETA = 0.8
_PRODUCTION = "entropy_production_rate"


def _free_energy() -> Computed:
    largest = 0.0
    for spectrum in SPECTRA:
        energy = np.diag(SPECTRA[spectrum][0])
        states, gibbs = generic_states(len(energy)), gibbs_state(energy, _BETA)
        distance = relative_entropy(states, gibbs) / _BETA
        above = free_energy(states, energy, _BETA) - free_energy(gibbs, energy, _BETA)
        largest = max(largest, float(np.abs(above - distance).max()))
    return Computed(
        {"largest misfit": largest},
        ClaimVerdict.REPRODUCED if largest < _ROUND_OFF else ClaimVerdict.REFUTED,
        f"U - TS exceeds its value in ρ_eq by T S(ρ‖ρ_eq) within {largest:.0e} for nine generic states, three of them "
        f"pure.",
    )


def _least_free_energy() -> Computed:
    excess = math.inf
    for spectrum in SPECTRA:
        energy = np.diag(SPECTRA[spectrum][0])
        gibbs = gibbs_state(energy, _BETA)
        # Close to equilibrium too, where the excess is of second order.
        near = gibbs + 0.05 * (generic_states(len(energy)) - gibbs)
        least = free_energy(gibbs, energy, _BETA)
        above = np.concatenate([free_energy(one, energy, _BETA) - least for one in (generic_states(len(energy)), near)])
        excess = min(excess, float(above.min()))
    ground = np.diag([0.0, 0.0, 1.0])
    states = np.stack([np.diag([1.0, 0.0, 0.0]), np.diag([0.5, 0.5, 0.0]), np.pad(np.full((2, 2), 0.5), (0, 1))])
    cold = free_energy(states, ground, math.inf)
    spread = float(np.ptp(cold))
    value = {"smallest F - F_eq at T > 0": excess, "F of three states at T = 0": cold.tolist()}
    reason = (
        f"At T > 0 every one of 18 states has more than F_eq, by {excess:.0e} at least; at T = 0, where F is the "
        f"energy, all states of a degenerate ground level have the least one, within {spread:.0e}."
    )
    if excess < _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if spread < _ROUND_OFF else ClaimVerdict.REPRODUCED, reason)


def _static_misfits() -> tuple[float, float]:
    """Return the largest misfits of Π = -β dF/dt and of Π = -dS(ρ‖ρ_eq)/dt for static Hamiltonians."""
    misfits = [0.0, 0.0]
    for spectrum in SPECTRA:
        process = davies_equation(spectrum, _BETA)
        energy = process.energy
        for state in mixed_states(process.dimension):
            production = float(one_ledger(process, state)[_PRODUCTION][0])
            points = steps_along(state, process.apply(state))
            free = rate_of(free_energy(points, energy, _BETA))
            distance = rate_of(gibbs_relative_entropy(points, energy, _BETA))
            for which, rate in enumerate((_BETA * free, distance)):
                misfits[which] = max(misfits[which], abs(production + rate))
    return misfits[0], misfits[1]


def _from_free_energy() -> Computed:
    static = max(_static_misfits())
    driven, time = driven_equation(_BETA), 1.0
    now, turning = driven.at(time), driven.energy_rate_at(time)
    state = mixed_states(3)[0]
    production = float(one_ledger(now, state)[_PRODUCTION][0])
    power = float(np.einsum("ij,ji->", turning, state).real)
    points, energies = steps_along(state, now.apply(state)), steps_along(now.energy, turning)
    free = rate_of(free_energy(points, energies, _BETA))
    missed, with_work = production + _BETA * free, production - _BETA * (power - free)
    value = {
        "misfit with a static Hamiltonian": static,
        "driven, Π": production,
        "driven, -β dF/dt": -_BETA * free,
        "driven, β(dW/dt - dF/dt)": _BETA * (power - free),
    }
    reason = (
        f"Π = -β dF/dt = -dS(ρ‖ρ_eq)/dt within {static:.0e} in six cases with a static Hamiltonian; with a driven one "
        f"it misses by {abs(missed):.3f}, and Π = β(dW/dt - dF/dt) holds within {abs(with_work):.0e}."
    )
    if max(static, abs(with_work)) > _DIFFERENCES:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if abs(missed) > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _sign() -> Computed:
    smallest, steepest = math.inf, -math.inf
    for spectrum in SPECTRA:
        process = davies_equation(spectrum, _BETA)
        for state in mixed_states(process.dimension):
            smallest = min(smallest, float(one_ledger(process, state)[_PRODUCTION][0]))
            states = evolve(process, state, np.linspace(0.0, 10.0, 21)).states
            distances = gibbs_relative_entropy(states, process.energy, _BETA)
            steepest = max(steepest, float(np.diff(distances).max()))
    # What makes it so is detailed balance: a bath that excites as often as it damps has no temperature of 1/β.
    flips = [[[0.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]]]
    unbalanced = gkls_generator(QUBIT, [jump_dissipator("bath", flips, [1.0, 1.0], beta=_BETA)])
    broken = float(one_ledger(unbalanced, gibbs_state(QUBIT, 0.3))[_PRODUCTION][0])
    good = smallest > _CLEARLY and steepest < 0 and broken < -_CLEARLY
    return Computed(
        {
            "smallest Π": smallest,
            "largest change of S(ρ‖ρ_eq) in a step": steepest,
            "Π without detailed balance": broken,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In six generic cases Π is at least {smallest:.3f} and S(ρ‖ρ_eq) falls in each of 20 steps; without detailed "
        f"balance Π would be {broken:.3f}.",
    )


def _zero() -> Computed:
    generic = math.inf
    for spectrum in SPECTRA:
        process = davies_equation(spectrum, _BETA)
        states = np.concatenate([steady_state(process).state[None], mixed_states(process.dimension)])
        at_rest, *away = reservoir_rates(process, states).thermal[:, 0].tolist()
        generic = min(generic, *away) if abs(at_rest) < _ROUND_OFF else -math.inf
    collective = two_qubits_in_one_bath(_BETA)
    start = np.diag([0.0, 0.0, 1.0, 0.0])  # one qubit excited: half of it is the dark singlet
    settled = steady_state(collective, start)
    rate = float(reservoir_rates(collective, settled.state).thermal[0, 0])
    distance = float(gibbs_relative_entropy(settled.state, collective.energy, _BETA))
    value = {
        "smallest Π of generic couplings": generic,
        "two qubits, Π in the state they settle in": rate,
        "two qubits, S(ρ‖ρ_eq) there": distance,
        "two qubits, stationary operators": settled.multiplicity,
    }
    reason = (
        f"With a unique steady state Π vanishes in ρ_eq only ({generic:.3f} at least elsewhere); two qubits that one "
        f"bath feels as one settle with Π = {abs(rate):.0e} in a state with S(ρ‖ρ_eq) = {distance:.4f}."
    )
    if generic < _CLEARLY or abs(rate) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if distance > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _infinite() -> Computed:
    process = davies_equation("no equal gaps", _BETA)
    pure, mixed = generic_states(3)[:2]
    ledger = one_ledger(process, pure, until=3.0)
    at_start, total = float(ledger[_PRODUCTION][0]), float(ledger["entropy_production"][-1])
    before, after = (float(gibbs_relative_entropy(one, process.energy, _BETA)) for one in ledger["state"].values)
    lost = before - after
    cold = one_ledger(davies_equation("no equal gaps", math.inf), mixed)
    emitting, kept = float(cold[_PRODUCTION][0]), float(cold["coherence_entropy_production_rate"][0])
    finite = math.isfinite(at_start) and math.isfinite(emitting)
    value = {
        "Π in a pure state is infinite": math.isinf(at_start),
        "Σ from there until t = 3": total,
        "loss of S(ρ‖ρ_eq) until then": lost,
        "Π at T = 0 is infinite": math.isinf(emitting),
        "Υ at T = 0": kept,
    }
    reason = (
        f"In a pure state Π is infinite, although what is produced until t = 3 is {total:.4f}, the loss of S(ρ‖ρ_eq) "
        f"within {abs(total - lost):.0e}; at T = 0 it is infinite in a mixed state that emits, and only the part of "
        f"coherence, {kept:.3f}, is left."
    )
    if abs(total - lost) > _DIFFERENCES or not math.isfinite(kept) or min(at_start, emitting, kept) < 0:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.REPRODUCED if finite else ClaimVerdict.CORRECTED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "free-energy",
        "Eqs. (6), (7)",
        "The free energy out of equilibrium, U - TS, exceeds F_eq by T times the relative entropy to the Gibbs state.",
        None,
        ClaimVerdict.REPRODUCED,
        _free_energy,
    ),
    Claim(
        "least-free-energy",
        "text to Eq. (7)",
        "The free energy is least in the Gibbs state and nowhere else.",
        None,
        ClaimVerdict.CORRECTED,
        _least_free_energy,
    ),
    Claim(
        "production-from-free-energy",
        "Eq. (8)",
        "The rate of entropy production is -β times the rate of change of the free energy.",
        "Π = -β dF/dt",
        ClaimVerdict.CORRECTED,
        _from_free_energy,
    ),
    Claim(
        "production-sign",
        "text to Eqs. (1), (8)",
        "The rate of entropy production is not negative, because a Davies equation brings every state closer to the "
        "Gibbs state.",
        None,
        ClaimVerdict.REPRODUCED,
        _sign,
    ),
    Claim(
        "production-zero",
        "text to Eqs. (1), (8)",
        "The rate of entropy production vanishes in the Gibbs state only.",
        None,
        ClaimVerdict.CORRECTED,
        _zero,
    ),
    Claim(
        "production-finite",
        "text to Eqs. (1), (8)",
        "Every state has a rate of entropy production, a number Π ≥ 0.",
        None,
        ClaimVerdict.CORRECTED,
        _infinite,
    ),
)
