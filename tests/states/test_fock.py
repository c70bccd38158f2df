from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference.lattice_operators import annihilators, configurations, creators, embedding

from loschmidt.errors import InputError, NotFiniteError, ResourceError, ShapeError
from loschmidt.states import random_unitary
from loschmidt.states.fock import FockBasis, as_count, slater_determinant

seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("sites", range(1, 9))
def test_masks_ascend_and_rank_finds_them(sites):
    for particles in range(sites + 1):
        basis = FockBasis(sites, particles)
        expected = sorted(sum(1 << i for i in chosen) for chosen in itertools.combinations(range(sites), particles))
        assert basis.masks.tolist() == expected
        assert basis.dimension == math.comb(sites, particles)
        assert basis.rank(basis.masks).tolist() == list(range(basis.dimension))
        assert (basis.occupations.sum(axis=1) == particles).all()
        assert [tuple(row) for row in basis.positions] == configurations(sites, particles)


def test_large_bases_are_ordered_too():
    basis = FockBasis(62, 3)
    assert basis.masks[-1] == 0b111 << 59
    assert (np.diff(basis.masks) > 0).all()
    sample = np.array([0, 1, 17, 20_000, basis.dimension - 1])
    assert basis.rank(basis.masks[sample]).tolist() == sample.tolist()
    assert basis.index([61, 60, 59]) == basis.dimension - 1


@pytest.mark.parametrize(("sites", "particles"), [(4, 2), (5, 3), (5, 1), (4, 4), (4, 0), (6, 3)])
def test_hops_have_the_signs_of_jordan_and_wigner(sites, particles):
    basis = FockBasis(sites, particles)
    lower = annihilators(sites)
    embed = embedding(creators(1, sites), (particles,))
    for to, origin in itertools.permutations(range(sites), 2):
        dense = embed.T @ (lower[to].T @ (lower[origin] @ embed))
        after, before, signs = basis.hops(to, origin)
        built = np.zeros_like(dense)
        built[after, before] = signs
        np.testing.assert_array_equal(built, dense)


def test_the_bond_around_a_ring_has_the_sign_of_the_others_it_passes():
    for particles in range(1, 5):
        signs = FockBasis(5, particles).hops(0, 4)[2]
        assert set(signs) == {(-1) ** (particles - 1)}


@given(seed=seeds, particles=st.integers(0, 4))
def test_slater_determinants_are_made_by_creating_orbitals(seed, particles):
    sites = 4
    orbitals = random_unitary(sites, np.random.default_rng(seed))[:, :particles]
    create = creators(1, sites)[0]
    vector = np.zeros(2**sites, dtype=complex)
    vector[0] = 1.0
    for orbital in reversed(orbitals.T):
        vector = sum(amplitude * (one @ vector) for amplitude, one in zip(orbital, create, strict=True))
    expected = embedding(creators(1, sites), (particles,)).T @ vector
    amplitudes = slater_determinant(orbitals)
    np.testing.assert_allclose(amplitudes, expected, atol=1e-14)
    assert np.linalg.norm(amplitudes) == pytest.approx(1, abs=1e-13)


def test_exchanging_orbitals_changes_the_sign():
    orbitals = random_unitary(4, np.random.default_rng(1))[:, :2]
    np.testing.assert_allclose(slater_determinant(orbitals), -slater_determinant(orbitals[:, ::-1]), atol=1e-15)


def test_border():
    for wrong in (-1, 5):
        with pytest.raises(InputError, match=f"`particles` must be from 0 to 4, but it is {wrong}"):
            FockBasis(4, wrong)
    with pytest.raises(InputError, match="`sites` must be from 1 to 62, but it is 63"):
        FockBasis(63, 1)
    with pytest.raises(TypeError):
        FockBasis(4.0, 1)
    with pytest.raises(TypeError, match=r"`sites` must be an integer, but it is 4\.0"):
        as_count(4.0, "sites", 0, 5)
    with pytest.raises(TypeError, match="`particles` must be an integer, but it is True"):
        FockBasis(4, True)
    with pytest.raises(ResourceError, match="Take fewer sites"):
        _ = FockBasis(62, 31).masks
    with pytest.raises(InputError, match="must name 2 occupied sites, but it names 1"):
        FockBasis(4, 2).index([1])
    with pytest.raises(InputError, match=r"must name each site once, but \[1\] stand there twice"):
        FockBasis(4, 2).index([1, 1])
    with pytest.raises(ShapeError, match=r"\(sites, particles\)"):
        slater_determinant(np.eye(2)[:1])
    with pytest.raises(InputError, match=r"orthonormal, but an overlap is wrong by 3\.0e\+00"):
        slater_determinant(2 * np.eye(2))
    with pytest.raises(NotFiniteError):
        slater_determinant(np.full((2, 1), np.nan))


def test_a_basis_too_large_is_refused_with_its_size():
    with pytest.raises(ResourceError, match=r"1\.55e\+08 configurations, that is 2\.48 GB of amplitudes"):
        FockBasis(30, 15).check_size()
    FockBasis(24, 12).check_size()
