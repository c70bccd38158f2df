from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_state, seeds

from loschmidt.errors import InputError, NotAStateError, NotFiniteError, NotUnitaryError, ShapeError
from loschmidt.processes.channels import (
    amplitude_damping,
    dephasing,
    depolarising,
    erasure_channel,
    generalised_amplitude_damping,
    identity_channel,
    mixed_unitary_channel,
    pauli_channel,
    random_channel,
    reset_channel,
    schur_channel,
    unitary_channel,
)
from loschmidt.states import random_density_matrix, random_unitary

probabilities = st.floats(0, 1)


def spectrum(channel):
    return np.linalg.eigvalsh(channel.choi)


@given(gamma=probabilities, seed=seeds)
def test_amplitude_damping(gamma, seed):
    channel, state = amplitude_damping(gamma), random_state(np.random.default_rng(seed), 2)
    np.testing.assert_allclose(channel.identity_image, np.diag([1 + gamma, 1 - gamma]), atol=1e-15)
    assert channel.unitality_defect() == pytest.approx(gamma, abs=1e-15)
    image = channel(state)
    assert image[1, 1].real == pytest.approx((1 - gamma) * state[1, 1].real, abs=1e-15)
    assert image[0, 1] == pytest.approx(math.sqrt(1 - gamma) * state[0, 1], abs=1e-15)
    np.testing.assert_allclose(spectrum(channel), [0, 0, gamma, 2 - gamma] if gamma <= 1 else None, atol=1e-14)
    cold = generalised_amplitude_damping(gamma, 0.0)
    np.testing.assert_allclose(cold.choi, channel.choi, atol=1e-15)


@given(gamma=probabilities, excited=probabilities, seed=seeds)
def test_generalised_amplitude_damping(gamma, excited, seed):
    channel, kept = generalised_amplitude_damping(gamma, excited), np.diag([1 - excited, excited])
    np.testing.assert_allclose(channel(kept), kept, atol=1e-15)
    state = random_state(np.random.default_rng(seed), 2)
    image = channel(state)
    np.testing.assert_allclose(image.diagonal(), (1 - gamma) * state.diagonal() + gamma * kept.diagonal(), atol=1e-14)
    assert image[0, 1] == pytest.approx(math.sqrt(1 - gamma) * state[0, 1], abs=1e-14)
    assert channel.unitality_defect() == pytest.approx(gamma * abs(1 - 2 * excited), abs=1e-14)


@given(d=st.integers(1, 5), share=probabilities, seed=seeds)
def test_depolarising(d, share, seed):
    p = share * (d * d / (d * d - 1) if d > 1 else 1.0)
    channel, state = depolarising(d, p), random_state(np.random.default_rng(seed), d)
    np.testing.assert_allclose(channel(state), (1 - p) * state + p * np.eye(d) / d, atol=1e-14)
    expected = sorted([d * (1 - p) + p / d, *[p / d] * (d * d - 1)])
    np.testing.assert_allclose(spectrum(channel), expected, atol=1e-13)
    assert channel.is_unital()


@given(d=st.integers(1, 5), share=probabilities, seed=seeds)
def test_dephasing(d, share, seed):
    p = share * (d / (d - 1) if d > 1 else 1.0)
    channel, state = dephasing(d, p), random_state(np.random.default_rng(seed), d)
    factors = np.full((d, d), 1 - p) + p * np.eye(d)
    np.testing.assert_allclose(channel(state), factors * state, atol=1e-14)
    np.testing.assert_allclose(schur_channel(factors).choi, channel.choi, atol=1e-13)
    assert len(channel.kraus_operators) <= d
    assert channel.is_unital()


def test_a_phase_flip_is_half_a_dephasing():
    np.testing.assert_allclose(pauli_channel([0.9, 0, 0, 0.1]).choi, dephasing(2, 0.2).choi, atol=1e-15)
    np.testing.assert_allclose(pauli_channel([1 - 0.3, 0.1, 0.1, 0.1]).choi, depolarising(2, 0.4).choi, atol=1e-15)


@given(weights=st.lists(st.floats(0.01, 1), min_size=4, max_size=4))
def test_pauli_channels_are_diagonal_in_the_bell_basis(weights):
    p = np.array(weights) / sum(weights)
    channel = pauli_channel(p)
    np.testing.assert_allclose(spectrum(channel), np.sort(2 * p), atol=1e-14)
    bloch = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
    for axis, pauli in enumerate(bloch):
        shrunk = p[0] + p[1 + axis] - sum(p[1 + other] for other in range(3) if other != axis)
        np.testing.assert_allclose(channel(pauli), shrunk * pauli, atol=1e-14)


