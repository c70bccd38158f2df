"""Right-hand sides of larger systems in NumPy: stacked matrix products, or the generator made anew at each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.linear_form import ExchangeRows, LinearForm
from loschmidt.evolution.packed_states import matrices, unpacked, vectors
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator, RedfieldDissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.piecewise import PiecewisePolynomial
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["FollowingRates", "ProductRates", "product_rates", "sandwiches", "to_matrix", "to_vector"]

_MOST_JUMPS = 4  # of one bath; with more, the energy eigenbasis of a Davies bath is cheaper


def to_vector(state: ComplexMatrix) -> RealVector:
    """Return a state (d, d) as real numbers (2 d²,)."""
    return np.ascontiguousarray(state, dtype=np.complex128).reshape(-1).view(np.float64)


def to_matrix(vector: RealVector, dimension: int) -> ComplexMatrix:
    """Return the state (d, d) of real numbers (2 d² ...)."""
    return vector[: 2 * dimension**2].view(np.complex128).reshape(dimension, dimension)


@dataclass(frozen=True, eq=False)
class ProductRates:
    """ρ̇ = X + X† + Σ_k s_k L_k ρ L_k† + a part that is sparse in an energy eigenbasis, with X = Σ_j w_j G_j ρ.

    States are real matrices M = Re ρ + Im ρ, and all products are real. An operator A + iB is held as A, A + B and
    B - A, because three products give both parts of its complex product with ρ. Of L (ρ L†), which is Hermitian, the
    sum of both parts is enough: two products.

    Attributes
    ----------
    left : (3, d, J' d)
        G_j side by side; the first belongs to the weight 1.
    jumps : (3, d K, d)
        L_k below one another, first rows first.
    right : (2, K d, d)
        s_k Aᵀ and -s_k Bᵀ of all L_k below one another.
    eigenparts : tuple
        Pairs of an energy eigenbasis (d, d) and half of a sparse superoperator in it.
    """

    left: RealTensor
    jumps: RealTensor
    right: RealTensor
    eigenparts: tuple[tuple[ComplexMatrix, Any], ...]

    def extend(
        self, powers: RealMatrix, degrees: IntegerArray, step: float, first: int, last: int, series: RealMatrix
    ) -> None:
        """Fill the coefficients after `first` up to `last` of a series (order + 1, size) of packed states."""
        d = self.left.shape[1]
        count = self.left.shape[2] // d
        highest = int(degrees[:count].max())
        for k in range(first, last):
            lowest = max(k - highest, 0)
            mixed = powers[:count, k - lowest :: -1] @ series[lowest : k + 1]
            change = self._change(matrices(mixed, d))
            for basis, sparse in self.eigenparts:
                change += _change_in_basis(basis, sparse, mixed[:1])
            change *= step / (k + 1)
            series[k + 1] = vectors(change)

    def _change(self, mixed: RealTensor) -> RealMatrix:
        """Return Ṁ (d, d) of the matrices (J', d, d) that are multiplied by each G_j."""
        d = mixed.shape[-1]
        plain, turned = mixed.reshape(-1, d), np.ascontiguousarray(mixed.swapaxes(1, 2)).reshape(-1, d)
        change, other = _parts_of_product(self.left, plain, turned)
        change += other.T
        if self.jumps.size:
            first, second = _parts_of_product(self.jumps, plain[:d], turned[:d])
            change += first.reshape(d, -1) @ self.right[0]
            change += second.reshape(d, -1) @ self.right[1]
        return change


def _parts_of_product(operators: RealTensor, plain: RealMatrix, turned: RealMatrix) -> tuple[RealMatrix, RealMatrix]:
    """Return Re X + Im X and Re X - Im X of X = L ρ, from A, A + B, B - A and M, Mᵀ."""
    both = operators[0] @ (plain + turned)
    first = operators[2] @ turned
    first += both
    both -= operators[1] @ plain
    return first, both


def _change_in_basis(basis: ComplexMatrix, sparse: Any, packed: RealMatrix) -> RealMatrix:
    d = len(basis)
    state = unpacked(packed, np.empty((1, d, d), dtype=np.complex128))[0]
    inner = basis.conj().T @ state @ basis
    changed = (sparse @ inner.T.reshape(-1)).reshape(d, d).T
    half = basis @ changed @ basis.conj().T
    return np.asarray(half.real + half.imag + (half.real - half.imag).T)


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
    signs, operators = [np.zeros(0)], [np.zeros((0, d, d), dtype=np.complex128)]
    eigenparts: list[tuple[ComplexMatrix, Any]] = []
    for dissipator in form.dissipators:
        if isinstance(dissipator, DaviesDissipator) and not _has_few_jumps(dissipator):
            _add_eigenpart(eigenparts, dissipator)
            continue
        loss, sign, found = sandwiches(dissipator)
        left[0] += loss
        signs.append(sign)
        operators.append(found)
    moving = int(np.nonzero(np.abs(left).max(axis=(1, 2)))[0].max(initial=0)) + 1
    jumps = np.concatenate(operators)
    turned = (np.concatenate(signs)[:, None, None] * jumps).swapaxes(1, 2).reshape(-1, d)
    return ProductRates(
        _three_parts(left[:moving].swapaxes(0, 1).reshape(d, -1)),
        _three_parts(jumps.swapaxes(0, 1).reshape(-1, d)),
        np.stack([turned.real, -turned.imag]),
        tuple(eigenparts),
    )


def sandwiches(dissipator: Dissipator) -> tuple[ComplexMatrix, RealVector, ComplexMatrix]:
    """Return G (d, d), signs s (K,) and L (K, d, d) with D(ρ) = G ρ + ρ G† + Σ s L ρ L†."""
    if isinstance(dissipator, DaviesDissipator):
        dissipator = dissipator.as_jumps
    if isinstance(dissipator, JumpDissipator):
        scaled = np.sqrt(np.abs(dissipator.rates))[:, None, None] * dissipator.jumps
        return -0.5 * dissipator.decay, np.sign(dissipator.rates), scaled
    if isinstance(dissipator, RedfieldDissipator):
        loss = -(dissipator.couplings @ dissipator.filtered).sum(axis=0)
        # F ρ A + A ρ F† = ½ (F + A) ρ (F + A)† - ½ (F - A) ρ (F - A)†, with both of a size so that nothing cancels.
        sizes = np.linalg.norm(np.stack([dissipator.couplings, dissipator.filtered]), axis=(2, 3))
        sizes = np.sqrt(np.where(sizes > 0, sizes, 1.0))[:, :, None, None]
        first, second = dissipator.filtered * (sizes[0] / sizes[1]), dissipator.couplings * (sizes[1] / sizes[0])
        pairs = np.sqrt(0.5) * np.concatenate([first + second, first - second])
        return loss, np.repeat([1.0, -1.0], len(first)), pairs
    raise InputError(f"`dissipators` must be of a kind this package defines, but one is {type(dissipator).__name__}.")


def _three_parts(operators: ComplexMatrix) -> RealTensor:
    return np.stack([operators.real, operators.real + operators.imag, operators.imag - operators.real])


def _has_few_jumps(dissipator: DaviesDissipator) -> bool:
    return len(np.unique(dissipator.bohr.labels)) * len(dissipator.couplings) <= _MOST_JUMPS


def _add_eigenpart(eigenparts: list[tuple[ComplexMatrix, Any]], dissipator: DaviesDissipator) -> None:
    for number, (basis, sparse) in enumerate(eigenparts):
        if basis is dissipator.levels.basis:
            eigenparts[number] = (basis, sparse + 0.5 * dissipator.sparse)
            return
    eigenparts.append((dissipator.levels.basis, 0.5 * dissipator.sparse))
