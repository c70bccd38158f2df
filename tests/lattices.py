"""Random lattices for the tests: graphs, systems and states drawn from a seed, and their dense twins."""

from __future__ import annotations

import numpy as np
from tests.reference.lattice_operators import DenseLattice

from loschmidt.processes.lattice import Lattice, LatticeSystem, given_state, lattice_system

#: Graph, particle numbers: chains, rings with odd and even N, a plane, asymmetric fillings, empty and full species.
SYSTEMS = [
    (Lattice.chain(4), (2, 2)),
    (Lattice.chain(5), (2, 3)),
    (Lattice.chain(5), (1, 4)),
    (Lattice.ring(4), (2, 2)),
    (Lattice.ring(4), (1, 3)),
    (Lattice.ring(5), (2, 2)),
    (Lattice.ring(5), (3, 2)),
    (Lattice.ring(6), (3, 2)),
    (Lattice.grid((2, 3)), (3, 2)),
    (Lattice.grid((2, 3), periodic=True), (2, 2)),
    (Lattice.from_edges(4, [(0, 1), (1, 2), (0, 2)]), (2, 1)),  # a triangle and a site on its own
    (Lattice.chain(4), (0, 2)),
    (Lattice.chain(4), (2, 4)),
    (Lattice.chain(1), (1, 0)),
]


def name_of(case) -> str:
    lattice, particles = case
    return f"{lattice.name}, {particles}"


def random_graph(rng: np.random.Generator, sites: int) -> Lattice:
    """A random graph with complex weights."""
    edges = [(i, j) for i in range(sites) for j in range(i + 1, sites) if rng.random() < 0.6]
    weights = rng.normal(size=len(edges)) + 1j * rng.normal(size=len(edges))
    return Lattice.from_edges(sites, edges, weights)


def random_system(rng: np.random.Generator, lattice: Lattice, particles: tuple[int, ...], **changes) -> LatticeSystem:
    """A system with random hopping, interaction on each site and potentials."""
    count = len(particles)
    choices = {
        "hopping": rng.normal(size=count),
        "interaction": rng.normal(size=lattice.sites),
        "potentials": rng.normal(size=(count, lattice.sites)),
    }
    return lattice_system(lattice, particles, **(choices | changes))


def random_amplitudes(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    vector = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    return vector / np.linalg.norm(vector)


def random_start(rng: np.random.Generator, system: LatticeSystem):
    return given_state(system, random_amplitudes(rng, system.dims))


def dense(system: LatticeSystem) -> DenseLattice:
    """The same system by explicit Jordan–Wigner matrices."""
    lattice = system.lattice
    return DenseLattice(
        lattice.edges.tolist(),
        lattice.weights,
        system.particles,
        system.hopping,
        system.interaction,
        system.potentials,
        hardcore=system.statistics == "hardcore",
    )
