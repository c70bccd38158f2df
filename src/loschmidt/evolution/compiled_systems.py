"""Arrays from which the compiled kernels evaluate a master equation: a small matrix or sparse operators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.evolution.hermitian_coordinates import (
    bloch_coordinates,
    bloch_states,
    coordinates,
    functional_rows,
    hermitian_basis,
    matrices,
    real_superoperator,
)
from loschmidt.evolution.linear_form import LinearForm
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = [
    "CompiledSystem",
    "is_sparse",
    "joined_parts",
    "padded_length",
    "qubit_system",
    "small_system",
    "sparse_system",
]

_NO_FLOATS, _NO_INTEGERS = np.zeros(0), np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class CompiledSystem:
    """What a kernel of :mod:`loschmidt._kernels.adaptive` needs to know of the equation.

    Attributes
    ----------
    matrices, sandwich, qubit : tuple or None
        Arguments of the kernel; one of them, or none where the weights are the matrix.
    norms : (m, J)
        Norms of the exchange functionals, term by term.
    length : int
        Number n of coordinates of the state.
    dimension : int
        Dimension d.
    """

    matrices: tuple[Any, ...] | None
    sandwich: tuple[Any, ...] | None
    norms: RealMatrix
    length: int
    dimension: int
    qubit: tuple[Any, ...] | None = None

    @classmethod
    def followed(cls, dimension: int, exchanges: int) -> CompiledSystem:
        """Return the system of a small matrix that is itself the weights."""
        return cls(None, None, np.zeros((exchanges, dimension**2)), dimension**2, dimension)

    def to_vector(self, state: ComplexMatrix) -> RealVector:
        """Return the coordinates (n,) of a state (d, d)."""
        if self.sandwich is not None:
            return np.concatenate([state.real.reshape(-1), state.imag.reshape(-1)])
        return coordinates(state) if self.qubit is None else bloch_coordinates(state)

    def to_states(self, vectors: RealVector) -> ComplexMatrix:
        """Return the states (k, d, d) with coordinates (k, n)."""
        if self.sandwich is not None:
            return joined_parts(vectors, self.dimension)
        return matrices(vectors, self.dimension) if self.qubit is None else bloch_states(vectors)


def small_system(form: LinearForm) -> CompiledSystem:
    """Return the form as real matrices that act on Hermitian coordinates."""
    d, terms = form.dimension, _superoperators(form)
    functionals = functional_rows(form.exchanges)
    whole = np.concatenate([real_superoperator(terms), functionals], axis=1)
    # Terms that only do work follow those that move the state; of them only the functionals are kept.
    moving = int(np.nonzero(np.abs(terms).sum(axis=(1, 2)))[0].max(initial=0)) + 1
    places = np.argwhere(np.abs(functionals[moving:]).max(axis=2, initial=0.0) > 0)
    rows = functionals[moving:][places[:, 0], places[:, 1]]
    places = places + np.array([moving, d * d])
    exchange_norms = _norms(form)
    norms = np.zeros((1 + len(exchange_norms), len(terms)))
    norms[0, :moving] = np.linalg.norm(whole[:moving, : d * d], 2, axis=(1, 2))
    norms[1:] = exchange_norms
    matrices = (_padded(whole[:moving].swapaxes(1, 2)), rows.reshape(-1, d * d), places, norms)
    return CompiledSystem(matrices, None, exchange_norms, d * d, d)


def qubit_system(form: LinearForm) -> CompiledSystem:
    """Return the form of a qubit as fields that turn its Bloch vector, and what is fixed.

    The weights are those of the drive only; :mod:`loschmidt._kernels.qubit_steps` says what the arrays are.
    """
    basis = bloch_coordinates(hermitian_basis(2).T.reshape(4, 2, 2).swapaxes(-1, -2))
    real = np.ascontiguousarray(basis.T @ real_superoperator(_superoperators(form)) @ basis)
    drives = len(real) // 2
    # Of every matrix only the part that turns the Bloch vector is left where the Hamiltonian alone is driven.
    fields = real[1 : 1 + drives, [3, 1, 2], [2, 3, 1]].reshape(drives, 3)
    functionals = bloch_coordinates(form.exchanges)
    places = np.argwhere(np.abs(functionals).max(axis=2, initial=0.0) > 0)
    rows = np.ascontiguousarray(functionals[places[:, 0], places[:, 1]]).reshape(-1, 4)
    fixed = np.ascontiguousarray(real[0, 1:])
    fields = np.ascontiguousarray(fields)
    parts = (fixed, float(np.linalg.norm(fixed, 2)), fields, np.linalg.norm(fields, axis=1), rows, places)
    return CompiledSystem(None, None, _norms(form), 4, 2, parts)


def joined_parts(vectors: RealMatrix, dimension: int) -> ComplexMatrix:
    """Return matrices (k, d, d) from vectors (k, 2 d²) of their real, then their imaginary parts."""
    parts = vectors.reshape(len(vectors), 2, dimension, dimension)
    joined = np.empty((len(vectors), dimension, dimension), dtype=np.complex128)
    joined.real, joined.imag = parts[:, 0], parts[:, 1]
    return joined


def padded_length(length: int) -> int:
    """Return `length` rounded up to the multiple of four that the kernel works in."""
    return -(-length // 4) * 4


def jump_operators(dissipator: Dissipator) -> JumpDissipator | None:
    """Return a bath as explicit jump operators, None if it has none."""
    if isinstance(dissipator, JumpDissipator):
        return dissipator
    return dissipator.as_jumps if isinstance(dissipator, DaviesDissipator) else None


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


def sparse_system(form: LinearForm) -> CompiledSystem:
    """Return the form as sparse operators; every bath must have jump operators."""
    d = form.dimension
    left = -1j * form.hamiltonians
    jumps: list[JumpDissipator] = []
    for dissipator in form.dissipators:
        one = jump_operators(dissipator)
        assert one is not None
        left[0] -= 0.5 * one.decay
        jumps.append(one)
    scratch = np.zeros((2, 2, d, d))
    left = np.stack([_cleaned(term) for term in left])
    products = (_real_rows(left.real), _real_rows(left.imag))
    sandwich = (*products, _jumps(jumps), _functionals(form.exchanges), scratch[0], scratch[1])
    return CompiledSystem(None, sandwich, _norms(form), 2 * d * d, d)


def _real_rows(terms: RealVector) -> tuple[Any, ...]:
    """Return real sparse matrices (J, d, d) on common rows, each row of even length."""
    d = terms.shape[-1]
    row, column = np.nonzero(np.abs(terms).sum(axis=0))
    odd = np.nonzero(np.bincount(row, minlength=d) % 2)[0]
    order = np.argsort(np.concatenate([row, odd]), kind="stable")
    values = np.concatenate([terms[:, row, column], np.zeros((len(terms), len(odd)))], axis=1)
    columns = np.concatenate([column, odd])
    starts = np.searchsorted(np.concatenate([row, odd])[order], np.arange(d + 1))
    return starts, columns[order], np.ascontiguousarray(values[:, order])


def _jumps(dissipators: Iterable[JumpDissipator]) -> tuple[Any, ...]:
    starts, rows, columns, values, signs, first, real = [0], [], [], [], [], [], []
    for dissipator in dissipators:
        for rate, jump in zip(dissipator.rates, dissipator.jumps, strict=True):
            row, column = np.nonzero(_cleaned(jump))
            first.append(starts[-1] + np.searchsorted(row, row))
            starts.append(starts[-1] + len(row))
            rows.append(row)
            columns.append(column)
            values.append(np.sqrt(abs(rate)) * jump[row, column])
            signs.append(-1.0 if rate < 0 else 1.0)
            real.append(not values[-1].imag.any())
    joined = np.concatenate([*values, np.zeros(0, dtype=np.complex128)])
    integers = [np.concatenate([*part, _NO_INTEGERS]) for part in (rows, columns, first)]
    parts = np.ascontiguousarray(joined.real), np.ascontiguousarray(joined.imag)
    signed, purely_real = np.array(signs, dtype=np.float64), np.array(real, dtype=np.bool_)
    return np.array(starts), integers[0], integers[1], *parts, signed, integers[2], purely_real


def _functionals(operators: ComplexMatrix) -> tuple[Any, ...]:
    # tr(Qρ) = Σ Re Q Re ρ + Im Q Im ρ for Hermitian matrices; off the diagonal each pair is counted once, twice.
    d = operators.shape[-1]
    upper = 2.0 * np.triu(np.ones((d, d)), 1) + np.eye(d)
    starts, positions, values = [0], [], []
    for row in range(operators.shape[1]):
        for term in operators[:, row]:
            weighted = upper * _cleaned(term)
            flat = np.concatenate([weighted.real.reshape(-1), weighted.imag.reshape(-1)])
            at = np.nonzero(flat)[0]
            positions.append(at)
            values.append(flat[at])
            starts.append(starts[-1] + len(at))
    return np.array(starts), np.concatenate([*positions, _NO_INTEGERS]), np.concatenate([*values, _NO_FLOATS])


def _cleaned(matrix: ComplexMatrix) -> ComplexMatrix:
    # Round-off of a change of basis would fill the matrix; it is below the accuracy of every other element.
    largest = np.abs(matrix).max(axis=(-2, -1), keepdims=True, initial=0.0)
    return np.where(np.abs(matrix) > np.finfo(float).eps * largest, matrix, 0.0)


def _superoperators(form: LinearForm) -> ComplexMatrix:
    """Return what each weight multiplies (J, d², d²), dissipators with the first."""
    one = np.eye(form.dimension)
    terms = np.stack([-1j * (np.kron(one, h) - np.kron(h.T, one)) for h in form.hamiltonians])
    for dissipator in form.dissipators:
        terms[0] += dissipator.superoperator()
    return terms


def _norms(form: LinearForm) -> RealMatrix:
    return np.ascontiguousarray(np.linalg.norm(form.exchanges, axis=(-2, -1)).T)


def _padded(columns: RealVector) -> RealMatrix:
    # Columns (J, n, n + m) of state and exchanges, each part filled up.
    terms, n, size = columns.shape
    length = padded_length(n)
    padded = np.zeros((terms, length, length + padded_length(size - n)))
    padded[:, :n, :n], padded[:, :n, length : length + size - n] = columns[:, :, :n], columns[:, :, n:]
    return padded.reshape(-1, padded.shape[-1])
