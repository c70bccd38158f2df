"""Right-hand sides of linear master equations: real matrices for small systems, sparse sandwiches for chains.

``system`` is a tuple (kind, matrices, rows, sandwich):

* kind 0: the rates are Σ_j w_j(t) M_j x with ``matrices`` (J, n', n + m), each stored column by column; n' is n rounded
  up to a multiple of four by columns of zeros;
* kind 1: the weights are themselves the matrix (n', n + m), column by column;
* kind 2: ρ̇ = X + X† + Σ L ρ L† with X = G(t) ρ, G and all L sparse; x holds the real, then the imaginary part of ρ. See
  :mod:`loschmidt._kernels.sandwich`.

Slow twin: the dense superoperator, ``Generator.superoperator()``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.sandwich import sandwich_rates

__all__ = ["functional_norm", "rates"]


@jit(error_model="numpy")
def _add_columns(matrix, term, factor, point, stage, slopes):  # type: ignore[no-untyped-def]
    columns, size = matrix.shape[1], matrix.shape[2]
    for column in range(0, columns, 4):
        a, b = factor * point[column], factor * point[column + 1]
        c, d = factor * point[column + 2], factor * point[column + 3]
        for i in range(size):
            slopes[stage, i] += (
                a * matrix[term, column, i]
                + b * matrix[term, column + 1, i]
                + c * matrix[term, column + 2, i]
                + d * matrix[term, column + 3, i]
            )


@jit(error_model="numpy")
def _add_row(matrix, term, row, factor, point, stage, slopes):  # type: ignore[no-untyped-def]
    value = 0.0
    for column in range(matrix.shape[1]):
        value += matrix[term, column, row] * point[column]
    slopes[stage, row] += factor * value


@jit(error_model="numpy")
def rates(system, weights, stage, point, slopes):  # type: ignore[no-untyped-def]
    """Write the rates of change at `point` into slopes[stage], with the weights of that stage."""
    kind, matrices, rows, sandwich = system
    if kind == 2:
        sandwich_rates(sandwich, weights, stage, point, slopes)
        return
    for i in range(slopes.shape[1]):
        slopes[stage, i] = 0.0
    if kind == 1:
        whole = weights.reshape(weights.shape[0], -1, slopes.shape[1])
        _add_columns(whole, stage, 1.0, point, stage, slopes)
        return
    for term in range(matrices.shape[0]):
        factor = weights[stage, term]
        if factor != 0.0:
            if rows[term] >= 0:
                _add_row(matrices, term, rows[term], factor, point, stage, slopes)
            else:
                _add_columns(matrices, term, factor, point, stage, slopes)


@jit(error_model="numpy")
def functional_norm(system, weights, norms, j):  # type: ignore[no-untyped-def]
    """Return an upper bound, at the start of a step, of how fast exchange `j` feels an error of the state."""
    total = 0.0
    if system[0] == 1:
        size = len(norms) + norms.shape[1]
        for i in range(norms.shape[1]):
            total += weights[0, i * size + norms.shape[1] + j] ** 2
        return np.sqrt(total)
    for term in range(norms.shape[1]):
        total += abs(weights[0, term]) * norms[j, term]
    return total
