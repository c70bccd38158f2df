"""Statistics that grow batch by batch: means with standard errors, exponential averages, merged histograms."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from loschmidt.typing import IntegerArray, RealTensor, RealVector

__all__ = ["JumpHistogram", "RunningExponential", "RunningHistogram", "RunningMean"]

_MERGE = 1e-9
_MOST_ATOMS = 512
_BINS = 128


@dataclass(frozen=True, eq=False)
class JumpHistogram:
    """How often each value occurred.

    Attributes
    ----------
    values : (m,)
        Ascending: single values, those within 1e-9 of the largest merged into one, or centres of bins.
    counts : (m,)
        How many trajectories have each.
    width : float
        Of a bin; zero where the values are single ones.
    infinite : int
        How many trajectories have the value +inf.

    Examples
    --------
    >>> JumpHistogram(np.array([0.0, 1.0]), np.array([3, 1]), 0.0, 0).probabilities
    array([0.75, 0.25])
    """

    values: RealVector
    counts: IntegerArray
    width: float
    infinite: int

    @property
    def probabilities(self) -> RealVector:
        """Share of all trajectories (m,), the infinite ones included in their number."""
        return np.asarray(self.counts / (self.counts.sum() + self.infinite))


class RunningMean:
    """Mean and spread of samples that arrive in batches, in an order that does not matter beyond round-off."""

    def __init__(self, shape: tuple[int, ...] = ()) -> None:
        self.count = 0
        self.mean = np.zeros(shape)
        self.spread = np.zeros(shape)

    def add(self, values: RealTensor) -> None:
        """Take note of samples (n, ...)."""
        mean = values.mean(axis=0)
        self.merge(len(values), mean, ((values - mean) ** 2).sum(axis=0))

    def merge(self, count: int, mean: RealTensor, spread: RealTensor) -> None:
        """Take note of `count` samples known by their mean and their sum of squared deviations."""
        total = self.count + count
        step = mean - self.mean
        self.spread = self.spread + spread + step**2 * (self.count * count / total)
        self.mean = self.mean + step * (count / total)
        self.count = total

    @property
    def error(self) -> RealTensor:
        """Standard error of the mean; NaN for a single sample."""
        if self.count < 2:
            return np.full(np.shape(self.mean), np.nan)
        return np.asarray(np.sqrt(self.spread / (self.count * (self.count - 1))))


class RunningExponential:
    """Mean of e^{-x} with its standard error, and how many samples really carry it."""

    def __init__(self) -> None:
        self.mean = RunningMean()

    def add(self, values: RealVector) -> None:
        """Take note of samples (n,), some of which may be +inf."""
        self.mean.add(np.exp(-values))

    @property
    def effective_size(self) -> float:
        """(Σ w)² / Σ w² for the weights w = e^{-x}."""
        count, mean = self.mean.count, float(self.mean.mean)
        squares = float(self.mean.spread) + count * mean**2
        return 0.0 if squares == 0 else (count * mean) ** 2 / squares


@dataclass
class RunningHistogram:
    """Values with their counts; single values until there are too many of them, equal bins from then on."""

    values: RealVector = field(default_factory=lambda: np.zeros(0))
    counts: IntegerArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    width: float = 0.0
    infinite: int = 0

    def add(self, samples: RealVector) -> None:
        """Take note of samples (n,)."""
        finite = samples[np.isfinite(samples)]
        self.infinite += len(samples) - len(finite)
        if not len(finite):
            return
        values, counts = np.unique(finite, return_counts=True)
        self._take(np.concatenate([self.values, values]), np.concatenate([self.counts, counts]))

    def result(self) -> JumpHistogram:
        """Return what was found."""
        return JumpHistogram(self.values, self.counts, self.width, self.infinite)

    def _take(self, values: RealVector, counts: IntegerArray) -> None:
        if self.width == 0.0:
            order = np.argsort(values, kind="stable")
            values, counts = values[order], counts[order]
            gaps = np.diff(values) > _MERGE * float(np.abs(values).max())
            labels = np.concatenate([[0], np.cumsum(gaps)])
            if labels[-1] < _MOST_ATOMS:
                self.counts = np.bincount(labels, weights=counts).astype(np.int64)
                self.values = np.bincount(labels, weights=counts * (values - values[0])) / self.counts + values[0]
                return
            self.width = _bin_width(values, counts)
        # Bins are centred, so that those of values and of minus the values mirror each other.
        keys = np.floor(values / self.width + 0.5).astype(np.int64)
        kept, labels = np.unique(keys, return_inverse=True)
        self.counts = np.bincount(labels.reshape(-1), weights=counts).astype(np.int64)
        self.values = kept * self.width


def _bin_width(values: RealVector, counts: IntegerArray) -> float:
    """Return a round width that puts about a hundred bins between the first and the last percent."""
    share = np.cumsum(counts) / counts.sum()
    low, high = values[np.searchsorted(share, [0.01, 0.99])]
    span = float(high - low) if high > low else float(values[-1] - values[0])
    exponent = math.floor(math.log10(span / _BINS))
    return float(next(step * 10.0**exponent for step in (1.0, 2.0, 5.0, 10.0) if step * 10.0**exponent >= span / _BINS))
