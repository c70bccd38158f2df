"""The border: whatever a user hands in becomes a checked complex array here, or one clear error.

Tolerances are relative to the argument's own largest element, so the same model passes in joules and in gigahertz.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from loschmidt.errors import (
    InputError,
    NotAStateError,
    NotFiniteError,
    NotHermitianError,
    NotUnitaryError,
    ShapeError,
)
from loschmidt.typing import ComplexMatrix, OperatorLike, RealTensor, RealVector, StateLike

__all__ = [
    "HERMITICITY_TOLERANCE",
    "STATE_TOLERANCE",
    "as_density_matrix",
    "as_hermitian",
    "as_inverse_temperature",
    "as_number",
    "as_operator",
    "as_real_values",
    "as_times",
    "as_unitary",
    "dims_of",
]

HERMITICITY_TOLERANCE = 1e-10
STATE_TOLERANCE = 1e-10


def as_operator(value: OperatorLike, name: str = "operator", dimension: int | None = None) -> ComplexMatrix:
    """Return `value` as a finite complex array ``(..., d, d)``.

    Parameters
    ----------
    value : array_like, nested list or ``qutip.Qobj``
        Square matrix or a stack of them, batch axes first.
    name : str
        What the error message calls it.
    dimension : int, optional
        The `d` that the rest of the problem asks for.

    Raises
    ------
    ShapeError, NotFiniteError, InputError
        If it is not square, not of the dimension asked for, holds NaN or infinity, or is not numeric.

    Examples
    --------
    >>> as_operator([[0, 1], [1, 0]]).dtype
    dtype('complex128')
    """
    return _square(_as_complex_array(value, name), name, dimension)


def _square(matrix: np.ndarray, name: str, dimension: int | None) -> ComplexMatrix:
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2]:
        raise ShapeError(f"`{name}` must be a square matrix (..., d, d), but its shape is {matrix.shape}.")
    if matrix.shape[-1] == 0:
        raise ShapeError(f"`{name}` must have dimension at least 1, but its shape is {matrix.shape}.")
    if dimension is not None and matrix.shape[-1] != dimension:
        raise ShapeError(
            f"`{name}` must be {dimension} × {dimension} to fit the rest of the problem, "
            f"but it is {matrix.shape[-2]} × {matrix.shape[-1]}."
        )
    return matrix


def as_hermitian(value: OperatorLike, name: str = "hamiltonian", dimension: int | None = None) -> ComplexMatrix:
    """Return `value` as a Hermitian complex array ``(..., d, d)``; see :func:`as_operator`.

    Raises
    ------
    NotHermitianError
        If an element differs from the conjugate of its mirror image by more than 1e-10 of the largest element.

    Examples
    --------
    >>> as_hermitian([[1, 1j], [-1j, 2]]).shape
    (2, 2)
    """
    matrix = as_operator(value, name, dimension)
    defect = np.abs(matrix - matrix.conj().swapaxes(-1, -2))
    scale = float(np.abs(matrix).max())
    if not defect.max() <= HERMITICITY_TOLERANCE * scale:
        at = np.unravel_index(int(defect.argmax()), defect.shape)
        raise NotHermitianError(
            f"`{name}` must be Hermitian, but element {_position(at)} and the conjugate of its mirror image differ "
            f"by {defect.max():.1e} (up to {HERMITICITY_TOLERANCE * scale:.0e} is accepted as round-off). "
            f"If only one triangle was filled in, add the other."
        )
    return matrix


def as_unitary(value: OperatorLike, name: str = "unitary", dimension: int | None = None) -> ComplexMatrix:
    """Return `value` as a unitary complex array ``(..., d, d)``; see :func:`as_operator`.

    Raises
    ------
    NotUnitaryError
        If an element of U†U differs from the identity by more than 1e-10.

    Examples
    --------
    >>> as_unitary([[0, 1], [1, 0]]).shape
    (2, 2)
    """
    matrix = as_operator(value, name, dimension)
    product = matrix.conj().swapaxes(-1, -2) @ matrix
    defect = np.abs(product - np.eye(matrix.shape[-1]))
    if not defect.max() <= STATE_TOLERANCE:
        at = np.unravel_index(int(defect.argmax()), defect.shape)
        raise NotUnitaryError(
            f"`{name}` must be unitary, but U†U differs from the identity by {defect.max():.1e} at element "
            f"{_position(at)} (up to {STATE_TOLERANCE:.0e} is accepted as round-off)."
        )
    return matrix


def as_density_matrix(value: StateLike, name: str = "state", dimension: int | None = None) -> ComplexMatrix:
    """Return `value` as a checked density matrix ``(..., d, d)``; a ket becomes its projector.

    Parameters
    ----------
    value : array_like, nested list or ``qutip.Qobj``
        Density matrices ``(..., d, d)``, or one ket as ``(d,)`` or ``(d, 1)``.
    name : str
        What the error message calls it.
    dimension : int, optional
        The `d` that the rest of the problem asks for.

    Raises
    ------
    NotAStateError
        If it is not Hermitian, not of unit trace or norm, or has an eigenvalue below -1e-10.
    ShapeError, NotFiniteError, InputError
        As in :func:`as_operator`.

    Notes
    -----
    The matrix comes back as it was handed in: nothing is symmetrised, clipped or normalised.

    Examples
    --------
    >>> as_density_matrix([1, 0]).real
    array([[1., 0.],
           [0., 0.]])
    """
    if type(value) is np.ndarray and value.dtype.kind in "fc" and _is_state(value, dimension):
        return np.asarray(value, dtype=np.complex128)
    array = _as_complex_array(value, name)
    if array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1 and array.shape[0] > 1):
        return _square(_projector(array.reshape(-1), name), name, dimension)
    matrix = _square(array, name, dimension)
    if _is_state(matrix, dimension):
        return matrix
    defect = np.abs(matrix - matrix.conj().swapaxes(-1, -2)).max()
    if not defect <= STATE_TOLERANCE:
        raise NotAStateError(f"`{name}` must be Hermitian, but it differs from its adjoint by {defect:.1e}.")
    traces = np.asarray(matrix.trace(axis1=-2, axis2=-1))
    worst = np.abs(traces - 1)
    if not worst.max() <= STATE_TOLERANCE:
        at = np.unravel_index(int(worst.argmax()), worst.shape)
        raise NotAStateError(
            f"`{name}` must have trace 1, but its trace is {complex(np.asarray(traces)[at]).real:.12g}{_batch(at)}. "
            f"Divide it by its trace if that is what you mean."
        )
    lowest = np.linalg.eigvalsh(matrix)[..., 0]
    if not lowest.min() >= -STATE_TOLERANCE:
        at = np.unravel_index(int(lowest.argmin()), lowest.shape)
        raise NotAStateError(
            f"`{name}` must be positive, but its lowest eigenvalue is {lowest.min():.1e}{_batch(at)} "
            f"(round-off up to -{STATE_TOLERANCE:.0e} is accepted). If an integrator produced it, lower its `rtol`."
        )
    return matrix


def _is_state(matrix: np.ndarray, dimension: int | None) -> bool:
    """Return whether numbers certainly are one state (d, d); otherwise the general check decides and explains."""
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or dimension not in (None, len(matrix)):
        return False
    return _is_qubit_state(matrix) if len(matrix) == 2 else _is_larger_state(matrix)


def _is_qubit_state(matrix: np.ndarray) -> bool:
    (upper, above), (below, lower) = matrix.tolist()
    # No NaN and no infinity passes any of the first three.
    if not (abs(upper + lower - 1) <= STATE_TOLERANCE and abs(above - below.conjugate()) <= STATE_TOLERANCE):
        return False
    if not (2 * abs(upper.imag) <= STATE_TOLERANCE and 2 * abs(lower.imag) <= STATE_TOLERANCE):
        return False
    # What LAPACK looks at: the lower triangle, of the diagonal only the real part.
    lowest = 0.5 * (upper.real + lower.real) - math.hypot(0.5 * (upper.real - lower.real), abs(below))
    return bool(lowest >= -STATE_TOLERANCE)


def _is_larger_state(matrix: np.ndarray) -> bool:
    # No NaN and no infinity passes the first; the squares of a state's elements add up to no more than one.
    if not np.vdot(matrix, matrix).real <= 2 or np.count_nonzero(matrix == matrix.conj().T) < matrix.size:
        return False
    if not abs(sum(matrix.diagonal().tolist()) - 1) <= STATE_TOLERANCE:
        return False
    raised = matrix.copy()
    raised.reshape(-1)[:: len(matrix) + 1] += STATE_TOLERANCE
    try:
        np.linalg.cholesky(raised)
    except np.linalg.LinAlgError:
        return False
    return True


def as_times(value: Any, name: str = "times") -> RealVector:
    """Return `value` as a finite, strictly increasing real vector ``(T,)`` with at least two entries.

    Raises
    ------
    InputError
        If a time is not larger than the one before it, or there are fewer than two.

    Examples
    --------
    >>> as_times([0, 1, 2])
    array([0., 1., 2.])
    """
    if type(value) is np.ndarray and value.dtype == np.float64 and value.ndim == 1 and value.size > 1:
        # Strictly between two finite ends, and no NaN: a comparison with one is never true.
        ordered = np.count_nonzero(value[1:] > value[:-1]) == value.size - 1
        if ordered and math.isfinite(value[0]) and math.isfinite(value[-1]):
            return value.copy()
    times = np.asarray(_as_complex_array(value, name))
    if times.ndim != 1 or times.size < 2:
        raise ShapeError(f"`{name}` must be a vector of at least two times, but its shape is {times.shape}.")
    if np.abs(times.imag).max() > 0:
        raise InputError(f"`{name}` must be real, but it has imaginary parts.")
    steps = np.diff(times.real)
    if not steps.min() > 0:
        at = int(steps.argmin())
        raise InputError(
            f"`{name}` must increase strictly, but entry {at + 1} ({times.real[at + 1]:.6g}) is not larger than "
            f"entry {at} ({times.real[at]:.6g}). Sort the times and drop repetitions."
        )
    return times.real.copy()


def as_number(value: Any, name: str, *, positive: bool = False, non_negative: bool = False) -> float:
    """Return `value` as a finite real number, optionally positive or non-negative.

    Raises
    ------
    InputError, NotFiniteError
        If it is not a real number, not finite, or of the wrong sign.

    Examples
    --------
    >>> as_number(2, "rate", positive=True)
    2.0
    """
    number = _as_float(value, name)
    if not math.isfinite(number):
        raise NotFiniteError(f"`{name}` must be finite, but it is {number}.")
    if positive and not number > 0:
        raise InputError(f"`{name}` must be positive, but it is {number:g}.")
    if non_negative and not number >= 0:
        raise InputError(f"`{name}` must not be negative, but it is {number:g}.")
    return number


def as_inverse_temperature(value: Any, name: str = "beta") -> float:
    """Return `value` as an inverse temperature: any real number or ``inf``; negative means population inversion.

    Raises
    ------
    InputError, NotFiniteError
        If it is not a real number, NaN, or ``-inf``.

    Examples
    --------
    >>> as_inverse_temperature(float("inf"))
    inf
    """
    beta = _as_float(value, name)
    if math.isnan(beta) or beta == -math.inf:
        raise NotFiniteError(f"`{name}` must be a real number or +inf, but it is {beta}.")
    return beta


def as_real_values(value: Any, what: str) -> RealTensor:
    """Return what a user's function returned as real numbers; an imaginary part is refused, not dropped.

    Raises
    ------
    InputError
        If it is not numeric, or complex.

    Examples
    --------
    >>> as_real_values([1, 2], "A drive")
    array([1., 2.])
    """
    if type(value) is np.ndarray and value.dtype == np.float64:
        return np.ascontiguousarray(value) if value.ndim else value
    try:
        array = np.asarray(value)
        complex_values = np.asarray(array, dtype=np.complex128)
    except (TypeError, ValueError):
        raise InputError(f"{what} must return real numbers, but it returned {value!r}.") from None
    if np.iscomplexobj(array) and np.abs(complex_values.imag).max(initial=0.0) > 0:
        raise InputError(f"{what} must return real numbers, but it returned complex ones.")
    return np.ascontiguousarray(complex_values.real) if complex_values.ndim else np.asarray(complex_values.real)


def dims_of(value: Any) -> tuple[int, ...] | None:
    """Return the tensor dimensions that a ``qutip.Qobj`` carries, or None for a plain array.

    Examples
    --------
    >>> dims_of([[1, 0], [0, 1]]) is None
    True
    """
    if not _is_qobj(value):
        return None
    left = value.dims[0]
    return tuple(int(n) for n in left) if all(isinstance(n, int) for n in left) else None


def _as_complex_array(value: Any, name: str) -> np.ndarray:
    if value is None:
        raise InputError(f"`{name}` must be an array, nested list or qutip.Qobj, but it is None.")
    if _is_qobj(value):
        value = value.full()
    try:
        array = np.asarray(value, dtype=np.complex128)
    except (TypeError, ValueError) as error:
        raise InputError(f"`{name}` must be a numeric array, nested list or qutip.Qobj, but {error}.") from None
    finite = np.isfinite(array)
    if not finite.all():
        bad = ~finite
        at = np.unravel_index(int(bad.argmax()), bad.shape)
        raise NotFiniteError(f"`{name}` must be finite, but element {_position(at)} is {array[at]}.")
    return array


def _as_float(value: Any, name: str) -> float:
    if isinstance(value, (str, bytes, bool)) or value is None:
        raise InputError(f"`{name}` must be a real number, but it is {value!r}.")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"`{name}` must be a real number, but it is {value!r}.") from None


def _projector(ket: np.ndarray, name: str) -> np.ndarray:
    norm = float(np.vdot(ket, ket).real)
    if not abs(norm - 1) <= STATE_TOLERANCE:
        raise NotAStateError(f"`{name}` is a ket and must have norm 1, but ⟨ψ|ψ⟩ = {norm:.12g}. Divide it by its norm.")
    return np.outer(ket, ket.conj())


def _is_qobj(value: Any) -> bool:
    return hasattr(value, "full") and hasattr(value, "dims")


def _position(at: tuple[Any, ...]) -> str:
    return "[" + ", ".join(str(int(i)) for i in at) + "]"


def _batch(at: tuple[Any, ...]) -> str:
    return f" at batch index {_position(at)}" if at else ""
