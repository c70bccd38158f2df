"""How far round-off in a state moves its entropy."""

from __future__ import annotations

import math

import numpy as np

__all__ = ["entropy_error", "state_error"]


def state_error(dimension: int) -> float:
    """Return the round-off, as a Frobenius norm, of a state (d, d) after a few products of matrices.

    Examples
    --------
    >>> state_error(2) < 1e-14
    True
    """
    return 4 * dimension * float(np.finfo(float).eps)


def entropy_error(distance: float, dimension: int) -> float:
    """Return how much two states (d, d) of Frobenius distance δ can differ in entropy.

    Notes
    -----
    The sharp bound of Fannes and Audenaert, T ln(d - 1) + h(T), with the trace distance T ≤ √d δ / 2
    (:cite:t:`audenaert2007`).

    Examples
    --------
    >>> 1e-15 < entropy_error(1e-16, 2) < 1e-14
    True
    """
    trace_distance = math.sqrt(dimension) * distance / 2
    if trace_distance == 0:
        return 0.0
    if dimension < 2:
        # One state has no entropy but that of a trace which is not quite one, -t ln t.
        return 2 * distance
    if trace_distance >= 1:
        return math.log(dimension)  # No two states are further apart: nothing is known.
    binary = -trace_distance * math.log(trace_distance) + trace_distance
    return trace_distance * math.log(dimension) + binary
