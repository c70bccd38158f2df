from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import entropies as reference

from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.information import gibbs_relative_entropy, relative_entropy, shannon_entropy, von_neumann_entropy
from loschmidt.states import (
    gibbs_state,
    product_state,
    random_density_matrix,
    random_hamiltonian,
    random_ket,
    random_unitary,
)

dimensions = st.integers(1, 9)
seeds = st.integers(0, 2**32 - 1)
QUBIT = np.array([[0.6, 0.1], [0.1, 0.4]])


def binary(p):
    return -p * math.log(p) - (1 - p) * math.log(1 - p)


# ── von Neumann and Shannon ──────────────────────────────────────────────────────────────────────────────────────────


@given(d=dimensions, seed=seeds, length=st.sampled_from([1, 3, 600]))
def test_entropy_is_its_slow_twin(d, seed, length):
    states = random_density_matrix(d, np.random.default_rng(seed), batch=(length,))
    values = von_neumann_entropy(states)
    assert values.shape == (length,)
    np.testing.assert_allclose(values[:3], [reference.entropy(state) for state in states[:3]], atol=1e-13)


def test_exact_entropies():
    assert von_neumann_entropy(np.eye(5) / 5) == pytest.approx(math.log(5), abs=1e-15)
    assert von_neumann_entropy(np.diag([0.5, 0.25, 0.25])) == pytest.approx(1.5 * math.log(2), abs=1e-15)
    assert von_neumann_entropy(QUBIT) == pytest.approx(binary(0.5 + math.sqrt(0.02)), abs=1e-15)
    assert von_neumann_entropy([1, 0]) == 0
    assert von_neumann_entropy(np.diag([1.0, 0.0, 0.0])) == 0
    assert shannon_entropy([0.5, 0.25, 0.25, 0.0]) == pytest.approx(1.5 * math.log(2), abs=1e-15)
    np.testing.assert_allclose(shannon_entropy([[1.0, 0.0], [0.5, 0.5]]), [0, math.log(2)])


def test_small_eigenvalues_count():
    p = 1e-13  # below the cut at 1e-12 that others make
    assert von_neumann_entropy(np.diag([1 - p, p])) == pytest.approx(p * (1 - math.log(p)), rel=1e-3)


@given(seed=seeds, d=st.integers(2, 6))
def test_entropy_is_invariant_and_additive(seed, d):
    rng = np.random.default_rng(seed)
    state, unitary, other = random_density_matrix(d, rng), random_unitary(d, rng), random_density_matrix(2, rng)
    entropy = von_neumann_entropy(state)
    assert von_neumann_entropy(unitary @ state @ unitary.conj().T) == pytest.approx(entropy, abs=1e-13)
    assert von_neumann_entropy(product_state(state, other)) == pytest.approx(
        entropy + von_neumann_entropy(other), abs=1e-13
    )
    ket = random_ket(d, rng)
    assert abs(von_neumann_entropy(ket)) < 1e-13


# ── relative entropy ─────────────────────────────────────────────────────────────────────────────────────────────────


@given(d=dimensions, seed=seeds)
def test_relative_entropy_is_its_slow_twin_and_not_negative(d, seed):
    rng = np.random.default_rng(seed)
    rho, sigma = random_density_matrix(d, rng, batch=(3,)), random_density_matrix(d, rng, batch=(3,))
    values = relative_entropy(rho, sigma)
    expected = [reference.relative_entropy(*pair) for pair in zip(rho, sigma, strict=True)]
    np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-12)
    assert (values > -1e-12).all()
    np.testing.assert_allclose(relative_entropy(rho, rho), 0, atol=1e-12)


def test_commuting_states_give_kullback_and_leibler():
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.25, 0.25, 0.5])
    expected = (p * np.log(p / q)).sum()
    assert relative_entropy(np.diag(p), np.diag(q)) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("d", [2, 3, 9])
def test_support(d):
    rng = np.random.default_rng(d)
    basis = random_unitary(d, rng)
    inside = np.outer(basis[:, 0], basis[:, 0].conj())
    values = np.zeros(d)
    values[:2] = 0.25, 0.75
    sigma = (basis * values) @ basis.conj().T
    smaller = np.outer(basis[:, 1], basis[:, 1].conj())
    assert relative_entropy(inside, sigma) == pytest.approx(math.log(4), abs=1e-12)
    assert relative_entropy(inside, smaller) == math.inf
    np.testing.assert_array_equal(
        relative_entropy(np.array([inside, smaller]), inside), [pytest.approx(0, abs=1e-12), math.inf]
    )
    assert relative_entropy(sigma, sigma) == pytest.approx(0, abs=1e-12)


