"""Kraus operators, Choi matrix, superoperator: the same map written three ways, and how one becomes another.

Operators are plain arrays and nothing is checked. Superoperators act on column-stacked matrices; the Choi matrix is
J = Σ|i⟩⟨j| ⊗ Φ(|i⟩⟨j|) with trace d_in, the same matrix as in QuTiP and Qiskit.
"""

from __future__ import annotations

import numpy as np

from loschmidt.errors import InputError, ResourceError
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = [
    "KRAUS_CUT",
    "POSITIVITY_TOLERANCE",
    "adjoint_kraus",
    "check_memory",
    "choi_from_kraus",
    "choi_from_superoperator",
    "kraus_from_choi",
    "minimal_kraus",
    "superoperator_from_choi",
    "superoperator_from_kraus",
]

#: Eigenvalues of a Choi matrix below this part of the largest one are round-off and give no Kraus operator.
KRAUS_CUT = 1e-13
#: An eigenvalue of a Choi matrix more negative than this part of the largest one is not round-off.
POSITIVITY_TOLERANCE = 1e-9

_LARGEST = 8 * 2**30  # bytes of a Choi matrix or superoperator


def check_memory(dimension_in: int, dimension_out: int) -> None:
    """Raise ResourceError if a Choi matrix or superoperator would take more than 8 GiB.

    Examples
    --------
    >>> check_memory(100, 100)
    """
    size = 16 * (dimension_in * dimension_out) ** 2
    if size > _LARGEST:
        raise ResourceError(
            f"The {dimension_out**2} × {dimension_in**2} superoperator of this map needs {size / 2**30:.0f} GiB "
            f"(at most {_LARGEST / 2**30:.0f} are made). Use the Kraus operators."
        )


def choi_from_kraus(kraus: ComplexMatrix) -> ComplexMatrix:
    """Return the Choi matrix (n m, n m) of Kraus operators (k, m, n).

    Examples
    --------
    >>> choi_from_kraus(np.eye(2, dtype=complex)[None]).real.astype(int)
    array([[1, 0, 0, 1],
           [0, 0, 0, 0],
           [0, 0, 0, 0],
           [1, 0, 0, 1]])
    """
    vectors = _choi_vectors(kraus)
    return np.asarray(vectors.T @ vectors.conj())


def superoperator_from_kraus(kraus: ComplexMatrix) -> ComplexMatrix:
    """Return the superoperator (m², n²) of Kraus operators (k, m, n), that is Σ K* ⊗ K.

    Examples
    --------
    >>> superoperator_from_kraus(np.diag([1, 1j])[None]).diagonal()
    array([1.+0.j, 0.+1.j, 0.-1.j, 1.+0.j])
    """
    return superoperator_from_choi(choi_from_kraus(kraus), *kraus.shape[:-3:-1])


def superoperator_from_choi(choi: ComplexMatrix, dimension_in: int, dimension_out: int) -> ComplexMatrix:
    """Return the superoperator (m², n²) of a Choi matrix (n m, n m).

    Examples
    --------
    >>> bool(
    ...     (
    ...         superoperator_from_choi(np.eye(4, dtype=complex), 2, 2).real
    ...         == [[1, 0, 0, 1], [0] * 4, [0] * 4, [1, 0, 0, 1]]
    ...     ).all()
    ... )
    True
    """
    n, m = dimension_in, dimension_out
    # J[(i, a), (j, b)] = ⟨a|Φ(|i⟩⟨j|)|b⟩ = S[(b, a), (j, i)], the column index slowest in a stacked matrix.
    return np.ascontiguousarray(choi.reshape(n, m, n, m).transpose(3, 1, 2, 0)).reshape(m * m, n * n)


