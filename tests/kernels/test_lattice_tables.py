from __future__ import annotations

from math import comb

import numpy as np
import pytest
from tests.kernels.lattices import chain, random_state
from tests.reference import lattice_steps as slow

from loschmidt._kernels.givens_lift import apply_to_columns
from loschmidt._kernels.lattice_preparation import prepare_rotations
from loschmidt._kernels.lattice_tables import configuration_masks, half_tables, lift_tables


@pytest.mark.parametrize(("sites", "particles"), [(1, 0), (1, 1), (5, 0), (5, 5), (6, 3), (20, 3), (62, 2)])
def test_masks_ascend_and_are_all(sites, particles):
    masks = configuration_masks(sites, particles)
    assert len(masks) == comb(sites, particles)
    assert (np.diff(masks) > 0).all()
    assert (np.bitwise_count(masks) == particles).all()
    assert masks.max() < 2**sites
    assert not masks.flags.writeable


def test_no_configuration_where_particles_do_not_fit():
    assert len(configuration_masks(4, 5)) == 0
    assert len(configuration_masks(4, -1)) == 0


@pytest.mark.parametrize(("sites", "particles"), [(2, 1), (5, 2), (7, 4), (9, 1)])
def test_runs_are_the_pairs_and_triples_of_neighbouring_sites(sites, particles):
    masks, tables = configuration_masks(sites, particles), lift_tables(sites, particles)
    for p in range(sites - 1):
        met = []
        for start, length in tables.pairs[tables.first_pair[p] : tables.first_pair[p + 1]]:
            left, right = masks[start : start + length], masks[start + length : start + 2 * length]
            np.testing.assert_array_equal(left ^ right, 3 << p)
            met += left.tolist()
        assert sorted(met) == [m for m in masks.tolist() if m >> p & 3 == 1]
    for p in range(sites - 2):
        met = []
        for *starts, length, kind in tables.triples[tables.first_triple[p] : tables.first_triple[p + 1]]:
            for start, pattern in zip(starts, ((1, 2, 4), (3, 5, 6))[kind], strict=True):
                some = masks[start : start + length]
                np.testing.assert_array_equal(some >> p & 7, pattern)
                met += some.tolist()
            assert len({tuple((masks[s : s + length] & ~(7 << p)).tolist()) for s in starts}) == 1
        assert sorted(met) == [m for m in masks.tolist() if m >> p & 7 not in (0, 7)]


@pytest.mark.parametrize("sites", [1, 2, 3, 8])
def test_steps_apply_the_rotations_of_an_elimination_backwards(sites):
    bonds = []
    for bond, number, both in lift_tables(sites, 1).steps:
        assert number == len(bonds)
        bonds += [bond, bond + 1] if both else [bond]
    assert bonds == [p for k in range(sites - 1) for p in range(sites - 2, k - 1, -1)][::-1]


@pytest.mark.parametrize(("sites", "particles"), [(1, 1), (2, 1), (5, 2), (8, 4), (30, 2)])
def test_halves_make_products_over_occupied_sites(sites, particles):
    factors = np.random.default_rng(1).normal(size=sites)
    halves, parents = half_tables(sites, particles)
    table = np.ones(len(parents))
    for entry, (parent, site) in enumerate(parents):
        if parent >= 0:
            assert parent < entry
            table[entry] = table[parent] * factors[site]
    occupied = (configuration_masks(sites, particles)[:, None] >> np.arange(sites)) & 1
    np.testing.assert_allclose(table[halves].prod(axis=1), np.where(occupied, factors, 1).prod(axis=1), rtol=1e-13)


def test_as_many_sites_as_a_mask_holds():
    potentials = np.random.default_rng(2).normal(size=(3, 62))
    state = random_state((62, 3))
    expected = state.copy()
    slow.apply_to_columns(expected, slow.prepare_rotations(chain(62), potentials, 1.5), 1)
    apply_to_columns(state, prepare_rotations(chain(62), potentials, 1.5), 1)
    np.testing.assert_allclose(state, expected, rtol=0, atol=1e-14)
