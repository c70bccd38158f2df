"""What a method of full evolution on a lattice is, and the Hamiltonian that it is handed."""

from __future__ import annotations

import functools
from typing import Protocol

import numpy as np

from loschmidt._kernels.lattice_full import FullHamiltonian, full_hamiltonian
from loschmidt.evolution.lattice.exact_steps import ExactSteps
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.typing import ComplexTensor

__all__ = ["FullMethod", "lattice_hamiltonian"]


class FullMethod(Protocol):
    """An algorithm for exp(−iHt) on a lattice state; the object carries its own tolerances."""

    @property
    def name(self) -> str:
        """Short name for reports."""

    @property
    def vectors(self) -> int:
        """Number of vectors as long as the state that it needs beside it."""

    def check(self, system: LatticeSystem) -> None:
        """Raise InputError if the method cannot evolve the system."""

    def advance(self, steps: ExactSteps, system: LatticeSystem, state: ComplexTensor, time: float) -> float:
        """Evolve `state` in place; return an estimate of the 2-norm of the error, ``inf`` if it was not estimated."""


@functools.lru_cache(maxsize=8)
def lattice_hamiltonian(system: LatticeSystem) -> FullHamiltonian:
    """Return the Hamiltonian of a system as the compiled kernels take it.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> lattice_hamiltonian(lattice_system(Lattice.chain(4), (2, 1), interaction=1.0)).shape
    (6, 4)
    """
    hardcore = system.statistics == "hardcore"
    if hardcore:
        hoppings = [J * system.lattice.adjacency for J in system.hopping]
    else:
        hoppings = [system.hopping_matrix(s) for s in range(len(system.dims))]
    return full_hamiltonian(
        np.stack(hoppings),
        system.particles,
        system.potentials,
        system.interaction,
        hardcore=hardcore,
    )
