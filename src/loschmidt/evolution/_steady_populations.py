"""Stationary populations of a rate equation: closed classes, elimination inside them, absorption into them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.rate_equation import eliminate, irreducible
from loschmidt.typing import IntegerArray, RealMatrix, RealVector

__all__ = ["ClosedClasses", "absorbed", "closed_classes", "stationary_populations"]


@dataclass(frozen=True, eq=False)
class ClosedClasses:
    """Communicating classes of a rate equation that are never left.

    Attributes
    ----------
    labels : (d,)
        Number of the closed class that a level belongs to, -1 for a transient level.
    count : int
        How many there are.
    """

    labels: IntegerArray
    count: int


def closed_classes(rates: RealMatrix) -> ClosedClasses:
    """Return the closed classes of rates[n, m] of the jump m → n.

    Examples
    --------
    >>> closed_classes(np.array([[0.0, 1.0], [0.0, 0.0]])).labels
    array([ 0, -1])
    """
    if irreducible.at_dimension(len(rates))(rates):
        return ClosedClasses(np.zeros(len(rates), dtype=np.int64), 1)
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    moves = rates.T > 0
    count, classes = connected_components(csr_array(moves.astype(np.float64)), directed=True, connection="strong")
    leaving = moves & (classes[:, None] != classes[None, :])
    left = np.zeros(count, dtype=bool)
    left[classes[leaving.any(axis=1)]] = True
    number = np.where(left, -1, np.cumsum(~left) - 1)
    return ClosedClasses(number[classes].astype(np.int64), int((~left).sum()))


def stationary_populations(rates: RealMatrix, classes: ClosedClasses) -> RealMatrix:
    """Return the stationary populations (count, d) of each closed class, right to round-off relative to themselves."""
    if classes.count == 1 and (classes.labels == 0).all():
        return np.asarray(eliminate.at_dimension(len(rates))(rates))[None]
    result = np.zeros((classes.count, len(rates)))
    for number in range(classes.count):
        members = np.flatnonzero(classes.labels == number)
        result[number, members] = eliminate.at_dimension(len(members))(
            np.ascontiguousarray(rates[np.ix_(members, members)])
        )
    return result


def absorbed(rates: RealMatrix, classes: ClosedClasses, populations: RealVector) -> RealVector:
    """Return the probability (count,) of ending in each closed class, starting from `populations` (d,)."""
    transient = np.flatnonzero(classes.labels < 0)
    ends = np.array([populations[classes.labels == number].sum() for number in range(classes.count)])
    if len(transient) == 0:
        return ends
    inner = rates[np.ix_(transient, transient)]
    escape = rates[:, transient].sum(axis=0)
    # Time spent in each transient level before it is left for good.
    time = np.linalg.solve(np.diag(escape) - inner, populations[transient])
    flow = rates[:, transient] @ time
    caught = [flow[classes.labels == number].sum() for number in range(classes.count)]
    return np.asarray(ends + caught)
