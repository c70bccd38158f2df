"""Slow twins of ``_kernels.entropies`` and ``_kernels.defects``: one matrix at a time, straight from definitions."""

from __future__ import annotations

import math

import numpy as np


def eigenvalues(matrix):
    """Ascending eigenvalues of one Hermitian matrix, by LAPACK."""
    return np.linalg.eigvalsh(matrix)


def entropy(matrix):
    """-tr ρ ln ρ of one density matrix."""
    return -sum(value * math.log(value) for value in eigenvalues(matrix) if value > 0)


def relative_entropy(rho, sigma):
    """tr ρ (ln ρ - ln σ) of two density matrices, as a double sum over their eigenvectors."""
    d = len(rho)
    r, left = np.linalg.eigh(rho)
    s, right = np.linalg.eigh(sigma)
    total = sum(value * math.log(value) for value in r if value > 0)
    for i in range(d):
        for j in range(d):
            overlap = r[i] * abs(np.vdot(left[:, i], right[:, j])) ** 2
            if s[j] > d * np.finfo(float).eps * s[-1]:
                total -= overlap * math.log(s[j])
            elif overlap > 1e-14:
                return math.inf
    return total


def partial_trace(matrix, dims, keep):
    """Partial trace of one matrix, element by element."""
    kept = [dims[part] for part in sorted(keep)]
    size = math.prod(kept)
    result = np.zeros((size, size), dtype=complex)
    for row in np.ndindex(*dims):
        for column in np.ndindex(*dims):
            if all(row[k] == column[k] for k in range(len(dims)) if k not in keep):
                left = np.ravel_multi_index([row[k] for k in sorted(keep)], kept) if kept else 0
                right = np.ravel_multi_index([column[k] for k in sorted(keep)], kept) if kept else 0
                result[left, right] += matrix[np.ravel_multi_index(row, dims), np.ravel_multi_index(column, dims)]
    return result


def state_defects(stack):
    """Σ‖ρ - ρ†‖² and Σ|tr ρ - 1|² over a stack."""
    hermiticity = sum(np.linalg.norm(matrix - matrix.conj().T) ** 2 for matrix in stack)
    return hermiticity, sum(abs(np.trace(matrix) - 1) ** 2 for matrix in stack)
