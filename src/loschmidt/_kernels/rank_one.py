"""Spectra of diagonal plus rank one, diag(δ) + a a†, from the secular equation 1 = Σ |a_n|² / (λ - δ_n): O(d²) each.

The roots are those of :mod:`loschmidt._kernels.secular_roots`, and eigenvectors come from the weights for which these
are exact (:cite:t:`gu1994`). Levels lie side by side, sixteen to a vector. Slow twin ``.py_func``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.secular_roots import solve, solver_scratch
from loschmidt._kernels.vector_ir import (
    LANES,
    absolute,
    broadcast,
    fused,
    lane_minimum,
    lane_sum,
    load,
    load_part,
    logarithm,
    quotient,
    store,
    vector_jit,
    where_less,
)
from loschmidt.typing import RealMatrix

__all__ = ["logarithmic_coherences", "rank_one_eigenvalues", "rank_one_weights"]

_TINY = 1e-290  # weights that do not matter, and whose squares would vanish
_CANCELS = 0.125  # differences smaller than this fraction of their terms are found in another way
_RANK_ONE = 1e-14  # distance from rank one over the largest ρ_nm / √(p_n p_m)


@jit(error_model="numpy")
def _sorted(values, order):  # type: ignore[no-untyped-def]
    # By insertion: NumPy's own sort takes seconds to compile.
    for k in range(len(values)):
        position = k
        while position > 0 and values[order[position - 1]] > values[k]:
            order[position] = order[position - 1]
            position -= 1
        order[position] = k


@jit(error_model="numpy")
def _distinct(diagonal, weights, order, pole_of, poles, summed):  # type: ignore[no-untyped-def]
    # Distinct poles in ascending order with their weights; levels without weight belong to none (-1).
    count = 0
    for k in range(len(order)):
        n = order[k]
        pole_of[n] = -1
        if weights[n] <= _TINY:
            continue
        if count > 0 and diagonal[n] == poles[count - 1]:
            summed[count - 1] += weights[n]
        else:
            poles[count], summed[count] = diagonal[n], weights[n]
            count += 1
        pole_of[n] = count - 1
    return count


@jit(error_model="numpy")
def _pivots(matrix, populations):  # type: ignore[no-untyped-def]
    # The largest |ρ_nm|² / (p_n p_m), its place, and a third level that is best connected to the two, -1 for none.
    first, second, third, largest, best = 0, 1, -1, 0.0, 0.0
    inverses = 1.0 / populations
    for n in range(len(populations)):
        for m in range(n):
            element = matrix[n, m]
            square = (element.real**2 + element.imag**2) * inverses[n] * inverses[m]
            if square > largest:
                first, second, largest = n, m, square
    for k in range(len(populations)):
        if k not in (first, second):
            product = abs(matrix[k, first]) * abs(matrix[k, second]) * inverses[k]
            if product > best:
                third, best = k, product
    return first, second, third, largest


@jit(error_model="numpy")
def rank_one_weights(matrix, populations, weights):  # type: ignore[no-untyped-def]
    """Fill in |a_n|² (d,) of a matrix (d, d) that is a_n a_m* off its diagonal; return whether it is of that form.

    All `populations` (d,), its diagonal, must be positive.
    """
    d = len(populations)
    first, second, third, largest = _pivots(matrix, populations)
    middle = abs(matrix[first, second])
    if third >= 0:
        square = abs(matrix[third, first]) * (middle / abs(matrix[third, second]))
    else:
        # Two amplitudes only: their ratio is free.
        square = middle * np.sqrt(populations[first] / populations[second])
    if not square > _TINY:
        return False
    amplitudes = np.empty(d, np.complex128)
    for n in range(d):
        amplitudes[n] = matrix[n, first] / np.sqrt(square)
    amplitudes[first] = np.sqrt(square)
    for n in range(d):
        weights[n] = amplitudes[n].real ** 2 + amplitudes[n].imag ** 2
        for m in range(n):
            apart = matrix[n, m] - amplitudes[n] * amplitudes[m].conjugate()
            limit = _RANK_ONE * _RANK_ONE * largest * populations[n] * populations[m]
            if apart.real**2 + apart.imag**2 > limit:
                return False
    return True


@vector_jit
def _reciprocals(i, weights, count, gaps, reciprocal):  # type: ignore[no-untyped-def]
    # Fills in 1 / (λ_i - δ_m), and returns Σ w / (λ_i - δ_m)².
    total, one = broadcast(0.0, weights), broadcast(1.0, weights)
    for first in range(0, count, LANES):
        store(reciprocal, first, quotient(one, load(gaps[i], first)))
        inverse = load_part(reciprocal, first, count - first)
        total = fused(load_part(weights, first, count - first), inverse * inverse, total)
    return lane_sum(total)


@vector_jit
def _without(m, weights, count, reciprocal):  # type: ignore[no-untyped-def]
    # 1 - w_m / (λ_i - δ_m), from the other terms of the secular equation.
    total, own = broadcast(0.0, weights), reciprocal[m]
    reciprocal[m] = 0.0
    for first in range(0, count, LANES):
        inverse = load_part(reciprocal, first, count - first)
        total = fused(load_part(weights, first, count - first), inverse, total)
    reciprocal[m] = own
    return lane_sum(total)


@vector_jit
def _logarithm_of_one_and(x, like):  # type: ignore[no-untyped-def]
    # ln(1 + x) for |x| < 1, with what 1 + x has lost.
    one = broadcast(1.0, like)
    more = one + x
    return logarithm(more) + quotient(x - (more - one), more)


@vector_jit
def _rests(first, ratio, reciprocal, weights, count, rest, pole_of, shares):  # type: ignore[no-untyped-def]
    # Fills in 1 - w_n / (λ_i - δ_n) of sixteen levels, where it cancels from the other terms of the secular equation.
    left = broadcast(1.0, weights) - ratio
    store(rest, first, left)
    if lane_minimum(absolute(left)) < _CANCELS:
        for n in range(first, min(first + LANES, len(pole_of))):
            m = pole_of[n]
            if m >= 0 and abs(rest[n]) < _CANCELS:
                others = _without(m, weights, count, reciprocal)
                rest[n] = others + (1.0 - shares[n]) * weights[m] * reciprocal[m]


@vector_jit
def _difference(rise, inverse, value, logarithms, like):  # type: ignore[no-untyped-def]
    # ln r - ln p of sixteen levels, from r - p where the two are close.
    relative, limit = rise * inverse, broadcast(_CANCELS, like)
    difference = value - logarithms
    if lane_minimum(absolute(relative)) < _CANCELS:
        close = where_less(absolute(relative), limit, relative, broadcast(0.0, like))
        difference = where_less(absolute(relative), limit, _logarithm_of_one_and(close, like), difference)
    return difference


@jit(error_model="numpy")
def _add_eigenvectors(levels, solved, room, result):  # type: ignore[no-untyped-def]
    # Adds |v|² ln(r / p) and |v|² (r - p) ln(r / p) of each eigenvector to each level.
    logarithms, inverses, own, level_poles, pole_of, shares = levels
    weights, count, scratch = solved
    gaps, roots, nearest, distances, _ = scratch
    reciprocal, rest = room
    inner, outer = result[0], result[1]
    one = broadcast(1.0, own)
    for i in range(count):
        scale = quotient(one, broadcast(_reciprocals(i, weights, count, gaps, reciprocal), own))
        at, distance, value = broadcast(nearest[i], own), broadcast(distances[i], own), broadcast(np.log(roots[i]), own)
        for first in range(0, len(pole_of), LANES):
            gap = distance - (load(level_poles, first) - at)
            inverse = quotient(one, gap)
            ratio = load(own, first) * inverse
            _rests(first, ratio, reciprocal, weights, count, rest, pole_of, shares)
            rise = gap * load(rest, first)
            difference = _difference(rise, load(inverses, first), value, load(logarithms, first), own)
            part = ratio * inverse * scale * difference
            store(inner, first, load(inner, first) + part)
            store(outer, first, fused(part, rise, load(outer, first)))


@jit(error_model="numpy")
def _coherence(populations, logarithms, weights, scratch, result):  # type: ignore[no-untyped-def]
    # Returns the lowest eigenvalue; `result` is only right if it is positive.
    d = len(populations)
    order, pole_of, poles, summed, solver, levels, room, found = scratch
    diagonal = populations - weights
    _sorted(diagonal, order)
    count = _distinct(diagonal, weights, order, pole_of, poles, summed)
    padded_logarithms, inverses, own, level_poles, shares = levels
    for n in range(d):
        shares[n] = weights[n] / summed[pole_of[n]] if pole_of[n] >= 0 else 0.0
    lowest = np.inf
    if count > 0:
        solve(poles, summed, count, solver)
        lowest = solver[1][0]
    found[:] = 0.0
    for n in range(d):
        at = pole_of[n]
        inverses[n], padded_logarithms[n] = 1.0 / populations[n], logarithms[n]
        own[n] = shares[n] * summed[at] if at >= 0 else 0.0
        level_poles[n] = diagonal[n] if at >= 0 else -1.0
        if shares[n] < 1.0:
            # Eigenvectors inside a group of equal poles; a level without weight is one by itself.
            lowest = diagonal[n] if diagonal[n] < lowest else lowest
            if at >= 0 and diagonal[n] > 0.0:
                found[0, n] = (1.0 - shares[n]) * np.log1p(-own[n] / populations[n])
                found[1, n] = -own[n] * found[0, n]
    if lowest > 0.0:
        inside = (padded_logarithms, inverses, own, level_poles, pole_of, shares)
        _add_eigenvectors(inside, (summed, count, solver), room, found)
    result[:] = found[:, :d]
    return lowest


@jit(error_model="numpy")
def _scratch(d):  # type: ignore[no-untyped-def]
    padded = LANES * (d // LANES + 2)
    levels = (np.zeros(padded), np.zeros(padded), np.zeros(padded), np.full(padded, -1.0), np.ones(d))
    room = np.zeros(padded), np.ones(padded)
    return (
        np.empty(d, np.int64), np.empty(d, np.int64), np.zeros(padded), np.zeros(padded), solver_scratch(d), levels,
        room, np.zeros((2, padded)),
    )  # fmt: skip


@jit(error_model="numpy")
def logarithmic_coherences(matrices, populations, logarithms, times, lowest, results):  # type: ignore[no-untyped-def]
    """Fill in what ln ρ and ln Δρ differ by where states are diagonal plus rank one.

    With K = ln ρ - ln Δρ of the state at times[k], results[k, 0] (d,) is the diagonal of K and results[k, 1] that of
    (ρ - Δρ) K.

    Parameters
    ----------
    matrices : (T, d, d)
        States.
    populations, logarithms : (T, d)
        Their diagonals, positive at `times`, and the logarithms of those.
    times : (t,)
        Which states.
    lowest : (t,)
        Receives the lowest eigenvalue, NaN where a state is not of that form; `results` (t, 2, d) is right where it is
        positive.
    """
    d = populations.shape[1]
    scratch, weights = _scratch(d), np.empty(d)
    for k in range(len(times)):
        t = times[k]
        lowest[k] = np.nan
        if rank_one_weights(matrices[t], populations[t], weights):
            lowest[k] = _coherence(populations[t], logarithms[t], weights, scratch, results[k])


@jit(error_model="numpy")
def _eigenvalues(diagonals, weights, values):  # type: ignore[no-untyped-def]
    d = diagonals.shape[1]
    order, pole_of, poles, summed, solver, _, _, _ = _scratch(d)
    roots = solver[1]
    unsorted = np.empty(d)
    for t in range(len(diagonals)):
        _sorted(diagonals[t], order)
        count = _distinct(diagonals[t], weights[t], order, pole_of, poles, summed)
        if count > 0:
            solve(poles, summed, count, solver)
        # The first level of each pole gives its place to the root above it, the others stay.
        last = -1
        for k in range(d):
            m = pole_of[order[k]]
            unsorted[k] = roots[m] if m > last else diagonals[t, order[k]]
            last = m if m > last else last
        _sorted(unsorted, order)
        for k in range(d):
            values[t, k] = unsorted[order[k]]


def rank_one_eigenvalues(diagonals: RealMatrix, weights: RealMatrix) -> RealMatrix:
    """Return the ascending eigenvalues (n, d) of diag(δ) + a a† for δ (n, d) and |a|² (n, d)."""
    values = np.empty(diagonals.shape)
    _eigenvalues(diagonals, weights, values)
    return values
