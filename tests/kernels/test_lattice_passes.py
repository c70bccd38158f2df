from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels.lattices import random_state
from tests.physics import seeds
from tests.reference import lattice_steps as slow

from loschmidt._kernels.lattice_passes import overlap, phase_pass, probability_pass, shannon_entropy

SHAPES = [(1, 1), (7,), (1, 33), (33, 1), (20, 20), (70, 15), (3, 5, 17), (2, 3, 1, 4)]


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
@pytest.mark.parametrize("shape", SHAPES)
def test_marginals_and_joint_entropy(shape, dtype):
    state = random_state(shape, dtype=dtype)
    state.ravel()[1::3] = 0
    marginals, entropy = probability_pass(state)
    expected, joint = slow.probability_pass(state)
    assert len(marginals) == len(shape)
    for found, exact in zip(marginals, expected, strict=True):
        assert found.shape == exact.shape
        np.testing.assert_allclose(found, exact, rtol=1e-14, atol=0)
    assert entropy == pytest.approx(joint, rel=1e-14, abs=1e-15)


@given(seed=seeds, rows=st.integers(1, 80), columns=st.integers(1, 80))
def test_marginals_sum_to_the_squared_norm(seed, rows, columns):
    rng = np.random.default_rng(seed)
    state = random_state((rows, columns), seed) * 10.0 ** rng.uniform(-5, 5, size=(rows, columns))
    (first, second), _ = probability_pass(state)
    exact = math.fsum(np.concatenate([state.real.ravel(), state.imag.ravel()]) ** 2)
    assert math.fsum(first) == pytest.approx(exact, rel=4e-16)
    assert math.fsum(second) == pytest.approx(exact, rel=4e-16)


def test_sums_lose_nothing_over_many_amplitudes():
    # 3·10^6 equal amplitudes: a plain sum in this order would be off by 1e-13 and more.
    state = np.full((1000, 3001), 1 / math.sqrt(1000 * 3001), dtype=complex)
    (first, second), entropy = probability_pass(state)
    np.testing.assert_allclose(first, 1 / 1000, rtol=1e-15)
    np.testing.assert_allclose(second, 1 / 3001, rtol=1e-15)
    assert entropy == pytest.approx(math.log(state.size), rel=1e-15)
    assert overlap(state, state) == pytest.approx(1, rel=1e-15)


def test_a_single_fock_state_has_no_entropy_and_no_negative_zero():
    state = np.zeros((20, 20), dtype=complex)
    state[3, 4] = 1j
    (first, second), entropy = probability_pass(state)
    for value in (entropy, shannon_entropy(first), shannon_entropy(second)):
        assert value == 0
        assert math.copysign(1, value) == 1


def test_nan_stays_nan():
    state = random_state((20, 20))
    state[3, 7] = np.nan
    (first, second), entropy = probability_pass(state)
    assert math.isnan(entropy)
    assert np.flatnonzero(np.isnan(first)).tolist() == [3]
    assert np.flatnonzero(np.isnan(second)).tolist() == [7]
    assert math.isnan(shannon_entropy(first))


@given(seed=seeds, length=st.integers(1, 50))
def test_shannon_entropy(seed, length):
    p = np.random.default_rng(seed).dirichlet(np.ones(length))
    assert shannon_entropy(p) == pytest.approx(slow.shannon_entropy(p), rel=1e-14)
    assert -1e-15 <= shannon_entropy(p) <= math.log(length) + 1e-14


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
@pytest.mark.parametrize("shape", SHAPES)
def test_overlap_is_summed_in_double_precision(shape, dtype):
    left, right = random_state(shape, 1, dtype), random_state(shape, 2, dtype)
    exact = np.vdot(left.astype(complex), right.astype(complex))
    assert overlap(left, right) == pytest.approx(exact, abs=1e-15)
    assert overlap(right, left) == pytest.approx(exact.conjugate(), abs=1e-15)


@pytest.mark.parametrize("shape", SHAPES)
def test_phases_along_an_axis(shape):
    for axis in range(-1, len(shape)):
        phases = np.random.default_rng(3).uniform(-9, 9, size=shape[axis])
        state = random_state(shape)
        expected = state.copy()
        slow.phase_pass(expected, phases, axis)
        phase_pass(state, phases, axis)
        np.testing.assert_allclose(state, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_every_number_of_threads_gives_the_same_bits(dtype):
    state = random_state((400, 50), dtype=dtype)
    phases = np.linspace(0, 5, 400)
    results = []
    for threads in (1, 2, 3):
        turned = state.copy()
        phase_pass(turned, phases, 0, threads=threads)
        phase_pass(turned, phases[:50], 1, threads=threads)
        marginals, entropy = probability_pass(turned, threads=threads)
        results.append((turned, *marginals, entropy, overlap(state, turned, threads=threads)))
    for other in results[1:]:
        for first, second in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(first, second)
