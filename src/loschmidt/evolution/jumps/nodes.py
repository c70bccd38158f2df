"""Ten nodes on a cell of time: both ends and eight Gauss points, with interpolation and integration between them."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.jump_trajectories import INTEGRALS, LAGRANGE, NODES, PLACES
from loschmidt.processes.piecewise import PiecewisePolynomial
from loschmidt.typing import ComplexMatrix, RealTensor, RealVector

__all__ = ["DEGREE", "RUNNING", "at_nodes", "propagators", "resampled"]

#: Degree of pieces of a drive: the last three coefficients are negligible where a piece ends, the others fit the nodes.
DEGREE = NODES + 2
_MOST_ITERATIONS = 60
# Integrals of each interpolating polynomial from the start to each node, nodes before polynomials.
_POWERS = np.vander(PLACES, NODES + 1, increasing=True)
RUNNING = (_POWERS - _POWERS[0]) @ INTEGRALS


def resampled(values: ComplexMatrix, places: RealVector) -> ComplexMatrix:
    """Return the values (M, k, d, d) at `places` (k,) in [-1, 1] of what has values (M, NODES, d, d) at the nodes."""
    matrix = np.vander(places, NODES, increasing=True) @ LAGRANGE
    return np.asarray(np.einsum("ki,miab->mkab", matrix, values, optimize=True))


def at_nodes(function: PiecewisePolynomial, starts: RealVector, widths: RealVector) -> RealTensor:
    """Return the values (M, n, ...) of a function at the nodes of cells (M,), each of them inside one piece."""
    piece = np.searchsorted(function.breaks[1:-1], starts + 0.5 * widths, side="right")
    left, right = function.breaks[piece], function.breaks[piece + 1]
    # From the offset in the piece, so that a cell keeps its nodes apart where times cannot.
    offset = 2 * (starts - left) / (right - left) - 1
    local = offset[:, None] + (widths / (right - left))[:, None] * (PLACES + 1)
    basis = np.polynomial.chebyshev.chebvander(local, function.coefficients.shape[1] - 1)
    values = np.einsum("mip,mp...->mi...", basis, function.coefficients[piece], optimize=True)
    return np.ascontiguousarray(values)


def propagators(generators: ComplexMatrix, widths: RealVector) -> ComplexMatrix:
    """Return U (M, n, d, d) at the nodes of cells, with dU/dt = A U, for A (M, n, d, d) at the nodes.

    Picard iteration of the collocation equations; cells are short enough for it to converge in few steps.
    """
    one = np.eye(generators.shape[-1])
    result = np.broadcast_to(one, generators.shape).astype(np.complex128)
    scaled = generators * (0.5 * widths)[:, None, None, None]
    for _ in range(_MOST_ITERATIONS):
        improved = one + np.einsum("il,mlab->miab", RUNNING, scaled @ result, optimize=True)
        change = float(np.abs(improved - result).max(initial=0.0))
        result = improved
        if change <= 4e-16:
            break
    return result
