"""The ladder of e^{tA}: small probabilities keep their relative error, and any time is reached."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from tests.reference.semigroup import populations

from loschmidt._kernels.uniformisation import (
    advance,
    along_grid,
    general_ladder,
    population_ladder,
    two_level_weights,
)

seeds = st.integers(0, 2**32 - 1)


def random_rates(rng, n, decades=0.0):
    rates = rng.random((n, n)) * 10.0 ** rng.uniform(-decades, 0, (n, n))
    np.fill_diagonal(rates, 0.0)
    return rates


def generator(rates):
    return rates - np.diag(rates.sum(axis=0))


@pytest.mark.parametrize("time", [1e-6, 0.3, 40.0, 1e4])
def test_probabilities_keep_their_relative_error(time):
    rates = random_rates(np.random.default_rng(3), 4, decades=25)
    start = np.array([1.0, 0.0, 1e-40, 0.0])
    wanted = populations(rates, start, time)
    assert wanted.min() < 1e-13
    found, _ = advance(population_ladder(rates, np.zeros((0, 4)), time), start, np.array([time]))
    np.testing.assert_allclose(found[0], wanted, rtol=2e-13)


def test_far_states_are_reached_with_relative_accuracy():
    n = 40
    rates = np.diag(np.ones(n - 1), -1)  # a chain: e^{tA} from the first state is a Poisson distribution
    start = np.eye(n)[0]
    for time in (0.01, 0.4, 3.0):
        found, _ = advance(population_ladder(rates, np.zeros((0, n)), time), start, np.array([time]))
        wanted = [np.exp(-time)]
        for k in range(1, n - 1):
            wanted.append(wanted[-1] * time / k)
        np.testing.assert_allclose(found[0, : n - 1], wanted, rtol=1e-13)


@given(seed=seeds, n=st.integers(1, 6), horizon=st.floats(1e-3, 1e3))
def test_any_time_and_any_functional(seed, n, horizon):
    rng = np.random.default_rng(seed)
    rates, rows, start = random_rates(rng, n, 2.0), rng.normal(size=(2, n)), rng.random(n)
    times = np.append(horizon * rng.random(3), [0.0, horizon])
    found, integrals = advance(population_ladder(rates, rows, horizon), start, times)
    general, others = advance(general_ladder(generator(rates), rows, horizon), start, times)
    augmented = np.block([[generator(rates), np.zeros((n, 2))], [rows, np.zeros((2, 2))]])
    for k, time in enumerate(times):
        wanted = scipy.linalg.expm(augmented * time) @ np.append(start, [0, 0])
        tolerance = 1e-12 * (1 + time)
        np.testing.assert_allclose(found[k], wanted[:n], atol=tolerance)
        np.testing.assert_allclose(general[k], wanted[:n], atol=tolerance)
        np.testing.assert_allclose(integrals[k], wanted[n:], atol=10 * tolerance)
        np.testing.assert_allclose(others[k], wanted[n:], atol=10 * tolerance)


@given(seed=seeds, n=st.integers(2, 5), count=st.integers(2, 40), step=st.floats(1e-3, 50.0))
def test_grid_agrees_with_single_times(seed, n, count, step):
    rng = np.random.default_rng(seed)
    rates, rows, start = random_rates(rng, n), rng.normal(size=(1, n)), rng.random(n)
    for ladder in (
        population_ladder(rates, rows, step * (count - 1), step),
        general_ladder(generator(rates) + 0j, rows, step * (count - 1), step, np.arange(n)),
    ):
        states, integrals = along_grid(ladder, start, step, count)
        others, sums = advance(ladder, start, step * np.arange(count))
        np.testing.assert_allclose(states, others, atol=1e-12)
        np.testing.assert_allclose(integrals, sums, atol=1e-11 * (1 + step * count))


@given(seed=seeds, horizon=st.floats(1e-6, 1e4))
def test_two_levels_in_closed_form(seed, horizon):
    rng = np.random.default_rng(seed)
    rates, rows, start = random_rates(rng, 2, 3.0), rng.normal(size=(2, 2)), rng.random(2)
    times = np.array([0.0, horizon / 3, horizon])
    kept, moved, grown = two_level_weights((rates[1, 0], rates[0, 1]), rows.tolist(), tuple(start.tolist()))
    elapsed = (rates[1, 0] + rates[0, 1]) * times
    closed = np.multiply.outer(np.exp(-elapsed), kept) + np.multiply.outer(np.expm1(-elapsed), moved[:2])
    integrals = np.multiply.outer(np.expm1(-elapsed), moved[2:]) + np.multiply.outer(times, grown)
    found, sums = advance(population_ladder(rates, rows, horizon), start, times)
    np.testing.assert_allclose(closed, found, rtol=1e-12)
    np.testing.assert_allclose(integrals, sums, atol=1e-12 * (1 + horizon))


def test_two_levels_far_from_balance_keep_small_exchanges():
    # From the lower level up at 1e-20: what is gained early is 1e-20 of the functional, not the round-off of one.
    _, moved, grown = two_level_weights((1e-20, 1.0), [[1.0, 0.0], [0.0, 1.0]], (1.0, 0.0))
    assert moved[2:] == pytest.approx([-1e-20, 1e-20], rel=1e-12, abs=0)
    assert grown == pytest.approx([1.0, 1e-20], rel=1e-12, abs=0)


def test_nothing_moves_without_rates():
    for ladder in (
        population_ladder(np.zeros((2, 2)), np.ones((1, 2)), 5.0),
        general_ladder(np.zeros((2, 2)), np.ones((1, 2)), 5.0),
    ):
        states, integrals = advance(ladder, np.array([0.25, 0.75]), np.array([0.0, 5.0]))
        np.testing.assert_array_equal(states, [[0.25, 0.75]] * 2)
        np.testing.assert_allclose(integrals[:, 0], [0.0, 5.0])


def test_a_conserved_sum_does_not_drift():
    rng = np.random.default_rng(5)
    rates = random_rates(rng, 3)
    ladder = general_ladder(generator(rates), np.zeros((0, 3)), 1e12, None, np.arange(3))
    states, _ = advance(ladder, np.array([1.0, 0.0, 0.0]), np.array([1e12]))
    assert abs(states.sum() - 1) < 1e-13
