"""Generators taken apart into elements: jumps as pairs of elements, and the real matrix of a generator on a sector.

A Hermitian matrix has d² real coordinates: number ``2 (a d + b)`` for a ≤ b is ρ_aa or √2 Re ρ_ab, the next one is
√2 Im ρ_ab. In these coordinates every generator is a real matrix, and real and imaginary parts often decouple.
Slow twins: ``tests/reference/stationary.py``.
"""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = [
    "apply_gain",
    "bath_currents",
    "bath_losses",
    "connected_blocks",
    "davies_elements",
    "generic_combination",
    "jump_pairs",
    "real_sector",
    "real_sector_matrix",
    "rotated_cleanly",
    "smallest_gap",
    "sort_by_column",
    "state_of_coordinates",
]

_ROUND_OFF = 1e-15
_EPS = float(np.finfo(float).eps)


@jit(error_model="numpy")
def connected_blocks(operator):  # type: ignore[no-untyped-def]
    """Return for each basis state (d,) the number of the diagonal block of `operator` (d, d) that it is in."""
    d = operator.shape[0]
    block = np.full(d, -1, dtype=np.int64)
    stack = np.empty(d, dtype=np.int64)
    count = 0
    for start in range(d):
        if block[start] >= 0:
            continue
        block[start] = count
        stack[0] = start
        size = 1
        while size > 0:
            size -= 1
            at = stack[size]
            for other in range(d):
                if block[other] < 0 and (operator[other, at] != 0.0 or operator[at, other] != 0.0):
                    block[other] = count
                    stack[size] = other
                    size += 1
        count += 1
    return block


