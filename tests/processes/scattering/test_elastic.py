"""Elastic scattering in one dimension: unital for every conserving interaction, and what breaks it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_state, seeds
from tests.reference.scattering import scattered

from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ShapeError
from loschmidt.processes.dilations import classify
from loschmidt.processes.gains import entropy_gain
from loschmidt.processes.scattering import (
    conservation_residual,
    displacement_operator,
    elastic_identity_image,
    emission_scatterer,
    overlap_scatterer,
    passage_scatterer,
    photon_scatterer,
    spin_rotations,
    two_lead_splitter,
)
from loschmidt.states.random import random_unitary

transmissions = st.floats(0.05, 0.95)
VACUUM = np.eye(40)[0]


def random_overlaps(rng):
    """Overlaps ⟨n|n'⟩, ⟨n|n''⟩, ⟨n'|n''⟩ of three random states."""
    vectors = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    n, left, right = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.vdot(n, left), np.vdot(n, right), np.vdot(left, right)


@given(seed=seeds, d=st.integers(1, 4))
def test_emission_and_passage_are_controlled_and_unital(seed, d):
    rng = np.random.default_rng(seed)
    s, move, reservoir, particle = (
        random_unitary(2, rng),
        random_unitary(d, rng),
        random_state(rng, d),
        random_state(rng, 2),
    )
    for scatterer in (emission_scatterer(s, move, reservoir), passage_scatterer(s, move, reservoir)):
        assert np.abs(scatterer.channel.identity_image - np.eye(2)).max() < 1e-13
        expected = scattered(s, scatterer.transitions, reservoir[None], particle)
        assert np.abs(scatterer.channel(particle) - expected).max() < 1e-13
        assert float(entropy_gain(scatterer.channel, particle)) > -1e-12
        assert classify(scatterer.dilation).label == scatterer.label == "controlled"


@given(seed=seeds, transmission=transmissions)
def test_the_same_kick_from_both_sides_is_not_unitary(seed, transmission):
    kick = random_unitary(3, np.random.default_rng(seed))
    s = two_lead_splitter(transmission)
    with pytest.raises(NotUnitaryError, match="inverse kick"):
        emission_scatterer(s, kick, [1, 0, 0], kick_from_right=kick)
    assert emission_scatterer(s, kick, [1, 0, 0], kick_from_right=kick.conj().T).label == "controlled"


def test_a_kick_that_is_its_own_inverse_may_come_from_both_sides():
    flip = [[0, 1], [1, 0]]
    scatterer = emission_scatterer(two_lead_splitter(0.3), flip, [0.6, 0.8], kick_from_right=flip)
    assert np.abs(scatterer.defect).max() < 1e-14


def test_a_mirror_may_kick_as_it_likes():
    first, second = spin_rotations([[0.3, 0, 0], [0, 0.7, 0]])
    assert emission_scatterer(np.eye(2), first, [1, 0], kick_from_right=second).leads == 2


@given(alpha=st.floats(0.05, 1.2), turn=st.floats(0, 6.3), transmission=transmissions)
def test_photon_emission_against_displaced_modes(alpha, turn, transmission):
    amplitude = alpha * np.exp(1j * turn)
    s = two_lead_splitter(transmission, 0.4)
    kick = displacement_operator(amplitude, 40)
    truncated = emission_scatterer(s, kick, VACUUM)
    exact = photon_scatterer(s, alpha**2)
    overlaps = overlap_scatterer(s, *[math.exp(-(alpha**2) / 2)] * 2, math.exp(-2 * alpha**2))
    n, left, right = VACUUM, kick[:, 0], kick.conj().T[:, 0]
    assert np.vdot(n, left) == pytest.approx(math.exp(-(alpha**2) / 2), abs=1e-12)
    assert np.vdot(left, right) == pytest.approx(math.exp(-2 * alpha**2), abs=1e-8)
    assert np.abs(exact.channel.choi - overlaps.channel.choi).max() < 1e-13
    assert np.abs(exact.channel.choi - truncated.channel.choi).max() < 1e-8
    assert exact.label == "controlled"


def test_thermal_photons_dephase_more():
    levels, occupation, alpha = 80, 0.4, 0.5
    weights = (occupation / (1 + occupation)) ** np.arange(levels)
    thermal = np.diag(weights / weights.sum())
    s = two_lead_splitter(0.4)
    truncated = emission_scatterer(s, displacement_operator(alpha, levels), thermal)
    exact = photon_scatterer(s, alpha**2, occupation)
    assert np.abs(exact.channel.choi - truncated.channel.choi).max() < 1e-10
    cold = photon_scatterer(s, alpha**2)
    state = np.full((2, 2), 0.5)
    assert entropy_gain(exact.channel, state) > entropy_gain(cold.channel, state) > 0.01


@given(seed=seeds)
def test_equation_8_is_the_image_of_the_explicit_channel(seed):
    rng = np.random.default_rng(seed)
    left, _, between = random_overlaps(rng)
    s = random_unitary(2, rng)
    # Unitary s asks for ⟨n|n''⟩ = ⟨n'|n⟩; a state n'' with this overlap and any phase against n'.
    right = left.conjugate()
    between = right * left.conjugate() + (1 - abs(left) ** 2) * between / abs(between) * rng.random()
    scatterer = overlap_scatterer(s, left, right, between)
    printed = elastic_identity_image(s, left, right)
    assert np.abs(scatterer.channel.identity_image - printed).max() < 1e-13
    assert np.abs(printed - np.eye(2)).max() < 1e-13
    assert scatterer.label == "weighted"


def test_the_bracket_needs_equal_transmission():
    # All that comes from the right is turned back and all from the left passes: allowed if the reservoir remembers it.
    s = np.array([[0, 0], [1, 1]])
    scatterer = overlap_scatterer(s, 0, 0, 0)
    assert conservation_residual(s, 0, 0) == 0
    assert np.abs(scatterer.channel.identity_image - np.diag([0, 2])).max() < 1e-15
    assert np.abs(elastic_identity_image(s, 0, 0) - np.diag([0, 2])).max() < 1e-15
    assert scatterer.label == "non-unital"
    assert scatterer.maximally_mixed_gain == pytest.approx(-math.log(2), abs=1e-15)


@given(seed=seeds)
def test_the_bracket_vanishes_with_equal_transmission_for_any_phases(seed):
    # |s_LR| = |s_RL| and conservation, with amplitudes whose phases no unitary 2 × 2 matrix has.
    rng = np.random.default_rng(seed)
    transmission, phases = rng.uniform(0.1, 0.9), np.exp(2j * np.pi * rng.random(4))
    sizes = np.sqrt([1 - transmission, transmission])
    s = np.array([[sizes[0] * phases[0], sizes[1] * phases[1]], [sizes[1] * phases[2], sizes[0] * phases[3]]])
    left = 0.7 * np.exp(1j * rng.random())
    right = -(s[0, 0].conj() * s[0, 1] * left.conj()) / (s[1, 0].conj() * s[1, 1])
    assert abs(conservation_residual(s, left, right)) < 1e-15
    assert np.abs(elastic_identity_image(s, left, right) - np.eye(2)).max() < 1e-14
    scatterer = overlap_scatterer(s, left, right, left.conj() * right)
    assert np.abs(scatterer.channel.identity_image - np.eye(2)).max() < 1e-14


def test_overlap_scatterer_has_no_joint_unitary():
    scatterer = overlap_scatterer(two_lead_splitter(0.5), 0.6, 0.6, 0.1)
    for name in ("dilation", "commutators", "commutator_bounds"):
        with pytest.raises(InputError, match="state that arrives"):
            getattr(scatterer, name)


class TestBorder:
    def test_violated_conservation(self):
        with pytest.raises(NotUnitaryError, match="right angles"):
            overlap_scatterer(two_lead_splitter(0.5), 0.6, 0.5, 0.1)

    def test_lost_particle(self):
        with pytest.raises(NotUnitaryError, match="columns must have norm 1"):
            overlap_scatterer(0.9 * two_lead_splitter(0.5), 0.6, 0.6, 0.1)

    def test_overlaps_that_no_states_have(self):
        with pytest.raises(NotAStateError, match="Gram matrix"):
            overlap_scatterer(two_lead_splitter(0.5), 0.9, 0.9, -0.9)
        with pytest.raises(InputError, match="finite"):
            overlap_scatterer(two_lead_splitter(0.5), math.nan, 0.9, 0.9)

    def test_two_channels(self):
        with pytest.raises(ShapeError, match="2 × 2"):
            passage_scatterer(np.eye(3), np.eye(2), [1, 0])
        with pytest.raises(ShapeError, match="one matrix"):
            conservation_residual([np.eye(2), np.eye(2)], 0, 0)

    def test_one_kick_and_one_state(self):
        s = two_lead_splitter(0.5)
        with pytest.raises(ShapeError, match="kick"):
            emission_scatterer(s, [np.eye(2)] * 2, [1, 0])
        with pytest.raises(ShapeError, match="one state"):
            emission_scatterer(s, np.eye(2), [np.eye(2) / 2] * 2)
        with pytest.raises(NotUnitaryError, match="rotation"):
            passage_scatterer(s, [[1, 0], [0, 0.5]], [1, 0])

    def test_too_few_levels(self):
        with pytest.raises(InputError, match="levels"):
            displacement_operator(2.0, 10)
        with pytest.raises(InputError, match="levels"):
            displacement_operator(0.0, 0)

    def test_numbers(self):
        with pytest.raises(InputError, match="transmission"):
            two_lead_splitter(1.2)
        with pytest.raises(InputError, match="emitted_photons"):
            photon_scatterer(two_lead_splitter(0.5), -1.0)
