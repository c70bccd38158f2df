"""Secular equations against dense eigenvalues, where poles are close or equal and weights vanish, too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds

from loschmidt._kernels import rank_one, secular_roots
from loschmidt._kernels.compile import Compiled
from loschmidt._kernels.rank_one import logarithmic_coherences, rank_one_eigenvalues, rank_one_weights

POLES = {
    "apart": lambda rng, d: rng.random(d),
    "equal": lambda rng, d: np.round(4 * rng.random(d)) / 4,
    "nearly equal": lambda rng, d: np.round(4 * rng.random(d)) / 4 + 1e-15 * rng.random(d),
    "graded": lambda rng, d: 10.0 ** rng.uniform(-12, 0, d),
    "negative": lambda rng, d: rng.normal(size=d),
}


def weights_of(rng, d, power, empty):
    return np.where(rng.random(d) < empty, 0.0, rng.random(d) ** power)


@pytest.mark.parametrize("kind", POLES)
@given(seed=seeds, d=st.integers(1, 40), power=st.sampled_from([1, 10, 60]), empty=st.sampled_from([0.0, 0.3, 1.0]))
def test_eigenvalues_are_those_of_the_dense_matrix(kind, seed, d, power, empty):
    rng = np.random.default_rng(seed)
    diagonal, weights = POLES[kind](rng, d), weights_of(rng, d, power, empty)
    amplitudes = np.sqrt(weights)
    wanted = np.linalg.eigvalsh(np.diag(diagonal) + np.outer(amplitudes, amplitudes))
    found = rank_one_eigenvalues(diagonal[None], weights[None])[0]
    np.testing.assert_allclose(found, wanted, atol=1e-12 * max(1.0, np.abs(wanted).max()))


def test_roots_interlace_with_the_poles():
    rng = np.random.default_rng(1)
    diagonal, weights = np.sort(rng.random(30)), rng.random(30) ** 40
    found = rank_one_eigenvalues(diagonal[None], weights[None])[0]
    assert (found >= diagonal).all()
    assert (found[:-1] <= diagonal[1:]).all()


def test_a_tiny_weight_moves_its_level_by_just_that():
    found = rank_one_eigenvalues(np.array([[0.0, 1.0]]), np.array([[1e-40, 1e-9]]))[0]
    assert found[0] == pytest.approx(1e-40, rel=1e-8)


def test_plain_python_is_the_compiled_kernel(monkeypatch):
    rng = np.random.default_rng(2)
    diagonal, weights = rng.random((3, 6)), rng.random((3, 6))
    compiled, plain = rank_one_eigenvalues(diagonal, weights), np.empty((3, 6))
    for module in (rank_one, secular_roots):
        for name, kernel in list(vars(module).items()):
            if isinstance(kernel, Compiled):
                monkeypatch.setattr(module, name, kernel.py_func)
    rank_one._eigenvalues(diagonal, weights, plain)
    np.testing.assert_allclose(plain, compiled, rtol=1e-13)


@given(seed=seeds, d=st.integers(2, 20))
def test_amplitudes_are_found_again(seed, d):
    rng = np.random.default_rng(seed)
    amplitudes = rng.normal(size=d) + 1j * rng.normal(size=d)
    amplitudes /= 2 * np.linalg.norm(amplitudes)
    matrix = np.outer(amplitudes, amplitudes.conj()) + np.diag(rng.dirichlet(np.ones(d)))
    found = np.empty(d)
    assert rank_one_weights(matrix, np.diagonal(matrix).real.copy(), found)
    if d > 2:
        np.testing.assert_allclose(found, np.abs(amplitudes) ** 2, rtol=1e-11)
    else:
        assert found.prod() == pytest.approx(np.abs(matrix[0, 1]) ** 2, rel=1e-13)
        assert (found <= np.diagonal(matrix).real).all()


def test_other_states_are_refused():
    rng = np.random.default_rng(3)
    factors = rng.normal(size=(6, 2))
    matrix = (factors @ factors.T + np.eye(6)).astype(complex)
    assert not rank_one_weights(matrix, np.diagonal(matrix).real.copy(), np.empty(6))
    assert not rank_one_weights(np.eye(6, dtype=complex), np.ones(6), np.empty(6))


@given(seed=seeds, d=st.integers(2, 24), equal=st.booleans(), empty=st.sampled_from([0.0, 0.3]))
def test_diagonals_of_the_logarithms(seed, d, equal, empty):
    rng = np.random.default_rng(seed)
    base = np.full(d, 1 / d) if equal else rng.dirichlet(4 * np.ones(d))
    weights = weights_of(rng, d, 1, empty)
    amplitudes = np.sqrt(weights / (weights.sum() or 1.0)) * np.exp(2j * np.pi * rng.random(d))
    matrix = 0.6 * np.diag(base) + 0.4 * np.outer(amplitudes, amplitudes.conj())
    populations = np.diagonal(matrix).real[None].copy()
    lowest, parts = np.empty(1), np.empty((1, 2, d))
    logarithmic_coherences(matrix[None], populations, np.log(populations), np.array([0]), lowest, parts)
    if (weights > 0).sum() < 2:
        assert np.isnan(lowest[0])
        return
    values, vectors = np.linalg.eigh(matrix)
    difference = (vectors * np.log(values)) @ vectors.conj().T - np.diag(np.log(populations[0]))
    off = matrix - np.diag(populations[0])
    assert lowest[0] == pytest.approx(values[0], abs=1e-14)
    np.testing.assert_allclose(parts[0, 0], np.diagonal(difference).real, atol=1e-12)
    np.testing.assert_allclose(parts[0, 1], np.diagonal(off @ difference).real, atol=1e-12)
