"""Stationary states from a real matrix on the coordinates they live in: one LU, or all null vectors of every block."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from loschmidt._kernels.stationary import real_sector, real_sector_matrix, state_of_coordinates
from loschmidt.errors import ResourceError
from loschmidt.evolution._steady_terms import GeneratorTerms
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["NullSpace", "Solution", "all_coordinates", "null_space", "oscillates", "sector", "solve"]

_REGULAR = 1e-12
_LARGEST_BLOCK = 1100
_LARGEST_SPECTRUM = 400
_ZERO = 1e-13
_SURELY_NOT_ZERO = 1e-11


@dataclass(frozen=True, eq=False)
class Solution:
    """A stationary state (d, d), its estimated Frobenius error, and whether the coordinates hold no other one."""

    state: ComplexMatrix
    error: float
    regular: bool


@dataclass(frozen=True, eq=False)
class NullSpace:
    """Null vectors of all blocks of a generator.

    Attributes
    ----------
    multiplicity : int or None
        How many there are; None if round-off leaves it open.
    members : list of (n,)
        Real coordinates of each block that has null vectors.
    right, left : list of (n, k)
        Its right and left null vectors.
    """

    multiplicity: int | None
    members: list[IntegerArray]
    right: list[RealMatrix]
    left: list[RealMatrix]

    def project(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return the time average of the evolution that starts in a Hermitian state (d, d)."""
        start = _to_coordinates(state)
        result = np.zeros_like(state)
        for members, right, left in zip(self.members, self.right, self.left, strict=True):
            kept = right @ np.linalg.solve(left.T @ right, left.T @ start[members])
            result += state_of_coordinates(kept, members, len(state))
        return result


@cache
def all_coordinates(dimension: int) -> IntegerArray:
    """Return the real coordinates (d²,) of all Hermitian matrices, populations first."""
    a, b = np.triu_indices(dimension, 1)
    upper = 2 * (a * dimension + b)
    populations = 2 * np.arange(dimension) * (dimension + 1)
    coordinates = np.concatenate([populations, upper, upper + 1])
    coordinates.flags.writeable = False
    return coordinates


def sector(terms: GeneratorTerms, seeds: IntegerArray, limit: int) -> IntegerArray | None:
    """Return the real coordinates reached from `seeds`, None if there are more than `limit`."""
    if len(seeds) > limit:
        return None
    members = np.asarray(real_sector(terms.no_jump, *terms.columns, seeds, limit))
    return members if len(members) <= limit else None


def solve(terms: GeneratorTerms, members: IntegerArray) -> Solution:
    """Return the stationary state on a closed set of real coordinates whose first one is a population."""
    from scipy.linalg.lapack import dgecon, dgetrf, dgetrs

    d = terms.dimension
    matrix = real_sector_matrix(terms.no_jump, *terms.columns, members)
    population = _is_population(members, d)
    size = float(np.abs(matrix).max()) or 1.0
    constrained = matrix.copy(order="F")
    constrained[0] = size * population
    norm = float(np.abs(constrained).sum(axis=0).max())
    factors, pivots, status = dgetrf(constrained, overwrite_a=True)
    reciprocal = 0.0 if status else dgecon(factors, norm)[0]
    if not reciprocal > _REGULAR:
        return Solution(np.full((d, d), np.nan, dtype=np.complex128), np.inf, regular=False)
    target = np.zeros(len(members))
    target[0] = size
    found = dgetrs(factors, pivots, target)[0]
    # One step of refinement: it removes what the factorisation lost, and its size is the error estimate.
    residual = -(matrix @ found)
    residual[0] = size * (1.0 - found[population].sum())
    correction = dgetrs(factors, pivots, residual)[0]
    found = found + correction
    error = math.sqrt(correction @ correction) + float(np.finfo(float).eps)
    return Solution(state_of_coordinates(found, members, d), error, regular=True)


