"""Sums and products of operators, kets and bras, kept local or sparse until the end.

A product of one-site matrices stays a product (:class:`Local`), so that thousands of terms cost little; any other
operator is a sparse matrix (:class:`Whole`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.typing import ComplexMatrix, ComplexVector

__all__ = [
    "Bra",
    "Ket",
    "Local",
    "Value",
    "Whole",
    "add",
    "adjoint",
    "multiply",
    "power",
    "scale",
    "to_array",
    "to_whole",
]

#: Sums are assembled in pieces of about this many elements, which bounds the memory beside the result.
_ELEMENTS_AT_ONCE = 2**22


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """``coefficient`` times a tensor product of one-site matrices; the identity on every other site."""

    coefficient: Number
    factors: dict[int, ComplexMatrix]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """An operator on the whole space as a sparse matrix ``(d, d)``."""

    matrix: Any


@dataclass(frozen=True, slots=True, eq=False)
class Ket:
    """A column vector ``(d,)``."""

    vector: ComplexVector


@dataclass(frozen=True, slots=True, eq=False)
class Bra:
    """A row vector ``(d,)``."""

    vector: ComplexVector


Number = float | complex
Value = Number | Local | Whole | Ket | Bra


def scale(value: Value, number: Number) -> Value:
    """Return `number` times `value`."""
    match value:
        case Local(coefficient, factors):
            return Local(number * coefficient, factors)
        case Whole(matrix):
            return Whole(matrix * number)
        case Ket(vector):
            return Ket(number * vector)
        case Bra(vector):
            return Bra(number * vector)
        case _:
            return number * value


def adjoint(value: Value) -> Value:
    """Return the Hermitian conjugate."""
    match value:
        case Local(coefficient, factors):
            conjugates = {site: matrix.conj().T for site, matrix in factors.items()}
            return Local(complex(coefficient).conjugate(), conjugates)
        case Whole(matrix):
            return Whole(matrix.conj().T.tocsr())
        case Ket(vector):
            return Bra(vector.conj())
        case Bra(vector):
            return Ket(vector.conj())
        case _:
            return value.conjugate()


def multiply(left: Value, right: Value, dims: Sequence[int]) -> Value | None:
    """Return the product `left` `right`, or None where it has no meaning (ket times ket, operator times bra, ...)."""
    if isinstance(left, (float, complex)):
        return scale(right, left)
    if isinstance(right, (float, complex)):
        return scale(left, right)
    match left, right:
        case Local(), Local():
            return _local_product(left, right)
        case Bra(row), Ket(column):
            return complex(row @ column)
        case Ket(column), Bra(row):
            return Whole(_outer(column, row))
        case Local() | Whole(), Ket(column):
            return Ket(to_whole(left, dims).matrix @ column)
        case Bra(row), Local() | Whole():
            return Bra(to_whole(right, dims).matrix.T @ row)
        case Local() | Whole(), Local() | Whole():
            return Whole(to_whole(left, dims).matrix @ to_whole(right, dims).matrix)
    return None


def power(base: Local | Whole, exponent: int, dims: Sequence[int]) -> Local | Whole:
    """Return `base` to a non-negative whole power, by repeated squaring."""
    result: Local | Whole = Local(1.0, {})
    square: Local | Whole = base
    while exponent:
        if exponent & 1:
            result = _operator_product(result, square, dims)
        exponent >>= 1
        if exponent:
            square = _operator_product(square, square, dims)
    return result


def add(terms: Sequence[Value], dims: Sequence[int]) -> Value | None:
    """Return the sum; numbers beside operators stand for multiples of the identity; None if it has no meaning."""
    kets = [term.vector for term in terms if isinstance(term, Ket)]
    bras = [term.vector for term in terms if isinstance(term, Bra)]
    if kets or bras:
        if len(kets) == len(terms):
            return Ket(np.sum(kets, axis=0))
        return Bra(np.sum(bras, axis=0)) if len(bras) == len(terms) else None
    operators = [term if isinstance(term, (Local, Whole)) else Local(_number(term), {}) for term in terms]
    local = [term for term in operators if isinstance(term, Local)]
    sites = {site for term in local for site in term.factors}
    if len(sites) <= 1 and len(local) == len(operators):
        return _sum_on_one_site(local, sites, dims)
    return Whole(_assemble(operators, dims))


def to_whole(value: Value, dims: Sequence[int]) -> Whole:
    """Return an operator or number as a sparse matrix on the whole space."""
    if isinstance(value, Whole):
        return value
    operator = value if isinstance(value, Local) else Local(_number(value), {})
    return Whole(_assemble([operator], dims))


def to_array(value: Value, dims: Sequence[int]) -> ComplexMatrix:
    """Return an operator or number as an array ``(d, d)``; a product of one-site matrices needs no sparse one."""
    if isinstance(value, Whole):
        return np.asarray(value.matrix.toarray())
    operator = value if isinstance(value, Local) else Local(_number(value), {})
    rows, columns, values = _local_elements(operator, dims, {})
    array = np.zeros((math.prod(dims),) * 2, dtype=np.complex128)
    array[rows, columns] = values
    return array


def _number(value: Value) -> Number:
    if not isinstance(value, (float, complex)):
        raise TypeError(f"a {type(value).__name__} is not an operator")
    return value


def _operator_product(left: Local | Whole, right: Local | Whole, dims: Sequence[int]) -> Local | Whole:
    if isinstance(left, Local) and isinstance(right, Local):
        return _local_product(left, right)
    return Whole(to_whole(left, dims).matrix @ to_whole(right, dims).matrix)


def _local_product(left: Local, right: Local) -> Local:
    factors = dict(left.factors)
    for site, matrix in right.factors.items():
        factors[site] = factors[site] @ matrix if site in factors else matrix
    return Local(left.coefficient * right.coefficient, factors)


def _sum_on_one_site(terms: list[Local], sites: set[int], dims: Sequence[int]) -> Local:
    if not sites:
        return Local(sum(term.coefficient for term in terms), {})
    (site,) = sites
    identity = np.eye(dims[site], dtype=np.complex128)
    matrix = np.zeros_like(identity)
    for term in terms:
        matrix += term.coefficient * term.factors.get(site, identity)
    return Local(1.0, {site: matrix})


def _outer(column: ComplexVector, row: ComplexVector) -> Any:
    from scipy.sparse import csr_array

    rows, columns = np.flatnonzero(column), np.flatnonzero(row)
    values = np.outer(column[rows], row[columns]).ravel()
    places = (np.repeat(rows, columns.size), np.tile(columns, rows.size))
    return csr_array((values, places), shape=(column.size, row.size))


def _assemble(terms: Sequence[Local | Whole], dims: Sequence[int]) -> Any:
    """Return the sum of `terms` as one sparse matrix."""
    from scipy.sparse import csr_array

    size = math.prod(dims)
    total = csr_array((size, size), dtype=np.complex128)
    spectators: dict[tuple[int, ...], np.ndarray] = {}
    pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    waiting = 0
    for term in terms:
        if isinstance(term, Whole):
            total = total + term.matrix
            continue
        pieces.append(_local_elements(term, dims, spectators))
        waiting += pieces[-1][0].size
        if waiting > _ELEMENTS_AT_ONCE:
            total = total + _gathered(pieces, size)
            pieces, waiting = [], 0
    return total + _gathered(pieces, size) if pieces else total


def _gathered(pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]], size: int) -> Any:
    from scipy.sparse import csr_array

    rows, columns, values = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return csr_array((values, (rows, columns)), shape=(size, size))


def _local_elements(
    term: Local, dims: Sequence[int], spectators: dict[tuple[int, ...], np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows, columns and values of the non-zero elements of a tensor product."""
    rows, columns = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    values = np.array([term.coefficient], dtype=np.complex128)
    for site, matrix in term.factors.items():
        stride = math.prod(dims[site + 1 :])
        row, column = np.nonzero(matrix)
        rows = np.add.outer(rows, stride * row).ravel()
        columns = np.add.outer(columns, stride * column).ravel()
        values = np.multiply.outer(values, matrix[row, column]).ravel()
    support = tuple(sorted(term.factors))
    if support not in spectators:
        spectators[support] = _spectator_offsets(support, dims)
    offsets = spectators[support]
    return (
        np.add.outer(rows, offsets).ravel(),
        np.add.outer(columns, offsets).ravel(),
        np.repeat(values, offsets.size),
    )


def _spectator_offsets(support: tuple[int, ...], dims: Sequence[int]) -> np.ndarray:
    """Return the contribution to the basis index of every configuration of the sites outside `support`."""
    offsets = np.zeros(1, dtype=np.int64)
    for site, dimension in enumerate(dims):
        if site not in support:
            stride = math.prod(dims[site + 1 :])
            offsets = np.add.outer(offsets, stride * np.arange(dimension)).ravel()
    return offsets
