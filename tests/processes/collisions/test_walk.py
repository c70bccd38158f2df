from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from tests.reference import two_level_walk as reference

from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ResourceError, ShapeError
from loschmidt.processes.channels import Channel
from loschmidt.processes.collisions import divisibility, two_level_walk
from loschmidt.states import random_density_matrix, random_unitary

seeds = st.integers(0, 2**32 - 1)


def rotation(angle):
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def turning_walk(sites, reset):
    """The walk of the published numbers: coin angles 0.6 and -0.4, p = 0.4."""
    return two_level_walk(sites, reset=reset, p_up=0.4, coin_up=rotation(0.6), coin_down=rotation(-0.4))


def random_walk(rng, sites, reset):
    coins = random_unitary(2, rng, batch=(2, sites))
    return two_level_walk(sites, reset=reset, p_up=rng.uniform(size=sites), coin_up=coins[0], coin_down=coins[1])


def joint_walk(walk, state, steps, fresh=None, dephase=False):
    fresh = [np.diag([p, 1 - p]) for p in walk.p_up] if fresh is None else fresh
    return reference.walk(state, fresh, walk.coins_up, walk.coins_down, walk.reset, steps, dephase=dephase)


@pytest.mark.parametrize("reset", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(("sites", "rank"), [(1, 1), (2, 1), (2, 4), (3, 1), (3, 5), (4, 2)])
def test_against_the_joint_density_matrix(sites, rank, reset):
    rng = np.random.default_rng(100 * sites + rank)
    walk = random_walk(rng, sites, reset)
    state = random_density_matrix(2 * sites, rng, rank=min(rank, 2 * sites))
    run = walk.run(5, state, keep_states=True)
    states, joints = joint_walk(walk, state, 5)
    np.testing.assert_allclose(run.states, states, atol=1e-14)
    np.testing.assert_allclose(run.entropies, [reference.entropy(one) for one in states], atol=1e-12)
    information = [
        reference.entropy(one)
        + reference.entropy(reference.trace_out_walker(joint, 2 * sites))
        - reference.entropy(joint)
        for one, joint in zip(states, joints, strict=True)
    ]
    np.testing.assert_allclose(run.mutual_information, information, atol=1e-11)
    np.testing.assert_allclose(run.populations, np.diagonal(states, axis1=1, axis2=2).real, atol=1e-14)
    np.testing.assert_array_equal(run.final_state, run.states[-1])


def test_the_three_algorithms_are_chosen_by_memory_and_rank():
    assert two_level_walk(3, reset=1.0).method() == "fresh"
    assert two_level_walk(3, reset=0.0).method() == "retained"
    assert two_level_walk(3, reset=0.0).method(np.eye(6) / 6) == "partial"
    assert two_level_walk(3, reset=0.5).method() == "partial"


def test_mirrors_that_remember_give_everything_back():
    run = two_level_walk(3, reset=0.0).run(12)
    expected = [0, 0.693, 1.386, 1.386, 1.213, 0.974, 0.736]
    np.testing.assert_allclose(run.entropies[:7], expected, atol=5e-4)
    assert run.entropies[12] == pytest.approx(0, abs=1e-13)
    np.testing.assert_allclose(run.final_state, np.diag([1, 0, 0, 0, 0, 0]), atol=1e-14)
    assert run.backflow == pytest.approx(run.entropies.max() * 2 - run.entropies[6], abs=1e-12)
    assert not run.is_monotone()


@pytest.mark.parametrize(
    ("reset", "backflow", "tolerance"),
    [
        (0.0, 2.49, 5e-3),
        (0.02, 0.630, 5e-4),
        (0.05, 0.179, 5e-4),
        (0.1, 0.030, 5e-4),
        (0.15, 0.0043, 5e-5),
        (0.2, 6e-4, 5e-5),
    ],
)
def test_backflow_falls_with_memory(reset, backflow, tolerance):
    run = turning_walk(4, reset).run(60, correlations=False)
    assert run.backflow == pytest.approx(backflow, abs=tolerance)
    assert run.mutual_information is None
    assert run.drop_margins is None


@pytest.mark.parametrize(("sites", "threshold"), [(3, 0.121), (4, 0.288), (5, 0.097), (6, 0.081)])
def test_entropy_rises_from_a_loss_of_memory_on(sites, threshold):
    assert turning_walk(sites, threshold + 1e-3).run(60, correlations=False).is_monotone(1e-9)
    assert not turning_walk(sites, threshold - 1e-3).run(60, correlations=False).is_monotone(1e-9)


@given(seed=seeds, sites=st.integers(1, 5))
def test_fresh_systems_never_lower_the_entropy(seed, sites):
    rng = np.random.default_rng(seed)
    state = random_density_matrix(2 * sites, rng, rank=int(rng.integers(1, 2 * sites + 1)))
    run = random_walk(rng, sites, 1.0).run(12, state)
    assert run.is_monotone(1e-11)
    np.testing.assert_allclose(run.mutual_information, 0, atol=1e-12)


@given(seed=seeds, sites=st.integers(1, 4), reset=st.floats(0, 1))
def test_entropy_drops_by_no_more_than_the_correlation_before(seed, sites, reset):
    rng = np.random.default_rng(seed)
    state = random_density_matrix(2 * sites, rng, rank=1)
    run = random_walk(rng, sites, reset).run(10, state)
    assert run.drop_margins.min() > -1e-11
    assert run.mutual_information.min() > -1e-11


@given(seed=seeds, sites=st.integers(2, 4))
def test_systems_that_remember_never_go_below_the_start(seed, sites):
    rng = np.random.default_rng(seed)
    state = random_density_matrix(2 * sites, rng, rank=2)
    run = random_walk(rng, sites, 0.0).run(25, state)
    assert (run.entropies >= run.entropies[0] - 1e-12).all()


def test_retained_maps_are_unital_and_yet_not_divisible():
    walk = turning_walk(2, 0.0)
    maps = walk.maps(6)
    for one in maps:
        assert Channel.from_superoperator(one).unitality_defect() < 1e-13
    assert divisibility(maps).is_cp_divisible is False
    assert divisibility(turning_walk(2, 1.0).maps(6)).is_cp_divisible is True


@pytest.mark.parametrize("reset", [0.0, 0.4, 1.0])
def test_maps_are_what_the_walk_does(reset):
    rng = np.random.default_rng(5)
    walk = random_walk(rng, 2, reset)
    state = random_density_matrix(4, rng)
    maps = walk.maps(5)
    np.testing.assert_allclose(maps[0], np.eye(16), atol=1e-15)
    states = walk.run(5, state, keep_states=True).states
    images = (maps @ state.T.reshape(-1)).reshape(-1, 4, 4).swapaxes(1, 2)
    np.testing.assert_allclose(images, states, atol=1e-14)
    np.testing.assert_allclose(walk.channel(state), states[1], atol=1e-14)
    np.testing.assert_allclose(walk.dilation.channel(state), states[1], atol=1e-14)


def test_dephasing_and_coherence_of_the_systems_change_nothing_but_reset_does():
    walk = two_level_walk(3, reset=0.0, p_up=0.4, coin_up=rotation(0.6), coin_down=rotation(-0.4))
    start = np.diag([1.0, 0, 0, 0, 0, 0])
    expected = walk.run(8, keep_states=True).states
    coherent = [np.outer(v, v) for v in [np.sqrt([0.4, 0.6])] * 3]
    for fresh, dephase in ((None, True), (coherent, False), (coherent, True)):
        states, _ = joint_walk(walk, start, 8, fresh=fresh, dephase=dephase)
        np.testing.assert_allclose(states, expected, atol=1e-14)
    forgetful = turning_walk(3, 0.3).run(8, keep_states=True)
    assert np.abs(forgetful.states - expected).max() > 0.01
    assert forgetful.backflow < 0.1 * walk.run(8).backflow


@pytest.mark.parametrize("steps", [1, 2, 10, 60])
def test_infinite_line_of_fresh_mirrors(steps):
    run = two_level_walk(2 * steps + 1, reset=1.0).run(steps)
    weights = binom.pmf(np.arange(steps), steps - 1, 0.5)
    shannon = -(weights * np.log(weights)).sum()
    assert run.entropies[-1] == pytest.approx(shannon + math.log(2), abs=1e-12)
    if steps == 60:
        asymptotic = 0.5 * math.log(math.pi * math.e * steps / 2) + math.log(2)
        assert run.entropies[-1] == pytest.approx(asymptotic, abs=0.01)


@pytest.mark.parametrize(("sites", "largest"), [(4, math.log(4)), (5, math.log(10))])
def test_parity_is_conserved_on_even_rings(sites, largest):
    run = turning_walk(sites, 1.0).run(200)
    assert run.entropies[-1] == pytest.approx(largest, abs=1e-9)
    if sites % 2 == 0:
        steps = np.arange(201)
        same = run.site_probabilities[:, 0::2].sum(axis=1)
        np.testing.assert_allclose(same, (steps + 1) % 2, atol=1e-13)


def test_twelve_sites_with_partial_memory():
    run = turning_walk(12, 0.05).run(20, correlations=False)
    assert run.populations.sum(axis=1) == pytest.approx(1, abs=1e-13)
    # Until the walker can come back to a site, memory makes no difference.
    fresh = turning_walk(12, 1.0).run(2, correlations=False)
    np.testing.assert_allclose(run.entropies[:3], fresh.entropies, atol=1e-13)
    assert abs(run.entropies[4] - turning_walk(12, 1.0).run(4).entropies[4]) > 1e-3


def test_memory_time_of_the_reset_probability():
    assert two_level_walk(2, reset=1 - math.exp(-1 / 3)).memory_time == pytest.approx(3)
    assert two_level_walk(2, reset=1.0).memory_time == 0
    assert two_level_walk(2, reset=0.0).memory_time == math.inf


def test_progress_is_reported():
    seen = []
    two_level_walk(2, reset=1.0).run(4, report=seen.append)
    assert seen == [0.25, 0.5, 0.75, 1.0]


def test_border():
    with pytest.raises(InputError, match="`sites` must be a whole number"):
        two_level_walk(0, reset=1.0)
    with pytest.raises(InputError, match="`reset` must be from 0 to 1"):
        two_level_walk(3, reset=1.5)
    with pytest.raises(InputError, match="`p_up` must be from 0 to 1"):
        two_level_walk(3, reset=1.0, p_up=-0.1)
    with pytest.raises(ShapeError, match="`p_up` must be one probability or 3"):
        two_level_walk(3, reset=1.0, p_up=[0.5, 0.5])
    with pytest.raises(NotUnitaryError, match="coin_up"):
        two_level_walk(3, reset=1.0, coin_up=[[1, 1], [0, 1]])
    with pytest.raises(ShapeError, match="`coin_down` must be"):
        two_level_walk(3, reset=1.0, coin_down=np.broadcast_to(np.eye(2), (4, 2, 2)))
    walk = two_level_walk(3, reset=1.0)
    with pytest.raises(NotAStateError):
        walk.run(3, np.eye(6))
    with pytest.raises(InputError, match="`steps`"):
        walk.run(0)


@pytest.mark.parametrize(
    ("sites", "reset", "message"),
    [(40, 0.0, "2\\^40 configurations, would need.*reset = 1"), (17, 0.5, "partial memory.*correlations=False")],
)
def test_too_large_a_walk_is_refused_with_estimate_and_remedy(sites, reset, message):
    walk = turning_walk(sites, reset)
    with pytest.raises(ResourceError, match=message) as caught:
        walk.run(100)
    needed = walk.memory_bytes(100) / 2**30
    assert f"would need {needed:.3g} GiB, more than the 2 GiB" in str(caught.value)
    for many in (60, 2000):
        with pytest.raises(ResourceError, match="GiB allowed"):
            turning_walk(many, reset).run(3)
    with pytest.raises(ResourceError, match="no states or maps"):
        two_level_walk(300, reset=1.0).run(1000, keep_states=True)
    with pytest.raises(ResourceError, match="1024"):
        _ = two_level_walk(7, reset=1.0).dilation
