"""The basis in which a large GKLS equation is solved: eigenvectors of the Hamiltonian plus the rate of loss.

With the no-jump generator G = -iH - Γ, these are the eigenvectors of the Hermitian K = H + Γ. Where the losses are weak
they are nearly those of G, and where H is degenerate Γ says which combinations to take; unlike those of G they are
orthonormal, and real where H and Γ are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from loschmidt._kernels.jump_chain_layout import hermitian_sum
from loschmidt._kernels.stationary import connected_blocks
from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealMatrix, RealVector

__all__ = ["Frame", "rest_frame"]


_LOSS = 1.0  # weight of Γ in K


@dataclass(frozen=True, eq=False)
class Frame:
    """Eigensystem of K, one for each diagonal block of G.

    Attributes
    ----------
    order : (d,)
        Basis states, those of a block next to each other.
    starts : (C + 1,)
        Block a holds ``order[starts[a]:starts[a + 1]]``.
    values : (d,)
        Eigenvalues of K, block by block.
    vectors : (d, d)
        Eigenvectors as columns, block by block; rows are the basis states themselves. Real where K is.
    rest : (d, d)
        G + iK.
    alone : (d,)
        The diagonal of V†GV.
    """

    order: IntegerArray
    starts: IntegerArray
    values: RealVector
    vectors: RealMatrix | ComplexMatrix
    rest: ComplexMatrix
    alone: ComplexVector

    def rotated(self, matrix: ComplexMatrix) -> ComplexMatrix:
        """Return V†MV (d, d)."""
        if np.iscomplexobj(self.vectors):
            return np.asarray(self.vectors.conj().T @ matrix @ self.vectors)
        left = self.vectors.T
        return np.asarray(left @ matrix.real @ self.vectors + 1j * (left @ matrix.imag @ self.vectors))


def rest_frame(no_jump: ComplexMatrix) -> Frame:
    """Return the frame of a no-jump generator (d, d)."""
    both, loss, real = hermitian_sum(no_jump, _LOSS)
    own_loss = loss
    if real:
        both, own_loss = np.ascontiguousarray(both.real), np.ascontiguousarray(loss.real)
    order, starts, values, vectors = _eigensystem(both, connected_blocks(no_jump))
    lost = (vectors.conj() * (own_loss @ vectors)).sum(axis=0).real
    beside = _LOSS * 1j - 1
    return Frame(order, starts, values, vectors, beside * loss, beside * lost - 1j * values)


def _eigensystem(
    hermitian: RealMatrix | ComplexMatrix, block: IntegerArray
) -> tuple[IntegerArray, IntegerArray, RealVector, RealMatrix | ComplexMatrix]:
    count = int(block.max()) + 1
    if count == 1:
        values, vectors = np.linalg.eigh(hermitian)
        return np.arange(len(block)), np.array([0, len(block)]), values, vectors
    order = np.argsort(block, kind="stable")
    starts = np.searchsorted(block[order], np.arange(count + 1))
    values, vectors = np.empty(len(block)), np.zeros_like(hermitian)
    for a, b in pairwise(starts):
        own = order[a:b]
        values[a:b], vectors[own, a:b] = np.linalg.eigh(hermitian[own[:, None], own])
    return order, starts, values, vectors
