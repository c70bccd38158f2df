"""A spin ½ in Bloch's picture: a state is a vector of length at most one, a rotation an axis times an angle."""

from __future__ import annotations

import numpy as np

from loschmidt.checks import as_real_values
from loschmidt.errors import NotAStateError, NotFiniteError, ShapeError
from loschmidt.typing import ArrayLike, ComplexMatrix, RealTensor

__all__ = ["PAULI_MATRICES", "bloch_states", "spin_rotations"]

_LENGTH_TOLERANCE = 1e-10

#: σ_x, σ_y, σ_z with σ_z = diag(1, -1); shape (3, 2, 2), read-only.
PAULI_MATRICES = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
PAULI_MATRICES.flags.writeable = False


def bloch_states(vectors: ArrayLike, name: str = "bloch_vectors") -> ComplexMatrix:
    r"""Return the spin states of given Bloch vectors.

    .. math:: \rho = \tfrac12 (1 + \mathbf{b}\cdot\boldsymbol\sigma)

    Parameters
    ----------
    vectors : (..., 3)
        Mean values ⟨σ_x⟩, ⟨σ_y⟩, ⟨σ_z⟩; of length 1 for a pure spin, 0 for an unpolarised one.
    name : str
        What the error message calls them.

    Returns
    -------
    (..., 2, 2)

    Raises
    ------
    NotAStateError
        If a vector is longer than 1.
    ShapeError, InputError
        If the last axis is not of length 3, or a component is complex or not finite.

    Examples
    --------
    >>> bloch_states([0, 0, 1]).real
    array([[1., 0.],
           [0., 0.]])
    """
    bloch = _vectors(vectors, name)
    lengths = np.linalg.norm(bloch, axis=-1)
    if not lengths.max(initial=0.0) <= 1 + _LENGTH_TOLERANCE:
        at = np.unravel_index(int(lengths.argmax()), lengths.shape)
        place = f" at index {[int(i) for i in at]}" if at else ""
        raise NotAStateError(
            f"`{name}` must not be longer than 1, but a vector has length {lengths.max():.6g}{place}. "
            f"Divide it by its length if a pure spin is meant."
        )
    return np.asarray(0.5 * (np.eye(2) + np.einsum("...a,aij->...ij", bloch, PAULI_MATRICES)))


def spin_rotations(vectors: ArrayLike, name: str = "rotation_vectors") -> ComplexMatrix:
    r"""Return the rotations of a spin ½ about given axes.

    .. math:: V = e^{-i\,\mathbf{w}\cdot\boldsymbol\sigma/2} = \cos\frac{w}{2} - i\,\sin\frac{w}{2}\,
        \hat{\mathbf{w}}\cdot\boldsymbol\sigma

    Parameters
    ----------
    vectors : (..., 3)
        Axis times angle, in radians.
    name : str
        What the error message calls them.

    Returns
    -------
    (..., 2, 2)
        Unitary within a few 1e-16.

    Raises
    ------
    ShapeError, InputError
        If the last axis is not of length 3, or a component is complex or not finite.

    Examples
    --------
    >>> np.round(spin_rotations([0, 0, np.pi]), 12)
    array([[0.-1.j, 0.+0.j],
           [0.+0.j, 0.+1.j]])
    """
    rotation = _vectors(vectors, name)
    half = 0.5 * np.linalg.norm(rotation, axis=-1)
    # sin(x)/x of NumPy's sinc is finite for a rotation by nothing, and takes x in units of π.
    scaled = 0.5 * np.sinc(half / np.pi)[..., None] * rotation
    turned = np.einsum("...a,aij->...ij", scaled, PAULI_MATRICES)
    return np.asarray(np.cos(half)[..., None, None] * np.eye(2) - 1j * turned)


def _vectors(value: ArrayLike, name: str) -> RealTensor:
    vectors = as_real_values(value, f"`{name}`")
    if vectors.ndim == 0 or vectors.shape[-1] != 3:
        raise ShapeError(f"`{name}` must have three components on its last axis, but its shape is {vectors.shape}.")
    if not np.isfinite(vectors).all():
        raise NotFiniteError(f"`{name}` must be finite, but it holds NaN or infinity.")
    return vectors
