from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.information import beta_free_energy, free_energy, gibbs_relative_entropy, von_neumann_entropy
from loschmidt.states import gibbs_state, log_partition_function, random_density_matrix, random_hamiltonian

seeds = st.integers(0, 2**32 - 1)
betas = st.floats(0.05, 5) | st.floats(-5, -0.05)


@given(seed=seeds, d=st.integers(1, 5), beta=betas)
def test_free_energy_is_equilibrium_plus_relative_entropy(seed, d, beta):
    rng = np.random.default_rng(seed)
    states, hamiltonian = random_density_matrix(d, rng, batch=(3,)), random_hamiltonian(d, rng)
    above = gibbs_relative_entropy(states, hamiltonian, beta) - log_partition_function(hamiltonian, beta)
    np.testing.assert_allclose(free_energy(states, hamiltonian, beta), above / beta, atol=1e-10)
    np.testing.assert_allclose(beta_free_energy(states, hamiltonian, beta), above, atol=1e-10)


@given(seed=seeds, beta=betas)
def test_the_gibbs_state_has_the_equilibrium_value(seed, beta):
    hamiltonian = random_hamiltonian(3, np.random.default_rng(seed))
    value = beta_free_energy(gibbs_state(hamiltonian, beta), hamiltonian, beta)
    assert value == pytest.approx(-log_partition_function(hamiltonian, beta), abs=1e-11)


def test_limits():
    hamiltonian, state = np.diag([0.0, 1.0]), np.diag([0.25, 0.75])
    entropy = von_neumann_entropy(state)
    assert free_energy(state, hamiltonian, math.inf) == 0.75
    assert free_energy(state, hamiltonian, 0) == -math.inf
    assert beta_free_energy(state, hamiltonian, 0) == -entropy
    assert free_energy(state, hamiltonian, 2) == pytest.approx(0.75 - entropy / 2, abs=1e-15)
    assert free_energy(state, hamiltonian, -2) == pytest.approx(0.75 + entropy / 2, abs=1e-15)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_scales(scale):
    rng = np.random.default_rng(1)
    state, hamiltonian = random_density_matrix(3, rng), random_hamiltonian(3, rng)
    scaled = free_energy(state, hamiltonian * scale, 2 / scale)
    assert scaled == pytest.approx(scale * free_energy(state, hamiltonian, 2), rel=1e-12)


def test_stacks():
    rng = np.random.default_rng(2)
    states, hamiltonians = random_density_matrix(2, rng, batch=(4, 1)), random_hamiltonian(2, rng, batch=(3,))
    values = free_energy(states, hamiltonians, 1.5)
    assert values.shape == (4, 3)
    assert values[2, 1] == pytest.approx(free_energy(states[2, 0], hamiltonians[1], 1.5), abs=1e-14)
    np.testing.assert_array_equal(free_energy(states[:, 0], hamiltonians[0], 0), [-math.inf] * 4)


def test_border():
    state = np.eye(2) / 2
    with pytest.raises(InputError, match="must be finite, but it is inf"):
        beta_free_energy(state, state, math.inf)
    with pytest.raises(NotFiniteError, match="`beta`"):
        free_energy(state, state, math.nan)
    with pytest.raises(ShapeError):
        free_energy(state, np.eye(3), 1.0)
    with pytest.raises(ShapeError, match="broadcast"):
        free_energy(np.array([state] * 2), np.array([state] * 3), 1.0)
    with pytest.raises(NotAStateError):
        free_energy(np.diag([1.2, -0.2]), state, 1.0)
