"""Eq. 17: the temperature T dS = dQ of a system out of equilibrium, its poles, and the entropy production it hides."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import simpson

from loschmidt.evolution.evolve import evolve
from loschmidt.information import gibbs_relative_entropy
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.entropy_split import entropy_split
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.temperature_poles import temperature_poles
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.no_entropy_production._qubits import COHERENT, LOWERING, QUBIT, thermal_jumps, thermal_qubit
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-10
_CLEARLY = 1e-3
_INTEGRATED = 1e-6


def _closed_forms() -> Computed:
    misfit = 0.0
    for ground in (0.2, 0.45, 0.8):
        found = float(entropy_split(thermal_qubit(0.3), np.diag([ground, 1 - ground])).temperature.temperature)
        misfit = max(misfit, abs(found * math.log(ground / (1 - ground)) - 1))
    decay = gkls_generator(QUBIT, [jump_dissipator("vacuum", [LOWERING], [1.0])])
    for time in (0.3, 1.5):
        excited = math.exp(-time)
        found = float(entropy_split(decay, np.diag([1 - excited, excited])).temperature.temperature)
        misfit = max(misfit, abs(found * math.log(math.expm1(time)) - 1))
    change = thermal_qubit(0.3).apply(COHERENT)
    length = float(np.ptp(np.linalg.eigvalsh(COHERENT)))
    polarisation = float((COHERENT[1, 1] - COHERENT[0, 0]).real)
    slope = polarisation * 2 * change[1, 1].real + 4 * float((np.conj(COHERENT[0, 1]) * change[0, 1]).real)
    bloch = -2 * change[1, 1].real / (slope / length * math.log((1 + length) / (1 - length)))
    found = float(entropy_split(thermal_qubit(0.3), COHERENT).temperature.temperature)
    misfit = max(misfit, abs(found / bloch - 1))
    return Computed(
        {"relative misfit": misfit, "T of the coherent qubit": found},
        ClaimVerdict.REPRODUCED if misfit < _ROUND_OFF else ClaimVerdict.REFUTED,
        f"Q̇/Ṡ is the spin temperature ω/ln(p_0/p_1) of populations, ω/ln(e^γt - 1) of a decay, and the Bloch form of a "
        f"coherent qubit, within {misfit:.0e}.",
    )


def _directions(state: ComplexMatrix) -> list[float]:
    """Return T for one state that relaxes beside a thermal bath, and beside that and a noise that dephases it."""
    noise = jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.05])
    processes = (thermal_qubit(0.3, 2.0), gkls_generator(QUBIT, [thermal_jumps(0.3, 0.5), noise]))
    return [float(entropy_split(process, state).temperature.temperature) for process in processes]


def _state_function() -> Computed:
    weights = np.exp([0.0, -1.0])
    gibbs = np.diag(weights / weights.sum()).astype(np.complex128)
    here, elsewhere = _directions(gibbs), _directions(COHERENT)
    thermal = max(abs(one - 1) for one in here)
    apart = abs(elsewhere[0] - elsewhere[1])
    value = {"Gibbs state at T = 1, two directions": here, "a coherent state, the same": elsewhere}
    reason = (
        f"At a Gibbs state every direction gives its temperature within {thermal:.0e}; a coherent state has "
        f"{elsewhere[0]:.4f} beside one bath and {elsewhere[1]:.4f} beside others, so T belongs to the motion."
    )
    if thermal > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if apart > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _poles() -> Computed:
    process, times = thermal_qubit(1.0), np.linspace(0.0, 6.0, 13)
    plain = temperature_poles(evolve(process, np.diag([0.1, 0.9]), times))
    coherent = temperature_poles(evolve(process, np.array([[0.3, 0.42], [0.42, 0.7]]), times))
    found = [*plain.poles.tolist(), *coherent.poles.tolist()]
    if len(found) != 2:
        return Computed({"poles": found}, ClaimVerdict.REPRODUCED, "T stays finite.")
    settled = 1 / (1 + math.e)
    exact = math.log((0.9 - settled) / (0.5 - settled)) * math.tanh(0.5)
    misfit, excited = abs(found[0] - exact), float(coherent.pole_states[0, 1, 1].real)
    split = entropy_split(process, coherent.pole_states)
    good = misfit < _ROUND_OFF and abs(float(split.by_bath[0, 0])) < _ROUND_OFF < abs(float(split.heat_by_bath[0, 0]))
    return Computed(
        {"pole without coherence": found[0], "with coherence": found[1], "p_1 there": excited},
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"An inverted qubit that cools passes T = ±∞ at t = {found[0]:.7f}, where p_1 = 1/2; with coherence at "
        f"{found[1]:.7f}, where p_1 = {excited:.4f}. There heat flows and S stands still: β_gen and dQ are finite, "
        f"T is not.",
    )


def _other_statuses() -> Computed:
    settled = 1 / (1 + math.e)
    thermal = np.array([[1 - settled, 0.1], [0.1, settled]])
    cases = {
        "coherence decays while energy leaves": entropy_split(thermal_qubit(0.3), COHERENT),
        "thermal populations with coherence": entropy_split(thermal_qubit(0.3), thermal),
        "pure state that decays": entropy_split(thermal_qubit(0.3), [0, 1]),
        "equilibrium": entropy_split(thermal_qubit(0.3), np.diag([1 - settled, settled])),
    }
    found = {name: str(split.temperature.status) for name, split in cases.items()}
    negative = float(cases["coherence decays while energy leaves"].temperature.temperature)
    good = list(found.values()) == ["negative", "zero", "logarithmic", "undefined"] and negative < 0
    return Computed(
        {"statuses": found, "T of the first": negative},
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"T = {negative:.5f} without any inversion, where coherence decays while energy leaves; T = 0 where only "
        f"coherence decays, or a pure state is left; 0/0 in equilibrium.",
    )


def _entropy_production() -> Computed:
    process = thermal_qubit(0.3)
    split = entropy_split(process, COHERENT)
    gap = float(split.heat * (1 / split.temperature.temperature - 1))
    rate = float(split.total - split.heat)
    times = np.linspace(0.0, 60.0, 4001)
    ledger = build_ledger(evolve(process, COHERENT, times), keep_states=False)
    total = float(ledger["entropy_production"][-1])
    crossing = _heat_across_the_gap(ledger, times)
    produced = float(gibbs_relative_entropy(COHERENT, QUBIT, 1.0))
    misfit = max(abs(gap - rate), abs(total - produced) - _INTEGRATED, abs(crossing - total) - _INTEGRATED)
    value = {"Q̇(1/T - 1/T_bath)": gap, "Σ̇": rate, "∫Q̇(1/T - 1/T_bath)dt": crossing, "Σ": total}
    reason = (
        f"Q̇(1/T - 1/T_bath) = {gap:.7f} is the entropy production rate {rate:.7f} of Clausius and Spohn, and its "
        f"integral {crossing:.7f} the whole {total:.7f}: T(t) moves the production to the interface, it removes none."
    )
    if misfit > _ROUND_OFF:
        return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, reason)
    return Computed(value, ClaimVerdict.REFUTED if total > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _heat_across_the_gap(ledger: Ledger, times: RealVector) -> float:
    """Return ∫ Q̇ (β_gen - β) dt for β = 1, with nothing where no heat and no entropy flow any more."""
    heat, inverse = (ledger[name].values[:, 0] for name in ("heat_rate", "generalised_inverse_temperature_by_bath"))
    told = np.isfinite(inverse)
    return float(simpson(np.where(told, heat * (np.where(told, inverse, 0.0) - 1.0), 0.0), x=times))


def _through_the_pole() -> Computed:
    start, times = np.diag([0.1, 0.9]), np.linspace(0.0, 30.0, 6001)
    ledger = build_ledger(evolve(thermal_qubit(1.0), start, times), keep_states=False)
    crossing = _heat_across_the_gap(ledger, times)
    expected = float(gibbs_relative_entropy(start, QUBIT, 1.0))
    heat, change = float(ledger["heat"][-1, 0]), float(ledger["entropy_change"][-1])
    misfit = abs(crossing - expected)
    good = misfit < _INTEGRATED and abs(change - heat - expected) < _INTEGRATED
    return Computed(
        {"∫dQ(1/T - 1/T_bath)": crossing, "D(ρ_0‖π)": expected, "∫dQ": heat},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Through the pole ∫dQ(1/T - 1/T_bath) = {crossing:.7f} is D(ρ_0‖π) within {misfit:.0e}, integrated as "
        f"Q̇ β_gen; ∫T dS is the heat {heat:.4f}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "temperature",
        "Eq. (17)",
        "A temperature T(t) = dQ/dS can be given to a system that is not in equilibrium.",
        None,
        ClaimVerdict.REPRODUCED,
        _closed_forms,
    ),
    Claim(
        "temperature-of-the-state",
        "text to Eq. (17)",
        "T(t) is a property of the state of the system.",
        None,
        ClaimVerdict.CORRECTED,
        _state_function,
    ),
    Claim(
        "poles",
        "Eq. (17)",
        "T(t) is defined at every moment of a relaxation.",
        None,
        ClaimVerdict.CORRECTED,
        _poles,
    ),
    Claim(
        "sign-of-the-temperature",
        "Eq. (17)",
        "T(t) is a positive number.",
        None,
        ClaimVerdict.CORRECTED,
        _other_statuses,
    ),
    Claim(
        "integrals-of-the-temperature",
        "Eq. (17)",
        "Heat is ∫T dS along the whole evolution, and entropy ∫dQ/T.",
        None,
        ClaimVerdict.REPRODUCED,
        _through_the_pole,
    ),
    Claim(
        "no-entropy-production",
        "title; text to Eqs. (13), (17)",
        "A system that exchanges heat at its own temperature T(t) goes with no entropy production.",
        None,
        ClaimVerdict.REFUTED,
        _entropy_production,
    ),
)
