"""Quantum jumps whose effective Hamiltonian is diagonal in an orthonormal basis, as for Davies equations.

The norm of a state that does not jump is then a mixture of exponentials, Σ |c_n|² exp(-Γ_n t): drawing a level n and an
exponential time for it draws the waiting time exactly, without a time step or a search. After a jump between single
levels only the level is remembered (:cite:t:`gillespie1977`). Slow twin: ``tests/reference/quantum_jumps.py``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.counter_random import STREAM_WORDS, open_stream, uniform
from loschmidt._kernels.jump_records import (
    BLOCK,
    add_state,
    begin,
    choose,
    click,
    finish,
    image,
    normalise,
    note,
    weigh,
)
from loschmidt.typing import IntegerArray, RealTensor

__all__ = ["LevelModel", "follow_levels"]

_START, _NOW = 0, 1  # rows of vectors: after the last jump, and when it is looked at
_NEGLIGIBLE = 1e-30  # weight of the other levels beside one, round-off of a change of basis


class LevelModel(NamedTuple):
    """Energies and decay rates (d, 2) of the levels, the output times (T,), and the jumps from single levels.

    Level n jumps in the ways ``first[n]`` to ``first[n + 1]`` with ``cumulative`` weights; ``ways`` (w, 2) are the jump
    operator and the level it leads to, or -1 where that is not a single one.
    """

    levels: RealTensor
    times: RealTensor
    first: IntegerArray
    cumulative: RealTensor
    ways: IntegerArray


@jit(error_model="numpy", nogil=True)
def follow_levels(model, jumps, ends, record, key, first):  # type: ignore[no-untyped-def]
    """Follow the trajectories `first` to ``first + n`` in place.

    Parameters
    ----------
    model : LevelModel
    jumps, ends : Jumps, Ends
        In the basis of the levels.
    record : Record
    key : (2,) of uint64
    first : int
        Number of the first trajectory, a multiple of BLOCK.
    """
    d = len(model.levels)
    stream = np.zeros(STREAM_WORDS, np.uint64)
    stream[0], stream[1] = key[0], key[1]
    vectors, weights, slots = np.zeros((2, 2, d)), np.zeros(d), np.zeros(len(jumps.targets))
    for at in range(len(record.outcomes)):
        open_stream(stream, first + at)
        begin(ends, stream, record, at, vectors, _START)
        time, number, output, level = model.times[0], 0, 0, _single(vectors, _START)
        while output < len(model.times):
            jump_time = time + _waiting_time(model.levels, level, vectors, stream, weights)
            while output < len(model.times) and model.times[output] <= jump_time:
                _output(model, record, at, output, level, vectors, time)
                output += 1
            if output < len(model.times):
                slot, level = _jump(model, jumps, level, vectors, jump_time - time, stream, slots)
                click(record, at, number, jump_time, slot)
                record.counts[at, jumps.targets[slot, 0]] += 1
                record.totals[at, jumps.targets[slot, 1]] += jumps.gains[0, 0, slot]
                number, time = number + 1, jump_time
        if level >= 0:
            _to_level(vectors, _NOW, level)
        finish(ends, stream, record, at, vectors, _NOW, weights)


@jit(error_model="numpy", inline="always")
def _waiting_time(levels, level, vectors, stream, weights):  # type: ignore[no-untyped-def]
    source = level
    if level < 0:
        for a in range(len(weights)):
            weights[a] = vectors[_START, 0, a] * vectors[_START, 0, a] + vectors[_START, 1, a] * vectors[_START, 1, a]
        source = choose(weights, uniform(stream))
    wait = math.inf
    if levels[source, 1] > 0.0:
        wait = -math.log(uniform(stream)) / levels[source, 1]
    return wait


@jit(error_model="numpy")
def _jump(model, jumps, level, vectors, wait, stream, slots):  # type: ignore[no-untyped-def]
    # Returns the jump operator and the level that it leads to; -1 says that the state is in `vectors`.
    if level < 0:
        _evolve(model.levels, vectors, wait)
        weigh(jumps, 0, slots, vectors, _NOW, slots)
        slot = choose(slots, uniform(stream))
    else:
        last = model.first[level + 1] - 1
        way, sought = model.first[level], uniform(stream) * model.cumulative[last]
        while way < last and model.cumulative[way] <= sought:
            way += 1
        slot = model.ways[way, 0]
        if model.ways[way, 1] >= 0:
            return slot, model.ways[way, 1]
        _to_level(vectors, _NOW, level)
    image(jumps, 0, slots, slot, vectors, _NOW, _START)
    return slot, _single(vectors, _START)


@jit(error_model="numpy")
def _output(model, record, at, output, level, vectors, since):  # type: ignore[no-untyped-def]
    note(record, at, output)
    if level < 0:
        _evolve(model.levels, vectors, model.times[output] - since)
        add_state(record.states, at, output, vectors, _NOW)
    elif record.states.shape[1] > 0:
        record.states[at // BLOCK, output, 0, level, level] += 1.0


@jit(error_model="numpy")
def _evolve(levels, vectors, duration):  # type: ignore[no-untyped-def]
    # Decay is counted from the slowest occupied level, so that nothing underflows in a long wait.
    slowest = math.inf
    for a in range(len(levels)):
        if (vectors[_START, 0, a] != 0.0 or vectors[_START, 1, a] != 0.0) and levels[a, 1] < slowest:
            slowest = levels[a, 1]
    for a in range(len(levels)):
        x, y = vectors[_START, 0, a], vectors[_START, 1, a]
        size = 0.0 if x == 0.0 and y == 0.0 else math.exp(-0.5 * (levels[a, 1] - slowest) * duration)
        c, s = size * math.cos(levels[a, 0] * duration), size * math.sin(levels[a, 0] * duration)
        vectors[_NOW, 0, a], vectors[_NOW, 1, a] = c * x + s * y, c * y - s * x
    normalise(vectors, _NOW)


@jit(error_model="numpy")
def _single(vectors, row):  # type: ignore[no-untyped-def]
    # Returns the only occupied level, or -1.
    largest, found, total = 0.0, 0, 0.0
    for a in range(vectors.shape[2]):
        weight = vectors[row, 0, a] * vectors[row, 0, a] + vectors[row, 1, a] * vectors[row, 1, a]
        total += weight
        if weight > largest:
            largest, found = weight, a
    for a in range(vectors.shape[2]):
        weight = vectors[row, 0, a] * vectors[row, 0, a] + vectors[row, 1, a] * vectors[row, 1, a]
        if a != found and weight > _NEGLIGIBLE * total:
            return -1
    return found


@jit(error_model="numpy", inline="always")
def _to_level(vectors, row, level):  # type: ignore[no-untyped-def]
    for a in range(vectors.shape[2]):
        vectors[row, 0, a], vectors[row, 1, a] = 0.0, 0.0
    vectors[row, 0, level] = 1.0
