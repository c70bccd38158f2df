from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds
from tests.processes.thermal_operations.operations import conserving, names, some_states, temperatures, working
from tests.reference import thermal_operations as slow

from loschmidt.errors import InputError, NotFiniteError, NotHermitianError, NotUnitaryError, ShapeError
from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation, energy_frame
from loschmidt.processes.thermal_operations.frame import as_environments
from loschmidt.states import random_unitary

QUBIT = np.diag([0.0, 1.0])
SWAP = np.eye(4)[[0, 2, 1, 3]]


@given(name=names, seed=seeds, betas=st.lists(temperatures, min_size=3, max_size=3))
def test_the_parts_are_what_they_are_called(name, seed, betas):
    operation, rng = working(name, seed, betas)
    baths = operation.environments
    energies = [one.hamiltonian for one in baths]
    np.testing.assert_allclose(operation.environment_hamiltonian, slow.total_hamiltonian(energies), atol=1e-14)
    start = np.eye(1)
    for one in baths:
        np.testing.assert_allclose(one.state, slow.gibbs(one.hamiltonian, one.beta), atol=1e-13)
        start = np.kron(start, one.state)
    joint = np.kron(some_states(operation, rng, 1)[0], start)
    total = slow.total_hamiltonian([operation.system_hamiltonian, *energies])
    after = operation.unitary @ joint @ operation.unitary.conj().T
    state = slow.reduced(joint, operation.dims, [0])
    np.testing.assert_allclose(operation.channel(state), slow.reduced(after, operation.dims, [0]), atol=1e-13)
    commutator = operation.unitary @ total - total @ operation.unitary
    expected = np.linalg.norm(commutator) / np.ptp(np.linalg.eigvalsh(total))
    assert operation.conservation_defect == pytest.approx(expected, rel=1e-9)
    assert operation.leakage > 1e-2


@given(name=names, seed=seeds, betas=st.lists(temperatures, min_size=3, max_size=3))
def test_the_frame_is_that_of_the_total_energy(name, seed, betas):
    operation, _ = conserving(name, seed, betas)
    frame = operation.frame
    total = slow.total_hamiltonian([operation.system_hamiltonian, *(one.hamiltonian for one in operation.environments)])
    np.testing.assert_allclose(frame.leave(np.diag(frame.total.energies).astype(complex)), total, atol=1e-12)
    np.testing.assert_allclose(frame.enter(frame.leave(total)), total, atol=1e-12)
    assert len(frame.total.members) == len(slow.projectors(total))
    np.testing.assert_allclose(np.exp(frame.log_populations).sum(), 1, atol=1e-14)
    weights = np.kron(np.eye(frame.dims[0]), np.diag(np.exp(frame.log_populations)))
    start = operation.dilation.reservoir_state
    np.testing.assert_allclose(frame.leave(weights.astype(complex)), np.kron(np.eye(frame.dims[0]), start), atol=1e-13)
    assert operation.conserves_energy
    assert not operation.frame.total.ambiguous


@given(name=names, seed=seeds, betas=st.lists(temperatures, min_size=3, max_size=3))
def test_no_element_connects_different_energies(name, seed, betas):
    operation, _ = conserving(name, seed, betas)
    d, r = operation.frame.pair
    energies = operation.frame.total.energies.reshape(d, r)
    apart = np.abs(energies[:, :, None, None] - energies) > 1e-6
    assert np.abs(operation.energy_unitary[apart]).max(initial=0) < 1e-14
    assert operation.leakage < 1e-13
    assert operation.exchanges_energy == (name != "only one energy")


@given(name=names, seed=seeds, betas=st.lists(temperatures, min_size=3, max_size=3))
def test_heat_is_an_observable_of_the_initial_state(name, seed, betas):
    operation, rng = working(name, seed, betas)
    states = some_states(operation, rng)
    joint = operation.dilation.joint_state(states)
    for k, one in enumerate(operation.environments, start=1):
        for state, after in zip(states, joint, strict=True):
            lost = np.trace(one.hamiltonian @ (one.state - slow.reduced(after, operation.dims, [k]))).real
            assert np.vdot(operation.heat_operators[k - 1], state).real == pytest.approx(lost, abs=1e-13)


def test_a_cold_environment_loses_no_digits():
    # At βω = 40 the system is warmed with the probability e^{-40}, which no state of double precision shows.
    operation = ThermalOperation(SWAP, QUBIT, GibbsEnvironment(QUBIT, 40.0))
    (heat,) = operation.heat_operators
    assert heat[0, 0].real == pytest.approx(math.exp(-40) / (1 + math.exp(-40)), rel=1e-14)
    populations = GibbsEnvironment(np.diag([5.0, 4.0]), 1000.0)
    np.testing.assert_array_equal(populations.log_populations, [0.0, -1000.0])


