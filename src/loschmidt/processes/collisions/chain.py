"""A system collides with ancillas, one a step: what they remember decides whether its history can be cut in pieces."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from loschmidt.checks import as_density_matrix, as_hermitian, as_unitary
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.collisions._border import MEMORY_LIMIT, as_count, as_probability, check_memory
from loschmidt.processes.collisions._joint import JointState
from loschmidt.processes.collisions._superoperators import superoperators_from_runs
from loschmidt.processes.collisions.chain_run import ChainRun, follow_chain
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.typing import ComplexMatrix, OperatorLike, StateLike

__all__ = ["CollisionChain", "Memory", "collision_chain"]

#: What happens to every ancilla after each step: nothing; replacement by a fresh one, always or with a probability;
#: or a channel.
Memory = Literal["fresh", "retained"] | float | Channel


@dataclass(frozen=True, eq=False)
class CollisionChain:
    """Collisions of one system with a ring of ancillas; build one with :func:`collision_chain`.

    Attributes
    ----------
    unitaries : (N, d_S d_A, d_S d_A)
        Collisions on system ⊗ ancilla, used in turn.
    ancilla_states : (n, d_A, d_A)
        Fresh states of the n ancillas, in which they also start.
    visits : tuple of int
        Which ancilla each step meets, used in turn.
    reset : float or None
        Probability r of replacement by a fresh ancilla after a step; None where `memory_channel` says what happens.
    memory_channel : Channel or None
        What happens to each ancilla after each step.
    system_hamiltonian, ancilla_hamiltonian : (d_S, d_S), (d_A, d_A) or None
        For the energy that is exchanged.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> chain = collision_chain(swap, [1, 0], memory="retained")
    >>> chain.run(2, [0, 1]).states[:, 1, 1].real
    array([1., 0., 1.])
    """

    unitaries: ComplexMatrix
    ancilla_states: ComplexMatrix
    visits: tuple[int, ...]
    reset: float | None
    memory_channel: Channel | None
    system_hamiltonian: ComplexMatrix | None
    ancilla_hamiltonian: ComplexMatrix | None

    @property
    def dims(self) -> tuple[int, int]:
        """(d_S, d_A), dimensions of the system and of one ancilla."""
        ancilla = int(self.ancilla_states.shape[-1])
        return int(self.unitaries.shape[-1]) // ancilla, ancilla

    @property
    def joint_dimension(self) -> int:
        """Dimension of what has to be followed exactly: d_S d_A^n, or d_S d_A with fresh ancillas."""
        system, ancilla = self.dims
        return math.prod([system] + [ancilla] * (1 if self.reset == 1 else len(self.ancilla_states)))

    def memory_bytes(self) -> float:
        """Return an estimate of what :meth:`run` takes, in bytes."""
        return 6 * 16.0 * float(self.joint_dimension) ** 2

    def run(
        self,
        steps: int,
        initial: StateLike,
        *,
        correlations: bool = True,
        memory_limit: float = MEMORY_LIMIT,
        report: Callable[[float], None] | None = None,
    ) -> ChainRun:
        """Follow system and ancillas exactly.

        Parameters
        ----------
        steps : int
            Number of collisions, at least 1.
        initial : (d_S, d_S) or ket (d_S,)
            First state of the system, uncorrelated with the ancillas.
        correlations : bool
            Whether to compute entropies of ancillas and of the whole, which takes an eigenproblem of the joint
            dimension a step.
        memory_limit : float
            Bytes that the run may take.
        report : callable, optional
            Called with the finished fraction after each step.

        Returns
        -------
        ChainRun

        Raises
        ------
        ResourceError
            If the run would take more memory, with the estimate and what to do.
        NotAStateError, ShapeError, InputError
            If an argument is not what it must be.

        Examples
        --------
        >>> cnot = np.eye(4)[[0, 1, 3, 2]]
        >>> plus = np.array([1, 1]) / np.sqrt(2)
        >>> run = collision_chain(cnot, [1, 0], memory="retained").run(2, plus)
        >>> run.mutual_information.round(6) + 0.0
        array([0.      , 1.386294, 0.      ])
        """
        count = as_count(steps, "steps")
        state = as_density_matrix(initial, "initial", self.dims[0])
        if state.ndim != 2:
            raise ShapeError(f"`initial` must be one state ({self.dims[0]}, {self.dims[0]}), not {state.shape}.")
        self._check_memory(memory_limit)
        hamiltonians = (self.system_hamiltonian, self.ancilla_hamiltonian)
        return follow_chain(self._start(state), count, hamiltonians, correlations, report)

    def maps(
        self, steps: int, *, memory_limit: float = MEMORY_LIMIT, report: Callable[[float], None] | None = None
    ) -> ComplexMatrix:
        """Return the dynamical maps Φ_0, …, Φ_T of the system as superoperators (T + 1, d_S², d_S²), column-stacked.

        Raises
        ------
        ResourceError, InputError
            As :meth:`run`.

        Examples
        --------
        >>> swap = np.eye(4)[[0, 2, 1, 3]]
        >>> collision_chain(swap, [1, 0], memory="fresh").maps(1)[1].real.sum(axis=1)
        array([2., 0., 0., 0.])
        """
        count = as_count(steps, "steps")
        self._check_memory(memory_limit)

        def run(operator: ComplexMatrix) -> ComplexMatrix:
            joint = self._start(operator)
            states = [joint.system()]
            for step in range(count):
                joint.collide(step)
                joint.forget(step)
                states.append(joint.system())
            return np.array(states)

        return superoperators_from_runs(run, self.dims[0], report)

    def collision(self, step: int = 0) -> Dilation:
        """Return the collision of one step, with a fresh ancilla."""
        visited = self.visits[step % len(self.visits)]
        unitary = self.unitaries[step % len(self.unitaries)]
        hamiltonians = (self.system_hamiltonian, self.ancilla_hamiltonian)
        return Dilation(unitary, self.ancilla_states[visited], self.dims, *hamiltonians)

    @cached_property
    def dilation(self) -> Dilation:
        """The first collision."""
        return self.collision()

    @property
    def channel(self) -> Channel:
        """What the first collision does to the system."""
        return self.dilation.channel

    def _start(self, operator: ComplexMatrix) -> JointState:
        return JointState(operator, self.unitaries, self.ancilla_states, self.visits, self.reset, self.memory_channel)

    def _check_memory(self, limit: float) -> None:
        n, (system, ancilla) = len(self.ancilla_states), self.dims
        what = f"The joint state of the system and {n} ancillas, dimension {system}·{ancilla}^{n},"
        remedy = "Use fewer or smaller ancillas, or memory='fresh', which follows one at a time"
        check_memory(self.memory_bytes(), limit, what, remedy)


def collision_chain(
    unitaries: OperatorLike,
    ancilla_states: StateLike,
    *,
    memory: Memory | OperatorLike,
    ancillas: int | None = None,
    visits: Sequence[int] | None = None,
    system_hamiltonian: OperatorLike | None = None,
    ancilla_hamiltonian: OperatorLike | None = None,
) -> CollisionChain:
    r"""Return a collision model: a system meets n ancillas in turn, which remember what `memory` lets them.

    .. math:: \rho_{t+1} = \mathcal M^{\otimes n}\{U_t\,\rho_t\,U_t^\dagger\},\qquad
        \rho_0 = \rho\otimes\eta_1\otimes\dots\otimes\eta_n

    Parameters
    ----------
    unitaries : (d_S d_A, d_S d_A) or (N, d_S d_A, d_S d_A)
        Collision on system ⊗ ancilla, or one per step, used in turn.
    ancilla_states : (d_A, d_A), ket (d_A,), or (n, d_A, d_A)
        State of fresh ancillas, of all alike or of each.
    memory : "fresh", "retained", float or Channel
        What happens to every ancilla after each step: it is replaced by a fresh one, nothing, replacement with the
        probability r, or a channel of one ancilla (also as a superoperator (d_A², d_A²), column-stacked).
    ancillas : int, optional
        Number n of ancillas if all are alike, 1 if not given; each is met again after n steps.
    visits : sequence of int, optional
        Which ancilla each step meets, used in turn; 0, 1, …, n - 1 if not given.
    system_hamiltonian, ancilla_hamiltonian : (d_S, d_S), (d_A, d_A), optional
        For the energy that is exchanged.

    Returns
    -------
    CollisionChain

    Raises
    ------
    NotUnitaryError, NotAStateError, NotHermitianError, ShapeError, InputError
        If an argument is not what it must be, or the dimensions do not fit.

    Notes
    -----
    :cite:t:`ciccarello2022`. With fresh ancillas Φ_t is a product of channels, so the history is CP-divisible, and the
    entropy never falls if each is unital.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> collision_chain(swap, [1, 0], memory=0.5, ancillas=2).joint_dimension
    8
    """
    states = _as_states(ancilla_states, ancillas)
    collisions = as_unitary(unitaries, "unitaries")
    if collisions.ndim not in (2, 3) or collisions.shape[-1] % states.shape[-1]:
        raise ShapeError(
            f"`unitaries` must act on system ⊗ ancilla, of dimension a multiple of {states.shape[-1]}, one matrix or "
            f"a list of them, but the shape is {collisions.shape}."
        )
    collisions = collisions.reshape(-1, *collisions.shape[-2:])
    system, ancilla = collisions.shape[-1] // states.shape[-1], states.shape[-1]
    reset, channel = _as_memory(memory, ancilla)
    return CollisionChain(
        collisions,
        states,
        _as_visits(visits, len(states)),
        reset,
        channel,
        None if system_hamiltonian is None else as_hermitian(system_hamiltonian, "system_hamiltonian", system),
        None if ancilla_hamiltonian is None else as_hermitian(ancilla_hamiltonian, "ancilla_hamiltonian", ancilla),
    )


def _as_states(value: Any, ancillas: int | None) -> ComplexMatrix:
    if isinstance(value, (list, tuple)) and all(hasattr(one, "full") for one in value):
        value = [as_density_matrix(one, f"ancilla_states[{number}]") for number, one in enumerate(value)]
    states = as_density_matrix(value, "ancilla_states")
    if states.ndim == 2:
        number = 1 if ancillas is None else as_count(ancillas, "ancillas")
        return np.broadcast_to(states, (number, *states.shape)).copy()
    if states.ndim != 3 or ancillas not in (None, len(states)):
        raise ShapeError(
            f"`ancilla_states` must be one state (d_A, d_A) or one for each of the {ancillas or 'n'} ancillas, "
            f"(n, d_A, d_A), but its shape is {states.shape}."
        )
    return states


def _as_visits(visits: Sequence[int] | None, ancillas: int) -> tuple[int, ...]:
    if visits is None:
        return tuple(range(ancillas))
    chosen = tuple(visits)
    whole = all(isinstance(one, (int, np.integer)) and not isinstance(one, bool) for one in chosen)
    if not chosen or not whole or not all(0 <= one < ancillas for one in chosen):
        raise InputError(f"`visits` must name ancillas from 0 to {ancillas - 1}, but it is {visits!r}.")
    return tuple(int(one) for one in chosen)


def _as_memory(memory: Any, ancilla: int) -> tuple[float | None, Channel | None]:
    if isinstance(memory, str):
        if memory not in ("fresh", "retained"):
            raise InputError(f"`memory` must be 'fresh', 'retained', a probability or a channel, but it is {memory!r}.")
        return (1.0 if memory == "fresh" else 0.0), None
    if isinstance(memory, Channel) or np.ndim(memory) > 0:
        channel = memory if isinstance(memory, Channel) else Channel.from_superoperator(memory)
        if (channel.dimension_in, channel.dimension_out) != (ancilla, ancilla):
            raise ShapeError(
                f"`memory` must map one ancilla, of dimension {ancilla}, to itself, but it maps dimension "
                f"{channel.dimension_in} to {channel.dimension_out}."
            )
        return None, channel
    return as_probability(memory, "memory", ends=", retained to fresh"), None
