"""Move N fermions on L sites by rotations of neighbouring sites, in place, 16 columns of the state at a time.

The rotation of sites p and p + 1 mixes amplitudes with one of them occupied, in pairs and without a sign; all L(L-1)/2
rotations of a group of 16 columns run in a scratch of (configuration, 16 real and 16 imaginary parts), with the angles
of each column in registers. 12 vector instructions for a pair make 10 N (L-N) floating-point operations an amplitude,
whatever the graph and the time: bound by arithmetic, at most 20/24 of a core's peak. The inverse runs the same
rotations backwards. Nothing is checked. Slow twin: ``tests/reference/lattice_steps.py``, minors of dense exponentials.
"""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.compile import jit, prange
from loschmidt._kernels.lattice_lanes import CHUNK, PAIR, lanes_of_group, read_lanes, write_lanes
from loschmidt._kernels.lattice_preparation import Rotations
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
    store,
    take_next,
)
from loschmidt.typing import ComplexVector, RealVector

__all__ = ["apply_to_axis", "apply_to_columns", "apply_to_rows"]

_WIDEST_STRIP, _LARGEST_STRIP = 4, 8_000_000  # groups, bytes


@jit(error_model="numpy", forceinline=True)
def _rotate_pairs(scratch, start, length, rotation):  # type: ignore[no-untyped-def]
    # (a, b) → (c a + s b, c b - s* a) for a run of amplitudes and the run behind it.
    c, x, y = rotation
    distance = length * PAIR
    for a in range(start * PAIR, start * PAIR + distance, PAIR):
        b = a + distance
        ar, ai, br, bi = load(scratch, a), load(scratch, a + LANES), load(scratch, b), load(scratch, b + LANES)
        store(scratch, a, fused_negative(y, bi, fused(x, br, c * ar)))
        store(scratch, a + LANES, fused(y, br, fused(x, bi, c * ai)))
        store(scratch, b, fused_negative(y, ai, fused_negative(x, ar, c * br)))
        store(scratch, b + LANES, fused(y, ar, fused_negative(x, ai, c * bi)))


@jit(error_model="numpy", forceinline=True)
def _rotate(scratch, tables, angles, inverse):  # type: ignore[no-untyped-def]
    # Elimination made G_M ... G_1 u = D: u applies D, then G_M† to G_1†; its inverse G_1 to G_M, then D†.
    bonds, runs, first, _, _ = tables
    count = len(bonds)
    sign = broadcast(1.0 if inverse else -1.0, angles)
    for step in range(count):
        number = step if inverse else count - 1 - step
        at = number * 3 * LANES
        x, y = sign * load(angles, at + LANES), sign * load(angles, at + 2 * LANES)
        if lane_sum(absolute(x) + absolute(y)) == 0.0:  # the identity, as between parts that are not connected
            continue
        rotation = convert(load(angles, at), scratch), convert(x, scratch), convert(y, scratch)
        for run in range(first[bonds[number]], first[bonds[number] + 1]):
            _rotate_pairs(scratch, runs[run, 0], runs[run, 1], rotation)


# ── groups and strips of groups ──────────────────────────────────────────────────────────────────────────────────────


@jit(error_model="numpy", forceinline=True)
def _any(scratch):  # type: ignore[no-untyped-def]
    for at in range(0, len(scratch), LANES):
        if lane_sum(absolute(load(scratch, at))) != 0.0:  # NaN is something
            return True
    return False


# ── phases ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@jit(error_model="numpy", forceinline=True)
def _fill_halves(parents, phases, inverse, table):  # type: ignore[no-untyped-def]
    # Products of the phases of the occupied sites, for each configuration of either half of the lattice.
    sign = broadcast(-1.0 if inverse else 1.0, phases)
    for entry in range(len(parents)):
        parent, site, at = parents[entry, 0], parents[entry, 1], entry * PAIR
        if parent < 0:
            store(table, at, broadcast(1.0, table))
            store(table, at + LANES, broadcast(0.0, table))
        else:
            a, b = load(table, parent * PAIR), load(table, parent * PAIR + LANES)
            x = convert(load(phases, site * PAIR), table)
            y = convert(sign * load(phases, site * PAIR + LANES), table)
            store(table, at, fused_negative(b, y, a * x))
            store(table, at + LANES, fused(b, x, a * y))