def test_environments_at_every_temperature():
    energies = np.diag([1.0, 0.0, 0.0])
    np.testing.assert_allclose(GibbsEnvironment(energies, math.inf).populations, [0.5, 0.5, 0])
    assert GibbsEnvironment(energies, math.inf).log_populations[2] == -math.inf
    np.testing.assert_allclose(GibbsEnvironment(energies, 0).populations, np.full(3, 1 / 3))
    np.testing.assert_allclose(GibbsEnvironment(energies, -math.log(2)).populations, [0.25, 0.25, 0.5])
    operation = ThermalOperation(np.eye(12), QUBIT, [GibbsEnvironment(QUBIT, 1), GibbsEnvironment(energies, 2, "b")])
    assert operation.common_beta is None
    assert operation.betas.tolist() == [1, 2]
    assert operation.dims == (2, 2, 3)


def test_work_must_be_allowed():
    detuned = GibbsEnvironment(1.5 * QUBIT, 1.0)
    with pytest.raises(InputError, match=r"`unitary` must commute with the total energy.*2\.8e-01.*allow_work=True"):
        ThermalOperation(SWAP, QUBIT, detuned)
    operation = ThermalOperation(SWAP, QUBIT, detuned, allow_work=True)
    assert not operation.conserves_energy
    assert operation.conservation_defect == pytest.approx(math.sqrt(2) * 0.5 / 2.5)
    assert operation.leakage == pytest.approx(math.sqrt(2))
    assert operation.exchanges_energy


def test_a_resonance_that_is_missed_by_round_off_is_one():
    operation = ThermalOperation(SWAP, QUBIT, GibbsEnvironment(QUBIT * (1 + 1e-13), 1.0))
    assert operation.conserves_energy
    assert energy_frame(QUBIT, GibbsEnvironment(1.001 * QUBIT, 1.0)).can_exchange_energy is False


QUTRIT = GibbsEnvironment(np.diag([0.0, 1.0, 2.0]), 1.0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((SWAP, QUBIT, QUTRIT), ShapeError, "`unitary` must be 6 × 6"),
        ((SWAP[None], QUBIT, GibbsEnvironment(QUBIT, 1.0)), ShapeError, "`unitary` must be one matrix"),
        ((2 * SWAP, QUBIT, GibbsEnvironment(QUBIT, 1.0)), NotUnitaryError, "`unitary` must be unitary"),
        ((SWAP, [[0, 1], [0, 0]], GibbsEnvironment(QUBIT, 1.0)), NotHermitianError, "`system_hamiltonian`"),
        ((SWAP, QUBIT[None], GibbsEnvironment(QUBIT, 1.0)), ShapeError, "`system_hamiltonian` must be one matrix"),
        ((SWAP, QUBIT, []), InputError, "`environments` must be a GibbsEnvironment, or one or more"),
        ((np.eye(18), QUBIT, [QUTRIT, QUTRIT]), InputError, "different names, but they are .'environment'"),
    ],
)
def test_border(arguments, error, message):
    with pytest.raises(error, match=message):
        ThermalOperation(*arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((QUBIT, math.nan), NotFiniteError, "`beta` must be a real number"),
        ((QUBIT, -math.inf), NotFiniteError, "`beta` must be a real number"),
        (([[0, 1], [0, 0]], 1.0), NotHermitianError, "`hamiltonian` must be Hermitian"),
        ((QUBIT[None], 1.0), ShapeError, "`hamiltonian` must be one matrix"),
        ((QUBIT, 1.0, ""), InputError, "`name` must be a text"),
    ],
)
def test_border_of_environments(arguments, error, message):
    with pytest.raises(error, match=message):
        GibbsEnvironment(*arguments)


def test_what_is_no_environment_is_refused():
    with pytest.raises(InputError, match="`environments` must be a GibbsEnvironment"):
        as_environments([QUBIT])


def test_a_unitary_that_mixes_a_little_is_refused():
    rng = np.random.default_rng(5)
    generator = random_unitary(4, rng)
    nearly = SWAP @ (generator * np.exp(1e-8j * np.arange(4))) @ generator.conj().T
    with pytest.raises(InputError, match="must commute"):
        ThermalOperation(nearly, QUBIT, GibbsEnvironment(QUBIT, 1.0))