def choi_from_superoperator(superoperator: ComplexMatrix, dimension_in: int, dimension_out: int) -> ComplexMatrix:
    """Return the Choi matrix (n m, n m) of a superoperator (m², n²).

    Examples
    --------
    >>> choi_from_superoperator(np.eye(4, dtype=complex), 2, 2).real[0]
    array([1., 0., 0., 1.])
    """
    n, m = dimension_in, dimension_out
    blocks = superoperator.reshape(m, m, n, n).transpose(3, 1, 2, 0)
    return np.ascontiguousarray(blocks).reshape(n * m, n * m)


def kraus_from_choi(choi: ComplexMatrix, dimension_in: int, dimension_out: int) -> ComplexMatrix:
    """Return the fewest Kraus operators (k, m, n) of a positive Choi matrix, mutually orthogonal, heaviest first.

    Eigenvalues below 1e-13 of the largest are round-off and dropped; the zero map has one operator, zero.

    Raises
    ------
    InputError
        If the matrix is not Hermitian, or an eigenvalue is below -1e-9 of the largest: no Kraus operators exist.

    Examples
    --------
    >>> kraus_from_choi(np.eye(4, dtype=complex), 2, 2).shape
    (4, 2, 2)
    """
    skew, scale = float(np.abs(choi - choi.conj().T).max()), float(np.abs(choi).max())
    if not skew <= POSITIVITY_TOLERANCE * scale:
        raise InputError(
            f"A map must be completely positive to have Kraus operators, but its Choi matrix differs from its adjoint "
            f"by {skew:.1e} (round-off up to {POSITIVITY_TOLERANCE * scale:.0e} is accepted)."
        )
    weights, vectors = np.linalg.eigh(choi)
    largest = float(np.abs(weights).max())
    if weights[0] < -POSITIVITY_TOLERANCE * largest:
        raise InputError(
            f"A map must be completely positive to have Kraus operators, but its Choi matrix has the eigenvalue "
            f"{weights[0]:.1e} (round-off up to -{POSITIVITY_TOLERANCE * largest:.0e} is accepted)."
        )
    if largest == 0:
        return np.zeros((1, dimension_out, dimension_in), dtype=np.complex128)
    kept = np.nonzero(weights > KRAUS_CUT * largest)[0][::-1]
    return _operators(vectors[:, kept].T, weights[kept], dimension_in, dimension_out)


def minimal_kraus(kraus: ComplexMatrix) -> ComplexMatrix:
    """Return the fewest Kraus operators (k', m, n) of the map with operators (k, m, n), orthogonal, heaviest first.

    Examples
    --------
    >>> minimal_kraus(np.stack([np.eye(2, dtype=complex)] * 3)).shape
    (1, 2, 2)
    """
    count, m, n = kraus.shape
    if count > n * m:
        return kraus_from_choi(choi_from_kraus(kraus), n, m)
    # The squared singular values are the eigenvalues of the Choi matrix, which is not made.
    _, singular, vectors = np.linalg.svd(_choi_vectors(kraus), full_matrices=False)
    kept = singular**2 > KRAUS_CUT * singular[0] ** 2
    kept[0] = True
    return _operators(vectors[kept], singular[kept] ** 2, n, m)


def adjoint_kraus(kraus: ComplexMatrix) -> ComplexMatrix:
    """Return the Kraus operators (k, n, m) of the adjoint map, K†.

    Examples
    --------
    >>> adjoint_kraus(np.ones((1, 2, 3)) * 1j)[0, 0]
    array([0.-1.j, 0.-1.j])
    """
    return np.ascontiguousarray(kraus.conj().swapaxes(-1, -2))


def _choi_vectors(kraus: ComplexMatrix) -> ComplexMatrix:
    """Return the rows (k, n m) with J = Σ|v⟩⟨v|."""
    count, m, n = kraus.shape
    return np.ascontiguousarray(kraus.swapaxes(-1, -2)).reshape(count, n * m)


def _operators(vectors: ComplexMatrix, weights: RealVector, dimension_in: int, dimension_out: int) -> ComplexMatrix:
    scaled = np.sqrt(weights)[:, None] * vectors
    return np.ascontiguousarray(scaled.reshape(-1, dimension_in, dimension_out).swapaxes(-1, -2))
