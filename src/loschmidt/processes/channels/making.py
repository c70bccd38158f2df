"""The border of channels: operators, dilations and generators that a user hands in become checked arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from loschmidt._kernels.uniformisation import general_ladder
from loschmidt.checks import as_density_matrix, as_number, as_operator, as_unitary
from loschmidt.errors import InputError, NotFiniteError, ResourceError, ShapeError
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, IntegerArray, OperatorLike, StateLike

__all__ = ["Check", "Dims", "as_dims_pair", "as_kraus", "as_matrix", "kraus_of_dilation", "propagator", "square_dims"]

#: What a map must be: completely positive and trace preserving; … and not increasing the trace; only completely
#: positive; only trace preserving; only linear.
Check = Literal["channel", "operation", "cp", "tp", "linear"]

#: Dimension, or dimensions of the tensor factors, of what goes in and what comes out.
Dims = tuple[int | Sequence[int], int | Sequence[int]]

#: Populations of a reservoir below this give no Kraus operators.
_POPULATION_CUT = 1e-15
_LARGEST_GENERATOR = 48


def as_dims_pair(
    dims: Dims | None, dimension_in: int | None = None, dimension_out: int | None = None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the tensor factors on both sides, checked against the dimensions where those are known.

    Raises
    ------
    InputError, ShapeError
        If `dims` is not a pair of positive whole numbers or sequences of them, or does not multiply to the dimensions.

    Examples
    --------
    >>> as_dims_pair(((2, 3), 2), 6, 2)
    ((2, 3), (2,))
    """
    if dims is None and dimension_in is not None and dimension_out is not None:
        return (dimension_in,), (dimension_out,)
    if not isinstance(dims, (tuple, list)) or len(dims) != 2:
        raise InputError(f"`dims` must be a pair, what goes in and what comes out, but it is {dims!r}.")
    into, out = (_factors(side) for side in dims)
    for side, expected, word in ((into, dimension_in, "goes in"), (out, dimension_out, "comes out")):
        if expected is not None and math.prod(side) != expected:
            raise ShapeError(f"`dims` of what {word} must multiply to {expected}, but {side} does not.")
    return into, out


def as_kraus(operators: OperatorLike, name: str = "operators") -> ComplexMatrix:
    """Return Kraus operators as a finite complex array (k, m, n) of its own.

    Raises
    ------
    ShapeError, NotFiniteError, InputError
        If there is none, shapes differ, an element is NaN or infinite, or they are not numeric.

    Examples
    --------
    >>> as_kraus([[[1, 0, 0], [0, 1, 0]]]).shape
    (1, 2, 3)
    """
    if hasattr(operators, "full"):
        raise ShapeError(f"`{name}` must be a list of Kraus operators; for one unitary use unitary_channel().")
    try:
        listed = operators if isinstance(operators, np.ndarray) else [_full(operator) for operator in operators]
        stack = np.array(listed, dtype=np.complex128)
    except (TypeError, ValueError) as error:
        raise InputError(f"`{name}` must be a list of matrices (m, n) of equal shape, but {error}.") from None
    if stack.ndim != 3 or 0 in stack.shape:
        raise ShapeError(
            f"`{name}` must have the shape (k, m, n), k operators with m rows and n columns, but it is {stack.shape}. "
            f"Put a single operator into a list."
        )
    return _finite(stack, name)


def as_matrix(matrix: OperatorLike, name: str) -> ComplexMatrix:
    """Return one finite complex matrix of any shape, as an array of its own.

    Raises
    ------
    ShapeError, NotFiniteError, InputError
        If it is not one matrix, holds NaN or infinity, or is not numeric.

    Examples
    --------
    >>> as_matrix([[1, 2, 3]], "basis").shape
    (1, 3)
    """
    try:
        array = np.array(_full(matrix), dtype=np.complex128)
    except (TypeError, ValueError) as error:
        raise InputError(f"`{name}` must be a matrix, but {error}.") from None
    if array.ndim != 2 or 0 in array.shape:
        raise ShapeError(f"`{name}` must be one matrix, but its shape is {array.shape}.")
    return _finite(array, name)


