"""What ln ρ and ln Δρ differ by, for many small states that are real but for the phases of the basis.

Real symmetric Jacobi rotations on groups of matrices side by side, as in :mod:`loschmidt._kernels.jacobi` but cheaper
than complex ones, and the sums over the logarithm in the same pass. Slow twin ``.py_func``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["COMPLEX", "DONE", "SINGULAR", "TINY", "coherence_accounts"]

#: What became of a state: filled in; too little coherence; a kernel, or close to one; not real.
DONE, TINY, SINGULAR, COMPLEX = 0, 1, 2, 3

_LANES = 32
_SWEEPS = 30
_CONVERGED = 1e-33  # squared off-diagonal over squared diagonal norm
_REAL = 1e-14  # imaginary part of an element, over its size
_CLOSE = 0.125  # differences smaller than this fraction of a population are not found by subtracting logarithms


@jit(error_model="numpy")
def _real_form(matrix, populations, limits, real, phases):  # type: ignore[no-untyped-def]
    # Fills real (d, d) with the coherences, zero on the diagonal, in a basis that makes the first row real.
    smallest, lowest = limits[0], limits[1]
    d = len(populations)
    ratio, filled, straight = 0.0, True, True
    for n in range(d):
        size = abs(matrix[0, n])
        phases[n] = matrix[0, n] / size if n > 0 and size > 0.0 else 1.0
        filled = filled and populations[n] > lowest
        real[n, n] = 0.0
    for n in range(d):
        for m in range(n):
            element = matrix[n, m]
            square = element.real**2 + element.imag**2
            turned = element * phases[n] * phases[m].conjugate()
            straight = straight and abs(turned.imag) <= _REAL * abs(turned.real)
            real[n, m] = turned.real
            real[m, n] = turned.real
            if square > 0.0 and square > ratio * (populations[n] * populations[m]):
                ratio = square / (populations[n] * populations[m])
    if ratio == 0.0:
        return TINY
    if not filled:
        return SINGULAR
    if ratio <= smallest:
        return TINY
    return DONE if straight else COMPLEX


@jit(error_model="numpy")
def _turn(a, b, rotation, lanes):  # type: ignore[no-untyped-def]
    for lane in range(lanes):
        x, y = a[lane], b[lane]
        a[lane] = rotation[lane] * x - rotation[_LANES + lane] * y
        b[lane] = rotation[_LANES + lane] * x + rotation[lane] * y


@jit(error_model="numpy")
def _angle(a, b, c, rotation, lanes):  # type: ignore[no-untyped-def]
    # Of the two angles that make the element b between a and c vanish, the smaller: its cosine, then its sine.
    for lane in range(lanes):
        half, element = 0.5 * (c[lane] - a[lane]), b[lane]
        reach = abs(half) + np.sqrt(half * half + element * element)
        tangent = np.copysign(1.0, half) * element / (reach if reach > 0.0 else 1.0)
        cosine = 1.0 / np.sqrt(1.0 + tangent * tangent)
        rotation[lane] = cosine
        rotation[_LANES + lane] = cosine * tangent
        a[lane] -= tangent * element
        c[lane] += tangent * element
        b[lane] = 0.0


@jit(error_model="numpy")
def _converged(work, d, lanes, norms):  # type: ignore[no-untyped-def]
    norms[:] = 0.0
    for row in range(d):
        for column in range(row + 1):
            element, norm = work[row, column], norms[1 if column == row else 0]
            for lane in range(lanes):
                norm[lane] += element[lane] * element[lane]
    for lane in range(lanes):
        if not norms[0, lane] <= _CONVERGED * norms[1, lane]:
            return False
    return True


@jit(error_model="numpy")
def _diagonalise(work, vectors, norms, lanes):  # type: ignore[no-untyped-def]
    # Lower triangles of work (d, d, lanes); vectors[k] is the eigenvector of work[k, k].
    d = work.shape[0]
    rotation = np.empty(2 * _LANES)
    for _ in range(_SWEEPS):
        if _converged(work, d, lanes, norms):
            break
        for q in range(1, d):
            for p in range(q):
                _angle(work[p, p], work[q, p], work[q, q], rotation, lanes)
                for k in range(p):
                    _turn(work[p, k], work[q, k], rotation, lanes)
                for k in range(p + 1, q):
                    _turn(work[k, p], work[q, k], rotation, lanes)
                for k in range(q + 1, d):
                    _turn(work[k, p], work[k, q], rotation, lanes)
                for k in range(d):
                    _turn(vectors[p, k], vectors[q, k], rotation, lanes)


@jit(error_model="numpy")
def _difference(state, eigen, slopes, difference):  # type: ignore[no-untyped-def]
    # K_nm = Σ_i v_n (v†(ρ - Δρ))_m ln[r, p_m]: divided differences, so that nothing is subtracted.
    real, populations, logarithms, inverses = state
    values, vectors = eigen
    d = len(populations)
    difference[:] = 0.0
    for i in range(d):
        logarithm = np.log(values[i])
        slopes[:] = 0.0
        for k in range(d):
            for m in range(d):
                slopes[m] += vectors[i, k] * real[k, m]
        for m in range(d):
            apart = values[i] - populations[m]
            if abs(apart) >= _CLOSE * populations[m]:
                slopes[m] *= (logarithm - logarithms[m]) / apart
            elif apart != 0.0:
                slopes[m] *= np.log1p(apart * inverses[m]) / apart
            else:
                slopes[m] *= inverses[m]
        for n in range(d):
            for m in range(d):
                difference[n, m] += vectors[i, n] * slopes[m]


@jit(error_model="numpy")
def _sums(real, populations, difference, changes, decay, production):  # type: ignore[no-untyped-def]
    # Returns tr(ρ K) and fills in -tr(D_b(ρ) K) of each bath b.
    d = len(populations)
    coherence = 0.0
    for b in range(len(production)):
        production[b] = 0.0
        for n in range(d):
            production[b] -= changes[b, n] * difference[n, n]
    for n in range(d):
        coherence += populations[n] * difference[n, n]
        for m in range(d):
            weight = real[n, m] * difference[n, m]
            coherence += weight
            for b in range(len(production)):
                production[b] += decay[b, n, m] * weight
    return coherence


@jit(error_model="numpy")
def _pack(states, limits, start, used, lanes, status):  # type: ignore[no-untyped-def]
    # Lanes beyond the end repeat the last state; a lane without a state that can be done holds zero.
    real, work, turned = lanes
    d = work.shape[0]
    phases = np.empty(d, np.complex128)
    turned[:] = 0.0
    work[:] = 0.0
    for lane in range(_LANES):
        t = start + (lane if lane < used else used - 1)
        status[t] = _real_form(states[0][t], states[1][t], limits, real[lane], phases)
        for n in range(d):
            turned[n, n, lane] = 1.0
            if status[t] == DONE:
                for m in range(n):
                    work[n, m, lane] = real[lane, n, m]
                work[n, n, lane] = states[1][t, n]


@jit(error_model="numpy")
def _account(states, t, found, smallest, decay, scratch, coherence, production):  # type: ignore[no-untyped-def]
    _, populations, logarithms, changes = states
    real, diagonalised, turned = found
    slopes, difference, values, vectors = scratch
    d = len(values)
    for k in range(d):
        values[k] = diagonalised[k, k]
        if not values[k] > smallest:
            return SINGULAR
        for n in range(d):
            vectors[k, n] = turned[k, n]
    state = (real, populations[t], logarithms[t], 1.0 / populations[t])
    _difference(state, (values, vectors), slopes, difference)
    coherence[t] = _sums(real, populations[t], difference, changes[t], decay, production[t])
    return DONE


@jit(error_model="numpy")
def coherence_accounts(states, decay, limits, coherence, production, status, lanes):  # type: ignore[no-untyped-def]
    """Fill in the relative entropy of coherence C and the production Υ_b of each bath, and say where that was possible.

    Parameters
    ----------
    states : tuple
        Matrices (T, d, d), their diagonals and the logarithms of those (T, d), diagonals of D_b(ρ) (T, B, d).
    decay : (B, d, d)
        Decay rates of the coherences.
    limits : (3,)
        |ρ_nm|² / (p_n p_m) below which there is too little coherence; populations, and eigenvalues, that count as zero.
    coherence, production, status : (T,), (T, B), (T,)
        Receive C, Υ and one of DONE, TINY, SINGULAR, COMPLEX; only what is DONE is filled in.
    lanes : int
        32; a constant would make the compiler unroll loops instead of vectorising them.
    """
    count, d = states[1].shape
    real = np.zeros((_LANES, d, d))
    work, turned, norms = np.empty((d, d, _LANES)), np.empty((d, d, _LANES)), np.empty((2, _LANES))
    scratch = (np.empty(d), np.empty((d, d)), np.empty(d), np.empty((d, d)))
    for start in range(0, count, _LANES):
        used = count - start if count - start < _LANES else _LANES
        _pack(states, limits, start, used, (real, work, turned), status)
        _diagonalise(work, turned, norms, lanes)
        for lane in range(used):
            t = start + lane
            if status[t] == DONE:
                found = (real[lane], work[:, :, lane], turned[:, :, lane])
                status[t] = _account(states, t, found, limits[2], decay, scratch, coherence, production)
