"""The border of this folder: a state is decomposed once, for its positivity check and for its entropy alike.

A matrix that passes the quick tests below is a state by the rules of :func:`loschmidt.checks.as_density_matrix`;
whatever fails them is handed to that function, which says what is wrong.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from loschmidt._kernels.entropies import hermitian_eigensystems, hermitian_eigenvalues, is_compiled_stack
from loschmidt.checks import STATE_TOLERANCE, as_density_matrix
from loschmidt.errors import ShapeError
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

__all__ = ["check_broadcast", "checked_eigensystem", "checked_spectrum"]

_LARGE_STACK = 2**17  # elements from which NumPy's copies no longer fit into the caches


def checked_spectrum(value: StateLike, name: str, dimension: int | None = None) -> tuple[ComplexMatrix, RealVector]:
    """Return density matrices (..., d, d) and their ascending eigenvalues (..., d).

    Raises
    ------
    NotAStateError, ShapeError, NotFiniteError, InputError
        As :func:`loschmidt.checks.as_density_matrix`.

    Examples
    --------
    >>> checked_spectrum([[0.25, 0], [0, 0.75]], "state")[1]
    array([0.25, 0.75])
    """
    state = _screened(value, name, dimension)
    spectrum = hermitian_eigenvalues(state)
    return _positive(state, spectrum, name), spectrum


def checked_eigensystem(
    value: StateLike, name: str, dimension: int | None = None
) -> tuple[ComplexMatrix, RealVector, ComplexMatrix]:
    """Return density matrices, their ascending eigenvalues and their eigenvectors; see :func:`checked_spectrum`.

    Examples
    --------
    >>> np.abs(checked_eigensystem([[0.75, 0], [0, 0.25]], "state")[2])
    array([[0., 1.],
           [1., 0.]])
    """
    state = _screened(value, name, dimension)
    spectrum, vectors = hermitian_eigensystems(state)
    return _positive(state, spectrum, name), spectrum, vectors


def check_broadcast(first: ComplexMatrix, second: ComplexMatrix, names: str) -> None:
    """Raise :class:`~loschmidt.errors.ShapeError` unless the batch axes of two stacks broadcast.

    Examples
    --------
    >>> check_broadcast(np.ones((5, 2, 2), complex), np.ones((2, 2), complex), "`rho` and `sigma`")
    """
    try:
        np.broadcast_shapes(first.shape[:-2], second.shape[:-2])
    except ValueError:
        raise ShapeError(
            f"{names} must have batch axes that broadcast, but their shapes are {first.shape} and {second.shape}."
        ) from None


def _screened(value: Any, name: str, dimension: int | None) -> ComplexMatrix:
    if not _is_complex_stack(value) or (dimension is not None and value.shape[-1] != dimension):
        return as_density_matrix(value, name, dimension)
    state: ComplexMatrix = value
    # NaN and infinity fail these comparisons too.
    hermiticity, trace = _defects(state)
    if hermiticity <= STATE_TOLERANCE**2 and trace <= STATE_TOLERANCE**2:
        return state
    return as_density_matrix(value, name, dimension)


def _positive(state: ComplexMatrix, spectrum: RealVector, name: str) -> ComplexMatrix:
    return state if spectrum[..., 0].min() >= -STATE_TOLERANCE else as_density_matrix(state, name)


def _is_complex_stack(value: Any) -> bool:
    if not isinstance(value, np.ndarray) or value.dtype != np.complex128:
        return False
    return value.ndim >= 2 and value.shape[-1] == value.shape[-2] and value.size > 0


def _defects(state: ComplexMatrix) -> tuple[float, float]:
    # Squared norms over the whole stack: an upper bound of every element's defect.
    d = state.shape[-1]
    length = math.prod(state.shape[:-2])
    if is_compiled_stack(d, length) or state.size >= _LARGE_STACK:
        from loschmidt._kernels.defects import state_defects

        return state_defects(state.reshape(-1, d, d))
    with np.errstate(invalid="ignore", over="ignore"):  # infinite elements fail the comparison that follows
        difference = (state - state.conj().swapaxes(-1, -2)).reshape(-1)
        trace = np.trace(state, axis1=-2, axis2=-1).reshape(-1) - 1
        return float(np.vdot(difference, difference).real), float(np.vdot(trace, trace).real)
