"""Arrays from which the compiled kernels evaluate the master equation of a small system."""

from __future__ import annotations

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
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["CompiledSystem", "padded_length", "qubit_system", "small_system"]


@dataclass(frozen=True, eq=False)
class CompiledSystem:
    """What a kernel of :mod:`loschmidt._kernels.adaptive` needs to know of the equation.

    Attributes
    ----------
    matrices, qubit : tuple or None
        Arguments of the kernel; one of them, or none where the weights are the matrix.
    norms : (m, J)
        Norms of the exchange functionals, term by term.
    length : int
        Number n of coordinates of the state.
    dimension : int
        Dimension d.
    """

    matrices: tuple[Any, ...] | None
    norms: RealMatrix
    length: int
    dimension: int
    qubit: tuple[Any, ...] | None = None

    @classmethod
    def followed(cls, dimension: int, exchanges: int) -> CompiledSystem:
        """Return the system of a small matrix that is itself the weights."""
        return cls(None, np.zeros((exchanges, dimension**2)), dimension**2, dimension)

    def to_vector(self, state: ComplexMatrix) -> RealVector:
        """Return the coordinates (n,) of a state (d, d)."""
        return coordinates(state) if self.qubit is None else bloch_coordinates(state)

    def to_states(self, vectors: RealVector) -> ComplexMatrix:
        """Return the states (k, d, d) with coordinates (k, n)."""
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
    return CompiledSystem(matrices, exchange_norms, d * d, d)


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
    return CompiledSystem(None, _norms(form), 4, 2, parts)


def padded_length(length: int) -> int:
    """Return `length` rounded up to the multiple of four that the kernel works in."""
    return -(-length // 4) * 4


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
