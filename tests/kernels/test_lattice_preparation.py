from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels.lattices import GRAPHS, chain, random_graph, ring
from tests.physics import seeds
from tests.reference import lattice_steps as slow

from loschmidt._kernels.givens_lift import apply_to_columns
from loschmidt._kernels.lattice_preparation import prepare_rotations
from loschmidt._kernels.lattice_series import chebyshev_coefficients


def propagators(rotations, columns):
    """u (columns, L, L), read off one particle that starts on each site."""
    sites = rotations.sites
    state = np.repeat(np.eye(sites, dtype=complex)[:, :, None], columns, axis=2)
    for start in range(sites):
        apply_to_columns(state[:, start], rotations, 1)
    return state.transpose(2, 0, 1)


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
@pytest.mark.parametrize("sites", [2, 3, 7, 12])
@pytest.mark.parametrize("time", [0.4, -9.0, 130.0])
def test_one_particle_propagators(graph, sites, time):
    hopping, potentials = graph(sites), np.random.default_rng(3).normal(size=(20, sites))
    exact = slow.prepare_rotations(hopping, potentials, time).unitaries
    found = propagators(prepare_rotations(hopping, potentials, time), 20)
    norm = np.linalg.norm(hopping, 2) + np.abs(potentials).max()
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-15 * (4 + norm * abs(time)))


@given(seed=seeds, exponent=st.floats(-12, 4), strength=st.floats(-3, 3))
def test_every_scale_of_time_and_potential(seed, exponent, strength):
    rng = np.random.default_rng(seed)
    hopping = random_graph(5)
    potentials = 10.0**strength * rng.normal(size=(3, 5))
    time = 10.0**exponent / 10.0**strength
    exact = slow.prepare_rotations(hopping, potentials, time).unitaries
    norm = np.linalg.norm(hopping, 2) + np.abs(potentials).max()
    found = propagators(prepare_rotations(hopping, potentials, time), 3)
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-15 * (6 + norm * time))


@pytest.mark.parametrize("time", [1e6, -1e9, 1e15])
def test_very_long_times_stay_unitary_and_conserve_energy(time):
    # Rounding takes the phases e^{-iEt}, and nothing else.
    hopping, potentials = ring(6), np.random.default_rng(4).normal(size=(2, 6))
    for u, row in zip(propagators(prepare_rotations(hopping, potentials, time), 2), potentials, strict=True):
        h = hopping + np.diag(row)
        np.testing.assert_allclose(u @ u.conj().T, np.eye(6), atol=5e-15)
        np.testing.assert_allclose(h @ u, u @ h, rtol=0, atol=1e-14)


def test_a_diagonal_of_the_hopping_is_a_potential():
    diagonal = np.random.default_rng(5).normal(size=6)
    potentials = np.random.default_rng(6).normal(size=(4, 6))
    inside = propagators(prepare_rotations(ring(6) + np.diag(diagonal), potentials, 1.0), 4)
    outside = propagators(prepare_rotations(ring(6), potentials + diagonal, 1.0), 4)
    np.testing.assert_allclose(inside, outside, atol=1e-15)


def test_parts_that_are_not_connected_stay_apart_exactly():
    hopping = np.zeros((6, 6))
    hopping[:3, :3], hopping[3:, 3:] = chain(3), chain(3)
    found = propagators(prepare_rotations(hopping, np.random.default_rng(7).normal(size=(2, 6)), 2.0), 2)
    assert (found[:, :3, 3:] == 0).all()
    assert (found[:, 3:, :3] == 0).all()
    assert np.abs(found[:, :3, :3]).max() > 0.1


def test_columns_do_not_depend_on_their_neighbours_beyond_rounding():
    potentials = np.random.default_rng(8).normal(size=(40, 6))
    together = propagators(prepare_rotations(ring(6), potentials, 5.0), 40)
    for column in (0, 15, 16, 39):
        alone = propagators(prepare_rotations(ring(6), potentials[column : column + 1], 5.0), 1)
        np.testing.assert_allclose(alone[0], together[column], rtol=0, atol=1e-14)


@pytest.mark.parametrize("argument", [0.0, 1e-300, 5e-324, 1e-12, 1e-5, 0.3, -2.0, 24.0, 700.0, -5000.0])
def test_series_of_the_exponential(argument):
    coefficients = chebyshev_coefficients(argument, 1e-14)
    n = np.arange(len(coefficients))
    x = np.cos(np.linspace(0.0, np.pi, 31))
    found = (np.cos(np.outer(np.arccos(x), n)) * ((-1j) ** (n % 4) * coefficients)).sum(axis=1)
    np.testing.assert_allclose(found, np.exp(-1j * argument * x), rtol=0, atol=1e-14 + 1e-15 * abs(argument))
    assert len(coefficients) <= abs(argument) + 12 * abs(argument) ** (1 / 3) + 20


def test_series_stops_where_the_rest_is_small():
    full = chebyshev_coefficients(10.0, 1e-30)
    for tolerance in (1e-3, 1e-8, 1e-13):
        cut = chebyshev_coefficients(10.0, tolerance)
        assert np.abs(full[len(cut) :]).sum() <= tolerance < np.abs(full[len(cut) - 1 :]).sum()
