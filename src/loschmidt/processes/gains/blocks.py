"""Subspaces whose images are orthogonal: connected components of the graph of overlapping images."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import RealMatrix

__all__ = ["orthogonal_blocks"]

#: Overlap of two images that is none: a probability whose entropy, 33 times as much, is round-off.
_NO_OVERLAP = 16 * float(np.finfo(float).eps)


def orthogonal_blocks(overlaps: RealMatrix) -> list[list[int]]:
    """Return the sets of vectors that overlap with each other only, from tr Φ(|v⟩⟨v|)Φ(|v'⟩⟨v'|) (n, n).

    Examples
    --------
    >>> orthogonal_blocks(np.array([[1, 0, 0.1], [0, 1, 0], [0.1, 0, 1]]))
    [[0, 2], [1]]
    """
    linked = overlaps > _NO_OVERLAP
    np.fill_diagonal(linked, val=True)
    blocks = []
    left = np.ones(len(linked), dtype=bool)
    while left.any():
        block = linked[left.argmax()]
        while (wider := linked[block].any(axis=0)).sum() > block.sum():
            block = wider
        blocks.append(np.flatnonzero(block).tolist())
        left &= ~block
    return blocks
