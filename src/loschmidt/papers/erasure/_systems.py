"""The systems that the claims are tested on. All sizes, couplings and times are ours: neither paper states any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loschmidt.evolution.lattice import LatticeEvolution, LatticeRun, Observation, evolve_lattice
from loschmidt.information.fock import fock_entropies
from loschmidt.processes.lattice import (
    Lattice,
    LatticeProtocol,
    LatticeSystem,
    deterministic_phases,
    domain_wall,
    given_state,
    lattice_protocol,
    lattice_system,
    two_step_echo,
)
from loschmidt.typing import ComplexMatrix, RealMatrix

__all__ = [
    "BARE",
    "HALF_CHAIN",
    "chain",
    "echo_after_erasure",
    "entropies_before_and_after",
    "erasing_map",
    "from_wall",
]

#: Only what costs nothing, or entanglement of the half chain as well.
BARE = LatticeRun(observe=Observation(species_entanglement=False, half_chain_entanglement=False, purity=False))
HALF_CHAIN = LatticeRun(observe=Observation(species_entanglement=False, half_chain_entanglement=True, purity=False))
_NOTHING = LatticeRun(
    observe=Observation(species_entanglement=False, half_chain_entanglement=False, purity=False, correlations=False)
)
_TIME = 3.0


def chain(sites: int, particles: int | None = None, interaction: float = 1.0) -> LatticeSystem:
    """Return an open chain with J = 1 and equal numbers of both species, half filled unless told otherwise."""
    count = sites // 2 if particles is None else particles
    return lattice_system(Lattice.chain(sites), (count, count), interaction=interaction)


def from_wall(protocol: LatticeProtocol, run: LatticeRun = BARE) -> LatticeEvolution:
    """Run a protocol from the Fock state with all particles on the first sites."""
    return evolve_lattice(protocol, domain_wall(protocol.system), run)


def echo_after_erasure(system: LatticeSystem, time: float = _TIME) -> LatticeEvolution:
    """Run the two-step echo from the wall, erased by deterministic phases on υ."""
    return from_wall(two_step_echo(system, deterministic_phases(system, "upsilon"), (time, time)))


def erasing_map(system: LatticeSystem, time: float = _TIME) -> Callable[[ComplexMatrix], ComplexMatrix]:
    """Return the map from φ₀ to φ₀' of the erased two-step echo, for amplitudes (d_τ, d_υ)."""
    echo = two_step_echo(system, deterministic_phases(system, "upsilon"), (time, time))
    unseen = lattice_protocol(system, echo.stages, [""] * len(echo.stages))
    return lambda state: evolve_lattice(unseen, given_state(system, state), _NOTHING).state


def entropies_before_and_after(
    apply: Callable[[ComplexMatrix], ComplexMatrix], states: list[ComplexMatrix]
) -> RealMatrix:
    """Return S, S_τ, S_υ before and after, (n, 2, 3)."""
    rows = []
    for state in states:
        pair = fock_entropies(state), fock_entropies(apply(state))
        rows.append([[one.joint, *one.species] for one in pair])
    return np.array(rows)
