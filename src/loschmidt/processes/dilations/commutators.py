"""How far reservoir operators are from commuting: exact numbers by matrix products, bounds where those cost too much.

Operators are plain arrays B of shape (n, n, r, r), B[j, i] acting on the reservoir; nothing is checked.
Slow twin: ``tests/reference/commutators.py``.
"""

from __future__ import annotations

import numpy as np

from loschmidt.typing import ComplexMatrix, IntegerArray, RealVector

__all__ = [
    "columnwise_commutator",
    "columnwise_commutator_bound",
    "joint_eigenbasis",
    "largest_off_diagonal_part",
    "mutual_commutator",
    "mutual_commutator_bound",
    "summed_commutator",
]

_ROUNDS = 4
_CLOSE = 1e-3  # part of the spectral width; closer eigenvalues are told apart by another combination
_GOLDEN, _PLASTIC = 0.6180339887498949, 0.7548776662466927


def columnwise_commutator(operators: ComplexMatrix) -> float:
    """Return the largest ‖[B†_j'i, B_ji]‖ over i, j, j' (Frobenius norm) with 2 n³r³ multiplications.

    Examples
    --------
    >>> lowering = np.array([[0, 1], [0, 0]], dtype=complex)[None, None]
    >>> round(columnwise_commutator(lowering), 6)
    1.414214
    """
    n, r = operators.shape[0], operators.shape[-1]
    largest = 0.0
    for i in range(n):
        column = operators[:, i]
        side_by_side = np.ascontiguousarray(column.transpose(1, 0, 2)).reshape(r, n * r)
        stacked = np.ascontiguousarray(column).reshape(n * r, r)
        # Rows (j', a), columns (j, b) of B†_j' B_j, and rows (j, a), columns (j', b) of B_j B†_j'.
        inner = (side_by_side.conj().T @ side_by_side).reshape(n, r, n, r)
        inner -= (stacked @ stacked.conj().T).reshape(n, r, n, r).transpose(2, 1, 0, 3)
        largest = max(largest, float(np.linalg.norm(inner, axis=(1, 3)).max()))
    return largest


def columnwise_commutator_bound(operators: ComplexMatrix, probes: int = 4) -> float:
    """Return a lower bound of :func:`columnwise_commutator` from a few vectors, with 3 n³r² multiplications for each.

    Examples
    --------
    >>> lowering = np.array([[0, 1], [0, 0]], dtype=complex)[None, None]
    >>> 0 < columnwise_commutator_bound(lowering) <= columnwise_commutator(lowering)
    True
    """
    r = operators.shape[-1]
    vectors = np.exp(2j * np.pi * _fractions(probes * r, _PLASTIC)).reshape(r, probes) / np.sqrt(r)
    adjoint = operators.conj().swapaxes(-1, -2)
    largest = 0.0
    for i in range(len(operators)):
        column, mirrored = operators[:, i], adjoint[:, i]
        # First index j', second j.
        difference = mirrored[:, None] @ (column @ vectors) - column @ (mirrored @ vectors)[:, None]
        largest = max(largest, float(np.linalg.norm(difference, axis=-2).max()))
    return largest


def summed_commutator(operators: ComplexMatrix) -> float:
    """Return the largest ‖Σ_i [B†_j'i, B_ji]‖ over j, j' (Frobenius norm) with 2 n³r³ multiplications.

    Examples
    --------
    >>> swap = np.eye(4, dtype=complex)[[0, 2, 1, 3]].reshape(2, 2, 2, 2).transpose(0, 2, 1, 3)
    >>> round(summed_commutator(swap), 6)
    2.0
    """
    n, r = operators.shape[0], operators.shape[-1]
    tall = np.ascontiguousarray(operators.transpose(1, 2, 0, 3)).reshape(n * r, n * r)
    wide = np.ascontiguousarray(operators.transpose(0, 2, 1, 3)).reshape(n * r, n * r)
    # `tall` is the partial transpose of `wide`: rows (i, a), columns (j, b).
    total = (tall.conj().T @ tall).reshape(n, r, n, r)
    total -= (wide @ wide.conj().T).reshape(n, r, n, r).transpose(2, 1, 0, 3)
    return float(np.linalg.norm(total, axis=(1, 3)).max())


