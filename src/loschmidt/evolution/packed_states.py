"""A Hermitian matrix as one real matrix, the sum of its real and its imaginary part, which tell by their symmetry."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.packed_series import LANES, unpack
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["pack", "packed_side", "packed_size", "packed_sum", "unpacked"]


def packed_side(dimension: int) -> int:
    """Return the number of rows and columns of a packed state: the dimension filled up to what kernels work in."""
    return -(-dimension // LANES) * LANES


def packed_size(dimension: int) -> int:
    """Return the length of a packed state."""
    return packed_side(dimension) ** 2 + LANES


def pack(states: ComplexMatrix) -> RealVector:
    """Return Hermitian matrices (..., d, d) as vectors (..., size), of the same Frobenius norm."""
    return packed_sum(0.5 * states)


def packed_sum(halves: ComplexMatrix) -> RealVector:
    """Return X + X† of any matrices X (..., d, d) as vectors (..., size)."""
    d, batch = halves.shape[-1], halves.shape[:-2]
    side, packed = packed_side(d), np.zeros((*batch, packed_size(d)))
    whole = halves.real + halves.imag
    whole += (halves.real - halves.imag).swapaxes(-1, -2)
    if side > d:
        whole = np.pad(whole, [(0, 0)] * len(batch) + [(0, side - d)] * 2)
    strips = packed[..., : side * side].reshape(*batch, -1, side, LANES)
    strips[:] = whole.reshape(*batch, side, -1, LANES).swapaxes(-3, -2)
    return packed


def unpacked(vectors: RealMatrix, states: ComplexMatrix) -> ComplexMatrix:
    """Write the matrices (k, d, d) of vectors (k, size) into `states`, and return these."""
    unpack(np.ascontiguousarray(vectors), states.view(np.float64))
    return states
