from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels.lattices import GRAPHS, random_state, ring
from tests.physics import seeds
from tests.reference import lattice_steps as slow

from loschmidt._kernels.givens_lift import apply_to_columns
from loschmidt._kernels.lattice_full import (
    apply_full,
    chebyshev_terms,
    evolve_full,
    evolve_full_to,
    full_energy,
    full_hamiltonian,
)
from loschmidt._kernels.lattice_preparation import prepare_rotations


def random_model(rng, sites, species, hopping=None):
    hoppings = rng.normal(size=(species, sites, sites)) + 1j * rng.normal(size=(species, sites, sites))
    hoppings = (hoppings + hoppings.conj().swapaxes(1, 2)) / 2 if hopping is None else np.array([hopping] * species)
    return hoppings, rng.normal(size=(species, sites)), rng.normal(size=(species, species, sites))


def both(hoppings, particles, potentials, interactions, **options):
    arguments = hoppings, particles, potentials, interactions
    return full_hamiltonian(*arguments, **options), slow.full_hamiltonian(*arguments, **options)


@pytest.mark.parametrize("hardcore", [False, True])
@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
@pytest.mark.parametrize("particles", [(3,), (2, 3), (0, 5), (5, 1), (1, 2, 1)])
def test_products_bounds_and_evolution(graph, particles, hardcore):
    rng = np.random.default_rng(1)
    _, potentials, interactions = random_model(rng, 5, len(particles))
    hoppings = np.array([graph(5)] * len(particles))
    fast, twin = both(hoppings, particles, potentials, interactions, hardcore=hardcore)
    state = random_state(twin.shape)
    assert fast.shape == twin.shape
    assert fast.bounds[0] <= twin.bounds[0]
    assert twin.bounds[1] <= fast.bounds[1]
    expected = slow.apply_full(twin, state)
    np.testing.assert_allclose(apply_full(fast, state), expected, atol=2e-15 * np.abs(twin.bounds).max())
    assert full_energy(fast, state) == pytest.approx(slow.full_energy(twin, state), abs=1e-13)
    evolved = state.copy()
    assert evolve_full(fast, evolved, 0.7) == chebyshev_terms(fast, 0.7)
    np.testing.assert_allclose(evolved, slow.evolve_full_to(twin, state, [0.7])[0], rtol=0, atol=2e-13)


@given(seed=seeds, sites=st.integers(1, 5), species=st.integers(1, 3), time=st.floats(-20, 20), data=st.data())
def test_any_model(seed, sites, species, time, data):
    particles = tuple(data.draw(st.integers(0, sites)) for _ in range(species))
    if np.prod([slow.lifted(np.eye(sites), n).shape[0] for n in particles]) > 300:
        particles = (*particles[:-1], 0)
    hoppings, potentials, interactions = random_model(np.random.default_rng(seed), sites, species)
    fast, twin = both(hoppings, particles, potentials, interactions)
    state = random_state(twin.shape, seed)
    scale = 1 + np.abs(twin.bounds).max()
    np.testing.assert_allclose(apply_full(fast, state), slow.apply_full(twin, state), rtol=0, atol=2e-15 * scale)
    assert fast.bounds[0] <= twin.bounds[0]
    assert twin.bounds[1] <= fast.bounds[1]
    evolved = state.copy()
    evolve_full(fast, evolved, time)
    expected = slow.evolve_full_to(twin, state, [time])[0]
    np.testing.assert_allclose(evolved, expected, rtol=0, atol=1e-13 + 2e-15 * scale * abs(time))


def test_bounds_are_reached_where_species_do_not_interact():
    hoppings, potentials, interactions = random_model(np.random.default_rng(2), 5, 2)
    fast, twin = both(hoppings, (2, 3), potentials, 0 * interactions)
    np.testing.assert_allclose(fast.bounds, twin.bounds, rtol=1e-11)


