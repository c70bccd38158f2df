"""Motion and jumps of a large GKLS equation on real vectors, and the Krylov method that inverts it.

A Hermitian matrix ρ is held as the real matrix Z = Re ρ + Im ρ, with the symmetric part Re ρ and the antisymmetric part
Im ρ; its norm is that of ρ. A factor λ_ab on ρ_ab is Re λ Z + Im λ Zᵀ, and a unitary V = P + iQ gives
V ρ V† ↦ (PZ + QZᵀ)Pᵀ + (QZ - PZᵀ)Qᵀ: real products throughout, and a quarter of the work where V is real. Vectors hold
the elements of those pairs of diagonal blocks of V that matter, one pair after the other, in single or double precision.
The products are BLAS calls, whatever their size. Slow twins: ``tests/reference/jump_chain.py``.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = [
    "MOST_ITERATIONS",
    "Chain",
    "arnoldi_step",
    "closed_under_adjoint",
    "from_basis",
    "generate",
    "jump_rates",
    "krylov_solution",
    "precondition",
    "reached_pairs",
    "solve_chain",
    "superoperator_rows",
    "to_basis",
]

MOST_ITERATIONS = 120
_LOST = 0.5  # a vector shortened this much by projection is projected again
_SAME = 1e-13


class Chain(NamedTuple):
    """What the kernels know of an equation, as arrays; `d` states in C blocks, P pairs of blocks, vectors (N,).

    Attributes
    ----------
    starts, places : (C + 1,)
        First state of each block, and where its vectors stand in `real` and `imaginary`.
    real, imaginary : (Σ n²,)
        V = P + iQ, block by block; `imaginary` is empty if V is real.
    first, second, partner : (P,)
        Blocks (a, b) of each pair, and the number of the pair (b, a).
    offsets : (P + 1,)
        Where each pair stands in a vector.
    transposed : (N,)
        Position of the transposed element.
    beat : (N,)
        E_b - E_a, the motion that is kept exactly.
    inverse, inverse_beat : (N,)
        Real and imaginary part of 1 / λ.
    diagonal, inverse_rates : (d,), (d, d)
        Positions of the populations, and their approximate inverse generator.
    pointer, columns, entries
        The rest of the generator by compressed rows, between vectors in the original basis.
    """

    starts: Any
    places: Any
    real: Any
    imaginary: Any
    first: Any
    second: Any
    partner: Any
    offsets: Any
    transposed: Any
    beat: Any
    inverse: Any
    inverse_beat: Any
    diagonal: Any
    inverse_rates: Any
    pointer: Any
    columns: Any
    entries: Any


@jit(error_model="numpy")
def from_basis(chain, vector):  # type: ignore[no-untyped-def]
    """Return V Y V† (N,) of Y (N,)."""
    result = np.empty_like(vector)
    for p in range(len(chain.first)):
        a, b, q = chain.first[p], chain.second[p], chain.partner[p]
        n, m = chain.starts[a + 1] - chain.starts[a], chain.starts[b + 1] - chain.starts[b]
        left = chain.real[chain.places[a] : chain.places[a + 1]].reshape(n, n)
        right = chain.real[chain.places[b] : chain.places[b + 1]].reshape(m, m)
        here = vector[chain.offsets[p] : chain.offsets[p + 1]].reshape(n, m)
        out = result[chain.offsets[p] : chain.offsets[p + 1]].reshape(n, m)
        if len(chain.imaginary) == 0:
            np.dot(np.dot(left, here), right.T, out)
            continue
        there = vector[chain.offsets[q] : chain.offsets[q + 1]].reshape(m, n).T
        left_too = chain.imaginary[chain.places[a] : chain.places[a + 1]].reshape(n, n)
        right_too = chain.imaginary[chain.places[b] : chain.places[b + 1]].reshape(m, m)
        np.dot(np.dot(left, here) + np.dot(left_too, there), right.T, out)
        out += np.dot(np.dot(left_too, here) - np.dot(left, there), right_too.T)
    return result


@jit(error_model="numpy")
def to_basis(chain, vector):  # type: ignore[no-untyped-def]
    """Return V† X V (N,) of X (N,)."""
    result = np.empty_like(vector)
    for p in range(len(chain.first)):
        a, b, q = chain.first[p], chain.second[p], chain.partner[p]
        n, m = chain.starts[a + 1] - chain.starts[a], chain.starts[b + 1] - chain.starts[b]
        left = chain.real[chain.places[a] : chain.places[a + 1]].reshape(n, n).T
        right = chain.real[chain.places[b] : chain.places[b + 1]].reshape(m, m)
        here = vector[chain.offsets[p] : chain.offsets[p + 1]].reshape(n, m)
        out = result[chain.offsets[p] : chain.offsets[p + 1]].reshape(n, m)
        if len(chain.imaginary) == 0:
            np.dot(np.dot(left, here), right, out)
            continue
        there = vector[chain.offsets[q] : chain.offsets[q + 1]].reshape(m, n).T
        left_too = chain.imaginary[chain.places[a] : chain.places[a + 1]].reshape(n, n).T
        right_too = chain.imaginary[chain.places[b] : chain.places[b + 1]].reshape(m, m)
        np.dot(np.dot(left, here) - np.dot(left_too, there), right, out)
        out += np.dot(np.dot(left_too, here) + np.dot(left, there), right_too)
    return result


@jit(error_model="numpy")
def precondition(chain, vector):  # type: ignore[no-untyped-def]
    """Return the approximate inverse of the generator of a vector (N,), both in the basis."""
    result = np.empty_like(vector)
    for i in range(len(vector)):
        result[i] = chain.inverse[i] * vector[i] + chain.inverse_beat[i] * vector[chain.transposed[i]]
    populations = np.dot(chain.inverse_rates, vector[chain.diagonal])
    for a in range(len(populations)):
        result[chain.diagonal[a]] = populations[a]
    return result


@jit(error_model="numpy")
def generate(chain, vector):  # type: ignore[no-untyped-def]
    """Return the generator of a vector (N,), both in the basis."""
    state = from_basis(chain, vector)
    rest = np.empty_like(state)
    for i in range(len(rest)):
        total = state.dtype.type(0)
        for k in range(chain.pointer[i], chain.pointer[i + 1]):
            total += chain.entries[k] * state[chain.columns[k]]
        rest[i] = total
    result = to_basis(chain, rest)
    for i in range(len(result)):
        result[i] += chain.beat[i] * vector[chain.transposed[i]]
    return result


@jit(error_model="numpy")
def arnoldi_step(basis, k, image, triangle, rotations, misfit):  # type: ignore[no-untyped-def]
    """Add the image of Krylov vector k: its column of the rotated triangle, the misfit, and the next vector.

    Returns whether there is a next vector.
    """
    known = basis[: k + 1]
    before = math.sqrt(np.dot(image, image))
    overlap = np.dot(known, image)
    rest = image - np.dot(overlap, known)
    length = math.sqrt(np.dot(rest, rest))
    if length < _LOST * before:
        again = np.dot(known, rest)
        rest -= np.dot(again, known)
        overlap += again
        length = math.sqrt(np.dot(rest, rest))
    for at in range(k + 1):
        triangle[at, k] = overlap[at]
    for at in range(k):
        cosine, sine = rotations[at, 0], rotations[at, 1]
        upper, lower = triangle[at, k], triangle[at + 1, k]
        triangle[at, k], triangle[at + 1, k] = cosine * upper + sine * lower, cosine * lower - sine * upper
    diagonal = math.hypot(triangle[k, k], length)
    if diagonal == 0:
        triangle[k, k] = 0.0
        return False
    rotations[k, 0], rotations[k, 1] = triangle[k, k] / diagonal, length / diagonal
    triangle[k, k] = diagonal
    misfit[k + 1] = -rotations[k, 1] * misfit[k]
    misfit[k] *= rotations[k, 0]
    if length == 0:
        return False
    for i in range(len(rest)):
        basis[k + 1, i] = rest[i] / length
    return True


@jit(error_model="numpy")
def krylov_solution(basis, count, triangle, misfit):  # type: ignore[no-untyped-def]
    """Return the combination (N,) of the first `count` Krylov vectors with the smallest misfit."""
    weights = np.zeros(count, dtype=basis.dtype)
    for i in range(count - 1, -1, -1):
        total = misfit[i]
        for j in range(i + 1, count):
            total -= triangle[i, j] * weights[j]
        weights[i] = total / triangle[i, i]
    return np.dot(weights, basis[:count])


@jit(error_model="numpy")
def solve_chain(chain, target, reduction):  # type: ignore[no-untyped-def]
    """Return x (N,) with ‖target - generate(x)‖ ≤ reduction · ‖target‖, or the best one found; as `gmres`."""
    size = math.sqrt(np.dot(target, target))
    if size == 0:
        return np.zeros_like(target)
    basis = np.empty((MOST_ITERATIONS + 1, len(target)), dtype=target.dtype)
    triangle = np.zeros((MOST_ITERATIONS, MOST_ITERATIONS))
    rotations = np.empty((MOST_ITERATIONS, 2))
    misfit = np.zeros(MOST_ITERATIONS + 1)
    misfit[0] = size
    for i in range(len(target)):
        basis[0, i] = target[i] / size
    count = 0
    for k in range(MOST_ITERATIONS):
        image = generate(chain, precondition(chain, basis[k]))
        more = arnoldi_step(basis, k, image, triangle, rotations, misfit)
        if triangle[k, k] == 0:
            break
        count = k + 1
        if not more or abs(misfit[count]) <= reduction * size:
            break
    return precondition(chain, krylov_solution(basis, count, triangle, misfit))


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
def superoperator_rows(out, into, values, motion, position, transposed):  # type: ignore[no-untyped-def]
    """Return Mρ + ρM† + gain by compressed rows (pointer, column, entry) between vectors (N,).

    `motion` is M (d, d), the gain has the entries (out, in, value) on row-stacked states, and `position` (d²,) is where
    an element of the state stands in a vector, -1 if nowhere; `transposed` (N,) is where the transposed element stands.
    """
    d, size = motion.shape[0], len(transposed)
    places = np.empty(size, dtype=np.int64)
    for element in range(d * d):
        if position[element] >= 0:
            places[position[element]] = element
    pointer = np.zeros(size + 1, dtype=np.int32)
    for at in range(len(out)):
        if position[into[at]] >= 0:
            pointer[position[out[at]] + 1] += (values[at].real != 0) + (values[at].imag != 0)
    degree = np.zeros(d, dtype=np.int64)
    targets = np.empty((d, d), dtype=np.int64)
    for n in range(d):
        for m in range(d):
            if m != n and motion[n, m] != 0:
                targets[n, degree[n]] = m
                degree[n] += 1
    for i in range(size):
        pointer[i + 1] += 2 * (degree[places[i] // d] + degree[places[i] % d] + 1) + pointer[i]
    columns = np.empty(pointer[-1], dtype=np.int32)
    entries = np.empty(pointer[-1])
    filled = pointer[:-1].copy()
    for at in range(len(out)):
        if position[into[at]] >= 0:
            _put(position[out[at]], position[into[at]], values[at], transposed, filled, columns, entries)
    for i in range(size):
        a, b = places[i] // d, places[i] % d
        _put(i, i, motion[a, a] + motion[b, b].conjugate(), transposed, filled, columns, entries)
        for k in range(degree[a]):
            m = targets[a, k]
            _put(i, position[m * d + b], motion[a, m], transposed, filled, columns, entries)
        for k in range(degree[b]):
            m = targets[b, k]
            _put(i, position[a * d + m], motion[b, m].conjugate(), transposed, filled, columns, entries)
    return _squeezed(pointer, filled, columns, entries)


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
