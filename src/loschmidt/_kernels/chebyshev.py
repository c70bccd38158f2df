"""Chebyshev series of many pieces: from values to coefficients, and compared with many samples side by side.

Slow twin: ``numpy.polynomial.chebyshev.chebval``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.vector_ir import (
    LANES,
    absolute,
    broadcast,
    fused,
    fused_negative,
    lane_minimum,
    load,
    negative,
    vector_jit,
    where_less,
)

__all__ = ["chebyshev_table", "fit", "largest_deviations", "sizes_and_turns", "smallest_degrees"]

_BLOCK = 512  # samples at a time


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
def fit(values, transform, common, scale):  # type: ignore[no-untyped-def]
    """Return the Chebyshev coefficients (P, n + 1, m) of the polynomials through values (P, n + 1, m) at nodes.

    Then the largest of the last three of each piece (P,), measured by `scale` (m,), which becomes the largest values so
    far of each component, or of all if they have it in `common`. `transform` (n + 1, n + 1) maps a row of values to one
    of coefficients.
    """
    pieces, terms, components = values.shape
    coefficients, series, tails = np.empty((pieces, terms, components)), np.empty(terms), np.zeros(pieces)
    for component in range(components):
        largest = scale[component]
        for piece in range(pieces):
            series[:] = 0.0
            for i in range(terms):
                value = values[piece, i, component]
                largest = max(largest, abs(value))
                for k in range(terms):
                    series[k] += value * transform[i, k]
            for k in range(terms):
                coefficients[piece, k, component] = series[k]
        scale[component] = largest
    if common:
        scale[:] = scale.max()
    for piece in range(pieces):
        for k in range(max(terms - 3, 0), terms):
            tails[piece] = max(tails[piece], _size(coefficients[piece, k], scale))
    return coefficients, tails


@jit(error_model="numpy")
def _size(coefficient, scale):  # type: ignore[no-untyped-def]
    # The largest component (m,) relative to the scale; what is no number is never small.
    largest = 0.0
    for component in range(len(scale)):
        part = abs(coefficient[component])
        part = part / scale[component] if scale[component] > 0.0 else part
        largest = max(largest, np.inf if np.isnan(part) else part)
    return largest


@jit(error_model="numpy")
def smallest_degrees(coefficients, scale, tolerance):  # type: ignore[no-untyped-def]
    """Return the degrees (P,) that are enough for coefficients (P, n + 1, m) measured by `scale` (m,).

    Those above a degree add up to at most `tolerance`.
    """
    degrees = np.zeros(len(coefficients), np.int64)
    for piece in range(len(coefficients)):
        above = 0.0
        for k in range(coefficients.shape[1] - 1, 0, -1):
            above += _size(coefficients[piece, k], scale)
            if above > tolerance:
                degrees[piece] = k
                break
    return degrees


@vector_jit
def _two_sums(series, terms, x, y):  # type: ignore[no-untyped-def]
    # Clenshaw's recursion at two vectors of places, even and odd terms apart (both in T_2), so that the operations of
    # four recursions fill each other's pauses; `terms` is even.
    one = broadcast(1.0, series)
    p, q = fused(x + x, x, broadcast(0.0, series) - one), fused(y + y, y, broadcast(0.0, series) - one)
    a = c = broadcast(series[terms - 2], series)
    e = g = broadcast(series[terms - 1], series)
    b = d = f = h = broadcast(0.0, series)
    for k in range(terms - 4, -2, -2):
        even, odd = broadcast(series[k], series), broadcast(series[k + 1], series)
        a, b = fused(p + p, a, even - b), a
        c, d = fused(q + q, c, even - d), c
        e, f = fused(p + p, e, odd - f), e
        g, h = fused(q + q, g, odd - h), g
    return fused(x, e - f, fused_negative(p, b, a)), fused(y, g - h, fused_negative(q, d, c))


@jit(error_model="numpy")
def largest_deviations(breaks, coefficients, scale, negligible, times, values):  # type: ignore[no-untyped-def]
    """Return, for each piece (P,), how far its series is from the samples that lie in it, relative to `scale` (m,).

    Pieces lie between `breaks` (P + 1,), with `coefficients` (P, n + 1, m), of which the last ones are left out as far
    as they are smaller than `negligible`; samples are at ascending `times` (k,) with `values` (k, m).
    """
    pieces, terms, components = coefficients.shape
    local, seen, series = np.empty(_BLOCK), np.empty(_BLOCK), np.zeros(terms + 1)
    worst, first = np.zeros(pieces), 0
    for piece in range(pieces):
        begin, factor = breaks[piece], 2.0 / (breaks[piece + 1] - breaks[piece])
        final = piece == pieces - 1
        while first < len(times) and (final or times[first] < breaks[piece + 1]):
            last = min(first + _BLOCK, len(times))
            while not final and times[last - 1] >= breaks[piece + 1]:
                last -= 1
            block = times[first:last]
            for i in range(len(block)):
                local[i] = factor * (block[i] - begin) - 1.0
            for component in range(components):
                unit = 1.0 / scale[component] if scale[component] > 0.0 else 1.0
                kept = 1
                for k in range(terms):
                    series[k] = coefficients[piece, k, component]
                    if abs(series[k]) * unit > negligible:
                        kept = k + 1
                column = values[first:last, component]
                for i in range(len(column)):
                    seen[i] = column[i]
                largest = unit * _largest_of(series, kept + kept % 2, local, seen, last - first)
                worst[piece] = max(worst[piece], largest)
            first = last
    return worst


@jit(error_model="numpy")
def _largest_of(series, terms, local, seen, count):  # type: ignore[no-untyped-def]
    # What is beyond the count is no number, and no number is larger than it.
    for i in range(count, (count + 2 * LANES - 1) // (2 * LANES) * 2 * LANES):
        local[i], seen[i] = 0.0, np.nan
    worst = broadcast(0.0, series)
    for at in range(0, count, 2 * LANES):
        one, two = _two_sums(series, terms, load(local, at), load(local, at + LANES))
        one, two = absolute(one - load(seen, at)), absolute(two - load(seen, at + LANES))
        worst = where_less(worst, one, one, worst)
        worst = where_less(worst, two, two, worst)
    return -lane_minimum(negative(worst))


@jit(error_model="numpy")
def sizes_and_turns(values):  # type: ignore[no-untyped-def]
    """Return the largest absolute value of each column of (k, m), and the most turning points that one column has.

    Turns smaller than 1e-6 of the largest value are taken for rounding.
    """
    count, components = values.shape
    sizes, most = np.zeros(components), 0
    for component in range(components):
        largest = 0.0
        for i in range(count):
            size = abs(values[i, component])
            largest = size if size > largest else largest
        sizes[component] = largest
        turns, direction, least, before = 0, 0, 1e-6 * largest, values[0, component]
        for i in range(1, count):
            step, before = values[i, component] - before, values[i, component]
            if step > least:
                turns += direction < 0
                direction = 1
            elif step < -least:
                turns += direction > 0
                direction = -1
        most = max(most, turns)
    return sizes, most
