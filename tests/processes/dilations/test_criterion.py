from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_hermitian, seeds
from tests.processes.dilations.unitaries import SWAP, hamiltonian_of, isolated, swap
from tests.reference.commutators import blocks_of, commutators, image_of

from loschmidt.processes.dilations import Dilation, energy_blocks, nonunitality_matrix
from loschmidt.states import random_density_matrix, random_unitary

structures = st.sampled_from([(1,), (2,), (3,), (2, 1), (1, 3), (2, 2), (1, 2, 1)])


@given(seed=seeds, degeneracies=structures, r=st.integers(1, 4), rank=st.integers(1, 4))
def test_the_commutators_give_the_image_of_each_level(seed, degeneracies, r, rank):
    rng = np.random.default_rng(seed)
    d = sum(degeneracies)
    basis = random_unitary(d, rng)
    energies = [label for label, count in enumerate(degeneracies) for _ in range(count)]
    state = random_density_matrix(r, rng, min(rank, r))
    unitary = isolated(rng, degeneracies, r, basis)
    dilation = Dilation(unitary, state, (d, r), hamiltonian_of(energies, basis))
    found = nonunitality_matrix(dilation)
    difference = image_of(np.eye(d), unitary, state, d, r) - np.eye(d)
    np.testing.assert_allclose(found.matrix, difference, atol=2e-14)
    np.testing.assert_allclose(dilation.channel.identity_image - np.eye(d), difference, atol=2e-14)
    assert (found.matrix == found.matrix.conj().T).all()
    assert found.operator_norm == pytest.approx(np.linalg.norm(difference, 2), abs=2e-14)
    assert found.frobenius_norm == pytest.approx(np.linalg.norm(difference), abs=2e-14)
    for level, part in zip(energy_blocks(dilation).blocks, found.blocks, strict=True):
        projector = level.basis @ level.basis.conj().T
        image = image_of(projector, unitary, state, d, r) - projector
        np.testing.assert_allclose(part.matrix, level.basis.conj().T @ image @ level.basis, atol=2e-14)
        assert part.operator_norm == pytest.approx(np.linalg.norm(image, 2), abs=2e-14)
        assert part.frobenius_norm == pytest.approx(np.linalg.norm(image), abs=2e-14)
    if len(degeneracies) == d:
        assert found.operator_norm < 1e-13  # one state in each level: dephasing
    elif r > 1:
        assert found.operator_norm > 1e-4


@given(seed=seeds, d=st.integers(2, 4), r=st.integers(1, 3))
def test_without_isolation_only_the_sum_over_all_states_is_right(seed, d, r):
    rng = np.random.default_rng(seed)
    unitary, state = random_unitary(d * r, rng), random_density_matrix(r, rng)
    dilation = Dilation(unitary, state, (d, r), random_hermitian(rng, d))
    found = nonunitality_matrix(dilation, energy_blocks(dilation))
    np.testing.assert_allclose(found.matrix, image_of(np.eye(d), unitary, state, d, r) - np.eye(d), atol=2e-14)
    level = energy_blocks(dilation).blocks[0]
    projector = level.basis @ level.basis.conj().T
    exact = level.basis.conj().T @ (image_of(projector, unitary, state, d, r) - projector) @ level.basis
    assert np.abs(found.blocks[0].matrix - exact).max() > 1e-3


@given(seed=seeds, d=st.integers(2, 4), r=st.integers(2, 3))
def test_the_criterion_is_the_sum_of_mean_commutators(seed, d, r):
    rng = np.random.default_rng(seed)
    unitary, state = random_unitary(d * r, rng), random_density_matrix(r, rng)
    expected = np.einsum("ijkab,ba->jk", commutators(blocks_of(unitary, d, r)), state)
    np.testing.assert_allclose(nonunitality_matrix(Dilation(unitary, state, (d, r))).matrix, expected, atol=2e-14)


def test_values_of_gates():
    polarised = nonunitality_matrix(Dilation(SWAP, [1, 0], (2, 2)))
    np.testing.assert_array_equal(polarised.matrix, np.diag([1.0, -1.0]))
    assert polarised.operator_norm == 1
    assert polarised.frobenius_norm == pytest.approx(np.sqrt(2))
    # Swapping puts d ρ_R in the place of the identity.
    state = random_density_matrix(3, np.random.default_rng(0))
    found = nonunitality_matrix(Dilation(swap(3), state, (3, 3)))
    np.testing.assert_allclose(found.matrix, 3 * state - np.eye(3), atol=1e-14)
