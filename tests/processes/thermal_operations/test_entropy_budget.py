from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds
from tests.processes.thermal_operations.operations import (
    conserving,
    exchanging,
    names,
    some_states,
    temperatures,
    working,
)
from tests.reference import thermal_operations as slow

from loschmidt.errors import NotAStateError, ShapeError
from loschmidt.information import gibbs_relative_entropy, relative_entropy_of_coherence, von_neumann_entropy
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    energy_transfer,
    entropy_budget,
    random_thermal_operation,
    thermal_operation_by_exchange,
    thermal_operation_from_potential,
)
from loschmidt.states import gibbs_state, random_density_matrix, random_ket

QUBIT = np.diag([0.0, 1.0])
SWAP = np.eye(4)[[0, 2, 1, 3]]
betas = st.lists(temperatures, min_size=3, max_size=3)


@given(name=names, seed=seeds, betas=betas, conserve=st.booleans())
def test_every_account_is_what_its_definition_says(name, seed, betas, conserve):
    operation, rng = (conserving if conserve else working)(name, seed, betas)
    states = some_states(operation, rng, 2)
    budget = entropy_budget(operation, states)
    environments = [one.hamiltonian for one in operation.environments]
    for at, state in enumerate(states):
        used = betas[: len(environments)]
        expected = slow.budget(operation.unitary, operation.system_hamiltonian, environments, used, state)
        for account, value in expected.items():
            found = getattr(budget, account)
            found = found if account == "environment_entropy_before" else found[at]
            np.testing.assert_allclose(found, value, atol=1e-11, err_msg=account)
    assert {one.name for one in fields(budget)} - set(expected) == {"laws", "state_error", "conservation_error"}


@given(name=names, seed=seeds, betas=betas)
def test_entropy_is_produced_whatever_the_unitary(name, seed, betas):
    operation, rng = working(name, seed, betas)
    budget = entropy_budget(operation, some_states(operation, rng))
    for account in (
        "entropy_production",
        "environment_displacement",
        "mutual_information",
        "total_correlation",
        "system_coherence_after",
        "environment_coherence",
        "local_correlated_coherence",
        "degenerate_coherence",
    ):
        assert getattr(budget, account).min() > -1e-12, account
    np.testing.assert_allclose(
        budget.entropy_production,
        budget.population_entropy_production + budget.coherence_entropy_production,
        atol=1e-12,
    )


@given(name=names, seed=seeds, betas=betas)
def test_populations_and_coherence_each_produce_entropy(name, seed, betas):
    operation, rng = conserving(name, seed, betas)
    states = some_states(operation, rng)
    budget = entropy_budget(operation, states)
    assert budget.population_entropy_production.min() > -1e-12
    assert budget.coherence_entropy_production.min() > -1e-12
    np.testing.assert_allclose(budget.work, 0, atol=1e-12)
    assert budget.conservation_error < 1e-12
    # The population part is all that the state without coherence produces, several temperatures or not.
    pinched = entropy_budget(operation, operation.frame.system.from_eigenbasis(blocks(operation, states)))
    np.testing.assert_allclose(pinched.entropy_production, budget.population_entropy_production, atol=1e-11)
    np.testing.assert_allclose(pinched.heat, budget.heat, atol=1e-12)
    np.testing.assert_allclose(pinched.coherence_entropy_production, 0, atol=1e-12)


def blocks(operation, states):
    labels = operation.frame.system.labels
    return operation.frame.system.to_eigenbasis(states) * (labels[:, None] == labels)


def test_work_can_make_coherence_and_order():
    # A unitary that does work puts coherence into the system: Ξ < 0. One on a hot qubit can take entropy from Δρ.
    turn = np.kron(np.array([[1, 1], [1, -1]]) / math.sqrt(2), np.eye(2))
    operation = ThermalOperation(turn, QUBIT, GibbsEnvironment(QUBIT, 1.0), allow_work=True)
    budget = entropy_budget(operation, [1, 0])
    assert budget.coherence_entropy_production == pytest.approx(-math.log(2))
    assert budget.population_entropy_production == pytest.approx(math.log(2))
    assert budget.work == pytest.approx(0.5)
    assert budget.conservation_error > 1
    back = entropy_budget(operation, np.array([1, 1]) / math.sqrt(2))
    assert back.population_entropy_production == pytest.approx(-math.log(2))
    assert abs(back.entropy_production) < 1e-14


