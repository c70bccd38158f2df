from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels.lattices import GRAPHS, chain, random_graph, random_state, ring
from tests.physics import seeds
from tests.reference import lattice_steps as slow

from loschmidt._kernels import givens_lift
from loschmidt._kernels.givens_lift import apply_to_axis, apply_to_columns, apply_to_rows
from loschmidt._kernels.lattice_preparation import prepare_rotations
from loschmidt._kernels.lattice_shears import EXCHANGE, IDENTITY, SHEARS, THREE_SHEARS, rotate
from loschmidt._kernels.lattice_tables import lift_tables


def moved(apply, state, *args, **options):
    result = state.copy()
    apply(result, *args, **options)
    return result


def random_potentials(columns, sites, seed=1):
    return np.random.default_rng(seed).normal(size=(columns, sites))


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
@pytest.mark.parametrize(("sites", "particles"), [(4, 2), (5, 2), (6, 3), (6, 1), (7, 3)])
def test_columns_and_rows_move_as_minors_say(graph, sites, particles):
    hopping = graph(sites)
    columns = 35  # two groups of 16 and three columns
    potentials = random_potentials(columns, sites)
    state = random_state((comb(sites, particles), columns))
    fast, twin = (prepare(hopping, potentials, 0.9) for prepare in (prepare_rotations, slow.prepare_rotations))
    expected = moved(slow.apply_to_columns, state, twin, particles)
    np.testing.assert_allclose(moved(apply_to_columns, state, fast, particles), expected, atol=1e-14)
    rows = np.ascontiguousarray(state.T)
    np.testing.assert_allclose(moved(apply_to_rows, rows, fast, particles).T, expected, atol=1e-14)


@given(seed=seeds, sites=st.integers(1, 6), columns=st.integers(1, 40), time=st.floats(-30, 30), data=st.data())
def test_any_graph_filling_and_number_of_columns(seed, sites, columns, time, data):
    particles = data.draw(st.integers(0, sites))
    rng = np.random.default_rng(seed)
    hopping = rng.normal(size=(sites, sites)) + 1j * rng.normal(size=(sites, sites))
    hopping = (hopping + hopping.conj().T) * (rng.random() < 0.8)
    potentials = rng.normal(size=(columns, sites)) * 10.0 ** rng.integers(-3, 2)
    state = random_state((comb(sites, particles), columns), seed)
    fast, twin = (prepare(hopping, potentials, time) for prepare in (prepare_rotations, slow.prepare_rotations))
    expected = moved(slow.apply_to_columns, state, twin, particles)
    scale = 1 + abs(time) * (np.abs(hopping).sum(axis=0).max() + np.abs(potentials).max())
    found = moved(apply_to_columns, state, fast, particles)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14 * scale)
    np.testing.assert_allclose(moved(apply_to_columns, found, fast, particles, inverse=True), state, rtol=0, atol=1e-14)


def test_the_wrapping_bond_of_a_ring_knows_the_number_of_fermions():
    # One step over the wrapping bond alone: the sign is (-1)^(N - 1).
    hopping = ring(5) - chain(5)
    for particles in (1, 2, 3, 4):
        exact = slow.one_species(hopping, particles)
        state = random_state((comb(5, particles), 1))
        values, vectors = np.linalg.eigh(exact)
        expected = vectors @ (np.exp(-0.8j * values)[:, None] * (vectors.T @ state))
        rotations = prepare_rotations(hopping, np.zeros((1, 5)), 0.8)
        np.testing.assert_allclose(moved(apply_to_columns, state, rotations, particles), expected, atol=1e-15)


