"""Right-hand sides of larger systems in NumPy: stacked matrix products, or the generator made anew at each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.linear_form import ExchangeRows, LinearForm
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator, RedfieldDissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.piecewise import PiecewisePolynomial
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["FollowingRates", "ProductRates", "product_rates", "to_matrix", "to_vector"]

_MOST_JUMPS = 4  # of one bath; with more, the energy eigenbasis of a Davies bath is cheaper


def to_vector(state: ComplexMatrix) -> RealVector:
    """Return a state (d, d) as real numbers (2 d²,)."""
    return np.ascontiguousarray(state, dtype=np.complex128).reshape(-1).view(np.float64)


def to_matrix(vector: RealVector, dimension: int) -> ComplexMatrix:
    """Return the state (d, d) of real numbers (2 d² ...)."""
    return vector[: 2 * dimension**2].view(np.complex128).reshape(dimension, dimension)


@dataclass(frozen=True, eq=False)
class ProductRates:
    """ρ̇ = Y + Y† with Y = G(t) ρ + Σ_k R_k ρ S_k† + a part that is sparse in an energy eigenbasis.

    All products with ρ from the left are one matrix product, those from the right a second one.

    Attributes
    ----------
    weights : PiecewisePolynomial or None
        w_j(t) (J,); None if they are constant.
    left : (J', d, d)
        Terms of G, those of the first weights.
    stacked : (K d, d)
        R_k below one another.
    right : (K d, d)
        S_k† below one another.
    eigenparts : tuple
        Pairs of an energy eigenbasis (d, d) and half of a sparse superoperator in it.
    functionals : (F, 2 d²)
        Exchange functionals on :func:`to_vector` of the state.
    places : (F, 2)
        Which weight multiplies a functional, and which exchange it is part of.
    exchanges : int
        Number m of exchanges.
    """

    weights: PiecewisePolynomial | None
    left: ComplexMatrix
    stacked: ComplexMatrix
    right: ComplexMatrix
    eigenparts: tuple[tuple[ComplexMatrix, Any], ...]
    functionals: RealMatrix
    places: IntegerArray
    exchanges: int

    @property
    def dimension(self) -> int:
        """Dimension d."""
        return int(self.left.shape[-1])

    def prepare(self, times: RealVector) -> RealMatrix:
        """Return the weights at `times` (k,), as (k, J)."""
        if self.weights is None:
            return np.ones((len(times), 1))
        return np.asarray(self.weights(times))

    def evaluate(self, prepared: RealMatrix, stage: int, vector: RealVector) -> RealVector:
        """Return the rates of change of state and exchanges."""
        state = to_matrix(vector, self.dimension)
        weights = prepared[stage]
        out = np.empty(len(vector))
        length = 2 * self.dimension**2
        out[:length] = to_vector(self.apply(weights, state))
        rates = weights[self.places[:, 0]] * (self.functionals @ vector[:length])
        out[length:] = np.bincount(self.places[:, 1], rates, minlength=len(vector) - length)
        return out

    def sensitivity(self, prepared: RealMatrix) -> RealVector:
        """Return bounds (m,) of the exchange rates for a state of norm 1."""
        norms = np.abs(prepared[0][self.places[:, 0]]) * np.linalg.norm(self.functionals, axis=1)
        return np.bincount(self.places[:, 1], norms, minlength=self.exchanges)

    def apply(self, weights: RealVector, state: ComplexMatrix) -> ComplexMatrix:
        """Return ρ̇ (d, d)."""
        d = self.dimension
        moving = weights[: len(self.left)]
        half = (moving @ self.left.reshape(len(moving), -1)).reshape(d, d) @ state
        if len(self.stacked):
            products = (self.stacked @ state).reshape(-1, d, d)
            half += products.swapaxes(0, 1).reshape(d, -1) @ self.right
        for basis, sparse in self.eigenparts:
            inner = basis.conj().T @ state @ basis
            changed = (sparse @ inner.T.reshape(-1)).reshape(d, d).T
            half += basis @ changed @ basis.conj().T
        return np.asarray(half + half.conj().T)


@dataclass(frozen=True, eq=False)
class FollowingRates:
    """The right-hand side of baths that follow H(t), with the generator built at every stage.

    Attributes
    ----------
    process : DrivenGenerator
        The equation.
    operators : (K, d, d)
        Terms of H(t).
    weights : PiecewisePolynomial
        Their rates of change (K,), which make the work.
    rows : ExchangeRows
        Which exchange is which.
    """

    process: DrivenGenerator
    operators: ComplexMatrix
    weights: PiecewisePolynomial
    rows: ExchangeRows

    def prepare(self, times: RealVector) -> list[tuple[float, RealVector]]:
        """Return the times and the rates of change of the drive at `times` (k,)."""
        return list(zip(times.tolist(), self.weights(times), strict=True))

    def evaluate(self, prepared: Any, stage: int, vector: RealVector) -> RealVector:
        """Return the rates of change of state and exchanges."""
        time, drive = prepared[stage]
        generator = self.process.at(time)
        d = self.process.dimension
        state = to_matrix(vector, d)
        change = generator.hamiltonian_part(state)
        exchanges = np.zeros(self.rows.count)
        for b, dissipator in enumerate(generator.dissipators):
            part = dissipator.apply(state)
            change = change + part
            exchanges[b] = np.vdot(generator.energy, part).real
            if b in self.rows.particles:
                row = self.rows.baths + self.rows.particles.index(b)
                particles = dissipator.particle_rate(state)
                exchanges[row] = 0.0 if particles is None else float(particles)
                exchanges[b] -= (dissipator.chemical_potential or 0.0) * exchanges[row]
        if self.rows.work is not None:
            exchanges[self.rows.work] = np.vdot(np.tensordot(drive, self.operators, axes=1), state).real
        return np.concatenate([to_vector(change), exchanges])

    def sensitivity(self, prepared: Any) -> RealVector:
        """Return bounds (m,) of the exchange rates for a state of norm 1, without those of the baths' couplings."""
        time, drive = prepared[0]
        generator = self.process.at(time)
        norms = np.zeros(self.rows.count)
        for b, dissipator in enumerate(generator.dissipators):
            norms[b] = np.linalg.norm(dissipator.adjoint(generator.energy))
        if self.rows.work is not None:
            norms[self.rows.work] = np.linalg.norm(np.tensordot(drive, self.operators, axes=1))
        return norms


def product_rates(form: LinearForm, weights: PiecewisePolynomial | None) -> ProductRates:
    """Return the right-hand side of a form with dense operators."""
    d = form.dimension
    left = -1j * form.hamiltonians
    factors: list[tuple[ComplexMatrix, ComplexMatrix]] = []
    eigenparts: list[tuple[ComplexMatrix, Any]] = []
    for dissipator in form.dissipators:
        if isinstance(dissipator, DaviesDissipator) and not _has_few_jumps(dissipator):
            _add_eigenpart(eigenparts, dissipator)
            continue
        loss, pairs = _sandwiches(dissipator)
        left[0] += loss
        factors += pairs
    stacked = np.concatenate([np.zeros((0, d), dtype=np.complex128), *(first for first, _ in factors)])
    right = np.concatenate([np.zeros((0, d), dtype=np.complex128), *(second.conj().T for _, second in factors)])
    flat = np.ascontiguousarray(form.exchanges).reshape(*form.exchanges.shape[:2], -1).view(np.float64)
    places = np.argwhere(np.abs(flat).max(axis=2, initial=0.0) > 0)
    moving = int(np.nonzero(np.abs(left).max(axis=(1, 2)))[0].max(initial=0)) + 1
    functionals = np.ascontiguousarray(flat[places[:, 0], places[:, 1]])
    parts = tuple(eigenparts)
    return ProductRates(weights, left[:moving], stacked, right, parts, functionals, places, form.rows.count)


def _sandwiches(dissipator: Dissipator) -> tuple[ComplexMatrix, list[tuple[ComplexMatrix, ComplexMatrix]]]:
    """Return G and pairs (R, S) with D(ρ) = Y + Y†, Y = G ρ + Σ R ρ S†."""
    if isinstance(dissipator, DaviesDissipator):
        dissipator = dissipator.as_jumps
    if isinstance(dissipator, JumpDissipator):
        weighted = 0.5 * dissipator.rates[:, None, None] * dissipator.jumps
        return -0.5 * dissipator.decay, list(zip(weighted, dissipator.jumps, strict=True))
    if isinstance(dissipator, RedfieldDissipator):
        loss = -(dissipator.couplings @ dissipator.filtered).sum(axis=0)
        return loss, list(zip(dissipator.filtered, dissipator.couplings, strict=True))
    raise InputError(f"`dissipators` must be of a kind this package defines, but one is {type(dissipator).__name__}.")


def _has_few_jumps(dissipator: DaviesDissipator) -> bool:
    return len(np.unique(dissipator.bohr.labels)) * len(dissipator.couplings) <= _MOST_JUMPS


def _add_eigenpart(eigenparts: list[tuple[ComplexMatrix, Any]], dissipator: DaviesDissipator) -> None:
    for number, (basis, sparse) in enumerate(eigenparts):
        if basis is dissipator.levels.basis:
            eigenparts[number] = (basis, sparse + 0.5 * dissipator.sparse)
            return
    eigenparts.append((dissipator.levels.basis, 0.5 * dissipator.sparse))
