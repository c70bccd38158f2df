"""One entropy, summed over portions of trajectories: its moments, those of its exponential, and its distribution."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.trajectories.histogram import AtomCollector, TrajectoryHistogram
from loschmidt.evolution.trajectories.statistics import TrajectoryAverage
from loschmidt.typing import RealTensor, RealVector

__all__ = ["Accumulator", "Moments"]


class Moments:
    """Weight, weighted sum and squared deviations, gathered in portions without cancellation.

    Examples
    --------
    >>> moments = Moments()
    >>> moments.add(np.array([1.0, 2.0]), np.array([0.25, 0.25]))
    >>> moments.add(np.array([3.0]), np.array([0.5]))
    >>> moments.total, moments.squares
    (2.25, 0.6875)
    """

    def __init__(self) -> None:
        self.weight = self.mean = self.squares = 0.0

    def add(self, values: RealTensor, weights: RealTensor) -> None:
        """Take finite values and their weights, arrays of one shape."""
        weight = float(weights.sum())
        if weight == 0:
            return
        mean = float((weights * values).sum()) / weight
        distance, together = mean - self.mean, self.weight + weight
        self.squares += float((weights * (values - mean) ** 2).sum())
        self.squares += distance**2 * (self.weight * weight / together)
        self.mean += distance * (weight / together)
        self.weight = together

    @property
    def total(self) -> float:
        """Σ weight · value, which is the mean only if the weights add up to 1."""
        return self.weight * self.mean


class Accumulator:
    """Sums over trajectories of an entropy x, whose values may be infinite.

    Examples
    --------
    >>> sums = Accumulator(merge_within=1e-9)
    >>> sums.add(np.array([-1.0, 1.0]), np.array([0.25, 0.75]), np.array([0.75, 0.25]))
    >>> sums.add_exponential(0.75 * np.exp(-1.0) + 0.25 * np.exp(1.0), 0.75 * np.exp(-2.0) + 0.25 * np.exp(2.0))
    >>> sums.average(0.0).value, round(sums.exponential_average(0.0).value, 6)
    (0.5, 0.95548)
    """

    def __init__(self, merge_within: float | None) -> None:
        self.moments = Moments()
        self.infinite = 0.0
        self._exponential = self._square = 0.0
        self._atoms = None if merge_within is None else AtomCollector(merge_within)

    @property
    def keeps_atoms(self) -> bool:
        """Whether there will be a histogram."""
        return self._atoms is not None

    def add(self, values: RealTensor, forward: RealTensor, backward: RealTensor | None) -> None:
        """Take arrays of one shape; the backward weights may be left out where no histogram is kept."""
        infinite = np.isinf(values)
        if infinite.any():
            self.infinite += float(forward[infinite].sum())
            self.moments.add(np.where(infinite, 0.0, values), np.where(infinite, 0.0, forward))
        else:
            self.moments.add(values, forward)
        if self._atoms is not None and backward is not None:
            self._atoms.add(values, forward, backward)

    def add_samples(self, values: RealVector) -> None:
        """Take the values (k,) of forward samples, each with the weight 1, and their exponentials."""
        with np.errstate(over="ignore", under="ignore"):
            exponentials = np.exp(-values)
            self.add_exponential(exponentials.sum(), (exponentials**2).sum())
        self.add(values, np.ones(len(values)), np.zeros(len(values)))

    def add_reversed_samples(self, values: RealVector) -> None:
        """Take the values (k,) of the forward trajectories that backward samples reverse."""
        if self._atoms is not None:
            self._atoms.add(values, np.zeros(len(values)), np.ones(len(values)))

    def add_exponential(self, mean: float, square: float) -> None:
        """Take Σ P e⁻ˣ and Σ P e⁻²ˣ of a portion."""
        self._exponential += float(mean)
        self._square += float(square)

    @property
    def probability(self) -> float:
        """Sum of the forward weights."""
        return self.moments.weight + self.infinite

    def average(self, error: float, tolerance: float = 0.0) -> TrajectoryAverage:
        """Return the mean of x over an enumeration; infinite values count if more probable than `tolerance`."""
        if self.infinite > tolerance:
            return TrajectoryAverage(math.inf, math.inf, 0.0, math.inf)
        return TrajectoryAverage(self.moments.total, self.moments.squares, error, math.inf)

    def exponential_average(self, error: float) -> TrajectoryAverage:
        """Return the mean of e⁻ˣ over an enumeration."""
        return TrajectoryAverage(self._exponential, self._square - self._exponential**2, error, math.inf)

    def sampled_average(self, samples: int) -> TrajectoryAverage:
        """Return the mean of x over samples, each added with the weight 1."""
        if self.infinite > 0:
            return TrajectoryAverage(math.inf, math.inf, math.inf, samples)
        variance = self.moments.squares / (samples - 1)
        return TrajectoryAverage(self.moments.mean, variance, math.sqrt(variance / samples), samples)

    def sampled_exponential_average(self, samples: int) -> TrajectoryAverage:
        """Return the mean of e⁻ˣ over samples, of which the sums were added."""
        mean = self._exponential / samples
        variance = (self._square - samples * mean**2) / (samples - 1)
        effective = self._exponential**2 / self._square if self._square > 0 else 0.0
        return TrajectoryAverage(mean, variance, math.sqrt(abs(variance) / samples), effective)

    def histogram(self, samples: int | None = None, tolerance: float = 0.0) -> TrajectoryHistogram | None:
        """Return the distribution, if it was kept."""
        return None if self._atoms is None else self._atoms.histogram(samples, tolerance)
