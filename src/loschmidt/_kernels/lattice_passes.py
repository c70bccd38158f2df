"""One pass over a state: marginals with the joint entropy, an overlap, or phases along one axis.

Sums are compensated, in float64 whatever the state holds, and in an order that no number of threads changes. Nothing is
checked. Slow twin: ``tests/reference/lattice_steps.py``.
"""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.compile import jit, prange
from loschmidt._kernels.threads import workers_for
from loschmidt._kernels.vector_ir import (
    LANES,
    convert,
    fused,
    fused_negative,
    lane_sum,
    load,
    load_imaginary,
    load_real,
    logarithm,
    store,
    take_next,
)
from loschmidt.typing import ComplexVector, RealTensor, RealVector

__all__ = ["overlap", "phase_pass", "probability_pass", "shannon_entropy"]

_BLOCKS, _SHORTEST_BLOCK = 64, 64  # of rows, each with its own sums of columns; rows
_PAIR = 2 * LANES
_PIECE = 1 << 15  # complex numbers of an overlap that are summed on their own


@jit(error_model="numpy", forceinline=True)
def _add(sums, at, vector):  # type: ignore[no-untyped-def]
    # Compensated: the 16 numbers behind a sum are what it has lost.
    corrected = vector - load(sums, at + LANES)
    before = load(sums, at)
    total = before + corrected
    store(sums, at + LANES, (total - before) - corrected)
    store(sums, at, total)


@jit(error_model="numpy", forceinline=True)
def _add_number(sums, at, number):  # type: ignore[no-untyped-def]
    corrected = number - sums[at + LANES]
    total = sums[at] + corrected
    sums[at + LANES] = (total - sums[at]) - corrected
    sums[at] = total


@jit(error_model="numpy")
def _row(state, start, length, columns, sums):  # type: ignore[no-untyped-def]
    # Sums of one row: p in sums[0:32], p ln p in sums[32:64]; p is added to the sums of its column.
    sums[:] = 0.0
    full = length - length % LANES
    for y in range(0, full, LANES):
        real = convert(load_real(state, start + 2 * y), sums)
        imaginary = convert(load_imaginary(state, start + 2 * y), sums)
        p = fused(real, real, imaginary * imaginary)
        _add(columns, 2 * y, p)
        _add(sums, 0, p)
        _add(sums, _PAIR, p * logarithm(p))
    for y in range(full, length):
        real, imaginary = np.float64(state[start + 2 * y]), np.float64(state[start + 2 * y + 1])
        p = real * real + imaginary * imaginary
        _add_number(columns, 2 * full + y - full, p)
        _add_number(sums, y - full, p)
        _add_number(sums, _PAIR + y - full, p * np.log(p) if p != 0.0 else 0.0)


