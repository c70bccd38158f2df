"""The keeper of ledgers of several parts: who got which heat and entropy, and what is in their correlations."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues
from loschmidt.checks import STATE_TOLERANCE
from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.information.entropy import gibbs_relative_entropy_of
from loschmidt.ledger._part_correlations import total_correlation
from loschmidt.ledger._part_motion import PartMotion, fastest, part_motion, part_spread, width
from loschmidt.ledger._part_temperatures import add_part_temperatures
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.merge import with_accounts
from loschmidt.ledger.open_systems import keep_open_system
from loschmidt.ledger.quadrature import cumulative_integral
from loschmidt.ledger.round_off import entropy_error
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["keep_bipartite"]

_EPSILON = float(np.finfo(float).eps)
_ROUND_OFF = 1e-14
_QUADRATURE_TOLERANCE = 1e-11
_CHUNK_ELEMENTS = 2_000_000
_DRIVEN_CHUNK = 200
#: What the ledger of a closed whole keeps of the accounts of an open system.
_OF_THE_WHOLE = ("energy", "entropy", "entropy_change", "work", "drive_power", "smallest_eigenvalue", "trace_defect")
_INTEGRATED = ("integrated_part_heat_rate", "integrated_part_entropy_rate", "part_work")
_OF_THERMAL_STARTS = ("part_displacement", "exchanged_entropy")


def keep_bipartite(evolution: MultipartiteEvolution, title: str, keep_states: bool) -> Ledger:
    """Return the ledger of several parts; see :func:`~loschmidt.ledger.build.build_ledger`.

    Of the whole it has what any open system has, kept by the same keeper; if closed, what is left without baths.
    """
    system = evolution.process
    whole = _of_the_whole(evolution, keep_open_system(evolution.joint, title, (), (), keep_states, False))
    builder = LedgerBuilder("bipartite", {"time": evolution.times, "part": list(system.names)})
    speed = fastest(evolution)
    moved = part_motion(evolution, evolution.times, evolution.states, evolution.joint.error, speed)
    _add_energies(builder, evolution, moved, speed)
    entropies: RealMatrix | None = None
    if "entropy" in whole:
        entropies = _add_entropies(builder, evolution, moved)
        add_part_temperatures(builder, evolution, moved, _heat_rate_error(evolution, speed))
    else:
        builder.leave_out(
            str(whole.data.attrs.get("absent_entropy", "the state is not positive")),
            *("part_entropy", "correlation_entropy", "mutual_information", "part_entropy_rate"),
        )
    work = _add_integrals(builder, evolution, moved, speed, entropies is not None)
    _add_heats(builder, evolution, moved, work)
    _add_thermal_starts(builder, evolution, moved, entropies)
    builder.add("interaction_commutator", _commutator(evolution))
    return with_accounts(whole, builder, parts=" ".join(map(str, system.dims)), equation=system.description)


def _of_the_whole(evolution: MultipartiteEvolution, joint: Ledger) -> Ledger:
    system, data = evolution.process, joint.data
    if system.is_closed:
        kept = [name for name in (*_OF_THE_WHOLE, "state") if name in data]
        kept += [f"{name}_error" for name in kept if f"{name}_error" in data]
        data = data[kept].assign_attrs(accounts=" ".join(name for name in _OF_THE_WHOLE if name in data))
        data.attrs = {k: v for k, v in data.attrs.items() if not str(k).startswith("absent_") or "entropy" in str(k)}
    attributes = {"closed": int(system.is_closed), "energy_is_whole": int(_energy_is_whole(evolution))}
    aspects = "" if system.is_closed else "open system"
    return Ledger(data.assign_attrs(attributes, family="bipartite", aspects=aspects))


def _energy_is_whole(evolution: MultipartiteEvolution) -> bool:
    """Return whether the energy that heat from the baths refers to is the whole Hamiltonian."""
    system, energy = evolution.process, evolution.joint.process.energy
    if energy is None:
        return True
    at = evolution.times if system.is_driven else evolution.times[:1]
    total = system.free_at(at) + system.interaction_at(at)
    return bool(np.abs(total - energy).max() <= 1e-12 * np.abs(total).max())


def _add_energies(builder: LedgerBuilder, evolution: MultipartiteEvolution, moved: PartMotion, speed: float) -> None:
    system, times, error = evolution.process, evolution.times, evolution.joint.error
    builder.add("part_energy", moved.energy, _energy_error(evolution))
    coupling = system.interaction_at(times)
    mean = np.einsum("nab,nba->n", coupling, evolution.states, optimize=True).real
    size = np.linalg.norm(coupling, axis=(-2, -1))
    builder.add("coupling_energy", mean, size * (error + 4 * system.dimension * _EPSILON))
    builder.add("part_heat_rate", moved.heat_rate, _heat_rate_error(evolution, speed))


def _energy_error(evolution: MultipartiteEvolution) -> RealMatrix:
    system, columns = evolution.process, []
    for k, size in enumerate(system.dims):
        local = system.local_at(k, evolution.times)
        round_off = 4 * size * _EPSILON * np.abs(local).max(axis=(-2, -1))
        columns.append(width(local) * part_spread(evolution.joint.error, system.dimension, size) + round_off)
    return np.stack(columns, axis=-1)


def _heat_rate_error(evolution: MultipartiteEvolution, speed: float) -> RealMatrix:
    system = evolution.process
    columns = [
        width(system.local_at(k, evolution.times)) * part_spread(evolution.joint.error, system.dimension, size)
        for k, size in enumerate(system.dims)
    ]
    return 2 * speed * np.stack(columns, axis=-1)


def _add_entropies(builder: LedgerBuilder, evolution: MultipartiteEvolution, moved: PartMotion) -> RealMatrix:
    """Add entropies and correlations, and return the former (T, N)."""
    system = evolution.process
    entropies = np.stack([entropy_of_spectrum(hermitian_eigenvalues(one)) for one in moved.states], axis=-1)
    error = _entropy_errors(evolution)
    builder.add("part_entropy", entropies, error)
    correlation = total_correlation(evolution.states, system.dims)
    spread = 2 * (error.sum(axis=-1) + _joint_error(evolution))
    builder.add("mutual_information", correlation, spread)
    builder.add("correlation_entropy", -correlation, spread)
    rates = np.stack([one.error for one in moved.entropy_rates], axis=-1)
    builder.add("part_entropy_rate", moved.entropy_rate, rates)
    return entropies


def _entropy_errors(evolution: MultipartiteEvolution) -> RealMatrix:
    system = evolution.process
    return np.array(
        [
            [entropy_error(float(part_spread(error, system.dimension, size)), size) for size in system.dims]
            for error in evolution.joint.error
        ]
    )


def _joint_error(evolution: MultipartiteEvolution) -> RealVector:
    d = evolution.process.dimension
    return np.array([entropy_error(float(part_spread(error, d, d)), d) for error in evolution.joint.error])


def _add_integrals(
    builder: LedgerBuilder, evolution: MultipartiteEvolution, moved: PartMotion, speed: float, positive: bool
) -> tuple[RealMatrix, RealMatrix] | None:
    """Add what the rates integrate to, and return the work on each part (T, N) with its error."""
    joint, system, count = evolution.joint, evolution.process, len(evolution.process.dims)
    if joint.dense is None:
        builder.leave_out("the state is not known between output times", *_INTEGRATED)
        return None
    integrals, errors, lowest = _integrated(evolution, joint.dense, speed)
    entropy, heat, work, unknown = (slice(k * count, (k + 1) * count) for k in range(4))
    heat_spread = _added_up(evolution.times, _heat_rate_error(evolution, speed))
    if positive and lowest < -STATE_TOLERANCE - float(joint.error.max()):
        builder.leave_out("the state of a part is not positive between output times", "integrated_part_entropy_rate")
    elif positive:
        spread = integrals[:, unknown] + errors[:, unknown] + _entropy_errors(evolution)
        builder.add("integrated_part_entropy_rate", integrals[:, entropy], errors[:, entropy] + spread)
    builder.add("integrated_part_heat_rate", integrals[:, heat], errors[:, heat] + heat_spread)
    if system.moves_locally:
        builder.add("part_work", integrals[:, work], errors[:, work] + heat_spread)
    return integrals[:, work], errors[:, work] + heat_spread


def _integrated(
    evolution: MultipartiteEvolution, dense: Callable[[RealVector], ComplexMatrix], speed: float
) -> tuple[RealMatrix, RealMatrix, float]:
    """Return integrals (T, 4 N) of entropy rates, heat rates, powers and errors of the first, with errors (T, 4 N).

    The third value is the lowest eigenvalue of any part on the way. Where a population is as small as the error of the
    state its logarithm is not known, so that the error of a rate is large for a short time, between outputs too: it is
    integrated like the rate, and each interval counts with its own error of the state, not with that of a later one.
    """
    joint, system, count = evolution.joint, evolution.process, len(evolution.process.dims)
    chunk = _DRIVEN_CHUNK if system.is_driven else _CHUNK_ELEMENTS // system.dimension**2 + 1
    known = np.stack([joint.error[:-1], joint.error[1:]]).max(axis=0)
    lowest = [0.0]
    # Since the first time, or a span far from zero would lose digits.
    start = evolution.times[0]
    times = evolution.times - start

    def rates(elapsed: RealVector) -> RealMatrix:
        found = []
        for first in range(0, len(elapsed), chunk):
            since = elapsed[first : first + chunk]
            error = known[np.searchsorted(times[1:-1], since, side="right")]
            now = part_motion(evolution, start + since, joint.in_original_basis(dense(since)), error, speed)
            lowest.extend(float(one.lowest.min()) for one in now.entropy_rates)
            unknown = np.stack([one.error for one in now.entropy_rates], axis=-1)
            found.append(np.concatenate([now.entropy_rate, now.heat_rate, now.power, unknown], axis=-1))
        return np.concatenate(found)

    widths = [float(width(system.local_at(k, evolution.times)).max()) for k in range(count)]
    round_off = _ROUND_OFF * speed * np.array([1.0] * count + widths * 2)
    # Of an error no digits are needed: it is followed on the panels that the rates ask for.
    round_off = np.concatenate([round_off, np.full(count, np.inf)])
    tolerance = max(_QUADRATURE_TOLERANCE, 10 * float(joint.error.max()))
    return *cumulative_integral(rates, times, tolerance, speed, round_off, steps=joint.steps), min(lowest)


def _add_heats(
    builder: LedgerBuilder,
    evolution: MultipartiteEvolution,
    moved: PartMotion,
    work: tuple[RealMatrix, RealMatrix] | None,
) -> None:
    """Add Q_X: by the change of the local energy where H_X stands still, less the work of its drive where it moves."""
    system, error = evolution.process, _energy_error(evolution)
    spread = np.where(np.arange(len(error))[:, None] > 0, error + error[0], 0.0)
    if not system.moves_locally:
        builder.add("part_heat", moved.energy - moved.energy[0], spread)
    elif work is not None:
        builder.add("part_heat", moved.energy - moved.energy[0] - work[0], spread + work[1])
    else:
        builder.leave_out("the work of the local drives is not known between output times", "part_heat")


def _add_thermal_starts(
    builder: LedgerBuilder, evolution: MultipartiteEvolution, moved: PartMotion, entropies: RealMatrix | None
) -> None:
    system = evolution.process
    betas = [beta for beta in system.betas if beta is not None]
    reason = ""
    if len(betas) < len(system.names):
        reason = "not every part has a temperature"
    elif not all(math.isfinite(beta) for beta in betas):
        reason = "a part has temperature zero"
    elif system.moves_locally:
        reason = "the Hamiltonian of a part moves"
    if len(betas) == len(system.names):
        builder.add("part_inverse_temperature", betas)
    if reason or entropies is None:
        builder.leave_out(reason or "the state is not positive", *_OF_THERMAL_STARTS)
        return
    displaced = np.stack(
        [
            gibbs_relative_entropy_of(moved.states[k], entropies[:, k], system.local_at(k, 0.0), betas[k])
            for k in range(len(betas))
        ],
        axis=-1,
    )
    error = _energy_error(evolution)
    builder.add("part_displacement", displaced, _entropy_errors(evolution) + np.abs(betas) * error)
    heat = moved.energy - moved.energy[0]
    spread = np.where(np.arange(len(error))[:, None] > 0, error + error[0], 0.0)
    builder.add("exchanged_entropy", heat @ np.array(betas), spread @ np.abs(betas))


def _commutator(evolution: MultipartiteEvolution) -> float:
    """Return the largest ‖[V, Σ H_X]‖ over twice the norms of both, at any output time."""
    system = evolution.process
    at = evolution.times if system.is_driven else evolution.times[:1]
    coupling, free = system.interaction_at(at), system.free_at(at)
    moved = np.linalg.norm(coupling @ free - free @ coupling, axis=(-2, -1))
    size = 2 * np.linalg.norm(coupling, axis=(-2, -1)) * width(free)
    return float(np.where(size > 0, moved / np.where(size > 0, size, 1.0), 0.0).max())


def _added_up(times: RealVector, error: RealMatrix) -> RealMatrix:
    """Return what errors of rates (T, N) add up to over time."""
    steps = np.diff(times)[:, None] / 2
    result = np.zeros_like(error)
    result[1:] = np.cumsum(steps * (error[1:] + error[:-1]), axis=0)
    return result
