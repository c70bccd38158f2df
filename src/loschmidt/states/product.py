"""Composite systems: tensor products of states, and the partial trace that undoes them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from loschmidt.checks import as_density_matrix, as_operator, dims_of
from loschmidt.errors import InputError, ShapeError
from loschmidt.typing import ComplexMatrix, OperatorLike, StateLike

__all__ = ["as_dims", "partial_trace", "product_state", "reduced_matrices"]


def product_state(*states: StateLike) -> ComplexMatrix:
    r"""Return the product :math:`\rho_1\otimes\rho_2\otimes\cdots` of states, the first factor varying slowest.

    Parameters
    ----------
    *states : (..., d_k, d_k) or ket (d_k,)
        At least one; batch axes broadcast.

    Returns
    -------
    (..., d, d)
        With d = d_1 d_2 ⋯.

    Raises
    ------
    NotAStateError
        If an argument is not a density operator.
    ShapeError
        If the batch axes do not broadcast.
    InputError
        If no state is given.

    Examples
    --------
    >>> product_state([1, 0], [0, 1]).real.diagonal()
    array([0., 1., 0., 0.])
    """
    if not states:
        raise InputError("`product_state` needs at least one state, but none was given.")
    checked = [as_density_matrix(state, f"states[{index}]") for index, state in enumerate(states)]
    try:
        np.broadcast_shapes(*(state.shape[:-2] for state in checked))
    except ValueError:
        shapes = ", ".join(str(state.shape) for state in checked)
        raise ShapeError(f"`states` must have batch axes that broadcast, but their shapes are {shapes}.") from None
    product = checked[0]
    for factor in checked[1:]:
        d = product.shape[-1] * factor.shape[-1]
        blocks = np.einsum("...ij,...kl->...ikjl", product, factor)
        product = blocks.reshape(*blocks.shape[:-4], d, d)
    return product


def partial_trace(
    state: OperatorLike, dims: Sequence[int] | None = None, keep: int | Sequence[int] = 0
) -> ComplexMatrix:
    r"""Return the operator of the parts named in `keep`, the other parts traced out.

    Parameters
    ----------
    state : (..., d, d)
        Operator on the composite system; it need not be a state.
    dims : sequence of int, optional
        Dimension of each part in the order of the tensor product; a ``qutip.Qobj`` brings its own.
    keep : int or sequence of int
        Indices of the parts to keep. They keep the order they have in `dims`.

    Returns
    -------
    (..., d', d')
        With d' the product of the dimensions kept; (..., 1, 1) if none is.

    Raises
    ------
    ShapeError
        If `dims` does not multiply to d.
    InputError
        If `keep` names a part twice or one that does not exist.

    Examples
    --------
    >>> bell = np.array([1, 0, 0, 1]) / np.sqrt(2)
    >>> np.round(partial_trace(np.outer(bell, bell), (2, 2), 1).real, 6)
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    matrix = as_operator(state, "state")
    parts = as_dims(state, dims, matrix.shape[-1])
    kept = [int(part) for part in (keep if isinstance(keep, Iterable) else (keep,))]
    if len(set(kept)) < len(kept) or not all(0 <= part < len(parts) for part in kept):
        raise InputError(f"`keep` must name parts from 0 to {len(parts) - 1}, each once, but it is {kept}.")
    return reduced_matrices(matrix, parts, kept)


def as_dims(state: StateLike, dims: Sequence[int] | None, dimension: int) -> tuple[int, ...]:
    """Return `dims` checked against a dimension, or those that a ``qutip.Qobj`` brings along.

    Raises
    ------
    InputError
        If there are no dimensions, or one is not a positive integer.
    ShapeError
        If they do not multiply to `dimension`.

    Examples
    --------
    >>> as_dims(np.eye(6), [2, 3], 6)
    (2, 3)
    """
    given = dims_of(state) if dims is None else tuple(dims)
    if given is None:
        raise InputError("`dims` must name the dimension of each part, such as (2, 2), because an array does not.")
    if not all(isinstance(part, (int, np.integer)) and part > 0 for part in given):
        raise InputError(f"`dims` must hold positive integers, but it is {given}.")
    if math.prod(given) != dimension:
        raise ShapeError(f"`dims` must multiply to {dimension}, but {' × '.join(map(str, given))} does not.")
    return tuple(int(part) for part in given)


def reduced_matrices(matrix: ComplexMatrix, dims: tuple[int, ...], keep: Sequence[int]) -> ComplexMatrix:
    """Return the partial trace of (..., d, d) as :func:`partial_trace` does, without checking anything.

    Examples
    --------
    >>> reduced_matrices(np.eye(6, dtype=complex), (2, 3), [1]).real.diagonal()
    array([2., 2., 2.])
    """
    batch, kept = matrix.shape[:-2], set(keep)
    # Neighbours that share a fate are one part; from the last part on, so that earlier axes stay where they are.
    parts = list(dims)
    reduced = matrix
    for part in range(len(dims) - 1, -1, -1):
        if part in kept:
            continue
        before, size, after = math.prod(parts[:part]), parts[part], math.prod(parts[part + 1 :])
        blocks = reduced.reshape(*batch, before, size, after, before, size, after)
        # A sum of strided slices reads each element once; einsum is several times slower on small blocks.
        total = blocks[..., :, 0, :, :, 0, :].copy()
        for index in range(1, size):
            total += blocks[..., :, index, :, :, index, :]
        reduced = total.reshape(*batch, before * after, before * after)
        parts[part] = 1
    return reduced
