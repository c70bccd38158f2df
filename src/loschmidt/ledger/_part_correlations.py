"""The correlation of several parts as a relative entropy, from the joint state seen in their own eigenbases.

S(ρ‖ρ_1⊗ρ_2⊗⋯) = -S(ρ) - Σ_X Σ_a q_a ln λ_a, with λ_a the eigenvalues of ρ_X and q_a the probabilities that the joint
state itself gives to its eigenvectors. It is not made of the entropies of the parts, and so can be held against them.
"""

from __future__ import annotations

import math

import numpy as np

from loschmidt.states.product import reduced_matrices
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["total_correlation"]

#: Stands for an eigenvalue that is zero; a joint state that gives weight to it is told by the size of its logarithm.
_EMPTY = 1e-300


def total_correlation(states: ComplexMatrix, dims: tuple[int, ...]) -> RealVector:
    """Return S(ρ‖ρ_1⊗ρ_2⊗⋯) (T,) of states (T, d, d); nothing is checked.

    Examples
    --------
    >>> bell = np.array([1, 0, 0, 1]) / np.sqrt(2)
    >>> round(float(total_correlation(np.outer(bell, bell)[None] + 0j, (2, 2))[0]), 6)
    1.386294
    """
    turned, logarithms = states, []
    for part, size in enumerate(dims):
        values, vectors = np.linalg.eigh(reduced_matrices(states, dims, [part]))
        turned = _in_basis(turned, vectors, math.prod(dims[:part]), size)
        logarithms.append(np.log(np.where(values > 0, values, _EMPTY)))
    spectrum = np.linalg.eigvalsh(states)
    support = np.where(spectrum > 0, spectrum, 1.0)
    result = (support * np.log(support)).sum(axis=-1)
    joint = np.diagonal(turned, axis1=-2, axis2=-1).real.reshape(len(states), *dims)
    for part, logarithm in enumerate(logarithms):
        others = tuple(axis for axis in range(1, len(dims) + 1) if axis != part + 1)
        result = result - (joint.sum(axis=others) * logarithm).sum(axis=-1)
    return np.asarray(result)


def _in_basis(states: ComplexMatrix, vectors: ComplexMatrix, before: int, size: int) -> ComplexMatrix:
    """Return states with one factor of their space turned into the basis (T, n, n) of its eigenvectors."""
    count, d = len(states), states.shape[-1]
    blocks = states.reshape(count, before, size, -1)
    rows = np.einsum("tki,tbkr->tbir", vectors.conj(), blocks, optimize=True).reshape(count, d, d)
    columns = rows.reshape(count, d, before, size, -1)
    return np.asarray(np.einsum("tki,tdbkr->tdbir", vectors, columns, optimize=True).reshape(count, d, d))
