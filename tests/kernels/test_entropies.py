from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import entropies as reference

from loschmidt._kernels.defects import state_defects
from loschmidt._kernels.entropies import (
    entropy_of_spectrum,
    expectation_values,
    hermitian_eigensystems,
    hermitian_eigenvalues,
    populations_in_basis,
    relative_entropy_of,
)
from loschmidt.states import random_density_matrix, random_hamiltonian, random_unitary

dimensions = st.integers(1, 9)
seeds = st.integers(0, 2**32 - 1)


@given(d=dimensions, seed=seeds, compiled=st.sampled_from([None, True, False]))
def test_eigensystems(d, seed, compiled):
    stack = random_hamiltonian(d, np.random.default_rng(seed), batch=(2, 3))
    values, vectors = hermitian_eigensystems(stack, compiled=compiled)
    scale = np.abs(values).max()
    rebuilt = vectors * values[..., None, :] @ vectors.conj().swapaxes(-1, -2)
    np.testing.assert_allclose(rebuilt, stack, atol=1e-14 * d * scale)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(stack), atol=1e-14 * d * scale)
    np.testing.assert_allclose(hermitian_eigenvalues(stack, compiled=compiled), values, atol=1e-14 * d * scale)
    assert (np.diff(values, axis=-1) >= 0).all()


def test_long_stacks_take_the_compiled_path_and_agree():
    stack = random_density_matrix(4, np.random.default_rng(1), batch=(600,))
    np.testing.assert_array_equal(hermitian_eigenvalues(stack), hermitian_eigenvalues(stack, compiled=True))
    np.testing.assert_allclose(hermitian_eigenvalues(stack), np.linalg.eigvalsh(stack), atol=2e-15)


@pytest.mark.parametrize("d", [1, 2, 4])
@pytest.mark.parametrize("compiled", [None, True])
def test_empty_stacks_stay_empty(d, compiled):
    stack = np.empty((0, d, d), dtype=complex)
    assert hermitian_eigenvalues(stack, compiled=compiled).shape == (0, d)
    assert hermitian_eigensystems(stack, compiled=compiled)[1].shape == (0, d, d)


def test_qubit_keeps_the_relative_accuracy_of_a_tiny_eigenvalue():
    # det/larger root: 1e-30 beside 1 and a coherence that only shifts it by a known amount.
    tiny, coherence = 1e-30, 3e-16
    stack = np.array([[[1.0, coherence], [coherence, tiny]]], dtype=complex)
    expected = tiny - coherence**2
    np.testing.assert_allclose(hermitian_eigenvalues(stack)[0, 0], expected, rtol=1e-14)
    np.testing.assert_array_equal(hermitian_eigenvalues(np.diag([1e-300, 1.0]) + 0j), [1e-300, 1.0])


@pytest.mark.parametrize("factor", [1e-300, -1e-300, 1e300, -1e300])
def test_qubit_at_any_scale(factor):
    matrix = np.array([[1, 0.5j], [-0.5j, 0.25]])
    expected = np.sort(np.linalg.eigvalsh(matrix) * np.sign(factor))
    np.testing.assert_allclose(hermitian_eigenvalues(matrix * factor) / abs(factor), expected, rtol=1e-14)


def test_qubit_special_cases():
    stack = np.array([[[0, 0], [0, 0]], [[0, 1j], [-1j, 0]], [[1, 0], [0, -1]], [[0.5, 0.5], [0.5, 0.5]]])
    values, vectors = hermitian_eigensystems(stack)
    np.testing.assert_array_equal(values, [[0, 0], [-1, 1], [-1, 1], [0, 1]])
    np.testing.assert_allclose(vectors * values[:, None, :] @ vectors.conj().swapaxes(1, 2), stack, atol=1e-15)


@pytest.mark.parametrize("d", [2, 3, 8])
def test_nan_is_never_a_number(d):
    stack = random_density_matrix(d, np.random.default_rng(2), batch=(3,))
    stack[1, 1, 0] = np.nan
    entropy = entropy_of_spectrum(hermitian_eigenvalues(stack, compiled=True))
    assert np.isnan(entropy[1])
    assert np.isfinite(entropy[[0, 2]]).all()
    assert np.isnan(entropy_of_spectrum(np.array([0.5, np.nan])))


def test_entropy_of_a_spectrum():
    assert entropy_of_spectrum(np.array([1.0, 0.0, -1e-17])) == 0
    assert str(entropy_of_spectrum(np.array([1.0, 0.0]))) == "0.0"  # not -0.0
    np.testing.assert_allclose(entropy_of_spectrum(np.full((2, 5), 0.2)), np.log(5))


@given(d=st.integers(2, 6), seed=seeds)
def test_relative_entropy_is_its_slow_twin(d, seed):
    rng = np.random.default_rng(seed)
    rho, sigma = random_density_matrix(d, rng, batch=(3,)), random_density_matrix(d, rng, batch=(3,))
    entropies = entropy_of_spectrum(hermitian_eigenvalues(rho))
    values = relative_entropy_of(rho, entropies, *hermitian_eigensystems(sigma))
    expected = [reference.relative_entropy(*pair) for pair in zip(rho, sigma, strict=True)]
    np.testing.assert_allclose(values, expected, rtol=1e-9)
    common = relative_entropy_of(rho, entropies, *hermitian_eigensystems(sigma[0]))
    np.testing.assert_allclose(common, [reference.relative_entropy(matrix, sigma[0]) for matrix in rho], rtol=1e-9)


def test_expectations_and_populations():
    rng = np.random.default_rng(4)
    states, operators = random_density_matrix(3, rng, batch=(2, 5)), random_hamiltonian(3, rng, batch=(2, 5))
    basis = random_unitary(3, rng, batch=(2, 5))
    np.testing.assert_allclose(
        expectation_values(states, operators), np.trace(states @ operators, axis1=-2, axis2=-1).real
    )
    np.testing.assert_allclose(
        expectation_values(states, operators[0, 0]), np.trace(states @ operators[0, 0], axis1=-2, axis2=-1).real
    )
    np.testing.assert_allclose(
        expectation_values(states[0, 0], operators), np.trace(states[0, 0] @ operators, axis1=-2, axis2=-1).real
    )
    turned = basis.conj().swapaxes(-1, -2) @ states @ basis
    np.testing.assert_allclose(populations_in_basis(states, basis), np.diagonal(turned, axis1=-2, axis2=-1).real)
    np.testing.assert_allclose(populations_in_basis(states[0, 0], basis)[0, 0], np.diagonal(turned[0, 0]).real)
    np.testing.assert_allclose(populations_in_basis(states, basis[0, 0])[0, 0], np.diagonal(turned[0, 0]).real)


@given(d=st.integers(1, 6), seed=seeds)
def test_state_defects_are_their_slow_twin(d, seed):
    rng = np.random.default_rng(seed)
    stack = rng.normal(size=(4, d, d)) + 1j * rng.normal(size=(4, d, d))
    np.testing.assert_allclose(state_defects(stack), reference.state_defects(stack), rtol=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1j * np.nan, -1j * np.inf])
@pytest.mark.parametrize("at", [(0, 0, 0), (2, 1, 0), (1, 0, 2)])
def test_state_defects_see_what_is_not_finite(bad, at):
    stack = random_density_matrix(3, np.random.default_rng(5), batch=(3,))
    stack[at] += bad
    assert not all(defect <= 1 for defect in state_defects(stack))
