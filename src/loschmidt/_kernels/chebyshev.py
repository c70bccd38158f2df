"""Chebyshev series of many pieces compared with many samples, all samples of a piece side by side.

Slow twin: ``numpy.polynomial.chebyshev.chebval``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["chebyshev_table", "largest_deviations"]


@jit(error_model="numpy")
def chebyshev_table(local, degree, count, table):  # type: ignore[no-untyped-def]
    """Fill table[k, i] with T_k(local[i]) for k up to `degree` and i below `count`."""
    for i in range(count):
        table[0, i] = 1.0
    if degree > 0:
        for i in range(count):
            table[1, i] = local[i]
    for k in range(2, degree + 1):
        for i in range(count):
            table[k, i] = 2.0 * local[i] * table[k - 1, i] - table[k - 2, i]


@jit(error_model="numpy")
def _deviations(left, right, coefficients, first, last, times, values):  # type: ignore[no-untyped-def]
    pieces, terms, components = coefficients.shape
    longest = 0
    for piece in range(pieces):
        longest = max(longest, last[piece] - first[piece])
    local, table, found = np.empty(longest), np.empty((terms, longest)), np.empty(longest)
    worst = np.zeros(pieces)
    for piece in range(pieces):
        begin, count = first[piece], last[piece] - first[piece]
        width = right[piece] - left[piece]
        for i in range(count):
            local[i] = 2.0 * (times[begin + i] - left[piece]) / width - 1.0
        chebyshev_table(local, terms - 1, count, table)
        for component in range(components):
            for i in range(count):
                found[i] = values[begin + i, component]
            for k in range(terms):
                weight = coefficients[piece, k, component]
                for i in range(count):
                    found[i] -= weight * table[k, i]
            for i in range(count):
                worst[piece] = max(worst[piece], abs(found[i]))
    return worst


def largest_deviations(left: Any, right: Any, coefficients: Any, first: Any, last: Any, times: Any, values: Any) -> Any:
    """Return, for each piece (P,), how far its series is from the samples that lie in it.

    Pieces reach from `left` to `right` (P,), with `coefficients` (P, n + 1, m); piece p holds the samples
    ``first[p]:last[p]`` of `times` (k,) and `values` (k, m).
    """
    return _deviations(left, right, np.ascontiguousarray(coefficients), first, last, times, values)
