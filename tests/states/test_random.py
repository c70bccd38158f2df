from __future__ import annotations

import numpy as np
import pytest

from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError
from loschmidt.states import random_density_matrix, random_hamiltonian, random_ket, random_unitary


@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("batch", [(), (3,), (2, 2)])
def test_shapes_and_constraints(d, batch):
    rng = np.random.default_rng(0)
    states = random_density_matrix(d, rng, batch=batch)
    assert as_density_matrix(states).shape == (*batch, d, d)
    kets = random_ket(d, rng, batch)
    np.testing.assert_allclose(np.linalg.norm(kets, axis=-1), 1)
    assert kets.shape == (*batch, d)
    unitaries = random_unitary(d, rng, batch)
    np.testing.assert_allclose(
        unitaries @ unitaries.conj().swapaxes(-1, -2), np.broadcast_to(np.eye(d), states.shape), atol=1e-14
    )
    hamiltonians = random_hamiltonian(d, rng, batch=batch)
    np.testing.assert_array_equal(hamiltonians, hamiltonians.conj().swapaxes(-1, -2))
    assert hamiltonians.shape == states.shape


@pytest.mark.parametrize("rank", [1, 2, 4])
def test_rank(rank):
    values = np.linalg.eigvalsh(random_density_matrix(4, np.random.default_rng(1), rank=rank))
    assert (values > 1e-12).sum() == rank


def test_hilbert_schmidt_purity():
    # Mean purity of the Hilbert-Schmidt measure is 2d/(d² + 1); 4000 states fix it to about 1e-3.
    states = random_density_matrix(3, np.random.default_rng(2), batch=(4000,))
    assert (np.abs(states) ** 2).sum(axis=(1, 2)).mean() == pytest.approx(0.6, abs=5e-3)


def test_haar_phases():
    # Of Haar's measure <tr U> = 0 and <|tr U|²> = 1; QR without its phases gives a trace with a bias.
    traces = np.trace(random_unitary(3, np.random.default_rng(3), batch=(4000,)), axis1=1, axis2=2)
    assert abs(traces.mean()) < 0.06
    assert (np.abs(traces) ** 2).mean() == pytest.approx(1, abs=0.1)


def test_gaussian_unitary_ensemble():
    stack = random_hamiltonian(3, np.random.default_rng(4), scale=2.0, batch=(4000,))
    np.testing.assert_allclose((np.abs(stack) ** 2).mean(axis=0), 4, rtol=0.1)


def test_the_generator_decides():
    first, second = (random_density_matrix(3, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_border():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="`rank` must be from 1 to 2, but it is 3"):
        random_density_matrix(2, rng, rank=3)
    with pytest.raises(InputError, match="`rank`"):
        random_density_matrix(2, rng, rank=0)
    with pytest.raises(InputError, match="`dimension`"):
        random_ket(0, rng)
