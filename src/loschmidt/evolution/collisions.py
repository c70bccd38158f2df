"""Follow a system through a chain of collisions with ancillas that may remember it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError
from loschmidt.evolution.progress import progress_reporter
from loschmidt.processes.collisions.chain import CollisionChain
from loschmidt.processes.collisions.lap import LapModel
from loschmidt.processes.collisions.walk import TwoLevelWalk
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

__all__ = ["CollisionEvolution", "CollisionProcess", "follow_collisions"]

CollisionProcess = CollisionChain | TwoLevelWalk | LapModel

#: Dynamical maps are made up to this dimension of the system; they cost d² runs.
_LARGEST_MAPPED = 8


@dataclass(frozen=True, eq=False)
class CollisionEvolution:
    """The course of a collision process of T steps; entry 0 is the start.

    Attributes
    ----------
    process : CollisionChain, TwoLevelWalk or LapModel
        What happened.
    states : (T + 1, d, d)
        The system.
    mutual_information : (T + 1,) or None
        Between system and ancillas, after the memory loss of the step, in nats.
    memory_entropies, joint_entropies : (T + 1,) or None
        Of the ancillas, and of all together, in nats.
    energies : (T + 1,) or None
        Energy of the system.
    maps : (T + 1, d², d²) or None
        Dynamical maps Φ_t as superoperators on column-stacked states.

    Examples
    --------
    >>> from loschmidt import evolve
    >>> from loschmidt.processes.collisions import lap_model
    >>> evolve(lap_model(2, p_up=0.2, reset=0.0), [1, 0], 4).states.shape
    (5, 2, 2)
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "collisions"

    process: CollisionProcess
    states: ComplexMatrix
    mutual_information: RealVector | None
    memory_entropies: RealVector | None
    joint_entropies: RealVector | None
    energies: RealVector | None
    maps: ComplexMatrix | None

    @property
    def steps(self) -> int:
        """Number T of steps."""
        return len(self.states) - 1


def follow_collisions(
    process: CollisionProcess, state: StateLike, steps: int, *, progress: bool = False
) -> CollisionEvolution:
    """Return the course of a collision process; see :func:`~loschmidt.evolution.evolve.evolve`.

    Raises
    ------
    InputError and its subclasses
        If `steps` is not a positive whole number, the state does not fit, or the memory does not suffice.
    """
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        raise InputError(f"`times` must be the number of steps, a positive whole number, but it is {steps!r}.")
    with progress_reporter("colliding", enabled=progress) as report:
        if isinstance(process, LapModel):
            return _follow_lap(process, state, int(steps))
        maps = process.maps(int(steps), report=report) if process.channel.dimension_in <= _LARGEST_MAPPED else None
        if isinstance(process, TwoLevelWalk):
            walk = process.run(int(steps), state, keep_states=True, report=report)
            assert walk.states is not None
            return CollisionEvolution(process, walk.states, walk.mutual_information, None, None, None, maps)
        chain = process.run(int(steps), state, report=report)
        energies = None
        if chain.system_energies is not None and process.system_hamiltonian is not None:
            start = float(np.vdot(process.system_hamiltonian, chain.states[0]).real)
            energies = start + np.concatenate([[0.0], np.cumsum(chain.system_energies)])
        return CollisionEvolution(
            process,
            chain.states,
            chain.mutual_information,
            chain.memory_entropies,
            chain.joint_entropies,
            energies,
            maps,
        )


def _follow_lap(process: LapModel, state: StateLike, steps: int) -> CollisionEvolution:
    """The maps of a lap model are known in closed form for any number of systems."""
    rho = as_density_matrix(state, "state", 2)
    maps = process.maps(steps)
    columns = maps @ rho.reshape(-1, order="F")
    states = columns.reshape(-1, 2, 2).swapaxes(-1, -2)
    return CollisionEvolution(process, states, None, None, None, None, maps)
