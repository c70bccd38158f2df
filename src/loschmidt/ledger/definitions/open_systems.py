"""Definitions for a master equation, which knows its baths by their heat and temperature alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.definitions.closed_drive import closed_drive
from loschmidt.ledger.definitions.readings import after, difference
from loschmidt.ledger.definitions.table import Agreement, Reading, agreement, unavailable
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.stationary import unique_steady_state
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator

__all__ = ["open_system_readings"]

_KEPT = 1e-9
_EPSILON = float(np.finfo(float).eps)
_NO_ENVIRONMENT = "the environment is not part of a master equation"
_NO_BATH = "there is no bath"
_COLD = "a bath is at T = 0"


def open_system_readings(evolution: Evolution, ledger: Ledger) -> tuple[dict[int, Reading], tuple[Agreement, ...]]:
    """Return what a master equation says of each definition."""
    process = evolution.process
    positive, keeps = _is_positive(ledger), _keeps_gibbs_states(ledger)
    common = _common_beta(process)
    clausius = _clausius(ledger, process, guaranteed=positive and keeps)
    of_energy = _by_system_energy(ledger, process, common, guaranteed=positive and keeps)
    drop = _drop(ledger, process, common, guaranteed=positive and keeps)
    spohn = _spohn(ledger, process, guaranteed=positive)
    interior = _interior(ledger)
    drive, identity = closed_drive(evolution)
    outside = unavailable(_NO_ENVIRONMENT if process.bath_names else "there is no environment")
    collisional = f"{_NO_ENVIRONMENT}; in the limit of collisions with fresh ones it is #1"
    readings = {
        1: clausius,
        2: of_energy,
        3: spohn,
        4: unavailable(collisional) if process.bath_names else outside,
        5: drop,
        6: interior,
        7: outside,
        8: outside,
        9: outside,
        10: _pinched(ledger),
        11: drive,
        12: _several_baths(ledger, process, clausius, positive=positive),
    }
    work = _work(ledger, process, common)
    agreements = [
        agreement("#2 = #5", of_energy, drop),
        agreement("#1 - #2 = β W", difference(clausius, of_energy, _COLD), work),
        agreement("#6 = 0", interior, Reading(0.0)),
    ]
    if len(process.bath_names) == 1 and keeps and not _switches(ledger):
        agreements.insert(1, agreement("#3 = #1 for one bath", spohn, clausius))
    if identity is not None:
        agreements.append(identity)
    return readings, tuple(agreements)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _clausius(ledger: Ledger, process: Generator | DrivenGenerator, *, guaranteed: bool) -> Reading:
    if not process.bath_names:
        return unavailable(_NO_BATH)
    total, rate = after(ledger, "entropy_production"), after(ledger, "entropy_production_rate")
    if total.value is None:
        return total
    reason = "a bath at T = 0 took heat" if math.isinf(total.value) else ""
    return Reading(total.value, total.error, reason, guaranteed, rate.value, rate.error)


def _by_system_energy(
    ledger: Ledger, process: Generator | DrivenGenerator, beta: float | str, *, guaranteed: bool
) -> Reading:
    if isinstance(process, DrivenGenerator):
        return unavailable("a drive does work, so the energy of the system does not change by heat alone")
    if isinstance(beta, str):
        return unavailable(beta)
    gain, energy = after(ledger, "entropy_change"), _energy_change(ledger)
    if gain.value is None or energy.value is None:
        return gain
    if math.isfinite(beta):
        error = gain.error + abs(beta) * energy.error
        return Reading(gain.value - beta * energy.value, error, guaranteed=guaranteed and not _switches(ledger))
    if abs(energy.value) <= energy.error:
        return Reading(gain.value, gain.error)
    return Reading(-math.copysign(math.inf, energy.value), reason="at T = 0 any energy counts infinitely")


def _spohn(ledger: Ledger, process: Generator | DrivenGenerator, *, guaranteed: bool) -> Reading:
    if not process.bath_names:
        return unavailable(_NO_BATH)
    rate = after(ledger, "nonadiabatic_entropy_production_rate")
    if not isinstance(process, DrivenGenerator):
        total = after(ledger, "nonadiabatic_entropy_production")
        return Reading(total.value, total.error, total.reason, guaranteed, rate.value, rate.error)
    if process.follows and len(process.bath_names) == 1 and "entropy_production_by_bath" in ledger:
        total = after(ledger, "entropy_production")
        by_bath = ledger["entropy_production_by_bath"].isel(time=-1)
        error = float(ledger.error("entropy_production_by_bath").isel(time=-1).sum())
        reason = "with π of each moment: no difference of relative entropies"
        return Reading(float(by_bath.sum(skipna=False)), error, reason, guaranteed, rate.value, rate.error)
    reason = "under a drive the rate at each moment is known, but its integral is not kept"
    return unavailable(reason, guaranteed=guaranteed, rate=rate.value, rate_error=rate.error)


def _drop(ledger: Ledger, process: Generator | DrivenGenerator, beta: float | str, *, guaranteed: bool) -> Reading:
    if isinstance(process, DrivenGenerator) and process.energy is None:
        return unavailable("the Gibbs state moves with the Hamiltonian, so two different ones would be compared")
    if isinstance(beta, str):
        return unavailable(beta)
    if "gibbs_relative_entropy" not in ledger:
        return after(ledger, "gibbs_relative_entropy")
    distance, spread = ledger["gibbs_relative_entropy"][:, 0], ledger.error("gibbs_relative_entropy")[:, 0]
    start, end = float(distance[0]), float(distance[-1])
    if math.isinf(start) and math.isinf(end):
        return unavailable("at T = 0 both distances are infinite")
    infinite = math.isinf(start) or math.isinf(end)
    error = 0.0 if infinite else float(spread[0] + spread[-1])
    driven = isinstance(process, DrivenGenerator)
    sure = guaranteed and not driven and not _switches(ledger)
    return Reading(start - end, error, "the Gibbs state at T = 0" if infinite else "", sure)


def _interior(ledger: Ledger) -> Reading:
    name = "interior_entropy_rate"
    rate = after(ledger, name)
    if rate.value is None:
        return rate
    times = ledger.data["time"].values
    value, spread = (np.trapezoid(one.values, times) for one in (ledger[name], ledger.error(name)))
    return Reading(float(value), float(spread), rate=rate.value, rate_error=rate.error)


def _pinched(ledger: Ledger) -> Reading:
    if "diagonal_entropy" not in ledger:
        return after(ledger, "diagonal_entropy")
    value, error = ledger["diagonal_entropy"].values, ledger.error("diagonal_entropy").values
    return Reading(float(value[-1] - value[0]), float(error[-1] + error[0]))


def _several_baths(
    ledger: Ledger, process: Generator | DrivenGenerator, clausius: Reading, *, positive: bool
) -> Reading:
    if not process.bath_names:
        return unavailable(_NO_BATH)
    lowest = after(ledger, "adiabatic_operator_minimum")
    housekeeping = lowest.value is not None and lowest.value >= -lowest.error
    parts = {}
    for word, name, sure in (
        ("adiabatic", "adiabatic_entropy_production", positive and housekeeping),
        ("non-adiabatic", "nonadiabatic_entropy_production", positive),
    ):
        total, rate = after(ledger, name), after(ledger, f"{name}_rate")
        parts[word] = Reading(total.value, total.error, total.reason, sure, rate.value, rate.error)
    if not any(part.available for part in parts.values()):
        return unavailable(parts["non-adiabatic"].reason)
    if isinstance(process, Generator):
        parts["in the steady state"] = _in_the_steady_state(process, guaranteed=clausius.guaranteed)
    return Reading(
        clausius.value,
        clausius.error,
        clausius.reason,
        clausius.guaranteed,
        clausius.rate,
        clausius.rate_error,
        parts,
    )


def _in_the_steady_state(process: Generator, *, guaranteed: bool) -> Reading:
    steady = unique_steady_state(process)
    betas = [one.beta for one in process.dissipators]
    if steady is None or any(beta is None or math.isinf(beta) for beta in betas):
        return unavailable("the steady state is not unique, or a bath has no finite temperature")
    weights = np.array(betas, dtype=np.float64)
    energy = process.energy - np.trace(process.energy) / process.dimension * np.eye(process.dimension)
    rates = np.array([largest_rate(one) for one in process.dissipators])
    distance = steady.error + 16 * process.dimension * _EPSILON
    error = 2 * float(np.abs(weights) @ rates) * float(np.linalg.norm(energy)) * distance
    return Reading(None, 0.0, "a rate", guaranteed, -float(weights @ steady.heat_rates), error)


# ── what the rows need ───────────────────────────────────────────────────────────────────────────────────────────────


def _common_beta(process: Generator | DrivenGenerator) -> float | str:
    """Return the inverse temperature of all baths, or the reason why there is none."""
    betas: Sequence[float | None]
    betas = process.betas if isinstance(process, DrivenGenerator) else [one.beta for one in process.dissipators]
    if not betas:
        return _NO_BATH
    if any(beta is None for beta in betas):
        return "a bath has no temperature"
    if any(beta != betas[0] for beta in betas):
        return "the baths have different temperatures"
    potentials = [] if isinstance(process, DrivenGenerator) else [one.chemical_potential for one in process.dissipators]
    if any(one != potentials[0] for one in potentials):
        return "the baths have different chemical potentials"
    assert betas[0] is not None
    return betas[0]


def _is_positive(ledger: Ledger) -> bool:
    """Return whether the equation is known to be completely positive."""
    rates = ledger.data.get("smallest_canonical_rate")
    return rates is not None and bool(float(rates.min()) >= -_KEPT)


def _keeps_gibbs_states(ledger: Ledger) -> bool:
    defects = ledger.data.get("gibbs_fixed_point_defect")
    return defects is not None and bool(defects.size) and bool(float(defects.max()) <= _KEPT)


def _switches(ledger: Ledger) -> bool:
    return "switching_work" in ledger


def _energy_change(ledger: Ledger) -> Reading:
    """Change of energy less the chemical work, which is energy of particles and no heat."""
    value = ledger["energy"].values
    error = ledger.error("energy").values
    change, spread = float(value[-1] - value[0]), float(error[-1] + error[0])
    if "chemical_work" in ledger:
        work = after(ledger, "chemical_work")
        assert work.value is not None
        change, spread = change - work.value, spread + work.error
    return Reading(change, spread)


def _work(ledger: Ledger, process: Generator | DrivenGenerator, beta: float | str) -> Reading:
    if isinstance(beta, str):
        return unavailable(beta)
    if math.isinf(beta):
        return unavailable(_COLD)
    if not _switches(ledger):
        return Reading(0.0)
    work = after(ledger, "switching_work")
    assert work.value is not None
    return Reading(beta * work.value, abs(beta) * work.error)
