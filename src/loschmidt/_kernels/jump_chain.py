"""Motion and jumps of a large GKLS equation on real vectors, and the Krylov method that inverts it.

A Hermitian matrix ρ is held as the real matrix Z = Re ρ + Im ρ, with the symmetric part Re ρ and the antisymmetric part
Im ρ; its norm is that of ρ. A factor λ_ab on ρ_ab is Re λ Z + Im λ Zᵀ, and a unitary V = P + iQ gives
V ρ V† ↦ (PZ + QZᵀ)Pᵀ + (QZ - PZᵀ)Qᵀ: real products throughout, and a quarter of the work where V is real. Vectors
hold the elements of those pairs of diagonal blocks of V that matter, one pair after the other, in single or double
precision. The products are BLAS calls, whatever their size. Slow twins: ``tests/reference/jump_chain.py``.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.stationary import apply_gain

__all__ = [
    "MOST_ITERATIONS",
    "Chain",
    "Goals",
    "arnoldi_step",
    "enter",
    "from_basis",
    "generate",
    "krylov_solution",
    "leave",
    "precondition",
    "settle",
    "solve_chain",
    "to_basis",
]

MOST_ITERATIONS = 120
_EPS = float(np.finfo(float).eps)
_LOST = 0.5  # a vector shortened this much by projection is projected again


class Chain(NamedTuple):
    """What the kernels know of an equation, as arrays; `d` states in C blocks, P pairs of blocks, vectors (N,).

    Attributes
    ----------
    blocks : (2, C + 1)
        First state of each block, and where its eigenvectors stand in the next four.
    real, imaginary, real_adjoint, imaginary_adjoint : (Σ n²,)
        V = P + iQ and V† = Pᵀ - iQᵀ, block by block; Q and -Qᵀ are empty if V is real.
    pairs : (4, P + 1)
        Blocks (a, b) of each pair, the number of the pair (b, a), and where the pair stands in a vector.
    flat, transposed : (N,)
        Element of the row-stacked (d, d) matrix that each entry of a vector stands for; position of the transposed one.
    factors : (3, N)
        E_b - E_a, the motion that is kept exactly, and the real and imaginary part of 1 / λ.
    diagonal, inverse_rates : (d,), (d, d)
        Positions of the populations, and their approximate inverse generator.
    pointer, columns, entries
        The rest of the generator by compressed rows, between vectors in the original basis.
    """

    blocks: Any
    real: Any
    imaginary: Any
    real_adjoint: Any
    imaginary_adjoint: Any
    pairs: Any
    flat: Any
    transposed: Any
    factors: Any
    diagonal: Any
    inverse_rates: Any
    pointer: Any
    columns: Any
    entries: Any


class Goals(NamedTuple):
    """How far to go: cycles at most, ‖L(ρ)‖ over the largest rate, that rate, and what each solution must reduce."""

    cycles: int
    accurate: float
    scale: float
    first: float
    later: float
    single: float


@jit(error_model="numpy")
def _sandwich(blocks, pairs, real, imaginary, right_real, right_imaginary, vector):  # type: ignore[no-untyped-def]
    """Return W Y W† (N,) of Y (N,), for W by its blocks on the left and W† by its blocks on the right."""
    result = np.empty_like(vector)
    for p in range(pairs.shape[1] - 1):
        a, b, q = pairs[0, p], pairs[1, p], pairs[2, p]
        n, m = blocks[0, a + 1] - blocks[0, a], blocks[0, b + 1] - blocks[0, b]
        of_a, of_b = slice(blocks[1, a], blocks[1, a + 1]), slice(blocks[1, b], blocks[1, b + 1])
        here = vector[pairs[3, p] : pairs[3, p + 1]].reshape(n, m)
        out = result[pairs[3, p] : pairs[3, p + 1]].reshape(n, m)
        left = real[of_a].reshape(n, n)
        middle = np.dot(left, here)
        if len(imaginary) > 0:
            there = vector[pairs[3, q] : pairs[3, q + 1]].reshape(m, n).T
            left_too = imaginary[of_a].reshape(n, n)
            middle += np.dot(left_too, there)
            other = np.dot(left_too, here)
            other -= np.dot(left, there)
            np.dot(middle, right_real[of_b].reshape(m, m), out)
            # Minus, because the right factor is conjugate: (W†) = Pᵀ - iQᵀ is given, and Qᵀ is needed.
            out -= np.dot(other, right_imaginary[of_b].reshape(m, m))
        else:
            np.dot(middle, right_real[of_b].reshape(m, m), out)
    return result


@jit(error_model="numpy")
def from_basis(chain, vector):  # type: ignore[no-untyped-def]
    """Return V Y V† (N,) of Y (N,)."""
    return _sandwich(
        chain.blocks, chain.pairs, chain.real, chain.imaginary, chain.real_adjoint, chain.imaginary_adjoint, vector
    )


@jit(error_model="numpy")
def to_basis(chain, vector):  # type: ignore[no-untyped-def]
    """Return V† X V (N,) of X (N,)."""
    return _sandwich(
        chain.blocks, chain.pairs, chain.real_adjoint, chain.imaginary_adjoint, chain.real, chain.imaginary, vector
    )


@jit(error_model="numpy")
def precondition(chain, vector):  # type: ignore[no-untyped-def]
    """Return the approximate inverse of the generator of a vector (N,), both in the basis."""
    result = np.empty_like(vector)
    for i in range(len(vector)):
        result[i] = chain.factors[1, i] * vector[i] + chain.factors[2, i] * vector[chain.transposed[i]]
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
        result[i] += chain.factors[0, i] * vector[chain.transposed[i]]
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
def enter(chain, state):  # type: ignore[no-untyped-def]
    """Return the vector (N,) of a Hermitian matrix (d, d)."""
    d = state.shape[0]
    vector = np.empty(len(chain.flat), dtype=chain.real.dtype)
    for i in range(len(vector)):
        element = state[chain.flat[i] // d, chain.flat[i] % d]
        vector[i] = element.real + element.imag
    return to_basis(chain, vector)


@jit(error_model="numpy")
def leave(chain, vector):  # type: ignore[no-untyped-def]
    """Return the Hermitian matrix (d, d) of a vector (N,)."""
    d = len(chain.diagonal)
    state = np.zeros((d, d), dtype=np.complex128)
    both = from_basis(chain, vector)
    for i in range(len(both)):
        here, there = 0.5 * both[i], 0.5 * both[chain.transposed[i]]
        state[chain.flat[i] // d, chain.flat[i] % d] = complex(here + there, here - there)
    return state


@jit(error_model="numpy")
def settle(chain, coarse, generator, goals):  # type: ignore[no-untyped-def]
    """Return a stationary state of trace one, residuals taken with the generator itself.

    Parameters
    ----------
    chain, coarse : Chain
        The equation, and the same in single precision; the former again where that is not wanted.
    generator : tuple
        G (d, d), and the gain as entries (out, in, value) on row-stacked states.
    goals : Goals

    Returns
    -------
    state : (d, d)
    size, round_off : float
        ‖L(ρ)‖, and what round-off leaves of it.
    amplification : float
        How far the last residual moved the state, relative to it.
    """
    guess = np.zeros(len(chain.flat))
    for a in range(len(chain.diagonal)):
        guess[chain.diagonal[a]] = chain.inverse_rates[a].sum()
    state = leave(chain, guess)
    state = state / np.trace(state).real
    residual, round_off = _residual(generator, state)
    size, amplification, before = _norm(residual), 0.0, np.inf
    single = coarse.real.itemsize < chain.real.itemsize
    for cycle in range(goals.cycles):
        # The second cycle also measures how far round-off in the residual moves the state.
        if cycle > 1 and size <= max(goals.accurate * goals.scale, round_off):
            break
        settled = size == 0.0
        if settled:
            # Nothing is left to correct, but how far round-off moves the state is still asked for.
            for a in range(len(state)):
                residual[a, a] = round_off * (a / (len(state) - 1) - 0.5)
            size = _norm(residual)
        single = single and size <= 0.01 * before
        # The generator keeps the trace, so a traceless target has a solution.
        target = enter(chain, (np.trace(residual).real * state - residual) / size)
        if single:
            # Further than a hundredth of what is asked for, round-off ends it.
            reduction = max(goals.single, 0.01 * goals.accurate * goals.scale / size)
            step = solve_chain(coarse, target.astype(coarse.real.dtype), reduction).astype(np.float64)
        else:
            step = solve_chain(chain, target, goals.first if cycle == 0 else goals.later)
        change = leave(chain, step) * (size / goals.scale)
        amplification, before = _norm(change) / size, size
        if settled:
            break
        state = state + change
        state = state / np.trace(state).real
        residual, round_off = _residual(generator, state)
        size = _norm(residual)
    return state, size, round_off, amplification


@jit(error_model="numpy")
def _residual(generator, state):  # type: ignore[no-untyped-def]
    no_jump, out, into, entries = generator
    left = np.dot(no_jump, state)
    image = apply_gain(out, into, entries, state)
    d = len(state)
    for a in range(d):
        for b in range(d):
            image[a, b] += left[a, b] + left[b, a].conjugate()
    return image, 4 * _EPS * _norm(left)


@jit(error_model="numpy")
def _norm(matrix):  # type: ignore[no-untyped-def]
    total = 0.0
    for row in matrix:
        for element in row:
            total += element.real**2 + element.imag**2
    return math.sqrt(total)
