"""What a collision chain leaves behind: states, entropies, correlations, and who got which energy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loschmidt.processes.collisions._block_entropy import entropy_by_blocks
from loschmidt.processes.collisions._joint import JointState
from loschmidt.processes.collisions.divisibility import entropy_backflow, largest_entropy_drop
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["ChainRun", "follow_chain"]


@dataclass(frozen=True, eq=False)
class ChainRun:
    """The course of a collision chain of T steps; a step is a collision, then the memory loss of the ancillas.

    Attributes
    ----------
    states : (T + 1, d_S, d_S)
        The system, at the start and after each step.
    entropies : (T + 1,)
        Its von Neumann entropy, in nats.
    memory_entropies, joint_entropies : (T + 1,) or None
        Entropy of the ancillas together and of all together, after the memory loss; with fresh ancillas, of the one
        that is met next.
    mutual_information : (T + 1,) or None
        I between system and ancillas, after the memory loss: what the next collision can give back.
    created_information : (T,) or None
        I right after each collision, before the memory loss.
    system_energies, ancilla_energies : (T,) or None
        Energy that the system and the ancilla gain in each collision; None without the Hamiltonian.
    reset_energies : (T,) or None
        Energy that the memory loss gives to the ancillas.

    Examples
    --------
    >>> from loschmidt.processes.collisions import collision_chain
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> run = collision_chain(swap, np.eye(2) / 2, memory="retained").run(2, [1, 0])
    >>> run.entropies.round(6), round(run.backflow, 6)
    (array([0.      , 0.693147, 0.      ]), 0.693147)
    """

    states: ComplexMatrix
    entropies: RealVector
    memory_entropies: RealVector | None
    joint_entropies: RealVector | None
    mutual_information: RealVector | None
    created_information: RealVector | None
    system_energies: RealVector | None
    ancilla_energies: RealVector | None
    reset_energies: RealVector | None

    @property
    def backflow(self) -> float:
        """B = Σ max(0, S_t - S_{t+1}), in nats."""
        return float(entropy_backflow(self.entropies))

    @property
    def work(self) -> RealVector | None:
        """Work (T,) of switching each collision on and off, what both sides gain; None without both Hamiltonians."""
        if self.system_energies is None or self.ancilla_energies is None:
            return None
        return np.asarray(self.system_energies + self.ancilla_energies)

    def is_monotone(self, tolerance: float = 1e-9) -> bool:
        """Return whether no step lowers the system's entropy by more than `tolerance`."""
        return float(largest_entropy_drop(self.entropies)) <= tolerance


def follow_chain(
    joint: JointState,
    steps: int,
    hamiltonians: tuple[ComplexMatrix | None, ComplexMatrix | None],
    correlations: bool,
    report: Callable[[float], None] | None,
) -> ChainRun:
    """Run a chain to its end."""
    system_energy, ancilla_energy = hamiltonians
    states, kept, created = [joint.system()], [_entropies(joint)] if correlations else [], []
    gains: list[list[float]] = [[], [], []]
    for step in range(steps):
        met = joint.visited(step)
        joint.collide(step)
        if correlations:
            created.append(_information(*_entropies(joint)))
        gains[0] += _gain(system_energy, joint.system() - states[-1])
        gains[1] += _gain(ancilla_energy, joint.visited(step) - met)
        before = joint.ancilla_sum()
        joint.forget(step)
        gains[2] += _gain(ancilla_energy, joint.forgotten_sum(step) - before)
        states.append(joint.system())
        if correlations:
            kept.append(_entropies(joint))
        if report is not None:
            report((step + 1) / steps)
    energies = [np.array(values) if values else None for values in gains]
    if not correlations:
        entropies = np.array([entropy_by_blocks(state) for state in states])
        return ChainRun(np.array(states), entropies, None, None, None, None, *energies)
    system, memory, together = np.array(kept).T
    information = np.array([_information(*row) for row in kept])
    return ChainRun(np.array(states), system, memory, together, information, np.array(created), *energies)


def _entropies(joint: JointState) -> tuple[float, float, float]:
    """Return the entropies of the system, of the ancillas together and of all, in nats."""
    return entropy_by_blocks(joint.system()), entropy_by_blocks(joint.memory()), entropy_by_blocks(joint.matrix)


def _information(system: float, memory: float, together: float) -> float:
    return system + memory - together


def _gain(hamiltonian: ComplexMatrix | None, change: ComplexMatrix) -> list[float]:
    """Return the energy of a change of state, in a list that is empty without a Hamiltonian."""
    return [] if hamiltonian is None else [float(np.einsum("ij,ji->", hamiltonian, change).real)]
