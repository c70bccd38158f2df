"""Right-hand sides of linear master equations: real matrices for small systems, sparse sandwiches for chains.

One of three, told apart by which argument is None, so that only what is used is compiled:

* ``matrices``: a tuple of columns (J' n', n + m), rows (R, n) and places (R, 2). The first J' weights multiply matrices
  that are stored column by column, one after the other; n' is n rounded up to a multiple of four by columns of zeros.
  Weight ``places[r, 0]`` multiplies a functional, ``rows[r]``, for entry ``places[r, 1]``;
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
def _product(columns, first, count, factors, stage, slopes):  # type: ignore[no-untyped-def]
    # slopes[stage] = Σ_c factors[c] columns[first + c], four columns at a time.
    size = slopes.shape[1]
    for i in range(size):
        slopes[stage, i] = 0.0
    for c in range(0, count, 4):
        at = first + c
        w, x, y, z = factors[c], factors[c + 1], factors[c + 2], factors[c + 3]
        for i in range(size):
            slopes[stage, i] += (
                w * columns[at, i] + x * columns[at + 1, i] + y * columns[at + 2, i] + z * columns[at + 3, i]
            )


@jit(error_model="numpy")
def _matrix_rates(matrices, weights, stage, point, slopes, factors):  # type: ignore[no-untyped-def]
    columns, rows, places = matrices
    length = (rows.shape[1] + 3) // 4 * 4
    count = len(columns)
    for term in range(count // length):
        weight = weights[stage, term]
        for i in range(length):
            factors[term * length + i] = weight * point[i]
    _product(columns, 0, count, factors, stage, slopes)
    for r in range(len(rows)):
        total = 0.0
        for i in range(rows.shape[1]):
            total += rows[r, i] * point[i]
        slopes[stage, places[r, 1]] += weights[stage, places[r, 0]] * total


@jit(error_model="numpy")
def rates(matrices, sandwich, weights, stage, point, slopes, scratch):  # type: ignore[no-untyped-def]
    """Write the rates of change at `point` into slopes[stage], with the weights of that stage."""
    if sandwich is not None:
        sandwich_rates(sandwich, weights, stage, point, slopes)
    elif matrices is not None:
        _matrix_rates(matrices, weights, stage, point, slopes, scratch)
    else:
        count = weights.shape[1] // slopes.shape[1]
        _product(weights.reshape(-1, slopes.shape[1]), stage * count, count, point, stage, slopes)
