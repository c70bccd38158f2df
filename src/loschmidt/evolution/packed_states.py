"""A Hermitian matrix as one real matrix, the sum of its real and its imaginary part, which tell by their symmetry."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.packed_series import LANES, unpack
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["matrices", "pack", "packed_side", "packed_size", "unpacked", "vectors"]


def packed_side(dimension: int) -> int:
    """Return the number of rows and columns of a packed state: the dimension filled up to what kernels work in."""
    return -(-dimension // LANES) * LANES


def packed_size(dimension: int) -> int:
    """Return the length of a packed state."""
    return packed_side(dimension) ** 2 + LANES


def pack(states: ComplexMatrix) -> RealVector:
    """Return Hermitian matrices (..., d, d) as vectors (..., size), of the same Frobenius norm."""
    hermitian = 0.5 * (states + states.conj().swapaxes(-1, -2))
    return vectors(hermitian.real + hermitian.imag)


def vectors(whole: RealMatrix) -> RealVector:
    """Return M (..., d, d) as vectors (..., size)."""
    d, batch = whole.shape[-1], whole.shape[:-2]
    side, packed = packed_side(d), np.zeros((*batch, packed_size(d)))
    if side > d:
        filled = np.zeros((*batch, side, side))
        filled[..., :d, :d] = whole
        whole = filled
    strips = packed[..., : side * side].reshape(*batch, -1, side, LANES)
    strips[:] = whole.reshape(*batch, side, -1, LANES).swapaxes(-3, -2)
    return packed


def matrices(packed: RealVector, dimension: int) -> RealMatrix:
    """Return M (..., d, d) of vectors (..., size)."""
    side, batch = packed_side(dimension), packed.shape[:-1]
    strips = packed[..., : side * side].reshape(*batch, -1, side, LANES)
    whole = strips.swapaxes(-3, -2).reshape(*batch, side, side)
    return np.ascontiguousarray(whole[..., :dimension, :dimension])


def unpacked(packed: RealMatrix, states: ComplexMatrix) -> ComplexMatrix:
    """Write the matrices (k, d, d) of vectors (k, size) into `states`, and return these."""
    unpack(np.ascontiguousarray(packed), states.view(np.float64))
    return states
