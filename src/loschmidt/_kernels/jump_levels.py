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

_NEGLIGIBLE = 1e-30  # weight of the other levels beside one, round-off of a change of basis


class LevelModel(NamedTuple):
    """Energies and decay rates (d,) of the levels, the output times (T,), and the jumps from single levels.

    Level n jumps in the ways ``ways[n]`` to ``ways[n + 1]`` with ``cumulative`` weights, by the jump operator
    ``slots``, to the level ``targets``, or -1 where the jump leads to more than one.
    """

    energies: RealTensor
    decay: RealTensor
    times: RealTensor
    ways: IntegerArray
    cumulative: RealTensor
    slots: IntegerArray
    targets: IntegerArray


@jit(error_model="numpy", nogil=True)
def follow_levels(model, jumps, ends, record, key, first):  # type: ignore[no-untyped-def]
    """Follow the trajectories `first` to ``first + n`` in place.

    Parameters
    ----------
    model : LevelModel
    jumps : Jumps
        In the basis of the levels.
    ends : Ends
        In the basis of the levels.
    record : Record
    key : (2,) of uint64
    first : int
        Number of the first trajectory, a multiple of BLOCK.
    """
    d = len(model.energies)
    stream = np.zeros(STREAM_WORDS, np.uint64)
    stream[0], stream[1] = key[0], key[1]
    psi, now, weights = np.zeros((2, d)), np.zeros((2, d)), np.zeros(d)
    slots = np.zeros(len(jumps.channels))
    for at in range(len(record.places)):
        open_stream(stream, first + at)
        begin(ends, stream, record, at, psi)
        level = _follow(model, jumps, record, at, stream, psi, now, weights, slots)
        if level >= 0:
            _to_level(now, level)
        finish(ends, stream, record, at, now, weights)


@jit(error_model="numpy")
def _follow(model, jumps, record, at, stream, psi, now, weights, slots):  # type: ignore[no-untyped-def]
    # Returns the level at the last time, or -1 with the state in `now`.
    time, number, output, level = model.times[0], 0, 0, _single(psi)
    while True:
        jump_time = time + _waiting_time(model, level, psi, stream, weights)
        while output < len(model.times) and model.times[output] <= jump_time:
            _output(model, record, at, output, level, psi, model.times[output] - time, now)
            output += 1
        if output == len(model.times):
            return level
        if level >= 0:
            way = _choose_way(model, level, uniform(stream))
            slot = model.slots[way]
            if model.targets[way] < 0:
                _to_level(now, level)
                level = _jump(jumps, slot, now, psi)
            else:
                level = model.targets[way]
        else:
            _evolve(model, psi, jump_time - time, now)
            weigh(jumps, 0, weights, now, slots)
            slot = choose(slots, uniform(stream))
            level = _jump(jumps, slot, now, psi)
        click(record, at, number, jump_time, slot)
        record.counts[at, jumps.channels[slot]] += 1
        record.totals[at, jumps.rows[slot]] += jumps.gains[0, 0, slot]
        number, time = number + 1, jump_time


@jit(error_model="numpy")
def _waiting_time(model, level, psi, stream, weights):  # type: ignore[no-untyped-def]
    source = level
    if level < 0:
        for a in range(len(weights)):
            weights[a] = psi[0, a] * psi[0, a] + psi[1, a] * psi[1, a]
        source = choose(weights, uniform(stream))
    if model.decay[source] == 0.0:
        return math.inf
    return -math.log(uniform(stream)) / model.decay[source]


@jit(error_model="numpy")
def _choose_way(model, level, draw):  # type: ignore[no-untyped-def]
    last = model.ways[level + 1] - 1
    way, sought = model.ways[level], draw * model.cumulative[last]
    while way < last and model.cumulative[way] <= sought:
        way += 1
    return way


@jit(error_model="numpy")
def _output(model, record, at, output, level, psi, duration, now):  # type: ignore[no-untyped-def]
    note(record, at, output)
    if level < 0:
        _evolve(model, psi, duration, now)
        add_state(record, at, output, now, 1.0)
    elif record.states.shape[1] > 0:
        record.states[at // BLOCK, output, 0, level, level] += 1.0


@jit(error_model="numpy")
def _evolve(model, psi, duration, out):  # type: ignore[no-untyped-def]
    # Decay is counted from the slowest occupied level, so that nothing underflows in a long wait.
    slowest = math.inf
    for a in range(psi.shape[1]):
        if (psi[0, a] != 0.0 or psi[1, a] != 0.0) and model.decay[a] < slowest:
            slowest = model.decay[a]
    for a in range(psi.shape[1]):
        if psi[0, a] == 0.0 and psi[1, a] == 0.0:
            out[0, a], out[1, a] = 0.0, 0.0
            continue
        size = math.exp(-0.5 * (model.decay[a] - slowest) * duration)
        angle = model.energies[a] * duration
        c, s = size * math.cos(angle), size * math.sin(angle)
        out[0, a], out[1, a] = c * psi[0, a] + s * psi[1, a], c * psi[1, a] - s * psi[0, a]
    normalise(out)


@jit(error_model="numpy")
def _jump(jumps, slot, psi, out):  # type: ignore[no-untyped-def]
    # Writes the state after a jump and returns its level if it is a single one.
    image(jumps, 0, out[0], slot, psi, out)
    return _single(out)


@jit(error_model="numpy")
def _single(psi):  # type: ignore[no-untyped-def]
    largest, found, total = 0.0, -1, 0.0
    for a in range(psi.shape[1]):
        weight = psi[0, a] * psi[0, a] + psi[1, a] * psi[1, a]
        total += weight
        if weight > largest:
            largest, found = weight, a
    for a in range(psi.shape[1]):
        if a != found and psi[0, a] * psi[0, a] + psi[1, a] * psi[1, a] > _NEGLIGIBLE * total:
            return -1
    return found


@jit(error_model="numpy")
def _to_level(psi, level):  # type: ignore[no-untyped-def]
    for a in range(psi.shape[1]):
        psi[0, a], psi[1, a] = 0.0, 0.0
    psi[0, level] = 1.0
