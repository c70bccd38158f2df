"""Electrons and phonons: ions that stand still, one that recoils, and a ladder of levels in a Debye bath."""

from loschmidt.processes.electron_phonon.debye_ladder import DebyeLadder, DebyeSpectrum, debye_ladder
from loschmidt.processes.electron_phonon.frozen_ion import FrozenIon, displacement_variance, frozen_ion
from loschmidt.processes.electron_phonon.frozen_ions import (
    FrozenIons,
    delta_scattering,
    frozen_ions,
    gaussian_displacements,
)
from loschmidt.processes.electron_phonon.quantum_ion import QuantumIon, quantum_ion

__all__ = [
    "DebyeLadder",
    "DebyeSpectrum",
    "FrozenIon",
    "FrozenIons",
    "QuantumIon",
    "debye_ladder",
    "delta_scattering",
    "displacement_variance",
    "frozen_ion",
    "frozen_ions",
    "gaussian_displacements",
    "quantum_ion",
]
