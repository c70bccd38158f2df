"""Joint unitaries of a system and its reservoir: blocks, criterion, labels, and the H-theorem put to a process."""

from loschmidt.processes.dilations.classifier import Classification, UnitalityLabel, classify
from loschmidt.processes.dilations.correlated import CorrelatedEvolution, evolve_correlated_start
from loschmidt.processes.dilations.criterion import BlockNonunitality, Nonunitality, nonunitality_matrix
from loschmidt.processes.dilations.dilation import Dilation, EnergyExchange
from loschmidt.processes.dilations.energy_blocks import EnergyBlock, EnergyBlocks, energy_blocks
from loschmidt.processes.dilations.h_theorem import h_theorem
from loschmidt.processes.dilations.h_theorem_report import BlockReport, HTheoremReport, HTheoremVerdict
from loschmidt.processes.dilations.restricted import (
    OccupiedSubspace,
    RestrictedUnitality,
    occupied_subspace,
    restricted_unitality,
)

__all__ = [
    "BlockNonunitality",
    "BlockReport",
    "Classification",
    "CorrelatedEvolution",
    "Dilation",
    "EnergyBlock",
    "EnergyBlocks",
    "EnergyExchange",
    "HTheoremReport",
    "HTheoremVerdict",
    "Nonunitality",
    "OccupiedSubspace",
    "RestrictedUnitality",
    "UnitalityLabel",
    "classify",
    "energy_blocks",
    "evolve_correlated_start",
    "h_theorem",
    "nonunitality_matrix",
    "occupied_subspace",
    "restricted_unitality",
]