def square_dims(
    dims: Dims | None, matrix: ComplexMatrix, kind: Literal["choi", "superoperator"]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the tensor factors on both sides of a Choi matrix (n m, n m) or a superoperator (m², n²).

    Raises
    ------
    ShapeError
        If the matrix cannot have such factors.

    Examples
    --------
    >>> square_dims(None, np.zeros((4, 9), dtype=complex), "superoperator")
    ((3,), (2,))
    """
    rows, columns = matrix.shape
    if kind == "choi":
        pair = None if dims is None else as_dims_pair(dims)
        n, m = (math.isqrt(rows),) * 2 if pair is None else map(math.prod, pair)
        if rows != columns or n * m != rows:
            raise ShapeError(
                f"`choi` must be (n m, n m), but its shape is {matrix.shape}"
                + (", which is not that of a square map; pass `dims`." if dims is None else f" and `dims` is {dims}.")
            )
        return ((n,), (m,)) if pair is None else pair
    n, m = math.isqrt(columns), math.isqrt(rows)
    if m * m != rows or n * n != columns:
        raise ShapeError(f"`superoperator` must be (m², n²), but its shape is {matrix.shape}.")
    return as_dims_pair(dims, n, m)


def kraus_of_dilation(
    unitary: OperatorLike, reservoir_state: StateLike, dims: tuple[int, int], order: Literal["SR", "RS"] = "SR"
) -> ComplexMatrix:
    """Return √p_n ⟨m|U|n⟩ (k, d_S, d_S), with p_n and |n⟩ the populations and eigenstates of the reservoir.

    Raises
    ------
    NotUnitaryError, NotAStateError, ShapeError, InputError
        If an argument is not what it must be, or the dimensions do not fit.

    Notes
    -----
    :cite:t:`lesovik2016`, before Eq. (2). Populations below 1e-15 are left out.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> kraus_of_dilation(swap, [1, 0], (2, 2)).real.astype(int).tolist()
    [[[1, 0], [0, 0]], [[0, 1], [0, 0]]]
    """
    sides = [_factors(side) for side in dims] if isinstance(dims, (tuple, list)) else []
    if [len(side) for side in sides] != [1, 1]:
        raise InputError(f"`dims` must be a pair (d_S, d_R), system and reservoir, but it is {dims!r}.")
    (d_s,), (d_r,) = sides
    matrix = as_unitary(unitary, "unitary", d_s * d_r)
    if matrix.ndim != 2:
        raise ShapeError(f"`unitary` must be one matrix, but its shape is {matrix.shape}.")
    state = as_density_matrix(reservoir_state, "reservoir_state", d_r)
    if state.ndim != 2:
        raise ShapeError(f"`reservoir_state` must be one state, but its shape is {state.shape}.")
    if order == "RS":
        matrix = matrix.reshape(d_r, d_s, d_r, d_s).transpose(1, 0, 3, 2)
    elif order != "SR":
        raise InputError(f"`order` must be 'SR' (system ⊗ reservoir) or 'RS', but it is {order!r}.")
    populations, basis = np.linalg.eigh(state)
    kept = populations > _POPULATION_CUT
    inputs = np.sqrt(populations[kept]) * basis[:, kept]
    blocks = matrix.reshape(d_s, d_r, d_s, d_r) @ inputs
    return np.ascontiguousarray(blocks.transpose(1, 3, 0, 2)).reshape(-1, d_s, d_s)


def propagator(generator: Any, time: float, *, conserve: bool = True) -> tuple[ComplexMatrix, tuple[int, ...]]:
    """Return e^{tL} (d², d²) of a generator or a column-stacked Liouvillian, and the tensor factors of the system.

    Raises
    ------
    InputError, ShapeError, ResourceError
        If the generator depends on time, is not square or does not conserve the trace, or is too large.

    Notes
    -----
    Scaling and squaring :cite:p:`higham2005`, each set of matrix elements that L couples by itself: slow populations
    keep their digits beside fast coherences. Within a set, an error of ε‖L‖t is in the elements of L already; it does
    not get into the trace.

    Examples
    --------
    >>> propagator(np.diag([0.0, -1.0, -1.0, 0.0]), np.log(2))[0].real.diagonal().round(12)
    array([1. , 0.5, 0.5, 1. ])
    """
    span = as_number(time, "time", non_negative=True)
    matrix, dims = _liouvillian(generator)
    d = math.prod(dims)
    populations = np.arange(d) * (d + 1)
    scale = float(np.abs(matrix).sum(axis=0).max(initial=0.0))
    leak = float(np.abs(matrix[populations].sum(axis=0)).max())
    if conserve and not leak <= 1e-12 * scale:
        raise InputError(
            f"`generator` must conserve the trace, but the rate of tr ρ is up to {leak:.1e} (the norm of the generator "
            f"is {scale:.1e}). Is it column-stacked? Pass check='cp' or 'linear' if it is meant."
        )
    count, labels = connected_components(csr_array(matrix != 0), directed=False)
    sizes = np.bincount(labels, minlength=count)
    rates = matrix.diagonal().copy()
    if conserve:
        rates[populations] = 0  # a population coupled to nothing stays
    result = np.diag(np.exp(span * rates))
    for label in np.nonzero(sizes > 1)[0]:
        members = np.nonzero(labels == label)[0]
        conserved = np.nonzero(np.isin(members, populations))[0] if conserve else None
        result[np.ix_(members, members)] = _exponential(matrix[np.ix_(members, members)], span, conserved)
    return result, dims


def _exponential(matrix: ComplexMatrix, time: float, conserved: IntegerArray | None) -> ComplexMatrix:
    """Return e^{tA} (n, n); `conserved` are the positions whose sum A conserves."""
    if time == 0:
        return np.eye(len(matrix), dtype=np.complex128)
    ladder = general_ladder(matrix, np.zeros((0, len(matrix))), time, time, conserved)
    return np.asarray(ladder.rungs[round(math.log2(time / ladder.step))][0])


def _liouvillian(generator: Any) -> tuple[ComplexMatrix, tuple[int, ...]]:
    if isinstance(generator, Generator):
        d, dims = generator.dimension, generator.dims
        _check_size(d)
        return generator.superoperator(), dims
    if hasattr(generator, "dissipators"):
        raise InputError("`generator` must not depend on time. Evolve a basis of operators, or use short steps.")
    matrix = as_operator(generator, "generator")
    d = math.isqrt(matrix.shape[-1])
    if matrix.ndim != 2 or d * d != matrix.shape[-1]:
        raise ShapeError(f"`generator` must be (d², d²) on column-stacked states, but its shape is {matrix.shape}.")
    _check_size(d)
    return matrix, (d,)


def _check_size(dimension: int) -> None:
    if dimension > _LARGEST_GENERATOR:
        raise ResourceError(
            f"The superoperator of dimension {dimension**2} needs {16 * dimension**4 / 2**30:.1f} GiB, some forty "
            f"times over; generators are exponentiated up to d = {_LARGEST_GENERATOR}. Evolve the states instead."
        )


def _factors(side: Any) -> tuple[int, ...]:
    factors = tuple(side) if isinstance(side, (tuple, list)) else (side,)
    if not factors or not all(isinstance(n, (int, np.integer)) and n > 0 for n in factors):
        raise InputError(f"`dims` must hold positive whole numbers or sequences of them, but one side is {side!r}.")
    return tuple(int(n) for n in factors)


def _finite(array: ComplexMatrix, name: str) -> ComplexMatrix:
    if not np.isfinite(array).all():
        at = np.argwhere(~np.isfinite(array))[0].tolist()
        raise NotFiniteError(f"`{name}` must be finite, but element {at} is {array[tuple(at)]}.")
    return array


def _full(operator: Any) -> Any:
    return operator.full() if hasattr(operator, "full") else operator
