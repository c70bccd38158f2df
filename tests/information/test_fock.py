from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lattices import random_amplitudes
from tests.reference.lattice_operators import probabilities, shannon

from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.information.fock import (
    double_occupancies,
    fock_entropies,
    fock_entropies_of,
    joint_occupations,
    participation_number,
    renyi_entropy,
    site_densities,
)
from loschmidt.information.fock_entanglement import species_entanglement
from loschmidt.states.fock import FockBasis

seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds, rows=st.integers(1, 40), columns=st.integers(1, 40))
def test_entropies_and_their_order(seed, rows, columns):
    rng = np.random.default_rng(seed)
    state = random_amplitudes(rng, (rows, columns))
    if rng.random() < 0.3:
        state[rng.random(state.shape) < 0.5] = 0
        state[0, 0] = 1
        state /= np.linalg.norm(state)
    p, px, py = probabilities(state)
    found = fock_entropies(state)
    assert found.joint == pytest.approx(shannon(p), abs=1e-13)
    np.testing.assert_allclose(found.species, [shannon(px), shannon(py)], atol=1e-13)
    np.testing.assert_allclose(found.marginals[0], px, atol=1e-15)
    assert found.norm == pytest.approx(1, abs=1e-13)
    largest, total = max(found.species), sum(found.species)
    assert largest - 1e-12 <= found.joint <= total + 1e-12
    assert (found.species <= np.log([rows, columns]) + 1e-12).all()
    assert species_entanglement(state) <= min(found.species) + 1e-10


def test_exact_values_and_no_negative_zero():
    one = np.zeros((3, 4))
    one[1, 2] = 1
    found = fock_entropies(one)
    values = [found.joint, *found.species]
    assert values == [0, 0, 0]
    assert all(math.copysign(1, value) == 1 for value in values)
    uniform = fock_entropies(np.full((3, 4), 12**-0.5))
    assert uniform.joint == pytest.approx(math.log(12), abs=1e-14)
    np.testing.assert_allclose(uniform.species, np.log([3, 4]), atol=1e-14)


def test_phases_change_no_entropy():
    rng = np.random.default_rng(1)
    state = random_amplitudes(rng, (6, 7))
    turned = state * np.exp(1j * rng.uniform(0, 7, state.shape))
    assert fock_entropies(turned).joint == pytest.approx(fock_entropies(state).joint, abs=1e-14)


def test_three_species_and_single_precision():
    rng = np.random.default_rng(2)
    state = random_amplitudes(rng, (3, 4, 5))
    p = np.abs(state) ** 2
    found, single = fock_entropies(state), fock_entropies(state.astype(np.complex64))
    np.testing.assert_allclose(found.species[1], shannon(p.sum(axis=(0, 2))), atol=1e-14)
    assert single.joint == pytest.approx(shannon(p), abs=1e-6)


def test_participation_and_renyi():
    assert participation_number(np.full(8, 1 / 8)) == pytest.approx(8)
    assert participation_number([1, 0, 0]) == 1
    p = np.array([0.5, 0.3, 0.2, 0.0])
    assert renyi_entropy(p, 0) == pytest.approx(math.log(3))
    assert renyi_entropy(p, 1) == pytest.approx(shannon(p))
    assert renyi_entropy(p, 2) == pytest.approx(math.log(participation_number(p)))
    assert renyi_entropy(p, math.inf) == pytest.approx(math.log(2))
    orders = [renyi_entropy(p, q) for q in (0, 0.5, 0.999, 1, 1.001, 2, 10, math.inf)]
    assert orders == sorted(orders, reverse=True)
    assert math.copysign(1, renyi_entropy([1.0], math.inf)) == 1


def test_densities_and_double_occupancies():
    rng = np.random.default_rng(3)
    bases = [FockBasis(5, 2), FockBasis(5, 3), FockBasis(5, 1)]
    state = random_amplitudes(rng, tuple(basis.dimension for basis in bases))
    p, n = np.abs(state) ** 2, [basis.occupations for basis in bases]
    densities = site_densities(fock_entropies(state).marginals, bases)
    np.testing.assert_allclose(densities[1], np.einsum("xyz,yi->i", p, n[1]), atol=1e-14)
    np.testing.assert_allclose(densities.sum(axis=1), [2, 3, 1], atol=1e-13)
    doublons, squares = joint_occupations(state, bases)
    np.testing.assert_allclose(doublons[1], np.einsum("xyz,xi,zi->i", p, n[0], n[2]), atol=1e-14)
    np.testing.assert_allclose(double_occupancies(state, bases)[2], np.einsum("xyz,yi,zi->i", p, n[1], n[2]))
    assert squares == pytest.approx(np.sum(p**2), abs=1e-15)


def test_border():
    with pytest.raises(NotAStateError, match=r"norm 1, but ⟨γ\|γ⟩ = 4"):
        fock_entropies(np.ones((2, 2)))
    with pytest.raises(NotFiniteError):
        fock_entropies(np.full((2, 2), np.nan))
    with pytest.raises(ShapeError, match="one axis per species"):
        fock_entropies(1.0)
    with pytest.raises(InputError, match="array of amplitudes"):
        fock_entropies("state")
    assert fock_entropies_of(2 * np.ones((1, 1), dtype=complex)).norm == 4
    with pytest.raises(InputError, match="must be non-negative with sum 1"):
        renyi_entropy([0.5, 0.6], 2)
    with pytest.raises(InputError, match="`order` must not be negative"):
        renyi_entropy([1.0], -1)