def null_space(terms: GeneratorTerms, expected: int | None = None) -> NullSpace:
    """Return all stationary operators of a generator, block by block; `expected` says how many, if that is known.

    Raises
    ------
    ResourceError
        If a block is too large for a singular value decomposition.
    """
    members = _blocks(terms, _LARGEST_BLOCK)
    decomposed = [np.linalg.svd(real_sector_matrix(terms.no_jump, *terms.columns, block)) for block in members]
    values = np.sort(np.concatenate([x.S for x in decomposed]))
    scale = float(values[-1]) or 1.0
    if expected is None:
        count = int((values <= _ZERO * scale).sum())
        # Slow relaxation must be told from none, which round-off of the fast motion may forbid.
        blurred = bool((values <= _SURELY_NOT_ZERO * scale).sum() != count)
        multiplicity = None if blurred or count == 0 or 1e3 * _SURELY_NOT_ZERO * scale > terms.largest_rate else count
    else:
        count = multiplicity = expected
    threshold = values[max(count, 1) - 1]
    zero = [int((threshold >= x.S).sum()) for x in decomposed]
    kept = [k for k, number in enumerate(zero) if number]
    return NullSpace(
        multiplicity,
        [members[k] for k in kept],
        [decomposed[k].Vh[-zero[k] :].T for k in kept],
        [decomposed[k].U[:, -zero[k] :] for k in kept],
    )


def oscillates(terms: GeneratorTerms) -> bool:
    """Return whether some eigenvalue is purely imaginary and not zero.

    Raises
    ------
    ResourceError
        If a block is too large for its eigenvalues.
    """
    matrices = [
        real_sector_matrix(terms.no_jump, *terms.columns, members) for members in _blocks(terms, _LARGEST_SPECTRUM)
    ]
    scale = max(float(np.linalg.norm(matrix)) for matrix in matrices)
    for matrix in matrices:
        values = np.linalg.eigvals(matrix)
        still = np.abs(values.real) <= _SURELY_NOT_ZERO * scale
        if (still & (np.abs(values.imag) > _SURELY_NOT_ZERO * scale)).any():
            return True
    return False


def _to_coordinates(state: ComplexMatrix) -> RealVector:
    """Return the real coordinates (2 d²,) of a Hermitian matrix; unused ones are zero."""
    d = len(state)
    result = np.zeros((d, d, 2))
    result[..., 0] = np.sqrt(2.0) * np.triu(state.real, 1)
    result[..., 1] = np.sqrt(2.0) * np.triu(state.imag, 1)
    result[np.arange(d), np.arange(d), 0] = np.diagonal(state).real
    return result.reshape(-1)


def _blocks(terms: GeneratorTerms, limit: int) -> list[IntegerArray]:
    d = terms.dimension
    if terms.zero_frequency:
        assert terms.levels is not None
        label = terms.levels.labels
        candidates = [x for x in all_coordinates(d) if label[x // 2 // d] == label[x // 2 % d]]
    else:
        candidates = list(all_coordinates(d))
    owner = np.full(2 * d * d, -1)
    blocks: dict[int, set[int]] = {}
    for number, seed in enumerate(candidates):
        if owner[seed] >= 0:
            continue
        members = real_sector(terms.no_jump, *terms.columns, np.array([seed]), d * d)
        joined = set(members.tolist())
        for other in {int(x) for x in owner[members] if x >= 0}:
            joined |= blocks.pop(other)
        blocks[number] = joined
        owner[list(joined)] = number
        if len(joined) > limit:
            raise ResourceError(
                f"Counting the stationary states needs the null vectors of a block of {len(joined)} real coordinates "
                f"or more, and at most {limit} are taken. Break the symmetry that keeps them apart, or find the "
                f"long-time state with `evolve`."
            )
    return [np.array(sorted(block)) for block in blocks.values()]


def _is_population(members: IntegerArray, dimension: int) -> np.ndarray:
    return np.asarray((members // 2 // dimension == members // 2 % dimension) & (members % 2 == 0))
