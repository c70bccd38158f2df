"""One step of a walk among two-level systems with partial memory, in modes that memory loss merely damps.

The state of walker and M two-level systems is diagonal in the pointer states m of the latter, ρ = Σ_m ρ_m ⊗ |m><m|.
For each system, ρ_m = √p_m Σ_k R_mk ρ^(k) with the rotation R whose mode 0 is the fresh distribution p and whose mode 1
is the deviation from it. Memory loss multiplies ρ^(k) by (1 - r) for each deviation in k, and tracing the systems out
keeps k = 0. A coin acts on one mode index and the walker's direction as a unitary 4 × 4 matrix.

``modes`` is (elements, 2, 2^M): one row for each element of the walker's matrix on or above its diagonal, real and
imaginary parts apart, the modes innermost, site x at bit M-1-x. All work on a pair of sites happens on 16 rows of lanes
that stay in the first cache. Slow twin: ``tests/reference/two_level_walk.py``, the joint density matrix.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["collide", "resolve"]

_LANES = 64


@jit(error_model="numpy")
def _combine(a, b, c, d, out, real, imaginary, lanes):  # type: ignore[no-untyped-def]
    # out = t_0 a + t_1 b + t_2 c + t_3 d for complex lanes; the coefficients stay in registers.
    tr, ur, vr, wr = real[0], real[1], real[2], real[3]
    ti, ui, vi, wi = imaginary[0], imaginary[1], imaginary[2], imaginary[3]
    for lane in range(lanes):
        ar, ai, br, bi = a[lane], a[_LANES + lane], b[lane], b[_LANES + lane]
        cr, ci, dr, di = c[lane], c[_LANES + lane], d[lane], d[_LANES + lane]
        out[lane] = (tr * ar - ti * ai) + (ur * br - ui * bi) + (vr * cr - vi * ci) + (wr * dr - wi * di)
        out[_LANES + lane] = (tr * ai + ti * ar) + (ur * bi + ui * br) + (vr * ci + vi * cr) + (wr * di + wi * dr)


@jit(error_model="numpy")
def _mix(work, start, step, out, real, imaginary, lanes):  # type: ignore[no-untyped-def]
    a, b, c, d = work[start], work[start + step], work[start + 2 * step], work[start + 3 * step]
    for row in range(len(real)):
        _combine(a, b, c, d, out[start + row * step], real[row], imaginary[row], lanes)


@jit(error_model="numpy")
def _load(element, sign, positions, offset, row, count, adjacent):  # type: ignore[no-untyped-def]
    real, imaginary = element[0], element[1]
    if adjacent:
        start = positions[0] + offset
        real, imaginary = real[start : start + count], imaginary[start : start + count]
        for lane in range(count):
            row[lane] = real[lane]
            row[_LANES + lane] = sign * imaginary[lane]
        return
    for lane in range(count):
        row[lane] = real[positions[lane] + offset]
        row[_LANES + lane] = sign * imaginary[positions[lane] + offset]


@jit(error_model="numpy")
def _store(element, sign, positions, offset, row, decay, count, adjacent):  # type: ignore[no-untyped-def]
    real, imaginary = element[0], element[1]
    if adjacent:
        start = positions[0] + offset
        real, imaginary = real[start : start + count], imaginary[start : start + count]
        factor = decay[start : start + count]
        for lane in range(count):
            real[lane] = factor[lane] * row[lane]
            imaginary[lane] = sign * factor[lane] * row[_LANES + lane]
        return
    for lane in range(count):
        factor_here = decay[positions[lane] + offset]
        real[positions[lane] + offset] = factor_here * row[lane]
        imaginary[positions[lane] + offset] = sign * factor_here * row[_LANES + lane]


@jit(error_model="numpy")
def _pair(modes, elements, bits, left, right, decay, scratch):  # type: ignore[no-untyped-def]
    # The four elements (c, c') of two different sites, and their bits, the higher first. Rows of `work` are numbered
    # by (mode of the first site, c, mode of the second site, c').
    slots, signs = elements
    high, low = bits
    work, other, positions = scratch
    four = len(slots)  # not a constant: unrolled, these loops take long to compile and run no faster
    others = modes.shape[2] >> 2
    below, between = (1 << low) - 1, (1 << (high - 1 - low)) - 1
    for first in range(0, others, _LANES):
        count = min(_LANES, others - first)
        for lane in range(count):
            at = first + lane
            positions[lane] = ((at >> (high - 1)) << (high + 1)) | (((at >> low) & between) << (low + 1)) | (at & below)
        adjacent = 1 << low >= _LANES
        for i in range(four):
            for k in range(four):
                row = work[8 * (k >> 1) + 4 * (i >> 1) + 2 * (k & 1) + (i & 1)]
                offset = ((k >> 1) << high) | ((k & 1) << low)
                _load(modes[slots[i]], signs[i], positions, offset, row, count, adjacent)
        for column in range(four):
            _mix(work, column, 4, other, left[0], left[1], count)
        for line in range(four):
            _mix(other, 4 * line, 1, work, right[0], right[1], count)
        for i in range(four):
            for k in range(four):
                row = work[8 * (k >> 1) + 4 * (i >> 1) + 2 * (k & 1) + (i & 1)]
                offset = ((k >> 1) << high) | ((k & 1) << low)
                _store(modes[slots[i]], signs[i], positions, offset, row, decay, count, adjacent)


@jit(error_model="numpy")
def _add(source, out, real, imaginary, lanes):  # type: ignore[no-untyped-def]
    for lane in range(lanes):
        x, y = source[lane], source[_LANES + lane]
        out[lane] += real * x - imaginary * y
        out[_LANES + lane] += real * y + imaginary * x


@jit(error_model="numpy")
def _site(modes, slots, sign, matrix, bit, decay, scratch):  # type: ignore[no-untyped-def]
    # The elements (0, 0), (0, 1), (1, 1) of one site. Rows of `work` are numbered by (mode, c, c').
    work, other, positions = scratch
    two = len(matrix)
    others = modes.shape[2] >> 1
    for first in range(0, others, _LANES):
        count = min(_LANES, others - first)
        for lane in range(count):
            at = first + lane
            positions[lane] = ((at >> bit) << (bit + 1)) | (at & ((1 << bit) - 1))
        adjacent = 1 << bit >= _LANES
        for k in range(two):
            _load(modes[slots[0]], 1.0, positions, k << bit, work[4 * k], count, adjacent)
            _load(modes[slots[1]], sign, positions, k << bit, work[4 * k + 1], count, adjacent)
            _load(modes[slots[1]], -sign, positions, k << bit, work[4 * k + 2], count, adjacent)
            _load(modes[slots[2]], 1.0, positions, k << bit, work[4 * k + 3], count, adjacent)
        for row in range(matrix.shape[1]):
            for lane in range(2 * _LANES):
                other[row, lane] = 0.0
            for column in range(matrix.shape[2]):
                _add(work[column], other[row], matrix[0, row, column], matrix[1, row, column], count)
        for k in range(two):
            _store(modes[slots[0]], 1.0, positions, k << bit, other[4 * k], decay, count, adjacent)
            _store(modes[slots[1]], sign, positions, k << bit, other[4 * k + 1], decay, count, adjacent)
            _store(modes[slots[2]], 1.0, positions, k << bit, other[4 * k + 3], decay, count, adjacent)


@jit(error_model="numpy")
def collide(modes, pairs, singles, pair_matrices, conjugates, site_matrices, decay):  # type: ignore[no-untyped-def]
    """Let the walker collide once, in place; the shift is the caller's renumbering of elements.

    Parameters
    ----------
    modes : (elements, 2, 2^M)
    pairs : tuple of (P, 2) sites x < y, (P, 4) rows of the elements (c, c'), (P, 4) signs
        A sign -1 says that the conjugate of the element is stored.
    singles : tuple of (S,) sites, (S, 3) rows of the elements (0, 0), (0, 1), (1, 1), (S,) sign of the second
    pair_matrices, conjugates : (M, 2, 4, 4)
        Real and imaginary part of the coin on (mode, direction), left side of the walker's matrix and right side.
    site_matrices : (M, 2, 8, 8)
        The coin on (mode, c, c'), both sides.
    decay : (2^M,)
        By how much memory loss damps each mode.
    """
    sites = len(pair_matrices)
    scratch = np.zeros((16, 2 * _LANES)), np.zeros((16, 2 * _LANES)), np.zeros(_LANES, np.int64)
    for b in range(len(pairs[0])):
        x, y = pairs[0][b, 0], pairs[0][b, 1]
        elements, bits = (pairs[1][b], pairs[2][b]), (sites - 1 - x, sites - 1 - y)
        _pair(modes, elements, bits, pair_matrices[x], conjugates[y], decay, scratch)
    for b in range(len(singles[0])):
        x = singles[0][b]
        _site(modes, singles[1][b], singles[2][b], site_matrices[x], sites - 1 - x, decay, scratch)


@jit(error_model="numpy")
def resolve(modes, rows, rotations, weights, resolved):  # type: ignore[no-untyped-def]
    """Write the elements of the unnormalised ρ_m of every configuration m into resolved (len(rows), 2, 2^M).

    `rotations` is (M, 2, 2) with R_mk of each site, `weights` (2^M,) is Π √p_m.
    """
    sites, length = len(rotations), modes.shape[2]
    for at in range(len(rows)):
        for part in range(2):
            vector = resolved[at, part]
            for m in range(length):
                vector[m] = modes[rows[at], part, m]
            for x in range(sites):
                stride = 1 << (sites - 1 - x)
                a, b, c, d = rotations[x, 0, 0], rotations[x, 0, 1], rotations[x, 1, 0], rotations[x, 1, 1]
                for start in range(0, length, 2 * stride):
                    first, second = vector[start : start + stride], vector[start + stride : start + 2 * stride]
                    for lane in range(stride):
                        u, v = first[lane], second[lane]
                        first[lane] = a * u + b * v
                        second[lane] = c * u + d * v
            for m in range(length):
                vector[m] *= weights[m]
