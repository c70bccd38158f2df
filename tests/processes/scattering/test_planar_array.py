"""Planar arrays: one axis for all turns, hence a random unitary and no loss of entropy."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_state, seeds
from tests.reference.scattering import scattered

from loschmidt.errors import InputError, NotFiniteError, NotUnitaryError, ShapeError
from loschmidt.processes.dilations import classify
from loschmidt.processes.gains import entropy_gain
from loschmidt.processes.scattering import planar_array_scatterer, symmetric_splitter, two_lead_splitter
from loschmidt.states.random import random_unitary


def random_array(seed, leads, spins):
    rng = np.random.default_rng(seed)
    up, out, into = rng.random(spins), *rng.uniform(-4, 4, (2, leads, spins))
    s = random_unitary(leads, rng)
    return s, up, out, into, random_state(rng, leads)


@given(seed=seeds, leads=st.integers(1, 4), spins=st.integers(1, 5))
def test_sum_over_configurations(seed, leads, spins):
    s, up, out, into, particle = random_array(seed, leads, spins)
    scatterer = planar_array_scatterer(s, up, angles_out=out, angles_in=into)
    theta = out[:, None] + into
    expected = np.zeros((leads, leads), dtype=complex)
    for configuration in product([1, -1], repeat=spins):
        signs = np.array(configuration)
        weight = np.prod(np.where(signs > 0, up, 1 - up))
        turned = s * np.exp(-0.5j * theta @ signs)
        expected += weight * turned @ particle @ turned.conj().T
    assert np.abs(scatterer.channel(particle) - expected).max() < 1e-13
    assert np.abs(scattered(s, scatterer.transitions, scatterer.reservoir_states, particle) - expected).max() < 1e-13


@given(seed=seeds, leads=st.integers(2, 4), spins=st.integers(1, 60))
def test_entropy_never_falls(seed, leads, spins):
    s, up, out, into, particle = random_array(seed, leads, spins)
    scatterer = planar_array_scatterer(s, up, angles_out=out, angles_in=into)
    assert np.abs(scatterer.defect).max() < 1e-13
    assert np.abs(scatterer.channel.identity_image - np.eye(leads)).max() < 1e-12
    assert float(entropy_gain(scatterer.channel, particle)) >= -1e-12
    assert scatterer.label == "controlled"


@given(seed=seeds)
def test_the_label_is_what_the_classifier_finds(seed):
    s, up, out, into, _ = random_array(seed, 3, 2)
    scatterer = planar_array_scatterer(s, up, angles_out=out, angles_in=into)
    assert classify(scatterer.dilation).label == scatterer.label


@given(seed=seeds, spins=st.integers(1, 200))
def test_general_angles_of_additive_form_pass(seed, spins):
    s, up, out, into, _ = random_array(seed, 3, spins)
    general = planar_array_scatterer(s, up, angles=out[:, None] + into)
    additive = planar_array_scatterer(s, up, angles_out=out, angles_in=into)
    assert np.abs(general.correlations - additive.correlations).max() < 1e-15


@given(seed=seeds, spins=st.integers(1, 30), size=st.sampled_from([1e-8, 1e-3, 1.0]))
def test_general_angles_that_break_unitarity_are_refused(seed, spins, size):
    # A turn of one spin on one path only: the configurations see different matrices, none of them unitary.
    _, up, out, into, _ = random_array(seed, 3, spins)
    theta = out[:, None] + into
    theta[0, 0, 0] += size
    with pytest.raises(NotUnitaryError, match="out_j \\+ in_i"):
        planar_array_scatterer(symmetric_splitter(3), up, angles=theta)


def test_angles_on_closed_paths_are_free():
    # Where s_ji = 0 no particle goes, and the angle means nothing.
    theta = np.zeros((2, 2, 1))
    theta[0, 1, 0] = 1.0
    assert planar_array_scatterer(np.eye(2), [0.3], angles=theta).leads == 2


def test_coherence_of_the_spins_does_not_matter():
    s, out = two_lead_splitter(0.4), [[0.0], [1.1]]
    scatterer = planar_array_scatterer(s, [0.5], angles_out=out)
    coherent = np.full((1, 2, 2), 0.5)
    particle = np.array([[0.7, 0.2j], [-0.2j, 0.3]])
    assert np.abs(scattered(s, scatterer.transitions, coherent, particle) - scatterer.channel(particle)).max() < 1e-14


def test_a_hundred_thousand_spins():
    count, angle, up = 100_000, 1e-3, 0.3
    scatterer = planar_array_scatterer(two_lead_splitter(0.5), np.full(count, up), angles_out=[[0.0] * count] * 2)
    assert np.abs(scatterer.correlations - 1).max() < 1e-10
    turned = planar_array_scatterer(
        two_lead_splitter(0.5), np.full(count, up), angles_out=[[0.0] * count, [angle] * count]
    )
    expected = (up * np.exp(-0.5j * angle) + (1 - up) * np.exp(0.5j * angle)) ** count
    assert turned.correlations[1, 0, 0, 0] == pytest.approx(expected, rel=1e-9)
    assert 0.9 < abs(expected) < 1


class TestBorder:
    def test_one_form_of_angles(self):
        with pytest.raises(InputError, match="Either `angles`"):
            planar_array_scatterer(np.eye(2), [0.5])
        with pytest.raises(InputError, match="Either `angles`"):
            planar_array_scatterer(np.eye(2), [0.5], angles=np.zeros((2, 2, 1)), angles_in=np.zeros((2, 1)))

    def test_probabilities(self):
        with pytest.raises(InputError, match=r"entry 1 is 1\.5"):
            planar_array_scatterer(np.eye(2), [0.5, 1.5], angles_in=np.zeros((2, 2)))
        with pytest.raises(ShapeError, match="up_probabilities"):
            planar_array_scatterer(np.eye(2), 0.5, angles_in=np.zeros((2, 1)))

    def test_shapes(self):
        with pytest.raises(ShapeError, match=r"\(2, 3\)"):
            planar_array_scatterer(np.eye(2), [0.5] * 3, angles_in=np.zeros((3, 2)))

    def test_finite(self):
        with pytest.raises(NotFiniteError, match="angles_in"):
            planar_array_scatterer(np.eye(2), [0.5], angles_in=[[0.0], [math.nan]])
