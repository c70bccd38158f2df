"""What to look at in lattice states besides the cheap, and one look as a record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock import as_count
from loschmidt.typing import RealTensor

__all__ = ["LatticeRecord", "Observation", "largest_sector"]

_CHEAP_GRAM = 1000  # matrices up to this size are diagonalised in about a second
_CHEAP_PRODUCT = 1e12  # floating-point operations


@dataclass(frozen=True)
class Observation:
    """What to compute at recorded states beside the cheap: None decides by the size of the system.

    Attributes
    ----------
    species_entanglement, half_chain_entanglement, purity, correlations : bool or None
        Entanglement of each species with the others and of the first sites with the rest (both diagonalise large
        matrices), purity of each species, and bond correlations, which kinetic energy and currents need.
    every : int
        Entanglement and purity are computed at each so many-th record, and at the last.
    cut : int or None
        Number of sites on the one side of the cut, ⌊L/2⌋ by default; for entanglement and current.

    Examples
    --------
    >>> Observation(species_entanglement=False).every
    1
    """

    species_entanglement: bool | None = None
    half_chain_entanglement: bool | None = None
    purity: bool | None = None
    correlations: bool | None = None
    every: int = 1
    cut: int | None = None

    def resolved(self, system: LatticeSystem) -> Observation:
        """Return the same with every choice made for a system."""
        sites = system.lattice.sites
        cut = sites // 2 if self.cut is None else self.cut
        as_count(cut, "cut", 0, sites)
        as_count(self.every, "every", 1, 10**9)
        smaller = max(min(d, system.dimension // d) for d in system.dims)
        cheap = 8.0 * smaller * system.dimension <= _CHEAP_PRODUCT
        return Observation(
            smaller <= _CHEAP_GRAM if self.species_entanglement is None else self.species_entanglement,
            largest_sector(system, cut) <= _CHEAP_GRAM
            if self.half_chain_entanglement is None
            else self.half_chain_entanglement,
            cheap if self.purity is None else self.purity,
            True if self.correlations is None else self.correlations,
            self.every,
            cut,
        )

    def matrix_bytes(self, system: LatticeSystem) -> float:
        """Return the memory of the largest matrix that resolved choices need."""
        smaller = max(min(d, system.dimension // d) for d in system.dims)
        sector = largest_sector(system, self.cut or 0)
        return 16.0 * max(
            smaller**2 if self.species_entanglement else 0,
            3 * sector**2 if self.half_chain_entanglement else 0,
        )


def largest_sector(system: LatticeSystem, cut: int) -> int:
    """Return the size of the largest matrix that entanglement across a cut diagonalises, at most.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> largest_sector(lattice_system(Lattice.chain(4), (2, 2)), 2)
    4
    """
    sites = system.lattice.sites
    inside = math.prod(max(math.comb(cut, k) for k in range(n + 1)) for n in system.particles)
    outside = math.prod(max(math.comb(sites - cut, k) for k in range(n + 1)) for n in system.particles)
    return min(inside, outside)


@dataclass(frozen=True, eq=False)
class LatticeRecord:
    """One recorded state; see :class:`loschmidt.evolution.lattice.LatticeEvolution` for what each number means.

    Attributes
    ----------
    label : str
        Name of the state.
    completed : int
        Stages completed.
    numbers : mapping from str to array
        Observables by the names they have in the evolution, without the axis of records.

    Examples
    --------
    >>> import numpy as np
    >>> LatticeRecord("start", 0, {"norm": np.ones(())}).label
    'start'
    """

    label: str
    completed: int
    numbers: Mapping[str, RealTensor]
