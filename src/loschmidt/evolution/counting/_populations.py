"""Counting on populations alone, for Davies equations with non-degenerate levels: sums of non-negative numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt._kernels.rate_equation import davies_rates
from loschmidt.evolution.counting._dense_tilt import largest_eigenvalue
from loschmidt.evolution.counting.groups import JumpGroups
from loschmidt.evolution.counting.spaces import EPS, Estimated, JumpEntries, JumpMap, Number, absolute
from loschmidt.evolution.memory import require_memory
from loschmidt.evolution.steady import steady_state
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.typing import IntegerArray, RealMatrix, RealVector

__all__ = ["PopulationSpace", "population_space"]


@dataclass(frozen=True, eq=False)
class PopulationSpace:
    """Vectors of populations (d,), every component with its own error; see :class:`CountingSpace`.

    Attributes
    ----------
    rates : (d, d)
        W[n, m] of the jump m → n, all baths together, zero on the diagonal.
    """

    groups: JumpGroups
    entries: JumpEntries
    stationary: Estimated
    rates: RealMatrix
    method: str = "populations, elimination"

    def jumps(self, weights: RealVector) -> JumpMap:
        """Return Σ w_g J_g for weights (G,)."""
        matrix = self.entries.matrix(weights)
        return JumpMap(matrix, absolute(matrix))

    def image(self, jumps: JumpMap, vector: Estimated) -> Estimated:
        """Return the image of a vector under what :meth:`jumps` returned."""
        spread = jumps.bound @ (np.asarray(vector.error) + 4 * EPS * np.abs(vector.value))
        return Estimated(np.asarray(jumps.matrix @ vector.value), np.asarray(spread))

    def trace(self, vector: Estimated) -> Number:
        """Return the sum of a vector."""
        error = np.asarray(vector.error) + EPS * np.abs(vector.value)
        return Number(float(vector.value.real.sum()), float(error.sum()))

    def solve(self, vector: Estimated) -> Estimated:
        """Return the x with Σ x = 0 and dx/dt = vector."""
        order, lower, upper = self._factors
        target = -np.asarray(vector.value).real[order]
        # The inverse of what is eliminated has no negative element, so it carries errors by component.
        size = np.abs(target) * 4 * len(order) * EPS + np.asarray(vector.error)[order]
        found, spread = np.zeros((2, len(order)))
        solved = _substituted(lower, upper, np.stack([target[:-1], size[:-1]], axis=1))
        found[order[:-1]], spread[order[:-1]] = solved.T
        stationary = np.asarray(self.stationary.value).real
        total = float(found.sum())
        error = spread + stationary * float(spread.sum())
        error += 4 * EPS * (np.abs(found) + len(order) * stationary * float(np.abs(found).sum()))
        return Estimated(found - total * stationary, error)

    def tilted(self, points: RealVector, weights: RealVector) -> list[Number]:
        """Return the largest eigenvalue of the tilted rate matrix for each s."""
        plain = np.diagonal(self.entries.dense(np.ones(self.groups.count)))
        loss = np.diag(self.rates.sum(axis=0) + plain)
        return [largest_eigenvalue(self.entries.dense(np.exp(s * weights)) - loss) for s in points]

    @cached_property
    def _factors(self) -> tuple[IntegerArray, RealMatrix, RealMatrix]:
        # The most likely level comes last: it is reached from everywhere and never eliminated.
        order = np.argsort(np.asarray(self.stationary.value).real, kind="stable")
        return (order, *_eliminated(self.rates[np.ix_(order, order)]))


def population_space(groups: JumpGroups) -> PopulationSpace:
    """Return the space of the jumps of a Davies equation whose populations move on their own.

    Raises
    ------
    NotUniqueError
        If it has several stationary states.
    ResourceError
        If there are too many levels.
    """
    process = groups.process
    d = process.dimension
    needed = d * d * (48.0 * len(process.dissipators) + 96.0)
    require_memory(needed, f"The rates between {d} levels", "Use a smaller system, or count the jumps of trajectories.")
    steady = steady_state(process)
    populations = np.diagonal(steady.components).real.copy()
    parts = [
        part
        for one, table in zip(process.dissipators, groups.tables, strict=True)
        if isinstance(one, DaviesDissipator) and table is not None
        for part in _entries(one, table)
    ]
    out, into, label = (np.concatenate([part[k] for part in parts]) for k in range(3))
    values = np.concatenate([part[3] for part in parts])
    rates = np.zeros((d, d))
    np.add.at(rates, (out, into), np.where(out == into, 0.0, values))
    return PopulationSpace(
        groups,
        JumpEntries(d, out, into, values, label),
        Estimated(populations, steady.error * populations),
        rates,
    )


def _entries(
    dissipator: DaviesDissipator, table: IntegerArray
) -> list[tuple[IntegerArray, IntegerArray, IntegerArray, RealVector]]:
    """Return entries (out, in, group, rate) of each number of particles that the jumps of one bath bring."""
    labels = dissipator.bohr.labels
    middle = len(dissipator.bohr.frequencies) // 2
    parts = []
    for row, number in enumerate(np.unique(dissipator.particles)):
        mine = dissipator.particles == number
        couplings = np.ascontiguousarray(dissipator.couplings[mine])
        class_rates = np.ascontiguousarray(dissipator.class_rates[:, mine][:, :, mine])
        rates = davies_rates.at_dimension(len(labels))(couplings, class_rates, labels)
        still = np.diagonal(couplings, axis1=1, axis2=2)
        rates[np.diag_indices(len(labels))] = np.einsum("in,ij,jn->n", still.conj(), class_rates[middle], still).real
        group = table[row, labels]
        out, into = np.nonzero((rates != 0) & (group >= 0))
        parts.append((out, into, group[out, into], rates[out, into]))
    return parts


def _eliminated(rates: RealMatrix) -> tuple[RealMatrix, RealMatrix]:
    """Return unit lower and upper factors (d - 1, d - 1) of minus the generator without its last level.

    As in :cite:t:`grassmann1985` the pivots are sums of the rates that are left, so nothing is ever subtracted.
    """
    flow = rates.copy()
    d = len(flow)
    lower, upper = np.eye(d - 1), np.zeros((d - 1, d - 1))
    for k in range(d - 1):
        pivot = float(flow[k + 1 :, k].sum())
        share = flow[k + 1 :, k] / pivot
        lower[k + 1 :, k] = -share[:-1]
        upper[k, k] = pivot
        upper[k, k + 1 :] = -flow[k, k + 1 : -1]
        flow[k + 1 :, k + 1 :] += share[:, None] * flow[k, k + 1 :]
    return lower, upper


def _substituted(lower: RealMatrix, upper: RealMatrix, targets: RealMatrix) -> RealMatrix:
    from scipy.linalg.lapack import dtrtrs

    if len(targets) == 0:
        return targets
    inner, _ = dtrtrs(lower, targets, lower=1, unitdiag=1)
    return np.asarray(dtrtrs(upper, inner)[0])
