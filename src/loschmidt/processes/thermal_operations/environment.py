"""A Gibbs environment: a Hamiltonian and a temperature, from which its start follows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import SupportsFloat

import numpy as np

from loschmidt._kernels.entropies import populations_in_basis
from loschmidt.checks import as_hermitian, as_inverse_temperature
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.dilations.energy_blocks import levels_with_basis
from loschmidt.states.bohr import EnergyLevels
from loschmidt.states.gibbs import boltzmann_weights, gibbs_state
from loschmidt.typing import ComplexMatrix, OperatorLike, RealVector

__all__ = ["GibbsEnvironment"]


@dataclass(frozen=True, eq=False)
class GibbsEnvironment:
    """A finite environment that starts in the Gibbs state of its Hamiltonian.

    Parameters
    ----------
    hamiltonian : (d_E, d_E)
        Hermitian operator.
    beta : float
        Inverse temperature in the inverse unit of the energy; 0, ``inf`` and negative numbers included.
    name : str
        What reports call it.

    Raises
    ------
    NotHermitianError, ShapeError, NotFiniteError, InputError
        If an argument is not what it must be.

    Examples
    --------
    >>> GibbsEnvironment(np.diag([0.0, 1.0]), np.log(3)).populations.round(6)
    array([0.75, 0.25])
    """

    hamiltonian: OperatorLike
    beta: SupportsFloat
    name: str = "environment"

    def __post_init__(self) -> None:
        matrix = as_hermitian(self.hamiltonian, "hamiltonian")
        if matrix.ndim != 2:
            raise ShapeError(f"`hamiltonian` must be one matrix (d_E, d_E), but its shape is {matrix.shape}.")
        if not isinstance(self.name, str) or not self.name:
            raise InputError(f"`name` must be a text that is not empty, but it is {self.name!r}.")
        object.__setattr__(self, "hamiltonian", matrix)
        object.__setattr__(self, "beta", as_inverse_temperature(self.beta))

    @property
    def dimension(self) -> int:
        """Dimension d_E."""
        return int(self.hamiltonian.shape[-1])

    @cached_property
    def levels(self) -> EnergyLevels:
        """Grouped energies and eigenvectors; inside a degenerate level the given basis states, if they span it."""
        return levels_with_basis(self.hamiltonian, self.dimension)

    @cached_property
    def energies(self) -> RealVector:
        """Energies (d_E,) in the order of ``levels``, those of a level as they are and not made equal."""
        return populations_in_basis(self.hamiltonian, self.levels.basis)

    @cached_property
    def log_populations(self) -> RealVector:
        """Logarithms of q_μ (d_E,) in the order of ``levels``, exact however cold; -inf above the ground at β = inf."""
        beta = float(self.beta)
        if math.isinf(beta):
            weights, _ = boltzmann_weights(self.levels.energies, beta)
            ground: RealVector = np.where(weights > 0, -math.log(weights.sum()), -np.inf)
            return ground
        weights, origin = boltzmann_weights(self.energies, beta)
        return np.asarray(-beta * (self.energies - origin) - math.log(weights.sum()))

    @property
    def populations(self) -> RealVector:
        """q_μ (d_E,) in the order of ``levels``."""
        with np.errstate(under="ignore"):  # a population of 1e-400 is zero, and that is right
            return np.asarray(np.exp(self.log_populations))

    @cached_property
    def state(self) -> ComplexMatrix:
        """The Gibbs state (d_E, d_E)."""
        return gibbs_state(self.hamiltonian, self.beta)
