"""Distributions with finitely many values: equal ones are merged into atoms, forward and backward side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt.errors import InputError
from loschmidt.typing import RealArray, RealTensor, RealVector

__all__ = ["MERGE_WITHIN", "AtomCollector", "TrajectoryHistogram"]

#: Values closer than this, in nats, are one atom.
MERGE_WITHIN = 1e-9

_EPSILON = float(np.finfo(float).eps)
_PENDING = 2**21  # atoms that wait before they are merged


@dataclass(frozen=True, eq=False)
class TrajectoryHistogram:
    """Distribution of an entropy over trajectories.

    Attributes
    ----------
    values : (k,)
        Ascending, in nats; the last may be ``inf``.
    forward : (k,)
        Probability of each value in the forward process, or the fraction of samples.
    backward : (k,)
        Probability of minus that value in the backward process, of trajectories that have a forward one.
    samples : int or None
        How many forward and how many backward trajectories were drawn; None if the distribution is exact.
    reach : float
        Values closer than this to their neighbour were merged, in nats.

    Examples
    --------
    >>> values = np.log([1 / 3, 3])
    >>> fair = TrajectoryHistogram(values, np.array([0.25, 0.75]), np.array([0.75, 0.25]), None, 1e-9)
    >>> float(fair.mean.round(6)), float(fair.detailed_defect.round(12))
    (0.549306, 0.0)
    """

    values: RealVector
    forward: RealVector
    backward: RealVector
    samples: int | None
    reach: float

    @property
    def mean(self) -> RealArray:
        """Σ value · forward probability, in nats; values merged over `reach` make it less exact than that."""
        mean: RealArray = (self.values * self.forward).sum()
        return mean

    @property
    def forward_error(self) -> RealVector:
        """Standard errors (k,) of `forward`, zero if it is exact."""
        return self._standard_error(self.forward)

    @property
    def backward_error(self) -> RealVector:
        """Standard errors (k,) of `backward`, zero if it is exact."""
        return self._standard_error(self.backward)

    @property
    def detailed_defect(self) -> RealArray:
        r"""How far the distribution is from P_F(x) = eˣ P_B(-x): zero if it holds, at most 2.

        .. math:: \sum_x\left|P_F(x) - \frac{P_F(x) + P_B(-x)}{1 + e^{-x}}\right|

        The theorem says that an observer who is shown x and not the direction of time believes in the forward one with
        the probability 1/(1 + e⁻ˣ) :cite:p:`bennett1976`. Other than the ratio this weighs no rare trajectory heavily.
        """
        defect: RealArray = np.abs(self.forward - (self.forward + self.backward) * self._belief).sum()
        return defect

    @property
    def detailed_error(self) -> RealArray:
        """Standard error of the terms of `detailed_defect`, added up; what merging and round-off do if it is exact."""
        both = self.forward + self.backward
        # Given how often x was seen at all, the number of forward trajectories among them is binomial.
        spread = 0.0 if self.samples is None else np.sqrt(both * self._belief * (1 - self._belief) / self.samples).sum()
        error: RealArray = spread + both.sum() * (self.reach / 4 + 64 * _EPSILON)
        return error

    def binned(self, edges: RealVector) -> tuple[RealVector, RealVector]:
        """Return forward and backward probability (b,) between edges (b + 1,); what lies outside is left out.

        Raises
        ------
        InputError
            If the edges do not increase.

        Examples
        --------
        >>> atoms = TrajectoryHistogram(np.array([0.1, 0.2, 0.7]), np.full(3, 0.25), np.zeros(3), None, 1e-9)
        >>> atoms.binned(np.array([0.0, 0.5, 1.0]))[0]
        array([0.5 , 0.25])
        """
        if np.ndim(edges) != 1 or len(edges) < 2 or not (np.diff(edges) > 0).all():
            raise InputError("`edges` must be a vector of at least two numbers that increase.")
        finite = np.isfinite(self.values)
        forward, _ = np.histogram(self.values[finite], edges, weights=self.forward[finite])
        backward, _ = np.histogram(self.values[finite], edges, weights=self.backward[finite])
        return forward, backward

    @property
    def _belief(self) -> RealVector:
        with np.errstate(over="ignore", under="ignore"):  # certainty
            return np.asarray(1 / (1 + np.exp(-self.values)))

    def _standard_error(self, fractions: RealVector) -> RealVector:
        if self.samples is None:
            return np.zeros(len(fractions))
        return np.asarray(np.sqrt(fractions * (1 - fractions) / self.samples))


class AtomCollector:
    """Takes values with their probabilities in any order and portions, and merges equal ones.

    Examples
    --------
    >>> collector = AtomCollector(1e-9)
    >>> collector.add(np.array([0.3, 0.1 + 0.2]), np.array([0.5, 0.25]), np.zeros(2))
    >>> collector.histogram().forward
    array([0.75])
    """

    def __init__(self, merge_within: float) -> None:
        self._merge_within = merge_within
        self._atoms: list[tuple[RealVector, RealVector, RealVector]] = []
        self._pending = 0
        self._allowed: float = _PENDING

    def add(self, values: RealTensor, forward: RealTensor, backward: RealTensor) -> None:
        """Take arrays of one shape; a value without any probability is dropped."""
        seen = (forward > 0) | (backward > 0)
        self._atoms.append((values[seen], forward[seen], backward[seen]))
        self._pending += len(self._atoms[-1][0])
        if self._pending > self._allowed:
            self._merge()

    def histogram(self, samples: int | None = None, tolerance: float = 0.0) -> TrajectoryHistogram:
        """Return what was collected: probabilities, or numbers of that many samples.

        A value ``inf`` of no more probability than `tolerance` is left out.
        """
        self._merge()
        values, forward, backward = self._atoms[0]
        if len(values) and math.isinf(values[-1]) and not forward[-1] > tolerance:
            values, forward, backward = values[:-1], forward[:-1], backward[:-1]
        if samples is not None:
            forward, backward = forward / samples, backward / samples
        return TrajectoryHistogram(values, forward, backward, samples, self._reach(values))

    def _reach(self, values: RealVector) -> float:
        largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
        return max(self._merge_within, 64 * _EPSILON * largest)

    def _merge(self) -> None:
        columns = [np.concatenate(column) for column in zip(*self._atoms, strict=True)] or [np.zeros(0)] * 3
        self._atoms.clear()
        given, merged = len(columns[0]), _merged(columns, self._reach(columns[0]))
        self._atoms.append(merged)
        # Where hardly any two values agree, sorting again and again would gain nothing.
        self._pending, self._allowed = 0, math.inf if 2 * len(merged[0]) > given else max(_PENDING, len(merged[0]))


def _merged(columns: list[RealVector], reach: float) -> tuple[RealVector, RealVector, RealVector]:
    """Return sorted values with those in one that are at most `reach` from their neighbour; `columns` is used up."""
    if len(columns[0]) == 0:
        return columns[0], columns[1], columns[2]
    order = np.argsort(columns[0])
    values = columns[0][order]
    with np.errstate(invalid="ignore"):  # inf - inf is no gap
        starts = np.concatenate([[0], np.nonzero(np.diff(values) > reach)[0] + 1])
    forward, backward = columns[1][order], columns[2][order]
    columns.clear()
    if len(starts) == len(values):
        return values, forward, backward
    # Distances from the first of each group, so that a group of equal numbers keeps exactly that number.
    first = np.repeat(values[starts], np.diff(starts, append=len(values)))
    distances = np.where(np.isfinite(values), values, 0.0) - np.where(np.isfinite(first), first, 0.0)
    weights = forward + backward
    total = np.add.reduceat(weights, starts)
    centres = values[starts] + np.add.reduceat(weights * distances, starts) / total
    return centres, np.add.reduceat(forward, starts), np.add.reduceat(backward, starts)
