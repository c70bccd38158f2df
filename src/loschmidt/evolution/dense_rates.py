"""Right-hand sides of larger systems in NumPy: stacked matrix products, or the generator made anew at each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.linear_form import ExchangeRows, LinearForm
from loschmidt.evolution.packed_states import packed_sum, unpacked
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator, RedfieldDissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.piecewise import PiecewisePolynomial
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["FollowingRates", "ProductRates", "half_operators", "product_rates", "to_matrix", "to_vector"]

_MOST_JUMPS = 4  # of one bath; with more, the energy eigenbasis of a Davies bath is cheaper


def to_vector(state: ComplexMatrix) -> RealVector:
    """Return a state (d, d) as real numbers (2 d²,)."""
    return np.ascontiguousarray(state, dtype=np.complex128).reshape(-1).view(np.float64)


def to_matrix(vector: RealVector, dimension: int) -> ComplexMatrix:
    """Return the state (d, d) of real numbers (2 d² ...)."""
    return vector[: 2 * dimension**2].view(np.complex128).reshape(dimension, dimension)


@dataclass(frozen=True, eq=False)
class ProductRates:
    """ρ̇ = Y + Y† with Y = Σ_j w_j G_j ρ + Σ_k R_k ρ S_k† + a part that is sparse in an energy eigenbasis.

    All products with ρ from the left are one matrix product, those from the right a second one.

    Attributes
    ----------
    left : (d, J' d)
        G_j side by side; the first belongs to the weight 1.
    stacked : (K d, d)
        R_k below one another.
    right : (K d, d)
        S_k† below one another.
    eigenparts : tuple
        Pairs of an energy eigenbasis (d, d) and half of a sparse superoperator in it.
    """

    left: ComplexMatrix
    stacked: ComplexMatrix
    right: ComplexMatrix
    eigenparts: tuple[tuple[ComplexMatrix, Any], ...]

    def extend(
        self, powers: RealMatrix, degrees: IntegerArray, step: float, first: int, last: int, series: RealMatrix
    ) -> None:
        """Fill the coefficients after `first` up to `last` of a series (order + 1, size) of packed states."""
        d = len(self.left)
        count = self.left.shape[1] // d
        states = np.empty((count, d, d), dtype=np.complex128)
        highest = int(degrees[:count].max())
        for k in range(first, last):
            lowest = max(k - highest, 0)
            mixed = powers[:count, k - lowest :: -1] @ series[lowest : k + 1]
            half = self._half(unpacked(mixed, states))
            half *= step / (k + 1)
            series[k + 1] = packed_sum(half)

    def _half(self, states: ComplexMatrix) -> ComplexMatrix:
        """Return Y (d, d) of the states (J', d, d) that are multiplied by each G_j."""
        d, state = len(self.left), states[0]
        half = self.left @ states.reshape(-1, d)
        if len(self.stacked):
            products = (self.stacked @ state).reshape(-1, d, d)
            half += products.swapaxes(0, 1).reshape(d, -1) @ self.right
        for basis, sparse in self.eigenparts:
            inner = basis.conj().T @ state @ basis
            changed = (sparse @ inner.T.reshape(-1)).reshape(d, d).T
            half += basis @ changed @ basis.conj().T
        return np.asarray(half)


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


def product_rates(form: LinearForm) -> ProductRates:
    """Return the right-hand side of a form with dense operators."""
    d = form.dimension
    left = -1j * form.hamiltonians
    stacked, right = [np.zeros((0, d), dtype=np.complex128)], [np.zeros((0, d), dtype=np.complex128)]
    eigenparts: list[tuple[ComplexMatrix, Any]] = []
    for dissipator in form.dissipators:
        if isinstance(dissipator, DaviesDissipator) and not _has_few_jumps(dissipator):
            _add_eigenpart(eigenparts, dissipator)
            continue
        loss, first, second = half_operators(dissipator)
        left[0] += loss
        stacked.append(first.reshape(-1, d))
        right.append(second.conj().swapaxes(1, 2).reshape(-1, d))
    moving = int(np.nonzero(np.abs(left).max(axis=(1, 2)))[0].max(initial=0)) + 1
    beside = left[:moving].swapaxes(0, 1).reshape(d, -1)
    return ProductRates(beside, np.concatenate(stacked), np.concatenate(right), tuple(eigenparts))


def half_operators(dissipator: Dissipator) -> tuple[ComplexMatrix, ComplexMatrix, ComplexMatrix]:
    """Return G (d, d), R and S (K, d, d) with D(ρ) = Y + Y†, Y = G ρ + Σ R ρ S†."""
    if isinstance(dissipator, DaviesDissipator):
        dissipator = dissipator.as_jumps
    if isinstance(dissipator, JumpDissipator):
        scaled = np.sqrt(0.5 * np.abs(dissipator.rates))[:, None, None] * dissipator.jumps
        return -0.5 * dissipator.decay, np.sign(dissipator.rates)[:, None, None] * scaled, scaled
    if isinstance(dissipator, RedfieldDissipator):
        loss = -(dissipator.couplings @ dissipator.filtered).sum(axis=0)
        return loss, dissipator.filtered, dissipator.couplings
    raise InputError(f"`dissipators` must be of a kind this package defines, but one is {type(dissipator).__name__}.")


def _has_few_jumps(dissipator: DaviesDissipator) -> bool:
    return len(np.unique(dissipator.bohr.labels)) * len(dissipator.couplings) <= _MOST_JUMPS


def _add_eigenpart(eigenparts: list[tuple[ComplexMatrix, Any]], dissipator: DaviesDissipator) -> None:
    for number, (basis, sparse) in enumerate(eigenparts):
        if basis is dissipator.levels.basis:
            eigenparts[number] = (basis, sparse + 0.5 * dissipator.sparse)
            return
    eigenparts.append((dissipator.levels.basis, 0.5 * dissipator.sparse))
