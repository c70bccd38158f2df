from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds
from tests.reference.commutators import residuals

from loschmidt.processes.dilations.commutators import (
    columnwise_commutator,
    columnwise_commutator_bound,
    joint_eigenbasis,
    largest_off_diagonal_part,
    mutual_commutator,
    mutual_commutator_bound,
    summed_commutator,
)


def operators(rng, n, r):
    """Blocks of no unitary, none of norm above 1."""
    blocks = rng.normal(size=(n, n, r, r)) + 1j * rng.normal(size=(n, n, r, r))
    return blocks / np.linalg.norm(blocks, 2, axis=(-2, -1), keepdims=True)


@given(seed=seeds, n=st.integers(1, 4), r=st.integers(1, 4))
def test_exact_norms_of_any_operators(seed, n, r):
    blocks = operators(np.random.default_rng(seed), n, r)
    expected = residuals(blocks, np.eye(r) / r)
    assert columnwise_commutator(blocks) == pytest.approx(expected["microscopic"], rel=1e-12, abs=1e-14)
    assert summed_commutator(blocks) == pytest.approx(expected["collective"], rel=1e-12, abs=1e-14)
    assert mutual_commutator(blocks) == pytest.approx(expected["controlled"], rel=1e-12, abs=1e-14)


@given(seed=seeds, n=st.integers(1, 4), r=st.integers(2, 4))
def test_bounds_are_on_their_sides(seed, n, r):
    blocks = operators(np.random.default_rng(seed), n, r)
    assert 0 < columnwise_commutator_bound(blocks) <= columnwise_commutator(blocks)
    mutual = mutual_commutator(blocks)
    assert 0 < mutual_commutator_bound(blocks) <= mutual
    basis = joint_eigenbasis(blocks)
    np.testing.assert_allclose(basis.conj().T @ basis, np.eye(r), atol=1e-14)
    assert mutual <= 4 * largest_off_diagonal_part(blocks, basis)
