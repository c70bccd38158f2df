"""Particles of several species on a lattice: what they are, where they start and what is done to them."""

from __future__ import annotations

from loschmidt.processes.lattice.graph import Lattice
from loschmidt.processes.lattice.initial import (
    configurations_within,
    domain_wall,
    fermi_sea,
    fock_state,
    given_state,
    random_lattice_state,
    slater_state,
    superposition,
)
from loschmidt.processes.lattice.phases import (
    PhaseOperator,
    deterministic_phases,
    local_phases,
    phase_operator,
    random_phases,
)
from loschmidt.processes.lattice.protocol import Erase, ExactStep, FullStep, LatticeProtocol, Stage
from loschmidt.processes.lattice.recipes import (
    built_in_eraser,
    domain_wall_expansion,
    lattice_protocol,
    repeated_erasure,
    two_step_echo,
)
from loschmidt.processes.lattice.system import LatticeSystem, lattice_system

__all__ = [
    "Erase",
    "ExactStep",
    "FullStep",
    "Lattice",
    "LatticeProtocol",
    "LatticeSystem",
    "PhaseOperator",
    "Stage",
    "built_in_eraser",
    "configurations_within",
    "deterministic_phases",
    "domain_wall",
    "domain_wall_expansion",
    "fermi_sea",
    "fock_state",
    "given_state",
    "lattice_protocol",
    "lattice_system",
    "local_phases",
    "phase_operator",
    "random_lattice_state",
    "random_phases",
    "repeated_erasure",
    "slater_state",
    "superposition",
    "two_step_echo",
]
