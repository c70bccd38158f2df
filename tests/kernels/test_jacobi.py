from __future__ import annotations

import numpy as np
import pytest
from tests.reference import jacobi as reference

from loschmidt._kernels.jacobi import jacobi_eigensystems, jacobi_eigenvalues
from loschmidt.states import random_density_matrix, random_hamiltonian


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("length", [1, 31, 32, 75])
def test_eigensystems_rebuild_the_matrices(d, length):
    stack = random_hamiltonian(d, np.random.default_rng(d), batch=(length,))
    values, vectors = jacobi_eigensystems(stack)
    scale = np.abs(values).max()
    np.testing.assert_allclose(vectors * values[:, None, :] @ vectors.conj().swapaxes(1, 2), stack, atol=2e-14 * scale)
    np.testing.assert_allclose(
        vectors.conj().swapaxes(1, 2) @ vectors, np.broadcast_to(np.eye(d), stack.shape), atol=2e-14
    )
    assert (np.diff(values, axis=1) >= 0).all()
    np.testing.assert_array_equal(values, jacobi_eigenvalues(stack))


def test_slow_twin():
    stack = random_density_matrix(4, np.random.default_rng(3), batch=(5,))
    for matrix, values in zip(stack, jacobi_eigenvalues(stack), strict=True):
        np.testing.assert_allclose(reference.eigensystem(matrix)[0], values, atol=2e-15)


def test_plain_python_is_the_compiled_kernel():
    from loschmidt._kernels import jacobi

    stack = random_hamiltonian(3, np.random.default_rng(4), batch=(3,))
    values = np.empty((3, 3))
    jacobi._eigen.py_func(stack, values, np.empty((0, 0, 0), dtype=complex), jacobi._LANES)
    np.testing.assert_allclose(values, jacobi_eigenvalues(stack), atol=1e-15)


@pytest.mark.parametrize("factor", [1e-300, 1e-150, 1e150, 1e300])
def test_no_square_over_or_underflows(factor):
    stack = random_hamiltonian(4, np.random.default_rng(5), batch=(10,))
    np.testing.assert_allclose(
        jacobi_eigenvalues(stack * factor) / factor, jacobi_eigenvalues(stack), rtol=0, atol=1e-14
    )


def test_diagonal_and_degenerate_matrices_are_exact():
    stack = np.array(
        [np.diag([3.0, 1.0, 2.0]), np.zeros((3, 3)), np.eye(3), np.diag([1.0, 1.0, -1e-30])], dtype=complex
    )
    expected = [[1, 2, 3], [0, 0, 0], [1, 1, 1], [-1e-30, 1, 1]]
    np.testing.assert_array_equal(jacobi_eigenvalues(stack), expected)


def test_equal_diagonal():
    stack = np.ones((1, 4, 4), dtype=complex)
    np.testing.assert_allclose(jacobi_eigenvalues(stack), [[0, 0, 0, 4]], atol=1e-15)


@pytest.mark.parametrize("at", [(0, 0), (2, 0), (2, 1), (3, 3)])
def test_nan_stays_nan_and_stays_where_it_was(at):
    stack = random_density_matrix(4, np.random.default_rng(6), batch=(40,))
    clean = jacobi_eigenvalues(stack)
    stack[(7, *at)] = np.nan
    values = jacobi_eigenvalues(stack)
    assert np.isnan(values[7]).any()
    np.testing.assert_allclose(np.delete(values, 7, axis=0), np.delete(clean, 7, axis=0), atol=1e-15)
