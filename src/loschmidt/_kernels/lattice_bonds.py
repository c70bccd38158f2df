"""Correlations ⟨c†_i c_j⟩ of one species across chosen bonds, in one pass over a state.

16 columns are copied side by side (:mod:`loschmidt._kernels.lattice_lanes`), and every move of a particle across a bond
is one product of two rows of 16. Nothing is checked. Slow twin: ``tests/reference/lattice_operators.py``.
"""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.compile import jit, prange
from loschmidt._kernels.lattice_lanes import CHUNK, PAIR, lanes_of_group, read_lanes
from loschmidt._kernels.threads import workers_for
from loschmidt._kernels.vector_ir import LANES, broadcast, convert, fused, fused_negative, lane_sum, load, take_next
from loschmidt.typing import ComplexTensor, ComplexVector, IntegerArray, RealVector

__all__ = ["bond_correlations"]


@jit(error_model="numpy")
def _correlate(scratch, moves, signs, first, sums):  # type: ignore[no-untyped-def]
    # Σ sign · conj(after) · before over the moves of each bond, lanes added last.
    for bond in range(len(first) - 1):
        real, imaginary = broadcast(0.0, sums), broadcast(0.0, sums)
        for move in range(first[bond], first[bond + 1]):
            a, b = moves[move, 0] * PAIR, moves[move, 1] * PAIR
            sign = broadcast(signs[move], sums)
            ar, ai = sign * convert(load(scratch, a), sums), sign * convert(load(scratch, a + LANES), sums)
            br, bi = convert(load(scratch, b), sums), convert(load(scratch, b + LANES), sums)
            real = fused(ai, bi, fused(ar, br, real))
            imaginary = fused_negative(ai, br, fused(ar, bi, imaginary))
        sums[2 * bond] = lane_sum(real)
        sums[2 * bond + 1] = lane_sum(imaginary)


@jit(error_model="numpy", nogil=True)
def _pass(state, place, size, moves, signs, first, sums, counter):  # type: ignore[no-untyped-def]
    # Groups are handed out one by one; several threads may run this with the same counter.
    before, after, _, step, _ = place
    scratch = np.zeros(size * PAIR, state.dtype)
    starts = np.zeros(LANES, np.int64)
    group = take_next(counter)
    while group * LANES < before * after:
        count, kind = lanes_of_group(group, place, starts)
        if count < LANES:
            scratch[:] = 0.0
        for begin in range(0, size, CHUNK):
            read_lanes(state, (starts, count, kind), step, scratch, begin, min(begin + CHUNK, size))
        _correlate(scratch, moves, signs, first, sums[group])
        group = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _pass_in_threads(workers, state, place, size, moves, signs, first, sums, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _pass(state, place, size, moves, signs, first, sums, counter)


def bond_correlations(
    state: ComplexTensor,
    axis: int,
    moves: IntegerArray,
    signs: RealVector,
    first: IntegerArray,
    *,
    threads: int | None = None,
) -> ComplexVector:
    """Return ⟨c†_i c_j⟩ (E,) of the species of one axis for E bonds.

    Parameters
    ----------
    state : (d_1, ..., d_S)
        complex128 or complex64, the last axis contiguous.
    axis : int
        The species.
    moves : (m, 2)
        Places in its basis after and before each move of a particle from j to i, bond by bond.
    signs : (m,)
        Jordan–Wigner signs.
    first : (E + 1,)
        Where the moves of each bond begin.
    threads : int, optional
        As for a step; every number gives the same bits.
    """
    before, after = math.prod(state.shape[:axis]), math.prod(state.shape[axis + 1 :])
    size = state.shape[axis]
    shaped, item = state.reshape(before, size, after, copy=False), state.itemsize // 2
    outer, step, inner = (stride // item for stride in shaped.strides)
    last = sum((length - 1) * stride for length, stride in zip(shaped.shape, shaped.strides, strict=True)) // item
    flat: RealVector = np.lib.stride_tricks.as_strided(shaped.real, (last + 2,), (item,))
    groups = -(-before * after // LANES)
    sums = np.zeros((groups, 2 * (len(first) - 1)))
    place, counter = (before, after, outer, step, inner), np.zeros(1, dtype=np.int64)
    workers = workers_for(threads, groups, 8.0 * len(moves) * before * after)
    if workers == 1:
        _pass(flat, place, size, moves, signs, first, sums, counter)
    else:
        _pass_in_threads(workers, flat, place, size, moves, signs, first, sums, counter)
    return np.asarray(sums.sum(axis=0)).view(np.complex128)