@jit(error_model="numpy", nogil=True)
def _rows(state, length, columns, rows, entropies, counter):  # type: ignore[no-untyped-def]
    # Blocks of rows are handed out one by one; several threads may run this with the same counter.
    blocks, sums, count = len(columns), np.zeros(2 * _PAIR), len(rows)
    block = take_next(counter)
    while block < blocks:
        for row in range(block * count // blocks, (block + 1) * count // blocks):
            _row(state, row * 2 * length, length, columns[block], sums)
            rows[row] = lane_sum(load(sums, 0)) - lane_sum(load(sums, LANES))
            entropies[row] = lane_sum(load(sums, 3 * LANES)) - lane_sum(load(sums, _PAIR))
        block = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _rows_in_threads(workers, state, length, columns, rows, entropies, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _rows(state, length, columns, rows, entropies, counter)


def probability_pass(state: ComplexVector, *, threads: int | None = None) -> tuple[tuple[RealVector, ...], float]:
    """Return the marginals of p = |γ|² along every axis, and the entropy -Σ p ln p of all of them, in nats.

    Parameters
    ----------
    state : (d_1, ..., d_S)
        complex128 or complex64, C order; it need not be normalised.
    threads : int, optional
        Numba's number if left out; 1 runs in the calling thread. Every number gives the same bits.

    Returns
    -------
    marginals : tuple of (d_s,)
    joint_entropy : float
        Never -0.0.
    """
    numbers = np.ascontiguousarray(state).reshape(-1).view(state.real.dtype)
    length = state.shape[-1]
    count = state.size // length
    blocks = max(1, min(_BLOCKS, count // _SHORTEST_BLOCK))
    columns = np.zeros((blocks, -(-length // LANES) * _PAIR))
    rows, entropies = np.empty(count), np.empty(count)
    workers, counter = workers_for(threads, blocks, 10.0 * state.size), np.zeros(1, dtype=np.int64)
    if workers == 1:
        _rows(numbers, length, columns, rows, entropies, counter)
    else:
        _rows_in_threads(workers, numbers, length, columns, rows, entropies, counter)
    sums = columns.reshape(blocks, -1, 2, LANES)
    last = (sums[:, :, 0] - sums[:, :, 1]).reshape(blocks, -1)[:, :length]
    others = rows.reshape(state.shape[:-1])
    axes = range(others.ndim)
    marginals = [np.array(_total(np.moveaxis(others, axis, -1).reshape(-1, others.shape[axis]))) for axis in axes]
    return (*marginals, _total(last)), 0.0 + math.fsum(entropies)


def _total(parts: RealTensor) -> RealVector:
    # Compensated sum over the first axis.
    total, lost = np.zeros(parts.shape[1]), np.zeros(parts.shape[1])
    for part in parts:
        corrected = part - lost
        before, total = total, total + corrected
        lost = (total - before) - corrected
    return total


def shannon_entropy(probabilities: RealTensor) -> float:
    """Return -Σ p ln p of non-negative numbers of any shape, in nats; 0 ln 0 = 0, and the result is never -0.0."""
    p = np.where(probabilities == 0.0, 1.0, probabilities)
    return 0.0 - math.fsum((p * np.log(p)).ravel())


@jit(error_model="numpy", nogil=True)
def _products(left, right, results, counter):  # type: ignore[no-untyped-def]
    # Σ conj(a) b, piece by piece.
    sums, size = np.zeros(2 * _PAIR), len(left) // 2
    piece = take_next(counter)
    while piece < len(results):
        sums[:] = 0.0
        stop = min(size, (piece + 1) * _PIECE)
        full = stop - (stop - piece * _PIECE) % LANES
        for at in range(2 * piece * _PIECE, 2 * full, _PAIR):
            a, b = convert(load_real(left, at), sums), convert(load_imaginary(left, at), sums)
            c, d = convert(load_real(right, at), sums), convert(load_imaginary(right, at), sums)
            _add(sums, 0, fused(a, c, b * d))
            _add(sums, _PAIR, fused_negative(b, c, a * d))
        for k in range(full, stop):
            a, b, c, d = left[2 * k], left[2 * k + 1], right[2 * k], right[2 * k + 1]
            _add_number(sums, 0, np.float64(a) * c + np.float64(b) * d)
            _add_number(sums, _PAIR, np.float64(a) * d - np.float64(b) * c)
        results[piece, 0] = lane_sum(load(sums, 0)) - lane_sum(load(sums, LANES))
        results[piece, 1] = lane_sum(load(sums, _PAIR)) - lane_sum(load(sums, 3 * LANES))
        piece = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _products_in_threads(workers, left, right, results, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _products(left, right, results, counter)


def overlap(left: ComplexVector, right: ComplexVector, *, threads: int | None = None) -> complex:
    """Return ⟨left|right⟩ of two states of one shape and type, summed in float64."""
    first, second = (np.ascontiguousarray(one).reshape(-1).view(one.real.dtype) for one in (left, right))
    results = np.empty((-(-left.size // _PIECE), 2))
    workers, counter = workers_for(threads, len(results), 8.0 * left.size), np.zeros(1, dtype=np.int64)
    if workers == 1:
        _products(first, second, results, counter)
    else:
        _products_in_threads(workers, first, second, results, counter)
    return complex(math.fsum(results[:, 0]), math.fsum(results[:, 1]))


@jit(error_model="numpy", nogil=True)
def _turn(state, factors, begin, end):  # type: ignore[no-untyped-def]
    # (before, d, after) times (d,), from row `begin` to `end` of before times d.
    for row in range(begin, end):
        x = row % len(factors)
        for y in range(state.shape[1]):
            state[row, y] *= factors[x]


@jit(error_model="numpy", nogil=True)
def _turn_last(state, factors, begin, end):  # type: ignore[no-untyped-def]
    for row in range(begin, end):
        for y in range(len(factors)):
            state[row, y] *= factors[y]


@jit(error_model="numpy", parallel=True)
def _turn_in_threads(workers, state, factors, is_last):  # type: ignore[no-untyped-def]
    for worker in prange(workers):
        begin, end = worker * len(state) // workers, (worker + 1) * len(state) // workers
        if is_last:
            _turn_last(state, factors, begin, end)
        else:
            _turn(state, factors, begin, end)


def phase_pass(state: ComplexVector, phases: RealVector, axis: int, *, threads: int | None = None) -> None:
    """Multiply a state (d_1, ..., d_S) by exp(i phases) along one axis, in place; `phases` (d_s,) are real angles."""
    axis %= state.ndim
    factors = np.exp(1j * phases).astype(state.dtype)
    is_last = axis == state.ndim - 1
    length = math.prod(state.shape[axis + (0 if is_last else 1) :])
    rows = state.reshape(-1, length, copy=False)
    workers = workers_for(threads, len(rows), 8.0 * state.size)
    if workers > 1:
        _turn_in_threads(workers, rows, factors, is_last)
    elif is_last:
        _turn_last(rows, factors, 0, len(rows))
    else:
        _turn(rows, factors, 0, len(rows))
