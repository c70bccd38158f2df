"""Entropy of matrices that share a pattern of zeros: each connected block is diagonalised by itself."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray

__all__ = ["connected_blocks", "entropy_by_blocks"]


def entropy_by_blocks(state: ComplexMatrix) -> float:
    """Return the von Neumann entropy of one matrix (d, d), in nats; nothing is checked.

    Examples
    --------
    >>> round(entropy_by_blocks(np.diag([0.5, 0.5, 0.0]) + 0j), 6)
    0.693147
    """
    pattern: BooleanArray = (state != 0) | (state.T != 0)
    return float(
        sum(
            entropy_of_spectrum(hermitian_eigenvalues(state[np.ix_(block, block)]))
            for block in connected_blocks(pattern)
        )
    )


def connected_blocks(pattern: BooleanArray) -> list[IntegerArray]:
    """Return the connected blocks of a symmetric pattern (d, d), as index vectors; empty rows are in none.

    Examples
    --------
    >>> connected_blocks(np.array([[1, 0, 1], [0, 0, 0], [1, 0, 1]], dtype=bool))
    [array([0, 2])]
    """
    if pattern.all():
        return [np.arange(len(pattern))]
    left = pattern.any(axis=1)
    blocks = []
    while left.any():
        members = np.zeros_like(left)
        frontier = np.array([int(left.argmax())])
        while len(frontier):
            members[frontier] = True
            frontier = np.flatnonzero(pattern[frontier].any(axis=0) & ~members)
        blocks.append(np.flatnonzero(members))
        left = left & ~members
    return blocks
