"""Right-hand sides of linear master equations: real matrices for small systems, sparse sandwiches for chains.

One of three, told apart by which argument is None, so that only what is used is compiled:

* ``matrices`` (J, n' (n + m)): the rates are M x with M = Σ_j w_j(t) M_j, each M_j (n', n + m) stored column by column;
  n' is n rounded up to a multiple of four by columns of zeros;
* neither: the weights are themselves the matrix M;
* ``sandwich``: ρ̇ = X + X† + Σ L ρ L† with X = G(t) ρ, G and all L sparse; x holds the real part of ρ, then the
  imaginary one. See :mod:`loschmidt._kernels.sandwich`.

Slow twin: the dense superoperator, ``Generator.superoperator()``.
"""

from __future__ import annotations

from loschmidt._kernels.compile import jit
from loschmidt._kernels.sandwich import sandwich_rates

__all__ = ["rates"]


@jit(error_model="numpy")
def _weighted_sum(matrices, weights, stage, total):  # type: ignore[no-untyped-def]
    for i in range(len(total)):
        total[i] = weights[stage, 0] * matrices[0, i]
    for term in range(1, matrices.shape[0]):
        factor = weights[stage, term]
        if factor != 0.0:
            for i in range(len(total)):
                total[i] += factor * matrices[term, i]


@jit(error_model="numpy")
def _product(matrix, row, point, stage, slopes):  # type: ignore[no-untyped-def]
    # slopes[stage] = M x with M in matrix[row], four columns at a time.
    size = slopes.shape[1]
    for i in range(size):
        slopes[stage, i] = 0.0
    for column in range(0, matrix.shape[1] // size, 4):
        a, b, c, d = point[column], point[column + 1], point[column + 2], point[column + 3]
        at = column * size
        for i in range(size):
            slopes[stage, i] += (
                a * matrix[row, at + i]
                + b * matrix[row, at + size + i]
                + c * matrix[row, at + 2 * size + i]
                + d * matrix[row, at + 3 * size + i]
            )


@jit(error_model="numpy")
def rates(matrices, sandwich, weights, stage, point, slopes, scratch):  # type: ignore[no-untyped-def]
    """Write the rates of change at `point` into slopes[stage], with the weights of that stage."""
    if sandwich is not None:
        sandwich_rates(sandwich, weights, stage, point, slopes)
    elif matrices is not None:
        _weighted_sum(matrices, weights, stage, scratch[0])
        _product(scratch, 0, point, stage, slopes)
    else:
        _product(weights, stage, point, stage, slopes)
