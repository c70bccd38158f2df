"""Chebyshev series of many pieces compared with many samples, all samples of a piece side by side.

Slow twin: ``numpy.polynomial.chebyshev.chebval``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["chebyshev_table", "largest_deviations", "sizes_and_turns"]


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
def _deviations(left, right, coefficients, scale, ranges, times, values):  # type: ignore[no-untyped-def]
    first, last = ranges
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
            largest = 0.0
            for i in range(count):
                largest = max(largest, abs(found[i]))
            if largest > worst[piece] * scale[component]:
                worst[piece] = largest / scale[component] if scale[component] > 0.0 else largest
    return worst


@jit(error_model="numpy")
def sizes_and_turns(values):  # type: ignore[no-untyped-def]
    """Return the largest absolute value of each column of (k, m), and the most turning points that one column has.

    Turns smaller than 1e-6 of the largest value are taken for rounding.
    """
    count, components = values.shape
    sizes, most = np.zeros(components), 0
    for component in range(components):
        for i in range(count):
            sizes[component] = max(sizes[component], abs(values[i, component]))
        turns, before = 0, 0.0
        for i in range(1, count):
            step = values[i, component] - values[i - 1, component]
            if abs(step) > 1e-6 * sizes[component]:
                turns += 1 if step * before < 0.0 else 0
                before = step
        most = max(most, turns)
    return sizes, most


def largest_deviations(
    left: Any, right: Any, coefficients: Any, scale: Any, ranges: Any, times: Any, values: Any
) -> Any:
    """Return, for each piece (P,), how far its series is from the samples that lie in it, relative to `scale` (m,).

    Pieces reach from `left` to `right` (P,), with `coefficients` (P, n + 1, m); piece p holds the samples
    ``first[p]:last[p]``, with ``first, last = ranges``, of `times` (k,) and `values` (k, m).
    """
    return _deviations(left, right, np.ascontiguousarray(coefficients), scale, ranges, times, values)