@given(d=st.integers(1, 4), p=probabilities, seed=seeds)
def test_erasure(d, p, seed):
    channel, state = erasure_channel(d, p), random_state(np.random.default_rng(seed), d)
    expected = np.zeros((d + 1, d + 1), dtype=complex)
    expected[:d, :d] = (1 - p) * state
    expected[d, d] = p
    np.testing.assert_allclose(channel(state), expected, atol=1e-15)
    np.testing.assert_allclose(channel.identity_image.diagonal(), [1 - p] * d + [d * p], atol=1e-14)
    assert channel.is_subunital() is bool(d * p <= 1 + 1e-10)
    # Up to the order of levels, the environment receives what the system loses.
    lost, kept = channel.complementary(state), erasure_channel(d, 1 - p)(state)
    np.testing.assert_allclose(np.linalg.eigvalsh(lost), np.linalg.eigvalsh(kept), atol=1e-13)


@given(seed=seeds, n=st.integers(1, 4), m=st.integers(1, 4), rank=st.integers(1, 4))
def test_reset(seed, n, m, rank):
    rng = np.random.default_rng(seed)
    target = random_density_matrix(m, rng, rank=min(rank, m))
    channel = reset_channel(target, n)
    np.testing.assert_allclose(channel(random_density_matrix(n, rng)), target, atol=1e-14)
    np.testing.assert_allclose(channel.identity_image, n * target, atol=1e-13)
    np.testing.assert_allclose(channel.choi, np.kron(np.eye(n), target), atol=1e-14)


@given(seed=seeds, d=st.integers(1, 4), count=st.integers(1, 4))
def test_unitaries_at_random_are_unital(seed, d, count):
    rng = np.random.default_rng(seed)
    unitaries, weights = random_unitary(d, rng, batch=(count,)), rng.dirichlet(np.ones(count))
    channel, state = mixed_unitary_channel(unitaries, weights), random_density_matrix(d, rng)
    expected = sum(w * unitary_channel(u)(state) for w, u in zip(weights, unitaries, strict=True))
    np.testing.assert_allclose(channel(state), expected, atol=1e-14)
    assert channel.unitality_defect() < 1e-13
    back = unitary_channel(unitaries[0].conj().T) @ unitary_channel(unitaries[0])
    np.testing.assert_allclose(back.choi, identity_channel(d).choi, atol=1e-13)


@given(seed=seeds, d=st.integers(1, 4), rank=st.integers(1, 4))
def test_schur_channels_keep_populations(seed, d, rank):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(d, rank)) + 1j * rng.normal(size=(d, rank))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    correlations = vectors @ vectors.conj().T
    np.fill_diagonal(correlations, 1)
    state = random_state(rng, d)
    np.testing.assert_allclose(schur_channel(correlations)(state), correlations * state, atol=1e-13)
    assert schur_channel(correlations).is_unital()


@given(seed=seeds, n=st.integers(1, 4), m=st.integers(1, 4))
def test_random_channels(seed, n, m):
    channel = random_channel(n, m, np.random.default_rng(seed))
    assert channel.kraus_operators.shape == (n * m, m, n)
    assert channel.trace_preservation_defect() < 1e-13
    again = random_channel(n, m, np.random.default_rng(seed))
    np.testing.assert_array_equal(again.kraus_operators, channel.kraus_operators)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: amplitude_damping(1.1), InputError, "from 0 to 1"),
        (lambda: amplitude_damping(math.nan), NotFiniteError, "gamma"),
        (lambda: generalised_amplitude_damping(0.5, -0.1), InputError, "excited_population"),
        (lambda: depolarising(2, 1.34), InputError, r"from 0 to 1\.33"),
        (lambda: depolarising(0, 0.5), InputError, "whole number"),
        (lambda: dephasing(3, 1.6), InputError, r"from 0 to 1\.5"),
        (lambda: pauli_channel([0.5, 0.5]), ShapeError, r"\(4,\)"),
        (lambda: pauli_channel([0.5, 0.5, 0.5, 0]), InputError, "sum to 1"),
        (lambda: pauli_channel([1.5, -0.5, 0, 0]), InputError, "smallest"),
        (lambda: erasure_channel(2, 2.0), InputError, "probability"),
        (lambda: reset_channel(np.eye(2)), NotAStateError, "trace 1"),
        (lambda: reset_channel(np.stack([np.eye(2) / 2] * 2)), ShapeError, "one state"),
        (lambda: unitary_channel(np.ones((2, 2))), NotUnitaryError, "unitary"),
        (lambda: unitary_channel(np.stack([np.eye(2)] * 2)), ShapeError, "one matrix"),
        (lambda: mixed_unitary_channel([np.eye(2)], [0.5, 0.5]), ShapeError, r"\(1,\)"),
        (lambda: schur_channel([[1, 2], [2, 1]]), NotAStateError, "positive"),
        (lambda: schur_channel([[0.5, 0], [0, 1]]), NotAStateError, "ones on its diagonal"),
        (lambda: random_channel(5, 2, np.random.default_rng(1), 2), InputError, "at least 3"),
        (lambda: identity_channel(True), InputError, "whole number"),
    ],
)
def test_errors_say_what_is_wrong(make, error, words):
    with pytest.raises(error, match=words):
        make()
