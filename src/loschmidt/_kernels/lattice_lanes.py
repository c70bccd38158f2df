"""Between a state in memory and scratch in which 16 of its columns, or rows, lie side by side.

A state (before, d, after) is seen as columns of length d; configuration x of a group of 16 columns takes 32 numbers of
scratch, 16 real parts and 16 imaginary parts. ``place = before, after, outer, step, inner`` are its extents and its
strides in real numbers. Columns that are neighbours in memory are read as vectors, rows are transposed on the way, and
what is neither, or less than 16, goes number by number.
"""

from __future__ import annotations

from loschmidt._kernels.compile import jit
from loschmidt._kernels.vector_ir import (
    LANES,
    load,
    load_imaginary,
    load_part,
    load_real,
    prefetch,
    store,
    store_pairs,
    store_part,
    transpose,
)

__all__ = ["CHUNK", "PAIR", "ROWS", "lanes_of_group", "read_lanes", "write_lanes"]

#: Numbers of one configuration in scratch.
PAIR = 2 * LANES
#: Configurations that one transposition moves.
CHUNK = LANES // 2
#: How the columns of a group lie: step 1 apart, step 1 within, or otherwise.
SIDE_BY_SIDE, ROWS, SCATTERED = 0, 1, 2

_AHEAD = 8  # configurations: so early is memory asked for pieces that lie too far apart for the machine to foresee


@jit(error_model="numpy")
def lanes_of_group(group, place, starts):  # type: ignore[no-untyped-def]
    """Write where each column of a group starts, and return how many there are and how they lie."""
    before, after, outer, step, inner = place
    count = min(LANES, before * after - group * LANES)
    for lane in range(count):
        column = group * LANES + lane
        starts[lane] = column // after * outer + column % after * inner
    distance = starts[1] - starts[0] if count > 1 else 2
    for lane in range(1, count):
        if starts[lane] - starts[lane - 1] != distance:
            return count, SCATTERED
    if distance == 2:
        return count, SIDE_BY_SIDE
    return count, ROWS if step == 2 and count == LANES else SCATTERED


@jit(error_model="numpy", forceinline=True)
def read_lanes(state, lanes, step, scratch, begin, end):  # type: ignore[no-untyped-def]
    """Copy configurations begin to end, at most CHUNK of them, to scratch; ``lanes = starts, count, kind``."""
    starts, count, kind = lanes
    if kind == SIDE_BY_SIDE and count < LANES:
        for x in range(begin, end):
            at, to = starts[0] + x * step, x * PAIR
            store(scratch, to, load_part(state, at, 2 * count))
            store(scratch, to + LANES, load_part(state, at + LANES, 2 * count - LANES))
            real, imaginary = load_real(scratch, to), load_imaginary(scratch, to)
            store(scratch, to, real)
            store(scratch, to + LANES, imaginary)
    elif kind == SIDE_BY_SIDE:
        for x in range(begin, end):
            prefetch(state, starts[0] + (x + _AHEAD) * step)
            store(scratch, x * PAIR, load_real(state, starts[0] + x * step))
            store(scratch, x * PAIR + LANES, load_imaginary(state, starts[0] + x * step))
    elif kind == ROWS and end - begin == CHUNK:
        transpose(state, starts[0] + 2 * begin, starts[1] - starts[0], scratch, begin * PAIR, LANES)
    else:
        for lane in range(count):
            for x in range(begin, end):
                scratch[x * PAIR + lane] = state[starts[lane] + x * step]
                scratch[x * PAIR + LANES + lane] = state[starts[lane] + x * step + 1]


@jit(error_model="numpy", forceinline=True)
def write_lanes(state, lanes, step, scratch, begin, end):  # type: ignore[no-untyped-def]
    """Copy configurations begin to end, at most CHUNK of them, back from scratch, which may be used up."""
    starts, count, kind = lanes
    if kind == SIDE_BY_SIDE and count < LANES:
        for x in range(begin, end):
            at, to = x * PAIR, starts[0] + x * step
            store_pairs(scratch, at, load(scratch, at), load(scratch, at + LANES))
            store_part(state, to, load(scratch, at), 2 * count)
            store_part(state, to + LANES, load(scratch, at + LANES), 2 * count - LANES)
    elif kind == SIDE_BY_SIDE:
        for x in range(begin, end):
            prefetch(state, starts[0] + (x + _AHEAD) * step)
            store_pairs(state, starts[0] + x * step, load(scratch, x * PAIR), load(scratch, x * PAIR + LANES))
    elif kind == ROWS and end - begin == CHUNK:
        transpose(scratch, begin * PAIR, LANES, state, starts[0] + 2 * begin, starts[1] - starts[0])
    else:
        for lane in range(count):
            for x in range(begin, end):
                state[starts[lane] + x * step] = scratch[x * PAIR + lane]
                state[starts[lane] + x * step + 1] = scratch[x * PAIR + LANES + lane]
