from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import NotAStateError, NotHermitianError, ShapeError
from loschmidt.information import (
    gibbs_relative_entropy,
    pinching,
    relative_entropy,
    relative_entropy_of_coherence,
    von_neumann_entropy,
)
from loschmidt.states import random_density_matrix, random_hamiltonian, random_unitary

seeds = st.integers(0, 2**32 - 1)


def hamiltonian_with(energies, rng):
    basis = random_unitary(len(energies), rng)
    matrix = (basis * np.asarray(energies)) @ basis.conj().T
    return (matrix + matrix.conj().T) / 2


@given(seed=seeds, energies=st.sampled_from([(0, 1, 3), (0, 0, 1), (2, 2, 2), (0, 1, 1, 5), (0, 0, 1, 1)]))
def test_pinching_keeps_exactly_the_blocks(seed, energies):
    rng = np.random.default_rng(seed)
    hamiltonian = hamiltonian_with(energies, rng)
    states = random_density_matrix(len(energies), rng, batch=(2,))
    pinched = pinching(states, hamiltonian)
    np.testing.assert_allclose(pinched @ hamiltonian, hamiltonian @ pinched, atol=1e-13)
    np.testing.assert_allclose(pinching(pinched, hamiltonian), pinched, atol=1e-13)
    np.testing.assert_allclose(
        np.trace(pinched @ hamiltonian, axis1=1, axis2=2), np.trace(states @ hamiltonian, axis1=1, axis2=2)
    )
    if len(set(energies)) == 1:
        np.testing.assert_allclose(pinched, states, atol=1e-14)


@given(seed=seeds, energies=st.sampled_from([(0, 1, 3), (0, 0, 1), (2, 2, 2), (0, 1, 1, 5)]), beta=st.floats(0, 3))
def test_three_ways_to_the_coherence(seed, energies, beta):
    rng = np.random.default_rng(seed)
    hamiltonian = hamiltonian_with(energies, rng)
    states = random_density_matrix(len(energies), rng, batch=(3,))
    coherence, pinched = relative_entropy_of_coherence(states, hamiltonian), pinching(states, hamiltonian)
    np.testing.assert_allclose(coherence, von_neumann_entropy(pinched) - von_neumann_entropy(states), atol=1e-12)
    np.testing.assert_allclose(coherence, relative_entropy(states, pinched), atol=1e-9)
    # The free energy above equilibrium is that of the populations and that of the coherence.
    total, populations = (gibbs_relative_entropy(state, hamiltonian, beta) for state in (states, pinched))
    np.testing.assert_allclose(coherence, total - populations, atol=1e-12)
    assert (coherence > -1e-12).all()


def test_exact_values():
    plus = np.full((2, 2), 0.5)
    assert relative_entropy_of_coherence(plus, np.diag([0.0, 1.0])) == pytest.approx(math.log(2), abs=1e-15)
    assert relative_entropy_of_coherence(plus, np.eye(2)) == 0
    assert relative_entropy_of_coherence(plus, [[0, 1], [1, 0]]) == pytest.approx(0, abs=1e-15)
    # Two ground states and one excited: only coherence between levels counts.
    ket = np.ones(3) / math.sqrt(3)
    expected = -(2 / 3) * math.log(2 / 3) - (1 / 3) * math.log(1 / 3)
    assert relative_entropy_of_coherence(ket, np.diag([0.0, 0.0, 1.0])) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_levels_are_grouped_relative_to_the_width(scale):
    ket = np.ones(3) / math.sqrt(3)
    split, equal = np.diag([0.0, 1e-6, 1.0]), np.diag([0.0, 1e-13, 1.0])
    assert relative_entropy_of_coherence(ket, scale * split) == pytest.approx(math.log(3), abs=1e-13)
    assert relative_entropy_of_coherence(ket, scale * equal) == pytest.approx(
        math.log(3) - 2 / 3 * math.log(2), abs=1e-13
    )


def test_stacks_and_kets():
    rng = np.random.default_rng(1)
    states, hamiltonian = random_density_matrix(3, rng, batch=(2, 4)), random_hamiltonian(3, rng)
    assert pinching(states, hamiltonian).shape == (2, 4, 3, 3)
    values = relative_entropy_of_coherence(states, hamiltonian)
    assert values.shape == (2, 4)
    assert values[1, 3] == pytest.approx(relative_entropy_of_coherence(states[1, 3], hamiltonian), abs=1e-13)
    assert pinching([1, 0], np.eye(2)).shape == (2, 2)


def test_border():
    plus = np.full((2, 2), 0.5)
    with pytest.raises(ShapeError, match="must be one matrix"):
        pinching(plus, np.zeros((3, 2, 2)))
    with pytest.raises(ShapeError, match="must be 2 × 2"):
        relative_entropy_of_coherence(plus, np.eye(3))
    with pytest.raises(NotHermitianError):
        pinching(plus, [[0, 1], [0, 0]])
    with pytest.raises(NotAStateError):
        relative_entropy_of_coherence(np.diag([1.2, -0.2]), np.eye(2))
