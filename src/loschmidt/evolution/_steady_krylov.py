"""GMRES with a right preconditioner for real vectors, and Hermitian matrices as such."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loschmidt._kernels.jump_chain import MOST_ITERATIONS, arnoldi_step, krylov_solution
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["gmres", "hermitian_form", "real_form"]

Map = Callable[[RealVector], RealVector]


def real_form(state: ComplexMatrix) -> RealMatrix:
    """Return Re ρ + Im ρ (d, d) of a Hermitian matrix, which holds all of it in the same norm."""
    return np.asarray(state.real + state.imag)


def hermitian_form(both: RealMatrix) -> ComplexMatrix:
    """Return the Hermitian matrix (d, d) that :func:`real_form` belongs to."""
    return np.asarray(0.5 * (both + both.T) + 0.5j * (both - both.T))


def gmres(generate: Map, precondition: Map, target: RealVector, reduction: float) -> RealVector:
    """Return x = precondition(y) with ‖target - generate(x)‖ ≤ reduction · ‖target‖, or the best one found.

    Parameters
    ----------
    generate, precondition : callable
        Linear maps of vectors (N,).
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
    basis = np.empty((MOST_ITERATIONS + 1, len(target)), dtype=target.dtype)
    basis[0] = target / size
    triangle, rotations = np.zeros((MOST_ITERATIONS, MOST_ITERATIONS)), np.empty((MOST_ITERATIONS, 2))
    misfit = np.zeros(MOST_ITERATIONS + 1)
    misfit[0] = size
    count = 0
    for k in range(MOST_ITERATIONS):
        more = arnoldi_step(basis, k, generate(precondition(basis[k])), triangle, rotations, misfit)
        if triangle[k, k] == 0:
            break
        count = k + 1
        if not more or abs(misfit[count]) <= reduction * size:
            break
    return precondition(krylov_solution(basis, count, triangle, misfit))
