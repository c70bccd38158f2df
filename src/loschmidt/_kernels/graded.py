"""Eigensystems of graded positive matrices by Jacobi rotations that stop on a *relative* criterion.

LAPACK knows small eigenvalues to round-off of the largest one. Where a matrix is D H D with D diagonal and H well
conditioned, as a cold state is, Jacobi rotations find every eigenvalue to relative accuracy if they go on until
|a_pq|² ≤ ε² a_pp a_qq (:cite:t:`demmel1992`). Slower than LAPACK above d = 10; slow twin ``.py_func``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.entropies import hermitian_eigensystems
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["graded_eigensystem"]

_SWEEPS = 60


@jit(error_model="numpy")
def _diagonalise(matrix, vectors):  # type: ignore[no-untyped-def]
    d = len(matrix)
    for _ in range(_SWEEPS):
        turned = False
        for q in range(1, d):
            for p in range(q):
                a, c, b = matrix[p, p].real, matrix[q, q].real, matrix[p, q]
                square = b.real * b.real + b.imag * b.imag
                if square <= 4.9e-32 * abs(a) * abs(c) or square == 0.0:
                    continue
                turned = True
                size = np.sqrt(square)
                half = 0.5 * (c - a)
                tangent = size / (abs(half) + np.hypot(half, size))
                if half < 0.0:
                    tangent = -tangent
                cosine = 1.0 / np.sqrt(1.0 + tangent * tangent)
                phase = b / size
                sine = tangent * cosine * phase
                for k in range(d):
                    if k not in (p, q):
                        left, right = matrix[k, p], matrix[k, q]
                        matrix[k, p] = cosine * left - sine.conjugate() * right
                        matrix[k, q] = sine * left + cosine * right
                        matrix[p, k] = matrix[k, p].conjugate()
                        matrix[q, k] = matrix[k, q].conjugate()
                    left, right = vectors[k, p], vectors[k, q]
                    vectors[k, p] = cosine * left - sine.conjugate() * right
                    vectors[k, q] = sine * left + cosine * right
                matrix[p, p] = a - tangent * size
                matrix[q, q] = c + tangent * size
                matrix[p, q] = 0.0
                matrix[q, p] = 0.0
        if not turned:
            break


def graded_eigensystem(matrix: ComplexMatrix) -> tuple[RealVector, ComplexMatrix]:
    """Return eigenvalues (d,), in no order, and eigenvectors as columns of a positive matrix (d, d)."""
    if len(matrix) < 3:
        return (
            hermitian_eigensystems(matrix)
            if len(matrix) == 2
            else (matrix[0].real.copy(), np.ones((1, 1), np.complex128))
        )
    work = np.array(matrix, dtype=np.complex128)
    vectors = np.eye(len(work), dtype=np.complex128)
    _diagonalise(work, vectors)
    return np.ascontiguousarray(work.diagonal().real), vectors
