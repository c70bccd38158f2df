"""The measurement scheme: which eigenstates, which levels, and transition probabilities that are doubly stochastic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.evolution.trajectories.processes import QUBIT, ladder_operation, random_dilation
from tests.physics import dimensions, random_hermitian, random_state, seeds

from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.evolution.trajectories import two_point_measurement
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation


@given(seed=seeds, d=dimensions, e=dimensions)
def test_transitions_are_doubly_stochastic_and_give_the_final_populations(seed, d, e):
    rng = np.random.default_rng(seed)
    dilation = random_dilation(rng, d, e)
    measurement = two_point_measurement(dilation, random_state(rng, d))
    transitions = measurement.transition_probabilities(np.arange(e))
    assert np.allclose(transitions.sum(axis=(0, 1)), 1, atol=1e-13)
    assert np.allclose(transitions.sum(axis=(2, 3)), 1, atol=1e-13)
    forward = np.einsum("bvau,a,u->b", transitions, measurement.initial.populations, measurement.environment)
    assert np.allclose(forward, measurement.final.populations, atol=1e-13)


@given(seed=seeds, d=dimensions, e=dimensions)
def test_final_state_is_that_of_the_channel(seed, d, e):
    rng = np.random.default_rng(seed)
    dilation, state = random_dilation(rng, d, e), random_state(rng, d, 1)
    measurement = two_point_measurement(dilation, state)
    basis = np.linalg.eigh(dilation.system_hamiltonian)[1]
    # Up to the phases of the eigenvectors: by what does not depend on them.
    expected = basis.conj().T @ dilation.channel(state) @ basis
    assert np.allclose(np.abs(measurement.final.state), np.abs(expected), atol=1e-13)
    assert np.allclose(measurement.final.level_populations, expected.diagonal().real, atol=1e-13)


@given(seed=seeds)
def test_backward_process_has_the_same_transitions(seed):
    rng = np.random.default_rng(seed)
    measurement = two_point_measurement(random_dilation(rng, 3, 2), random_state(rng, 3))
    forward = measurement.transition_probabilities(np.arange(2))
    backward = measurement.reversed.transition_probabilities(np.arange(2))
    assert np.allclose(backward, forward.transpose(2, 3, 0, 1), atol=1e-14)
    rows = measurement.outcome_probabilities(np.array([0, 2, 1]), np.array([1, 0, 1]))
    assert np.allclose(rows, forward.reshape(6, 3, 2)[:, [0, 2, 1], [1, 0, 1]].T, atol=1e-14)


def test_degenerate_populations_are_resolved_by_energy():
    rng = np.random.default_rng(5)
    hamiltonian = random_hermitian(rng, 3)
    dilation = Dilation(np.eye(6), np.eye(2) / 2, (3, 2), hamiltonian)
    measurement = two_point_measurement(dilation, np.eye(3) / 3)
    assert np.allclose(measurement.initial.level_given_eigenstate, np.eye(3), atol=1e-12)


def test_degenerate_energies_are_resolved_by_the_state():
    rng = np.random.default_rng(6)
    state = random_state(rng, 3)
    measurement = two_point_measurement(ladder_operation(rng, levels=(0.0, 1.0, 1.0)), state)
    blocks = [*np.linalg.eigvalsh(state[1:, 1:]), state[0, 0].real]
    assert np.allclose(np.sort(measurement.initial.level_populations), np.sort(blocks), atol=1e-13)
    assert np.allclose(measurement.initial.level_given_eigenstate.sum(axis=0), 1, atol=1e-13)


def test_thermal_operation_knows_logarithms_that_its_dilation_has_lost():
    operation = ThermalOperation(np.eye(4)[[0, 2, 1, 3]], QUBIT, GibbsEnvironment(QUBIT, 800.0))
    cold = two_point_measurement(operation, [1, 0])
    lost = two_point_measurement(operation.dilation, [1, 0])
    assert cold.log_environment.tolist() == [0.0, -800.0]
    assert lost.log_environment.tolist() == [0.0, -np.inf]
    assert cold.environment_occupied.all()
    assert not lost.environment_occupied.all()


def test_pure_state_has_one_occupied_eigenstate():
    measurement = two_point_measurement(random_dilation(np.random.default_rng(1), 4, 3), [0.5, 0.5, 0.5, 0.5j])
    assert measurement.initial.rank == 1
    assert np.isneginf(measurement.initial.log_populations).sum() == 3


def test_missing_hamiltonian_is_said():
    dilation = Dilation(np.eye(4), np.eye(2) / 2, (2, 2))
    with pytest.raises(InputError, match="Pass `system_hamiltonian`"):
        two_point_measurement(dilation, [1, 0])
    assert two_point_measurement(dilation, [1, 0], np.zeros((2, 2))).dims == (2, 2)


def test_second_hamiltonian_is_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(InputError, match="must be left out"):
        two_point_measurement(random_dilation(rng, 2, 2), [1, 0], QUBIT)


def test_stack_of_states_is_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(ShapeError, match="Loop over the stack"):
        two_point_measurement(random_dilation(rng, 2, 2), np.stack([np.eye(2) / 2] * 3))
    with pytest.raises(NotAStateError):
        two_point_measurement(random_dilation(rng, 2, 2), np.eye(2))
