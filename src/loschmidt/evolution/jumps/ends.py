"""The measurements at both ends of a trajectory: in the eigenbasis of the state, and of its energy blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.jump_records import Ends
from loschmidt.states.bohr import energy_levels
from loschmidt.typing import BooleanArray, ComplexMatrix, RealMatrix, RealVector

__all__ = ["Measurement", "ends_of", "measurement"]


@dataclass(frozen=True, eq=False)
class Measurement:
    """Eigenbases of a state ρ and of its energy blocks Δρ.

    Attributes
    ----------
    weights, energies : (d,)
        Eigenvalues of ρ, ascending, and the mean energy of each eigenstate.
    kets : (d, d)
        Eigenstates as columns.
    support : (d,)
        Which eigenvalues are more than round-off.
    level_weights : (d,)
        Eigenvalues of Δρ.
    conditional : (d, d)
        Probability [a, n] of the n-th eigenstate of Δρ in the a-th of ρ.
    """

    weights: RealVector
    energies: RealVector
    kets: ComplexMatrix
    support: BooleanArray
    level_weights: RealVector
    conditional: RealMatrix

    @property
    def logarithms(self) -> RealVector:
        """Logarithms of the weights (d,), -inf outside the support."""
        return _logarithms(self.weights)

    @property
    def level_logarithms(self) -> RealVector:
        """Logarithms of the weights of Δρ (d,)."""
        return _logarithms(self.level_weights)

    @property
    def projector(self) -> ComplexMatrix:
        """Projector on the support (d, d)."""
        inside = self.kets[:, self.support]
        return np.asarray(inside @ inside.conj().T)


def measurement(state: ComplexMatrix, energy: ComplexMatrix) -> Measurement:
    """Return the eigenbases of a state (d, d) and of its energy blocks.

    Inside a degenerate eigenvalue the choice of eigenstates is that of the eigensolver; averages do not depend on it.
    """
    d = len(state)
    weights, kets = np.linalg.eigh(state)
    levels = energy_levels(energy)
    inner = levels.to_eigenbasis(state)
    level_weights, frame = np.zeros(d), np.zeros((d, d), dtype=np.complex128)
    for label in range(levels.count):
        place = np.nonzero(levels.labels == label)[0]
        block = np.ix_(place, place)
        level_weights[place], frame[block] = np.linalg.eigh(inner[block])
    overlaps = (levels.basis @ frame).conj().T @ kets
    return Measurement(
        weights=weights,
        energies=np.einsum("ak,ab,bk->k", kets.conj(), energy, kets, optimize=True).real,
        kets=kets,
        support=weights > d * np.finfo(float).eps * weights[-1],
        level_weights=level_weights,
        conditional=np.ascontiguousarray((np.abs(overlaps) ** 2).T),
    )


def ends_of(initial: Measurement, final: Measurement, basis: ComplexMatrix | None) -> Ends:
    """Return the measurements as the kernels take them, with kets in `basis` (columns) if there is one.

    Initial eigenstates outside the support are never drawn.
    """
    weights = np.where(initial.support, initial.weights, 0.0)
    return Ends(
        start=np.cumsum(weights)[None],
        kets=_amplitudes(initial.kets, basis),
        start_levels=np.cumsum(initial.conditional, axis=1),
        bras=_amplitudes(final.kets, basis),
        final_levels=np.cumsum(final.conditional, axis=1),
    )


def _amplitudes(kets: ComplexMatrix, basis: ComplexMatrix | None) -> RealMatrix:
    rows = kets.T if basis is None else (basis.conj().T @ kets).T
    return np.ascontiguousarray(np.stack([rows.real, rows.imag], axis=1))


def _logarithms(weights: RealVector) -> RealVector:
    positive = weights > 0
    return np.where(positive, np.log(np.where(positive, weights, 1.0)), -np.inf)
