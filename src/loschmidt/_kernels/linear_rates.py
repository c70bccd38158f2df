"""Linear master equations for compiled integrators: power series of small systems, right-hand sides of the others.

A small system, whose operators are fixed while their weights w_j(t) are polynomials, has a power series within a step:
c_{k+1} (k + 1) / h = Σ_j G_j Σ_l w_{j,l} c_{k-l}. It is ``matrices``, a tuple of

* columns (J' n', n' + m'): the first J' weights multiply matrices that are stored column by column, one after the
  other; n' and m' are n and m rounded up to multiples of four by zeros;
* rows (R, n), places (R, 2): weight ``places[r, 0]`` multiplies a functional, ``rows[r]``, for entry ``places[r, 1]``;
* norms (1 + m, J): by how much, at most, a weight of one multiplies the state, then each exchange.

Where the operators themselves change, the weights are the real matrix M (n', n + m), column by column.

Slow twins: the dense superoperator, ``Generator.superoperator()``, and :mod:`loschmidt.evolution.stepping`.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.chebyshev import chebyshev_table
from loschmidt._kernels.compile import jit

__all__ = ["HISTORY", "ORDER", "POWERS", "expand", "rates", "series_errors", "sum_terms", "time_series"]

ORDER = 24  # highest power of time in the solution
POWERS = 12  # highest power of time in the weights
HISTORY = 15  # rows of zeros before the first coefficient, so that every sum over earlier ones has the same length
_NARROW = 16  # columns up to this length are summed in registers


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
# Column by column, so that the loops below need no sums across a vector register.
_TRANSFORM = np.cos(np.outer(_ANGLES, np.arange(POWERS + 1))) * (2.0 - (np.arange(POWERS + 1) == 0)) / (POWERS + 1)
_MONOMIALS = np.ascontiguousarray(_monomials().T)


@jit(error_model="numpy")
def time_series(pieces, piece, time, step, small, work):  # type: ignore[no-untyped-def]
    """Write each weight within a step as powers (J, 16) of the fraction of the step, with degrees (J,), limits (2, J).

    Limits are the largest absolute value and what the powers leave out, a fraction `small` or so of it. `work` holds
    these three, then room for values (13,), a table of Chebyshev polynomials (degree + 2, 13) and coefficients (13,).
    """
    powers, degrees, limits, values, table, series = work
    breaks, degree, coefficients = pieces[0], pieces[1][piece], pieces[2]
    for i in range(POWERS + 1):
        values[i] = 2.0 * ((time - breaks[piece]) + _POINTS[i] * step) / (breaks[piece + 1] - breaks[piece]) - 1.0
    chebyshev_table(values, degree, POWERS + 1, table)
    for j in range(len(powers)):
        last = degree
        while last > 0 and coefficients[piece, last, j] == 0.0:
            last -= 1
        values[:] = 0.0
        powers[j, :] = 0.0
        for k in range(last + 1):
            for i in range(POWERS + 1):
                values[i] += coefficients[piece, k, j] * table[k, i]
        limits[0, j], limits[1, j], kept = abs(values[0]), 0.0, 0
        if last == 0:
            powers[j, 0] = values[0]
        else:
            _fit(values, series)
            kept = _kept(series, last, small, limits[:, j])
            for k in range(kept + 1):
                for power in range(HISTORY + 1):
                    powers[j, power] += series[k] * _MONOMIALS[k, power]
        degrees[j] = kept


@jit(error_model="numpy")
def _fit(values, series):  # type: ignore[no-untyped-def]
    # Chebyshev coefficients of the polynomial through the values at the points.
    series[:] = 0.0
    for i in range(POWERS + 1):
        for k in range(POWERS + 1):
            series[k] += values[i] * _TRANSFORM[i, k]


@jit(error_model="numpy")
def _kept(series, last, small, limits):  # type: ignore[no-untyped-def]
    # Degree without coefficients that are too small to matter; limits as in time_series.
    limits[0] = 0.0
    for k in range(POWERS + 1):
        limits[0] += abs(series[k])
    if last > POWERS:
        limits[1] = abs(series[POWERS]) + abs(series[POWERS - 1])
    kept = POWERS
    while kept > 0 and limits[1] + abs(series[kept]) <= small * limits[0]:
        limits[1] += abs(series[kept])
        kept -= 1
    return kept


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
def _terms(columns, length, powers, degrees, step, order, terms, factors):  # type: ignore[no-untyped-def]
    """Write coefficient `order` + 1 of the solution into `terms`, from those up to `order`; exchanges not by `rows`.

    Coefficient k of state and exchanges is row 15 + k of `terms` (20 + 24, n' + m'), and the rows before are zero.
    `factors` (J' n',) is room.
    """
    at = HISTORY + order
    factor = step / (order + 1)
    # Blocks of four are written out, since most loops here are that short.
    for term in range(len(columns) // length):
        a = factor * powers[term, 0]
        for i in range(0, length, 4):
            p, q, r, s = a * terms[at, i], a * terms[at, i + 1], a * terms[at, i + 2], a * terms[at, i + 3]
            for power in range(1, degrees[term] + 1):
                b = factor * powers[term, power]
                p += b * terms[at - power, i]
                q += b * terms[at - power, i + 1]
                r += b * terms[at - power, i + 2]
                s += b * terms[at - power, i + 3]
            j = term * length + i
            factors[j], factors[j + 1], factors[j + 2], factors[j + 3] = p, q, r, s
    out = terms[at + 1]
    if len(out) > _NARROW:
        _product(columns, 0, len(columns), factors, out)
        return
    for i in range(0, len(out), 4):
        p, q, r, s = 0.0, 0.0, 0.0, 0.0
        for c in range(len(columns)):
            a = factors[c]
            p += a * columns[c, i]
            q += a * columns[c, i + 1]
            r += a * columns[c, i + 2]
            s += a * columns[c, i + 3]
        out[i], out[i + 1], out[i + 2], out[i + 3] = p, q, r, s


@jit(error_model="numpy")
def _functional_terms(matrices, powers, degrees, step, order, terms, moments, sums):  # type: ignore[no-untyped-def]
    """Add what `rows` contribute to the exchanges, in the coefficients from 1 to `order`; none of it feeds back."""
    _, rows, places, _ = matrices
    n = rows.shape[1]
    for r in range(len(rows)):
        for k in range(order):
            total = 0.0
            for i in range(n):
                total += rows[r, i] * terms[HISTORY + k, i]
            moments[HISTORY + k] = total
        weight, entry = places[r, 0], places[r, 1] - n + (n + 3) // 4 * 4
        sums[:] = 0.0
        for power in range(degrees[weight] + 1):
            for k in range(order):
                sums[k] += powers[weight, power] * moments[HISTORY + k - power]
        for k in range(order):
            terms[HISTORY + k + 1, entry] += step / (k + 1) * sums[k]


@jit(error_model="numpy")
def _defects(norms, powers, degrees, step, order, sizes, defects):  # type: ignore[no-untyped-def]
    """Bound, into defects (1 + m,), coefficient `order` + 1 of state and exchanges by the sizes of earlier ones."""
    defects[:] = 0.0
    for term in range(len(powers)):
        total = 0.0
        for power in range(min(degrees[term], order) + 1):
            total += abs(powers[term, power]) * sizes[order - power]
        for row in range(len(defects)):
            defects[row] += norms[row, term] * total * step / (order + 1)


@jit(error_model="numpy")
def expand(matrices, step, negligible, time_work, work):  # type: ignore[no-untyped-def]
    """Fill the coefficients of a step until what follows is a negligible part of what is allowed, or all of them.

    Returns the highest order. `time_work` begins with powers and degrees of the weights; `work` is terms, factors,
    moments, allowed errors and bounds of the first coefficient left out (1 + m,), sizes of the state's part (25,).
    """
    terms, factors, moments, allowed, defects, sizes = work
    powers, degrees, n = time_work[0], time_work[1], matrices[1].shape[1]
    length, order = (n + 3) // 4 * 4, 0
    while order < ORDER:
        _terms(matrices[0], length, powers, degrees, step, order, terms, factors)
        order += 1
        total = 0.0
        for i in range(n):
            total += terms[HISTORY + order, i] ** 2
        sizes[order] = np.sqrt(total)
        if order == ORDER or (order > 4 and sizes[order] <= 0.1 * allowed[0]):
            _defects(matrices[3], powers, degrees, step, order, sizes, defects)
            matters = False
            for row in range(len(defects)):
                matters = matters or not defects[row] <= negligible * allowed[row]
            if not matters:
                break
    terms[HISTORY + order + 1 :] = 0.0
    _functional_terms(matrices, powers, degrees, step, order, terms, moments, moments[HISTORY + ORDER + 1 :])
    return order


@jit(error_model="numpy")
def series_errors(norms, step, limits, estimates, work):  # type: ignore[no-untyped-def]
    """Fill estimates (3, 1 + m) of the errors of state and exchanges; return the sizes of rows 1 and 0 in tolerances.

    Row 0 is what the weights leave out, row 1 what the coefficients do; row 2 is how fast each exchange feels an error
    of the state.
    """
    _, _, _, allowed, defects, sizes = work
    cut, missed = 0.0, 0.0
    for row in range(len(allowed)):
        # The first coefficient left out is not more than the defect, and those that follow together are less.
        estimates[1, row] = 2.0 * defects[row]
        estimates[0, row] = estimates[2, row] = 0.0
        for term in range(limits.shape[1]):
            estimates[0, row] += step * sizes[0] * norms[row, term] * limits[1, term]
            estimates[2, row] += norms[row, term] * limits[0, term]
        cut += (estimates[1, row] / allowed[row]) ** 2
        missed += (estimates[0, row] / allowed[row]) ** 2
    return np.sqrt(cut), np.sqrt(missed)


@jit(error_model="numpy")
def sum_terms(terms, order, fraction, n, out):  # type: ignore[no-untyped-def]
    """Write state and exchanges (n + m,) at a fraction of the step into `out`."""
    # Four powers at a time; rows of `terms` beyond the order are zero, and between state and exchanges is padding.
    power, square = 1.0, fraction * fraction
    shift = (n + 3) // 4 * 4 - n
    out[:] = 0.0
    for k in range(HISTORY, HISTORY + order + 1, 4):
        w, x, y, z = power, power * fraction, power * square, power * square * fraction
        for i in range(n):
            out[i] += w * terms[k, i] + x * terms[k + 1, i] + y * terms[k + 2, i] + z * terms[k + 3, i]
        for i in range(n + shift, len(out) + shift):
            out[i - shift] += w * terms[k, i] + x * terms[k + 1, i] + y * terms[k + 2, i] + z * terms[k + 3, i]
        power *= square * square


@jit(error_model="numpy")
def rates(weights, stage, point, slopes):  # type: ignore[no-untyped-def]
    """Write the rates of change at `point` into slopes[stage], with the matrix of that stage."""
    count = weights.shape[1] // slopes.shape[1]
    _product(weights.reshape(-1, slopes.shape[1]), stage * count, count, point, slopes[stage])
