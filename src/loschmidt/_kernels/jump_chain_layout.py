"""How a large GKLS equation is laid out for :mod:`._kernels.jump_chain`: pairs of blocks, rows and approximate rates.

Slow twins: ``tests/reference/jump_chain.py``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = [
    "block_entries",
    "closed_under_adjoint",
    "hermitian_sum",
    "jump_rates",
    "lay_out",
    "reached_pairs",
    "superoperator_rows",
    "weights",
]

_SAME = 1e-13


@jit(error_model="numpy")
def hermitian_sum(no_jump, weight):  # type: ignore[no-untyped-def]
    """Return H + weight · Γ and Γ (d, d) of G = -iH - Γ, and whether both are real."""
    d = no_jump.shape[0]
    both, loss = np.empty_like(no_jump), np.empty_like(no_jump)
    real = True
    for a in range(d):
        for b in range(d):
            here, there = no_jump[a, b], no_jump[b, a].conjugate()
            loss[a, b] = -0.5 * (here + there)
            both[a, b] = 0.5j * (here - there) + weight * loss[a, b]
            real = real and both[a, b].imag == 0.0 and loss[a, b].imag == 0.0
    return both, loss, real


@jit(error_model="numpy")
def block_entries(order, starts, pairs):  # type: ignore[no-untyped-def]
    """Return which elements of a (d, d) matrix the vectors hold, for the pairs (4, P + 1) of a chain.

    Returns
    -------
    flat, row, column : (N,)
        Element of the row-stacked matrix, and its row and column in the order of the blocks.
    position : (d²,)
        Where each element of the matrix stands, -1 if nowhere.
    transposed : (N,)
        Where the transposed element stands.
    diagonal : (d,)
        Where the diagonal elements stand, in the order of the blocks.
    """
    d = len(order)
    count = pairs.shape[1] - 1
    size = pairs[3, count]
    flat, row, column = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    position, diagonal = np.full(d * d, -1, dtype=np.int64), np.empty(d, np.int64)
    at = 0
    for p in range(count):
        a, b = pairs[0, p], pairs[1, p]
        for i in range(starts[a], starts[a + 1]):
            for j in range(starts[b], starts[b + 1]):
                flat[at], row[at], column[at] = order[i] * d + order[j], i, j
                position[flat[at]] = at
                if i == j:
                    diagonal[i] = at
                at += 1
    transposed = np.empty(size, dtype=np.int32)
    for at in range(size):
        transposed[at] = position[flat[at] % d * d + flat[at] // d]
    return flat, row, column, position, transposed, diagonal


@jit(error_model="numpy")
def weights(row, column, energies, alone, slowest):  # type: ignore[no-untyped-def]
    """Return E_b - E_a, Re and Im of 1 / (λ_a + λ_b*) for each entry (3, N), slower decay than `slowest` replaced."""
    result = np.empty((3, len(row)))
    for at in range(len(row)):
        a, b = row[at], column[at]
        result[0, at] = energies[b] - energies[a]
        own = alone[a] + alone[b].conjugate()
        one = 1.0 / own if abs(own) > slowest else complex(-1.0 / slowest, 0.0)
        result[1, at], result[2, at] = one.real, one.imag
    return result


@jit(error_model="numpy")
def jump_rates(starts, rates, rows, columns, values, vectors):  # type: ignore[no-untyped-def]
    """Return Σ γ_k |V†L_kV|² elementwise (d, d); values and vectors (d, d) both real or both complex."""
    d = vectors.shape[0]
    adjoint = np.ascontiguousarray(np.conj(vectors).T)
    result = np.zeros((d, d))
    for k in range(len(rates)):
        moved = np.zeros_like(vectors)
        for x in range(starts[k], starts[k + 1]):
            for b in range(d):
                moved[rows[x], b] += values[x] * vectors[columns[x], b]
        inside = np.dot(adjoint, moved)
        for a in range(d):
            for b in range(d):
                result[a, b] += rates[k] * (inside[a, b].real ** 2 + inside[a, b].imag ** 2)
    return result


@jit(error_model="numpy")
def closed_under_adjoint(starts, rows, columns, values, d):  # type: ignore[no-untyped-def]
    """Return whether the adjoint of each jump operator is a multiple of one of them."""
    adjoint = np.zeros(d * d, dtype=np.complex128)
    for k in range(len(starts) - 1):
        for x in range(starts[k], starts[k + 1]):
            adjoint[columns[x] * d + rows[x]] = values[x].conjugate()
        found = False
        for other in range(len(starts) - 1):
            if found or starts[other + 1] - starts[other] != starts[k + 1] - starts[k]:
                continue
            head = starts[other]
            there = adjoint[rows[head] * d + columns[head]]
            found = there != 0
            for y in range(head, starts[other + 1]):
                wanted = adjoint[rows[y] * d + columns[y]] * values[head]
                if not abs(values[y] * there - wanted) <= _SAME * abs(wanted):
                    found = False
                    break
        for x in range(starts[k], starts[k + 1]):
            adjoint[columns[x] * d + rows[x]] = 0
        if not found:
            return False
    return True


@jit(error_model="numpy")
def lay_out(frame, pairs, gain, jumps, scale, slowest):  # type: ignore[no-untyped-def]
    """Return what a :class:`~loschmidt._kernels.jump_chain.Chain` needs beside its frame, rates in units of `scale`.

    Parameters
    ----------
    frame : tuple
        Order of the states, starts of the blocks, eigenvalues E of K, G + iK, and the diagonal of V†GV.
    pairs : (4, P + 1)
        As in a chain.
    gain : tuple
        Entries (out, in, value) on row-stacked states.
    jumps : tuple
        As :func:`jump_rates`; no jumps, to be quick where there are many.
    scale, slowest : float
        The largest rate, and the slowest decay that is inverted, in units of it.

    Returns
    -------
    tuple
        From `flat` to `entries` of the chain.
    """
    order, starts, energies, rest, alone = frame
    d = len(order)
    flat, row, column, position, transposed, diagonal = block_entries(order, starts, pairs)
    factors = weights(row, column, energies / scale, alone / scale, slowest)
    pointer, columns, entries = superoperator_rows(gain, rest / scale, scale, flat, position, transposed)
    rates = jump_rates(jumps[0], jumps[1], jumps[2], jumps[3], jumps[4], jumps[5]) / scale
    for a in range(d):
        rates[a, a] += 2 * alone[a].real / scale - slowest
    # Rates have a stationary state, which a regular matrix must not have: its trace is drained into all levels alike.
    inverse_rates = np.linalg.inv(rates - 1 / d)
    return flat, transposed, factors, diagonal, inverse_rates, pointer, columns, entries


@jit(error_model="numpy")
def reached_pairs(out, into, block, reached):  # type: ignore[no-untyped-def]
    """Mark in `reached` (C, C) the pairs of blocks that the marked ones feed through entries (out, in)."""
    d = len(block)
    grown = True
    while grown:
        grown = False
        for at in range(len(out)):
            if reached[block[into[at] // d], block[into[at] % d]]:
                a, b = block[out[at] // d], block[out[at] % d]
                if not reached[a, b]:
                    reached[a, b] = True
                    grown = True


@jit(error_model="numpy")
def superoperator_rows(gain, motion, scale, flat, position, transposed):  # type: ignore[no-untyped-def]
    """Return Mρ + ρM† + gain by compressed rows (pointer, column, entry) between vectors (N,).

    `motion` is M (d, d), the gain has the entries (out, in, value) / scale on row-stacked states. Entry i of a vector
    is element ``flat[i]`` of the state and entry ``transposed[i]`` of the transposed one; an element is entry
    ``position[element]``, none if that is -1.
    """
    d, size = motion.shape[0], len(transposed)
    out, into, values = gain
    targets, degree = _targets(motion)
    pointer = np.zeros(size + 1, dtype=np.int32)
    for at in range(len(out)):
        if position[into[at]] >= 0:
            pointer[position[out[at]] + 1] += 2
    for i in range(size):
        pointer[i + 1] += 2 * (degree[flat[i] // d] + degree[flat[i] % d] + 1) + pointer[i]
    columns = np.empty(pointer[-1], dtype=np.int32)
    entries = np.empty(pointer[-1])
    filled = pointer[:-1].copy()
    for at in range(len(out)):
        if position[into[at]] >= 0:
            _put(position[out[at]], position[into[at]], values[at] / scale, transposed, filled, columns, entries)
    for i in range(size):
        a, b = flat[i] // d, flat[i] % d
        _put(i, i, motion[a, a] + motion[b, b].conjugate(), transposed, filled, columns, entries)
        for k in range(degree[a]):
            m = targets[a, k]
            _put(i, position[m * d + b], motion[a, m], transposed, filled, columns, entries)
        for k in range(degree[b]):
            m = targets[b, k]
            _put(i, position[a * d + m], motion[b, m].conjugate(), transposed, filled, columns, entries)
    return _squeezed(pointer, filled, columns, entries)


@jit(error_model="numpy")
def _targets(motion):  # type: ignore[no-untyped-def]
    # The other columns of each row that are not zero, and how many there are.
    d = motion.shape[0]
    targets, degree = np.empty((d, d), dtype=np.int64), np.zeros(d, dtype=np.int64)
    for n in range(d):
        for m in range(d):
            if m != n and motion[n, m] != 0:
                targets[n, degree[n]] = m
                degree[n] += 1
    return targets, degree


@jit(error_model="numpy")
def _put(row, column, value, transposed, filled, columns, entries):  # type: ignore[no-untyped-def]
    if value.real != 0:
        columns[filled[row]] = column
        entries[filled[row]] = value.real
        filled[row] += 1
    if value.imag != 0:
        columns[filled[row]] = transposed[column]
        entries[filled[row]] = value.imag
        filled[row] += 1


@jit(error_model="numpy")
def _squeezed(pointer, filled, columns, entries):  # type: ignore[no-untyped-def]
    # Rows without the room that was kept for parts that vanish.
    start = np.zeros_like(pointer)
    at = 0
    for i in range(len(filled)):
        for k in range(pointer[i], filled[i]):
            columns[at] = columns[k]
            entries[at] = entries[k]
            at += 1
        start[i + 1] = at
    return start, columns[:at].copy(), entries[:at].copy()
