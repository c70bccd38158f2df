"""Energy blocks: a unitary that keeps the system's energy acts inside each level, with operators on the reservoir."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.checks import as_hermitian, as_unitary
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.states.bohr import GROUPING_TOLERANCE, EnergyLevels, energy_levels, group_energies
from loschmidt.typing import BooleanArray, ComplexMatrix, OperatorLike

__all__ = ["EnergyBlock", "EnergyBlocks", "energy_blocks", "levels_with_basis"]

_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class EnergyBlock:
    """One level of the system and what the unitary does inside it.

    Attributes
    ----------
    energy : float
    basis : (d_S, g)
        The states ψ_i of the level as columns.
    operators : (g, g, d_R, d_R)
        B_ji = ⟨ψ_j|U|ψ_i⟩.

    Examples
    --------
    >>> dilation = Dilation(np.eye(4), [1, 0], (2, 2), system_hamiltonian=np.diag([0.0, 1.0]))
    >>> [block.energy for block in energy_blocks(dilation).blocks]
    [0.0, 1.0]
    """

    energy: float
    basis: ComplexMatrix
    operators: ComplexMatrix

    @property
    def degeneracy(self) -> int:
        """Number g of states in the level."""
        return int(self.basis.shape[1])


@dataclass(frozen=True, eq=False)
class EnergyBlocks:
    r"""A dilation in the energy eigenbasis of its system, Eq. (2) of :cite:t:`lesovik2016`.

    .. math:: U = \sum_{ji}|\psi_j\rangle\langle\psi_i|\otimes B_{ji},\qquad B_{ji} = s_{ji}F_{ji}

    How B is split into an amplitude s and a reservoir operator F is not unique, and nothing depends on it.

    Attributes
    ----------
    levels : EnergyLevels
        Grouped energies; ``levels.basis`` holds the states ψ_i. One level if there is no Hamiltonian.
    operators : (d_S, d_S, d_R, d_R)
        B_ji = ⟨ψ_j|U|ψ_i⟩.
    isolation_defect : float or None
        ‖[U, H_S⊗1]‖ in the Frobenius norm, in units of energy; None without a Hamiltonian.
    largest_interblock_element : float
        Largest modulus of an element of U between different levels; of order 1 where energy is exchanged.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> energy_blocks(Dilation(swap, [1, 0], (2, 2), np.diag([0.0, 1.0]))).largest_interblock_element
    1.0
    """

    levels: EnergyLevels
    operators: ComplexMatrix
    isolation_defect: float | None
    largest_interblock_element: float

    @property
    def relative_isolation_defect(self) -> float | None:
        """`isolation_defect` in units of the spectral width of H_S; None without a Hamiltonian."""
        if self.isolation_defect is None or self.levels.count == 1:
            return self.isolation_defect
        return self.isolation_defect / self.levels.width

    @cached_property
    def blocks(self) -> tuple[EnergyBlock, ...]:
        """The levels, lowest first."""
        result = []
        for label in range(self.levels.count):
            members = np.nonzero(self.levels.labels == label)[0]
            energy = float(self.levels.energies[members[0]])
            operators = self.operators[np.ix_(members, members)]
            result.append(EnergyBlock(energy, self.levels.basis[:, members], operators))
        return tuple(result)


def energy_blocks(
    dilation: Dilation, *, basis: OperatorLike | None = None, grouping_tolerance: float = GROUPING_TOLERANCE
) -> EnergyBlocks:
    """Return the block operators of a dilation and how well it keeps the energy of the system.

    Parameters
    ----------
    dilation : Dilation
        Without a system Hamiltonian all states count as one level.
    basis : (d_S, d_S), optional
        Columns ψ_i, eigenvectors of H_S in the order of ascending energy. Default: inside a degenerate level the
        basis states that the Hamiltonian is written in if they span it, otherwise eigenvectors as LAPACK returns them.
    grouping_tolerance : float
        Energies whose gap is at most this fraction of the spectral width share a level.

    Returns
    -------
    EnergyBlocks

    Raises
    ------
    NotUnitaryError, InputError, ShapeError
        If `basis` is not unitary, or does not diagonalise the Hamiltonian in ascending order.

    Examples
    --------
    >>> rotation = np.kron([[0, 1], [1, 0]], np.eye(3))
    >>> energy_blocks(Dilation(rotation, [1, 0, 0], (2, 3))).blocks[0].degeneracy
    2
    """
    levels = levels_with_basis(dilation.system_hamiltonian, dilation.dims[0], basis, grouping_tolerance)
    vectors = levels.basis
    if (vectors == np.eye(levels.dimension)).all():
        operators = np.ascontiguousarray(dilation.blocks)
    else:
        half = np.tensordot(vectors.conj().T, dilation.blocks, axes=(1, 0))
        operators = np.ascontiguousarray(np.tensordot(half, vectors, axes=(1, 0)).transpose(0, 3, 1, 2))
    between: BooleanArray = levels.labels[:, None] != levels.labels
    largest = float(np.abs(operators[between]).max(initial=0.0))
    defect = None
    if dilation.system_hamiltonian is not None:
        differences = levels.energies[:, None] - levels.energies
        sizes = np.linalg.norm(operators, axis=(-2, -1))
        defect = float(np.linalg.norm(differences * sizes))
    return EnergyBlocks(levels, operators, defect, largest)


def levels_with_basis(
    hamiltonian: OperatorLike | None,
    dimension: int,
    basis: OperatorLike | None = None,
    grouping_tolerance: float = GROUPING_TOLERANCE,
) -> EnergyLevels:
    """Return grouped energy levels, the basis inside each chosen as :func:`energy_blocks` says.

    Raises
    ------
    NotHermitianError, NotUnitaryError, InputError, ShapeError
        As :func:`energy_blocks`.

    Examples
    --------
    >>> levels_with_basis(np.diag([1.0, 0.0, 1.0]), 3).basis.real.argmax(axis=0)
    array([1, 0, 2])
    """
    given = np.zeros((dimension, dimension)) if hamiltonian is None else hamiltonian
    levels = energy_levels(as_hermitian(given, "system_hamiltonian", dimension), grouping_tolerance)
    if basis is None:
        return _aligned(levels) if levels.degenerate else levels
    chosen = as_unitary(basis, "basis", dimension)
    if chosen.ndim != 2:
        raise ShapeError(f"`basis` must be one matrix ({dimension}, {dimension}), but its shape is {chosen.shape}.")
    outside = np.abs(levels.basis.conj().T @ chosen) * (levels.labels[:, None] != levels.labels)
    if not outside.max() <= grouping_tolerance:
        at = int(outside.max(axis=0).argmax())
        raise InputError(
            f"`basis` must hold eigenvectors of the Hamiltonian in the order of ascending energy, but column {at} "
            f"leaves its level by {outside.max():.1e} (up to {grouping_tolerance:.0e} is accepted)."
        )
    return group_energies(levels.energies, chosen, levels.tolerance)


def _aligned(levels: EnergyLevels) -> EnergyLevels:
    """Return levels whose degenerate ones have the given basis states as basis, if these span them."""
    basis = levels.basis.copy()
    for label in range(levels.count):
        members = np.nonzero(levels.labels == label)[0]
        projector = basis[:, members] @ basis[:, members].conj().T
        axes = np.nonzero(projector.diagonal().real > 0.5)[0]
        difference = projector.copy()
        difference[axes, axes] -= 1
        if len(axes) == len(members) and np.abs(difference).max() <= 64 * levels.dimension * _EPSILON:
            basis[:, members] = np.eye(levels.dimension)[:, axes]
    return EnergyLevels(levels.energies, basis, levels.labels, levels.tolerance, levels.ambiguous)
