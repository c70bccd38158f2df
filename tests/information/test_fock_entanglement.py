from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lattices import random_amplitudes
from tests.reference.lattice_operators import gaussian_entropy, spatial_entropy

from loschmidt.errors import InputError, ShapeError
from loschmidt.information.fock_entanglement import spatial_entanglement, species_entanglement, species_purity
from loschmidt.states import random_unitary
from loschmidt.states.fock import FockBasis, slater_determinant

seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds, rows=st.integers(1, 9), columns=st.integers(1, 9))
def test_species_entanglement_is_that_of_the_singular_values(seed, rows, columns):
    state = random_amplitudes(np.random.default_rng(seed), (rows, columns))
    weights = np.linalg.svd(state, compute_uv=False) ** 2
    expected = -np.sum(weights * np.log(weights))
    assert species_entanglement(state) == pytest.approx(expected, abs=1e-12)
    assert species_entanglement(state, 1) == pytest.approx(expected, abs=1e-12)
    assert species_purity(state) == pytest.approx(np.sum(weights**2), abs=1e-13)
    assert species_purity(state.T) == pytest.approx(np.sum(weights**2), abs=1e-13)


def test_products_and_maximal_entanglement():
    product = np.outer([0.6, 0.8j], [1, 0, 0])
    assert abs(species_entanglement(product)) < 1e-14
    assert math.copysign(1, species_entanglement([[1.0, 0.0]])) == 1
    assert species_purity(product) == pytest.approx(1)
    assert species_entanglement(np.eye(5) / math.sqrt(5)) == pytest.approx(math.log(5), abs=1e-13)
    assert species_entanglement((np.eye(5) / math.sqrt(5)).astype(np.complex64)) == pytest.approx(math.log(5), abs=1e-5)


def test_purity_in_blocks_of_rows():
    state = random_amplitudes(np.random.default_rng(1), (1100, 1200))
    weights = np.linalg.svd(state, compute_uv=False) ** 2
    assert species_purity(state) == pytest.approx(np.sum(weights**2), rel=1e-12)


def test_one_of_three_species():
    state = random_amplitudes(np.random.default_rng(2), (3, 4, 5))
    for axis in range(3):
        moved = np.moveaxis(state, axis, 0).reshape(state.shape[axis], -1)
        assert species_entanglement(state, axis) == pytest.approx(species_entanglement(moved), abs=1e-13)
        assert species_purity(state, axis) == pytest.approx(species_purity(moved), abs=1e-13)


@pytest.mark.parametrize("sites", [(0,), (0, 1), (1,), (0, 2), (1, 3), (3,), (), (0, 1, 2, 3)])
@pytest.mark.parametrize("particles", [(2, 1), (2, 3), (0, 2), (4, 2), (2,), (1, 2, 1)])
@pytest.mark.parametrize("statistics", ["fermion", "hardcore"])
def test_any_sites_against_a_partial_trace_of_all_modes(sites, particles, statistics):
    bases = [FockBasis(4, n) for n in particles]
    state = random_amplitudes(np.random.default_rng(3), tuple(basis.dimension for basis in bases))
    expected = spatial_entropy(state, 4, particles, list(sites), statistics == "hardcore")
    assert spatial_entanglement(state, bases, sites, statistics) == pytest.approx(expected, abs=1e-11)


def test_signs_matter_where_sites_are_not_neighbours():
    bases = [FockBasis(4, 2), FockBasis(4, 2)]
    state = random_amplitudes(np.random.default_rng(4), (6, 6))
    for sites, differ in (((0, 1), False), ((1, 2), False), ((0, 2), True), ((1, 3), True)):
        fermions, hardcore = (spatial_entanglement(state, bases, sites, one) for one in ("fermion", "hardcore"))
        assert (abs(fermions - hardcore) > 1e-3) is differ


@given(seed=seeds, chosen=st.sets(st.integers(0, 4)))
def test_free_fermions_have_the_entropy_of_their_correlations(seed, chosen):
    rng = np.random.default_rng(seed)
    orbitals = [random_unitary(5, rng)[:, :n] for n in (2, 3)]
    state = np.multiply.outer(*(slater_determinant(one) for one in orbitals))
    expected = gaussian_entropy(orbitals, sorted(chosen))
    assert spatial_entanglement(state, [FockBasis(5, 2), FockBasis(5, 3)], sorted(chosen)) == pytest.approx(
        expected, abs=1e-10
    )


def test_border():
    bases = [FockBasis(3, 1), FockBasis(3, 2)]
    state = np.full((3, 3), 1 / 3)
    with pytest.raises(InputError, match="must be an axis of the state, from 0 to 1, but it is 2"):
        species_entanglement(state, 2)
    with pytest.raises(ShapeError, match="the shape of the bases"):
        spatial_entanglement(state, [FockBasis(4, 1), FockBasis(3, 2)], [0])
    with pytest.raises(InputError, match="from 0 to 2, but it is 3"):
        spatial_entanglement(state, bases, [3])
    with pytest.raises(InputError, match='"fermion" or "hardcore"'):
        spatial_entanglement(state, bases, [0], "anyon")
