"""Grouping of energies and Bohr frequencies, relative to the spectrum's own width."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_hermitian, seeds

from loschmidt.states import bohr_frequencies, energy_levels


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_grouping_does_not_depend_on_the_unit_of_energy(scale):
    levels = energy_levels(scale * np.diag([0.0, 1.0, 1.0 + 1e-12, 2.0]))
    assert levels.labels.tolist() == [0, 1, 1, 2]
    assert levels.degenerate
    bohr = bohr_frequencies(levels)
    np.testing.assert_allclose(bohr.frequencies / scale, [-2, -1, 0, 1, 2], atol=1e-11)
    assert bohr.frequencies[2] == 0.0


@given(seed=seeds, d=st.integers(1, 8), offset=st.sampled_from([0.0, 1.0, 1e6]))
def test_frequencies_are_antisymmetric_and_complete(seed, d, offset):
    h = random_hermitian(np.random.default_rng(seed), d) + offset * np.eye(d)
    levels = energy_levels(h)
    bohr = bohr_frequencies(levels)
    np.testing.assert_allclose(bohr.frequencies, -bohr.frequencies[::-1], atol=0)
    differences = levels.energies[None, :] - levels.energies[:, None]
    np.testing.assert_allclose(bohr.frequencies[bohr.labels], differences, atol=4 * levels.tolerance)
    np.testing.assert_allclose(
        levels.from_eigenbasis(np.diag(levels.energies).astype(complex)), h, atol=1e-8 * max(1.0, offset)
    )


def test_gap_close_to_the_tolerance_is_called_ambiguous():
    assert energy_levels(np.diag([0.0, 1.0, 1.0 + 1e-7])).ambiguous
    assert not energy_levels(np.diag([0.0, 1.0, 1.1])).ambiguous
    assert not energy_levels(np.diag([0.0, 1.0, 1.0 + 1e-15])).ambiguous


def test_hamiltonian_without_width_has_one_level():
    levels = energy_levels(5.0 * np.eye(3))
    assert levels.count == 1
    assert bohr_frequencies(levels).frequencies.tolist() == [0.0]
