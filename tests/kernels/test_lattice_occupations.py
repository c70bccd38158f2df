from __future__ import annotations

import numpy as np
import pytest
from tests.lattices import random_amplitudes

from loschmidt._kernels.lattice_occupations import row_occupations
from loschmidt.states.fock import FockBasis


@pytest.mark.parametrize(("sites", "particles"), [(1, 0), (1, 1), (2, 1), (5, 2), (6, 3), (7, 7), (8, 0), (9, 4)])
@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_against_explicit_sums(sites, particles, dtype):
    basis = FockBasis(sites, particles)
    state = random_amplitudes(np.random.default_rng(1), (37, basis.dimension)).astype(dtype)
    p = np.abs(state.astype(np.complex128)) ** 2
    for threads in (1, 2, None):
        totals, occupations, squares = row_occupations(state, sites, particles, threads=threads)
        np.testing.assert_allclose(totals, p.sum(axis=1), atol=1e-15)
        np.testing.assert_allclose(occupations, p @ basis.occupations, atol=1e-15)
        np.testing.assert_allclose(squares, (p**2).sum(axis=1), atol=1e-15)


def test_every_number_of_threads_gives_the_same_bits():
    state = random_amplitudes(np.random.default_rng(2), (300, 462))
    one, two = (row_occupations(state, 11, 5, threads=threads) for threads in (1, 2))
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first, second)
