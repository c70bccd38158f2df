"""How much: entropy, relative entropy, coherence, correlations and free energy of states and stacks of states."""

from __future__ import annotations

from loschmidt.information.coherence import pinching, relative_entropy_of_coherence
from loschmidt.information.correlations import mutual_information
from loschmidt.information.entropy import (
    gibbs_relative_entropy,
    relative_entropy,
    shannon_entropy,
    von_neumann_entropy,
)
from loschmidt.information.free_energy import beta_free_energy, free_energy
from loschmidt.information.observational import (
    coarse_grained_state,
    joint_projectors,
    level_projectors,
    observational_entropy,
)
from loschmidt.information.temperatures import GeneralisedTemperature, TemperatureStatus, generalised_temperature

__all__ = [
    "GeneralisedTemperature",
    "TemperatureStatus",
    "beta_free_energy",
    "coarse_grained_state",
    "free_energy",
    "generalised_temperature",
    "gibbs_relative_entropy",
    "joint_projectors",
    "level_projectors",
    "mutual_information",
    "observational_entropy",
    "pinching",
    "relative_entropy",
    "relative_entropy_of_coherence",
    "shannon_entropy",
    "von_neumann_entropy",
]
