"""Adaptive integration of linear master equations, exchanges with the baths included, by two methods.

Small systems of fixed operators take power series of up to order 24 (:func:`advance_series`): the weights are
polynomials, so each coefficient follows from the ones before, and the sum is the dense output too. Those whose
operators change take a Runge–Kutta method of order eight (:func:`advance`).

The vector that is integrated holds n coordinates of the state, then m exchanges (heat, work, ...), which never feed
back. The right-hand side is linear, with weights that are polynomials of time on pieces; a step never leaves its piece,
so that no pulse is stepped over. Groups of arrays travel as tuples:

* ``matrices``: the right-hand side of a series, see :mod:`loschmidt._kernels.linear_rates`;
* ``pieces``: breaks (P + 1,), degrees (P,), Chebyshev coefficients (P, degree + 1, J) of the weights;
* ``control``: rtol, atol, n, scales (m,) of the exchanges, norms (m, J) of their functionals, growth;
* ``vector``: y (n + m,), clock (time, next step, state error), counts (piece, outputs done, nodes, steps), errors (m,);
* ``outputs``: times (T,), values (T, n + m), state errors (T,), exchange errors (T, m);
* ``nodes``: start times (k,), step lengths (k,), states (k, n) of the accepted steps, as many as fit.

Slow twin: :mod:`loschmidt.evolution.stepping`, the second method in Python.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.chebyshev import chebyshev_table
from loschmidt._kernels.compile import jit
from loschmidt._kernels.dop853 import (
    DENSE_COLUMNS,
    DENSE_WEIGHTS,
    ERROR_COLUMNS,
    ERROR_WEIGHTS,
    NODES,
    STAGE_COLUMNS,
    STAGE_WEIGHTS,
    STAGES,
)
from loschmidt._kernels.linear_rates import (
    HISTORY,
    ORDER,
    POWERS,
    expand,
    rates,
    series_errors,
    sum_terms,
    time_series,
)

__all__ = ["advance", "advance_series"]

_SAFETY, _SHRINK, _GROW = 0.9, 0.2, 8.0
_ROUND_OFF = 1e-15  # error that one step adds to the state whatever its length, relative
_SERIES_TARGET = 0.05  # tolerances that a step of a series takes: errors add up, and smaller ones cost little


@jit(error_model="numpy")
def _combine(columns, weights, row, slopes, first, last, out):  # type: ignore[no-untyped-def]
    # Three slopes at a time; a row of columns ends with -1, and what follows has weight zero.
    for i in range(first, last):
        out[i] = 0.0
    for k in range(0, columns.shape[1], 3):
        if columns[row, k] < 0:
            return
        a, b, c = columns[row, k], max(columns[row, k + 1], 0), max(columns[row, k + 2], 0)
        x, y, z = weights[row, k], weights[row, k + 1], weights[row, k + 2]
        for i in range(first, last):
            out[i] += x * slopes[a, i] + y * slopes[b, i] + z * slopes[c, i]


@jit(error_model="numpy")
def _time_weights(pieces, piece, time, step, local, table, weights):  # type: ignore[no-untyped-def]
    # Weights of the right-hand side at all stages of a step; distances from the start of the piece are exact.
    breaks, degrees, coefficients = pieces
    width = breaks[piece + 1] - breaks[piece]
    for stage in range(STAGES):
        local[stage] = 2.0 * ((time - breaks[piece]) + NODES[stage] * step) / width - 1.0
    chebyshev_table(local, degrees[piece], STAGES, table)
    for j in range(weights.shape[1]):
        for stage in range(STAGES):
            local[stage] = 0.0
        for k in range(degrees[piece] + 1):
            factor = coefficients[piece, k, j]
            if factor != 0.0:
                for stage in range(STAGES):
                    local[stage] += factor * table[k, stage]
        for stage in range(STAGES):
            weights[stage, j] = local[stage]


@jit(error_model="numpy")
def _errors(control, step, y, new, slopes, estimates):  # type: ignore[no-untyped-def]
    # Fills estimates (5, 1 + m) of the errors of state and exchanges: row 0 of order 8, for the choice of the step; row
    # 1 half an order higher, a cautious guess of what the solution itself, of order 9 in a step, is wrong by. Returns
    # the size of row 0 in tolerances.
    rtol, atol, n, scales = control[0], control[1], control[2], control[3]
    third, fifth = estimates[3], estimates[4]
    _combine(ERROR_COLUMNS, ERROR_WEIGHTS, 0, slopes, 0, len(y), third)
    _combine(ERROR_COLUMNS, ERROR_WEIGHTS, 1, slopes, 0, len(y), fifth)
    norm, low, high = 0.0, 0.0, 0.0
    for i in range(n):
        norm += new[i] * new[i]
        low += third[i] * third[i]
        high += fifth[i] * fifth[i]
    estimates[0, 0] = step * np.sqrt(high)
    unit = 1.0 / (atol + rtol * np.sqrt(norm))
    low, high = low * unit * unit, high * unit * unit
    for j in range(len(scales)):
        i = n + j
        size = scales[j] if scales[j] > abs(new[i]) else abs(new[i])
        unit = 1.0 / (atol * scales[j] + rtol * size)
        low += (third[i] * unit) ** 2
        high += (fifth[i] * unit) ** 2
        estimates[0, 1 + j] = step * abs(fifth[i])
    # One factor for all: the error of a single exchange may pass through zero at order 3.
    cautious = np.sqrt(high / (high + 0.01 * low)) if high > 0.0 else 0.0
    expected = cautious * ((high / low) ** 0.125 if low > high else 1.0)
    for j in range(1 + len(scales)):
        estimates[1, j] = expected * estimates[0, j]
        estimates[0, j] *= cautious
    return cautious * step * np.sqrt(high)


@jit(error_model="numpy")
def _dense(step, y, new, slopes, polynomial):  # type: ignore[no-untyped-def]
    # Seventh-order interpolation of an accepted step whose stages 0 to 15 are known; polynomial is (7, n + m).
    for i in range(len(y)):
        change = new[i] - y[i]
        polynomial[0, i] = change
        polynomial[1, i] = step * slopes[0, i] - change
        polynomial[2, i] = 2.0 * change - step * (slopes[12, i] + slopes[0, i])
    for row in range(4):
        _combine(DENSE_COLUMNS, DENSE_WEIGHTS, row, slopes, 0, len(y), polynomial[3 + row])
        for i in range(len(y)):
            polynomial[3 + row, i] *= step


@jit(error_model="numpy")
def _interpolate(p, y, fraction, values, at):  # type: ignore[no-untyped-def]
    f, g = fraction, 1.0 - fraction
    for i in range(len(y)):
        inner = ((p[6, i] * f + p[5, i]) * g + p[4, i]) * f + p[3, i]
        values[at, i] = (((inner * g + p[2, i]) * f + p[1, i]) * g + p[0, i]) * f + y[i]


@jit(error_model="numpy")
def _omitted(polynomial, n, estimates, missing):  # type: ignore[no-untyped-def]
    # Fills what outputs inside a step are wrong by: as much as the step, and the next coefficient of the interpolation
    # if all go on in the ratio of the state's last two, times the largest value of f⁴(1-f)³.
    sixth, seventh = 0.0, 0.0
    for i in range(n):
        sixth += polynomial[5, i] ** 2
        seventh += polynomial[6, i] ** 2
    ratio = np.sqrt(seventh / sixth) if seventh < sixth else 1.0
    missing[0] = estimates[0, 0] + ratio * np.sqrt(seventh) / 119.0
    for j in range(len(missing) - 1):
        # That of a single exchange may pass through zero.
        last = max(abs(polynomial[6, n + j]), ratio * abs(polynomial[5, n + j]))
        missing[1 + j] = estimates[0, 1 + j] + ratio * last / 119.0


@jit(error_model="numpy")
def _write_outputs(vector, outputs, step, polynomial, estimates, last_step):  # type: ignore[no-untyped-def]
    y, clock, counts, errors = vector
    times, values, state_errors, exchange_errors = outputs
    end, missing = clock[0] + step, np.empty(1 + len(errors))
    _omitted(polynomial, len(y) - len(errors), estimates, missing)
    while counts[1] < len(times) and (last_step or times[counts[1]] <= end):
        at = counts[1]
        fraction = (times[at] - clock[0]) / step
        fraction = fraction if fraction < 1.0 else 1.0
        _interpolate(polynomial, y, fraction, values, at)
        inside = 1.0 if fraction < 1.0 else 0.0
        state_errors[at] = clock[2] + fraction * estimates[1, 0] + inside * missing[0]
        for j in range(len(errors)):
            exchange_errors[at, j] = errors[j] + fraction * estimates[1, 1 + j] + inside * missing[1 + j]
        counts[1] += 1


@jit(error_model="numpy")
def _longest_step(pieces, piece, time, wanted, reach):  # type: ignore[no-untyped-def]
    # A piece of degree k takes k / reach steps at least; the last step of a piece ends where the piece ends.
    breaks, degrees, _ = pieces
    step = wanted
    if degrees[piece] > reach:
        step = min(step, (breaks[piece + 1] - breaks[piece]) * reach / degrees[piece])
    left = breaks[piece + 1] - time
    if step >= left * (1.0 - 1e-9):
        return left, True
    return (0.5 * left if step > 0.5 * left else step), False


@jit(error_model="numpy")
def _sensitivities(weights, n, size, estimates):  # type: ignore[no-untyped-def]
    # Row 2 of the estimates: at the start of a step, how fast each exchange feels an error of the state.
    for j in range(n, size):
        total = 0.0
        for i in range(n):
            total += weights[0, i * size + j] ** 2
        estimates[2, 1 + j - n] = np.sqrt(total)


@jit(error_model="numpy")
def _accept(vector, nodes, control, step, new, estimates):  # type: ignore[no-untyped-def]
    y, clock, counts, errors = vector
    n, scales, growth = control[2], control[3], control[5]
    if counts[2] < len(nodes[2]):
        nodes[0][counts[2]], nodes[1][counts[2]] = clock[0], step
        for i in range(n):
            nodes[2][counts[2], i] = y[i]
        counts[2] += 1
    for j in range(len(errors)):
        errors[j] += estimates[1, 1 + j] + step * clock[2] * estimates[2, 1 + j] + _ROUND_OFF * scales[j]
    clock[2] += growth * estimates[1, 0] + _ROUND_OFF
    clock[0] += step
    for i in range(len(y)):
        y[i] = new[i]


@jit(error_model="numpy")
def _try_step(work, control, vector, outputs, taken, first):  # type: ignore[no-untyped-def]
    # All stages of the step, then those of the dense output if an output lies inside and the step is accurate enough.
    # One call of `rates` serves all: it is inlined, and compiling it several times would take long.
    slopes, point, new, weights, estimates = work
    y, clock, counts, _ = vector
    n, (step, lands) = control[2], taken
    begin, end, error = first, 13, 0.0
    while True:
        for stage in range(begin, end):
            _combine(STAGE_COLUMNS, STAGE_WEIGHTS, stage, slopes, 0, n, point)
            for i in range(n):
                point[i] = y[i] + step * point[i]
            rates(weights, stage, point, slopes)
        if begin == 13:
            return error, True
        _combine(STAGE_COLUMNS, STAGE_WEIGHTS, 12, slopes, 0, len(y), new)
        for i in range(len(y)):
            new[i] = y[i] + step * new[i]
        error = _errors(control, step, y, new, slopes, estimates)
        finishes = lands and counts[0] == counts[4] - 1
        inside = finishes or (counts[1] < len(outputs[0]) and outputs[0][counts[1]] <= clock[0] + step)
        if not (inside and error <= 1.0):
            return error, False
        begin, end = 13, STAGES


@jit(error_model="numpy")
def _next_step(step, error, grow, lands, before):  # type: ignore[no-untyped-def]
    if not error <= 1.0:
        return step * (max(_SHRINK, _SAFETY * error**-0.125) if error < 1e300 else _SHRINK)
    wanted = step * (min(grow, _SAFETY * error**-0.125) if error > 0.0 else grow)
    # A step cut short by the end of a piece says little about the next piece.
    return wanted if not lands or wanted > before else before


@jit(error_model="numpy")
def advance(pieces, control, vector, outputs, nodes, budget):  # type: ignore[no-untyped-def]
    """Integrate for up to `budget` steps; return 0 if more are needed, 1 after the last output, 2 if steps vanish."""
    y, clock, counts, n = vector[0], vector[1], vector[2], control[2]
    slopes, point, new = np.zeros((STAGES, len(y))), np.zeros(n + 4), np.empty(len(y))
    weights, local = np.empty((STAGES, pieces[2].shape[2])), np.empty(STAGES)
    table, polynomial = np.empty((pieces[2].shape[1] + 1, STAGES)), np.empty((7, len(y)))
    estimates = np.zeros((5, 1 + len(y)))
    work = (slopes, point, new, weights, estimates)
    first, grow = 0, _GROW
    for _ in range(budget):
        counts[3] += 1
        step, lands = _longest_step(pieces, counts[0], clock[0], clock[1], 8.0)
        _time_weights(pieces, counts[0], clock[0], step, local, table, weights)
        error, dense = _try_step(work, control, vector, outputs, (step, lands), first)
        clock[1] = _next_step(step, error, grow, lands, clock[1])
        first = 1
        if not error <= 1.0:
            grow = 1.0
            if not clock[0] + 0.1 * clock[1] > clock[0]:
                return 2
            continue
        grow = _GROW
        if dense:
            _dense(step, y, new, slopes, polynomial)
            _write_outputs(vector, outputs, step, polynomial, estimates, lands and counts[0] == counts[4] - 1)
        _sensitivities(weights, n, len(y), estimates)
        _accept(vector, nodes, control, step, new, estimates)
        slopes[0] = slopes[12]
        if counts[1] == len(outputs[0]):
            return 1
        if lands:
            clock[0], first = pieces[0][counts[0] + 1], 0
            counts[0] += 1
    return 0


@jit(error_model="numpy")
def _start_series(control, y, terms, sizes, allowed):  # type: ignore[no-untyped-def]
    # Coefficient 0, and the errors of state and exchanges that the step may make.
    rtol, atol, n, scales = control[0], control[1], control[2], control[3]
    norm, shift = 0.0, (n + 3) // 4 * 4 - n
    for i in range(n):
        norm += y[i] * y[i]
        terms[HISTORY, i] = y[i]
    sizes[0] = np.sqrt(norm)
    allowed[0] = atol + rtol * sizes[0]
    for j in range(len(scales)):
        terms[HISTORY, shift + n + j] = y[n + j]
        allowed[1 + j] = atol * scales[j] + rtol * max(scales[j], abs(y[n + j]))


@jit(error_model="numpy")
def _write_series(vector, outputs, n, step, fraction, order, terms, estimates, last_step):  # type: ignore[no-untyped-def]
    # Like _write_outputs; the step taken is a fraction of the one that the series is scaled by.
    clock, counts, errors = vector[1], vector[2], vector[3]
    times, values, state_errors, exchange_errors = outputs
    end = clock[0] + fraction * step
    while counts[1] < len(times) and (last_step or times[counts[1]] <= end):
        at = counts[1]
        part = (times[at] - clock[0]) / step
        part = part if part < fraction else fraction
        sum_terms(terms, order, part, n, values[at])
        state_errors[at] = clock[2] + part / fraction * estimates[1, 0]
        for j in range(len(errors)):
            exchange_errors[at, j] = errors[j] + part / fraction * estimates[1, 1 + j]
        counts[1] += 1


@jit(error_model="numpy")
def _series_work(matrices, pieces, count):  # type: ignore[no-untyped-def]
    # Room for the coefficients, and for the weights within a step.
    columns, rows = matrices[0], len(matrices[3])
    terms = np.zeros((HISTORY + ORDER + 5, columns.shape[1]))
    work = (terms, np.zeros(len(columns)), np.zeros(64 + ORDER), np.empty(rows), np.empty(rows), np.empty(ORDER + 1))
    limits, table = np.zeros((2, count)), np.empty((pieces[2].shape[1] + 1, POWERS + 1))
    powers, degrees = np.zeros((count, HISTORY + 1)), np.zeros(count, np.int64)
    return work, (powers, degrees, limits, np.empty(POWERS + 1), table, np.empty(POWERS + 1))


@jit(error_model="numpy")
def advance_series(matrices, pieces, control, vector, outputs, nodes, budget):  # type: ignore[no-untyped-def]
    """Integrate for up to `budget` steps; return 0 if more are needed, 1 after the last output, 2 if steps vanish.

    A step that turns out too long is not repeated: its series serves the shorter one as well.
    """
    y, clock, counts, n = vector[0], vector[1], vector[2], control[2]
    work, time_work = _series_work(matrices, pieces, pieces[2].shape[2])
    terms, new, estimates = work[0], np.empty(len(y)), np.zeros((3, len(matrices[3])))
    for _ in range(budget):
        counts[3] += 1
        step, lands = _longest_step(pieces, counts[0], clock[0], clock[1], 1.0 * POWERS)
        time_series(pieces, counts[0], clock[0], step, max(4e-16, 1e-3 * control[0]), time_work)
        _start_series(control, y, terms, work[5], work[3])
        order = expand(matrices, step, 0.1 * _SERIES_TARGET, time_work, work)
        cut, missed = series_errors(matrices[3], step, time_work[2], estimates, work)
        if not (cut < 1e100 and missed <= 0.5):
            clock[1] = 0.5 * step
            if not clock[0] + 0.1 * clock[1] > clock[0]:
                return 2
            continue
        # What is left out shrinks at least with this power of the step.
        best = min((_SERIES_TARGET / cut) ** (1.0 / (order + 1)) if cut > 0.0 else _GROW, _GROW)
        fraction = best if best < 1.0 else 1.0
        if fraction < 1.0 and not clock[0] + 0.1 * fraction * step > clock[0]:
            return 2
        best = min(best * ORDER / order, (0.1 / missed) ** (1.0 / POWERS) if missed > 0.0 else _GROW)
        for row in range(len(estimates[0])):
            estimates[1, row] = fraction ** (order + 1) * estimates[1, row] + fraction * estimates[0, row]
        lands = lands and fraction == 1.0
        _write_series(vector, outputs, n, step, fraction, order, terms, estimates, lands and counts[0] == counts[4] - 1)
        sum_terms(terms, order, fraction, n, new)
        _accept(vector, nodes, control, fraction * step, new, estimates)
        clock[1] = max(clock[1], best * step) if lands else best * step
        if counts[1] == len(outputs[0]):
            return 1
        if lands:
            clock[0] = pieces[0][counts[0] + 1]
            counts[0] += 1
    return 0
