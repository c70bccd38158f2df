"""Quantum jumps of any master equation, driven or not, on cells of time with tabulated propagators.

The state is kept as the vector x from which it would have come at the start of its cell, ψ(t) = U(t) x without
normalisation; U is known at ten nodes of each cell, both ends and eight Gauss points, and between them as a polynomial.
A jump happens where |ψ|² falls to a random number: cells are passed, or leapt over in powers of two where all are
alike, until one contains that time, which is the root of a polynomial. Work and the heat of jumps without a definite
quantum are integrated over the nodes along each trajectory. Slow twin: ``tests/reference/quantum_jumps.py``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.counter_random import STREAM_WORDS, open_stream, uniform
from loschmidt._kernels.jump_records import (
    add_state,
    begin,
    choose,
    click,
    finish,
    image,
    normalise,
    note,
    squared_norm,
    weigh,
)
from loschmidt.typing import IntegerArray, RealTensor

__all__ = ["INTEGRALS", "LAGRANGE", "NODES", "PLACES", "WEIGHTS", "CellModel", "follow_cells"]

NODES = 10
_END = NODES - 1
PLACES = np.concatenate([[-1.0], np.polynomial.legendre.leggauss(NODES - 2)[0], [1.0]])
WEIGHTS = np.concatenate([[0.0], np.polynomial.legendre.leggauss(NODES - 2)[1], [0.0]])
# Interpolating polynomials and their antiderivatives: powers, ascending, before polynomials.
LAGRANGE = np.linalg.inv(np.vander(PLACES, NODES, increasing=True))
INTEGRALS = np.concatenate([np.zeros((1, NODES)), LAGRANGE / np.arange(1, NODES + 1)[:, None]])

_PSI, _OTHER, _AFTER, _PATH = 0, 1, 2, 3  # rows of vectors, the path being at the nodes
_NORMS, _VALUES, _SHARES, _RATES = 0, 1, 2, 3  # rows of numbers at the nodes
_LEAP, _SHRINKS, _JUMPS = 0, 1, 2  # steps of the trajectory: leap to try, whether leaps shrink, jumps so far
_LONGEST = 3  # and the longest leap since the last jump, from which the next wait starts
_OFFSET, _THRESHOLD = 0, 1  # place of the trajectory: in the cell, and |ψ|² at which it jumps


class CellModel(NamedTuple):
    """Cells of time and what is known in them.

    ``first`` (T,) is the first cell after each output time, ``tables`` (M,) the table of each cell, and ``cells``
    (M, 2) its start and width. ``propagators`` (tables, 2 NODES + L, 2, d, d) are U at the nodes, its inverse at the
    nodes, and U over 2, 4, ... cells; real and imaginary parts, columns before rows. ``forms`` (tables, NODES, F, 2, d,
    d) are Hermitian operators in the same order: total r grows at the rate <form rows[r, 0]> + <form rows[r, 1]> <form
    0>, where -1 stands for nothing; ``rows`` (R, 2) is empty where nothing is integrated.
    """

    first: IntegerArray
    tables: IntegerArray
    cells: RealTensor
    propagators: RealTensor
    forms: RealTensor
    rows: IntegerArray


class _Work(NamedTuple):
    vectors: RealTensor
    matrix: RealTensor
    numbers: RealTensor
    slots: RealTensor
    levels: RealTensor
    place: RealTensor
    steps: IntegerArray
    stream: IntegerArray


@jit(error_model="numpy", nogil=True)
def follow_cells(model, jumps, ends, record, key, first):  # type: ignore[no-untyped-def]
    """Follow the trajectories `first` to ``first + n`` in place.

    Parameters
    ----------
    model : CellModel
    jumps, ends, record : Jumps, Ends, Record
    key : (2,) of uint64
    first : int
        Number of the first trajectory, a multiple of BLOCK.
    """
    d = model.propagators.shape[-1]
    work = _Work(
        np.zeros((_PATH + NODES, 2, d)),
        np.zeros((1, 1, 2, d, d)),
        np.zeros((_RATES + len(model.rows), NODES)),
        np.zeros(len(jumps.targets)),
        np.zeros(d),
        np.zeros(2),
        np.zeros(4, np.int64),
        np.zeros(STREAM_WORDS, np.uint64),
    )
    work.stream[0], work.stream[1] = key[0], key[1]
    for at in range(len(record.outcomes)):
        open_stream(work.stream, first + at)
        begin(ends, work.stream, record, at, work.vectors, _PSI)
        work.place[_OFFSET], work.place[_THRESHOLD] = -1.0, uniform(work.stream)
        work.steps[_LEAP], work.steps[_SHRINKS], work.steps[_JUMPS], work.steps[_LONGEST] = 0, 0, 0, 0
        for output in range(len(model.first)):
            cell = model.first[output - 1] if output > 0 else model.first[0]
            while cell < model.first[output]:
                cell = _wait(model, record.totals, work, at, cell, model.first[output])
                if cell < model.first[output]:
                    _jump(model, jumps, record, work, at, cell)
            note(record, at, output)
            add_state(record.states, at, output, work.vectors, _PSI)
        finish(ends, work.stream, record, at, work.vectors, _PSI, work.levels)


@jit(error_model="numpy")
def _wait(model, totals, work, at, cell, stop):  # type: ignore[no-untyped-def]
    # Returns the cell in which a jump is due, with the path at its nodes, or `stop`.
    vectors, numbers, place, steps = work.vectors, work.numbers, work.place, work.steps
    while cell < stop:
        leapt = _leap(model.propagators, model.tables[cell], vectors, place, steps, stop - cell)
        cell += leapt
        if leapt > 0:
            continue
        table = model.tables[cell]
        _multiply(model.propagators, table, _END, vectors, _PSI, _OTHER)
        due = not squared_norm(vectors, _OTHER) > place[_THRESHOLD]
        if due or len(model.rows) > 0:
            ends = 0 if due or place[_OFFSET] > -1.0 else 1  # which do not weigh in a whole cell
            for i in range(ends, NODES - ends):
                _multiply(model.propagators, table, i, vectors, _PSI, _PATH + i)
                numbers[_NORMS, i] = squared_norm(vectors, _PATH + i)
            _find_rates(model.forms, model.rows, table, vectors, numbers, ends)
        if due:
            return cell
        _integrate(totals, at, 0.5 * model.cells[cell, 1], numbers, place[_OFFSET], 1.0)
        _copy(vectors, _OTHER, _PSI)
        place[_OFFSET] = -1.0
        if steps[_LEAP] == 0:
            steps[_LEAP] = 1 - steps[_SHRINKS]
        cell += 1
    return stop


@jit(error_model="numpy", inline="always")
def _leap(propagators, table, vectors, place, steps, remaining):  # type: ignore[no-untyped-def]
    # Returns how many cells were leapt over at once, 0 if none may be.
    largest, leapt = propagators.shape[1] - 2 * NODES, 0
    leap = min(steps[_LEAP], largest) if place[_OFFSET] == -1.0 else 0
    while leap > 0 and 1 << leap > remaining:
        leap -= 1
    while leap > 0 and leapt == 0:
        _multiply(propagators, table, 2 * NODES + leap - 1, vectors, _PSI, _OTHER)
        if squared_norm(vectors, _OTHER) > place[_THRESHOLD]:
            _copy(vectors, _OTHER, _PSI)
            leapt = 1 << leap
            steps[_LONGEST] = max(leap, steps[_LONGEST])
            if leap == steps[_LEAP] or leap == largest:
                steps[_LEAP] = leap + 1 - 2 * steps[_SHRINKS]
        else:
            leap -= 1
            steps[_LEAP], steps[_SHRINKS] = leap, 1
    return leapt


@jit(error_model="numpy")
def _find_rates(forms, rows, table, vectors, numbers, ends):  # type: ignore[no-untyped-def]
    # Writes the rate of each total at each node but the outermost ones.
    for r in range(len(rows)):
        for i in range(ends, NODES - ends):
            rate = 0.0
            if rows[r, 0] >= 0:
                rate += _mean(forms, table, i, rows[r, 0], vectors, _PATH + i)
            if rows[r, 1] >= 0:
                damping = _mean(forms, table, i, rows[r, 1], vectors, _PATH + i)
                rate += damping * _mean(forms, table, i, 0, vectors, _PATH + i) / numbers[_NORMS, i]
            numbers[_RATES + r, i] = rate / numbers[_NORMS, i]


@jit(error_model="numpy")
def _integrate(totals, at, half_width, numbers, start, stop):  # type: ignore[no-untyped-def]
    # Adds the integrals of the interpolated rates between two offsets in the cell.
    if len(numbers) > _RATES:
        for i in range(NODES):
            numbers[_SHARES, i] = WEIGHTS[i]
        if start > -1.0 or stop < 1.0:
            _evaluate(INTEGRALS, stop, numbers, _SHARES)
            for i in range(NODES):
                upper, lower = numbers[_SHARES, i], 0.0
                for p in range(NODES, -1, -1):
                    lower = lower * start + INTEGRALS[p, i]
                numbers[_SHARES, i] = upper - lower
        for r in range(len(numbers) - _RATES):
            for i in range(NODES):
                totals[at, r] += half_width * numbers[_SHARES, i] * numbers[_RATES + r, i]


@jit(error_model="numpy")
def _jump(model, jumps, record, work, at, cell):  # type: ignore[no-untyped-def]
    vectors, numbers, place, steps = work.vectors, work.numbers, work.place, work.steps
    table, values = model.tables[cell], numbers[_VALUES]
    offset = _jump_offset(numbers, place)
    _integrate(record.totals, at, 0.5 * model.cells[cell, 1], numbers, place[_OFFSET], offset)
    _clear(vectors, _PSI)
    _evaluate(LAGRANGE, offset, numbers, _VALUES)
    for i in range(NODES):
        _add(vectors, _PATH + i, values[i], _PSI)
    if weigh(jumps, table, values, vectors, _PSI, work.slots) > 0.0:
        slot = choose(work.slots, uniform(work.stream))
        image(jumps, table, values, slot, vectors, _PSI, _AFTER)
        record.totals[at, jumps.targets[slot, 1]] += _gain(model.forms, jumps, table, slot, vectors, values)
        record.counts[at, jumps.targets[slot, 0]] += 1
        click(record, at, steps[_JUMPS], model.cells[cell, 0] + 0.5 * (offset + 1.0) * model.cells[cell, 1], slot)
        steps[_JUMPS] += 1
    else:  # in a dark state only round-off lowers the norm, and waiting begins anew
        _copy(vectors, _PSI, _AFTER)
        normalise(vectors, _AFTER)
    _mix(model.propagators, table, values, work.matrix)
    _multiply(work.matrix, 0, 0, vectors, _AFTER, _PSI)
    place[_OFFSET], place[_THRESHOLD] = offset, uniform(work.stream)
    steps[_LEAP], steps[_SHRINKS], steps[_LONGEST] = steps[_LONGEST], 0, 0


@jit(error_model="numpy", inline="always")
def _gain(forms, jumps, table, slot, vectors, values):  # type: ignore[no-untyped-def]
    gain = jumps.gains[0, 0, slot]
    if jumps.gains.shape[1] > 1:
        gain = 0.0
        for i in range(NODES):
            gain += values[i] * jumps.gains[table, i, slot]
    if math.isnan(gain):
        gain, norm = jumps.offsets[slot], squared_norm(vectors, _PSI)
        for i in range(NODES):
            before = _mean(forms, table, i, 0, vectors, _PSI) / norm
            gain += values[i] * (_mean(forms, table, i, 0, vectors, _AFTER) - before)
    return gain


@jit(error_model="numpy")
def _jump_offset(numbers, place):  # type: ignore[no-untyped-def]
    # The root of |ψ|² - threshold by Newton's method inside a shrinking bracket, which starts between two nodes.
    powers, sought = numbers[_VALUES], place[_THRESHOLD]
    for p in range(NODES):
        powers[p] = 0.0
        for i in range(NODES):
            powers[p] += numbers[_NORMS, i] * LAGRANGE[p, i]
    last = 1
    while last < _END and (numbers[_NORMS, last] > sought or PLACES[last] <= place[_OFFSET]):
        last += 1
    low, high = max(PLACES[last - 1], place[_OFFSET]), PLACES[last]
    fallen = (numbers[_NORMS, last - 1] - sought) / (numbers[_NORMS, last - 1] - numbers[_NORMS, last])
    offset = PLACES[last - 1] + fallen * (PLACES[last] - PLACES[last - 1])
    for _ in range(100):
        if not low <= offset <= high:
            offset = 0.5 * (low + high)
        value, slope = 0.0, 0.0
        for p in range(NODES - 1, -1, -1):
            slope = slope * offset + value
            value = value * offset + powers[p]
        if value > sought:
            low = offset
        else:
            high = offset
        # The norm falls, so that a slope that does not is round-off.
        step = (sought - value) / slope if slope < 0.0 else 0.5 * (low + high) - offset
        # The error of a step of Newton's method is of the order of its square.
        if abs(step) <= 1e-8 or high - low <= 1e-15:
            break
        offset += step
    offset += step
    return min(max(offset, low), high)


@jit(error_model="numpy", inline="always")
def _evaluate(polynomials, offset, numbers, row):  # type: ignore[no-untyped-def]
    for i in range(NODES):
        numbers[row, i] = 0.0
    for p in range(len(polynomials) - 1, -1, -1):
        for i in range(NODES):
            numbers[row, i] = numbers[row, i] * offset + polynomials[p, i]


@jit(error_model="numpy", inline="always")
def _mix(propagators, table, values, out):  # type: ignore[no-untyped-def]
    # The inverse propagator at the place where the interpolating polynomials have the given values.
    for part in range(2):
        for b in range(out.shape[3]):
            for a in range(out.shape[3]):
                out[0, 0, part, b, a] = 0.0
    for i in range(NODES):
        for part in range(2):
            for b in range(out.shape[3]):
                for a in range(out.shape[3]):
                    out[0, 0, part, b, a] += values[i] * propagators[table, NODES + i, part, b, a]


@jit(error_model="numpy", inline="always")
def _multiply(matrices, table, place, vectors, row, out):  # type: ignore[no-untyped-def]
    for a in range(vectors.shape[2]):
        vectors[out, 0, a], vectors[out, 1, a] = 0.0, 0.0
    for b in range(vectors.shape[2]):
        x, y = vectors[row, 0, b], vectors[row, 1, b]
        for a in range(vectors.shape[2]):
            u, v = matrices[table, place, 0, b, a], matrices[table, place, 1, b, a]
            vectors[out, 0, a] += u * x - v * y
            vectors[out, 1, a] += u * y + v * x


@jit(error_model="numpy", inline="always")
def _mean(forms, table, node, place, vectors, row):  # type: ignore[no-untyped-def]
    # <x| F |x> of a Hermitian F, unnormalised.
    result = 0.0
    for b in range(vectors.shape[2]):
        x, y, inner = vectors[row, 0, b], vectors[row, 1, b], 0.0
        for a in range(b):
            u, v = forms[table, node, place, 0, b, a], forms[table, node, place, 1, b, a]
            p, q = vectors[row, 0, a], vectors[row, 1, a]
            inner += u * (p * x + q * y) + v * (q * x - p * y)
        result += 2.0 * inner + forms[table, node, place, 0, b, b] * (x * x + y * y)
    return result


@jit(error_model="numpy", inline="always")
def _add(vectors, row, factor, out):  # type: ignore[no-untyped-def]
    for a in range(vectors.shape[2]):
        vectors[out, 0, a] += factor * vectors[row, 0, a]
        vectors[out, 1, a] += factor * vectors[row, 1, a]


@jit(error_model="numpy", inline="always")
def _copy(vectors, row, out):  # type: ignore[no-untyped-def]
    for a in range(vectors.shape[2]):
        vectors[out, 0, a], vectors[out, 1, a] = vectors[row, 0, a], vectors[row, 1, a]


@jit(error_model="numpy", inline="always")
def _clear(vectors, row):  # type: ignore[no-untyped-def]
    for a in range(vectors.shape[2]):
        vectors[row, 0, a], vectors[row, 1, a] = 0.0, 0.0
