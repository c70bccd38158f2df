"""The entropy accounts of many small states under Davies baths, sixteen states side by side.

A state is real but for the phases of the basis, so that its eigenproblem takes real Jacobi rotations. Two passes leave
the logarithms between them to NumPy: :func:`decompose` fills in their arguments, :func:`accounts` sums up. Element
(n, m) of a matrix of a group of states takes 16 numbers from 16 (d n + m) on.

Slow twin: the definitions, in ``tests/reference/small_ledgers.py``.
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
    quotient,
    square_root,
    store,
    vector_jit,
    where_less,
)

__all__ = ["COMPLEX", "DONE", "EMPTY", "SINGULAR", "TINY", "accounts", "decompose"]

#: What became of a state: decomposed; too little coherence; a kernel, or close to one; not real; an empty level.
DONE, TINY, SINGULAR, COMPLEX, EMPTY = 0, 1, 2, 3, 4

_SWEEPS = 30
_CONVERGED = 1e-33  # squared off-diagonal over squared diagonal norm
_REAL = 1e-14  # imaginary part of an element, over its size
_SERIES = 1e-16  # |ρ_nm|² / (p_n p_m) up to which the second-order series is the more accurate way
_SUSPICIOUS = 1e-12  # an eigenvalue below this is zero, or needs an eigensolver with relative accuracy
_SQUARES = 1e-280  # smaller squares have lost digits


@jit(error_model="numpy")
def _real_form(matrix, empty, real, lane, phases):  # type: ignore[no-untyped-def]
    # Fills in the matrix in a basis that makes its first row real.
    d = len(matrix)
    ratio, straight = 0.0, True
    for n in range(d):
        real[LANES * (d + 1) * n + lane] = matrix[n, n].real
        if not matrix[n, n].real > empty:
            return EMPTY
        element = matrix[0, n]
        square = element.real**2 + element.imag**2
        size = np.sqrt(square) if square > _SQUARES else abs(element)
        phases[n] = element / size if n > 0 and size > 0.0 else 1.0
    for n in range(d):
        for m in range(n):
            element = matrix[n, m]
            turned = element * (phases[n] * phases[m].conjugate())
            straight = straight and abs(turned.imag) <= _REAL * abs(turned.real)
            real[LANES * (d * n + m) + lane] = turned.real
            real[LANES * (d * m + n) + lane] = turned.real
            square, product = element.real**2 + element.imag**2, matrix[n, n].real * matrix[m, m].real
            ratio = square / product if square > ratio * product else ratio
    if 0.0 < ratio <= _SERIES:
        return TINY
    return DONE if straight else COMPLEX


@jit(error_model="numpy")
def _pack(components, empty, start, rooms, status):  # type: ignore[no-untyped-def]
    # Lanes beyond the end repeat the last state; one that cannot be done holds the identity.
    levels, real, vectors, work = rooms
    d = components.shape[1]
    phases = np.empty(d, np.complex128)
    vectors[:] = 0.0
    for lane in range(LANES):
        t = start + lane if start + lane < len(status) else len(status) - 1
        status[t] = _real_form(components[t], empty[t], real, lane, phases)
        if status[t] != DONE:
            real[lane::LANES] = 0.0
        for n in range(d):
            place = LANES * (d + 1) * n + lane
            real[place] = real[place] if status[t] == DONE else 1.0
            vectors[place] = 1.0
    work[:] = real
    for n in range(d):
        for lane in range(LANES):
            levels[LANES * n + lane] = real[LANES * (d + 1) * n + lane]
            real[LANES * (d + 1) * n + lane] = 0.0


@vector_jit
def _turn(array, a, b, cosine, sine):  # type: ignore[no-untyped-def]
    x, y = load(array, LANES * a), load(array, LANES * b)
    store(array, LANES * a, fused_negative(sine, y, cosine * x))
    store(array, LANES * b, fused(sine, x, cosine * y))


@jit(error_model="numpy")
def _rotate(work, vectors, d, p, q):  # type: ignore[no-untyped-def]
    # Of the two angles that make the element between p and q vanish, the smaller. Elements of the lower triangle.
    a, b, c = load(work, LANES * (d + 1) * p), load(work, LANES * (d * q + p)), load(work, LANES * (d + 1) * q)
    zero, one = broadcast(0.0, work), broadcast(1.0, work)
    half = broadcast(0.5, work) * (c - a)
    reach = absolute(half) + square_root(fused(half, half, b * b))
    tangent = quotient(where_less(half, zero, zero - b, b), where_less(zero, reach, reach, one))
    cosine = quotient(one, square_root(fused(tangent, tangent, one)))
    sine = cosine * tangent
    store(work, LANES * (d + 1) * p, fused_negative(tangent, b, a))
    store(work, LANES * (d + 1) * q, fused(tangent, b, c))
    store(work, LANES * (d * q + p), zero)
    for k in range(p):
        _turn(work, d * p + k, d * q + k, cosine, sine)
    for k in range(p + 1, q):
        _turn(work, d * k + p, d * q + k, cosine, sine)
    for k in range(q + 1, d):
        _turn(work, d * k + p, d * k + q, cosine, sine)
    for k in range(d):
        _turn(vectors, d * p + k, d * q + k, cosine, sine)


@jit(error_model="numpy")
def _converged(work, d):  # type: ignore[no-untyped-def]
    outside, inside = broadcast(0.0, work), broadcast(0.0, work)
    for n in range(d):
        element = load(work, LANES * (d + 1) * n)
        inside = fused(element, element, inside)
        for m in range(n):
            element = load(work, LANES * (d * n + m))
            outside = fused(element, element, outside)
    # Not a number is never less, and counts as converged: it will not become one.
    return lane_minimum(broadcast(_CONVERGED, work) * inside - outside) >= 0.0


@jit(error_model="numpy")
def _diagonalise(work, vectors, d):  # type: ignore[no-untyped-def]
    # Row k of `vectors` is the eigenvector of element (k, k).
    for _ in range(_SWEEPS):
        if _converged(work, d):
            break
        for q in range(1, d):
            for p in range(q):
                _rotate(work, vectors, d, p, q)


@vector_jit
def _flow_ratio(levels, first, second, down, up, logarithms, row):  # type: ignore[no-untyped-def]
    # Of two opposite flows: 1 where neither flows, infinite where one has no reverse.
    zero, one = broadcast(0.0, levels), broadcast(1.0, levels)
    x, y = broadcast(down, levels) * load(levels, LANES * second), broadcast(up, levels) * load(levels, LANES * first)
    without = where_less(zero, y, broadcast(np.inf, levels), one)
    store(logarithms, LANES * row, where_less(zero, x, quotient(x, y), without))


@vector_jit
def _distance(value, level, slopes, row):  # type: ignore[no-untyped-def]
    # |r - p| over the smaller of the two: log1p of it is |ln r - ln p|, and nothing is lost however close they are.
    zero = broadcast(0.0, slopes)
    smaller = where_less(level, value, level, value)
    distance = quotient(absolute(value - level), where_less(zero, smaller, smaller, broadcast(1.0, slopes)))
    store(slopes, LANES * row, where_less(zero, smaller, distance, zero))


@jit(error_model="numpy")
def _arguments(rates, levels, work, values, logarithms, slopes):  # type: ignore[no-untyped-def]
    # What the logarithm of is needed.
    d = len(rates[0])
    logarithms[: LANES * d] = levels
    row = d
    for b in range(len(rates)):
        for n in range(d):
            for m in range(n):
                _flow_ratio(levels, m, n, rates[b, m, n], rates[b, n, m], logarithms, row)
                row += 1
    for i in range(d):
        value = load(work, LANES * (d + 1) * i)
        store(values, LANES * i, value)
        for n in range(d):
            _distance(value, load(levels, LANES * n), slopes, d * i + n)


@jit(error_model="numpy")
def decompose(components, empty, rates, logarithms, slopes, space, status):  # type: ignore[no-untyped-def]
    """Diagonalise the states and fill in what the logarithm of is needed.

    Parameters
    ----------
    components : (T, d, d)
        States in the energy eigenbasis.
    empty : (T,)
        Populations up to this count as zero.
    rates : (B, d, d)
        Of each bath, rates[b, n, m] of the jump m → n.
    logarithms : (G, 16 (d + B d (d - 1) / 2))
        Receives populations, then ratios of opposite flows, of groups of states.
    slopes : (G, 16 d²)
        Receives |r - p| / min(r, p) of eigenvalues r and populations p; :func:`accounts` wants log1p of it.
    space : (G, 16 (2 d + 2 d²))
        Receives populations, eigenvalues, coherences and eigenvectors.
    status : (T,)
        Receives one of DONE, TINY, SINGULAR, COMPLEX, EMPTY.
    """
    d = components.shape[1]
    row, square = LANES * d, LANES * d * d
    work = np.empty(square)
    for group in range(len(space)):
        room = space[group]
        levels, values, real, vectors = (
            room[:row], room[row : 2 * row], room[2 * row : 2 * row + square], room[2 * row + square :],
        )  # fmt: skip
        _pack(components, empty, LANES * group, (levels, real, vectors, work), status)
        _diagonalise(work, vectors, d)
        _arguments(rates, levels, work, values, logarithms[group], slopes[group])
        for lane in range(min(LANES, len(status) - LANES * group)):
            t = LANES * group + lane
            for i in range(d):
                if not values[LANES * i + lane] > _SUSPICIOUS and status[t] == DONE:
                    status[t] = SINGULAR


@vector_jit
def _add(array, row, vector):  # type: ignore[no-untyped-def]
    store(array, LANES * row, load(array, LANES * row) + vector)


@jit(error_model="numpy")
def _add_populations(rates, flows, levels, logarithms, changes, result):  # type: ignore[no-untyped-def]
    # S(Δρ), its rate, and of each bath heat, particles, Π_d, and D_b(ρ) on the diagonal.
    count, d = len(rates), len(rates[0])
    zero, infinite = broadcast(0.0, levels), broadcast(np.inf, levels)
    row = d
    changes[:] = 0.0
    for n in range(d):
        level = load(levels, LANES * n)
        _add(result, 1, zero - level * load(logarithms, LANES * n))
        for b in range(count):
            _add(result, 5 + b, broadcast(flows[b, 0, n], levels) * level)
            _add(result, 5 + count + b, broadcast(flows[b, 1, n], levels) * level)
    for b in range(count):
        for n in range(d):
            for m in range(n):
                gained = broadcast(rates[b, m, n], levels) * load(levels, LANES * n)
                flow = gained - broadcast(rates[b, n, m], levels) * load(levels, LANES * m)
                _add(changes, d * b + m, flow)
                _add(changes, d * b + n, zero - flow)
                logarithm = load(logarithms, LANES * row)
                _add(result, 5 + 2 * count + b, where_less(logarithm, infinite, flow * logarithm, infinite))
                row += 1
        for n in range(d):
            _add(result, 4, zero - load(changes, LANES * (d * b + n)) * load(logarithms, LANES * n))


@vector_jit
def _in_eigenbasis(state, slopes, i, m, product):  # type: ignore[no-untyped-def]
    # s_i = Σ_k v_k ρ_km of the coherences, times the divided difference of the logarithm.
    levels, values, real, vectors = state
    d = len(levels) // LANES
    total = broadcast(0.0, levels)
    for k in range(d):
        total = fused(load(vectors, LANES * (d * i + k)), load(real, LANES * (d * m + k)), total)
    level = load(levels, LANES * m)
    zero, one, apart = broadcast(0.0, levels), broadcast(1.0, levels), absolute(load(values, LANES * i) - level)
    slope = quotient(
        where_less(zero, apart, load(slopes, LANES * (d * i + m)), one), where_less(zero, apart, apart, level)
    )
    store(product, LANES * i, total * slope)


@vector_jit
def _from_eigenbasis(vectors, product, d, n):  # type: ignore[no-untyped-def]
    total = broadcast(0.0, product)
    for i in range(d):
        total = fused(load(vectors, LANES * (d * i + n)), load(product, LANES * i), total)
    return total


@jit(error_model="numpy")
def _add_coherences(decay, state, slopes, changes, product, result):  # type: ignore[no-untyped-def]
    # C = tr(ρ K), and Υ = -tr(D_b(ρ) K) of each bath, K = ln ρ - ln Δρ: over eigenvectors v with eigenvalue r,
    # K_nm = Σ v_n (v†(ρ - Δρ))_m ln[r, p_m] has divided differences, so that nothing is subtracted.
    levels, _, real, vectors = state
    count, d = len(decay), len(decay[0])
    for m in range(d):
        for i in range(d):
            _in_eigenbasis(state, slopes, i, m, product)
        for n in range(m):
            weight = load(real, LANES * (d * m + n)) * _from_eigenbasis(vectors, product, d, n)
            weight = weight + weight
            _add(result, 2, weight)
            for b in range(count):
                _add(result, 5 + 3 * count + b, broadcast(decay[b, n, m], levels) * weight)
        element = _from_eigenbasis(vectors, product, d, m)
        _add(result, 2, load(levels, LANES * m) * element)
        for b in range(count):
            _add(result, 5 + 3 * count + b, broadcast(0.0, levels) - load(changes, LANES * (d * b + m)) * element)


@jit(error_model="numpy")
def accounts(tables, logarithms, slopes, space, result):  # type: ignore[no-untyped-def]
    """Fill in the accounts of what :func:`decompose` has decomposed, after logarithms were taken.

    Parameters
    ----------
    tables : tuple
        Rates (B, d, d), decay rates of coherences (B, d, d), heat and particles per population (B, 2, d).
    logarithms, slopes, space
        As in :func:`decompose`.
    result : (G, 16 (5 + 4 B))
        Receives S(ρ), S(Δρ), C, their rates dS(ρ)/dt and dS(Δρ)/dt, then heat, particles, Π_d and Υ of each bath.
    """
    rates, decay, flows = tables
    count, d = len(rates), len(rates[0])
    row, square = LANES * d, LANES * d * d
    product, changes = np.empty(row), np.empty(count * row)
    result[:] = 0.0
    for group in range(len(space)):
        room, found = space[group], result[group]
        state = (room[:row], room[row : 2 * row], room[2 * row : 2 * row + square], room[2 * row + square :])
        _add_populations(rates, flows, state[0], logarithms[group], changes, found)
        _add_coherences(decay, state, slopes[group], changes, product, found)
        _add(found, 0, load(found, LANES) - load(found, 2 * LANES))
        _add(found, 3, load(found, 4 * LANES))
        for b in range(count):
            _add(found, 3, load(found, LANES * (5 + 3 * count + b)))
