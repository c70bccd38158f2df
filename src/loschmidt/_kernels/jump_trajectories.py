"""Quantum jumps of any master equation, driven or not, on cells of time with tabulated propagators.

The state is kept as the vector x from which it would have come at the start of its cell, ψ(t) = U(t) x without
normalisation; U is known at ten nodes of each cell and between them as a polynomial. A jump happens where |ψ|² falls to
a random number: cells are passed, or leapt over in powers of two where all are alike, until one contains that time,
which is the root of a polynomial. Work and the heat of jumps without a definite quantum are integrated over the nodes
along each trajectory. Slow twin: ``tests/reference/quantum_jumps.py``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.counter_random import STREAM_WORDS, open_stream, uniform
from loschmidt._kernels.jump_records import add_state, begin, choose, click, finish, image, normalise, note, weigh
from loschmidt.typing import IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["NODES", "CellModel", "Workspace", "follow_cells"]

NODES = 10
_END = NODES - 1


class CellModel(NamedTuple):
    """Cells of time and what is known in them, at the nodes -1, eight Gauss points, and 1 of each.

    ``first`` (T,) is the first cell after each output time, ``tables`` (M,) the table of each cell, and ``starts`` and
    ``widths`` (M,) its place in time. ``forward`` and ``backward`` (tables, nodes, 2, d, d) are U and its inverse,
    real and imaginary parts, columns before rows; ``leaps`` (tables, L, 2, d, d) is U over 2, 4, ... cells.
    ``forms`` (tables, nodes, F, 2, d, d) are operators whose means are integrated: row r of the totals grows at the
    rate <form linear[r]> + <form damping[r]> <form 0>, where -1 stands for nothing. ``lagrange`` (nodes, nodes) and
    ``integrals`` (nodes, nodes + 1) are the interpolating polynomials and their integrals by powers; ``weights``
    (nodes,) integrate over a whole cell.
    """

    first: IntegerArray
    tables: IntegerArray
    starts: RealVector
    widths: RealVector
    forward: RealTensor
    backward: RealTensor
    leaps: RealTensor
    forms: RealTensor
    linear: IntegerArray
    damping: IntegerArray
    lagrange: RealMatrix
    integrals: RealMatrix
    weights: RealVector


class Workspace(NamedTuple):
    """Scratch of one caller: vectors, values at nodes, and where the trajectory is.

    ``place`` is (offset in the cell, threshold of |ψ|²), ``steps`` (leap to try, whether leaps shrink, jumps so far).
    """

    psi: RealMatrix
    other: RealMatrix
    after: RealMatrix
    path: RealTensor
    norms: RealVector
    rates: RealMatrix
    values: RealVector
    powers: RealVector
    slots: RealVector
    levels: RealVector
    form: RealTensor
    place: RealVector
    steps: IntegerArray


@jit(error_model="numpy", nogil=True)
def follow_cells(model, jumps, ends, record, work, key, first):  # type: ignore[no-untyped-def]
    """Follow the trajectories `first` to ``first + n`` in place.

    Parameters
    ----------
    model : CellModel
    jumps, ends, record : Jumps, Ends, Record
    work : Workspace
    key : (2,) of uint64
    first : int
        Number of the first trajectory, a multiple of BLOCK.
    """
    stream = np.zeros(STREAM_WORDS, np.uint64)
    stream[0], stream[1] = key[0], key[1]
    for at in range(len(record.places)):
        open_stream(stream, first + at)
        begin(ends, stream, record, at, work.psi)
        work.place[0], work.place[1] = -1.0, uniform(stream)
        work.steps[0], work.steps[1], work.steps[2] = 0, 0, 0
        _output(record, work, at, 0)
        for interval in range(len(model.first) - 1):
            _pass_interval(model, jumps, record, work, stream, at, interval)
            _output(record, work, at, interval + 1)
        finish(ends, stream, record, at, work.psi, work.levels)


@jit(error_model="numpy")
def _output(record, work, at, output):  # type: ignore[no-untyped-def]
    note(record, at, output)
    add_state(record, at, output, work.psi, _squared_norm(work.psi))


@jit(error_model="numpy")
def _pass_interval(model, jumps, record, work, stream, at, interval):  # type: ignore[no-untyped-def]
    cell, stop = model.first[interval], model.first[interval + 1]
    while cell < stop:
        leap = _allowed_leap(model, work, stop - cell)
        if leap > 0:
            _multiply(model.leaps, model.tables[cell], leap - 1, work.psi, work.other)
            if _squared_norm(work.other) > work.place[1]:
                work.psi[:] = work.other
                cell += 1 << leap
                if leap == work.steps[0] or leap == model.leaps.shape[1]:
                    work.steps[0] = leap + 1 - 2 * work.steps[1]
            else:
                work.steps[0], work.steps[1] = leap - 1, 1
        elif _pass_cell(model, record, work, at, cell):
            cell += 1
            if work.steps[0] == 0:
                work.steps[0] = 1 - work.steps[1]
        else:
            _jump(model, jumps, record, work, stream, at, cell)
            work.steps[0], work.steps[1] = 0, 0


@jit(error_model="numpy")
def _allowed_leap(model, work, remaining):  # type: ignore[no-untyped-def]
    if work.place[0] > -1.0:
        return 0
    leap = min(work.steps[0], model.leaps.shape[1])
    while leap > 0 and 1 << leap > remaining:
        leap -= 1
    return leap


@jit(error_model="numpy")
def _pass_cell(model, record, work, at, cell):  # type: ignore[no-untyped-def]
    # Goes to the end of the cell and returns True, or else leaves the path at the nodes and returns False.
    table = model.tables[cell]
    _multiply(model.forward, table, _END, work.psi, work.other)
    jumps = not _squared_norm(work.other) > work.place[1]
    rows = len(model.linear)
    if jumps or rows > 0:
        for i in range(NODES):
            _multiply(model.forward, table, i, work.psi, work.path[i])
            work.norms[i] = _squared_norm(work.path[i])
    if jumps:
        return False
    if rows > 0:
        _find_rates(model, work, table)
        if work.place[0] == -1.0:
            for r in range(rows):
                for i in range(NODES):
                    record.totals[at, r] += 0.5 * model.widths[cell] * model.weights[i] * work.rates[r, i]
        else:
            _integrate(model, record, work, at, cell, 1.0)
    work.psi[:] = work.other
    work.place[0] = -1.0
    return True


@jit(error_model="numpy")
def _find_rates(model, work, table):  # type: ignore[no-untyped-def]
    # Writes the rate of each row at each node.
    for i in range(NODES):
        energy = 0.0
        for r in range(len(model.linear)):
            if model.damping[r] >= 0:
                energy = _mean(model.forms, table, i, 0, work.path[i]) / work.norms[i]
                break
        for r in range(len(model.linear)):
            rate = 0.0
            if model.linear[r] >= 0:
                rate = _mean(model.forms, table, i, model.linear[r], work.path[i])
            if model.damping[r] >= 0:
                rate += energy * _mean(model.forms, table, i, model.damping[r], work.path[i])
            work.rates[r, i] = rate / work.norms[i]


@jit(error_model="numpy")
def _integrate(model, record, work, at, cell, stop):  # type: ignore[no-untyped-def]
    # Adds the integrals of the interpolated rates from the present offset to `stop`.
    start = work.place[0]
    for i in range(NODES):
        upper, lower = 0.0, 0.0
        for p in range(NODES, -1, -1):
            upper = upper * stop + model.integrals[i, p]
            lower = lower * start + model.integrals[i, p]
        for r in range(len(model.linear)):
            record.totals[at, r] += 0.5 * model.widths[cell] * (upper - lower) * work.rates[r, i]


@jit(error_model="numpy")
def _jump(model, jumps, record, work, stream, at, cell):  # type: ignore[no-untyped-def]
    table = model.tables[cell]
    offset = _jump_offset(model, work)
    if len(model.linear) > 0:
        _find_rates(model, work, table)
        _integrate(model, record, work, at, cell, offset)
    _lagrange(model, offset, work.values)
    _combine(work.path, work.values, work.psi)
    if weigh(jumps, table, work.values, work.psi, work.slots) > 0.0:
        slot = choose(work.slots, uniform(stream))
        image(jumps, table, work.values, slot, work.psi, work.after)
        record.totals[at, jumps.rows[slot]] += _gain(model, jumps, work, table, slot)
        record.counts[at, jumps.channels[slot]] += 1
        click(record, at, work.steps[2], model.starts[cell] + 0.5 * (offset + 1.0) * model.widths[cell], slot)
        work.steps[2] += 1
    else:  # in a dark state only round-off lowers the norm, and waiting begins anew
        work.after[:] = work.psi
        normalise(work.after)
    work.psi[:] = 0.0
    for i in range(NODES):
        _multiply(model.backward, table, i, work.after, work.other)
        for a in range(work.psi.shape[1]):
            work.psi[0, a] += work.values[i] * work.other[0, a]
            work.psi[1, a] += work.values[i] * work.other[1, a]
    work.place[0], work.place[1] = offset, uniform(stream)


@jit(error_model="numpy")
def _gain(model, jumps, work, table, slot):  # type: ignore[no-untyped-def]
    if jumps.gains.shape[1] == 1:
        gain = jumps.gains[0, 0, slot]
    else:
        gain = 0.0
        for i in range(NODES):
            gain += work.values[i] * jumps.gains[table, i, slot]
    if not math.isnan(gain):
        return gain
    work.form[:] = 0.0
    for i in range(NODES):
        for part in range(2):
            for a in range(work.psi.shape[1]):
                for b in range(work.psi.shape[1]):
                    work.form[0, 0, 0, part, a, b] += work.values[i] * model.forms[table, i, 0, part, a, b]
    after = _mean(work.form, 0, 0, 0, work.after)
    return after - _mean(work.form, 0, 0, 0, work.psi) / _squared_norm(work.psi) + jumps.offsets[slot]


@jit(error_model="numpy")
def _jump_offset(model, work):  # type: ignore[no-untyped-def]
    # The root of |ψ|² - threshold by Newton's method inside a shrinking bracket.
    for p in range(NODES):
        work.powers[p] = 0.0
        for i in range(NODES):
            work.powers[p] += work.norms[i] * model.lagrange[i, p]
    low, high = work.place[0], 1.0
    offset = 0.5 * (low + high)
    for _ in range(100):
        value, slope = 0.0, 0.0
        for p in range(NODES - 1, -1, -1):
            slope = slope * offset + value
            value = value * offset + work.powers[p]
        if value > work.place[1]:
            low = offset
        else:
            high = offset
        # The norm falls, so that a slope that does not is round-off.
        step = (work.place[1] - value) / slope if slope < 0.0 else math.inf
        proposal = offset + step
        if not low < proposal < high:
            proposal = 0.5 * (low + high)
        if abs(proposal - offset) <= 1e-15 or proposal == low or proposal == high:
            return proposal
        offset = proposal
    return offset


@jit(error_model="numpy")
def _lagrange(model, offset, values):  # type: ignore[no-untyped-def]
    for i in range(NODES):
        values[i] = 0.0
        for p in range(NODES - 1, -1, -1):
            values[i] = values[i] * offset + model.lagrange[i, p]


@jit(error_model="numpy")
def _combine(path, values, out):  # type: ignore[no-untyped-def]
    out[:] = 0.0
    for i in range(NODES):
        for part in range(2):
            for a in range(out.shape[1]):
                out[part, a] += values[i] * path[i, part, a]


@jit(error_model="numpy")
def _multiply(matrices, table, place, x, out):  # type: ignore[no-untyped-def]
    d = x.shape[1]
    for a in range(d):
        out[0, a], out[1, a] = 0.0, 0.0
    for b in range(d):
        real, imaginary = x[0, b], x[1, b]
        for a in range(d):
            u, v = matrices[table, place, 0, b, a], matrices[table, place, 1, b, a]
            out[0, a] += u * real - v * imaginary
            out[1, a] += u * imaginary + v * real


@jit(error_model="numpy")
def _mean(forms, table, node, place, x):  # type: ignore[no-untyped-def]
    # <x| F |x> of a Hermitian F, unnormalised.
    result = 0.0
    for b in range(x.shape[1]):
        real, imaginary = x[0, b], x[1, b]
        inner = 0.0
        for a in range(b):
            u, v = forms[table, node, place, 0, b, a], forms[table, node, place, 1, b, a]
            inner += u * (x[0, a] * real + x[1, a] * imaginary) + v * (x[1, a] * real - x[0, a] * imaginary)
        result += 2.0 * inner + forms[table, node, place, 0, b, b] * (real * real + imaginary * imaginary)
    return result


@jit(error_model="numpy")
def _squared_norm(x):  # type: ignore[no-untyped-def]
    result = 0.0
    for a in range(x.shape[1]):
        result += x[0, a] * x[0, a] + x[1, a] * x[1, a]
    return result
