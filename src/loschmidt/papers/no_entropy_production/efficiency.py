"""Eq. 19: the efficiency from generalised temperatures, with its sign, in a cycle of Gibbs states and in a maser."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.evolve import Evolution, evolve
from loschmidt.information import shannon_entropy
from loschmidt.ledger.entropy_split import entropy_split
from loschmidt.ledger.machine_efficiency import CycleEfficiency, cycle_efficiency, steady_machine
from loschmidt.papers.claim import Claim, ClaimValue, ClaimVerdict, Computed
from loschmidt.papers.no_entropy_production._qubits import thermal_qubit
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-9
_HOT, _COLD, _WIDE, _NARROW = 4.0, 0.5, 2.5, 1.0


def _stroke(temperature: float, frequency: float, from_temperature: float) -> Evolution:
    """Return a qubit that starts at another temperature and stays beside a bath until it has the bath's."""
    excited = 1 / (1 + math.exp(frequency / from_temperature))
    process = thermal_qubit(1.0, 1 / temperature, frequency)
    return evolve(process, np.diag([1 - excited, excited]), np.linspace(0.0, 40.0, 41))


def _temperatures(evolution: Evolution) -> tuple[list[float], float]:
    """Return T at the start and where the stroke ends, and how far the states are from Gibbs states at T(t)."""
    process = evolution.process
    assert isinstance(process, Generator)
    frequency = float(process.energy[1, 1].real)
    found = entropy_split(process, evolution.states).temperature
    moving = np.isin(found.status, ("regular", "negative"))
    populations = evolution.states[moving, 1, 1].real
    inverse = np.asarray(found.inverse_temperature)[moving]
    misfit = float(np.abs(populations - 1 / (1 + np.exp(inverse * frequency))).max())
    return [float(1 / inverse[0]), float(1 / inverse[-1])], misfit


def _otto() -> tuple[CycleEfficiency, list[list[float]], float]:
    """Return the cycle of a qubit between 4 and 0.5 with frequencies 2.5 and 1, T(t) of its strokes, and a misfit."""
    hot = _stroke(_HOT, _WIDE, _COLD * _WIDE / _NARROW)
    cold = _stroke(_COLD, _NARROW, _HOT * _NARROW / _WIDE)
    courses, changes, misfit = [], [], 0.0
    for one in (hot, cold):
        course, apart = _temperatures(one)
        courses.append(course)
        misfit = max(misfit, apart)
        first, last = (float(shannon_entropy(np.diag(state).real)) for state in one.states[[0, -1]])
        changes.append(last - first)
    return cycle_efficiency(float(hot.heat[-1, 0]), float(cold.heat[-1, 0]), changes[0], changes[1]), courses, misfit


def _signs() -> Computed:
    found, _, _ = _otto()
    misfit = abs(found.efficiency - found.from_temperatures)
    value: ClaimValue = {
        "as printed": found.printed,
        "signed": found.efficiency,
        "mean temperatures": [found.hot_temperature, found.cold_temperature],
    }
    reason = (
        f"With T dS = dQ of the system in both strokes the printed form gives {found.printed:.4f}; signed, "
        f"1 + ∮_c T dS/∮_h T dS = {found.efficiency:.4f} is 1 - {found.cold_temperature:.4f}/"
        f"{found.hot_temperature:.4f} within {misfit:.0e}."
    )
    if misfit > _ROUND_OFF or abs(found.efficiency - (1 - _NARROW / _WIDE)) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if found.printed > 1 else ClaimVerdict.REPRODUCED, reason)


def _carnot() -> Computed:
    found, courses, misfit = _otto()
    carnot = 1 - _COLD / _HOT
    below = carnot - found.efficiency
    value: ClaimValue = {"efficiency": found.efficiency, "Carnot": carnot, "T(t), hot and cold stroke": courses}
    reason = (
        f"A qubit that is in a Gibbs state at every instant, within {misfit:.0e}, with T(t) from {courses[0][0]:.4g} "
        f"to {courses[0][1]:.4g} and from {courses[1][0]:.4g} to {courses[1][1]:.4g}, works at {found.efficiency:.3f}, "
        f"not at {carnot:.3f}: T must also stay at the bath's temperature."
    )
    if misfit > _ROUND_OFF:
        return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, reason)
    return Computed(value, ClaimVerdict.CORRECTED if below > _ROUND_OFF else ClaimVerdict.REPRODUCED, reason)


def _maser(hot: float, cold: float) -> Generator:
    """Return levels g, m, e at 0, 2, 3: hot bath on g - e, cold one on m - e, and a field on g - m."""
    energies, baths = np.array([0.0, 2.0, 3.0]), []
    for name, temperature, low, rate in (("hot", hot, 0, 0.04), ("cold", cold, 1, 0.05)):
        lowering = np.zeros((3, 3))
        lowering[low, 2] = 1
        occupation = 1 / math.expm1((energies[2] - energies[low]) / temperature)
        rates = [rate * (occupation + 1), rate * occupation]
        baths.append(jump_dissipator(name, [lowering, lowering.T], rates, beta=1 / temperature))
    field = np.zeros((3, 3))
    field[0, 1] = field[1, 0] = 0.1
    return gkls_generator(field, baths, energy=np.diag(energies))


def _steady() -> Computed:
    found = steady_machine(_maser(10.0, 0.6))
    hot, cold = (float(x) for x in np.asarray(found.temperature.temperature))
    misfit = abs(found.efficiency - found.generalised_efficiency)
    ordered = 0.6 <= cold < hot <= 10.0 and bool((found.entropy_production_by_bath >= 0).all())
    good = misfit < _ROUND_OFF and ordered
    return Computed(
        {"efficiency": found.efficiency, "T of the two shares": [hot, cold], "Carnot": found.carnot_efficiency},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"A maser between 10 and 0.6 works at {found.efficiency:.4f} = 1 - {cold:.4g}/{hot:.4g} within {misfit:.0e}, "
        f"with 0.6 ≤ {cold:.4g} < {hot:.4g} ≤ 10: each bath sees a temperature between its own and the other's.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "efficiency",
        "Eq. (19)",
        "The efficiency of a cycle is 1 - ∫T_c dS_c / ∫T_h dS_h.",
        None,
        ClaimVerdict.CORRECTED,
        _signs,
    ),
    Claim(
        "carnot-in-equilibrium",
        "text to Eq. (19)",
        "The efficiency becomes Carnot's when the system is in thermal equilibrium.",
        None,
        ClaimVerdict.CORRECTED,
        _carnot,
    ),
    Claim(
        "steady-machines",
        "Eq. (19)",
        "A machine in a steady state has the efficiency 1 - T_c/T_h of the generalised temperatures.",
        None,
        ClaimVerdict.REPRODUCED,
        _steady,
    ),
)
