"""Small Hermitian matrices as real vectors, and superoperators as real matrices: a quarter of the work."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = [
    "bloch_coordinates",
    "bloch_states",
    "coordinates",
    "functional_rows",
    "hermitian_basis",
    "matrices",
    "real_superoperator",
]

# 1, X, Y, Z, each divided by √2, as rows of row-stacked matrices.
_PAULI = np.sqrt(0.5) * np.array([[1, 0, 0, 1], [0, 1, 1, 0], [0, -1j, 1j, 0], [1, 0, 0, -1]], dtype=np.complex128)
_PAULI_COLUMNS, _PAULI_PARTS = _PAULI.conj().T, _PAULI.view(np.float64)


@lru_cache(maxsize=16)
def hermitian_basis(dimension: int) -> ComplexMatrix:
    """Return an orthonormal Hermitian basis as columns (d², d²) of column-stacked matrices, diagonal ones first.

    Examples
    --------
    >>> hermitian_basis(2).shape
    (4, 4)
    """
    d = dimension
    elements = np.zeros((d * d, d, d), dtype=np.complex128)
    diagonal = np.arange(d)
    elements[diagonal, diagonal, diagonal] = 1.0
    row, column = np.triu_indices(d, 1)
    count = len(row)
    real, imaginary = d + np.arange(count), d + count + np.arange(count)
    half = np.sqrt(0.5)
    elements[real, row, column] = elements[real, column, row] = half
    elements[imaginary, row, column], elements[imaginary, column, row] = 1j * half, -1j * half
    return np.ascontiguousarray(elements.swapaxes(-1, -2).reshape(d * d, d * d).T)


@lru_cache(maxsize=16)
def _real_basis(dimension: int) -> RealMatrix:
    """Return the basis as rows (d², 2 d²) of row-stacked matrices, real and imaginary parts one after the other."""
    rows = hermitian_basis(dimension).T.reshape(-1, dimension, dimension).swapaxes(-1, -2)
    return np.ascontiguousarray(rows).reshape(dimension**2, -1).view(np.float64)


def coordinates(operators: ComplexMatrix) -> RealVector:
    """Return the real coordinates (..., d²) of Hermitian matrices (..., d, d)."""
    return np.ascontiguousarray((_stacked(operators) @ hermitian_basis(operators.shape[-1]).conj()).real)


def matrices(vectors: RealVector, dimension: int) -> ComplexMatrix:
    """Return the Hermitian matrices (..., d, d) with real coordinates (..., d²)."""
    columns = np.asarray(vectors @ _real_basis(dimension)).view(np.complex128)
    return columns.reshape(*vectors.shape[:-1], dimension, dimension)


def bloch_coordinates(operators: ComplexMatrix) -> RealVector:
    """Return the coordinates (..., 4) of Hermitian matrices (..., 2, 2) in the basis (1, X, Y, Z) / √2.

    Examples
    --------
    >>> bloch_coordinates(np.diag([1.0, 0.0])).round(3).tolist()
    [0.707, 0.0, 0.0, 0.707]
    """
    return np.ascontiguousarray((operators.reshape(*operators.shape[:-2], 4) @ _PAULI_COLUMNS).real)


def bloch_states(vectors: RealVector) -> ComplexMatrix:
    """Return the Hermitian matrices (..., 2, 2) with coordinates (..., 4) in the basis (1, X, Y, Z) / √2."""
    rows = np.asarray(vectors @ _PAULI_PARTS).view(np.complex128)
    return rows.reshape(*vectors.shape[:-1], 2, 2)


def real_superoperator(superoperator: ComplexMatrix) -> RealMatrix:
    """Return the real (..., d², d²) matrix of a Hermiticity-preserving superoperator on column-stacked matrices."""
    basis = hermitian_basis(round(np.sqrt(superoperator.shape[-1])))
    return np.ascontiguousarray((basis.conj().T @ superoperator @ basis).real)


def functional_rows(operators: ComplexMatrix) -> RealVector:
    """Return rows (..., d²) that give tr(Qρ) from the coordinates of ρ, for Hermitian Q (..., d, d)."""
    return coordinates(operators)


def _stacked(operators: ComplexMatrix) -> ComplexMatrix:
    d = operators.shape[-1]
    return np.asarray(operators.swapaxes(-1, -2).reshape(*operators.shape[:-2], d * d))
