"""Adaptive integration of a driven qubit, sixteen steps at a time, exchanges with the baths included.

Steps of equal length are laid side by side up to the ends of the pieces of the drive; their propagators are found at
once (:mod:`loschmidt._kernels.qubit_series`) and applied one after the other; then heat, work and the outputs of all
sixteen follow at once again. Steps that turn out inaccurate are laid anew, shorter. Arguments are those of
:func:`loschmidt._kernels.adaptive.advance_series`, its slow twin, except for

* ``system``: S (3, 4) and its norm, fields (J, 3) and their norms, functionals (R, 4) of u and x, places (R, 2) that
  name the weight of each functional (0 for a fixed one, 1 to J for f_j, J + 1 to 2 J for df_j/dt) and the exchange it
  adds to;
* ``pieces``: the weights f_j only.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.qubit_series import ORDER, POWERS, fields_of, propagators, series, weights_of
from loschmidt._kernels.vector_ir import (
    LANES,
    absolute,
    broadcast,
    fused,
    fused_negative,
    load,
    store,
    vector_jit,
    where_less,
)

__all__ = ["advance_qubit"]

_ROUND_OFF = 1e-15  # error that one step adds to the state whatever its length, relative
_TARGET = 0.05  # tolerances that a step takes at most: errors add up, and smaller ones cost little
_NOISE = 2e-15  # of a weight's size: what is less is rounding
_AIM = 0.6  # of the target, so that the next steps are seldom too long
_GROW = 8.0
_SIZE = 4  # coordinates of the state
_TERMS = POWERS + 1


@jit(error_model="numpy")
def _lay_out(pieces, piece, time, wanted, steps):  # type: ignore[no-untyped-def]
    # Up to 16 steps of at most the wanted length that end where pieces end; those missing have length zero. Returns how
    # many, and the piece that follows.
    breaks, degrees, _ = pieces
    which, starts, halves = steps
    count = 0
    while count < LANES and piece < len(degrees):
        step, left = wanted, breaks[piece + 1] - time
        if degrees[piece] > POWERS:
            step = min(step, (breaks[piece + 1] - breaks[piece]) * POWERS / degrees[piece])
        which[count], starts[count] = piece, time
        if step >= left * (1.0 - 1e-9):
            halves[count], time = 0.5 * left, breaks[piece + 1]
            piece += 1
        else:
            # What is left of a piece is cut evenly.
            step = left / np.ceil(left / step - 1e-9)
            halves[count], time = 0.5 * step, time + step
        count += 1
    for lane in range(count, LANES):
        which[lane], starts[lane], halves[lane] = len(degrees) - 1, time, 0.0
    starts[LANES if count == LANES else count] = time
    return count, piece


@jit(error_model="numpy")
def _doses_of(powers, halves, highest, doses):  # type: ignore[no-untyped-def]
    # The weights of the functionals times dt/ds, as powers of s (1 + 2 J, 13, 16).
    count, half = len(doses) // (2 * _TERMS * LANES), load(halves, 0)
    for power in range(highest + 1):
        store(doses, power * LANES, half if power == 0 else broadcast(0.0, halves))
        for j in range(count):
            found = load(powers, (j * _TERMS + power) * LANES)
            store(doses, ((1 + j) * _TERMS + power) * LANES, half * found)
            if power > 0:
                slope = broadcast(1.0 * power, halves) * found
                store(doses, ((1 + count + j) * _TERMS + power - 1) * LANES, slope)
            if power == highest:
                store(doses, ((1 + count + j) * _TERMS + power) * LANES, broadcast(0.0, halves))


@jit(error_model="numpy")
def _estimate(system, control, order, highest, small, arrays, estimates):  # type: ignore[no-untyped-def]
    # Fills estimates (2 + 2 m, 16) of the errors: of the state, of each exchange; how much of an error of the state
    # each exchange takes up; and last the square of the errors' size in tolerances, without what is rounding.
    strengths, (rtol, atol, _, scales, norms, _) = system[3], control
    matrix_norms, doses, limits, halves = arrays
    count, unit, half, two = len(strengths), 1.0 / (rtol + atol), load(halves, 0), broadcast(2.0, halves)
    cut = two * two * load(matrix_norms, (order + 1) * LANES)
    state = cut
    for j in range(count):
        field = broadcast(2.0 * strengths[j], halves) * half
        state = fused(field, load(limits, (count + j) * LANES), state)
        cut = fused(field, _unresolved(limits, count, j, small), cut)
    store(estimates, 0, state)
    scaled = broadcast(unit, halves) * cut
    total = scaled * scaled
    for r in range(len(scales)):
        cut, felt, missing = broadcast(0.0, halves), broadcast(0.0, halves), broadcast(0.0, halves)
        for j in range(1 + 2 * count):
            if norms[r, j] == 0.0:
                continue
            norm, first, reach = broadcast(norms[r, j], halves), broadcast(0.0, halves), broadcast(0.0, halves)
            for power in range(min(highest if j > 0 else 0, order) + 1):
                dose = absolute(load(doses, (j * _TERMS + power) * LANES))
                first = fused(dose, load(matrix_norms, (order - power) * LANES), first)
                reach = reach + dose
            cut = fused(norm * broadcast(4.0 / (order + 1), halves), first, cut)
            felt = fused(norm * two, reach, felt)
            if j > 0:
                # What a weight is wrong by changes the integral of its rate by no more than twice that at the ends.
                factor, k = norm * two * (half if j <= count else two), (j - 1) % count
                missing = fused(factor, load(limits, (count + k) * LANES), missing)
                cut = fused(factor, _unresolved(limits, count, k, small), cut)
        scaled = broadcast(unit / scales[r], halves) * cut
        total = fused(scaled, scaled, total)
        store(estimates, (1 + r) * LANES, fused(felt, state, cut + missing))
        store(estimates, (1 + len(scales) + r) * LANES, felt)
    store(estimates, (1 + 2 * len(scales)) * LANES, total)


@vector_jit
def _unresolved(limits, count, j, small):  # type: ignore[no-untyped-def]
    # What a weight lacks beyond the part that may be left out.
    zero = broadcast(0.0, limits)
    beyond = fused_negative(broadcast(small, limits), load(limits, j * LANES), load(limits, (count + j) * LANES))
    return where_less(zero, beyond, beyond, zero)


@jit(error_model="numpy")
def _chain(vector, nodes, control, steps, accepted, ends, estimates, begin):  # type: ignore[no-untyped-def]
    # From step to step: states (3, 16) and errors (1 + m, 16) at the starts into `begin`, and the accepted steps.
    y, clock, counts, errors = vector
    _, starts, halves = steps
    exchanges, scales, growth = len(errors), control[3], control[5]
    u = y[0]
    for lane in range(LANES):
        for i in range(3):
            begin[i * LANES + lane] = y[1 + i]
        begin[3 * LANES + lane] = clock[2]
        for r in range(exchanges):
            begin[(4 + r) * LANES + lane] = errors[r]
        if lane >= accepted:
            continue
        if counts[2] < len(nodes[2]):
            nodes[0][counts[2]], nodes[1][counts[2]] = starts[lane], 2.0 * halves[lane]
            for i in range(_SIZE):
                nodes[2][counts[2], i] = y[i]
            counts[2] += 1
        for r in range(exchanges):
            felt = clock[2] * estimates[(1 + exchanges + r) * LANES + lane]
            errors[r] += estimates[(1 + r) * LANES + lane] + felt + _ROUND_OFF * scales[r]
        clock[2] += growth * estimates[lane] + _ROUND_OFF
        at = 12 * LANES + lane
        a, b, c = y[1], y[2], y[3]
        for i in range(3):
            turned = ends[at + 3 * LANES] * a + ends[at + 6 * LANES] * b + ends[at + 9 * LANES] * c
            y[1 + i] = ends[at] * u + turned
            at += LANES


@jit(error_model="numpy")
def _states(u, order, matrices, ends, begin, values, width):  # type: ignore[no-untyped-def]
    # Coefficients of the states, the first 3 of `width` rows of values (order + 1, width, 16).
    constant = broadcast(u, begin)
    x, y, z = load(begin, 0), load(begin, LANES), load(begin, 2 * LANES)
    for i in range(3):
        found = fused(constant, load(ends, i * LANES), x * load(ends, (3 + i) * LANES))
        found = fused(y, load(ends, (6 + i) * LANES), found)
        store(values, i * LANES, fused(z, load(ends, (9 + i) * LANES), found))
    x, y, z = load(values, 0), load(values, LANES), load(values, 2 * LANES)
    for k in range(1, order + 1):
        for i in range(3):
            at = (k * 12 + i) * LANES
            found = fused(constant, load(matrices, at), x * load(matrices, at + 3 * LANES))
            found = fused(y, load(matrices, at + 6 * LANES), found)
            store(values, (k * width + i) * LANES, fused(z, load(matrices, at + 9 * LANES), found))


@jit(error_model="numpy")
def _exchanges(system, u, order, highest, doses, values, width, moments):  # type: ignore[no-untyped-def]
    # Coefficients of the exchanges, the other rows of values, without the constant ones.
    functionals, places = system[4], system[5]
    for k in range(order + 1):
        for row in range(3, width):
            store(values, (k * width + row) * LANES, broadcast(0.0, values))
    for f in range(len(functionals)):
        p, q, r = (
            broadcast(functionals[f, 1], values),
            broadcast(functionals[f, 2], values),
            broadcast(functionals[f, 3], values),
        )
        for k in range(order):
            at = k * width * LANES
            found = fused(p, load(values, at), fused(q, load(values, at + LANES), r * load(values, at + 2 * LANES)))
            if k == 0:
                found = found + broadcast(functionals[f, 0] * u, values)
            store(moments, k * LANES, found)
        first, row = places[f, 0] * _TERMS, 3 + places[f, 1]
        reach = highest if places[f, 0] > 0 else 0
        for k in range(order):
            found = broadcast(0.0, values)
            for power in range(min(reach, k) + 1):
                found = fused(load(doses, (first + power) * LANES), load(moments, (k - power) * LANES), found)
            at = ((k + 1) * width + row) * LANES
            store(values, at, fused(broadcast(1.0 / (k + 1), values), found, load(values, at)))


@jit(error_model="numpy")
def _add_up(y, order, accepted, values, width, moments):  # type: ignore[no-untyped-def]
    # The constant coefficients of the exchanges, from what they are at the start of each step; y afterwards.
    for row in range(3, width):
        before, after = broadcast(0.0, values), broadcast(0.0, values)
        for k in range(1, order + 1):
            found = load(values, (k * width + row) * LANES)
            after = after + found
            before = before - found if k % 2 == 1 else before + found
        store(moments, 0, before)
        store(moments, LANES, after - before)
        total = y[1 + row]
        for lane in range(LANES):
            values[row * LANES + lane] = total - moments[lane]
            if lane < accepted:
                total += moments[LANES + lane]
        y[1 + row] = total


@jit(error_model="numpy")
def _share_out(times, counts, starts, accepted, finishes, reach):  # type: ignore[no-untyped-def]
    # The first output of each accepted step into `reach`; returns the largest number of outputs in one step.
    most, at = 0, counts[1]
    for lane in range(accepted):
        reach[lane] = at
        last = finishes and lane == accepted - 1
        while at < len(times) and (last or times[at] <= starts[lane + 1]):
            at += 1
        most = max(most, at - reach[lane])
    reach[accepted] = counts[1] = at
    return most


@jit(error_model="numpy")
def _write(u, outputs, counts, steps, taken, order, values, begin, work):  # type: ignore[no-untyped-def]
    # The outputs within the accepted steps: the first ones of all steps at once, then the second ones ...
    times, found, state_errors, exchange_errors = outputs
    (_, starts, halves), (accepted, finishes) = steps, taken
    estimates, places, results, reach = work
    width = 3 + exchange_errors.shape[1]
    for turn in range(_share_out(times, counts, starts, accepted, finishes, reach)):
        for lane in range(LANES):
            places[lane] = 0.0
        for lane in range(accepted):
            if reach[lane] + turn < reach[lane + 1]:
                part = (times[reach[lane] + turn] - starts[lane]) / halves[lane] - 1.0
                places[lane] = part if part < 1.0 else 1.0
        s = load(places, 0)
        for row in range(width):
            total = load(values, (order * width + row) * LANES)
            for k in range(order - 1, -1, -1):
                total = fused(total, s, load(values, (k * width + row) * LANES))
            store(results, row * LANES, total)
        for lane in range(accepted):
            at = reach[lane] + turn
            if at < reach[lane + 1]:
                found[at, 0] = u
                for row in range(width):
                    found[at, 1 + row] = results[row * LANES + lane]
                state_errors[at] = begin[3 * LANES + lane] + estimates[lane]
                for r in range(width - 3):
                    exchange_errors[at, r] = begin[(4 + r) * LANES + lane] + estimates[(1 + r) * LANES + lane]


@jit(error_model="numpy")
def _passed(estimates, sizes_at, count):  # type: ignore[no-untyped-def]
    # How many of the first steps are accurate enough, and the square of the largest size among them or of the next.
    largest = 0.0
    for lane in range(count):
        size = estimates[sizes_at * LANES + lane]
        if not size <= _TARGET**2:
            return lane, size
        largest = max(largest, size)
    return count, largest


@jit(error_model="numpy")
def _room(rows):  # type: ignore[no-untyped-def]
    # Room for rows of 16 numbers, each of them whole cache lines.
    memory = np.empty((rows + 1) * LANES)
    at = (-memory.ctypes.data % 64) // 8
    return memory[at : at + rows * LANES]


@jit(error_model="numpy")
def _write_start(y, clock, counts, errors, outputs):  # type: ignore[no-untyped-def]
    # Outputs at the start are what is there.
    times, values, state_errors, exchange_errors = outputs
    while counts[1] < len(times) and times[counts[1]] <= clock[0]:
        at = counts[1]
        values[at, :], state_errors[at], exchange_errors[at, :] = y, clock[2], errors
        counts[1] += 1


@jit(error_model="numpy")
def _prepare(system, pieces, control, steps, work):  # type: ignore[no-untyped-def]
    # Series of the propagators of the steps, and the errors of what they will give; returns the two highest powers.
    static, norm, fields = system[0], system[1], system[2]
    weights_work, doses, series_work, estimates = work
    powers, limits = weights_work[0], weights_work[1]
    _, matrix_norms, field, sizes = series_work
    small = max(_NOISE, 1e-3 * control[0])
    highest = weights_of(pieces, steps, small, weights_work)
    turns = fields_of(fields, powers, highest, field, sizes)
    _doses_of(powers, steps[2], highest, doses)
    negligible = 0.02 * _TARGET * (control[0] + control[1])
    order = series((static, norm, turns), highest, steps[2], negligible, series_work)
    _estimate(system, control, order, highest, small, (matrix_norms, doses, limits, steps[2]), estimates)
    return highest, order


@jit(error_model="numpy")
def _next_length(clock, steps, accepted, laid, order, size):  # type: ignore[no-untyped-def]
    # The length of the next steps; returns whether it changes the time.
    _, starts, halves = steps
    best = (_AIM * _TARGET / np.sqrt(size)) ** (1.0 / (order + 1)) if size > 0.0 else _GROW
    if accepted < laid:
        clock[1] = 2.0 * halves[accepted] * (min(best, 0.9) if size < 1e100 else 0.25)
        return starts[accepted] + 0.1 * clock[1] > starts[accepted]
    best = 2.0 * np.max(halves) * min(best * ORDER / order, _GROW)
    # Steps cut short by the end of a piece say little about the next piece.
    clock[1] = max(clock[1], best) if size <= (_AIM * _TARGET) ** 2 else best
    return True


@jit(error_model="numpy")
def advance_qubit(system, pieces, control, vector, outputs, nodes, budget):  # type: ignore[no-untyped-def]
    """Integrate for up to `budget` steps; return 0 if more are needed, 1 after the last output, 2 if steps vanish."""
    y, clock, counts, errors = vector
    exchanges, count, width = len(errors), len(system[2]), 3 + len(errors)
    which, starts, halves = np.zeros(LANES, np.int64), np.zeros(LANES + 1), _room(1)
    steps = (which, starts, halves)
    series_room = _room(max(pieces[2].shape[1], _TERMS))
    weights_work = (_room(count * _TERMS), _room(2 * count), series_room, _room(_TERMS), _room(_TERMS))
    series_work = (_room((ORDER + 1) * 12), _room(ORDER + 2), _room(3 * _TERMS), _room(_TERMS))
    doses, ends, estimates, begin = (
        _room((1 + 2 * count) * _TERMS),
        _room(24),
        _room(2 + 2 * exchanges),
        _room(1 + width),
    )
    values, moments = _room((ORDER + 1) * width), _room(ORDER + 2)
    output_work = (_room(1), _room(width), np.zeros(LANES + 1, np.int64))
    _write_start(y, clock, counts, errors, outputs)
    for _ in range(max(budget // LANES, 1)):
        laid, following = _lay_out(pieces, counts[0], clock[0], clock[1], steps)
        counts[3] += laid
        highest, order = _prepare(system, pieces, control, steps, (weights_work, doses, series_work, estimates))
        accepted, size = _passed(estimates, 1 + 2 * exchanges, laid)
        if not _next_length(clock, steps, accepted, laid, order, size):
            return 2
        if accepted == 0:
            continue
        propagators(series_work[0], order, ends)
        _chain(vector, nodes, control, steps, accepted, ends, estimates, begin)
        _states(y[0], order, series_work[0], ends, begin, values, width)
        _exchanges(system, y[0], order, highest, doses, values, width, moments)
        _add_up(y, order, accepted, values, width, moments)
        finishes = accepted == laid and following == counts[4]
        _write(y[0], outputs, counts, steps, (accepted, finishes), order, values, begin, (estimates, *output_work))
        clock[0], counts[0] = starts[accepted], following if accepted == laid else which[accepted]
        if counts[1] == len(outputs[0]):
            return 1
    return 0