def test_the_number_of_shared_sites_bounds_the_interaction():
    # 4 + 4 particles on 5 sites share at least 3: the bounds start there, not at none.
    strengths = np.zeros((2, 2, 5))
    strengths[0, 1] = [1.0, 2.0, 3.0, 4.0, 5.0]
    fast = full_hamiltonian(np.zeros((2, 5, 5)), (4, 4), np.zeros((2, 5)), strengths)
    assert fast.bounds == pytest.approx((1 + 2 + 3, 2 + 3 + 4 + 5))


def test_a_frozen_species_leaves_the_exact_step_of_the_other():
    rng = np.random.default_rng(3)
    potential, strength = rng.normal(size=6), rng.normal(size=6)
    hoppings, interactions = np.array([ring(6), 0 * ring(6)]), np.zeros((2, 2, 6))
    interactions[0, 1] = strength
    fast = full_hamiltonian(hoppings, (3, 2), np.array([potential, 0 * potential]), interactions)
    state = random_state((20, 15))
    full, step = state.copy(), state.copy()
    evolve_full(fast, full, 1.9)
    apply_to_columns(step, prepare_rotations(ring(6), potential + strength * slow.occupations(6, 2), 1.9), 3)
    np.testing.assert_allclose(full, step, rtol=0, atol=2e-13)


def test_many_times_share_one_series():
    hoppings, potentials, interactions = random_model(np.random.default_rng(4), 5, 2)
    fast, twin = both(hoppings, (2, 2), potentials, interactions)
    state = random_state((10, 10))
    before = state.copy()
    times = [0.0, 2.5, -0.3, 1e-14, 7.0]
    for found, expected in zip(
        evolve_full_to(fast, state, times), slow.evolve_full_to(twin, state, times), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=0, atol=2e-13)
    np.testing.assert_array_equal(state, before)
    assert evolve_full_to(fast, state, []) == []


@pytest.mark.parametrize("tolerance", [1e-4, 1e-8, 1e-12])
def test_the_tolerance_is_kept_and_spends_no_more_than_it_needs(tolerance):
    hoppings, potentials, interactions = random_model(np.random.default_rng(5), 5, 2)
    fast, twin = both(hoppings, (2, 3), potentials, interactions)
    state = random_state((10, 10))
    evolved = state.copy()
    terms = evolve_full(fast, evolved, 2.0, tolerance=tolerance)
    error = np.linalg.norm(evolved - slow.evolve_full_to(twin, state, [2.0])[0])
    assert error < tolerance
    assert terms < chebyshev_terms(fast, 2.0, tolerance / 100)


def test_nothing_moves_without_hopping_potential_and_interaction():
    fast = full_hamiltonian(np.zeros((2, 4, 4)), (2, 2), np.zeros((2, 4)), np.zeros((2, 2, 4)))
    state = random_state((6, 6))
    evolved = state.copy()
    evolve_full(fast, evolved, 5.0)
    np.testing.assert_allclose(evolved, state, rtol=0, atol=1e-15)


def test_single_precision():
    hoppings, potentials, interactions = random_model(np.random.default_rng(6), 6, 2, ring(6))
    fast = full_hamiltonian(hoppings, (3, 3), potentials, interactions)
    state = random_state((20, 20))
    single = state.astype(np.complex64)
    evolve_full(fast, state, 1.0)
    evolve_full(fast, single, 1.0, tolerance=1e-8)
    assert single.dtype == np.complex64
    assert 1e-9 < np.linalg.norm(single - state) < 4e-7


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_every_number_of_threads_gives_the_same_bits(dtype):
    hoppings, potentials, interactions = random_model(np.random.default_rng(7), 6, 2)
    fast = full_hamiltonian(hoppings, (3, 2), potentials, interactions)
    states = [random_state((20, 15), dtype=dtype) for _ in range(3)]
    for state, threads in zip(states, (1, 2, 3), strict=True):
        evolve_full(fast, state, 0.8, threads=threads)
    np.testing.assert_array_equal(states[1], states[0])
    np.testing.assert_array_equal(states[2], states[0])
