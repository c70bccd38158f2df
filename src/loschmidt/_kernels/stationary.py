"""Stationary states by elimination: populations without subtraction, and generators as real matrices on a sector.

A Hermitian matrix has d² real coordinates: number ``2 (a d + b)`` for a ≤ b is ρ_aa or √2 Re ρ_ab, the next one is
√2 Im ρ_ab. In these coordinates every generator is a real matrix, and real and imaginary parts often decouple.
Slow twins: ``tests/reference/stationary.py``.
"""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["eliminate", "irreducible", "jump_pairs", "real_sector", "real_sector_matrix", "sort_by_column"]

_ROUND_OFF = 1e-15
_LARGE = 1e150


@jit(error_model="numpy")
def irreducible(rates):  # type: ignore[no-untyped-def]
    """Return whether every state of rates[n, m] (m → n) reaches every other one."""
    d = rates.shape[0]
    seen = np.zeros(d, dtype=np.bool_)
    stack = np.empty(d, dtype=np.int64)
    for direction in range(2):
        seen[:] = False
        seen[0] = True
        stack[0] = 0
        size = 1
        found = 1
        while size > 0:
            size -= 1
            at = stack[size]
            for other in range(d):
                rate = rates[other, at] if direction == 0 else rates[at, other]
                if rate > 0.0 and not seen[other]:
                    seen[other] = True
                    stack[size] = other
                    size += 1
                    found += 1
        if found < d:
            return False
    return True


@jit(error_model="numpy")
def eliminate(rates):  # type: ignore[no-untyped-def]
    """Return the stationary populations of irreducible rates[n, m] (m → n) by GTH elimination, O(d³).

    Only sums, products and quotients of non-negative numbers occur, so every population is right to a few units of
    round-off relative to itself.
    """
    d = rates.shape[0]
    flow = rates.T.copy()
    for last in range(d - 1, 0, -1):
        out = 0.0
        for j in range(last):
            out += flow[last, j]
        for i in range(last):
            flow[i, last] /= out
            weight = flow[i, last]
            if weight > 0.0:
                for j in range(last):
                    flow[i, j] += weight * flow[last, j]
    populations = np.zeros(d)
    populations[0] = 1.0
    for n in range(1, d):
        total = 0.0
        for i in range(n):
            total += populations[i] * flow[i, n]
        populations[n] = total
        if total > _LARGE:
            populations[: n + 1] /= total
    return populations / populations.sum()


@jit(error_model="numpy")
def jump_pairs(starts, rates, rows, columns, values, d):  # type: ignore[no-untyped-def]
    """Return Σ γ_k L_k ρ L_k† as entries (out, in, value) on row-stacked states, and the jump of each entry.

    Jump k has the elements ``starts[k]:starts[k + 1]`` of `rows`, `columns` and `values`.
    """
    count = 0
    for k in range(len(rates)):
        count += (starts[k + 1] - starts[k]) ** 2
    out = np.empty(count, dtype=np.int64)
    into = np.empty(count, dtype=np.int64)
    entries = np.empty(count, dtype=np.complex128)
    jump = np.empty(count, dtype=np.int64)
    at = 0
    for k in range(len(rates)):
        for x in range(starts[k], starts[k + 1]):
            for y in range(starts[k], starts[k + 1]):
                out[at] = rows[x] * d + rows[y]
                into[at] = columns[x] * d + columns[y]
                entries[at] = rates[k] * values[x] * values[y].conjugate()
                jump[at] = k
                at += 1
    return out, into, entries, jump


@jit(error_model="numpy")
def sort_by_column(out, into, entries, size):  # type: ignore[no-untyped-def]
    """Return compressed columns (pointer, out, value) of a list of entries."""
    pointer = np.zeros(size + 1, dtype=np.int64)
    for x in into:
        pointer[x + 1] += 1
    for x in range(size):
        pointer[x + 1] += pointer[x]
    place = pointer[:-1].copy()
    rows = np.empty(len(out), dtype=np.int64)
    values = np.empty(len(out), dtype=np.complex128)
    for at in range(len(out)):
        position = place[into[at]]
        rows[position] = out[at]
        values[position] = entries[at]
        place[into[at]] += 1
    return pointer, rows, values