@jit(error_model="numpy")
def davies_elements(coupling, labels, rates, inside):  # type: ignore[no-untyped-def]
    """Return the jumps of one Davies coupling (d, d) by their elements: starts, rates, rows, columns, values.

    A jump holds the elements of one Bohr class, ``labels[n, m]`` with rate ``rates[labels[n, m]]``, and of one
    ``inside[m]`` (levels, where only the motion inside them is wanted). Elements that are round-off of the change of
    basis, and jumps without a rate, are left out.
    """
    d = coupling.shape[0]
    largest = 0.0
    for n in range(d):
        for m in range(d):
            largest = max(largest, abs(coupling[n, m]))
    smallest = 4 * d * np.finfo(np.float64).eps * largest
    group = np.empty(d * d, dtype=np.int64)
    place = np.empty(d * d, dtype=np.int64)
    count = 0
    for n in range(d):
        for m in range(d):
            if abs(coupling[n, m]) > smallest and rates[labels[n, m]] != 0.0:
                group[count] = labels[n, m] * d + inside[m]
                place[count] = n * d + m
                count += 1
    order = np.argsort(group[:count], kind="mergesort")
    starts = np.empty(count + 1, dtype=np.int64)
    of_jump = np.empty(count)
    rows = np.empty(count, dtype=np.int64)
    columns = np.empty(count, dtype=np.int64)
    values = np.empty(count, dtype=np.complex128)
    jumps = 0
    for at in range(count):
        here = place[order[at]]
        if at == 0 or group[order[at]] != group[order[at - 1]]:
            starts[jumps] = at
            of_jump[jumps] = rates[labels[here // d, here % d]]
            jumps += 1
        rows[at] = here // d
        columns[at] = here % d
        values[at] = coupling[here // d, here % d]
    starts[jumps] = count
    return starts[: jumps + 1].copy(), of_jump[:jumps].copy(), rows, columns, values


@jit(error_model="numpy")
def jump_pairs(starts, rates, baths, rows, columns, values, d):  # type: ignore[no-untyped-def]
    """Return Σ γ_k L_k ρ L_k† as entries (out, in, value) on row-stacked states, and the bath of each entry.

    Jump k belongs to bath ``baths[k]`` and has the elements ``starts[k]:starts[k + 1]`` of `rows`, `columns` and
    `values`.
    """
    count = 0
    for k in range(len(rates)):
        count += (starts[k + 1] - starts[k]) ** 2
    out = np.empty(count, dtype=np.int64)
    into = np.empty(count, dtype=np.int64)
    entries = np.empty(count, dtype=np.complex128)
    bath = np.empty(count, dtype=np.int64)
    at = 0
    for k in range(len(rates)):
        for x in range(starts[k], starts[k + 1]):
            for y in range(starts[k], starts[k + 1]):
                out[at] = rows[x] * d + rows[y]
                into[at] = columns[x] * d + columns[y]
                entries[at] = rates[k] * values[x] * values[y].conjugate()
                bath[at] = baths[k]
                at += 1
    return out, into, entries, bath


@jit(error_model="numpy")
def bath_losses(out, into, entries, bath, count, d):  # type: ignore[no-untyped-def]
    """Return -½ Σ γ L†L of each bath (count, d, d), from the entries of the gain so that the trace is kept."""
    losses = np.zeros((count, d, d), dtype=np.complex128)
    for at in range(len(out)):
        if out[at] // d == out[at] % d:
            # This entry multiplies ρ_mm' in the trace of the gain, so it is element (m', m) of L†L.
            losses[bath[at], into[at] % d, into[at] // d] -= 0.5 * entries[at]
    return losses


@jit(error_model="numpy")
def bath_currents(out, into, entries, bath, losses, observable, state, product):  # type: ignore[no-untyped-def]
    """Return tr[X D_b(ρ)] of each bath (B,) for Hermitian X and ρ; `product` is ρX."""
    count, d, _ = losses.shape
    currents = np.zeros(count)
    for at in range(len(out)):
        moved = entries[at] * state[into[at] // d, into[at] % d]
        currents[bath[at]] += (moved * observable[out[at] % d, out[at] // d]).real
    for a in range(d):
        for b in range(d):
            for k in range(count):
                currents[k] += 2.0 * (losses[k, b, a] * product[a, b]).real
    return currents


@jit(error_model="numpy")
def apply_gain(out, into, entries, state):  # type: ignore[no-untyped-def]
    """Return Σ γ_k L_k ρ L_k† (d, d)."""
    d = state.shape[0]
    result = np.zeros((d, d), dtype=np.complex128)
    for at in range(len(out)):
        result[out[at] // d, out[at] % d] += entries[at] * state[into[at] // d, into[at] % d]
    return result


@jit(error_model="numpy")
def rotated_cleanly(basis, operator):  # type: ignore[no-untyped-def]
    """Return V†AV (d, d) without its round-off, which would couple what the operator does not.

    A basis that only reorders states and changes their phases takes no products.
    """
    d = basis.shape[0]
    source, only = np.zeros(d, dtype=np.int64), True
    for b in range(d):
        count = 0
        for a in range(d):
            if basis[a, b] != 0.0:
                source[b] = a
                count += 1
        only = only and count == 1
    if only:
        result = np.empty_like(basis)
        for a in range(d):
            for b in range(d):
                phases = basis[source[a], a].conjugate() * basis[source[b], b]
                result[a, b] = phases * operator[source[a], source[b]]
    else:
        result = np.dot(np.ascontiguousarray(np.conj(basis).T), np.dot(operator, basis))
    largest = 0.0
    for element in result.flat:
        largest = max(largest, abs(element))
    for a in range(d):
        for b in range(d):
            if abs(result[a, b]) <= 4 * d * _EPS * largest:
                result[a, b] = 0.0
    return result


@jit(error_model="numpy")
def generic_combination(starts, rows, columns, values, d):  # type: ignore[no-untyped-def]
    """Return Σ c_k L_k / ‖L_k‖ (d, d) with fixed coefficients c_k in general position."""
    result = np.zeros((d, d), dtype=np.complex128)
    for k in range(len(starts) - 1):
        square = 0.0
        for x in range(starts[k], starts[k + 1]):
            square += abs(values[x]) ** 2
        amplitude = 0.5 + (0.6180339887498949 * (k + 1)) % 1.0
        phase = 2.0 * np.pi * ((0.7548776662466927 * (k + 1)) % 1.0)
        weight = amplitude * (math.cos(phase) + 1j * math.sin(phase)) / math.sqrt(square)
        for x in range(starts[k], starts[k + 1]):
            result[rows[x], columns[x]] += weight * values[x]
    return result


@jit(error_model="numpy")
def smallest_gap(values):  # type: ignore[no-untyped-def]
    """Return the smallest distance between two of the complex `values`, infinite if there are fewer."""
    smallest = np.inf
    for i in range(len(values)):
        for j in range(i):
            real = values[i].real - values[j].real
            imaginary = values[i].imag - values[j].imag
            smallest = min(smallest, real * real + imaginary * imaginary)
    return math.sqrt(smallest)


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
    while at < found <= limit:
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


@jit(error_model="numpy")
def state_of_coordinates(values, members, d):  # type: ignore[no-untyped-def]
    """Return the Hermitian matrix (d, d) whose real coordinates `members` are `values` and whose others vanish."""
    state = np.zeros((d, d), dtype=np.complex128)
    for at in range(len(members)):
        pair = members[at] // 2
        a, b = pair // d, pair % d
        if a == b:
            state[a, a] = values[at]
            continue
        part = values[at] / math.sqrt(2.0)
        element = part * 1j if members[at] % 2 == 1 else part + 0.0j
        state[a, b] += element
        state[b, a] += element.conjugate()
    return state
