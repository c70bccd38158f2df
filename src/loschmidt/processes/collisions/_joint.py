"""The joint state of a system and its ancillas, as one matrix on which collisions act where they happen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from loschmidt.processes.channels.channel import Channel
from loschmidt.states.product import reduced_matrices
from loschmidt.typing import ComplexMatrix

__all__ = ["JointState"]


@dataclass(eq=False)
class JointState:
    """A matrix on system ⊗ ancillas; with fresh ancillas (reset = 1) only the one that is met next is in it.

    Examples
    --------
    >>> swap = np.eye(4, dtype=complex)[[0, 2, 1, 3]][None]
    >>> joint = JointState(np.diag([0, 1 + 0j]), swap, np.diag([1 + 0j, 0])[None], (0,), 0.0, None)
    >>> joint.collide(0)
    >>> joint.system().real.diagonal()
    array([1., 0.])
    """

    operator: ComplexMatrix
    unitaries: ComplexMatrix
    ancilla_states: ComplexMatrix
    visits: tuple[int, ...]
    reset: float | None
    memory_channel: Channel | None
    matrix: ComplexMatrix = field(init=False)

    def __post_init__(self) -> None:
        self.matrix = self.operator
        for state in self._kept_states(0):
            self.matrix = np.kron(self.matrix, state)

    @property
    def dims(self) -> tuple[int, ...]:
        """Dimensions of the system and of every ancilla that is kept."""
        ancilla = self.ancilla_states.shape[-1]
        system = self.unitaries.shape[-1] // ancilla
        return (system, *[ancilla] * (1 if self.reset == 1 else len(self.ancilla_states)))

    def collide(self, step: int) -> None:
        """Let the system collide with the ancilla of this step."""
        unitary = self.unitaries[step % len(self.unitaries)]
        position = self._position(step)
        for _ in range(2):  # U X, and its adjoint times U: the adjoint of U X U†
            self.matrix = self._left(unitary, position).conj().T
        self.matrix = np.ascontiguousarray(self.matrix)

    def forget(self, step: int) -> None:
        """Do to every ancilla what happens to it between this step and the next."""
        if self.reset == 0:
            return
        if self.reset == 1:
            (fresh,) = self._kept_states(step + 1)
            self.matrix = np.kron(self.system(), fresh)
            return
        for number in range(1, len(self.dims)):
            before, after = math.prod(self.dims[:number]), math.prod(self.dims[number + 1 :])
            blocks = self.matrix.reshape(before, self.dims[number], after, before, self.dims[number], after)
            self.matrix = self._forgotten(blocks, number - 1).reshape(self.matrix.shape)

    def system(self) -> ComplexMatrix:
        """Return the operator of the system (d_S, d_S)."""
        return reduced_matrices(self.matrix, self.dims, [0])

    def memory(self) -> ComplexMatrix:
        """Return the operator of all kept ancillas together."""
        return reduced_matrices(self.matrix, self.dims, range(1, len(self.dims)))

    def visited(self, step: int) -> ComplexMatrix:
        """Return the operator (d_A, d_A) of the ancilla that this step meets."""
        return reduced_matrices(self.matrix, self.dims, [self._position(step)])

    def ancilla_sum(self) -> ComplexMatrix:
        """Return the sum of the operators (d_A, d_A) of the kept ancillas, all that an energy of theirs depends on."""
        parts = [reduced_matrices(self.matrix, self.dims, [number]) for number in range(1, len(self.dims))]
        return np.asarray(sum(parts))

    def forgotten_sum(self, step: int) -> ComplexMatrix:
        """Return the sum that the memory loss of this step has left, with the visited ancilla fresh if all are."""
        fresh: ComplexMatrix = self.ancilla_states[self.visits[step % len(self.visits)]]
        return fresh if self.reset == 1 else self.ancilla_sum()

    def _position(self, step: int) -> int:
        return 1 if self.reset == 1 else 1 + self.visits[step % len(self.visits)]

    def _kept_states(self, step: int) -> ComplexMatrix:
        if self.reset == 1:
            return np.asarray(self.ancilla_states[self.visits[step % len(self.visits)]][None])
        return self.ancilla_states

    def _left(self, unitary: ComplexMatrix, position: int) -> ComplexMatrix:
        system, ancilla = self.dims[0], self.dims[position]
        between = math.prod(self.dims[1:position])
        parts = self.matrix.reshape(system, between, ancilla, -1)
        moved = np.tensordot(unitary.reshape(system, ancilla, system, ancilla), parts, axes=([2, 3], [0, 2]))
        return np.asarray(moved.transpose(0, 2, 1, 3)).reshape(self.matrix.shape)

    def _forgotten(self, blocks: ComplexMatrix, number: int) -> ComplexMatrix:
        if self.memory_channel is not None:
            # Column-stacked: S[(b', a'), (b, a)] takes |a><b| to |a'><b'|.
            d = blocks.shape[1]
            tensor = self.memory_channel.superoperator.reshape(d, d, d, d)
            return np.ascontiguousarray(np.einsum("tsba,iajkbl->isjktl", tensor, blocks, optimize=True))
        reset = self.reset or 0.0
        replaced = np.einsum("iajkal,st->isjktl", blocks, self.ancilla_states[number])
        return np.asarray((1 - reset) * blocks + reset * replaced)