def mutual_commutator(operators: ComplexMatrix) -> float:
    """Return the largest commutator norm among all B and B† (Frobenius norm) with 2 n⁴r³ multiplications.

    Examples
    --------
    >>> paulis = np.array([[[0, 1], [1, 0]], [[1, 0], [0, -1]]], dtype=complex)
    >>> round(mutual_commutator(np.stack([paulis, paulis])), 6)
    2.828427
    """
    flat = _flat(operators)
    adjoint = flat.conj().swapaxes(-1, -2)
    largest = 0.0
    for at, operator in enumerate(flat):
        for others in (flat[at:], adjoint[at:]):
            largest = max(largest, _largest_norm(operator @ others - others @ operator))
    return largest


def mutual_commutator_bound(operators: ComplexMatrix) -> float:
    """Return a lower bound of :func:`mutual_commutator`: commutators with one combination, 2 n²r³ multiplications.

    Examples
    --------
    >>> paulis = np.array([[[0, 1], [1, 0]], [[1, 0], [0, -1]]], dtype=complex)
    >>> 0 < mutual_commutator_bound(np.stack([paulis, paulis])) <= 2.83
    True
    """
    flat = _flat(operators)
    combined = _combination(flat, 0) / (2 * len(flat))
    return _largest_norm(combined @ flat - flat @ combined)


def joint_eigenbasis(operators: ComplexMatrix) -> ComplexMatrix:
    """Return a unitary (r, r) that makes all operators diagonal if all B and B† commute, with 4 n²r³ multiplications.

    A Hermitian combination with incommensurate coefficients separates the joint eigenspaces; those that it leaves
    close together are separated by another.

    Examples
    --------
    >>> flip = np.array([[0, 1], [1, 0]], dtype=complex)[None, None]
    >>> round(largest_off_diagonal_part(flip, joint_eigenbasis(flip)), 12)
    0.0
    """
    flat = _flat(operators)
    basis = np.eye(flat.shape[-1], dtype=np.complex128)
    clusters: list[IntegerArray] = [np.arange(len(basis))]
    for attempt in range(_ROUNDS):
        if not clusters:
            break
        combined = _combination(flat, attempt)
        clusters = [part for members in clusters for part in _separate(basis, members, combined)]
    return basis


def largest_off_diagonal_part(operators: ComplexMatrix, basis: ComplexMatrix) -> float:
    """Return the largest Frobenius norm of what is off the diagonal of V†B_jiV for the columns V of `basis` (r, r).

    Four times this bounds :func:`mutual_commutator` from above if no ‖B‖ exceeds 1.

    Examples
    --------
    >>> flip = np.array([[0, 1], [1, 0]], dtype=complex)[None, None]
    >>> round(largest_off_diagonal_part(flip, np.eye(2) + 0j), 6)
    1.414214
    """
    turned = basis.conj().T @ _flat(operators) @ basis
    diagonal = np.arange(len(basis))
    turned[:, diagonal, diagonal] = 0
    return _largest_norm(turned)


def _separate(basis: ComplexMatrix, members: IntegerArray, combined: ComplexMatrix) -> list[IntegerArray]:
    """Diagonalise a combination on one cluster of columns, in place, and return the clusters that are left."""
    inside = basis[:, members]
    values, vectors = np.linalg.eigh(inside.conj().T @ combined @ inside)
    basis[:, members] = inside @ vectors
    breaks = np.nonzero(np.diff(values) > _CLOSE * float(np.linalg.norm(combined, 2)))[0] + 1
    return [part for part in np.split(members, breaks) if len(part) > 1]


def _combination(flat: ComplexMatrix, attempt: int) -> ComplexMatrix:
    """Return Σ c B + h.c. with |c| = 1 and phases that no two attempts share."""
    phases = _fractions((attempt + 1) * len(flat), _GOLDEN)[attempt * len(flat) :]
    total = np.tensordot(np.exp(2j * np.pi * phases), flat, axes=1)
    return np.asarray(total + total.conj().T)


def _fractions(count: int, irrational: float) -> RealVector:
    # A low-discrepancy sequence: like random numbers, but the same in every run.
    return np.asarray(np.arange(1, count + 1) * irrational % 1.0)


def _flat(operators: ComplexMatrix) -> ComplexMatrix:
    return np.ascontiguousarray(operators).reshape(-1, *operators.shape[-2:])


def _largest_norm(stack: ComplexMatrix) -> float:
    return float(np.linalg.norm(stack, axis=(-2, -1)).max())