def test_relative_entropy_is_not_clipped_at_zero():
    rng = np.random.default_rng(1)
    states = random_density_matrix(4, rng, batch=(200,))
    assert (relative_entropy(states, states) < 0).any()


def test_a_cold_reference_is_not_singular():
    # βω = 28: a reference population of 7e-13, which a cut at 1e-12 would take for zero.
    hamiltonian = np.diag([0.0, 28.0])
    expected = 28 * 0.4 + math.log1p(math.exp(-28)) - binary(0.5 + math.sqrt(0.02))
    assert expected == pytest.approx(10.547, abs=1e-3)
    assert relative_entropy(QUBIT, gibbs_state(hamiltonian, 1.0)) == pytest.approx(expected, rel=1e-14)
    assert gibbs_relative_entropy(QUBIT, hamiltonian, 1.0) == pytest.approx(expected, rel=1e-14)


def test_batches_broadcast():
    rng = np.random.default_rng(2)
    many, one = random_density_matrix(3, rng, batch=(4, 1)), random_density_matrix(3, rng, batch=(5,))
    values = relative_entropy(many, one)
    assert values.shape == (4, 5)
    assert values[2, 3] == pytest.approx(relative_entropy(many[2, 0], one[3]), abs=1e-12)
    assert relative_entropy(many[0, 0], one).shape == (5,)


# ── relative to a Gibbs state ────────────────────────────────────────────────────────────────────────────────────────


@given(d=dimensions, seed=seeds, beta=st.floats(-3, 3))
def test_hamiltonian_form_is_the_definition(d, seed, beta):
    rng = np.random.default_rng(seed)
    state, hamiltonian = random_density_matrix(d, rng, batch=(2,)), random_hamiltonian(d, rng, scale=0.5)
    expected = relative_entropy(state, gibbs_state(hamiltonian, beta))
    np.testing.assert_allclose(gibbs_relative_entropy(state, hamiltonian, beta), expected, atol=1e-9)


@pytest.mark.parametrize("beta", [1000.0, -1000.0, 1e300])
def test_very_cold_baths(beta):
    state = np.diag([0.25, 0.75])
    energy = 0.75 if beta > 0 else -0.25
    expected = beta * energy - binary(0.25)
    assert gibbs_relative_entropy(state, np.diag([0.0, 1.0]), beta) == pytest.approx(expected, rel=1e-14)
    assert gibbs_relative_entropy(state, np.diag([1e6, 1e6 + 1]), beta) == pytest.approx(expected, rel=1e-9)


def test_zero_temperature():
    hamiltonian = np.diag([-1.0, -1.0, 3.0])
    ground, excited = np.diag([0.5, 0.5, 0.0]), np.diag([0.5, 0.4, 0.1])
    assert gibbs_relative_entropy(ground, hamiltonian, math.inf) == pytest.approx(0, abs=1e-15)
    assert gibbs_relative_entropy([1, 0, 0], hamiltonian, math.inf) == pytest.approx(math.log(2))
    assert gibbs_relative_entropy(excited, hamiltonian, math.inf) == math.inf
    np.testing.assert_array_equal(
        gibbs_relative_entropy(np.array([ground, excited], dtype=complex), hamiltonian, math.inf) == math.inf,
        [False, True],
    )
    rotation = random_unitary(3, np.random.default_rng(3))
    turned = rotation @ hamiltonian @ rotation.conj().T
    turned = (turned + turned.conj().T) / 2
    state = rotation @ ground @ rotation.conj().T
    assert gibbs_relative_entropy(state, turned, math.inf) == pytest.approx(0, abs=1e-12)


@given(seed=seeds)
def test_infinite_temperature(seed):
    rng = np.random.default_rng(seed)
    state = random_density_matrix(4, rng)
    expected = math.log(4) - von_neumann_entropy(state)
    assert gibbs_relative_entropy(state, random_hamiltonian(4, rng), 0) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
@pytest.mark.parametrize("beta", [0.7, -0.7, 40.0, math.inf])
def test_only_the_product_of_energy_and_beta_counts(scale, beta):
    rng = np.random.default_rng(4)
    state, hamiltonian = random_density_matrix(3, rng, batch=(3,)), random_hamiltonian(3, rng)
    expected = gibbs_relative_entropy(state, hamiltonian, beta)
    np.testing.assert_allclose(gibbs_relative_entropy(state, hamiltonian * scale, beta / scale), expected, rtol=1e-12)


