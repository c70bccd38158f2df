from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds
from tests.processes.gains.families import plain_gain

from loschmidt.errors import InputError
from loschmidt.processes.channels import (
    Channel,
    amplitude_damping,
    depolarising,
    erasure_channel,
    generalised_amplitude_damping,
    mixed_unitary_channel,
    random_channel,
    reset_channel,
)
from loschmidt.processes.gains import minimal_entropy_gain, search_for_violation, second_law_violation
from loschmidt.processes.gains import violation as violation_module
from loschmidt.states import random_unitary


@given(seed=seeds, d=st.integers(1, 5), count=st.integers(1, 4))
def test_unital_channels_violate_nothing(seed, d, count):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(count))
    search = search_for_violation(mixed_unitary_channel([random_unitary(d, rng) for _ in range(count)], weights))
    assert search.violation is None
    assert search.defect < 1e-12


@given(seed=seeds, d=st.integers(2, 5), kind=st.sampled_from(["optimal", "mixed"]))
def test_every_other_square_channel_lets_a_state_lose_entropy(seed, d, kind):
    rng = np.random.default_rng(seed)
    channel = random_channel(d, d, rng, kraus=int(rng.integers(2, d * d + 1)))
    found = second_law_violation(channel, kind)
    assert found is not None
    assert found.gain < 0
    assert found.verification.confirmed
    assert plain_gain(channel.kraus_operators, found.state) == pytest.approx(found.gain, abs=1e-12)


def test_the_optimal_state_loses_most():
    channel = amplitude_damping(0.5)
    optimal, mixed = second_law_violation(channel), second_law_violation(channel, "mixed")
    assert optimal.gain == pytest.approx(minimal_entropy_gain(channel).value, abs=1e-10)
    assert mixed.gain == pytest.approx(0.75 * math.log(0.75) * -1 - 0.25 * math.log(0.25) - math.log(2), abs=1e-14)
    assert optimal.gain < mixed.gain < 0
    np.testing.assert_array_equal(mixed.state, np.eye(2) / 2)
    assert optimal.verification.entropy_before - optimal.verification.entropy_after == pytest.approx(-optimal.gain)


@pytest.mark.parametrize("defect", [1e-3, 1e-6, 1e-9])
def test_weak_violations_are_found_and_confirmed(defect):
    # Towards a strongly mixing channel the minimum is quadratic in the defect: below all round-off.
    weak = generalised_amplitude_damping(0.9, 0.5 - defect / 1.8)
    search = search_for_violation(weak)
    assert search.defect == pytest.approx(defect, rel=1e-5)
    found = search.violation
    assert -math.log1p(search.defect) <= found.gain < 0
    assert found.verification.confirmed
    damped = second_law_violation(amplitude_damping(defect))
    assert damped.gain == pytest.approx(-0.2784645 * defect, rel=1e-2)  # first order in the defect
    assert damped.verification.confirmed


def test_a_defect_within_tolerance_is_none_and_is_reported():
    channel = amplitude_damping(1e-6)
    search = search_for_violation(channel, tolerance=1e-5)
    assert search.violation is None
    assert search.defect == pytest.approx(1e-6, rel=1e-9)
    assert search.tolerance == 1e-5
    assert second_law_violation(channel, tolerance=1e-5) is None
    assert second_law_violation(channel) is not None


def test_rectangular_maps():
    embedding = Channel.from_kraus(np.eye(3)[:, :2][None])
    assert second_law_violation(embedding) is None
    # Not sub-unital, but no state loses entropy.
    harmless = search_for_violation(erasure_channel(2, 0.3) @ amplitude_damping(0.5))
    assert harmless.defect == pytest.approx(0.05, abs=1e-12)
    assert harmless.violation is None
    forgetful = second_law_violation(Channel.from_kraus(np.eye(3)[:, None, :]), "mixed")
    assert forgetful.gain == pytest.approx(-math.log(3), abs=1e-14)
    assert forgetful.verification.confirmed
    # The maximally mixed state gains, another one loses.
    stretched = erasure_channel(2, 0.05) @ amplitude_damping(0.9)
    assert second_law_violation(stretched).gain < -0.1


@given(seed=seeds, n=st.integers(1, 4), m=st.integers(1, 4))
def test_rectangular_maps_violate_where_their_minimum_is_negative(seed, n, m):
    channel = random_channel(n, m, np.random.default_rng(seed))
    minimum = minimal_entropy_gain(channel)
    found = second_law_violation(channel)
    assert (found is not None) == (minimum.value < -1e-12) or abs(minimum.value) < 1e-12
    if found is not None:
        assert found.verification.confirmed


@pytest.mark.parametrize("form", ["choi", "superoperator"])
def test_verification_of_channels_without_kraus_operators(form):
    channel = reset_channel([1, 0])
    other = Channel.from_choi(channel.choi) if form == "choi" else Channel.from_superoperator(channel.superoperator)
    found = second_law_violation(other)
    assert found.verification.confirmed
    assert found.verification.gain == pytest.approx(-math.log(2), abs=1e-14)


def test_a_wrong_claim_is_not_confirmed(monkeypatch):
    right = minimal_entropy_gain(amplitude_damping(0.5))
    for wrong in (
        replace(right, value=right.value - 1e-9),  # a gain that the state does not have
        replace(right, state=np.diag([0.0, 1.0]) + 0j),  # a state that gains
    ):
        monkeypatch.setattr(violation_module, "minimal_entropy_gain", lambda *_, result=wrong, **__: result)
        assert not second_law_violation(amplitude_damping(0.5)).verification.confirmed


def test_arguments():
    with pytest.raises(InputError, match="kind"):
        second_law_violation(depolarising(2, 0.1), "best")
    with pytest.raises(InputError, match="preserve the trace"):
        second_law_violation(Channel.from_kraus([np.eye(2) / 2], check="operation"))
