"""A generator taken apart for a stationary solve: no-jump motion Gρ + ρG† and sparse jumps, in the sparsest basis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt._kernels.stationary import (
    apply_gain,
    bath_currents,
    bath_losses,
    davies_elements,
    jump_pairs,
    rotated_cleanly,
    sort_by_column,
)
from loschmidt.errors import ResourceError
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator, RedfieldDissipator
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealVector

__all__ = ["GeneratorTerms", "SparseJumps", "generator_terms", "shared_levels", "sparse_jumps"]

Pairs = tuple[IntegerArray, IntegerArray, ComplexVector, IntegerArray]

_LARGEST_PAIR_STORE = 2e9  # bytes
_BYTES_PER_PAIR = 64


@dataclass(frozen=True, eq=False)
class SparseJumps:
    """Jump operators by their non-zero elements; jump k owns the elements ``starts[k]:starts[k + 1]``."""

    starts: IntegerArray
    rates: RealVector
    rows: IntegerArray
    columns: IntegerArray
    values: ComplexVector

    @property
    def pair_count(self) -> int:
        """How many entries the jumps have as a superoperator."""
        return int((np.diff(self.starts) ** 2).sum())


@dataclass(frozen=True, eq=False)
class GeneratorTerms:
    """ρ ↦ Gρ + ρG† + Σ γ_k L_k ρ L_k†, with the jumps of one bath next to each other.

    Attributes
    ----------
    basis : (d, d) or None
        Orthonormal basis, as columns, of everything below; None for the original one.
    no_jump : (d, d)
        G, the Hamiltonian included.
    losses : (B, d, d)
        Each bath's part of G.
    energy : (d, d)
        The observable that heat refers to.
    jumps : SparseJumps
        Of all baths. Rates of Redfield terms are signed.
    pairs : tuple
        The gain Σ γ_k L_k ρ L_k† as entries (out, in, value) on row-stacked states, and the bath of each.
    positive : bool
        Whether the jumps and losses form a GKLS generator.
    levels : EnergyLevels or None
        If `basis` is an energy eigenbasis, its levels.
    zero_frequency : bool
        Whether only the motion inside energy levels was kept, where all stationary states of this generator are.
    """

    basis: ComplexMatrix | None
    no_jump: ComplexMatrix
    losses: ComplexMatrix
    energy: ComplexMatrix
    jumps: SparseJumps
    pairs: Pairs
    positive: bool
    levels: EnergyLevels | None
    zero_frequency: bool

    @property
    def dimension(self) -> int:
        """Dimension d of the Hilbert space."""
        return int(self.no_jump.shape[-1])

    @cached_property
    def columns(self) -> tuple[IntegerArray, IntegerArray, ComplexVector]:
        """The gain by its columns: pointer, out, value."""
        out, into, values, _ = self.pairs
        pointer, rows, entries = sort_by_column(out, into, values, self.dimension**2)
        return pointer, rows, entries

    @cached_property
    def largest_rate(self) -> float:
        """The fastest loss of population, or the scale of the Hamiltonian if there is none."""
        loss = 2 * np.abs(np.diagonal(self.losses.sum(axis=0)).real).max(initial=0.0)
        return float(loss) or float(np.abs(self.no_jump).max()) or 1.0

    def apply(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return dρ/dt (d, d) for a Hermitian state in `basis`."""
        left = self.no_jump @ state
        out, into, values, _ = self.pairs
        return np.asarray(left + left.conj().T + apply_gain(out, into, values, state))

    def energy_rates(self, state: ComplexMatrix) -> RealVector:
        """Return tr[E D_b(ρ)] for each bath."""
        return np.asarray(bath_currents(*self.pairs, self.losses, self.energy, state, state @ self.energy))


def generator_terms(process: Generator, *, whole: bool = False) -> GeneratorTerms:
    """Return the terms of a static generator; of a Davies one the motion inside levels only, unless `whole`.

    Raises
    ------
    ResourceError
        If the jumps have too many elements to be paired.
    """
    levels = shared_levels(process)
    if levels is None and any(isinstance(x, RedfieldDissipator) for x in process.dissipators):
        levels = process.levels
    inside = process.equation == "davies" and levels is not None and not whole
    parts = [sparse_jumps(x, levels, inside) for x in process.dissipators]
    jumps = _joined([jumps for jumps, _ in parts])
    baths = np.repeat(np.arange(len(parts)), [len(jumps.rates) for jumps, _ in parts])
    _check_size(jumps)
    d = process.dimension
    pairs: Pairs = jump_pairs(jumps.starts, jumps.rates, baths, jumps.rows, jumps.columns, jumps.values, d)
    losses = bath_losses(*pairs, len(parts), d)
    for number, dissipator in enumerate(process.dissipators):
        if isinstance(dissipator, RedfieldDissipator):
            losses[number] = _redfield_loss(dissipator, levels)
    # Inside one level the Hamiltonian itself only multiplies by a phase that cancels.
    hamiltonian = _in_basis(process.lamb_shift if inside else process.effective_hamiltonian, levels)
    return GeneratorTerms(
        basis=None if levels is None else levels.basis,
        no_jump=-1j * hamiltonian + losses.sum(axis=0),
        losses=losses,
        energy=_in_basis(process.energy, levels),
        jumps=jumps,
        pairs=pairs,
        positive=all(positive for _, positive in parts),
        levels=levels,
        zero_frequency=inside,
    )