@pytest.mark.parametrize("beta", [0.5, math.inf])
def test_stacks_of_hamiltonians(beta):
    rng = np.random.default_rng(5)
    states, hamiltonians = random_density_matrix(3, rng, batch=(2,)), random_hamiltonian(3, rng, batch=(4, 2))
    values = gibbs_relative_entropy(states, hamiltonians, beta)
    assert values.shape == (4, 2)
    single = gibbs_relative_entropy(states[1], hamiltonians[3, 1], beta)
    np.testing.assert_allclose(values[3, 1], single, atol=1e-12)


# ── the border ───────────────────────────────────────────────────────────────────────────────────────────────────────

FUNCTIONS = {
    "von Neumann": von_neumann_entropy,
    "relative, first": lambda state: relative_entropy(state, np.eye(len(state)) / len(state)),
    "relative, second": lambda state: relative_entropy(np.eye(len(state)) / len(state), state),
    "to Gibbs": lambda state: gibbs_relative_entropy(state, np.diag(np.arange(len(state))), 1.0),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("form", [np.asarray, lambda state: np.asarray(state, dtype=complex)], ids=["real", "complex"])
def test_what_is_no_state_is_refused(function, form):
    with pytest.raises(NotAStateError, match="must be positive"):
        function(form(np.diag([1.2, -0.2])))
    with pytest.raises(NotAStateError, match="must have trace 1"):
        function(form(np.diag([0.5, 0.6])))
    with pytest.raises(NotAStateError, match="must be Hermitian"):
        function(form([[0.5, 0.1], [0.0, 0.5]]))
    with pytest.raises(NotFiniteError, match="must be finite"):
        function(form([[0.5, np.nan], [np.nan, 0.5]]))
    with pytest.raises(NotFiniteError, match="must be finite"):
        function(form([[np.inf, 0.0], [0.0, 0.5]]))


@pytest.mark.parametrize("d", [2, 4, 9])
@pytest.mark.parametrize("length", [3, 2000])
def test_one_bad_state_in_a_stack_is_found_and_placed(d, length):
    states = random_density_matrix(d, np.random.default_rng(6), batch=(length,))
    for element, error in (((0, 1), NotAStateError), ((0, 0), NotAStateError)):
        broken = states.copy()
        broken[(2, *element)] += 1e-6
        with pytest.raises(error):
            von_neumann_entropy(broken)
    broken = states.copy()
    broken[2, 1, 0] = np.nan
    with pytest.raises(NotFiniteError, match=r"element \[2, 1, 0\]"):
        von_neumann_entropy(broken)
    broken = states.copy()
    broken[2] = np.diag([1.2, -0.2, *np.zeros(d - 2)])
    with pytest.raises(NotAStateError, match=r"lowest eigenvalue is -2.0e-01 at batch index \[2\]"):
        von_neumann_entropy(broken)


def test_round_off_is_accepted():
    rng = np.random.default_rng(7)
    states = random_density_matrix(3, rng, batch=(2000,))
    noise = 5e-12 * (rng.normal(size=states.shape) + 1j * rng.normal(size=states.shape))
    noise -= np.trace(noise, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3
    np.testing.assert_allclose(von_neumann_entropy(states + noise), von_neumann_entropy(states), atol=1e-8)


def test_shapes_and_numbers():
    with pytest.raises(ShapeError, match="must be 2 × 2"):
        relative_entropy(np.eye(2) / 2, np.eye(3) / 3)
    with pytest.raises(ShapeError, match="must be 2 × 2"):
        relative_entropy(np.eye(2) / 2, np.eye(3, dtype=complex) / 3)
    with pytest.raises(ShapeError, match="broadcast"):
        relative_entropy(np.full((2, 1, 1), 1 + 0j), np.full((3, 1, 1), 1 + 0j))
    with pytest.raises(ShapeError, match="must be 2 × 2"):
        gibbs_relative_entropy(np.eye(2) / 2, np.eye(3), 1.0)
    with pytest.raises(NotFiniteError, match="`beta`"):
        gibbs_relative_entropy(np.eye(2) / 2, np.eye(2), math.nan)
    with pytest.raises(InputError, match="numeric"):
        von_neumann_entropy("state")
    with pytest.raises(InputError, match="numeric"):
        von_neumann_entropy([[1, 0], [0]])


@pytest.mark.parametrize(
    ("probabilities", "error"),
    [
        ([0.5, np.nan], NotFiniteError),
        ([1.2, -0.2], InputError),
        ([0.5, 0.6], InputError),
        ([], InputError),
        (1.0, InputError),
        ("x", InputError),
        ([0.5, 0.5j], InputError),
    ],
)
def test_what_is_no_distribution_is_refused(probabilities, error):
    with pytest.raises(error, match="`probabilities`"):
        shannon_entropy(probabilities)
