"""Slow twin of ``loschmidt._kernels.jacobi``: cyclic Jacobi rotations on one matrix, as full matrix products."""

from __future__ import annotations

import numpy as np


def eigensystem(matrix, sweeps=30):
    """Ascending eigenvalues and eigenvectors of one Hermitian matrix."""
    a = np.array(matrix, dtype=complex)
    d = len(a)
    vectors = np.eye(d, dtype=complex)
    for _ in range(sweeps):
        for q in range(1, d):
            for p in range(q):
                # The plane rotation that diagonalises the 2 × 2 block of p and q.
                b = a[q, p]
                angle = 0.5 * np.arctan2(2 * abs(b), (a[q, q] - a[p, p]).real)
                phase = np.exp(1j * np.angle(b))
                rotation = np.eye(d, dtype=complex)
                rotation[p, p] = rotation[q, q] = np.cos(angle)
                rotation[q, p], rotation[p, q] = -phase * np.sin(angle), np.conj(phase) * np.sin(angle)
                a = rotation.conj().T @ a @ rotation
                vectors = vectors @ rotation
    order = np.argsort(a.diagonal().real)
    return a.diagonal().real[order], vectors[:, order]
