from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.physics import random_state, seeds
from tests.processes.gains.families import PAULI, damping, partial_swap, plain_gain

from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.information import relative_entropy, von_neumann_entropy
from loschmidt.processes.channels import (
    Channel,
    amplitude_damping,
    depolarising,
    erasure_channel,
    identity_channel,
    random_channel,
    reset_channel,
)
from loschmidt.processes.gains import (
    entropy_gain,
    gain_bounds,
    gain_bracket,
    maximally_mixed_gain,
    minimal_entropy_gain,
    safe_operator,
)
from loschmidt.states import random_density_matrix, random_unitary

sizes = st.integers(1, 5)


def a_channel(rng, n, m):
    """Few or many Kraus operators, in one of the three forms."""
    channel = random_channel(n, m, rng, kraus=int(rng.integers(-(-n // m), n * m + 1)))
    form = rng.integers(3)
    if form == 0:
        return channel
    if form == 1:
        return Channel.from_choi(channel.choi, dims=(n, m))
    return Channel.from_superoperator(channel.superoperator, dims=(n, m))


# ── the gain ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(n=sizes, m=sizes, seed=seeds)
def test_gain_is_the_difference_of_entropies(n, m, seed):
    rng = np.random.default_rng(seed)
    channel = a_channel(rng, n, m)
    states = random_density_matrix(n, rng, batch=(2, 3))
    gains = entropy_gain(channel, states)
    assert gains.shape == (2, 3)
    assert gains[1, 2] == pytest.approx(plain_gain(channel.kraus_operators, states[1, 2]), abs=1e-13)


def test_exact_gains():
    assert entropy_gain(amplitude_damping(0.5), [0, 1]) == pytest.approx(math.log(2), abs=1e-15)
    assert entropy_gain(amplitude_damping(0.3), [1, 0]) == pytest.approx(0, abs=1e-15)
    assert entropy_gain(reset_channel([1, 0, 0]), np.eye(3) / 3) == pytest.approx(-math.log(3), abs=1e-15)
    assert entropy_gain(depolarising(4, 1.0), [1, 0, 0, 0]) == pytest.approx(math.log(4), abs=1e-15)
    mixed = erasure_channel(2, 0.25)  # a flag of known entropy beside what is left of the state's own
    expected = -0.25 * math.log(0.25) - 0.75 * math.log(0.75) - 0.25 * math.log(2)
    assert entropy_gain(mixed, np.eye(2) / 2) == pytest.approx(expected, abs=1e-15)


def test_states_of_another_trace_are_refused_unless_asked_for():
    channel = amplitude_damping(0.5)
    half = np.eye(2) / 4
    with pytest.raises(NotAStateError, match="trace"):
        entropy_gain(channel, half)
    assert entropy_gain(channel, half, normalize=True) == entropy_gain(channel, np.eye(2) / 2)
    with pytest.raises(NotAStateError, match="positive trace"):
        entropy_gain(channel, np.diag([1.0, -1.0]), normalize=True)


def test_what_is_no_channel_has_no_gain():
    lossy = Channel.from_kraus([np.diag([1.0, 0.5])], check="operation")
    for function in (maximally_mixed_gain, gain_bracket, safe_operator):
        with pytest.raises(InputError, match="preserve the trace"):
            function(lossy)
    transposition = Channel.from_superoperator(np.eye(4)[[0, 2, 1, 3]] * 1.5 - 0.5 * np.eye(4), check="tp")
    with pytest.raises(InputError, match="eigenvalue"):
        entropy_gain(transposition, np.full((2, 2), 0.5) + 0.5 * PAULI[1] - 0.5 * PAULI[0])
    with pytest.raises(ShapeError):
        entropy_gain(amplitude_damping(0.5), np.eye(3) / 3)


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(n=sizes, m=sizes, seed=seeds, rank=st.integers(1, 5))
def test_no_bound_exceeds_the_gain(n, m, seed, rank):
    rng = np.random.default_rng(seed)
    channel = a_channel(rng, n, m)
    state = random_state(rng, n, rank=min(rank, n))
    gain, bounds = entropy_gain(channel, state), gain_bounds(channel, state)
    assert bounds.identity_image <= gain + 1e-10
    assert bounds.recovery <= gain + 1e-10
    assert bounds.best == max(bounds.identity_image, bounds.recovery)
    assert bounds.reservoir is None


@given(n=sizes, m=sizes, seed=seeds)
def test_the_first_bound_is_an_equality_for_the_maximally_mixed_state(n, m, seed):
    channel = a_channel(np.random.default_rng(seed), n, m)
    mixed = np.eye(n) / n
    gain = entropy_gain(channel, mixed)
    assert gain_bounds(channel, mixed).identity_image == pytest.approx(gain, abs=1e-12)
    assert maximally_mixed_gain(channel) == pytest.approx(gain, abs=1e-12)


def test_each_bound_wins_somewhere():
    rng = np.random.default_rng(7)
    channels = [random_channel(3, 3, rng, kraus=2) for _ in range(20)]
    pure, mixed = random_state(rng, 3, rank=1), np.eye(3) / 3
    assert all(gain_bounds(one, pure).recovery > gain_bounds(one, pure).identity_image for one in channels)
    assert all(gain_bounds(one, mixed).recovery < gain_bounds(one, mixed).identity_image for one in channels)


@given(seed=seeds, reservoir=st.integers(1, 4))
def test_the_reservoir_pays_with_its_negentropy(seed, reservoir):
    rng = np.random.default_rng(seed)
    fuel = random_density_matrix(reservoir, rng)
    channel = Channel.from_unitary(random_unitary(3 * reservoir, rng), fuel, (3, reservoir))
    states = random_density_matrix(3, rng, batch=(4,))
    bounds = gain_bounds(channel, states, fuel)
    assert bounds.reservoir.shape == (4,)
    np.testing.assert_allclose(bounds.reservoir, von_neumann_entropy(fuel) - math.log(reservoir), atol=1e-14)
    assert (bounds.reservoir <= entropy_gain(channel, states) + 1e-10).all()
    assert (bounds.best >= bounds.reservoir).all()
    largest = np.linalg.eigvalsh(channel.identity_image)[-1]
    assert largest <= reservoir * np.linalg.eigvalsh(fuel)[-1] + 1e-10


def test_a_swap_saturates_the_reservoir_bound():
    populations = [0.7, 0.2, 0.1]
    channel = partial_swap(math.pi / 2, populations)
    bounds = gain_bounds(channel, np.eye(3) / 3, np.diag(populations))
    assert bounds.best == pytest.approx(entropy_gain(channel, np.eye(3) / 3), abs=1e-13)
    assert bounds.reservoir == pytest.approx(bounds.best, abs=1e-13)


def test_one_reservoir_at_a_time():
    with pytest.raises(ShapeError, match="reservoir_state"):
        gain_bounds(identity_channel(2), [1, 0], np.array([np.eye(2), np.eye(2)]) / 2)


def test_bounds_are_finite_where_the_image_of_one_is_singular():
    channel = reset_channel([1, 0])
    bounds = gain_bounds(channel, [[[0.5, 0], [0, 0.5]], [[1, 0], [0, 0]], [[0.5, 0.5], [0.5, 0.5]]])
    np.testing.assert_allclose(bounds.identity_image, -math.log(2), atol=1e-15)  # the kernel adds nothing
    np.testing.assert_allclose(bounds.recovery, [-math.log(2), 0, 0], atol=1e-13)


def test_recovery_bound_is_a_relative_entropy_where_the_recovered_operator_is_a_state():
    rng = np.random.default_rng(3)
    channel = depolarising(3, 0.4)  # unital, so that Φ†Φ preserves the trace
    state = random_density_matrix(3, rng)
    expected = relative_entropy(state, channel.adjoint(channel(state)))
    assert gain_bounds(channel, state).recovery == pytest.approx(expected, abs=1e-12)
    assert expected > 0


# ── safe states ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_safe_operator_of_amplitude_damping():
    np.testing.assert_allclose(
        safe_operator(amplitude_damping(0.5)),
        np.diag([-math.log(1.5), -0.5 * math.log(1.5) - 0.5 * math.log(0.5)]),
        atol=1e-15,
    )


@given(seed=seeds, d=st.integers(2, 4))
def test_no_state_of_the_safe_half_space_loses_entropy(seed, d):
    rng = np.random.default_rng(seed)
    channel = random_channel(d, d, rng, kraus=2)
    values, vectors = np.linalg.eigh(safe_operator(channel))
    assume(values[0] < 0 < values[-1])
    # Mix the least and the most safe direction to the border of the half-space, then add something safe.
    border = values[-1] / (values[-1] - values[0])
    outer = [np.outer(v, v.conj()) for v in (vectors[:, 0], vectors[:, -1])]
    state = border * outer[0] + (1 - border) * outer[1]
    assert np.trace(state @ safe_operator(channel)).real == pytest.approx(0, abs=1e-12)
    assert entropy_gain(channel, state) >= -1e-11
    assert minimal_entropy_gain(channel).value < 0
    assert entropy_gain(channel, 0.9 * state + 0.1 * outer[1]) >= -1e-11


# ── bracket and the maximally mixed state ────────────────────────────────────────────────────────────────────────────


@given(n=sizes, m=sizes, seed=seeds)
def test_bracket_holds_gains_and_the_norm_bound(n, m, seed):
    rng = np.random.default_rng(seed)
    channel = a_channel(rng, n, m)
    bracket = gain_bracket(channel)
    gains = entropy_gain(channel, random_density_matrix(n, rng, batch=(5,)))
    assert (gains >= bracket.lower - 1e-11).all()
    assert bracket.lower <= bracket.upper + 1e-12
    assert bracket.lower >= -math.log(np.linalg.eigvalsh(channel.identity_image)[-1]) - 1e-11


@pytest.mark.parametrize("gamma", [1e-3, 1e-6, 1e-9, 1e-11])
def test_the_maximally_mixed_state_loses_the_square_of_the_defect(gamma):
    # An entropy is right to 1e-16, so that a difference of two shows nothing from γ = 1e-8 on.
    excess = np.linalg.eigvalsh(amplitude_damping(gamma).identity_image - np.eye(2))
    exact = -(excess**2 / 2 + excess**4 / 12).sum() / 2  # odd powers cancel
    assert maximally_mixed_gain(amplitude_damping(gamma)) == pytest.approx(exact, rel=1e-6 if gamma < 1e-9 else 1e-9)


@pytest.mark.parametrize("gamma", [0.009, 0.0099999, 0.0100001, 0.011, 0.5, 0.999, 1.0])
def test_series_and_logarithms_agree(gamma):
    exact = sum((1 + x) * math.log(1 + x) if x > -1 else 0.0 for x in (gamma, -gamma)) / -2
    assert maximally_mixed_gain(Channel.from_kraus(damping(gamma))) == pytest.approx(exact, rel=1e-10)


def test_unital_channels_have_an_empty_bracket():
    bracket = gain_bracket(depolarising(3, 0.3))
    assert abs(bracket.lower) < 1e-14
    assert abs(bracket.upper) < 1e-30
