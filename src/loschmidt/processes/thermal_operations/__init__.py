"""Thermal operations: unitaries on a system and Gibbs environments, and where the entropy that they produce goes."""

from loschmidt.processes.thermal_operations.channel_entropy import ChannelEntropyProduction, channel_entropy_production
from loschmidt.processes.thermal_operations.conservation import ConservationLaws
from loschmidt.processes.thermal_operations.energy_conserving import (
    random_thermal_operation,
    thermal_operation_by_exchange,
    thermal_operation_from_potential,
)
from loschmidt.processes.thermal_operations.energy_transfer import EnergyTransfer, energy_transfer
from loschmidt.processes.thermal_operations.entropy_budget import EntropyBudget, entropy_budget
from loschmidt.processes.thermal_operations.environment import GibbsEnvironment
from loschmidt.processes.thermal_operations.frame import EnergyFrame, energy_frame
from loschmidt.processes.thermal_operations.identity import Identity
from loschmidt.processes.thermal_operations.landauer import (
    LandauerBudget,
    finite_size_excess,
    landauer_budget,
    largest_surprisal_variance,
    simple_finite_size_excess,
)
from loschmidt.processes.thermal_operations.operation import ThermalOperation

__all__ = [
    "ChannelEntropyProduction",
    "ConservationLaws",
    "EnergyFrame",
    "EnergyTransfer",
    "EntropyBudget",
    "GibbsEnvironment",
    "Identity",
    "LandauerBudget",
    "ThermalOperation",
    "channel_entropy_production",
    "energy_frame",
    "energy_transfer",
    "entropy_budget",
    "finite_size_excess",
    "landauer_budget",
    "largest_surprisal_variance",
    "random_thermal_operation",
    "simple_finite_size_excess",
    "thermal_operation_by_exchange",
    "thermal_operation_from_potential",
]