def shared_levels(process: Generator) -> EnergyLevels | None:
    """Return the energy levels that all baths were built on, None if there are no common ones."""
    found = [x.levels if isinstance(x, DaviesDissipator) else None for x in process.dissipators]
    return found[0] if found and all(levels is found[0] for levels in found) else None


def _in_basis(operator: ComplexMatrix, levels: EnergyLevels | None) -> ComplexMatrix:
    if levels is None:
        return operator
    return np.asarray(rotated_cleanly(levels.basis, operator))


def sparse_jumps(dissipator: Dissipator, levels: EnergyLevels | None, inside_levels: bool) -> tuple[SparseJumps, bool]:
    """Return the jumps of one bath in the basis of `levels`, None for the original one, and whether all rates are ≥ 0.

    With `inside_levels` a jump is split by the level that it starts from.
    """
    if isinstance(dissipator, DaviesDissipator):
        if levels is dissipator.levels:
            return _davies_jumps(dissipator, inside_levels), True
        dissipator = dissipator.as_jumps
    if isinstance(dissipator, JumpDissipator):
        jumps = dissipator.jumps if levels is None else levels.to_eigenbasis(dissipator.jumps)
        return _from_dense(jumps, dissipator.rates), bool((dissipator.rates >= 0).all())
    if isinstance(dissipator, RedfieldDissipator):
        assert levels is not None
        return _redfield_jumps(dissipator, levels), False
    raise TypeError(f"unknown dissipator {type(dissipator).__name__}")


def _davies_jumps(dissipator: DaviesDissipator, inside_levels: bool) -> SparseJumps:
    labels, levels = dissipator.bohr.labels, dissipator.levels
    inside = levels.labels if inside_levels else np.zeros(levels.dimension, dtype=np.int64)
    if len(dissipator.couplings) == 1:
        rates = np.ascontiguousarray(dissipator.class_rates[:, 0, 0])
        return SparseJumps(*davies_elements(dissipator.couplings[0], labels, rates, inside))
    rates, vectors = np.linalg.eigh(dissipator.class_rates)
    # A zero eigenvalue of the correlations is a decoupled combination, which round-off must not couple.
    rates = np.where(rates > 4 * rates.shape[-1] * np.finfo(float).eps * rates[:, -1:], rates, 0.0)
    parts = []
    for number in range(rates.shape[-1]):
        coupling = np.einsum("nmi,inm->nm", vectors[labels, :, number], dissipator.couplings)
        one = np.ascontiguousarray(rates[:, number])
        parts.append(SparseJumps(*davies_elements(coupling, labels, one, inside)))
    return _joined(parts)


def _from_dense(jumps: ComplexMatrix, rates: RealVector, round_off: int = 1) -> SparseJumps:
    size = np.abs(jumps)
    largest = size.max(axis=(1, 2), keepdims=True, initial=0.0)
    k, n, m = np.nonzero(size > round_off * np.finfo(float).eps * largest)
    starts = np.searchsorted(k, np.arange(len(jumps) + 1))
    return _kept(starts, rates, n, m, jumps[k, n, m])


def _redfield_jumps(dissipator: RedfieldDissipator, levels: EnergyLevels) -> SparseJumps:
    # Λ ρ A + A ρ Λ† as a difference of two jump terms, Λ scaled to the size of A so that little is lost in it.
    couplings, filtered = levels.to_eigenbasis(dissipator.couplings), levels.to_eigenbasis(dissipator.filtered)
    size = np.abs(filtered).max(axis=(1, 2)) / np.abs(couplings).max(axis=(1, 2))
    scaled = filtered / np.where(size > 0, size, 1.0)[:, None, None]
    both = np.concatenate([scaled + couplings, scaled - couplings])
    return _from_dense(both, 0.5 * np.concatenate([size, -size]), 4 * both.shape[-1])


def _kept(
    starts: IntegerArray, rates: RealVector, rows: IntegerArray, columns: IntegerArray, values: ComplexVector
) -> SparseJumps:
    lengths = np.diff(starts)
    moves = (rates != 0) & (lengths > 0)
    if moves.all():
        return SparseJumps(starts, rates, rows, columns, values)
    element = np.repeat(moves, lengths)
    kept = np.concatenate([[0], np.cumsum(lengths[moves])])
    return SparseJumps(kept, rates[moves], rows[element], columns[element], values[element])


def _joined(parts: list[SparseJumps]) -> SparseJumps:
    if len(parts) == 1:
        return parts[0]
    offsets = np.concatenate([[0], np.cumsum([len(x.rows) for x in parts])])
    starts = [x.starts[:-1] + offset for x, offset in zip(parts, offsets[:-1], strict=True)]
    return SparseJumps(
        np.concatenate([*starts, offsets[-1:]]).astype(np.int64),
        np.concatenate([np.zeros(0), *(x.rates for x in parts)]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(x.rows for x in parts)]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(x.columns for x in parts)]),
        np.concatenate([np.zeros(0, dtype=np.complex128), *(x.values for x in parts)]),
    )


def _check_size(jumps: SparseJumps) -> None:
    if (size := jumps.pair_count * _BYTES_PER_PAIR) > _LARGEST_PAIR_STORE:
        raise ResourceError(
            f"The jump operators have {len(jumps.rows)} non-zero elements, whose pairs would take {size / 1e9:.0f} GB. "
            f"Write the process in a basis in which its jump operators are sparse."
        )


def _redfield_loss(dissipator: RedfieldDissipator, levels: EnergyLevels | None) -> ComplexMatrix:
    assert levels is not None
    return -levels.to_eigenbasis(np.einsum("kab,kbc->ac", dissipator.couplings, dissipator.filtered))
