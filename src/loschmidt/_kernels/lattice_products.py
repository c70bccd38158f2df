"""The product with a lattice Hamiltonian and the sums of a Chebyshev series, in two passes over tiled vectors.

A state is seen as a matrix whose rows belong to the last species. A tiled vector holds strips of 16 columns one after
the other, each with all its rows (filled up to a multiple of 16 rows, with zeros), so that hops from row to row and
hops within 16 rows both run through contiguous memory. See :mod:`loschmidt._kernels.lattice_full`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from loschmidt._kernels.compile import jit, prange
from loschmidt._kernels.threads import workers_for
from loschmidt._kernels.vector_ir import (
    LANES,
    broadcast,
    fused,
    fused_negative,
    load,
    load_part,
    store,
    store_part,
    take_next,
    times_i,
    transpose,
)
from loschmidt.typing import ComplexVector, RealTensor

if TYPE_CHECKING:
    from loschmidt._kernels.lattice_full import FullHamiltonian

__all__ = ["accumulate", "multiply", "tiled"]

_PAIR = 2 * LANES
_TILE = LANES * _PAIR  # numbers of 16 rows of a strip
_CHUNK = LANES // 2  # configurations that one transposition moves

Sums: TypeAlias = tuple[ComplexVector, ComplexVector, ComplexVector]


def tiled(state: ComplexVector) -> RealTensor:
    """Return a state (d_1, ..., d_S) as a tiled vector (strips, rows, 32) of real numbers."""
    rows = state.reshape(-1, state.shape[-1])
    numbers = np.ascontiguousarray(rows).view(state.real.dtype)
    strips = -(-rows.shape[1] // LANES)
    tiles = np.zeros((strips, -(-len(rows) // LANES) * LANES, _PAIR), dtype=numbers.dtype)
    for strip in range(strips):
        part = numbers[:, strip * _PAIR : (strip + 1) * _PAIR]
        tiles[strip, : len(rows), : part.shape[1]] = part
    return tiles


# ── rows to rows ─────────────────────────────────────────────────────────────────────────────────────────────────────


@jit(error_model="numpy")
def _strip_real(current, target, first, others, values, factor):  # type: ignore[no-untyped-def]
    # target += factor * hops · current, for the rows of one strip.
    for row in range(len(first) - 1):
        at = row * _PAIR
        a, b = load(target, at), load(target, at + LANES)
        for hop in range(first[row], first[row + 1]):
            weight, source = broadcast(factor * values[hop].real, current), others[hop] * _PAIR
            a = fused(weight, load(current, source), a)
            b = fused(weight, load(current, source + LANES), b)
        store(target, at, a)
        store(target, at + LANES, b)


@jit(error_model="numpy")
def _strip_complex(current, target, first, others, values, factor):  # type: ignore[no-untyped-def]
    # As _strip_real, for hops with phases.
    for row in range(len(first) - 1):
        at = row * _PAIR
        a, b = load(target, at), load(target, at + LANES)
        c, d = broadcast(0.0, target), broadcast(0.0, target)
        for hop in range(first[row], first[row + 1]):
            x, y = broadcast(factor * values[hop].real, current), broadcast(factor * values[hop].imag, current)
            source = others[hop] * _PAIR
            left, right = load(current, source), load(current, source + LANES)
            a, b, c, d = fused(x, left, a), fused(x, right, b), fused(y, left, c), fused(y, right, d)
        store(target, at, a + times_i(c))
        store(target, at + LANES, b + times_i(d))


@jit(error_model="numpy", nogil=True)
def _across(current, target, hops, is_real, factor, counter):  # type: ignore[no-untyped-def]
    # Strips are handed out one by one; several threads may run this with the same counter.
    first, others, values = hops
    strip = take_next(counter)
    while strip < len(current):
        source, sums = current[strip].reshape(-1), target[strip].reshape(-1)
        if is_real:
            _strip_real(source, sums, first, others, values, factor)
        else:
            _strip_complex(source, sums, first, others, values, factor)
        strip = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _across_in_threads(workers, current, target, hops, is_real, factor, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _across(current, target, hops, is_real, factor, counter)


# ── within rows, and the sums of the series ──────────────────────────────────────────────────────────────────────────


@jit(error_model="numpy")
def _fill_energies(parents, felt, table):  # type: ignore[no-untyped-def]
    # Sums over the occupied sites of either half, 16 rows side by side; the energy of the other species comes first.
    sites = len(felt) // LANES - 1
    for entry in range(len(parents)):
        parent, site = parents[entry, 0], parents[entry, 1]
        if entry == 0:
            store(table, 0, load(felt, sites * LANES))
        elif parent < 0:
            store(table, entry * LANES, broadcast(0.0, table))
        else:
            store(table, entry * LANES, load(table, parent * LANES) + load(felt, site * LANES))


@jit(error_model="numpy", forceinline=True)
def _hop_within(scratch, hops, factor, is_real, config, total):  # type: ignore[no-untyped-def]
    first, others, values = hops
    real, imaginary = total
    for hop in range(first[config], first[config + 1]):
        x, at = broadcast(factor * values[hop].real, scratch), others[hop] * _PAIR
        a, b = load(scratch, at), load(scratch, at + LANES)
        real, imaginary = fused(x, a, real), fused(x, b, imaginary)
        if not is_real:
            y = broadcast(factor * values[hop].imag, scratch)
            real, imaginary = fused_negative(y, b, real), fused(y, a, imaginary)
    return real, imaginary


@jit(error_model="numpy")
def _add_within(scratch, target, place, hops, is_real, factor, halves, memory):  # type: ignore[no-untyped-def]
    # target += (diagonal + factor * hops) · current for 16 rows; `scratch` holds current by configurations.
    table, piece, turned = memory
    start, strip_size = place
    for begin in range(0, len(halves), _CHUNK):
        end = min(begin + _CHUNK, len(halves))
        piece[(end - begin) * _PAIR :] = 0.0
        for config in range(begin, end):
            energy = load(table, halves[config, 0] * LANES) + load(table, halves[config, 1] * LANES)
            own = energy * load(scratch, config * _PAIR), energy * load(scratch, config * _PAIR + LANES)
            real, imaginary = _hop_within(scratch, hops, factor, is_real, config, own)
            store(piece, (config - begin) * _PAIR, real)
            store(piece, (config - begin) * _PAIR + LANES, imaginary)
        transpose(piece, 0, LANES, turned, 0, LANES)
        at = begin // LANES * strip_size + start + begin % LANES * 2
        for lane in range(LANES):
            store(target, at + lane * _PAIR, load(target, at + lane * _PAIR) + load(turned, lane * LANES))


@jit(error_model="numpy")
def _add_to_sums(even, odd, place, adding, rows, length):  # type: ignore[no-untyped-def]
    # results[t] += u[t] even + v[t] odd for rows begin to end of a state with rows of `length` numbers.
    results, u, v = adding
    start, strip_size = place
    begin, end, count = rows
    for t in range(len(u)):
        a, b = broadcast(u[t].real, results), broadcast(u[t].imag, results)
        c, d = broadcast(v[t].real, results), broadcast(v[t].imag, results)
        for at in range(0, length, LANES):
            for row in range(begin, end):
                source = at // _PAIR * strip_size + start + (row - begin) * _PAIR + at % _PAIR
                to, left, right = (t * count + row) * length + at, load(even, source), load(odd, source)
                total = fused(c, right, fused(a, left, load_part(results, to, length - at)))
                total = fused(d, times_i(right), fused(b, times_i(left), total))
                store_part(results, to, total, length - at)


@jit(error_model="numpy", nogil=True)
def _within(current, target, diagonal, hops, is_real, scale, adding, counter):  # type: ignore[no-untyped-def]
    # Groups of 16 rows are handed out one by one; several threads may run this with the same counter.
    potentials, energies, halves, parents = diagonal
    factor, centre = scale
    (count, sites), size = potentials.shape, len(halves)
    strip_size, source, sums = current[0].size, current.reshape(-1), target.reshape(-1)
    scratch = np.zeros(len(current) * LANES * _PAIR, current.dtype)
    felt, table = np.zeros((sites + 1) * LANES, current.dtype), np.zeros(len(parents) * LANES, current.dtype)
    memory = table, np.zeros(_CHUNK * _PAIR, current.dtype), np.zeros(_CHUNK * _PAIR, current.dtype)
    group = take_next(counter)
    while group * LANES < count:
        begin, end, place = group * LANES, min(group * LANES + LANES, count), (group * _TILE, strip_size)
        _add_to_sums(sums, source, place, adding, (begin, end, count), 2 * size)
        felt[:] = 0.0
        for row in range(begin, end):
            for site in range(sites):
                felt[site * LANES + row - begin] = factor * potentials[row, site]
            felt[sites * LANES + row - begin] = factor * (energies[row] - centre)
        _fill_energies(parents, felt, table)
        for config in range(0, size, _CHUNK):
            at = config // LANES * strip_size + group * _TILE + config % LANES * 2
            transpose(source, at, _PAIR, scratch, config * _PAIR, LANES)
        _add_within(scratch, sums, place, hops, is_real, factor, halves, memory)
        group = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _within_in_threads(workers, current, target, diagonal, hops, is_real, scale, adding, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _within(current, target, diagonal, hops, is_real, scale, adding, counter)


@jit(error_model="numpy", nogil=True)
def _sums(even, odd, adding, count, length, counter):  # type: ignore[no-untyped-def]
    left, right, strip_size = even.reshape(-1), odd.reshape(-1), even[0].size
    group = take_next(counter)
    while group * LANES < count:
        begin, end = group * LANES, min(group * LANES + LANES, count)
        _add_to_sums(left, right, (group * _TILE, strip_size), adding, (begin, end, count), length)
        group = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _sums_in_threads(workers, even, odd, adding, count, length, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _sums(even, odd, adding, count, length, counter)


# ── what the series calls ────────────────────────────────────────────────────────────────────────────────────────────


def multiply(
    hamiltonian: FullHamiltonian,
    current: RealTensor,
    target: RealTensor,
    scale: tuple[float, float],
    adding: Sums | None,
    threads: int | None,
) -> None:
    """Add factor (H - centre)|current⟩ to `target`, both tiled, with ``scale = factor, centre``.

    Before that, add u[t]|target⟩ + v[t]|current⟩ to the states results[t] if ``adding = results, u, v`` is given.
    """
    work = 60.0 * current.size
    hops = hamiltonian.columns.first, hamiltonian.columns.others, hamiltonian.columns.values
    diagonal = hamiltonian.potentials, hamiltonian.energies, hamiltonian.halves, hamiltonian.parents
    sums, counter = _numbers(adding, current), np.zeros(1, dtype=np.int64)
    workers = workers_for(threads, -(-len(hamiltonian.energies) // LANES), work)
    within = current, target, diagonal, hops, not hops[2].imag.any(), scale, sums, counter
    if workers == 1:
        _within(*within)
    else:
        _within_in_threads(workers, *within)
    if len(hamiltonian.rows.values) == 0:
        return
    hops = hamiltonian.rows.first, hamiltonian.rows.others, hamiltonian.rows.values
    workers, counter = workers_for(threads, len(current), work), np.zeros(1, dtype=np.int64)
    across = current, target, hops, not hops[2].imag.any(), scale[0], counter
    if workers == 1:
        _across(*across)
    else:
        _across_in_threads(workers, *across)


def accumulate(even: RealTensor, odd: RealTensor, adding: Sums, threads: int | None) -> None:
    """Add u[t]|even⟩ + v[t]|odd⟩ to the states results[t], in place, with ``adding = results, u, v``."""
    results = adding[0]
    length = 2 * results.shape[-1]
    count = 2 * results[0].size // length
    workers = workers_for(threads, -(-count // LANES), 10.0 * even.size)
    pieces = even, odd, _numbers(adding, even), count, length, np.zeros(1, dtype=np.int64)
    if workers == 1:
        _sums(*pieces)
    else:
        _sums_in_threads(workers, *pieces)


def _numbers(adding: Sums | None, like: RealTensor) -> tuple[RealTensor, ComplexVector, ComplexVector]:
    if adding is None:
        nothing = np.empty(0, np.complex128)
        return like.reshape(-1)[:0], nothing, nothing
    results, u, v = adding
    return results.reshape(-1).view(like.dtype), u, v
