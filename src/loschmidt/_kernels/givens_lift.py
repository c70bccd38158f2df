"""Move N fermions on L sites by rotations of neighbouring sites, in place, 16 columns of the state at a time.

All L(L-1)/2 rotations of a group of 16 columns run in a scratch of (configuration, 16 real and 16 imaginary parts),
each rotation as shears of pairs of amplitudes (:mod:`loschmidt._kernels.lattice_shears`): 4 N (L-N) fused multiply-adds
for an amplitude, whatever the graph and the time. Arithmetic bounds it: neither blocking nor matrix products help. The
inverse undoes the same shears. Nothing is checked, not even that there is a rotation for every column. Slow twin:
``tests/reference/lattice_steps.py``, minors of dense exponentials.
"""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.compile import jit, prange
from loschmidt._kernels.lattice_lanes import CHUNK, PAIR, lanes_of_group, read_lanes, write_lanes
from loschmidt._kernels.lattice_preparation import Rotations
from loschmidt._kernels.lattice_shears import rotate
from loschmidt._kernels.lattice_tables import lift_tables
from loschmidt._kernels.threads import workers_for
from loschmidt._kernels.vector_ir import (
    LANES,
    absolute,
    broadcast,
    convert,
    fused,
    fused_negative,
    lane_sum,
    load,
    negative,
    quotient,
    store,
    take_next,
    vector_jit,
)
from loschmidt.typing import ComplexVector, RealVector

__all__ = ["apply_to_axis", "apply_to_columns", "apply_to_rows"]

_WIDEST_STRIP, _LARGEST_STRIP = 2, 4_000_000  # groups, bytes


@jit(error_model="numpy", forceinline=True)
def _any(scratch):  # type: ignore[no-untyped-def]
    for at in range(0, len(scratch), LANES):
        if lane_sum(absolute(load(scratch, at))) != 0.0:  # NaN is something
            return True
    return False


@vector_jit
def _fill_halves(parents, scales, inverse, table):  # type: ignore[no-untyped-def]
    # Products of the scales of the occupied sites, or of their inverses, for configurations of half of the lattice.
    for entry in range(len(parents)):
        parent, site, at = parents[entry, 0], parents[entry, 1], entry * PAIR
        if parent < 0:
            store(table, at, broadcast(1.0, table))
            store(table, at + LANES, broadcast(0.0, table))
        else:
            a, b = load(table, parent * PAIR), load(table, parent * PAIR + LANES)
            x, y = load(scales, site * PAIR), load(scales, site * PAIR + LANES)
            if inverse:
                square = fused(x, x, y * y)
                x, y = quotient(x, square), negative(quotient(y, square))
            c, d = convert(x, table), convert(y, table)
            store(table, at, fused_negative(b, d, a * c))
            store(table, at + LANES, fused(b, c, a * d))


@vector_jit
def _scale(scratch, halves, table):  # type: ignore[no-untyped-def]
    for config in range(len(halves)):
        low, high, at = halves[config, 0] * PAIR, halves[config, 1] * PAIR, config * PAIR
        a, b, c, d = load(table, low), load(table, low + LANES), load(table, high), load(table, high + LANES)
        x, y = fused_negative(b, d, a * c), fused(b, c, a * d)
        a, b = load(scratch, at), load(scratch, at + LANES)
        store(scratch, at, fused_negative(b, y, a * x))
        store(scratch, at + LANES, fused(b, x, a * y))


@jit(error_model="numpy")
def _move_group(scratch, tables, halves, parents, rotations, table, inverse):  # type: ignore[no-untyped-def]
    shears, forms, scales = rotations
    _fill_halves(parents, scales, inverse, table)
    if inverse:
        _scale(scratch, halves, table)
        rotate(scratch, tables, shears, forms, inverse)
    else:
        rotate(scratch, tables, shears, forms, inverse)
        _scale(scratch, halves, table)


@jit(error_model="numpy")
def _move_strip(state, lanes, step, tables, rotations, memory, inverse):  # type: ignore[no-untyped-def]
    # Groups side by side: the state is read in long pieces, the groups are rotated one after the other.
    starts, counts, kinds = lanes
    scratch, table, seen = memory
    steps, pairs, first_pair, triples, first_triple, halves, parents = tables
    ways = steps, pairs, first_pair, triples, first_triple
    shears, forms, scales = rotations
    size = len(halves)
    for begin in range(0, size, CHUNK):
        end = min(begin + CHUNK, size)
        for group in range(len(counts)):
            own = starts[group], counts[group], kinds[group]
            read_lanes(state, own, step, scratch[group], begin, end)
    for group in range(len(counts)):
        seen[group] = _any(scratch[group])
        if seen[group]:
            number = group if len(shears) > 1 else 0
            one = shears[number], forms[number], scales[number]
            _move_group(scratch[group], ways, halves, parents, one, table, inverse)
    for begin in range(0, size, CHUNK):
        end = min(begin + CHUNK, size)
        for group in range(len(counts)):
            if seen[group]:
                own = starts[group], counts[group], kinds[group]
                write_lanes(state, own, step, scratch[group], begin, end)