@jit(error_model="numpy")
def _emit(p, q, value, diagonal, d, index, real, count):  # type: ignore[no-untyped-def]
    # One complex output element as one or two real ones; from a population the lower triangle repeats the upper one.
    if p == q:
        index[count] = 2 * (p * d + p)
        real[count] = value.real if diagonal else 2.0 * value.real
        return count + 1
    if p > q:
        if diagonal:
            return count
        p, q, value = q, p, value.conjugate()
    index[count] = 2 * (p * d + q)
    real[count] = math.sqrt(2.0) * value.real
    index[count + 1] = 2 * (p * d + q) + 1
    real[count + 1] = math.sqrt(2.0) * value.imag
    return count + 2


@jit(error_model="numpy")
def _column(coordinate, no_jump, targets, sizes, pointer, out, entries, index, real):  # type: ignore[no-untyped-def]
    # The image of one real coordinate under ρ ↦ Gρ + ρG† + gain, as a list with possible repetitions.
    d = no_jump.shape[0]
    pair = coordinate // 2
    a, b = pair // d, pair % d
    diagonal = a == b
    unit = 1.0 + 0.0j
    if not diagonal:
        unit = 1j / math.sqrt(2.0) if coordinate % 2 == 1 else (1.0 + 0.0j) / math.sqrt(2.0)
    own = no_jump[a, a] + no_jump[b, b].conjugate()
    if abs(own.imag) <= _ROUND_OFF * (abs(no_jump[a, a].imag) + abs(no_jump[b, b].imag)):
        own = own.real + 0.0j
    count = _emit(a, b, own * unit, diagonal, d, index, real, 0)
    for k in range(sizes[a]):
        n = targets[a, k]
        count = _emit(n, b, no_jump[n, a] * unit, diagonal, d, index, real, count)
    for k in range(sizes[b]):
        n = targets[b, k]
        count = _emit(a, n, no_jump[n, b].conjugate() * unit, diagonal, d, index, real, count)
    for k in range(pointer[pair], pointer[pair + 1]):
        count = _emit(out[k] // d, out[k] % d, entries[k] * unit, diagonal, d, index, real, count)
    return count


@jit(error_model="numpy")
def _targets(no_jump):  # type: ignore[no-untyped-def]
    d = no_jump.shape[0]
    targets = np.empty((d, d), dtype=np.int64)
    sizes = np.zeros(d, dtype=np.int64)
    for m in range(d):
        for n in range(d):
            if n != m and no_jump[n, m] != 0.0:
                targets[m, sizes[m]] = n
                sizes[m] += 1
    return targets, sizes


@jit(error_model="numpy")
def _longest(sizes, pointer):  # type: ignore[no-untyped-def]
    most = 0
    for pair in range(len(pointer) - 1):
        most = max(most, pointer[pair + 1] - pointer[pair])
    return 2 * (most + 2 * sizes.max() + 1)


@jit(error_model="numpy")
def real_sector(no_jump, pointer, out, entries, seeds, limit):  # type: ignore[no-untyped-def]
    """Return the real coordinates that the generator reaches from `seeds`; more than `limit` of them end the search.

    The coordinates come in the order of their discovery, the seeds first.
    """
    d = no_jump.shape[0]
    targets, sizes = _targets(no_jump)
    length = _longest(sizes, pointer)
    index = np.empty(length, dtype=np.int64)
    real = np.empty(length)
    seen = np.zeros(2 * d * d, dtype=np.bool_)
    members = np.empty(d * d, dtype=np.int64)
    found = 0
    for seed in seeds:
        members[found] = seed
        seen[seed] = True
        found += 1
    at = 0
    while at < found and found <= limit:
        count = _column(members[at], no_jump, targets, sizes, pointer, out, entries, index, real)
        for k in range(count):
            if real[k] != 0.0 and not seen[index[k]]:
                seen[index[k]] = True
                members[found] = index[k]
                found += 1
        at += 1
    return members[:found].copy()


@jit(error_model="numpy")
def real_sector_matrix(no_jump, pointer, out, entries, members):  # type: ignore[no-untyped-def]
    """Return the real matrix of the generator on a closed set of real coordinates, in Fortran order."""
    d = no_jump.shape[0]
    targets, sizes = _targets(no_jump)
    length = _longest(sizes, pointer)
    index = np.empty(length, dtype=np.int64)
    real = np.empty(length)
    position = np.full(2 * d * d, -1, dtype=np.int64)
    for at in range(len(members)):
        position[members[at]] = at
    transposed = np.zeros((len(members), len(members)))
    for at in range(len(members)):
        count = _column(members[at], no_jump, targets, sizes, pointer, out, entries, index, real)
        for k in range(count):
            if position[index[k]] >= 0:
                transposed[at, position[index[k]]] += real[k]
    return transposed.T
