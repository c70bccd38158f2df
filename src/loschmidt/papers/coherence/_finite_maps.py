"""Thermal operations that the claims on finite maps are put to: generic inside each level, the same in every run."""

from __future__ import annotations

import numpy as np

from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    thermal_operation_by_exchange,
    thermal_operation_from_potential,
)
from loschmidt.typing import ComplexMatrix

__all__ = ["QUBIT", "SPECTRA", "exchange_of_qubits", "generic_hermitian", "generic_operation", "generic_states"]

_GOLDEN = 0.6180339887498949

QUBIT = np.diag([0.0, 1.0])

#: Energies of system and environment: equal gaps, no two gaps equal, and degenerate levels.
SPECTRA = {
    "equal gaps": ((0.0, 1.0, 2.0), (0.0, 1.0, 2.0, 3.0)),
    "no equal gaps": ((0.0, 1.0, 3.0), (0.0, 1.0, 2.0, 3.0)),
    "degenerate": ((0.0, 1.0, 1.0, 2.0), (0.0, 1.0, 2.0)),
}


def generic_hermitian(size: int, number: int) -> ComplexMatrix:
    """Return a Hermitian matrix (size, size) without any symmetry; each number gives another.

    Examples
    --------
    >>> bool((generic_hermitian(3, 1) == generic_hermitian(3, 1).conj().T).all())
    True
    """
    # Not squares: with those, phases could be taken into the basis, and the matrix would be real in disguise.
    cubes = (np.arange(size * size) + 1.0) ** 3
    phases = np.exp(2j * np.pi * (cubes * number * _GOLDEN % 1)).reshape(size, size)
    return np.asarray((phases + phases.conj().T) / 2)


def generic_states(dimension: int) -> ComplexMatrix:
    """Return a pure, a faithful and a mixed state (3, d, d), all with coherence.

    Examples
    --------
    >>> generic_states(3).shape
    (3, 3, 3)
    """
    states = []
    for number in (1, 2, 3):
        _, basis = np.linalg.eigh(generic_hermitian(dimension, number))
        weights = np.arange(1.0, dimension + 1) ** number if number > 1 else np.eye(dimension)[0]
        states.append((basis * (weights / weights.sum())) @ basis.conj().T)
    return np.array(states)


def generic_operation(spectrum: str, beta: float = 0.8, number: int = 1) -> ThermalOperation:
    """Return the thermal operation of a generic potential.

    Examples
    --------
    >>> generic_operation("equal gaps").exchanges_energy
    True
    """
    system, environment = (np.diag(energies) for energies in SPECTRA[spectrum])
    potential = generic_hermitian(len(system) * len(environment), number)
    return thermal_operation_from_potential(potential, system, GibbsEnvironment(environment, beta), 1.5)


def exchange_of_qubits(angle: float, beta: float) -> ThermalOperation:
    """Return the partial swap of a qubit with a resonant qubit.

    Examples
    --------
    >>> exchange_of_qubits(0.5, 1.0).dims
    (2, 2)
    """
    return thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, beta), angle)
