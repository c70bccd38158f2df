"""Run lattice protocols: exact steps of one species, full evolution, erasure, and what is seen on the way."""

from __future__ import annotations

from loschmidt.evolution.lattice.chebyshev import Chebyshev
from loschmidt.evolution.lattice.evolution import LatticeEvolution
from loschmidt.evolution.lattice.full_steps import FullMethod
from loschmidt.evolution.lattice.memory import LatticeMemory, lattice_memory
from loschmidt.evolution.lattice.record import LatticeRecord, Observation
from loschmidt.evolution.lattice.run import Checkpoint, LatticeRun, evolve_lattice, iterate_lattice
from loschmidt.evolution.lattice.trotter import SCHEMES, Trotter

__all__ = [
    "SCHEMES",
    "Chebyshev",
    "Checkpoint",
    "FullMethod",
    "LatticeEvolution",
    "LatticeMemory",
    "LatticeRecord",
    "LatticeRun",
    "Observation",
    "Trotter",
    "evolve_lattice",
    "iterate_lattice",
    "lattice_memory",
]
