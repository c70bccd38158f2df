from __future__ import annotations

import numpy as np
import pytest
from tests.reference import two_level_walk as reference

from loschmidt.processes.collisions._walk_elements import ElementTable
from loschmidt.processes.collisions._walk_states import PartialWalk, WalkParameters
from loschmidt.states import random_density_matrix, random_unitary


def random_walk(sites, reset, seed):
    rng = np.random.default_rng(seed)
    coins = random_unitary(2, rng, batch=(2, sites))
    p_up = rng.uniform(size=sites)
    state = random_density_matrix(2 * sites, rng)
    return WalkParameters(coins, np.stack([p_up, 1 - p_up]), reset), state


@pytest.mark.parametrize(("sites", "reset"), [(1, 0.3), (2, 0.6), (3, 0.0), (3, 0.2), (4, 1.0)])
def test_slow_twin(sites, reset):
    parameters, state = random_walk(sites, reset, sites)
    fresh = [np.diag(pair) for pair in parameters.probabilities.T]
    states, joints = reference.walk(state, fresh, *parameters.coins, reset, 5)
    walk = PartialWalk(parameters, state)
    for expected, joint in zip(states, joints, strict=True):
        np.testing.assert_allclose(walk.matrix(), expected, atol=3e-15)
        assert walk.joint_entropy() == pytest.approx(reference.entropy(joint), abs=1e-12)
        walk.advance()


@pytest.mark.parametrize("sites", [7, 8, 9])
def test_lanes_and_strides_of_all_sites(sites):
    # One system forgets at a time: each pair of bits runs through the gathered and the adjacent copies alike, and
    # the walk must not depend on which bit is which.
    rng = np.random.default_rng(sites)
    up, down = random_unitary(2, rng), random_unitary(2, rng)
    coins = np.stack([np.broadcast_to(up, (sites, 2, 2)), np.broadcast_to(down, (sites, 2, 2))])
    parameters = WalkParameters(coins, np.full((2, sites), 0.5), 0.25)
    start = np.zeros((2 * sites, 2 * sites), dtype=complex)
    start[:2, :2] = random_density_matrix(2, rng)
    first = PartialWalk(parameters, start)
    moved = PartialWalk(parameters, np.roll(start, (6, 6), axis=(0, 1)))
    for _ in range(sites + 2):
        first.advance()
        moved.advance()
    np.testing.assert_allclose(np.roll(first.matrix(), (6, 6), axis=(0, 1)), moved.matrix(), atol=1e-15)
    assert np.trace(first.matrix()).real == pytest.approx(1, abs=1e-14)


def test_plain_python_is_the_compiled_kernel():
    from loschmidt._kernels import two_level_walk as kernel

    parameters, state = random_walk(2, 0.4, 9)
    compiled, plain = PartialWalk(parameters, state), PartialWalk(parameters, state)
    pairs, singles = compiled._table.advance()
    conjugates = compiled._pair_matrices * np.array([1, -1])[:, None, None]
    arguments = (pairs, singles, compiled._pair_matrices, conjugates, compiled._site_matrices, compiled._decay)
    kernel.collide(compiled._modes, *arguments)
    kernel.collide.py_func(plain._modes, *arguments)
    np.testing.assert_allclose(compiled._modes, plain._modes, atol=1e-16)


def test_elements_that_no_coin_reaches_stay_exactly_zero():
    mirror = np.array([[0, 1], [1, 0]])
    coins = np.stack([np.broadcast_to(mirror, (4, 2, 2)), np.broadcast_to(np.eye(2), (4, 2, 2))]).astype(complex)
    start = np.zeros((8, 8), dtype=complex)
    start[0, 0] = 1
    walk = PartialWalk(WalkParameters(coins, np.full((2, 4), 0.5), 0.1), start)
    for _ in range(9):
        walk.advance()
    matrix = walk.matrix()
    np.testing.assert_array_equal(matrix, np.diag(matrix.diagonal()))
    assert ElementTable(coins, start != 0).touched(9) < 3 * 8
