"""Trajectories drawn at random, forward and backward: for histograms of what is too large to enumerate."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.trajectories.accumulator import Accumulator
from loschmidt.evolution.trajectories.histogram import MERGE_WITHIN
from loschmidt.evolution.trajectories.statistics import TrajectoryStatistics
from loschmidt.evolution.trajectories.trajectory_list import Trajectories
from loschmidt.evolution.trajectories.two_point import TwoPointMeasurement
from loschmidt.typing import IntegerArray, RealMatrix, RealVector

__all__ = ["draw_trajectories", "sample_trajectories"]

#: Samples drawn at once; part of what a seed means, so it does not depend on the machine.
_BATCH = 2**20


def draw_trajectories(
    measurement: TwoPointMeasurement, samples: int, rng: np.random.Generator, *, backward: bool = False
) -> Trajectories:
    """Return trajectories drawn from the forward or the backward process.

    Parameters
    ----------
    measurement : TwoPointMeasurement
    samples : int
        How many, at least 1.
    rng : numpy.random.Generator
        Source of randomness.
    backward : bool
        Whether to start from ρ'_S and a fresh environment and undo the unitary. The trajectories are then described as
        the forward ones that they reverse; some of these may be impossible, see
        :attr:`~loschmidt.evolution.trajectories.trajectory_list.Trajectories.reversible`.

    Raises
    ------
    InputError
        If `samples` is not positive.

    Notes
    -----
    What has no probability is never drawn.

    Examples
    --------
    >>> from loschmidt.evolution.trajectories.two_point import two_point_measurement
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> measurement = two_point_measurement(ThermalOperation(swap, qubit, GibbsEnvironment(qubit, 1.0)), [0, 1])
    >>> draw_trajectories(measurement, 4, np.random.default_rng(1)).environment_end
    array([1, 1, 1, 1])
    """
    if samples < 1:
        raise InputError(f"`samples` must be at least 1, but it is {samples}.")
    if backward:
        drawn = draw_trajectories(measurement.reversed, samples, rng)
        return Trajectories(
            measurement,
            drawn.end,
            drawn.environment_end,
            drawn.level_end,
            drawn.start,
            drawn.environment_start,
            drawn.level_start,
        )
    initial, final = measurement.initial, measurement.final
    e = measurement.dims[1]
    uniforms = rng.random((5, samples))
    alpha = _draw(np.where(initial.occupied, initial.populations, 0.0), uniforms[0])
    mu = _draw(measurement.environment, uniforms[1])
    outcome = _draw_outcomes(measurement, alpha, mu, uniforms[2])
    beta, nu = outcome // e, outcome % e
    n = _draw_records(initial.level_given_eigenstate, alpha, uniforms[3])
    m = _draw_records(final.level_given_eigenstate, beta, uniforms[4])
    return Trajectories(measurement, alpha, mu, n, beta, nu, m)


def sample_trajectories(
    measurement: TwoPointMeasurement,
    samples: int,
    rng: np.random.Generator,
    *,
    histograms: bool = True,
    merge_within: float = MERGE_WITHIN,
) -> TrajectoryStatistics:
    """Return statistics of trajectories drawn at random, with standard errors.

    Parameters
    ----------
    measurement : TwoPointMeasurement
    samples : int
        Forward trajectories, at least 2; for the histograms as many backward ones are drawn.
    rng : numpy.random.Generator
        Source of randomness.
    histograms : bool
        Whether to keep the distributions of σ, σ_d and ξ.
    merge_within : float
        Values closer than this, in nats, are one atom.

    Returns
    -------
    TrajectoryStatistics

    Raises
    ------
    InputError
        If there are fewer than two samples.

    Notes
    -----
    Exponential averages live on rare trajectories: look at their effective samples. Where the unitary fits into memory,
    so do the exact averages of
    :func:`~loschmidt.evolution.trajectories.enumeration.enumerate_trajectories` without histograms, whose variance over
    the number of samples is the true square of the error.

    Examples
    --------
    >>> from loschmidt.evolution.trajectories.two_point import two_point_measurement
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> measurement = two_point_measurement(ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.log(3))), [0, 1])
    >>> statistics = sample_trajectories(measurement, 100, np.random.default_rng(1))
    >>> round(statistics.exponential.value, 6), round(statistics.exponential.effective_samples, 6)
    (0.25, 100.0)
    """
    if samples < 2:
        raise InputError(f"`samples` must be at least 2, or there is no standard error, but it is {samples}.")
    sums = [Accumulator(merge_within if histograms else None) for _ in range(3)]
    for first in range(0, samples, _BATCH):
        count = min(_BATCH, samples - first)
        for one, values in zip(sums, _entropies(draw_trajectories(measurement, count, rng)), strict=True):
            one.add_samples(values)
        if histograms:
            drawn = draw_trajectories(measurement, count, rng, backward=True)
            for one, values in zip(sums, _entropies(drawn.where(drawn.reversible)), strict=True):
                one.add_reversed_samples(values)
    return TrajectoryStatistics.of(
        "sampling",
        samples,
        (1.0, sums[0].infinite / samples),
        [one.sampled_average(samples) for one in sums],
        [one.sampled_exponential_average(samples) for one in sums],
        [one.histogram(samples) for one in sums],
    )


def _entropies(drawn: Trajectories) -> tuple[RealVector, RealVector, RealVector]:
    return drawn.entropy_production, drawn.population_entropy_production, drawn.coherence_entropy_production


def _draw(weights: RealVector, uniforms: RealVector) -> IntegerArray:
    """Return outcomes (k,) of probability proportional to the weights (o,), one for each uniform number in [0, 1)."""
    cumulative = np.cumsum(weights)
    # 1 - u lies in (0, 1], so that neither an outcome without weight nor one beyond the last is found.
    return np.asarray(np.searchsorted(cumulative, (1 - uniforms) * cumulative[-1], side="left"))


def _draw_records(conditional: RealMatrix, given: IntegerArray, uniforms: RealVector) -> IntegerArray:
    """Return levels (k,) drawn from the columns of `conditional` (d, d) that were found."""
    levels = np.empty(len(given), dtype=np.int64)
    for column in range(conditional.shape[1]):
        found = given == column
        levels[found] = _draw(conditional[:, column], uniforms[found])
    return levels


def _draw_outcomes(
    measurement: TwoPointMeasurement, alpha: IntegerArray, mu: IntegerArray, uniforms: RealVector
) -> IntegerArray:
    """Return outcomes β·d_E + ν (k,) of the starts α, μ (k,); each different start is evolved once."""
    e = measurement.dims[1]
    starts = alpha * e + mu
    # Small integers are sorted by counting.
    order = np.argsort(starts.astype(np.min_scalar_type(math.prod(measurement.dims))), kind="stable")
    unique, first = np.unique(starts[order], return_index=True)
    edges = [*first.tolist(), len(starts)]
    outcomes = np.empty(len(starts), dtype=np.int64)
    for group in measurement.start_groups(len(unique)):
        rows = measurement.outcome_probabilities(unique[group] // e, unique[group] % e)
        for row, at in zip(rows, group.tolist(), strict=True):
            members = order[edges[at] : edges[at + 1]]
            outcomes[members] = _draw(row, uniforms[members])
    return outcomes