@given(seed=seeds, beta=st.floats(-1, 6), d=st.integers(2, 4))
def test_a_full_swap_hands_everything_over(seed, beta, d):
    rng = np.random.default_rng(seed)
    energy, state = np.diag(np.arange(float(d))), random_density_matrix(d, rng)
    swap = np.eye(d * d).reshape(d, d, d, d).transpose(1, 0, 2, 3).reshape(d * d, d * d)
    budget = entropy_budget(ThermalOperation(swap, energy, GibbsEnvironment(energy, beta)), state)
    divergence = gibbs_relative_entropy(state, energy, beta)
    coherence = relative_entropy_of_coherence(state, energy)
    assert budget.entropy_production == pytest.approx(divergence, abs=1e-12)
    assert budget.environment_displacement[0] == pytest.approx(divergence, abs=1e-12)
    assert budget.mutual_information == pytest.approx(0, abs=1e-12)
    assert budget.coherence_entropy_production == pytest.approx(coherence, abs=1e-12)
    assert budget.environment_coherence == pytest.approx(coherence, abs=1e-12)
    assert budget.system_coherence_after == pytest.approx(0, abs=1e-12)
    # What is left of it is correlated with nothing: the joint state is a product.
    assert budget.correlated_coherence == pytest.approx(0, abs=1e-12)
    assert budget.local_correlated_coherence == pytest.approx(0, abs=1e-12)


@given(angle=st.floats(0.05, 1.5), beta=st.floats(0.1, 6), population=st.floats(0.05, 0.95), part=st.floats(0, 0.99))
def test_two_qubits_in_closed_form(angle, beta, population, part):
    def h(p):
        return -p * math.log(p) - (1 - p) * math.log(1 - p)

    def entropy(up, coherence):
        radius = math.hypot(1 - 2 * up, 2 * coherence)
        return h((1 + radius) / 2)

    thermal = 1 / (1 + math.exp(beta))
    coherence = part * math.sqrt(population * (1 - population))
    state = [[1 - population, coherence], [coherence, population]]
    moved = math.sin(angle) ** 2
    after = population + moved * (thermal - population)
    budget = entropy_budget(thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, beta), angle), state)
    heat = moved * (thermal - population)
    gain = entropy(after, coherence * math.cos(angle)) - entropy(population, coherence)
    assert budget.heat[0] == pytest.approx(heat, abs=1e-13)
    assert budget.entropy_production == pytest.approx(gain - beta * heat, abs=1e-12)
    assert budget.population_entropy_production == pytest.approx(h(after) - h(population) - beta * heat, abs=1e-12)
    kept = h(after) - entropy(after, coherence * math.cos(angle))
    lost = h(population) - entropy(population, coherence) - kept
    assert budget.coherence_entropy_production == pytest.approx(lost, abs=1e-12)
    # The environment's coherence is that of the system times sin θ ⟨Z⟩ of the environment.
    out = thermal - moved * (thermal - population)
    amplitude = coherence * math.sin(angle) * math.tanh(beta / 2)
    assert budget.environment_coherence == pytest.approx(h(out) - entropy(out, amplitude), abs=1e-12)


def test_the_counterexample_to_a_positive_correlated_coherence():
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 6.0), 0.76)
    budget = entropy_budget(operation, np.sqrt([0.84, 0.16]))
    assert budget.correlated_coherence == pytest.approx(-0.03246932, abs=1e-8)
    assert budget.coherence_entropy_production == pytest.approx(0.19204045, abs=1e-8)
    assert budget.environment_coherence == pytest.approx(0.22450977, abs=1e-8)
    assert budget.local_correlated_coherence == pytest.approx(0.06829342, abs=1e-8)
    assert budget.degenerate_coherence == pytest.approx(0.10076274, abs=1e-8)
    assert budget.laws.largest_residual < 1e-13


def test_a_qutrit_goes_further_below_zero():
    # |1, 0⟩ goes half way to |0, 1⟩ and |2, 0⟩ all the way to |1, 1⟩, from a pure state beside a qubit at T = 0.
    potential = np.zeros((6, 6))
    potential[2, 1] = potential[1, 2] = math.pi / 4
    potential[4, 3] = potential[3, 4] = math.pi / 2
    operation = thermal_operation_from_potential(potential, np.diag([0.0, 1, 2]), GibbsEnvironment(QUBIT, math.inf))
    budget = entropy_budget(operation, np.sqrt([0.24, 0.52, 0.24]))
    assert budget.correlated_coherence < -0.35
    assert budget.local_correlated_coherence > 0
    assert budget.laws.largest_residual < 1e-13
    assert budget.entropy_production == math.inf
    assert math.isfinite(budget.coherence_entropy_production)


