"""Three entropy productions: one number for thermal baths, three for others, and none where a definition fails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import dimensions, random_davies, random_state, seeds

from loschmidt.ledger.reservoir_rates import reservoir_rates
from loschmidt.processes import gkls_generator, jump_dissipator
from loschmidt.processes.nonthermal import engineered_dissipator, squeezed_dissipator, stationary_reference

LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])


def squeezed(beta=1.0):
    bath = squeezed_dissipator("s", LOWER, 0.2, beta=beta, frequency=1.0, squeezing=0.6, phase=0.4)
    return gkls_generator(np.zeros((2, 2)), [bath], energy=np.diag([0.0, 1.0]))


@given(seed=seeds, d=dimensions, hot=st.floats(0.1, 1.0), cold=st.floats(0.5, 2.0))
def test_all_three_agree_for_thermal_baths(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    states = np.stack([random_state(np.random.default_rng(seed + k), d) for k in range(3)])
    found = reservoir_rates(process, states)
    assert found.reasons == ()
    size = np.abs(found.thermal).max()
    assert found.reservoir == pytest.approx(found.thermal, abs=1e-9 * size)
    assert found.information == pytest.approx(found.thermal, abs=1e-6 * size)
    assert found.thermal.min() > 0


@given(seed=seeds)
def test_two_productions_of_a_squeezed_bath_are_positive(seed):
    found = reservoir_rates(squeezed(), random_state(np.random.default_rng(seed), 2))
    assert found.information[0, 0] >= -1e-13
    assert found.reservoir[0, 0] > found.information[0, 0] > found.thermal[0, 0] or found.reservoir[0, 0] > 0


def test_the_third_may_be_negative():
    states = np.stack([np.diag([1 - p, p]) for p in np.linspace(0.05, 0.45, 9)])
    found = reservoir_rates(squeezed(), states)
    assert found.thermal.min() < -0.008
    assert found.information.min() >= 0
    assert found.reservoir.min() > 0.01


def test_pure_states_have_infinite_productions():
    found = reservoir_rates(squeezed(), np.diag([1.0, 0.0]))
    assert np.isposinf([found.entropy[0, 0], found.information[0, 0], found.reservoir[0, 0]]).all()


def test_reasons_are_given_where_a_definition_fails():
    found = reservoir_rates(squeezed(np.inf), np.eye(2) / 2)
    assert np.isfinite(found.information).all()
    assert np.isnan(found.reservoir).all()
    assert np.isnan(found.thermal).all()
    assert "must have a reverse" in found.reasons[0]
    sink = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("vacuum", [LOWER], [0.1])])
    both = reservoir_rates(sink, np.eye(2) / 2)
    assert np.isnan(both.information).all()
    assert len(both.reasons) == 2


def test_a_bath_of_three_temperatures_produces_in_its_own_stationary_state():
    h, ring = np.diag([0.0, 1.0, 2.7]), np.ones((3, 3)) - np.eye(3)
    bath = engineered_dissipator("mixed", h, ring, lambda w: 0.1 / (1 + np.exp(-w / (0.3 + np.abs(w) ** 2))))
    found = reservoir_rates(gkls_generator(h, [bath]), stationary_reference(bath))
    assert found.information[0, 0] == pytest.approx(0, abs=1e-13)
    assert found.reservoir[0, 0] > 1e-4
