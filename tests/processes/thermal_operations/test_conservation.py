"""Every identity, each side by its own route: to 1e-12 where it holds, and far off where it does not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds
from tests.processes.thermal_operations.operations import (
    SPECTRA,
    conserving,
    exchanging,
    names,
    some_states,
    temperatures,
    working,
)

from loschmidt.processes.thermal_operations import GibbsEnvironment, Identity, ThermalOperation, entropy_budget
from loschmidt.processes.thermal_operations.joint_accounts import block_entropy
from loschmidt.states import random_density_matrix, random_unitary

FOR_EVERY_UNITARY = {"clausius", "reeb_wolf", "local_correlations"}
OF_ONE_TEMPERATURE = {"relative_entropy", "population_relative_entropy", "entropy"}
ALWAYS = {
    "populations",
    "coherence",
    "coherence_production",
    "correlated_coherence",
    "local_correlated_coherence",
} | FOR_EVERY_UNITARY
betas = st.lists(temperatures, min_size=3, max_size=3)


@pytest.mark.parametrize("name", sorted(SPECTRA))
@given(seed=seeds, betas=betas, same=st.booleans())
def test_all_hold_if_energy_is_conserved(name, seed, betas, same):
    operation, rng = conserving(name, seed, [betas[0]] * 3 if same else betas)
    laws = entropy_budget(operation, some_states(operation, rng)).laws
    applicable = ALWAYS | (OF_ONE_TEMPERATURE if operation.common_beta is not None else set())
    assert {one for one, _ in laws.items()} == applicable
    for one, identity in laws.items():
        np.testing.assert_allclose(identity.residual, 0, atol=1e-12, err_msg=one)
    assert laws.largest_residual < 1e-12


@pytest.mark.parametrize("name", sorted(SPECTRA))
@given(seed=seeds, betas=betas)
def test_three_hold_for_every_unitary_and_the_others_do_not(name, seed, betas):
    operation, rng = working(name, seed, betas)
    laws = entropy_budget(operation, some_states(operation, rng)).laws
    for one, identity in laws.items():
        if one in FOR_EVERY_UNITARY:
            np.testing.assert_allclose(identity.residual, 0, atol=1e-12, err_msg=one)
    for one in ("populations", "coherence", "coherence_production", "correlated_coherence"):
        assert np.abs(getattr(laws, one).residual).max() > 1e-4, one


@given(seed=seeds, beta=st.floats(0.2, 3))
def test_work_breaks_those_of_the_relative_entropy(seed, beta):
    operation, rng = working("oscillators", seed, [beta])
    budget = entropy_budget(operation, some_states(operation, rng))
    for one in OF_ONE_TEMPERATURE:
        residual = np.abs(getattr(budget.laws, one).residual)
        np.testing.assert_allclose(residual, np.abs(beta * budget.work), atol=1e-12)
        assert residual.max() > 1e-4


@given(name=exchanging, seed=seeds)
def test_the_temperature_is_that_of_the_start(name, seed):
    # The same unitary beside an environment that started at another temperature: (26) tells.
    operation, rng = conserving(name, seed, [1.0] * 3)
    state = some_states(operation, rng, 1)[0]
    laws = entropy_budget(operation, state).laws
    warmer = [GibbsEnvironment(one.hamiltonian, 0.8, one.name) for one in operation.environments]
    other = entropy_budget(ThermalOperation(operation.unitary, operation.system_hamiltonian, warmer), state).laws
    assert abs(Identity(laws.entropy.left, other.entropy.right).residual) > 1e-9
    assert abs(Identity(laws.clausius.left, other.clausius.right).residual) > 1e-9


def test_one_bath_makes_both_forms_of_clausius_one():
    operation, rng = working("oscillators", 3, [0.7])
    laws = entropy_budget(operation, some_states(operation, rng)).laws
    np.testing.assert_allclose(laws.clausius.right - laws.reeb_wolf.right, laws.clausius.left - laws.reeb_wolf.left)
    several, rng = working("three baths", 3, [0.7, 0.2, 2.0])
    budget = entropy_budget(several, some_states(several, rng))
    assert (budget.total_correlation - budget.mutual_information > 1e-3).all()


@given(seed=seeds, size=st.integers(1, 7), levels=st.integers(1, 4))
def test_entropy_of_blocks(seed, size, levels):
    rng = np.random.default_rng(seed)
    labels, states = rng.integers(0, levels, size), random_density_matrix(size, rng, batch=(2, 3))
    expected = states * (labels[:, None] == labels)
    values = np.linalg.eigvalsh(expected)
    np.testing.assert_allclose(block_entropy(states, labels), -(values * np.log(values)).sum(axis=-1), atol=1e-12)


def test_identities_with_infinite_sides():
    identity = Identity(np.array([1.0, math.inf, math.inf, math.nan]), np.array([0.5, math.inf, 1.0, 1.0]))
    np.testing.assert_array_equal(identity.residual, [0.5, 0.0, math.inf, math.nan])
    assert Identity(np.float64(2.0), np.float64(1.0)).residual == 1.0


@given(name=names, seed=seeds)
def test_local_turns_inside_levels_change_nothing(name, seed):
    # A unitary of the system or of an environment that keeps its own energy, after the operation.
    operation, rng = conserving(name, seed, [0.5, 1.5, 1.0])
    frame = operation.frame
    turn = np.ones((1, 1))
    for levels in (frame.system, *(one.levels for one in frame.environments)):
        inside = np.zeros((levels.dimension,) * 2, dtype=complex)
        for label in range(levels.count):
            members = np.nonzero(levels.labels == label)[0]
            inside[np.ix_(members, members)] = random_unitary(len(members), rng)
        turn = np.kron(turn, levels.from_eigenbasis(inside))
    other = ThermalOperation(turn @ operation.unitary, operation.system_hamiltonian, operation.environments)
    state = some_states(operation, rng, 1)[0]
    one, two = entropy_budget(operation, state), entropy_budget(other, state)
    for account in (
        "entropy_production",
        "coherence_entropy_production",
        "correlated_coherence",
        "degenerate_coherence",
    ):
        assert getattr(one, account) == pytest.approx(getattr(two, account), abs=1e-11)