@pytest.mark.parametrize("particles", [0, 4])
def test_an_empty_or_full_lattice_only_turns_its_phase(particles):
    potentials = random_potentials(20, 4)
    state = random_state((1, 20))
    turned = state * np.exp(-0.5j * potentials.sum(axis=1) * (particles == 4))
    rotations = prepare_rotations(chain(4), potentials, 0.5)
    np.testing.assert_allclose(moved(apply_to_columns, state, rotations, particles), turned, atol=1e-15)


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
@pytest.mark.parametrize("shape", [(6, 6, 6), (6, 4, 20), (20, 6, 1), (2, 6, 33)])
def test_every_axis_of_three_species(axis, shape):
    particles, sites = {6: (2, 4), 4: (1, 4), 20: (3, 6), 1: (0, 4), 2: (1, 2), 33: (1, 33)}[shape[axis]]
    state = random_state(shape)
    potentials = random_potentials(state.size // shape[axis], sites)
    fast, twin = (prepare(chain(sites), potentials, 1.3) for prepare in (prepare_rotations, slow.prepare_rotations))
    expected = moved(slow.apply_to_axis, state, axis, twin, particles)
    found = moved(apply_to_axis, state, axis, fast, particles)
    np.testing.assert_allclose(found, expected, atol=1e-14)
    np.testing.assert_allclose(moved(apply_to_axis, found, axis, fast, particles, inverse=True), state, atol=1e-14)


def test_one_prepared_column_moves_all():
    potentials = random_potentials(1, 6)
    state = random_state((20, 50))
    one = prepare_rotations(ring(6), potentials, 2.0)
    all_alike = prepare_rotations(ring(6), np.repeat(potentials, 50, axis=0), 2.0)
    assert one.nbytes < all_alike.nbytes
    np.testing.assert_array_equal(moved(apply_to_columns, state, one, 3), moved(apply_to_columns, state, all_alike, 3))


def test_blocks_of_columns_and_rows_of_a_larger_state():
    potentials = random_potentials(90, 6)
    state = random_state((20, 90))
    whole = moved(apply_to_columns, state, prepare_rotations(ring(6), potentials, 1.0), 3)
    blocks, rows = state.copy(), np.ascontiguousarray(state.T)
    for begin, end in [(0, 7), (7, 55), (55, 90)]:
        rotations = prepare_rotations(ring(6), potentials[begin:end], 1.0)
        apply_to_columns(blocks[:, begin:end], rotations, 3)
        apply_to_rows(rows[begin:end], rotations, 3)
    np.testing.assert_allclose(blocks, whole, atol=1e-15)
    np.testing.assert_allclose(rows.T, whole, atol=1e-15)


@pytest.mark.parametrize("time", [0.3, 1000.0, -1e6])
def test_steps_are_unitary_and_their_inverse_is_exact(time):
    sites, particles = 8, 4
    potentials = random_potentials(70, sites)
    rotations = prepare_rotations(random_graph(sites), potentials, time)
    state = random_state((70, 70))
    forward = moved(apply_to_columns, state, rotations, particles)
    np.testing.assert_allclose(np.linalg.norm(forward, axis=0), np.linalg.norm(state, axis=0), rtol=1e-14)
    assert np.abs(forward - state).max() > 0.01
    back = moved(apply_to_columns, forward, rotations, particles, inverse=True)
    np.testing.assert_allclose(back, state, rtol=0, atol=1e-14 * np.abs(state).max())


def test_no_time_and_no_hopping_move_nothing():
    potentials = random_potentials(20, 6)
    state = random_state((20, 20))
    still = prepare_rotations(ring(6), potentials, 0.0)
    np.testing.assert_array_equal(moved(apply_to_columns, state, still, 3), state)
    frozen = prepare_rotations(np.zeros((6, 6)), potentials, 1.7)
    phases = np.exp(-1.7j * slow.occupations(6, 3) @ potentials.T)
    np.testing.assert_allclose(moved(apply_to_columns, state, frozen, 3), state * phases, atol=1e-15)


def test_columns_without_amplitude_stay_exactly_empty():
    state = np.zeros((20, 100), dtype=complex)
    state[3, 40] = 1
    potentials = random_potentials(100, 6)
    found = moved(apply_to_columns, state, prepare_rotations(ring(6), potentials, 1.0), 3)
    assert np.flatnonzero(np.abs(found).sum(axis=0)).tolist() == [40]
    expected = moved(slow.apply_to_columns, state[:, 40:41], slow.prepare_rotations(ring(6), potentials[40:41], 1.0), 3)
    np.testing.assert_allclose(found[:, 40:41], expected, atol=1e-15)


def test_nan_is_not_taken_for_an_empty_column():
    state = random_state((20, 40))
    state[5, 20] = np.nan
    found = moved(apply_to_columns, state, prepare_rotations(ring(6), random_potentials(40, 6), 1.0), 3)
    assert np.flatnonzero(np.isnan(found).any(axis=0)).tolist() == [20]


def test_single_precision():
    potentials = random_potentials(70, 8)
    state = random_state((70, 70))
    rotations = prepare_rotations(ring(8), potentials, 1.0)
    single = state.astype(np.complex64)
    for apply in (apply_to_columns, apply_to_rows):
        exact, found = moved(apply, state, rotations, 4), moved(apply, single, rotations, 4)
        assert found.dtype == np.complex64
        error = np.linalg.norm(found - exact)
        assert 1e-9 < error < 4e-7  # the state's norm is 1
        back = moved(apply, found, rotations, 4, inverse=True)
        assert np.linalg.norm(back - single) < 4e-7


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_every_number_of_threads_gives_the_same_bits(dtype, monkeypatch):
    monkeypatch.setattr(givens_lift, "_LARGEST_STRIP", 1)  # strips of one group: more pieces than threads
    potentials = random_potentials(250, 6)
    rotations = prepare_rotations(ring(6), potentials, 1.0, threads=1)
    np.testing.assert_array_equal(prepare_rotations(ring(6), potentials, 1.0, threads=3).shears, rotations.shears)
    state = random_state((20, 250), dtype=dtype)
    for inverse in (False, True):
        alone = moved(apply_to_columns, state, rotations, 3, inverse=inverse, threads=1)
        for threads in (None, 2, 3):
            together = moved(apply_to_columns, state, rotations, 3, inverse=inverse, threads=threads)
            np.testing.assert_array_equal(together, alone)


def test_workers_move_their_own_blocks_at_the_same_time():
    potentials = random_potentials(128, 6)
    rows = random_state((128, 20))
    whole = moved(apply_to_rows, rows, prepare_rotations(ring(6), potentials, 1.0), 3)

    def work(begin):
        rotations = prepare_rotations(ring(6), potentials[begin : begin + 32], 1.0, threads=1)
        apply_to_rows(rows[begin : begin + 32], rotations, 3, threads=1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(0, 128, 32)))
    np.testing.assert_allclose(rows, whole, rtol=0, atol=1e-15)


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("time", [0.3, 2.0, 1000.0])
def test_plain_python_is_the_compiled_kernel(time, inverse):
    rotations = prepare_rotations(random_graph(5), random_potentials(16, 5), time)
    tables, state = lift_tables(5, 2), random_state((10, 16))
    numbers = np.stack([state.real, state.imag], axis=1).reshape(-1)
    table = np.zeros(32 * len(tables.parents))
    ways = tables.steps, tables.pairs, tables.first_pair, tables.triples, tables.first_triple
    one = rotations.shears[0], rotations.forms[0], rotations.scales[0]
    givens_lift._fill_halves(tables.parents, one[2], inverse, table)
    if inverse:
        givens_lift._scale(numbers, tables.halves, table)
    rotate(numbers, ways, one[0], one[1], inverse)
    if not inverse:
        givens_lift._scale(numbers, tables.halves, table)
    real, imaginary = numbers.reshape(10, 2, 16).swapaxes(0, 1)
    compiled = moved(apply_to_columns, state, rotations, 2, inverse=inverse, threads=1)
    np.testing.assert_allclose(real + 1j * imaginary, compiled, atol=1e-14)


def test_every_form_of_a_rotation_occurs_and_is_right():
    # Columns that differ widely need three shears; columns alike, one of the others; no time, none.
    hopping, state = chain(6), random_state((20, 16))
    met = set()
    for spread in (0.0, 20.0):
        for time in (0.0, 0.2, 1.0, 1.6, 7.0):
            potentials = spread * random_potentials(16, 6)
            rotations = prepare_rotations(hopping, potentials, time)
            met |= set(rotations.forms.ravel().tolist())
            twin = slow.prepare_rotations(hopping, potentials, time)
            expected = moved(slow.apply_to_columns, state, twin, 3)
            found = moved(apply_to_columns, state, rotations, 3)
            np.testing.assert_allclose(found, expected, atol=1e-13)
            back = moved(apply_to_columns, found, rotations, 3, inverse=True)
            np.testing.assert_allclose(back, state, rtol=0, atol=1e-15)
    assert met == {IDENTITY, SHEARS, EXCHANGE, THREE_SHEARS}
