"""GMRES with a right preconditioner, for complex vectors over the reals (Hermitian matrices form a real space)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loschmidt.typing import ComplexVector, RealVector

__all__ = ["gmres"]

_MOST_ITERATIONS = 120
_FIRST_STORE = 32
_LOST = 0.5  # a vector shortened this much by projection is projected again

Map = Callable[[ComplexVector], ComplexVector]


def gmres(generate: Map, precondition: Map, target: ComplexVector, reduction: float) -> ComplexVector:
    """Return x = precondition(y) with ‖target - generate(x)‖ ≤ reduction · ‖target‖, or the best one found.

    Parameters
    ----------
    generate, precondition : callable
        Real-linear maps of vectors (N,).
    target : (N,)
        Right-hand side, in the range of `generate`.
    reduction : float
        Relative size of the residual to reach.

    Returns
    -------
    (N,)
        In the precision of `target`.

    Notes
    -----
    :cite:t:`saad1986`, with Givens rotations for the least-squares problem.
    """
    size = float(np.linalg.norm(target))
    if size == 0:
        return np.zeros_like(target)
    real = target.real.dtype
    basis = np.empty((_FIRST_STORE, 2 * len(target)), dtype=real)
    basis[0] = target.view(real) / size
    triangle = np.zeros((_MOST_ITERATIONS, _MOST_ITERATIONS))
    rotations: list[tuple[float, float]] = []
    misfit = [size]
    for k in range(_MOST_ITERATIONS):
        image = generate(precondition(basis[k].view(target.dtype))).view(real)
        column, rest = _projected(basis[: k + 1], image)
        length = float(np.linalg.norm(rest))
        for at, (cosine, sine) in enumerate(rotations):
            upper, lower = column[at], column[at + 1]
            column[at], column[at + 1] = cosine * upper + sine * lower, cosine * lower - sine * upper
        diagonal = float(np.hypot(column[k], length))
        if diagonal == 0:
            break
        rotations.append((column[k] / diagonal, length / diagonal))
        column[k] = diagonal
        triangle[: k + 1, k] = column[: k + 1]
        misfit.append(-rotations[-1][1] * misfit[-1])
        misfit[-2] *= rotations[-1][0]
        if abs(misfit[-1]) <= reduction * size or length == 0:
            break
        if k + 1 == len(basis):
            basis = np.concatenate(
                [basis, np.empty((min(len(basis), _MOST_ITERATIONS - k), basis.shape[1]), dtype=real)]
            )
        basis[k + 1] = rest / length
    count = len(rotations)
    if count == 0:
        return np.zeros_like(target)
    weights = np.linalg.solve(triangle[:count, :count], np.array(misfit[:count]))
    return precondition((weights.astype(real) @ basis[:count]).view(target.dtype))


def _projected(basis: np.ndarray, image: RealVector) -> tuple[RealVector, RealVector]:
    """Return the overlaps of `image` with the basis, and what is orthogonal to it."""
    before = float(np.linalg.norm(image))
    overlap = basis @ image
    rest = image - overlap @ basis
    if np.linalg.norm(rest) < _LOST * before:
        again = basis @ rest
        rest = rest - again @ basis
        overlap = overlap + again
    return overlap, rest
