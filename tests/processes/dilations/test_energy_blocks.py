from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_hermitian, seeds
from tests.processes.dilations.unitaries import SWAP, hamiltonian_of, isolated
from tests.reference.commutators import blocks_of

from loschmidt.errors import InputError, NotUnitaryError, ShapeError
from loschmidt.processes.dilations import Dilation, energy_blocks
from loschmidt.states import random_density_matrix, random_unitary

structures = st.sampled_from([(1,), (1, 1), (2, 1), (1, 3), (2, 2), (3,), (1, 2, 1)])


def energies_of(degeneracies, scale=1.0):
    return [scale * label for label, count in enumerate(degeneracies) for _ in range(count)]


@given(seed=seeds, degeneracies=structures, r=st.integers(1, 3), scale=st.sampled_from([1e-9, 1.0, 1e9]))
def test_an_isolated_unitary_has_only_blocks(seed, degeneracies, r, scale):
    rng = np.random.default_rng(seed)
    d = sum(degeneracies)
    basis = random_unitary(d, rng)
    hamiltonian = hamiltonian_of(energies_of(degeneracies, scale), basis)
    dilation = Dilation(isolated(rng, degeneracies, r, basis), random_density_matrix(r, rng), (d, r), hamiltonian)
    found = energy_blocks(dilation)
    assert [block.degeneracy for block in found.blocks] == list(degeneracies)
    assert found.isolation_defect <= 1e-13 * scale
    assert found.relative_isolation_defect <= 1e-13
    assert found.largest_interblock_element <= 1e-13
    for block in found.blocks:
        g, operators = block.degeneracy, block.operators
        np.testing.assert_allclose(operators, blocks_of(dilation.unitary, d, r, block.basis), atol=1e-14)
        # Unitarity inside the level, both ways round.
        after = np.einsum("jiab,kicb->jkac", operators, operators.conj())
        before = np.einsum("jiba,jkbc->ikac", operators.conj(), operators)
        expected = np.einsum("jk,ac->jkac", np.eye(g), np.eye(r))
        np.testing.assert_allclose(after, expected, atol=1e-13)
        np.testing.assert_allclose(before, expected, atol=1e-13)
        np.testing.assert_allclose(hamiltonian @ block.basis, block.energy * block.basis, atol=1e-13 * scale)


@given(seed=seeds, d=st.integers(2, 4), r=st.integers(1, 3))
def test_a_unitary_that_is_not_isolated_is_reported(seed, d, r):
    rng = np.random.default_rng(seed)
    hamiltonian, unitary = random_hermitian(rng, d), random_unitary(d * r, rng)
    dilation = Dilation(unitary, np.eye(r) / r, (d, r), hamiltonian)
    found = energy_blocks(dilation)
    big = np.kron(hamiltonian, np.eye(r))
    assert found.isolation_defect == pytest.approx(np.linalg.norm(unitary @ big - big @ unitary), rel=1e-11)
    width = np.ptp(np.linalg.eigvalsh(hamiltonian))
    assert found.relative_isolation_defect == pytest.approx(found.isolation_defect / width, rel=1e-12)
    assert found.largest_interblock_element > 1e-3


def test_values_of_gates():
    energy = np.diag([0.0, 2.0])
    flip = energy_blocks(Dilation(np.kron([[0, 1], [1, 0]], np.eye(3)), [1, 0, 0], (2, 3), energy))
    assert flip.isolation_defect == pytest.approx(2 * math.sqrt(6), rel=1e-15)
    assert flip.relative_isolation_defect == pytest.approx(math.sqrt(6), rel=1e-15)
    assert flip.largest_interblock_element == 1
    degenerate = energy_blocks(Dilation(SWAP, [1, 0], (2, 2), np.eye(2)))
    assert degenerate.isolation_defect == degenerate.relative_isolation_defect == 0
    assert degenerate.largest_interblock_element == 0


def test_without_a_hamiltonian_there_is_one_block():
    found = energy_blocks(Dilation(SWAP, [1, 0], (2, 2)))
    assert found.isolation_defect is None
    assert found.relative_isolation_defect is None
    (block,) = found.blocks
    np.testing.assert_array_equal(block.basis, np.eye(2))
    np.testing.assert_array_equal(block.operators[0, 1], [[0, 0], [1, 0]])


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_nearly_degenerate_levels(scale):
    def count(split):
        hamiltonian = scale * np.diag([0.0, split, 1.0])
        return len(energy_blocks(Dilation(np.eye(3), [1], (3, 1), hamiltonian)).blocks)

    assert count(1e-13) == 2
    assert count(1e-6) == 3
    assert energy_blocks(Dilation(np.eye(3), [1], (3, 1), np.diag([0.0, 1e-7, 1.0]))).levels.ambiguous


def test_a_degenerate_level_keeps_the_basis_it_is_written_in():
    # Round-off couples the two lower states; LAPACK would return any rotation of them.
    hamiltonian = np.diag([0.0, 0.0, 1.0])
    hamiltonian[0, 1] = hamiltonian[1, 0] = 1e-17
    found = energy_blocks(Dilation(np.eye(3), [1], (3, 1), hamiltonian))
    np.testing.assert_array_equal(np.abs(found.levels.basis), np.eye(3))


def test_a_basis_of_ones_own():
    rng = np.random.default_rng(4)
    hamiltonian = np.diag([1.0, 0.0, 1.0])
    turn = random_unitary(2, rng)
    basis = np.zeros((3, 3), dtype=complex)
    basis[1, 0] = 1
    basis[np.ix_([0, 2], [1, 2])] = turn
    dilation = Dilation(random_unitary(6, rng), [1, 0], (3, 2), hamiltonian)
    found = energy_blocks(dilation, basis=basis)
    np.testing.assert_array_equal(found.blocks[1].basis, basis[:, 1:])
    np.testing.assert_allclose(found.operators, blocks_of(dilation.unitary, 3, 2, basis), atol=1e-14)
    assert found.isolation_defect == pytest.approx(energy_blocks(dilation).isolation_defect, rel=1e-12)
    with pytest.raises(InputError, match=r"`basis` must hold eigenvectors .* column 0 leaves its level by 1.0e\+00"):
        energy_blocks(dilation, basis=np.eye(3))
    with pytest.raises(NotUnitaryError, match="`basis` must be unitary"):
        energy_blocks(dilation, basis=2 * np.eye(3))
    with pytest.raises(ShapeError, match="`basis` must be one matrix"):
        energy_blocks(dilation, basis=np.eye(3)[None])
