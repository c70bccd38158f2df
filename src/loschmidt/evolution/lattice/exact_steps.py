"""Exact steps: one species moves as free particles in the potential that the resting ones make, for any time."""

from __future__ import annotations

import functools
from collections import OrderedDict
from dataclasses import dataclass, field, replace

import numpy as np

from loschmidt._kernels.givens_lift import apply_to_axis
from loschmidt._kernels.lattice_preparation import Rotations, prepare_rotations
from loschmidt.processes.lattice.protocol import ExactStep
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.typing import ComplexTensor

__all__ = ["ExactSteps", "commuting_steps", "rotation_bytes"]

_LARGEST_CACHE = 1 << 30  # bytes of prepared rotations that are kept
_LANES = 16


@dataclass(eq=False)
class ExactSteps:
    """Applies exact steps to a state in place, and keeps prepared rotations for the way back.

    Parameters
    ----------
    system : LatticeSystem
        Whose Hamiltonian a step follows unless it names its own.
    threads : int, optional
        Number of threads; all that Numba has by default.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> steps = ExactSteps(lattice_system(Lattice.chain(2), (1, 0), hopping=1.0))
    >>> state = np.array([[1.0], [0.0]], dtype=complex)
    >>> error = steps.apply(state, ExactStep(0, np.pi / 2))
    >>> state.round(9).ravel() + 0
    array([0.+0.j, 0.-1.j])
    """

    system: LatticeSystem
    threads: int | None = None
    prepared: OrderedDict[tuple[LatticeSystem, int, float, float], Rotations] = field(default_factory=OrderedDict)

    def apply(self, state: ComplexTensor, step: ExactStep) -> float:
        """Apply a step in place and return an estimate of its round-off, the 2-norm of the error."""
        system = self.system if step.system is None else step.system
        if step.time == 0:
            return 0.0
        rotations = self._rotations(system, step)
        apply_to_axis(
            state,
            step.species,
            rotations,
            system.particles[step.species],
            inverse=step.time < 0,
            threads=self.threads,
        )
        return step_error(system, step, state.dtype)

    def _rotations(self, system: LatticeSystem, step: ExactStep) -> Rotations:
        key = (system, step.species, step.weight, abs(step.time))
        found = self.prepared.pop(key, None)
        if found is None:
            found = prepare_rotations(
                system.hopping_matrix(step.species),
                system.potential_of_others(step.species, step.weight),
                abs(step.time),
                threads=self.threads,
            )
        self.prepared[key] = found
        while len(self.prepared) > 1 and sum(one.nbytes for one in self.prepared.values()) > _LARGEST_CACHE:
            self.prepared.popitem(last=False)
        return found


def step_error(system: LatticeSystem, step: ExactStep, dtype: np.dtype[np.complexfloating]) -> float:
    """Return an estimate of the round-off of a step: of its rotations, and of phases that grow with time."""
    s = step.species
    sites, particles = system.lattice.sites, system.particles[s]
    felt = np.abs(system.potentials[s]).max(initial=0.0) + abs(step.weight) * _strongest(system, s)
    energy = float(np.abs(system.hopping_matrix(s)).sum(axis=1).max(initial=0.0) + felt)
    rounding = float(np.finfo(dtype).eps)
    # Measured errors grow as 0.2 ε L; angles are prepared in double precision whatever the state is.
    return rounding * (1 + 0.5 * sites) + float(np.finfo(float).eps) * particles * energy * abs(step.time)


def rotation_bytes(system: LatticeSystem, species: int) -> int:
    """Return about how much memory the prepared rotations of one step take, in bytes.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> rotation_bytes(lattice_system(Lattice.chain(4), (2, 2), interaction=1.0), 0)
    4144
    """
    sites = system.lattice.sites
    columns = system.dimension // system.dims[species] if system.interacts(species) else 1
    rotations = sites * (sites - 1) // 2
    # Four coefficients of each rotation and a complex scale of each site, side by side for 16 columns.
    return 8 * (_LANES * (4 * rotations + 2 * sites) + rotations) * -(-columns // _LANES)


def commuting_steps(system: LatticeSystem, time: float) -> tuple[ExactStep, ...] | None:
    """Return exact steps whose product is exp(−iHt), or None if H does not fall into parts that commute.

    It does where no two species that move act on each other: then each moves among the resting ones.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> commuting_steps(lattice_system(Lattice.chain(4), (2, 2), interaction=1.0), 1.0) is None
    True
    >>> len(commuting_steps(lattice_system(Lattice.chain(4), (2, 2)), 1.0))
    2
    """
    parts = _commuting_parts(system)
    return None if parts is None else tuple(ExactStep(s, time, 1.0, part) for s, part in enumerate(parts))


@functools.lru_cache(maxsize=16)
def _commuting_parts(system: LatticeSystem) -> tuple[LatticeSystem, ...] | None:
    count = len(system.dims)
    moving = [system.moves(s) for s in range(count)]
    if not system.moves_freely or any(
        moving[s] and moving[other] and system.interaction[s, other].any() for s, other in system.pairs
    ):
        return None
    parts = []
    for s in range(count):
        # Each pair is counted once: with the one that moves, or with the first if both rest.
        own = [other for other in range(count) if other != s and (moving[s] or (not moving[other] and s < other))]
        interaction = np.zeros_like(system.interaction)
        for other in own:
            interaction[s, other] = interaction[other, s] = system.interaction[s, other]
        parts.append(replace(system, interaction=interaction))
    return tuple(parts)


def _strongest(system: LatticeSystem, species: int) -> float:
    return float(np.abs(system.interaction[species]).sum(axis=0).max(initial=0.0))
