"""A state as a trajectory meets it: eigenstates that a measurement finds, and energy levels of a second record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from loschmidt._kernels.entropies import support_tolerance
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import BooleanArray, ComplexMatrix, RealMatrix, RealVector

__all__ = ["ROUND_OFF", "MeasuredState", "measured_state"]

#: Probabilities of single transitions up to this are squares of round-off in an amplitude, and zero.
ROUND_OFF = 1e-28


@dataclass(frozen=True, eq=False)
class MeasuredState:
    """The state of the system at one end of its trajectories, in the energy eigenbasis; see :func:`measured_state`.

    Attributes
    ----------
    state, pinched : (d, d)
        ρ and Δ(ρ), which keeps what is inside the energy levels.
    populations : (d,)
        Eigenvalues p_α of ρ.
    eigenstates : (d, d)
        Their eigenvectors as columns.
    level_populations : (d,)
        Eigenvalues p_n of Δ(ρ): populations of the energy eigenstates, if no energy is degenerate.
    level_given_eigenstate : (d, d)
        p_{n|α}, row n and column α; each column adds up to 1.

    Examples
    --------
    >>> from loschmidt.states.bohr import energy_levels
    >>> plus = measured_state(np.full((2, 2), 0.5 + 0j), energy_levels([[0, 0], [0, 1]]))
    >>> plus.occupied, plus.level_populations
    (array([False,  True]), array([0.5, 0.5]))
    """

    state: ComplexMatrix
    pinched: ComplexMatrix
    populations: RealVector
    eigenstates: ComplexMatrix
    level_populations: RealVector
    level_given_eigenstate: RealMatrix

    @property
    def dimension(self) -> int:
        """Dimension d."""
        return len(self.populations)

    @cached_property
    def occupied(self) -> BooleanArray:
        """Eigenstates (d,) in the support of ρ; populations up to 8 d ε are its kernel."""
        support: BooleanArray = self.populations > support_tolerance(self.dimension)
        return support

    @cached_property
    def occupied_levels(self) -> BooleanArray:
        """Levels (d,) in the support of Δ(ρ), by the same rule."""
        support: BooleanArray = self.level_populations > support_tolerance(self.dimension)
        return support

    @property
    def rank(self) -> int:
        """Number of occupied eigenstates."""
        return int(self.occupied.sum())

    @cached_property
    def log_populations(self) -> RealVector:
        """Logarithms ln p_α (d,), -inf in the kernel."""
        return _logarithms(self.populations, self.occupied)

    @cached_property
    def log_level_populations(self) -> RealVector:
        """Logarithms ln p_n (d,), -inf in the kernel."""
        return _logarithms(self.level_populations, self.occupied_levels)

    @property
    def conjugate(self) -> MeasuredState:
        """The complex conjugate in the energy eigenbasis, which is the state with time reversed."""
        return replace(self, state=self.state.conj(), pinched=self.pinched.conj(), eigenstates=self.eigenstates.conj())


def measured_state(state: ComplexMatrix, levels: EnergyLevels) -> MeasuredState:
    """Return what trajectories need of a checked state (d, d), given in the energy eigenbasis of `levels`.

    Notes
    -----
    Where an eigenvalue of ρ is degenerate, its eigenvectors are chosen as those of the energy inside the eigenspace.
    The distribution of σ does not depend on the choice; those of σ_d and ξ do, and their means do not. Where an energy
    is degenerate, the levels are resolved into the eigenvectors of Δ(ρ) inside them, so that no coherence is counted
    which costs no energy; nothing depends on a choice that is left there.

    Examples
    --------
    >>> from loschmidt.states.bohr import energy_levels
    >>> mixed = measured_state(np.eye(2) / 2 + 0j, energy_levels([[0, 0], [0, 1]]))
    >>> mixed.level_given_eigenstate
    array([[1., 0.],
           [0., 1.]])
    """
    populations, eigenstates = np.linalg.eigh(state)
    same_level: BooleanArray = levels.labels[:, None] == levels.labels
    pinched = np.asarray(state * same_level)
    level_populations, level_states = pinched.diagonal().real.copy(), np.eye(len(state), dtype=np.complex128)
    if levels.degenerate:
        for label in range(levels.count):
            members = np.nonzero(levels.labels == label)[0]
            block = np.ix_(members, members)
            level_populations[members], level_states[block] = np.linalg.eigh(pinched[block])
    eigenstates = _tie_broken(populations, eigenstates, levels.energies)
    overlaps = np.abs(level_states.conj().T @ eigenstates) ** 2
    conditional = np.where(overlaps > ROUND_OFF, overlaps, 0.0)
    return MeasuredState(state, pinched, populations, eigenstates, level_populations, conditional)


def _tie_broken(populations: RealVector, eigenstates: ComplexMatrix, energies: RealVector) -> ComplexMatrix:
    """Return eigenstates (d, d) that are those of the energy inside each group of equal populations."""
    chosen = eigenstates.copy()
    edges = np.nonzero(np.diff(populations) > support_tolerance(len(populations)))[0] + 1
    for members in np.split(np.arange(len(populations)), edges):
        if len(members) > 1:
            inside = eigenstates[:, members]
            chosen[:, members] = inside @ np.linalg.eigh(inside.conj().T @ (energies[:, None] * inside))[1]
    return chosen


def _logarithms(values: RealVector, support: BooleanArray) -> RealVector:
    return np.where(support, np.log(np.where(support, values, 1.0)), -np.inf)