def test_zero_temperature():
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, math.inf), 0.5)
    plus = np.array([1, 1]) / math.sqrt(2)
    budget = entropy_budget(operation, np.stack([np.outer(plus, plus), np.diag([1.0, 0])]))
    assert budget.entropy_production.tolist()[0] == math.inf
    assert budget.population_entropy_production[0] == math.inf
    assert budget.environment_displacement[0, 0] == math.inf
    # Nothing happens to the ground state, and 0 · inf is not taken for something.
    np.testing.assert_allclose(budget.entropy_production[1], 0, atol=1e-14)
    np.testing.assert_allclose(budget.entropy_flux[1], 0, atol=1e-14)
    for at, lost in ((0, 0.5 * math.sin(0.5) ** 2), (1, 0.0)):
        assert budget.heat[at, 0] == pytest.approx(-lost, abs=1e-15)
    np.testing.assert_allclose(budget.laws.clausius.residual, 0, atol=1e-14)
    np.testing.assert_allclose(budget.laws.reeb_wolf.residual, 0, atol=1e-14)
    assert budget.laws.entropy is None


@given(name=exchanging, seed=seeds)
def test_zero_temperature_in_any_basis(name, seed):
    operation, rng = conserving(name, seed, [math.inf] * 3)
    levels = operation.frame.system
    ground = levels.basis[:, levels.labels == 0]
    within = ground @ random_density_matrix(ground.shape[1], rng) @ ground.conj().T
    budget = entropy_budget(operation, np.stack([within, some_states(operation, rng, 1)[0]]))
    # In the ground level entropy may only be shared with a degenerate environment; from above energy goes for ever.
    assert math.isfinite(budget.entropy_production[0])
    assert budget.entropy_production[0] > -1e-12
    np.testing.assert_allclose(budget.heat[0], 0, atol=1e-13)
    assert budget.entropy_production[1] == budget.population_entropy_production[1] == math.inf
    assert budget.coherence_entropy_production.min() > -1e-12
    assert budget.laws.largest_residual < 1e-12


def test_infinite_and_negative_temperature():
    for beta in (0.0, -0.7):
        rng = np.random.default_rng(2)
        operation = random_thermal_operation(np.diag([0.0, 1, 2]), GibbsEnvironment(np.diag([0.0, 1, 1]), beta), rng)
        budget = entropy_budget(operation, random_density_matrix(3, rng))
        assert budget.laws.largest_residual < 1e-13
        assert budget.entropy_production > 0.01
        if beta == 0:
            change = budget.system_entropy_after - budget.system_entropy_before
            assert budget.entropy_production == pytest.approx(change, abs=1e-14)


def test_equilibrium_produces_nothing():
    operation, _ = conserving("degenerate system", 3, [0.7])
    budget = entropy_budget(operation, gibbs_state(operation.system_hamiltonian, 0.7))
    for account in ("entropy_production", "mutual_information", "environment_displacement", "heat"):
        np.testing.assert_allclose(getattr(budget, account), 0, atol=1e-13)


def test_an_environment_that_is_not_touched():
    rng = np.random.default_rng(4)
    near, far = GibbsEnvironment(QUBIT, 1.0, "near"), GibbsEnvironment(QUBIT, 0.2, "far")
    both = thermal_operation_by_exchange(QUBIT, [near, far], [0.6, 0.0])
    alone = thermal_operation_by_exchange(QUBIT, near, 0.6)
    state = random_density_matrix(2, rng)
    two, one = entropy_budget(both, state), entropy_budget(alone, state)
    assert two.environment_displacement[1] == pytest.approx(0, abs=1e-14)
    assert two.heat[1] == pytest.approx(0, abs=1e-15)
    for account in ("entropy_production", "coherence_entropy_production", "total_correlation", "environment_coherence"):
        assert getattr(two, account) == pytest.approx(getattr(one, account), abs=1e-13)


def test_heat_flows_from_hot_to_cold_through_the_system():
    hot, cold = GibbsEnvironment(QUBIT, 0.1, "hot"), GibbsEnvironment(QUBIT, 3.0, "cold")
    operation = thermal_operation_by_exchange(QUBIT, [hot, cold], [0.8, 0.8])
    states = np.array([np.diag([1 - p, p]) for p in (0.0, 0.25, 0.5)])
    budget = entropy_budget(operation, states)
    assert (budget.heat[:, 0] > 0).all()
    assert (budget.heat[:, 1] < 0).all()
    expected = budget.heat.sum(axis=-1)
    np.testing.assert_allclose(budget.system_energy_after - budget.system_energy_before, expected, atol=1e-14)
    assert (budget.total_correlation > budget.mutual_information).all()


