"""Means of observables in states, and observables without the offset that no change of a state can see."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import ComplexMatrix, RealTensor

__all__ = ["centred", "expectation"]


def centred(operators: ComplexMatrix) -> ComplexMatrix:
    """Return operators (..., d, d) less their mean tr(A)/d, which would only cost digits.

    Examples
    --------
    >>> centred(np.diag([1e9, 1e9 + 2]) + 0j).diagonal().real.tolist()
    [-1.0, 1.0]
    """
    d = operators.shape[-1]
    mean = np.trace(operators, axis1=-2, axis2=-1)[..., None, None] / d
    return np.asarray(operators - mean * np.eye(d))


def expectation(operators: ComplexMatrix, states: ComplexMatrix) -> RealTensor:
    """Return tr(A ρ) (...) of Hermitian operators and states, both (..., d, d); batch axes broadcast.

    Examples
    --------
    >>> float(expectation(np.diag([0.0, 1.0]) + 0j, np.diag([0.25, 0.75]) + 0j))
    0.75
    """
    return np.asarray(np.einsum("...ab,...ba->...", operators, states, optimize=True).real)
