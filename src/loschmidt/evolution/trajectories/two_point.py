"""Measurements of system and environment before and after a unitary: what a trajectory is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError, ShapeError
from loschmidt.evolution.trajectories.measured_state import ROUND_OFF, MeasuredState, measured_state
from loschmidt.processes.dilations.dilation import WEIGHT_CUT, Dilation
from loschmidt.processes.dilations.energy_blocks import levels_with_basis
from loschmidt.processes.thermal_operations.operation import ThermalOperation
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import (
    BooleanArray,
    ComplexMatrix,
    ComplexTensor,
    IntegerArray,
    OperatorLike,
    RealTensor,
    RealVector,
    StateLike,
)

__all__ = ["TwoPointMeasurement", "two_point_measurement"]

_CHUNK = 2**20  # transition probabilities that are held at once


@dataclass(frozen=True, eq=False)
class TwoPointMeasurement:
    r"""What is measured before and after a unitary; see :func:`two_point_measurement`.

    .. math:: P_F(\alpha\mu\to\beta\nu) = T(\beta\nu|\alpha\mu)\,p_\alpha q_\mu,\qquad
        P_B(\beta\nu\to\alpha\mu) = T(\beta\nu|\alpha\mu)\,p'_\beta q_\nu,\qquad
        T = |\langle\psi'_\beta\nu|U|\psi_\alpha\mu\rangle|^2

    Attributes
    ----------
    unitary : (d_S, d_E, d_S, d_E)
        ⟨m ν|U|n μ⟩ between eigenstates n, m of the system's energy and μ, ν of the environment's start.
    initial, final : MeasuredState
        ρ_S and ρ'_S with their eigenstates α and β.
    log_environment : (d_E,)
        ln q_μ of the environment's start, -inf for what is not occupied. The backward process starts from the same.
    """

    unitary: ComplexTensor
    initial: MeasuredState
    final: MeasuredState
    log_environment: RealVector

    @property
    def dims(self) -> tuple[int, int]:
        """(d_S, d_E)."""
        return self.initial.dimension, len(self.log_environment)

    @cached_property
    def environment(self) -> RealVector:
        """q_μ (d_E,)."""
        with np.errstate(under="ignore"):  # a population of 1e-400 is zero, and that is right
            return np.asarray(np.exp(self.log_environment))

    @cached_property
    def environment_occupied(self) -> BooleanArray:
        """Environment states (d_E,) with q_μ > 0, also where it is too small for a number of double precision."""
        occupied: BooleanArray = self.log_environment > -np.inf
        return occupied

    @property
    def reversed(self) -> TwoPointMeasurement:
        """The backward process: the transpose of U in the energy eigenbasis, from the conjugate of the final state."""
        return TwoPointMeasurement(
            self.unitary.transpose(2, 3, 0, 1), self.final.conjugate, self.initial.conjugate, self.log_environment
        )

    def transition_probabilities(self, environment_states: IntegerArray) -> RealTensor:
        """Return T(βν|αμ) (d_S, d_E, d_S, k), axes β, ν, α and the k environment states μ asked for.

        Probabilities up to 1e-28, squares of round-off in an amplitude, are zero.
        """
        amplitudes = self.unitary[..., environment_states]
        d, e, _, k = amplitudes.shape
        left = (self.final.eigenstates.conj().T @ amplitudes.reshape(d, -1)).reshape(d * e, d, k)
        return _squares(self.initial.eigenstates.T @ left).reshape(d, e, d, k)

    def outcome_probabilities(self, starts: IntegerArray, environment_starts: IntegerArray) -> RealTensor:
        """Return T(βν|αμ) (k, d_S·d_E), outcomes β·d_E + ν, of k starts α and μ (k,)."""
        d, e = self.dims
        amplitudes = np.zeros((d, e, len(starts)), dtype=np.complex128)
        for level, kets in enumerate(self.initial.eigenstates[:, starts]):
            amplitudes += kets * self.unitary[:, :, level, environment_starts]
        found = _squares(self.final.eigenstates.conj().T @ amplitudes.reshape(d, -1))
        return np.ascontiguousarray(found.reshape(d * e, -1).T)

    def chunks(self) -> list[IntegerArray]:
        """Return groups of occupied environment states μ whose transition probabilities fit into the caches."""
        return self._groups(np.nonzero(self.environment_occupied)[0])

    def all_chunks(self) -> list[IntegerArray]:
        """Return the same for all environment states, occupied or not."""
        return self._groups(np.arange(self.dims[1]))

    def start_groups(self, count: int) -> list[IntegerArray]:
        """Return the numbers below `count` in groups of as many starts as may be evolved at once."""
        d, e = self.dims
        return _groups(np.arange(count), d * d * e)

    def count_events(self) -> tuple[int, int]:
        """Return how many pairs of measurements (αμ, βν) can occur, and how many with the levels n and m recorded.

        Examples
        --------
        >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
        >>> qubit = np.diag([0.0, 1.0])
        >>> operation = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, 1.0), 0.5)
        >>> two_point_measurement(operation, np.diag([0.75, 0.25])).count_events()
        (6, 6)
        """
        n_records = (self.initial.level_given_eigenstate > 0).sum(axis=0) * self.initial.occupied
        m_records = (self.final.level_given_eigenstate > 0).sum(axis=0) * self.final.occupied
        events = np.zeros((2, len(m_records), len(n_records)), dtype=np.int64)
        for states in self.chunks():
            events[0] += (self.transition_probabilities(states) > 0).sum(axis=(1, 3))
        events[0] *= self.final.occupied[:, None] * self.initial.occupied
        events[1] = events[0] * m_records[:, None] * n_records
        return int(events[0].sum()), int(events[1].sum())

    def _groups(self, states: IntegerArray) -> list[IntegerArray]:
        d, e = self.dims
        return _groups(states, d * d * e)


def two_point_measurement(
    process: ThermalOperation | Dilation, state: StateLike, system_hamiltonian: OperatorLike | None = None
) -> TwoPointMeasurement:
    r"""Return the two-point-measurement scheme of a process for one initial state.

    At the start the eigenstate α of ρ_S and the eigenstate μ of the environment are measured, at the end β of
    :math:`\rho'_S = \Phi(\rho_S)` and ν. The energy levels n of α and m of β are a second record, which is taken on
    copies: α, n and β, m are not compatible.

    Parameters
    ----------
    process : ThermalOperation or Dilation
        A thermal operation with any number of environments, or any unitary with a reservoir state. Give the former for
        cold environments: it knows ln q, while a state that is handed in loses populations below 1e-15.
    state : (d_S, d_S) or ket (d_S,)
        One initial state.
    system_hamiltonian : (d_S, d_S), optional
        For a dilation that has none; zeros if there is no energy to record, and ξ = 0.

    Raises
    ------
    NotAStateError, NotHermitianError, ShapeError
        If an argument is not what it must be.
    InputError
        If the Hamiltonian is missing, or given twice.

    Notes
    -----
    :cite:t:`santos2019`, Eqs. (32) to (38) and (42). Where the start of the environment is degenerate, nothing depends
    on the choice of its eigenstates. The reference of the backward process is the start q_ν of the environment, not
    what it has become.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> measurement = two_point_measurement(ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.log(3))), [0, 1])
    >>> measurement.dims, measurement.final.populations.round(6)
    ((2, 2), array([0.25, 0.75]))
    """
    unitary, levels, log_environment = _in_eigenbases(process, system_hamiltonian)
    rho = as_density_matrix(state, "state", levels.dimension)
    if rho.ndim != 2:
        raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}. Loop over the stack.")
    initial = measured_state(levels.to_eigenbasis(rho), levels)
    with np.errstate(under="ignore"):
        final = _image(unitary, initial.state, np.asarray(np.exp(log_environment)))
    return TwoPointMeasurement(unitary, initial, measured_state(final, levels), log_environment)


def _in_eigenbases(
    process: ThermalOperation | Dilation, system_hamiltonian: OperatorLike | None
) -> tuple[ComplexTensor, EnergyLevels, RealVector]:
    """Return ⟨m ν|U|n μ⟩ (d_S, d_E, d_S, d_E), the levels of the system, and ln q (d_E,)."""
    known = process.system_hamiltonian
    if known is not None and system_hamiltonian is not None:
        raise InputError("`system_hamiltonian` must be left out for a process that has one, but it was passed.")
    if isinstance(process, ThermalOperation):
        return process.energy_unitary, process.frame.system, process.frame.log_populations
    if known is None and system_hamiltonian is None:
        raise InputError(
            "The populations of energy levels need the system's Hamiltonian, but the dilation has none. "
            "Pass `system_hamiltonian`; zeros if there is no energy to record."
        )
    d, r = process.dims
    levels = levels_with_basis(known if system_hamiltonian is None else system_hamiltonian, d)
    weights, states = _reservoir_eigenstates(process.reservoir_state)
    basis = np.kron(levels.basis, states)
    unitary = process.unitary if (basis == np.eye(d * r)).all() else basis.conj().T @ process.unitary @ basis
    occupied = weights > WEIGHT_CUT
    logarithms = np.where(occupied, np.log(np.where(occupied, weights, 1.0)), -np.inf)
    return np.ascontiguousarray(unitary).reshape(d, r, d, r), levels, logarithms


def _reservoir_eigenstates(state: ComplexMatrix) -> tuple[RealVector, ComplexMatrix]:
    diagonal = state.diagonal()
    if (state == np.diag(diagonal)).all():
        return diagonal.real.copy(), np.eye(len(state), dtype=np.complex128)
    weights, vectors = np.linalg.eigh(state)
    return weights, vectors


def _image(unitary: ComplexTensor, state: ComplexMatrix, weights: RealVector) -> ComplexMatrix:
    """Return Σ q_μ ⟨ν|U|μ⟩ρ⟨ν|U|μ⟩† (d, d), summed over ν and μ."""
    d, e = unitary.shape[:2]
    image = np.zeros((d, d), dtype=np.complex128)
    for states in _groups(np.arange(e), d * d * e):
        blocks = unitary[..., states]
        product = (state.T @ blocks.reshape(d * e, d, -1)).reshape(blocks.shape) * weights[states]
        image += product.reshape(d, -1) @ blocks.conj().reshape(d, -1).T
    return image


def _groups(states: IntegerArray, size: int) -> list[IntegerArray]:
    """Return the states in groups of as many as keep group times `size` within the chunk, at least one each."""
    width = max(1, _CHUNK // size)
    return [states[first : first + width] for first in range(0, len(states), width)]


def _squares(amplitudes: ComplexTensor) -> RealTensor:
    squares = amplitudes.real**2 + amplitudes.imag**2
    squares[squares <= ROUND_OFF] = 0.0
    return np.asarray(squares)
