"""Master equations of sparse operators on packed states: ρ̇ = X + X† + Σ L ρ L† with X = G ρ, never a superoperator.

A Hermitian matrix is packed into one real matrix M = Re ρ + Im ρ, whose symmetric part is the first and whose
antisymmetric part is the second. M is filled up by zeros to a multiple of 16 rows and columns and stored strip by
strip: 16 columns, row after row. Another 16 zeros let vectors be read beyond the last row; they also keep packed states
from lying powers of two apart, where caches take them for one another. With G = P + iQ,

    Ṁ = (P M + Q Mᵀ) + (P Mᵀ - Q M)ᵀ + ...,

and an element u of L in row a, column b adds, with an element v in row c, column d, Re(u v*) M[b, d] + Im(u v*) M[d, b]
to element a, c. A power series c_0 + c_1 s + ... in the fraction s of a step h, with weights that are such series too,
goes on as c_{k+1} (k + 1) / h = Σ_j G_j V_j with V_j = Σ_l w_{j,l} c_{k-l}. ``sandwich`` is a tuple of

* ``left``: for the elements of all G_j, sorted by rows, row pointers (d + 1,); where in the stack of V_0, V_0ᵀ, V_1,
  V_1ᵀ, ... the row begins that an element multiplies in the first sum above, and in the second (z,); by how much (z,);
* ``jumps``: pointers (K + 1,) to the elements of each L, and to its stretches, which are pieces of diagonals within a
  strip; rows, columns, real and imaginary values (y,) of the elements, rates included; where, row 0 meant, a
  stretch begins in the result and in the stack (s,), and its 16 conjugated values (16 s,), zero in gaps, real and
  imaginary, -1 times them for a negative rate; whether L is real (K,).

Faster than dense products where G has few elements a row: from d = 8 on for chains. Slow twin: ``Generator.apply``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.vector_ir import LANES, broadcast, fused, load, store, store_pairs, transpose

__all__ = ["LANES", "extend_series", "unpack"]


@jit(error_model="numpy")
def _turn(source, at, side, target, to):  # type: ignore[no-untyped-def]
    # target[to:] = the transpose of source[at:], tile by tile.
    for row in range(0, side, LANES):
        for column in range(0, side, LANES):
            transpose(source, at + column * side + row * LANES, LANES, target, to + row * side + column * LANES, LANES)


@jit(error_model="numpy")
def _mix(series, at, factor, powers, side, stack, to):  # type: ignore[no-untyped-def]
    # stack[to:] = factor Σ_l powers[l] c_{at - l}
    size, flat = series.shape[1], series.reshape(-1)
    for i in range(0, side * side, LANES):
        total = broadcast(0.0, flat)
        for power in range(len(powers)):
            total = fused(broadcast(factor * powers[power], flat), load(flat, (at - power) * size + i), total)
        store(stack, to + i, total)


@jit(error_model="numpy")
def _multiply(left, side, stack, sums, turned):  # type: ignore[no-untyped-def]
    starts, first, second, values, others = left
    for strip in range(0, side * side, side * LANES):
        for row in range(len(starts) - 1):
            a, b = broadcast(0.0, stack), broadcast(0.0, stack)
            for at in range(starts[row], starts[row + 1]):
                a = fused(broadcast(values[at], stack), load(stack, strip + first[at]), a)
                b = fused(broadcast(others[at], stack), load(stack, strip + second[at]), b)
            store(sums, strip + row * LANES, a)
            store(turned, strip + row * LANES, b)


@jit(error_model="numpy")
def _add_real_jump(elements, stretches, stack, sums):  # type: ignore[no-untyped-def]
    rows, columns, values, _ = elements
    targets, sources, reals, _ = stretches
    for element in range(len(rows)):
        value = broadcast(values[element], stack)
        for stretch in range(len(targets)):
            to, at = targets[stretch] + rows[element] * LANES, sources[stretch] + columns[element] * LANES
            weight = value * load(reals, stretch * LANES)
            store(sums, to, fused(weight, load(stack, at), load(sums, to)))


@jit(error_model="numpy")
def _add_jump(elements, stretches, size, stack, sums):  # type: ignore[no-untyped-def]
    rows, columns, values, imaginaries = elements
    targets, sources, reals, others = stretches
    for element in range(len(rows)):
        x, y = broadcast(values[element], stack), broadcast(imaginaries[element], stack)
        for stretch in range(len(targets)):
            to, at = targets[stretch] + rows[element] * LANES, sources[stretch] + columns[element] * LANES
            c, d = load(reals, stretch * LANES), load(others, stretch * LANES)
            total = fused(x * c - y * d, load(stack, at), load(sums, to))
            store(sums, to, fused(x * d + y * c, load(stack, size + at), total))


@jit(error_model="numpy")
def _add_jumps(jumps, size, stack, sums):  # type: ignore[no-untyped-def]
    starts, stretch_starts, elements, stretches, purely_real = jumps
    rows, columns, values, imaginaries = elements
    targets, sources, reals, others = stretches
    for jump in range(len(purely_real)):
        one, end = starts[jump], starts[jump + 1]
        first, last = stretch_starts[jump], stretch_starts[jump + 1]
        element = rows[one:end], columns[one:end], values[one:end], imaginaries[one:end]
        weights = reals[first * LANES : last * LANES], others[first * LANES : last * LANES]
        stretch = targets[first:last], sources[first:last], weights[0], weights[1]
        if purely_real[jump]:
            _add_real_jump(element, stretch, stack, sums)
        else:
            _add_jump(element, stretch, size, stack, sums)


@jit(error_model="numpy")
def extend_series(sandwich, weights, step, first, last, series):  # type: ignore[no-untyped-def]
    """Fill the coefficients after `first` up to `last` of the series (order + 1, size) of a packed state.

    `weights` are powers (J, 16) and degrees (J,) of the weights of the terms of G, of which the first is 1 and is that
    of the jumps as well.
    """
    left, jumps = sandwich
    powers, degrees = weights
    size, count = series.shape[1], len(powers)
    side, flat = int(np.sqrt(size)), series.reshape(-1)
    stack, sums, turned = np.zeros(2 * count * size), np.zeros(size), np.zeros(size)
    for k in range(first, last):
        for term in range(count):
            kept, to = powers[term, : min(degrees[term], k) + 1], 2 * term * size
            _mix(series, k, step / (k + 1), kept, side, stack, to)
            _turn(stack, to, side, stack, to + size)
        _multiply(left, side, stack, sums, turned)
        _add_jumps(jumps, size, stack, sums)
        _turn(turned, 0, side, stack, 0)
        for i in range(0, side * side, LANES):
            store(flat, (k + 1) * size + i, load(sums, i) + load(stack, i))
        for i in range(side * side, size):
            flat[(k + 1) * size + i] = 0.0


@jit(error_model="numpy")
def unpack(packed, states):  # type: ignore[no-untyped-def]
    """Write Hermitian matrices (k, d, 2 d), real and imaginary parts in turn, of packed ones (k, size)."""
    count, d = states.shape[:2]
    side = int(np.sqrt(packed.shape[1]))
    turned = np.empty(side * side)
    for number in range(count):
        matrix, state = packed[number], states[number].reshape(-1)
        _turn(matrix, 0, side, turned, 0)
        half = broadcast(0.5, matrix)
        for strip in range(0, d, LANES):
            for row in range(d):
                at, to = strip * side + row * LANES, 2 * (row * d + strip)
                if strip + LANES <= d:
                    a, b = half * load(matrix, at), half * load(turned, at)
                    store_pairs(state, to, a + b, a - b)
                    continue
                for k in range(d - strip):
                    state[to + 2 * k] = 0.5 * (matrix[at + k] + turned[at + k])
                    state[to + 2 * k + 1] = 0.5 * (matrix[at + k] - turned[at + k])
