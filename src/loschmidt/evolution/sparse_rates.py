"""Master equations of sparse operators as arrays for the compiled kernel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt._kernels.packed_series import LANES, extend_series
from loschmidt.evolution.linear_form import LinearForm
from loschmidt.evolution.packed_states import packed_side, packed_size
from loschmidt.processes.dissipators import JumpDissipator
from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealMatrix, RealVector

__all__ = ["SparseRates", "is_sparse", "sparse_rates"]

_NO_FLOATS, _NO_INTEGERS = np.zeros(0), np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class SparseRates:
    """Series of packed states by :mod:`loschmidt._kernels.packed_series`.

    Attributes
    ----------
    sandwich : tuple
        Arguments of the kernel.
    moving : int
        How many of the weights move the state.
    """

    sandwich: tuple[Any, ...]
    moving: int

    def extend(
        self, powers: RealMatrix, degrees: IntegerArray, step: float, first: int, last: int, series: RealMatrix
    ) -> None:
        """Fill the coefficients after `first` up to `last` of a series (order + 1, size) of packed states."""
        weights = powers[: self.moving], degrees[: self.moving]
        extend_series(self.sandwich, weights, step, first, last, series)


def is_sparse(form: LinearForm) -> bool:
    """Return whether sparse operators are cheaper than dense products, by counts of multiplications."""
    d = form.dimension
    left = np.abs(form.hamiltonians).sum(axis=0)
    pairs, jumps = 0.0, 0
    for dissipator in form.dissipators:
        if not isinstance(dissipator, JumpDissipator):
            return False
        left = left + np.abs(dissipator.decay)
        pairs += float((np.count_nonzero(_cleaned(dissipator.jumps), axis=(1, 2)) ** 2).sum())
        jumps += len(dissipator.rates)
    sparse = np.count_nonzero(_cleaned(left)) * d + 8 * pairs
    return bool(sparse < 0.5 * (2 * jumps + 1) * d**3)


def sparse_rates(form: LinearForm) -> SparseRates:
    """Return the right-hand side of a form whose baths all have jump operators."""
    left = -1j * form.hamiltonians
    jumps: list[tuple[float, ComplexMatrix]] = []
    for dissipator in form.dissipators:
        assert isinstance(dissipator, JumpDissipator)
        left[0] -= 0.5 * dissipator.decay
        jumps += zip(dissipator.rates.tolist(), _cleaned(dissipator.jumps), strict=True)
    left = np.stack([_cleaned(term) for term in left])
    moving = int(np.nonzero(np.abs(left).max(axis=(1, 2)))[0].max(initial=0)) + 1
    return SparseRates((_left(left[:moving]), _jumps(jumps, packed_side(form.dimension))), moving)


def _left(terms: ComplexMatrix) -> tuple[Any, ...]:
    size = packed_size(terms.shape[-1])
    parts = []
    for imaginary, values in enumerate((terms.real, terms.imag)):
        term, row, column = np.nonzero(values)
        # A real element multiplies V, then Vᵀ; an imaginary one Vᵀ, then -V.
        plain, turned = 2 * term * size + column * LANES, (2 * term + 1) * size + column * LANES
        found = values[term, row, column]
        parts.append((row, turned, plain, found, -found) if imaginary else (row, plain, turned, found, found))
    row, first, second, values, others = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(row, kind="stable")
    starts = np.searchsorted(row[order], np.arange(terms.shape[-1] + 1))
    return starts, first[order], second[order], values[order], others[order]


def _jumps(jumps: Iterable[tuple[float, ComplexMatrix]], side: int) -> tuple[Any, ...]:
    parts, counts, real = [], [], []
    for rate, jump in jumps:
        row, column = np.nonzero(jump)
        values = np.sqrt(abs(rate)) * jump[row, column]
        targets, sources, weights = _stretches(row, column, np.sign(rate) * values.conj(), side)
        parts.append((row, column, *_parts(values), targets, sources, *_parts(weights)))
        counts.append((len(row), len(targets)))
        real.append(not values.imag.any())
    if not parts:
        parts.append((_NO_INTEGERS, _NO_INTEGERS, _NO_FLOATS, _NO_FLOATS) * 2)
    joined = tuple(np.concatenate(column) for column in zip(*parts, strict=True))
    starts = np.concatenate(
        [np.zeros((1, 2), dtype=np.int64), np.cumsum(np.array(counts, dtype=np.int64).reshape(-1, 2), axis=0)]
    )
    pointers = (np.ascontiguousarray(column) for column in starts.T)
    return *pointers, joined[:4], joined[4:], np.array(real, dtype=np.bool_)


def _stretches(
    row: IntegerArray, column: IntegerArray, values: ComplexVector, side: int
) -> tuple[IntegerArray, IntegerArray, ComplexVector]:
    """Return where each stretch begins in the target and in the source, and its 16 values.

    A stretch is a piece of a diagonal that crosses no border between strips; between its elements are zeros.
    """
    _, number = np.unique(np.stack([row - column, row // LANES, column // LANES]), axis=1, return_inverse=True)
    count = int(number.max(initial=-1)) + 1
    order = np.argsort(row)[::-1]
    begin = np.zeros(count, dtype=np.int64)
    begin[number[order]] = order  # the lowest row is written last
    weights = np.zeros((count, LANES), dtype=np.complex128)
    weights[number, row - row[begin[number]]] = values
    target, source = row[begin], column[begin]
    return (
        target // LANES * LANES * side + target % LANES,
        source // LANES * LANES * side + source % LANES,
        weights.reshape(-1),
    )


def _parts(values: RealVector) -> tuple[RealVector, RealVector]:
    return np.ascontiguousarray(values.real), np.ascontiguousarray(np.imag(values))


def _cleaned(matrix: ComplexMatrix) -> ComplexMatrix:
    # Round-off of a change of basis would fill the matrix; it is below the accuracy of every other element.
    largest = np.abs(matrix).max(axis=(-2, -1), keepdims=True, initial=0.0)
    return np.where(np.abs(matrix) > np.finfo(float).eps * largest, matrix, 0.0)
