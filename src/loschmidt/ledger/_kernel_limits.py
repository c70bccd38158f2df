"""Υ where a state has a kernel, or eigenvalues too small for LAPACK: one state at a time, with one-sided limits."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.graded import graded_eigensystem
from loschmidt.ledger._divided_logarithm import divided_logarithm
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealArray, RealVector

__all__ = ["production_with_kernel"]

#: Eigenvalues of ρ_nm / √(p_n p_m) up to this many times its size count as kernel.
_KERNEL = 1e-13
#: Growth of a kernel slower than this fraction of the largest change by the same bath counts as none.
_FEEDING = 1e-12
#: So does growth that round-off of the fastest bath could make, in units of its largest change.
_ROUND_OFF = 16 * float(np.finfo(float).eps)


def production_with_kernel(
    matrix: ComplexMatrix, filled: BooleanArray, changes: ComplexMatrix
) -> tuple[float, RealVector]:
    """Return C and Υ of each bath (B,) as limits t → 0⁺ after the state `matrix` (d, d).

    On a kernel the eigenvalues grow like t κ with κ those of the total change inside the kernel, so an entropy rate
    is a ln(1/t) + f. Where the state and its pinched version have the same a, Υ is the difference of the f; where
    that of the state is larger, Υ is infinite.

    Parameters
    ----------
    matrix : (d, d)
        State in the energy eigenbasis.
    filled : (d,)
        Which populations are not zero.
    changes : (B, d, d)
        D_b(ρ) of each bath.
    """
    inside = np.nonzero(filled)[0]
    block = matrix[np.ix_(inside, inside)]
    p = block.diagonal().real.copy()
    values, vectors, kernel = _decompose(block, p)
    held = changes[:, inside[:, None], inside]
    if kernel.shape[1] == 0:
        off = block - np.diag(p)
        # ⟨i|(ln ρ - ln Δρ)|n⟩ = ln[r_i, p_n] ⟨i|(ρ - Δρ)|n⟩, so nothing is subtracted.
        difference = vectors @ ((vectors.conj().T @ off) * divided_logarithm(values[:, None], p[None, :]))
        coherence, finite = float(_overlap(block, difference)), -_overlap(held, difference)
    else:
        coherence = float((values * np.log(values)).sum() - (p * np.log(p)).sum())
        inner = np.einsum("ai,bac,ci->bi", vectors.conj(), held, vectors, optimize=True).real
        finite = np.diagonal(held, axis1=-2, axis2=-1).real @ np.log(p) - inner @ np.log(values)
    sizes = np.abs(changes).max(axis=(-2, -1))
    round_off = _ROUND_OFF * len(matrix) * float(sizes.max())
    least = np.where(_FEEDING * sizes > round_off, _FEEDING * sizes, round_off)
    empty = _embedded(kernel, inside, filled)
    rate, fed = _growth(empty.conj().T @ changes @ empty, least)
    pinched = np.diagonal(changes, axis1=-2, axis2=-1).real[:, ~filled, None] * np.eye(int((~filled).sum()))
    diagonal_rate, diagonal_fed = _growth(pinched, least)
    production = finite + rate - diagonal_rate
    return coherence, np.where(fed - diagonal_fed > least, np.inf, production)


def _decompose(block: ComplexMatrix, p: RealVector) -> tuple[RealVector, ComplexMatrix, ComplexMatrix]:
    """Return positive eigenvalues, their vectors, and an orthonormal basis of the kernel."""
    weights = np.sqrt(p)
    # Scaled to a unit diagonal, what is small only because a level is rarely occupied is small no more.
    scaled, directions = np.linalg.eigh(block / weights[:, None] / weights[None, :])
    missing = scaled <= _KERNEL * len(p)
    if not missing.any():
        return *graded_eigensystem(block), np.zeros((len(p), 0))
    # Columns D^{-1/2} u span the kernel and D^{1/2} u, u outside, its complement.
    kernel, _ = np.linalg.qr(directions[:, missing] / weights[:, None])
    rest, _ = np.linalg.qr(directions[:, ~missing] * weights[:, None])
    values, turned = graded_eigensystem(rest.conj().T @ block @ rest)
    return values, rest @ turned, kernel


def _overlap(changes: ComplexMatrix, difference: ComplexMatrix) -> RealArray:
    return np.asarray(np.einsum("...ac,ca->...", changes, difference, optimize=True).real)


def _growth(changes: ComplexMatrix, least: RealVector) -> tuple[RealVector, RealVector]:
    """Return what a kernel adds to f, and a, each (B,), from the changes (B, k, k) inside it; less is none."""
    fed = np.trace(changes, axis1=-2, axis2=-1).real
    if not (fed > least).any():
        return np.zeros_like(fed), np.zeros_like(fed)
    speeds, directions = np.linalg.eigh(changes.sum(axis=0))
    share = np.einsum("ak,bac,ck->bk", directions.conj(), changes, directions, optimize=True).real
    moving = speeds > least.min()
    return np.asarray(-(share[:, moving] * np.log(speeds[moving])).sum(axis=1)), np.asarray(fed)


def _on(inside: IntegerArray, vectors: ComplexMatrix, dimension: int) -> ComplexMatrix:
    result = np.zeros((dimension, vectors.shape[1]), dtype=np.complex128)
    result[inside] = vectors
    return result


def _embedded(kernel: ComplexMatrix, inside: IntegerArray, filled: BooleanArray) -> ComplexMatrix:
    return np.concatenate([_on(inside, kernel, len(filled)), np.eye(len(filled))[:, ~filled]], axis=1)
