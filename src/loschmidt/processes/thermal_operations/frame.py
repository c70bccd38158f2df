"""The energy eigenbasis of a system and its environments, and which product states share a total energy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

from loschmidt.checks import as_hermitian
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.dilations.energy_blocks import levels_with_basis
from loschmidt.processes.thermal_operations.environment import GibbsEnvironment
from loschmidt.states.bohr import EnergyLevels, group_energies
from loschmidt.typing import ComplexMatrix, IntegerArray, OperatorLike, RealVector

__all__ = ["EnergyFrame", "ProductLevels", "as_environments", "energy_frame"]


@dataclass(frozen=True, eq=False)
class ProductLevels:
    """Sums of energies, equal ones grouped, in the order of the product states that have them.

    Attributes
    ----------
    energies : (D,)
        The members of one level carry the same number.
    labels : (D,)
        Level of each product state, 0 for the lowest.
    ambiguous : bool
        Whether another tolerance would have grouped differently, see :class:`~loschmidt.states.bohr.EnergyLevels`.
    """

    energies: RealVector
    labels: IntegerArray
    ambiguous: bool

    @property
    def width(self) -> float:
        """Difference between the highest and the lowest energy."""
        return float(np.ptp(self.energies))

    @cached_property
    def members(self) -> list[IntegerArray]:
        """Indices of the product states of each level, lowest level first."""
        order = np.argsort(self.labels, kind="stable")
        return np.split(order, np.nonzero(np.diff(self.labels[order]))[0] + 1)


@dataclass(frozen=True, eq=False)
class EnergyFrame:
    """Product energy eigenstates |n⟩ ⊗ |μ_1⟩ ⊗ |μ_2⟩ ⋯, the last index varying fastest; see :func:`energy_frame`.

    Attributes
    ----------
    system : EnergyLevels
        Inside a degenerate level the given basis states, if they span it.
    environments : tuple of GibbsEnvironment

    Examples
    --------
    >>> qubit = np.diag([0.0, 1.0])
    >>> energy_frame(qubit, GibbsEnvironment(qubit, 1.0)).total.labels
    array([0, 1, 1, 2])
    """

    system: EnergyLevels
    environments: tuple[GibbsEnvironment, ...]

    @property
    def dims(self) -> tuple[int, ...]:
        """(d_S, d_1, d_2, …)."""
        return (self.system.dimension, *(one.dimension for one in self.environments))

    @property
    def pair(self) -> tuple[int, int]:
        """(d_S, d_E) with d_E = d_1 d_2 ⋯."""
        return self.dims[0], math.prod(self.dims[1:])

    @cached_property
    def total(self) -> ProductLevels:
        """Levels of H_S + H_E over the D = d_S d_E product states."""
        return _summed([self.system, *(one.levels for one in self.environments)])

    @cached_property
    def environment(self) -> ProductLevels:
        """Levels of H_E = Σ H_α over the d_E product states."""
        return _summed([one.levels for one in self.environments])

    @cached_property
    def local_labels(self) -> IntegerArray:
        """Pair of levels, of H_S and of H_E, that each product state (D,) belongs to, as one number."""
        count = len(self.environment.members)
        pairs: IntegerArray = (self.system.labels[:, None] * count + self.environment.labels).reshape(-1)
        return pairs

    @property
    def can_exchange_energy(self) -> bool:
        """Whether some total energy is shared by states of different system energy."""
        system = np.repeat(self.system.labels, self.pair[1])
        return any(np.ptp(system[members]) > 0 for members in self.total.members)

    @cached_property
    def log_populations(self) -> RealVector:
        """Logarithms of q_μ (d_E,), the joint start of all environments."""
        return _outer_sum([one.log_populations for one in self.environments])

    @cached_property
    def basis(self) -> ComplexMatrix:
        """Product eigenstates (D, D) as columns."""
        bases = [self.system.basis, *(one.levels.basis for one in self.environments)]
        return np.asarray(reduce(np.kron, bases))

    def enter(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return joint operators (..., D, D) in the energy eigenbasis."""
        return operator if self._is_given else np.asarray(self.basis.conj().T @ operator @ self.basis)

    def leave(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return joint operators (..., D, D), given in the energy eigenbasis, in the original basis."""
        return operator if self._is_given else np.asarray(self.basis @ operator @ self.basis.conj().T)

    @cached_property
    def _is_given(self) -> bool:
        return bool((self.basis == np.eye(len(self.basis))).all())


def energy_frame(
    system_hamiltonian: OperatorLike, environments: GibbsEnvironment | Sequence[GibbsEnvironment]
) -> EnergyFrame:
    """Return the energy eigenbasis of a system and one or several environments.

    Energies closer than 1e-9 of the width of their spectrum are one level; a level of the total energy is what an
    energy-conserving unitary acts inside of.

    Raises
    ------
    NotHermitianError, ShapeError, InputError
        If an argument is not what it must be, or two environments have one name.

    Examples
    --------
    >>> qubit = np.diag([0.0, 1.0])
    >>> frame = energy_frame(qubit, [GibbsEnvironment(qubit, 1.0, "cold"), GibbsEnvironment(2 * qubit, 0.5, "hot")])
    >>> frame.dims, frame.total.labels.tolist(), frame.can_exchange_energy
    ((2, 2, 2), [0, 2, 1, 3, 1, 3, 2, 4], True)
    """
    matrix = as_hermitian(system_hamiltonian, "system_hamiltonian")
    if matrix.ndim != 2:
        raise ShapeError(f"`system_hamiltonian` must be one matrix (d_S, d_S), but its shape is {matrix.shape}.")
    return EnergyFrame(levels_with_basis(matrix, len(matrix)), as_environments(environments))


def as_environments(value: Any) -> tuple[GibbsEnvironment, ...]:
    """Return one or several environments as a tuple.

    Raises
    ------
    InputError
        If there is none, one is something else, or two have one name.

    Examples
    --------
    >>> len(as_environments(GibbsEnvironment([[0, 0], [0, 1]], 1.0)))
    1
    """
    given = (value,) if isinstance(value, GibbsEnvironment) else tuple(value)
    if not given or not all(isinstance(one, GibbsEnvironment) for one in given):
        raise InputError(f"`environments` must be a GibbsEnvironment, or one or more of them, but it is {value!r}.")
    names = [one.name for one in given]
    if len(set(names)) < len(names):
        raise InputError(f"`environments` must have different names, but they are {names}. Pass `name` to each.")
    return given


def _summed(parts: Sequence[EnergyLevels]) -> ProductLevels:
    energies = _outer_sum([part.energies for part in parts])
    order = np.argsort(energies, kind="stable")
    back = np.argsort(order, kind="stable")
    # Widths add up, and so do the tolerances of the parts: to the same fraction of the whole width.
    reach = sum(part.tolerance for part in parts)
    grouped = group_energies(energies[order], np.zeros((0, 0), dtype=np.complex128), reach)
    ambiguous = grouped.ambiguous or any(part.ambiguous for part in parts)
    return ProductLevels(grouped.energies[back], grouped.labels[back], ambiguous)


def _outer_sum(parts: Sequence[RealVector]) -> RealVector:
    return np.asarray(reduce(lambda left, right: (left[:, None] + right).reshape(-1), parts))