@jit(error_model="numpy", nogil=True)
def _move(state, place, tables, rotations, inverse, counter):  # type: ignore[no-untyped-def]
    # Strips are handed out one by one; several threads may run this with the same counter.
    before, after, outer, step, inner, width = place
    shears, forms, scales = rotations
    size, entries = len(tables[5]) * PAIR, len(tables[6]) * PAIR
    memory = np.zeros(width * size + entries + 2 * LANES, state.dtype)
    aligned = (-memory.ctypes.data % 64) // memory.itemsize
    scratch = memory[aligned : aligned + width * size].reshape(width, size)
    table = memory[aligned + width * size : aligned + width * size + entries]
    starts, counts, kinds = np.zeros((width, LANES), np.int64), np.zeros(width, np.int64), np.zeros(width, np.int64)
    seen = np.zeros(width, np.bool_)
    groups = (before * after + LANES - 1) // LANES
    first = take_next(counter) * width
    while first < groups:
        last = min(first + width, groups)
        for group in range(first, last):
            counts[group - first], kinds[group - first] = lanes_of_group(
                group, (before, after, outer, step, inner), starts[group - first]
            )
        lanes = starts, counts[: last - first], kinds
        own = shears, forms, scales
        if len(shears) > 1:
            own = shears[first:last], forms[first:last], scales[first:last]
        _move_strip(state, lanes, step, tables, own, (scratch, table, seen), inverse)
        first = take_next(counter) * width


@jit(error_model="numpy", parallel=True)
def _move_in_threads(workers, state, place, tables, rotations, inverse, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _move(state, place, tables, rotations, inverse, counter)


def _as_numbers(state: ComplexVector) -> tuple[RealVector, list[int]]:
    # All real numbers from the first to the last of a state, and its strides in them.
    item = state.itemsize // 2
    strides = [stride // item for stride in state.strides]
    if state.flags.c_contiguous:
        return state.reshape(-1).view(state.real.dtype), strides
    last = sum((length - 1) * stride for length, stride in zip(state.shape, strides, strict=True))
    return np.lib.stride_tricks.as_strided(state.real, (last + 2,), (item,)), strides


def _strip_width(after: int, size: int) -> int:
    # Groups in a strip: columns lie far apart in each row, so that several groups share a visit to it.
    if after < LANES:
        return 1
    return max(1, min(_WIDEST_STRIP, _LARGEST_STRIP // size))


def apply_to_axis(
    state: ComplexVector,
    axis: int,
    rotations: Rotations,
    particles: int,
    *,
    inverse: bool = False,
    threads: int | None = None,
) -> None:
    """Move the particles of one axis of a state (d_1, ..., d_S), in place.

    Parameters
    ----------
    state : (d_1, ..., d_S)
        complex128 or complex64, the last axis contiguous, such as blocks of rows or columns of a larger state.
    axis : int
        The axis that moves; its length is C(L, N).
    rotations : Rotations
        One column for each index of the other axes, flattened in C order, or one for all.
    particles : int
        N.
    inverse : bool
        Whether to apply u† instead of u.
    threads : int, optional
        Numba's number if left out; 1 runs in the calling thread, without the interpreter's lock, and never touches
        Numba's threads. Every number gives the same bits.
    """
    axis %= state.ndim
    before, after = math.prod(state.shape[:axis]), math.prod(state.shape[axis + 1 :])
    flat, (outer, step, inner) = _as_numbers(state.reshape(before, state.shape[axis], after, copy=False))
    tables = lift_tables(rotations.sites, particles)
    ways = tables.steps, tables.pairs, tables.first_pair, tables.triples, tables.first_triple
    arrays = *ways, tables.halves, tables.parents
    width = _strip_width(after, len(tables.halves) * PAIR * flat.itemsize)
    place = before, after, outer, step, inner, width
    work = 10.0 * particles * (rotations.sites - particles) * state.size
    workers = workers_for(threads, -(-before * after // (LANES * width)), work)
    counter = np.zeros(1, dtype=np.int64)
    prepared = rotations.shears, rotations.forms, rotations.scales
    if workers == 1:
        _move(flat, place, arrays, prepared, inverse, counter)
    else:
        _move_in_threads(workers, flat, place, arrays, prepared, inverse, counter)


def apply_to_columns(
    state: ComplexVector, rotations: Rotations, particles: int, *, inverse: bool = False, threads: int | None = None
) -> None:
    """Move the first axis of a state (d_x, d_y), in place, each column by its own u; see :func:`apply_to_axis`."""
    apply_to_axis(state, 0, rotations, particles, inverse=inverse, threads=threads)


def apply_to_rows(
    state: ComplexVector, rotations: Rotations, particles: int, *, inverse: bool = False, threads: int | None = None
) -> None:
    """Move the last axis of a state (d_x, d_y), in place, each row by its own u; see :func:`apply_to_axis`."""
    apply_to_axis(state, -1, rotations, particles, inverse=inverse, threads=threads)
