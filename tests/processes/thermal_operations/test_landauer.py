"""Landauer's principle: the equality for any unitary, the bounds of finite reservoirs, and how tight they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_hermitian, random_state, seeds

from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    finite_size_excess,
    landauer_budget,
    largest_surprisal_variance,
    simple_finite_size_excess,
    thermal_operation_by_exchange,
)
from loschmidt.states import random_unitary

QUBIT = np.diag([0.0, 1.0])
SWAP = np.eye(4)[[0, 2, 1, 3]]


def random_operation(seed: int, d: int, sizes: tuple[int, ...], betas: tuple[float, ...]) -> ThermalOperation:
    rng = np.random.default_rng(seed)
    baths = [
        GibbsEnvironment(random_hermitian(rng, n), beta, f"bath {k}")
        for k, (n, beta) in enumerate(zip(sizes, betas, strict=True))
    ]
    unitary = np.asarray(random_unitary(d * math.prod(sizes), rng))
    return ThermalOperation(unitary, random_hermitian(rng, d), baths, allow_work=True)


# ── the variance of surprisal ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("dimension", "value"), [(2, 0.4392288), (3, 0.7618022), (4, 1.0234906), (8, 1.7765740), (1, 0.0)]
)
def test_published_values(dimension, value):
    assert largest_surprisal_variance(dimension) == pytest.approx(value, abs=5e-8)


@pytest.mark.parametrize("dimension", [2, 3, 5, 17, 400])
def test_root_is_the_maximum_of_a_scan(dimension):
    r = np.linspace(1e-7, 1 - 1e-7, 400_001)
    scanned = r * (1 - r) * np.log((1 - r) * (dimension - 1) / r) ** 2
    found = largest_surprisal_variance(dimension)
    assert scanned.max() <= found
    assert scanned.max() == pytest.approx(found, rel=1e-9)


@given(seed=seeds, d=st.integers(2, 9))
def test_no_distribution_has_a_larger_variance(seed, d):
    rng = np.random.default_rng(seed)
    logarithms = rng.normal(size=d) * rng.uniform(0.1, 6)
    p = np.exp(logarithms - logarithms.max())
    p /= p.sum()
    variance = (p * np.log(p) ** 2).sum() - (p * np.log(p)).sum() ** 2
    assert variance <= largest_surprisal_variance(d) + 1e-12


def test_simple_form_is_weaker_and_close_for_large_reservoirs():
    for d in (2, 3, 10, 1000):
        assert simple_finite_size_excess(np.float64(0.3), d) < finite_size_excess(np.float64(0.3), d)
    large = 10**6
    assert finite_size_excess(np.float64(1.0), large) < 1.03 * simple_finite_size_excess(np.float64(1.0), large)


# ── the bounds ───────────────────────────────────────────────────────────────────────────────────────────────────────


def drawn(rng: np.random.Generator, d: int) -> np.ndarray:
    logarithms = rng.normal(size=d) * rng.uniform(0.1, 5)
    p = np.exp(logarithms - logarithms.max())
    return p / p.sum()


def ascent_and_distance(p: np.ndarray, q: np.ndarray) -> tuple[float, float]:
    """How much entropy q has more than p, and the relative entropy of q to p."""
    return float((p * np.log(p)).sum() - (q * np.log(q)).sum()), float((q * np.log(q / p)).sum())


@given(seed=seeds, d=st.integers(2, 8))
def test_no_reservoir_takes_entropy_at_a_smaller_distance(seed, d):
    rng = np.random.default_rng(seed)
    p = drawn(rng, d)
    # Far away, close by, and along the Gibbs states of the same energies, which are the nearest of their entropy.
    for q in (drawn(rng, d), p * np.exp(0.01 * rng.normal(size=d)), p ** rng.uniform(0, 1), p ** rng.uniform(0.9, 1)):
        ascent, distance = ascent_and_distance(p, q / q.sum())
        assert distance >= float(finite_size_excess(np.float64(ascent), d)) * (1 - 1e-9) - 1e-13


@pytest.mark.parametrize("d", [2, 3, 8])
def test_bound_is_reached_where_the_variance_is_largest(d):
    # A bound that is twice as large would be wrong: near the distribution of largest variance it is an equality.
    r = np.linspace(1e-6, 0.5, 200_001)
    top = r[(r * (1 - r) * np.log((1 - r) * (d - 1) / r) ** 2).argmax()]
    p = np.array([1 - top, *[top / (d - 1)] * (d - 1)])
    q = p**0.998
    ascent, distance = ascent_and_distance(p, q / q.sum())
    assert distance / float(finite_size_excess(np.float64(ascent), d)) == pytest.approx(1.0, abs=0.01)


def test_bound_does_not_hold_for_a_reservoir_that_loses_entropy():
    # N(e^{x/N} - x/N - 1) < x²/2N for x < 0, which is why the bound is zero there.
    p = np.array([0.9167, 0.0833])
    q = p**1.5
    ascent, distance = ascent_and_distance(p, q / q.sum())
    assert ascent < 0
    assert distance < ascent**2 / (2 * largest_surprisal_variance(2))
    assert finite_size_excess(np.float64(ascent), 2) == 0


@given(seed=seeds, d=st.integers(2, 3), sizes=st.sampled_from([(2,), (4,), (2, 3)]), rank=st.integers(1, 3))
def test_any_unitary_pays_the_equality_and_more_than_every_bound(seed, d, sizes, rank):
    operation = random_operation(seed, d, sizes, (0.7, 2.3)[: len(sizes)])
    found = landauer_budget(operation, random_state(np.random.default_rng(seed), d, min(rank, d)))
    assert found.equality.residual == pytest.approx(0.0, abs=1e-11)
    assert found.excess == pytest.approx(float(found.mutual_information + found.displacement), abs=1e-11)
    assert found.cost >= found.finite_size_bound - 1e-11
    assert found.finite_size_bound >= found.simple_bound - 1e-12
    assert found.simple_bound >= found.entropy_decrease - 1e-12


def test_states_that_lose_entropy_are_among_those_of_the_test_above():
    found = landauer_budget(random_operation(3, 2, (4,), (2.3,)), np.eye(2) / 2)
    assert found.entropy_decrease > 0.01
    assert found.finite_size_bound > found.entropy_decrease


def test_partial_swap_of_the_books():
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 2.0), 0.9)
    found = landauer_budget(operation, np.eye(2) / 2)
    assert found.excess == pytest.approx(0.3537548, abs=5e-8)
    assert found.mutual_information == pytest.approx(0.1703053, abs=5e-8)
    assert found.displacement == pytest.approx(0.1834494, abs=5e-8)


def test_states_in_a_batch_are_those_one_by_one():
    operation = random_operation(5, 2, (3,), (1.0,))
    states = np.stack([np.eye(2) / 2, np.diag([1.0, 0.0])])
    together = landauer_budget(operation, states)
    for index, state in enumerate(states):
        assert together.finite_size_bound[index] == pytest.approx(
            float(landauer_budget(operation, state).finite_size_bound), abs=1e-13
        )


def test_reservoir_at_zero_temperature_costs_infinitely_much():
    frozen = ThermalOperation(SWAP, QUBIT, GibbsEnvironment(QUBIT, np.inf))
    found = landauer_budget(frozen, np.eye(2) / 2)
    assert found.cost == math.inf
    assert found.displacement == math.inf
    assert found.equality.residual == 0
    assert landauer_budget(frozen, [1, 0]).cost == 0


def test_reservoir_of_one_state_takes_no_entropy():
    assert finite_size_excess(np.array([0.1, 0.0, -0.1, 1e-16]), 1).tolist() == [math.inf, 0.0, 0.0, 0.0]
    nothing = ThermalOperation(np.eye(2), QUBIT, GibbsEnvironment([[0.3]], 1.0))
    assert landauer_budget(nothing, np.eye(2) / 2).finite_size_bound == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize("dimension", [0, -1, True])
def test_dimension_must_be_a_positive_whole_number(dimension):
    with pytest.raises(ValueError, match="positive whole number"):
        largest_surprisal_variance(dimension)
