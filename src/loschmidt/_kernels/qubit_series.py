"""Propagators of a driven qubit over sixteen steps side by side: power series about the middles of the steps.

With coordinates (u, x) in the basis (1, X, Y, Z) / √2, of which u never changes, the equation is

    dx/dt = S (u, x) + Σ_j f_j(t) ω_j × x

with fixed 3 × 4 numbers S and fields ω_j. Within a step, s from -1 to 1, the weights f_j are polynomials, and the state
is Σ_k C_k s^k (u, x_mid), C_{k+1} = h / (2k + 2) [S C_k + Σ_l ω_l × C_{k-l}] with ω_l the sum over fields. From the
middle fewer powers are needed than from an end; where an end is given, the middle follows by an inverse 3 × 3 matrix.

Every array of numbers of the steps is flat, with the sixteen steps last. Slow twin: the series of one step and any
dimension in :mod:`loschmidt._kernels.linear_rates`, run by :func:`loschmidt._kernels.adaptive.advance_series`.
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
    quotient,
    square_root,
    store,
    vector_jit,
)

__all__ = ["ORDER", "POWERS", "fields_of", "propagators", "series", "weights_of"]

ORDER = 18  # highest power of time in the solution
POWERS = 12  # highest power of time in the weights
_FEWEST = 4  # powers that are always taken
_ENTRIES = 12  # of a 3 × 4 matrix, column by column


def _monomials() -> np.ndarray:
    # Row l, column k: the coefficient of s^l in T_k(s).
    matrix = np.zeros((POWERS + 1, POWERS + 1))
    matrix[0, 0] = matrix[1, 1] = 1.0
    for k in range(2, POWERS + 1):
        matrix[1:, k] = 2.0 * matrix[:-1, k - 1]
        matrix[:, k] -= matrix[:, k - 2]
    return matrix


_ANGLES = np.pi * (np.arange(POWERS + 1) + 0.5) / (POWERS + 1)
_POINTS = np.cos(_ANGLES)
_TRANSFORM = np.cos(np.outer(np.arange(POWERS + 1), _ANGLES)) * (2.0 / (POWERS + 1))
_TRANSFORM[0] *= 0.5
_MONOMIALS = _monomials()


@jit(error_model="numpy")
def weights_of(pieces, steps, small, work):  # type: ignore[no-untyped-def]
    """Write each weight as powers of s, and return their highest power.

    Parameters
    ----------
    pieces : tuple
        Breaks (P + 1,), degrees (P,), Chebyshev coefficients (P, degree + 1, J) of the weights.
    steps : tuple
        Piece (16,), start and half the length (16,) of each step.
    small : float
        Part of a weight's size that may be left out.
    work : tuple
        Powers (J, 13, 16); limits (2, J, 16), the size of each weight in its piece and what is left out; room for the
        coefficients (degree + 1, 16), places (13, 16) and values (13, 16).
    """
    _, limits, series, places, values = work
    breaks, degrees, coefficients = pieces
    which, starts, halves = steps
    degree, highest = 0, 0
    for lane in range(LANES):
        piece = which[lane]
        scale = 2.0 / (breaks[piece + 1] - breaks[piece])
        places[lane] = scale * halves[lane]
        places[LANES + lane] = scale * ((starts[lane] - breaks[piece]) + halves[lane]) - 1.0
        degree = max(degree, degrees[piece])
    scale, shift = load(places, 0), load(places, LANES)
    for i in range(POWERS + 1):
        store(places, i * LANES, fused(broadcast(_POINTS[i], places), scale, shift))
    for j in range(coefficients.shape[2]):
        for lane in range(LANES):
            # What round-off is relative to, however small the weight is within the step.
            total = 0.0
            for k in range(degree + 1):
                series[k * LANES + lane] = coefficients[which[lane], k, j]
                total += abs(coefficients[which[lane], k, j])
            limits[j * LANES + lane] = total
        for i in range(0, POWERS, 2):
            one, two = _two_sums(series, degree, load(places, i * LANES), load(places, (i + 1) * LANES))
            store(values, i * LANES, one)
            store(values, (i + 1) * LANES, two)
        one, two = _two_sums(series, degree, load(places, POWERS * LANES), load(places, POWERS * LANES))
        store(values, POWERS * LANES, one)
        highest = max(highest, _fit(degrees, which, min(degree, POWERS), small, j, work))
    return highest


@vector_jit
def _two_sums(series, degree, x, y):  # type: ignore[no-untyped-def]
    # Clenshaw's recursion at two places, whose operations fill each other's pauses.
    p, q = broadcast(0.0, series), broadcast(0.0, series)
    last, other = load(series, degree * LANES), load(series, degree * LANES)
    if degree == 0:
        return last, other
    for k in range(degree - 1, 0, -1):
        number = load(series, k * LANES)
        last, p = fused(x + x, last, number - p), last
        other, q = fused(y + y, other, number - q), other
    number = load(series, 0)
    return fused(x, last, number - p), fused(y, other, number - q)


@jit(error_model="numpy")
def _fit(degrees, which, degree, small, j, work):  # type: ignore[no-untyped-def]
    # The polynomial through the values, without what is small in all steps.
    powers, limits, series, _, values = work
    for k in range(degree + 1):
        found = broadcast(0.0, values)
        for i in range(POWERS + 1):
            found = fused(broadcast(_TRANSFORM[k, i], values), load(values, i * LANES), found)
        store(series, k * LANES, found)
    kept = degree
    for lane in range(LANES):
        if degrees[which[lane]] > POWERS:
            values[lane] = abs(series[POWERS * LANES + lane]) + abs(series[(POWERS - 1) * LANES + lane])
        else:
            values[lane] = 0.0
            for k in range(degrees[which[lane]] + 1, degree + 1):
                series[k * LANES + lane] = 0.0
    missing = load(values, 0)
    allowed = broadcast(small, values) * load(limits, j * LANES)
    while kept > 0:
        more = missing + absolute(load(series, kept * LANES))
        if not lane_minimum(allowed - more) >= 0.0:
            break
        missing = more
        kept -= 1
    for power in range(POWERS + 1):
        found = broadcast(0.0, values)
        for k in range(power, kept + 1, 2):
            found = fused(broadcast(_MONOMIALS[power, k], values), load(series, k * LANES), found)
        store(powers, (j * (POWERS + 1) + power) * LANES, found)
    store(limits, (len(limits) // (2 * LANES) + j) * LANES, missing)
    return kept


@jit(error_model="numpy")
def fields_of(fields, powers, highest, field, sizes):  # type: ignore[no-untyped-def]
    """Write the powers of the field (3, 13, 16) and their norms (13, 16); return which components differ from zero.

    `fields` is (J, 3): ω_j.
    """
    first, second, third = False, False, False
    for j in range(len(fields)):
        first, second, third = first or fields[j, 0] != 0, second or fields[j, 1] != 0, third or fields[j, 2] != 0
    for power in range(highest + 1):
        total = broadcast(0.0, field)
        for component in range(3):
            found = broadcast(0.0, field)
            for j in range(len(fields)):
                if fields[j, component] != 0.0:
                    weight = load(powers, (j * (POWERS + 1) + power) * LANES)
                    found = fused(broadcast(fields[j, component], field), weight, found)
            store(field, (component * (POWERS + 1) + power) * LANES, found)
            total = fused(found, found, total)
        store(sizes, power * LANES, square_root(total))
    return first, second, third


@vector_jit
def _entry(matrices, k, column, row):  # type: ignore[no-untyped-def]
    return load(matrices, (k * _ENTRIES + column * 3 + row) * LANES)


@vector_jit
def _fixed_part(static, row, x, y, z, start):  # type: ignore[no-untyped-def]
    found = fused(broadcast(static[row, 1], static), x, start)
    return fused(broadcast(static[row, 3], static), z, fused(broadcast(static[row, 2], static), y, found))


@vector_jit
def _turned(field, component, reach, k, column, matrices, rows):  # type: ignore[no-untyped-def]
    # What one component of the field adds to the other two rows of two columns.
    a, b, c, d = rows
    first, second = (component + 1) % 3, (component + 2) % 3
    for power in range(reach + 1):
        w = load(field, (component * (POWERS + 1) + power) * LANES)
        at = ((k - power) * _ENTRIES + column * 3) * LANES
        a = fused_negative(w, load(matrices, at + second * LANES), a)
        b = fused(w, load(matrices, at + first * LANES), b)
        c = fused_negative(w, load(matrices, at + (3 + second) * LANES), c)
        d = fused(w, load(matrices, at + (3 + first) * LANES), d)
    return a, b, c, d


@vector_jit
def _next_columns(static, field, turns, reach, k, column, matrices):  # type: ignore[no-untyped-def]
    # What stands in brackets in the recursion, for two columns.
    zero = broadcast(0.0, matrices)
    x, y, z = _entry(matrices, k, column, 0), _entry(matrices, k, column, 1), _entry(matrices, k, column, 2)
    a, b, c = zero, zero, zero
    if k == 0 and column == 0:
        a, b, c = broadcast(static[0, 0], field), broadcast(static[1, 0], field), broadcast(static[2, 0], field)
    a, b, c = (
        _fixed_part(static, 0, x, y, z, a),
        _fixed_part(static, 1, x, y, z, b),
        _fixed_part(static, 2, x, y, z, c),
    )
    column += 1
    x, y, z = _entry(matrices, k, column, 0), _entry(matrices, k, column, 1), _entry(matrices, k, column, 2)
    d, e, f = (
        _fixed_part(static, 0, x, y, z, zero),
        _fixed_part(static, 1, x, y, z, zero),
        _fixed_part(static, 2, x, y, z, zero),
    )
    column -= 1
    if turns[0]:
        b, c, e, f = _turned(field, 0, reach, k, column, matrices, (b, c, e, f))
    if turns[1]:
        c, a, f, d = _turned(field, 1, reach, k, column, matrices, (c, a, f, d))
    if turns[2]:
        a, b, d, e = _turned(field, 2, reach, k, column, matrices, (a, b, d, e))
    return a, b, c, d, e, f


@vector_jit
def _stored(factor, a, b, c, matrices, at):  # type: ignore[no-untyped-def]
    a, b, c = factor * a, factor * b, factor * c
    store(matrices, at, a)
    store(matrices, at + LANES, b)
    store(matrices, at + 2 * LANES, c)
    return fused(a, a, fused(b, b, c * c))


@jit(error_model="numpy")
def series(system, highest, halves, negligible, work):  # type: ignore[no-untyped-def]
    """Write C_k (19, 4, 3, 16) until what follows is negligible in all steps, or all; return the last order.

    Parameters
    ----------
    system : tuple
        S (3, 4), the spectral norm of S, and which components of the field differ from zero.
    highest : int
        Highest power of the field.
    halves : (16,)
        Half the lengths of the steps.
    negligible : float
        Bound of the next coefficient at which to stop.
    work : tuple
        The C_k; their norms (20, 16), the last of which bounds the first coefficient left out; powers of the field and
        their norms.
    """
    static, norm, turns = system
    matrices, norms, field, sizes = work
    for entry in range(_ENTRIES):
        store(matrices, entry * LANES, broadcast(1.0 if entry in (3, 7, 11) else 0.0, matrices))
    store(norms, 0, broadcast(np.sqrt(3.0), norms))
    half = load(halves, 0)
    for k in range(ORDER):
        factor, total, reach = half * broadcast(1.0 / (k + 1), halves), broadcast(0.0, halves), min(highest, k)
        for column in range(0, 4, 2):
            a, b, c, d, e, f = _next_columns(static, field, turns, reach, k, column, matrices)
            at = ((k + 1) * _ENTRIES + column * 3) * LANES
            total = total + _stored(factor, a, b, c, matrices, at) + _stored(factor, d, e, f, matrices, at + 3 * LANES)
        store(norms, (k + 1) * LANES, square_root(total))
        if k + 1 == ORDER or (k + 1 >= _FEWEST and k % 2 == 1):
            bound = broadcast(norm, norms) * load(norms, (k + 1) * LANES)
            for power in range(min(highest, k + 1) + 1):
                bound = fused(load(sizes, power * LANES), load(norms, (k + 1 - power) * LANES), bound)
            bound = bound * half * broadcast(1.0 / (k + 2), norms)
            store(norms, (k + 2) * LANES, bound)
            if k + 1 == ORDER or lane_minimum(broadcast(negligible, norms) - bound) >= 0.0:
                return k + 1
    return ORDER


@jit(error_model="numpy")
def propagators(matrices, order, ends):  # type: ignore[no-untyped-def]
    """Write into `ends` (24, 16) the matrices from start to middle, then those from start to end, column by column."""
    for entry in range(_ENTRIES):
        even, odd = load(matrices, entry * LANES), broadcast(0.0, matrices)
        for k in range(1, order + 1, 2):
            odd = odd + load(matrices, (k * _ENTRIES + entry) * LANES)
        for k in range(2, order + 1, 2):
            even = even + load(matrices, (k * _ENTRIES + entry) * LANES)
        store(ends, entry * LANES, even - odd)
        store(ends, (_ENTRIES + entry) * LANES, even + odd)
    _invert(ends)
    _follow(ends)


@jit(error_model="numpy")
def _invert(ends):  # type: ignore[no-untyped-def]
    # x_start = A x + a u becomes x = A⁻¹ x_start - A⁻¹ a u; columns of A are p, q, r, rows of A⁻¹ their cross products.
    a, b, c = _entry(ends, 0, 0, 0), _entry(ends, 0, 0, 1), _entry(ends, 0, 0, 2)
    p, q, r = _entry(ends, 0, 1, 0), _entry(ends, 0, 1, 1), _entry(ends, 0, 1, 2)
    s, t, v = _entry(ends, 0, 2, 0), _entry(ends, 0, 2, 1), _entry(ends, 0, 2, 2)
    x, y, z = _entry(ends, 0, 3, 0), _entry(ends, 0, 3, 1), _entry(ends, 0, 3, 2)
    d, e, f = t * z - v * y, v * x - s * z, s * y - t * x
    volume = quotient(broadcast(1.0, ends), fused(p, d, fused(q, e, r * f)))
    _write_row(ends, 0, (a, b, c), (d * volume, e * volume, f * volume))
    _write_row(ends, 1, (a, b, c), ((y * r - z * q) * volume, (z * p - x * r) * volume, (x * q - y * p) * volume))
    _write_row(ends, 2, (a, b, c), ((q * v - r * t) * volume, (r * s - p * v) * volume, (p * t - q * s) * volume))


@vector_jit
def _write_row(ends, row, constant, found):  # type: ignore[no-untyped-def]
    part = fused(found[0], constant[0], fused(found[1], constant[1], found[2] * constant[2]))
    store(ends, row * LANES, negative(part))
    store(ends, (3 + row) * LANES, found[0])
    store(ends, (6 + row) * LANES, found[1])
    store(ends, (9 + row) * LANES, found[2])


@jit(error_model="numpy")
def _follow(ends):  # type: ignore[no-untyped-def]
    # Start to end: the second matrix after the first.
    for row in range(3):
        constant = _entry(ends, 1, 0, row)
        p, q, r = _entry(ends, 1, 1, row), _entry(ends, 1, 2, row), _entry(ends, 1, 3, row)
        for column in range(4):
            x, y, z = _entry(ends, 0, column, 0), _entry(ends, 0, column, 1), _entry(ends, 0, column, 2)
            found = fused(p, x, fused(q, y, r * z))
            if column == 0:
                found = found + constant
            store(ends, (_ENTRIES + column * 3 + row) * LANES, found)
