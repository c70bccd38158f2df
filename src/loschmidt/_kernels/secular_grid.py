"""Few levels at equidistant times: populations by uniformisation and the coherences that nothing feeds, in one pass.

The populations are those of :mod:`loschmidt._kernels.uniformisation`, which is the slow twin together with
:mod:`loschmidt.evolution.secular`: non-negative numbers only, columns that sum to one, and states made by doubling.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["coherences_along", "motion_along", "populations_along"]

_LARGEST_STEP = 0.5
_TERMS = 15  # 0.5^16 / 16! < 1e-18
_MOST_TERMS = 160
_EPSILON = 2.0**-52
_BLOCK = 16


@jit(error_model="numpy")
def _multiply(left, right, result):  # type: ignore[no-untyped-def]
    for n in range(left.shape[0]):
        for m in range(right.shape[1]):
            result[n, m] = 0.0
        for k in range(right.shape[0]):
            weight = left[n, k]
            for m in range(right.shape[1]):
                result[n, m] += weight * right[k, m]


@jit(error_model="numpy")
def _add(weight, source, target):  # type: ignore[no-untyped-def]
    for n in range(source.shape[0]):
        for m in range(source.shape[1]):
            target[n, m] += weight * source[n, m]


@jit(error_model="numpy")
def _normalise(matrix):  # type: ignore[no-untyped-def]
    for m in range(matrix.shape[1]):
        total = 0.0
        for n in range(matrix.shape[0]):
            total += matrix[n, m]
        for n in range(matrix.shape[0]):
            matrix[n, m] /= total


@jit(error_model="numpy")
def _poisson(time, weights, tails):  # type: ignore[no-untyped-def]
    # Poisson weights, and their tails summed from the smallest, so that no digit is lost.
    last = len(weights) - 1
    weights[0] = np.exp(-time)
    for k in range(1, last + 1):
        weights[k] = weights[k - 1] * time / k
    tails[last] = 0.0
    for k in range(last - 1, -1, -1):
        tails[k] = tails[k + 1] + weights[k + 1]


@jit(error_model="numpy")
def _converged(weight, power, propagator):  # type: ignore[no-untyped-def]
    for n in range(power.shape[0]):
        for m in range(power.shape[1]):
            if weight * power[n, m] > _EPSILON / 8 * propagator[n, m]:
                return False
    return True


@jit(error_model="numpy")
def _first_rung(series, functionals, scale, step, propagator, integral):  # type: ignore[no-untyped-def]
    # e^{tA} as a Poisson average of powers of `series`, and the integrals of `functionals`.
    d, count = series.shape[0], functionals.shape[0]
    weights, tails = np.empty(_MOST_TERMS + 2), np.empty(_MOST_TERMS + 2)
    _poisson(scale * step, weights, tails)
    powers, rows = np.zeros((2, d, d)), np.zeros((2, count, d))
    for n in range(d):
        powers[0, n, n] = 1.0
    _add(1.0, functionals, rows[0])
    _add(weights[0], powers[0], propagator)
    _add(tails[0] / scale, rows[0], integral)
    for k in range(1, _MOST_TERMS + 1):
        old, new = (k - 1) % 2, k % 2
        _multiply(series, powers[old], powers[new])
        _multiply(rows[old], series, rows[new])
        _add(weights[k], powers[new], propagator)
        _add(tails[k] / scale, rows[new], integral)
        # Far states are reached in many jumps only: go on until their probabilities have converged, too.
        if k >= _TERMS and _converged(weights[k], powers[new], propagator):
            break


@jit(error_model="numpy")
def _double(propagator, integral, squared, added):  # type: ignore[no-untyped-def]
    _multiply(propagator, propagator, squared)
    _multiply(integral, propagator, added)
    _normalise(squared)
    _add(1.0, added, integral)
    for n in range(propagator.shape[0]):
        for m in range(propagator.shape[1]):
            propagator[n, m] = squared[n, m]


@jit(error_model="numpy")
def _one_step(rates, functionals, step, propagator, integral, rooms):  # type: ignore[no-untyped-def]
    # Fills in propagator and integrals over one step; returns how often it was halved.
    d, (series, squared, added), fastest, halvings = rates.shape[0], rooms, 0.0, 0
    for m in range(d):
        out = 0.0
        for n in range(d):
            out += rates[n, m]
        series[m, m] = out
        fastest = out if out > fastest else fastest
    # Twice the fastest rate keeps the diagonal of the series at ½ or more, so it carries no cancellation.
    scale = 2.0 * fastest
    if scale == 0.0:
        for n in range(d):
            propagator[n, n] = 1.0
        _add(step, functionals, integral)
        return halvings
    while scale * step > _LARGEST_STEP:
        step *= 0.5
        halvings += 1
    for m in range(d):
        for n in range(d):
            series[n, m] = 1.0 - series[m, m] / scale if n == m else rates[n, m] / scale
    _first_rung(series, functionals, scale, step, propagator, integral)
    _normalise(propagator)
    for _ in range(halvings):
        _double(propagator, integral, squared, added)
    return halvings


@jit(error_model="numpy")
def populations_along(rates, functionals, start, step, populations, integrals):  # type: ignore[no-untyped-def]
    """Fill in the solution of a rate equation at 0, 1, 2, … times `step`; return how often a step was halved.

    Parameters
    ----------
    rates : (d, d)
        rates[n, m] of the jump m → n, zero diagonal; d below 16.
    functionals : (f, d)
        Rows to integrate.
    start : (d,)
        Initial populations.
    step : float
        Time between neighbours.
    populations, integrals : (T, d), (T, f)
        Receive the solution.
    """
    d, f, count = rates.shape[0], functionals.shape[0], populations.shape[0]
    propagator, squared, series = np.zeros((d, d)), np.empty((d, d)), np.empty((d, d))
    increments, integral, added = np.zeros((f, d)), np.zeros((f, d)), np.empty((f, d))
    halvings = _one_step(rates, functionals, step, propagator, increments, (series, squared, added))
    for n in range(d):
        populations[0, n] = start[n]
    filled = 1
    while filled < count:
        for t in range(min(filled, count - filled)):
            for n in range(d):
                total = 0.0
                for m in range(d):
                    total += propagator[n, m] * populations[t, m]
                populations[filled + t, n] = total
        filled *= 2
        _double(propagator, integral, squared, added)
    for row in range(f):
        total = 0.0
        for t in range(count):
            integrals[t, row] = total
            for m in range(d):
                total += increments[row, m] * populations[t, m]
    return halvings


@jit(error_model="numpy")
def coherences_along(initial, coarse, fine, populations, components, squares):  # type: ignore[no-untyped-def]
    """Fill in states, and the sums of their coherences' squares, from tables of what each coherence is multiplied by.

    Parameters
    ----------
    initial : (d, d)
        Coherences at first; what is on the diagonal does not matter.
    coarse, fine : (T / 16, d, d), (16, d, d)
        Factors after every sixteenth time, and after each of the first sixteen; lower triangles.
    populations : (T, d)
        At each time.
    components, squares : (T, d, d), (T,)
        Receive the states and Σ |ρ_nm|² over n ≠ m.
    """
    d, block = len(initial), len(fine)
    before = np.empty((2, d, d), np.complex128)
    for t in range(len(components)):
        if t % block == 0:
            for n in range(d):
                for m in range(n):
                    factor = coarse[t // block, n, m]
                    before[0, n, m], before[1, n, m] = initial[n, m] * factor, initial[m, n] * factor.conjugate()
        after, total = fine[t % block], 0.0
        for n in range(d):
            components[t, n, n] = populations[t, n]
            for m in range(n):
                element, mirrored = before[0, n, m] * after[n, m], before[1, n, m] * after[n, m].conjugate()
                components[t, n, m], components[t, m, n] = element, mirrored
                total += element.real**2 + element.imag**2 + mirrored.real**2 + mirrored.imag**2
        squares[t] = total


@jit(error_model="numpy")
def _factors(levels, dephasing, step, result):  # type: ignore[no-untyped-def]
    # What coherences (n, m) are multiplied by after 0, 1, 2, … times `step`; lower triangles.
    d = len(levels)
    turned = np.empty(d, np.complex128)
    for k in range(len(result)):
        time = k * step
        for n in range(d):
            turned[n] = np.exp(levels[n] * time)
            for m in range(n):
                result[k, n, m] = turned[n] * turned[m].conjugate()
        for n in range(len(dephasing)):
            for m in range(n):
                result[k, n, m] *= np.exp(-time * dephasing[n, m])


@jit(error_model="numpy")
def motion_along(rates, functionals, levels, dephasing, initial, step, found):  # type: ignore[no-untyped-def]
    """Fill in states and integrals at 0, 1, 2, … times `step`; return how often a step was halved.

    Parameters
    ----------
    rates, functionals : (d, d), (f, d)
        As in :func:`populations_along`.
    levels : (d,)
        The element (n, m) turns and decays as exp((levels[n] + conj(levels[m])) t).
    dephasing : (d, d) or (0, 0)
        By which it decays further.
    initial : (d, d)
        State at first.
    step : float
        Time between neighbours.
    found : tuple
        Receives populations (T, d), integrals (T, f), states (T, d, d) and Σ |ρ_nm|² over n ≠ m (T,).
    """
    populations, integrals, components, squares = found
    count, d = populations.shape
    start = np.empty(d)
    for n in range(d):
        start[n] = initial[n, n].real
    halvings = populations_along(rates, functionals, start, step, populations, integrals)
    # Any time is a multiple of sixteen steps and up to fifteen more.
    fine, coarse = np.empty((_BLOCK, d, d), np.complex128), np.empty((-(-count // _BLOCK), d, d), np.complex128)
    _factors(levels, dephasing, step, fine)
    _factors(levels, dephasing, _BLOCK * step, coarse)
    coherences_along(initial, coarse, fine, populations, components, squares)
    return halvings
