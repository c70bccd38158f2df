"""The largest eigenvalue of a small tilted generator, with the error that its two eigenvectors allow."""

from __future__ import annotations

from typing import cast

import numpy as np

from loschmidt.errors import ConvergenceError
from loschmidt.evolution.counting.spaces import EPS, Number
from loschmidt.typing import ComplexMatrix, ComplexVector, RealMatrix

__all__ = ["largest_eigenvalue"]


def largest_eigenvalue(matrix: RealMatrix) -> Number:
    """Return the eigenvalue of a real matrix (N, N) with the largest real part, which must be real.

    Raises
    ------
    ConvergenceError
        If it is not: a positive map has a real one.
    """
    from scipy.linalg import eig, matrix_balance

    balanced, _ = matrix_balance(matrix)
    values, left, right = cast(tuple[ComplexVector, ComplexMatrix, ComplexMatrix], eig(balanced, left=True, right=True))
    at = int(values.real.argmax())
    size = float(np.linalg.norm(balanced))
    # Both eigenvectors have unit length, so their overlap says how much a change of the matrix moves the eigenvalue.
    overlap = abs(complex(np.vdot(left[:, at], right[:, at])))
    error = 4 * EPS * size / overlap if overlap > 0 else np.inf
    if abs(values[at].imag) > error:
        raise ConvergenceError(
            f"The largest eigenvalue of a tilted generator must be real, but it is {complex(values[at]):.6g}. "
            f"Weights of such size are beyond the range of numbers; count in larger units."
        )
    return Number(float(values[at].real), error)