@jit(error_model="numpy", forceinline=True)
def _turn_phases(scratch, halves, table):  # type: ignore[no-untyped-def]
    for config in range(len(halves)):
        low, high, at = halves[config, 0] * PAIR, halves[config, 1] * PAIR, config * PAIR
        a, b, c, d = load(table, low), load(table, low + LANES), load(table, high), load(table, high + LANES)
        x, y = fused_negative(b, d, a * c), fused(b, c, a * d)
        a, b = load(scratch, at), load(scratch, at + LANES)
        store(scratch, at, fused_negative(b, y, a * x))
        store(scratch, at + LANES, fused(b, x, a * y))


# ── groups of columns ────────────────────────────────────────────────────────────────────────────────────────────────


@jit(error_model="numpy")
def _move_group(scratch, tables, rotations, table, inverse):  # type: ignore[no-untyped-def]
    angles, phases = rotations
    _fill_halves(tables[4], phases, inverse, table)
    if inverse:
        _rotate(scratch, tables, angles, inverse)
        _turn_phases(scratch, tables[3], table)
    else:
        _turn_phases(scratch, tables[3], table)
        _rotate(scratch, tables, angles, inverse)


@jit(error_model="numpy")
def _move_strip(state, lanes, step, tables, rotations, memory, inverse):  # type: ignore[no-untyped-def]
    # Groups side by side: the state is read in long pieces, the groups are rotated one after the other.
    starts, counts, kinds = lanes
    scratch, table, seen = memory
    angles, phases = rotations
    size = len(tables[3])
    for begin in range(0, size, CHUNK):
        end = min(begin + CHUNK, size)
        for group in range(len(counts)):
            own = starts[group], counts[group], kinds[group]
            read_lanes(state, own, step, scratch[group], begin, end)
    for group in range(len(counts)):
        seen[group] = _any(scratch[group])
        if seen[group]:
            number = group if len(angles) > 1 else 0
            _move_group(scratch[group], tables, (angles[number], phases[number]), table, inverse)
    for begin in range(0, size, CHUNK):
        end = min(begin + CHUNK, size)
        for group in range(len(counts)):
            if seen[group]:
                own = starts[group], counts[group], kinds[group]
                write_lanes(state, own, step, scratch[group], begin, end)


@jit(error_model="numpy", nogil=True)
def _move(state, place, tables, angles, phases, inverse, counter):  # type: ignore[no-untyped-def]
    # Strips are handed out one by one; several threads may run this with the same counter.
    before, after, outer, step, inner, width = place
    size, entries = len(tables[3]) * PAIR, len(tables[4]) * PAIR
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
        own = (angles[first:last], phases[first:last]) if len(angles) > 1 else (angles, phases)
        _move_strip(state, lanes, step, tables, own, (scratch, table, seen), inverse)
        first = take_next(counter) * width


@jit(error_model="numpy", parallel=True)
def _move_in_threads(workers, state, place, tables, angles, phases, inverse, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _move(state, place, tables, angles, phases, inverse, counter)


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
    arrays = tables.bonds, tables.runs, tables.first, tables.halves, tables.parents
    width = _strip_width(after, len(tables.halves) * PAIR * flat.itemsize)
    place = before, after, outer, step, inner, width
    work = 10.0 * particles * (rotations.sites - particles) * state.size
    workers = workers_for(threads, -(-before * after // (LANES * width)), work)
    counter = np.zeros(1, dtype=np.int64)
    phases = rotations.phases.reshape(len(rotations.phases), -1)
    angles = rotations.angles.reshape(len(phases), -1)
    if workers == 1:
        _move(flat, place, arrays, angles, phases, inverse, counter)
    else:
        _move_in_threads(workers, flat, place, arrays, angles, phases, inverse, counter)


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
