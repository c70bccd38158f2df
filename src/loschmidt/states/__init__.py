"""What a system is: thermal, product and random states, and the energy levels they refer to."""

from __future__ import annotations

from loschmidt.states.bohr import BohrFrequencies, EnergyLevels, bohr_frequencies, energy_levels
from loschmidt.states.fock import FockBasis, slater_determinant
from loschmidt.states.gibbs import gibbs_state, log_partition_function
from loschmidt.states.product import partial_trace, product_state
from loschmidt.states.random import random_density_matrix, random_hamiltonian, random_ket, random_unitary

__all__ = [
    "BohrFrequencies",
    "EnergyLevels",
    "FockBasis",
    "bohr_frequencies",
    "energy_levels",
    "gibbs_state",
    "log_partition_function",
    "partial_trace",
    "product_state",
    "random_density_matrix",
    "random_hamiltonian",
    "random_ket",
    "random_unitary",
    "slater_determinant",
]
