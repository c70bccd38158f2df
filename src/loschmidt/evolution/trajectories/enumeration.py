"""Every trajectory, exactly: what a quantity does not depend on is summed before its values are listed.

There are (d_S d_E)² transitions (α, μ) → (β, ν), and d_S² times as many trajectories with the levels n and m. But σ
does not depend on n and m, σ_d not on α and β, and ξ not on μ and ν. So the cost is that of the transitions, which are
made in chunks from the unitary.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.entropies import support_tolerance
from loschmidt.evolution.memory import require_memory
from loschmidt.evolution.trajectories.accumulator import Accumulator
from loschmidt.evolution.trajectories.histogram import MERGE_WITHIN
from loschmidt.evolution.trajectories.measured_state import MeasuredState
from loschmidt.evolution.trajectories.statistics import TrajectoryStatistics
from loschmidt.evolution.trajectories.two_point import TwoPointMeasurement
from loschmidt.typing import IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["enumerate_trajectories", "enumeration_bytes"]

_ATOM = 120  # bytes at most: sorted copies of value, forward and backward, of two histograms
_OVERHEAD = 200e6  # chunks, and the interpreter


def enumerate_trajectories(
    measurement: TwoPointMeasurement,
    *,
    histograms: bool = True,
    merge_within: float = MERGE_WITHIN,
    memory_limit: float | None = None,
) -> TrajectoryStatistics:
    """Return the exact statistics of all two-point-measurement trajectories.

    Parameters
    ----------
    measurement : TwoPointMeasurement
    histograms : bool
        Whether to keep the distributions of σ, σ_d and ξ, which is what takes memory.
    merge_within : float
        Values closer than this, in nats, are one atom.
    memory_limit : float, optional
        In bytes; default what is free.

    Returns
    -------
    TrajectoryStatistics

    Raises
    ------
    ResourceError
        If the histograms would not fit, with the estimate and what to do.

    Notes
    -----
    :cite:t:`santos2019`, Eqs. (39), (43) and (44). Transition probabilities up to 1e-28 are round-off and left out, and
    so is what starts or ends in the kernel of a state. A probability of σ = ∞ of up to 8 d_S d_E ε counts as none.

    Examples
    --------
    >>> from loschmidt.evolution.trajectories.two_point import two_point_measurement
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> reset = ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.log(3)))
    >>> statistics = enumerate_trajectories(two_point_measurement(reset, [0, 1]))
    >>> round(statistics.entropy_production.value, 6), round(statistics.exponential.value, 6)
    (1.386294, 0.25)
    """
    transitions, trajectories = measurement.count_events()
    if histograms:
        _check_memory(measurement, transitions, memory_limit)
    total, population, coherence = (Accumulator(merge_within if histograms else None) for _ in range(3))
    ends = _Ends.of(measurement)
    passed = np.zeros((2, *ends.records.shape))
    for states in measurement.chunks():
        probabilities = measurement.transition_probabilities(states)
        inside = probabilities * ends.occupied[:, None, :, None]
        passed += _without_environment(measurement, states, inside)
        _add(total, measurement, states, (inside * ends.p[:, None], None), (ends.log_p, ends.log_p_end))
        summed = _between(ends.records_end, probabilities, ends.records * ends.p)
        backward = _between(ends.records_end * ends.p_end, inside, ends.records) if histograms else None
        _add(population, measurement, states, (summed, backward), (ends.log_level, ends.log_level_end))
    _add_coherence(coherence, ends, passed)
    tolerance = support_tolerance(math.prod(measurement.dims))
    sums = (total, population, coherence)
    mean_error, *errors = _errors(measurement, sums)
    return TrajectoryStatistics.of(
        "enumeration",
        trajectories,
        (total.probability, total.infinite),
        [one.average(mean_error, tolerance) for one in sums],
        [one.exponential_average(error) for one, error in zip(sums, errors, strict=True)],
        [one.histogram(None, tolerance) for one in sums],
    )


def enumeration_bytes(transitions: int, system_dimension: int = 1) -> float:
    """Return how much memory the histograms of that many transitions take at most, when no two values agree.

    There are at most (d_S d_E)² of them; energy conservation and pure states leave fewer, see
    :meth:`~loschmidt.evolution.trajectories.two_point.TwoPointMeasurement.count_events`.

    Examples
    --------
    >>> round(enumeration_bytes(10_000_000) / 1e9, 1)
    1.4
    """
    return _OVERHEAD + _ATOM * (float(transitions) + float(system_dimension) ** 4)


@dataclass(frozen=True, eq=False)
class _Ends:
    """Weights and logarithms of both ends; kernels have the weight 0, and the logarithm 0, which then has no effect."""

    p: RealVector
    p_end: RealVector
    log_p: RealVector
    log_p_end: RealVector
    log_level: RealVector
    log_level_end: RealVector
    records: RealMatrix
    records_end: RealMatrix
    occupied: RealMatrix

    @classmethod
    def of(cls, measurement: TwoPointMeasurement) -> _Ends:
        p, log_p, log_level, records = _end(measurement.initial)
        p_end, log_p_end, log_level_end, records_end = _end(measurement.final)
        occupied = np.outer(measurement.final.occupied, measurement.initial.occupied).astype(np.float64)
        return cls(p, p_end, log_p, log_p_end, log_level, log_level_end, records, records_end, occupied)


def _end(state: MeasuredState) -> tuple[RealVector, RealVector, RealVector, RealMatrix]:
    """Return p_α, ln p_α, ln p_n and p_{n|α} of what is occupied."""
    levels = state.occupied_levels
    return (
        np.where(state.occupied, state.populations, 0.0),
        np.where(state.occupied, state.log_populations, 0.0),
        np.where(levels, state.log_level_populations, 0.0),
        state.level_given_eigenstate * levels[:, None],
    )


def _add(
    sums: Accumulator,
    measurement: TwoPointMeasurement,
    states: IntegerArray,
    weights: tuple[RealTensor, RealTensor | None],
    logarithms: tuple[RealVector, RealVector],
) -> None:
    """Add x = ln(p q_μ / p' q_ν), transitions (d_S, d_E, d_S, k) from states μ, weighted with all of P_F but q_μ."""
    transitions, backward = weights
    difference = logarithms[0] - logarithms[1][:, None]
    log_q, q = measurement.log_environment, measurement.environment
    with np.errstate(over="ignore", under="ignore"):  # a variance may exceed all numbers, and a population all accuracy
        ratios = np.exp(2 * log_q[:, None] - log_q[states])
    # The environment's part is multiplied last: q_μ may be too small for a number while q_ν / q_μ · q_μ is not.
    once = np.einsum("bvak,ba->vk", transitions, np.exp(-difference))
    twice = np.einsum("bvak,ba->vk", transitions, np.exp(-2 * difference))
    happens = twice > 0
    sums.add_exponential(q @ once.sum(axis=1), (twice[happens] * ratios[happens]).sum())
    if sums.keeps_atoms and backward is None:
        backward = transitions * np.exp(-difference)[:, None, :, None]
    values = difference[:, None, :, None] + (log_q[states] - log_q[:, None])[:, None, :]
    sums.add(values, transitions * q[states], None if backward is None else backward * q[:, None, None])


def _between(end: RealMatrix, transitions: RealTensor, start: RealMatrix) -> RealTensor:
    """Return Σ end_{mβ} T(βν|αμ) start_{nα} (d_S, d_E, d_S, k), axes m, ν, n, μ."""
    d, e, _, k = transitions.shape
    left = (end @ transitions.reshape(d, -1)).reshape(d * e, d, k)
    return np.asarray((start @ left).reshape(d, e, d, k))


def _without_environment(measurement: TwoPointMeasurement, states: IntegerArray, transitions: RealTensor) -> RealTensor:
    """Return Σ T q_μ and Σ T q_ν (2, d_S, d_S), axes β and α, over the environment."""
    q = measurement.environment
    forward = (transitions @ q[states]).sum(axis=1)
    backward = np.einsum("bva,v->ba", transitions.sum(axis=3), q)
    return np.stack([forward, backward])


def _add_coherence(sums: Accumulator, ends: _Ends, passed: RealTensor) -> None:
    """Add ξ, of which the environment knows nothing: level m by level, axes n, β, α."""
    before = ends.log_p - ends.log_level[:, None]
    for log_level, record in zip(ends.log_level_end, ends.records_end, strict=True):
        values = before[:, None, :] + (log_level - ends.log_p_end)[:, None]
        records = ends.records[:, None, :] * record[:, None]
        forward = records * passed[0] * ends.p
        exponentials = np.where(forward > 0, np.exp(-values), 0.0)
        sums.add_exponential((forward * exponentials).sum(), (forward * exponentials**2).sum())
        sums.add(values, forward, records * passed[1] * ends.p_end[:, None])


def _errors(measurement: TwoPointMeasurement, sums: tuple[Accumulator, Accumulator, Accumulator]) -> list[float]:
    """Return bounds of round-off: of the means, and of the three exponential averages."""
    d, e = measurement.dims
    round_off = 16 * float(np.finfo(float).eps) * (d + math.sqrt(d * e))
    occupied = measurement.environment_occupied
    logarithms = np.where(occupied, measurement.log_environment, 0.0)
    size = abs(sums[0].moments.mean) + 2 * float(measurement.environment @ np.abs(logarithms))
    # What divides by the population of a level, known up to ε, does so with the relative accuracy of that.
    levels = [1.0, *(_smallest_level(one) for one in (measurement.initial, measurement.final))]
    sizes = [one.exponential_average(0.0).value / level for one, level in zip(sums, levels, strict=True)]
    return [round_off * (1 + size) for size in (size, *sizes)]


def _smallest_level(state: MeasuredState) -> float:
    return float(state.level_populations[state.occupied_levels].min())


def _check_memory(measurement: TwoPointMeasurement, transitions: int, limit: float | None) -> None:
    d, e = measurement.dims
    require_memory(
        enumeration_bytes(transitions, d),
        f"Histograms of {transitions:.3g} transitions between {d} × {e} states",
        "Pass histograms=False, which keeps the exact averages, or draw the histograms with `sample_trajectories`.",
        limit,
    )
