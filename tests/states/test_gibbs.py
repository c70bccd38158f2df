from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import NotFiniteError, NotHermitianError
from loschmidt.states import gibbs_state, log_partition_function, random_hamiltonian, random_unitary

seeds = st.integers(0, 2**32 - 1)
betas = st.floats(-30, 30)


@given(d=st.integers(1, 9), seed=seeds, beta=betas)
def test_against_the_matrix_exponential(d, seed, beta):
    from scipy.linalg import expm

    hamiltonian = random_hamiltonian(d, np.random.default_rng(seed), scale=0.3)
    exponential = expm(-beta * (hamiltonian - np.trace(hamiltonian) / d * np.eye(d)))
    state = gibbs_state(hamiltonian, beta)
    np.testing.assert_allclose(state, exponential / np.trace(exponential), atol=1e-11)
    assert abs(np.trace(state) - 1) < 1e-14
    expected = np.log(np.trace(exponential).real) - beta * np.trace(hamiltonian).real / d
    np.testing.assert_allclose(log_partition_function(hamiltonian, beta), expected, atol=1e-10)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("beta", [-2.0, 0.0, 0.7, 1000.0, math.inf])
def test_only_the_product_of_energy_and_beta_counts(scale, beta):
    hamiltonian = random_hamiltonian(4, np.random.default_rng(7))
    np.testing.assert_allclose(
        gibbs_state(hamiltonian * scale, beta / scale), gibbs_state(hamiltonian, beta), atol=1e-12
    )


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_zero_temperature_shares_a_degenerate_ground_level(scale):
    basis = random_unitary(4, np.random.default_rng(8))
    hamiltonian = scale * (basis * [0, 0, 1, 2]) @ basis.conj().T
    hamiltonian = (hamiltonian + hamiltonian.conj().T) / 2
    np.testing.assert_allclose(
        gibbs_state(hamiltonian, math.inf), (basis * [0.5, 0.5, 0, 0]) @ basis.conj().T, atol=1e-14
    )


def test_limits():
    hamiltonian = np.diag([0.0, 1.0, 5.0])
    np.testing.assert_array_equal(gibbs_state(hamiltonian, 0), np.eye(3) / 3)
    np.testing.assert_array_equal(gibbs_state(hamiltonian, math.inf), np.diag([1, 0, 0]))
    np.testing.assert_array_equal(gibbs_state(hamiltonian, 1e308), np.diag([1, 0, 0]))
    np.testing.assert_array_equal(gibbs_state(hamiltonian, -1e308), np.diag([0, 0, 1]))
    assert log_partition_function(hamiltonian, 0) == pytest.approx(math.log(3))
    assert log_partition_function(hamiltonian, math.inf) == 0
    assert log_partition_function(np.diag([0.0, 0.0, 5.0]), math.inf) == pytest.approx(math.log(2))
    assert log_partition_function(hamiltonian + np.eye(3), math.inf) == -math.inf
    assert log_partition_function(hamiltonian - np.eye(3), math.inf) == math.inf
    assert log_partition_function(np.diag([-1.0, 1.0]), 1e4) == 1e4


def test_small_populations_keep_their_digits():
    assert gibbs_state(np.diag([0.0, 1.0]), 600)[1, 1].real == pytest.approx(math.exp(-600), rel=1e-12)


def test_stacks_give_stacks():
    stack = random_hamiltonian(3, np.random.default_rng(9), batch=(2, 4))
    for beta in (0.5, math.inf):
        states, logarithms = gibbs_state(stack, beta), log_partition_function(stack, beta)
        assert states.shape == (2, 4, 3, 3)
        assert logarithms.shape == (2, 4)
        np.testing.assert_allclose(states[1, 2], gibbs_state(stack[1, 2], beta), atol=1e-14)


def test_border():
    with pytest.raises(NotHermitianError, match="`hamiltonian` must be Hermitian"):
        gibbs_state([[0, 1], [0, 0]], 1.0)
    with pytest.raises(NotFiniteError, match="`beta`"):
        gibbs_state(np.eye(2), math.nan)
    with pytest.raises(NotFiniteError, match="`hamiltonian`"):
        log_partition_function([[math.nan, 0], [0, 1]], 1.0)