@pytest.mark.parametrize(("steps", "expected"), [(1, 3.31), (4, 0.587), (16, 0.130), (64, 0.0316)])
def test_erasure_by_swaps(steps, expected):
    # A degenerate memory is swapped with qubits of rising gap, up to 8 T: the more steps, the less entropy.
    state, produced, heat = np.eye(2) / 2, 0.0, 0.0
    for k in range(1, steps + 1):
        bath = GibbsEnvironment(8 * k / steps * QUBIT, 1.0)
        operation = ThermalOperation(SWAP, np.zeros((2, 2)), bath, allow_work=True)
        budget = entropy_budget(operation, state)
        produced, heat = produced + budget.entropy_production, heat - budget.heat[0]
        state = operation.channel(state)
    assert float(f"{produced:.3g}") == expected
    lost = math.log(2) - von_neumann_entropy(state)
    assert heat - lost == pytest.approx(produced, abs=1e-12)
    assert heat > lost > 0.69


def test_batches_are_the_same_as_loops(monkeypatch):
    operation, rng = conserving("two baths", 1, [0.5, 2.0])
    states = random_density_matrix(3, rng, batch=(2, 5))
    budget = entropy_budget(operation, states)
    assert budget.heat.shape == (2, 5, 2)
    assert budget.laws.clausius.left.shape == (2, 5)
    monkeypatch.setattr("loschmidt.processes.thermal_operations.joint_accounts._CHUNK", 2 * 12**2)
    chunked = entropy_budget(operation, states)
    for at in np.ndindex(2, 5):
        single = entropy_budget(operation, states[at])
        assert np.shape(single.entropy_production) == ()
        for account in ("entropy_production", "correlated_coherence", "environment_displacement", "joint_entropy"):
            np.testing.assert_allclose(getattr(budget, account)[at], getattr(single, account), atol=1e-13)
            np.testing.assert_allclose(getattr(chunked, account)[at], getattr(single, account), atol=1e-13)


def test_errors_bound_what_is_lost():
    operation, rng = conserving("oscillators", 1, [0.5])
    budget = entropy_budget(operation, random_ket(3, rng))
    assert 1e-15 < budget.state_error < 1e-12
    nearly = operation.unitary * (1 + 2e-11)
    worse = entropy_budget(
        ThermalOperation(nearly, operation.system_hamiltonian, operation.environments), np.eye(3) / 3
    )
    assert worse.state_error > 1e-10
    difference = worse.joint_entropy - worse.system_entropy_before - worse.environment_entropy_before[0]
    assert 1e-12 < abs(difference) < worse.state_error * 50


def test_a_wrong_grouping_would_be_seen():
    # Dephasing in the product basis instead of the levels of the total energy breaks (27) and (28).
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 1.0), 0.7)
    state = [[0.4, 0.3], [0.3, 0.6]]
    assert entropy_budget(operation, state).laws.largest_residual < 1e-14
    object.__setattr__(operation.frame.total, "labels", np.arange(4))
    broken = entropy_budget(operation, state).laws
    assert broken.populations.residual > 1e-2
    assert broken.coherence.residual > 1e-2
    assert abs(broken.clausius.residual) < 1e-14


@given(name=exchanging, seed=seeds)
def test_retained_coherence_is_bounded(name, seed):
    operation, rng = conserving(name, seed, [1.0] * 3)
    transfer = energy_transfer(operation)
    if transfer.mode_mixing > 1e-12:
        return
    levels = operation.frame.system
    state = random_density_matrix(operation.dims[0], rng)
    after, before = (np.abs(levels.to_eigenbasis(one)) for one in (operation.channel(state), state))
    off = ~np.eye(len(before), dtype=bool)
    assert (after <= transfer.retention_bound * before + 1e-14)[off].all()


def test_border():
    operation, _ = conserving("two qubits", 1, [1.0])
    with pytest.raises(NotAStateError, match="`state` must have trace 1"):
        entropy_budget(operation, np.eye(2))
    with pytest.raises(ShapeError, match="`state` must be 2 × 2"):
        entropy_budget(operation, np.eye(3) / 3)
