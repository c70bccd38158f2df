"""Linear master equations for compiled integrators: power series of small systems, right-hand sides of the others.

A small system, whose operators are fixed while their weights w_j(t) are polynomials, has a power series within a step:
c_{k+1} (k + 1) / h = Σ_j G_j Σ_l w_{j,l} c_{k-l}. It is ``matrices``, a tuple of

* columns (J' n', n + m): the first J' weights multiply matrices that are stored column by column, one after the other;
  n' is n rounded up to a multiple of four by columns of zeros;
* rows (R, n), places (R, 2): weight ``places[r, 0]`` multiplies a functional, ``rows[r]``, for entry ``places[r, 1]``;
* norms (1 + m, J): by how much, at most, a weight of one multiplies the state, then each exchange.

Other right-hand sides are told apart by which argument is None, so that only what is used is compiled:

* ``sandwich``: ρ̇ = X + X† + Σ L ρ L† with X = G(t) ρ, G and all L sparse; x holds the real part of ρ, then the
  imaginary one. See :mod:`loschmidt._kernels.sandwich`;
* None: the weights are themselves the real matrix M (n', n + m), column by column.

Slow twins: the dense superoperator, ``Generator.superoperator()``, and :mod:`loschmidt.evolution.stepping`.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.chebyshev import chebyshev_table
from loschmidt._kernels.compile import jit
from loschmidt._kernels.sandwich import sandwich_rates

__all__ = ["HISTORY", "ORDER", "POWERS", "rates", "series_defects", "series_terms", "time_series"]

ORDER = 24  # highest power of time in the solution
POWERS = 12  # highest power of time in the weights
HISTORY = 15  # rows of zeros before the first coefficient, so that every sum over earlier ones has the same length
_TRIMMED = 4e-16  # smaller coefficients of a weight are round-off


def _monomials() -> np.ndarray:
    # Row l, column k: the coefficient of s^l in T_k(2 s - 1).
    matrix = np.zeros((HISTORY + 1, POWERS + 1))
    matrix[0, 0], matrix[:2, 1] = 1.0, (-1.0, 2.0)
    for k in range(2, POWERS + 1):
        matrix[:, k] = -2.0 * matrix[:, k - 1] - matrix[:, k - 2]
        matrix[1:, k] += 4.0 * matrix[:-1, k - 1]
    return matrix


_ANGLES = np.pi * (np.arange(POWERS + 1) + 0.5) / (POWERS + 1)
_POINTS = 0.5 + 0.5 * np.cos(_ANGLES)
_TRANSFORM = np.cos(np.outer(np.arange(POWERS + 1), _ANGLES)) * (2.0 - (np.arange(POWERS + 1) == 0)[:, None])
_TRANSFORM /= POWERS + 1
_MONOMIALS = _monomials()


@jit(error_model="numpy")
def time_series(pieces, piece, time, step, work):  # type: ignore[no-untyped-def]
    """Fill, for each weight j within a step, powers (J, 16) of the fraction of the step, degrees (J,) and limits (2, J).

    Limits are the largest absolute value and what the powers leave out. `work` holds these three, then room for points
    (13,), a table of Chebyshev polynomials (degree + 2, 13) and coefficients (13,).
    """
    powers, degrees, limits, local, table, series = work
    breaks, degree, coefficients = pieces[0], pieces[1][piece], pieces[2]
    for i in range(POWERS + 1):
        local[i] = 2.0 * ((time - breaks[piece]) + _POINTS[i] * step) / (breaks[piece + 1] - breaks[piece]) - 1.0
    chebyshev_table(local, degree, POWERS + 1, table)
    for j in range(len(powers)):
        last = degree
        while last > 0 and coefficients[piece, last, j] == 0.0:
            last -= 1
        powers[j, :] = 0.0
        degrees[j], powers[j, 0] = 0, coefficients[piece, 0, j]
        limits[0, j], limits[1, j] = abs(powers[j, 0]), 0.0
        if last == 0:
            continue
        for i in range(POWERS + 1):
            local[i] = 0.0
        for k in range(last + 1):
            for i in range(POWERS + 1):
                local[i] += coefficients[piece, k, j] * table[k, i]
        largest = 0.0
        for i in range(POWERS + 1):
            largest = max(largest, abs(local[i]))
        for k in range(POWERS + 1):
            series[k] = 0.0
            for i in range(POWERS + 1):
                series[k] += _TRANSFORM[k, i] * local[i]
        limits[0, j] = largest
        if last > POWERS:
            limits[1, j] = abs(series[POWERS]) + abs(series[POWERS - 1])
        kept = POWERS
        while kept > 0 and abs(series[kept]) <= _TRIMMED * largest:
            limits[1, j] += abs(series[kept])
            kept -= 1
        degrees[j], powers[j, 0] = kept, 0.0
        for power in range(kept + 1):
            for k in range(power, kept + 1):
                powers[j, power] += _MONOMIALS[power, k] * series[k]


@jit(error_model="numpy")
def _product(columns, first, count, factors, out):  # type: ignore[no-untyped-def]
    # out = Σ_c factors[c] columns[first + c], four columns at a time.
    size = len(out)
    for i in range(size):
        out[i] = 0.0
    for c in range(0, count, 4):
        at = first + c
        w, x, y, z = factors[c], factors[c + 1], factors[c + 2], factors[c + 3]
        for i in range(size):
            out[i] += w * columns[at, i] + x * columns[at + 1, i] + y * columns[at + 2, i] + z * columns[at + 3, i]


@jit(error_model="numpy")
def series_terms(matrices, powers, degrees, step, order, terms, factors, moments):  # type: ignore[no-untyped-def]
    """Write coefficient `order` + 1 of the solution into `terms`, from those up to `order`.

    Coefficient k of state and exchanges is row 15 + k of `terms` (16 + 24, n + m), and the rows before are zero. Room:
    `factors` (J' n',), zero beyond each n, and `moments` (R, 16 + 24) of the functionals.
    """
    columns, rows, places, _ = matrices
    n, at = rows.shape[1], HISTORY + order
    length = (n + 3) // 4 * 4
    for term in range(len(columns) // length):
        base = term * length
        a = powers[term, 0]
        for i in range(n):
            factors[base + i] = a * terms[at, i]
        for power in range(1, degrees[term] + 1, 3):
            a, b, c = powers[term, power], powers[term, power + 1], powers[term, power + 2]
            for i in range(n):
                factors[base + i] += a * terms[at - power, i] + b * terms[at - power - 1, i] + c * terms[at - power - 2, i]
    out = terms[at + 1]
    _product(columns, 0, len(columns), factors, out)
    for r in range(len(rows)):
        total = 0.0
        for i in range(n):
            total += rows[r, i] * terms[at, i]
        moments[r, at] = total
        weight, total = places[r, 0], 0.0
        for power in range(degrees[weight] + 1):
            total += powers[weight, power] * moments[r, at - power]
        out[places[r, 1]] += total
    factor = step / (order + 1)
    for i in range(len(out)):
        out[i] *= factor


@jit(error_model="numpy")
def series_defects(norms, powers, degrees, step, order, sizes, defects):  # type: ignore[no-untyped-def]
    """Bound, into defects (1 + m,), coefficient `order` + 1 of state and exchanges by the sizes of earlier ones."""
    for row in range(len(defects)):
        defects[row] = 0.0
    for term in range(len(powers)):
        total = 0.0
        for power in range(min(degrees[term], order) + 1):
            total += abs(powers[term, power]) * sizes[order - power]
        for row in range(len(defects)):
            defects[row] += norms[row, term] * total * step / (order + 1)


@jit(error_model="numpy")
def rates(sandwich, weights, stage, point, slopes):  # type: ignore[no-untyped-def]
    """Write the rates of change at `point` into slopes[stage], with the weights of that stage."""
    if sandwich is not None:
        sandwich_rates(sandwich, weights, stage, point, slopes)
    else:
        count = weights.shape[1] // slopes.shape[1]
        _product(weights.reshape(-1, slopes.shape[1]), stage * count, count, point, slopes[stage])
