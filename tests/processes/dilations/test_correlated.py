from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds
from tests.processes.dilations.unitaries import BELL, CNOT, SWAP

from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ShapeError
from loschmidt.information import mutual_information, von_neumann_entropy
from loschmidt.processes.dilations import Dilation, evolve_correlated_start
from loschmidt.states import partial_trace, product_state, random_density_matrix, random_unitary


def test_a_bell_pair_loses_the_entropy_of_its_half():
    # Although the product-start channel of the same unitary and the same reservoir state is unital.
    after = evolve_correlated_start(CNOT, BELL, (2, 2))
    assert Dilation(CNOT, after.reservoir_before, (2, 2)).channel.is_unital()
    assert after.entropy_change == pytest.approx(-math.log(2), abs=1e-14)
    assert after.mutual_information_before == pytest.approx(2 * math.log(2), abs=1e-14)
    assert after.mutual_information_after == pytest.approx(0, abs=1e-14)
    assert after.lower_bound == pytest.approx(-2 * math.log(2), abs=1e-14)


def test_the_bound_is_reached():
    # A classically correlated pair: the correlation, ln 2, is all that can be and is used.
    pair = np.diag([0.5, 0, 0, 0.5])
    turned = np.eye(4)[[0, 3, 2, 1]]  # the reservoir flips the system
    after = evolve_correlated_start(turned, pair, (2, 2))
    assert after.mutual_information_before == pytest.approx(math.log(2), abs=1e-14)
    assert after.entropy_change == pytest.approx(-math.log(2), abs=1e-14)
    assert after.lower_bound == pytest.approx(-math.log(2), abs=1e-14)


@given(seed=seeds, d=st.integers(1, 3), r=st.integers(1, 3), rank=st.integers(1, 9))
def test_entropy_falls_no_further_than_the_bound(seed, d, r, rank):
    rng = np.random.default_rng(seed)
    unitary = random_unitary(d * r, rng)
    states = random_density_matrix(d * r, rng, min(rank, d * r), batch=(2, 2))
    after = evolve_correlated_start(unitary, states, (d, r))
    assert (after.entropy_change >= after.lower_bound - 1e-10).all()
    joint = unitary @ states @ unitary.conj().T
    np.testing.assert_allclose(after.joint_state, joint, atol=1e-14)
    np.testing.assert_allclose(after.system_after, partial_trace(joint, (d, r), 0), atol=1e-14)
    np.testing.assert_allclose(after.reservoir_after, partial_trace(joint, (d, r), 1), atol=1e-14)
    np.testing.assert_allclose(after.mutual_information_before, mutual_information(states, (d, r)), atol=1e-12)
    np.testing.assert_allclose(after.mutual_information_after, mutual_information(joint, (d, r)), atol=1e-12)
    change = von_neumann_entropy(after.system_after) - von_neumann_entropy(after.system_before)
    np.testing.assert_allclose(after.entropy_change, change, atol=1e-12)


@given(seed=seeds, d=st.integers(1, 3), r=st.integers(1, 3), rank=st.integers(1, 3))
def test_a_product_start_is_the_dilation(seed, d, r, rank):
    rng = np.random.default_rng(seed)
    unitary, system = random_unitary(d * r, rng), random_density_matrix(d, rng)
    reservoir = random_density_matrix(r, rng, min(rank, r))
    after = evolve_correlated_start(unitary, product_state(system, reservoir), (d, r))
    dilation = Dilation(unitary, reservoir, (d, r))
    np.testing.assert_allclose(after.system_after, dilation.channel(system), atol=1e-14)
    np.testing.assert_allclose(after.mutual_information_before, 0, atol=1e-12)
    # Eq. (1), whose bound is an equality for the maximally mixed state.
    mixed = evolve_correlated_start(unitary, product_state(np.eye(d) / d, reservoir), (d, r))
    np.testing.assert_allclose(mixed.lower_bound, mixed.entropy_change, atol=1e-11)


def test_order_of_the_factors():
    rng = np.random.default_rng(2)
    unitary, state = random_unitary(6, rng), random_density_matrix(6, rng)
    there = (matrix.reshape(2, 3, 2, 3).transpose(1, 0, 3, 2).reshape(6, 6) for matrix in (unitary, state))
    ours, theirs = evolve_correlated_start(unitary, state, (2, 3)), evolve_correlated_start(*there, (2, 3), order="RS")
    np.testing.assert_allclose(theirs.joint_state, ours.joint_state, atol=1e-15)
    np.testing.assert_allclose(theirs.lower_bound, ours.lower_bound, atol=1e-13)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((2 * SWAP, BELL, (2, 2)), NotUnitaryError, "`unitary` must be unitary"),
        ((SWAP[None], BELL, (2, 2)), ShapeError, "`unitary` must be one matrix"),
        ((SWAP, 2 * BELL, (2, 2)), NotAStateError, "`joint_state` is a ket and must have norm 1"),
        ((SWAP, np.eye(2) / 2, (2, 2)), ShapeError, "`joint_state` must be 4 × 4"),
        ((SWAP, BELL, (4,)), InputError, "`dims` must be two integers"),
        ((SWAP, BELL, (2, 2), "both"), InputError, "`order` must be 'SR'"),
    ],
)
def test_border(arguments, error, message):
    with pytest.raises(error, match=message):
        evolve_correlated_start(*arguments)
