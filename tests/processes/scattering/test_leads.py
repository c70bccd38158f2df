"""Leads with spins: Eq. (5) exact and as printed, the table of readings of ΔS ≈ -0.05, and the largest decrease."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.optimize import minimize
from tests.physics import random_state, seeds
from tests.reference.scattering import joint_unitary, scattered

from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ResourceError, ShapeError
from loschmidt.information.entropy import von_neumann_entropy
from loschmidt.processes.gains import entropy_gain, minimal_entropy_gain
from loschmidt.processes.scattering import (
    balanced_splitter,
    bloch_states,
    buttiker_splitter,
    maximally_mixed_floor,
    n_lead_scatterer,
    paper_rotations,
    printed_three_lead_identity_image,
    spin_reservoir_scatterer,
    symmetric_splitter,
    three_lead_identity_image,
)
from loschmidt.states.random import random_unitary

DIAGONAL = np.ones(3) / math.sqrt(3)
SYMMETRIC, BALANCED = symmetric_splitter(3), balanced_splitter(3)


def three_leads(s, spin):
    return n_lead_scatterer(s, paper_rotations(3), bloch_vectors=spin)


def random_bloch(rng):
    direction = rng.normal(size=3)
    return rng.random() * direction / np.linalg.norm(direction)


@given(seed=seeds)
def test_equation_5_is_the_image_of_the_explicit_channel(seed):
    rng = np.random.default_rng(seed)
    s, spin = random_unitary(3, rng), random_bloch(rng)
    scatterer = three_leads(s, spin)
    exact = three_lead_identity_image(s, spin)
    assert np.abs(scatterer.channel.identity_image - exact).max() < 1e-13
    assert np.abs(scatterer.identity_image - exact).max() < 1e-13
    assert np.abs(scatterer.dilation.identity_image - exact).max() < 1e-13


@given(seed=seeds)
def test_printed_equation_5_needs_time_reversal_symmetry(seed):
    rng = np.random.default_rng(seed)
    unitary, spin = random_unitary(3, rng), bloch_vector_of_pure_spin(rng)
    symmetric = unitary @ unitary.T
    exact = three_lead_identity_image(symmetric, spin)
    assert np.abs(printed_three_lead_identity_image(symmetric, spin) - exact).max() < 1e-13
    difference = printed_three_lead_identity_image(unitary, spin) - three_lead_identity_image(unitary, spin)
    assert np.abs(difference).max() > 1e-3


def bloch_vector_of_pure_spin(rng):
    spin = rng.normal(size=3)
    return spin / np.linalg.norm(spin)


@given(seed=seeds, leads=st.integers(1, 4), d=st.integers(1, 4))
def test_channel_against_the_joint_unitary(seed, leads, d):
    rng = np.random.default_rng(seed)
    s, turns, reservoir = random_unitary(leads, rng), random_unitary(d, rng, (leads,)), random_state(rng, d)
    scatterer = n_lead_scatterer(s, turns, reservoir_state=reservoir)
    particle = random_state(rng, leads)
    transitions = np.einsum("bxy,azy->baxz", turns, turns.conj())[None]
    expected = scattered(s, transitions, reservoir[None], particle)
    assert np.abs(scatterer.channel(particle) - expected).max() < 1e-13
    assert np.abs(scatterer.dilation.unitary - joint_unitary(s, transitions)).max() < 1e-13


READINGS = [
    (SYMMETRIC, DIAGONAL, [1 / 9, 1, 17 / 9], -0.319059, -0.159529, -0.514141),
    (SYMMETRIC, [0.5, 0.5, math.sqrt(0.5)], [1 / 9, 1, 17 / 9], -0.319059, -0.159529, -0.514141),
    (SYMMETRIC, [0, 0, 1], [1 / 9, 1, 17 / 9], -0.319059, -0.159529, -0.514141),
    (
        SYMMETRIC,
        np.ones(3) / 3,
        [1 - 8 * math.sqrt(3) / 27, 1, 1 + 8 * math.sqrt(3) / 27],
        -0.092120,
        -0.046060,
        -0.136880,
    ),
    (BALANCED, DIAGONAL, [1 / 3, 1, 5 / 3], -0.161724, -0.080862, -0.319184),
    (
        BALANCED,
        np.ones(3) / 3,
        [1 - 2 * math.sqrt(3) / 9, 1, 1 + 2 * math.sqrt(3) / 9],
        -0.050681,
        -0.025340,
        -0.093281,
    ),
]


@pytest.mark.parametrize(("s", "spin", "spectrum", "mixed", "literal", "minimum"), READINGS)
def test_every_reading_of_the_published_number(s, spin, spectrum, mixed, literal, minimum):
    scatterer = three_leads(s, spin)
    found = np.linalg.eigvalsh(scatterer.channel.identity_image)
    assert np.abs(found - spectrum).max() < 1e-13
    assert scatterer.maximally_mixed_gain == pytest.approx(mixed, abs=5e-7)
    assert float(entropy_gain(scatterer.channel, np.eye(3) / 3)) == pytest.approx(mixed, abs=5e-7)
    # The prefactor 1/6 in print gives a matrix of trace 1/2, and half of the entropy difference.
    unnormalised = -np.sum(found / 6 * np.log(found / 6)) - math.log(6) / 2
    assert unnormalised == pytest.approx(literal, abs=5e-7)
    best = minimal_entropy_gain(scatterer.channel)
    assert best.converged
    assert best.value == pytest.approx(minimum, abs=2e-6)


@given(seed=seeds)
def test_no_pure_spin_direction_matters_for_the_symmetric_splitter(seed):
    spin = bloch_vector_of_pure_spin(np.random.default_rng(seed))
    found = np.linalg.eigvalsh(three_leads(SYMMETRIC, spin).channel.identity_image)
    assert np.abs(found - [1 / 9, 1, 17 / 9]).max() < 1e-13


def test_the_printed_spin_state():
    # (|↑x⟩ + |↑y⟩ + |↑z⟩)/√3 with the standard phases is not normalised and does not point along (1, 1, 1).
    up = [np.array([1, 1]) / math.sqrt(2), np.array([1, 1j]) / math.sqrt(2), np.array([1, 0])]
    printed = sum(up) / math.sqrt(3)
    norm = np.vdot(printed, printed).real
    assert norm == pytest.approx(2.276, abs=5e-4)
    state = np.outer(printed, printed.conj()) / norm
    assert np.allclose([2 * state[1, 0].real, 2 * state[1, 0].imag], [0.5, 0.5])
    with pytest.raises(NotAStateError, match="norm 1"):
        n_lead_scatterer(SYMMETRIC, paper_rotations(3), reservoir_state=printed)


def test_buttiker_splitter_reaches_two_thirds_of_a_bit():
    scatterer = three_leads(buttiker_splitter(), [0, 0, 1])
    assert np.abs(np.linalg.eigvalsh(scatterer.channel.identity_image) - [0, 1, 2]).max() < 1e-14
    assert scatterer.maximally_mixed_gain == pytest.approx(-2 / 3 * math.log(2), abs=1e-14)
    assert scatterer.maximally_mixed_floor == pytest.approx(-2 / 3 * math.log(2), abs=1e-14)


@pytest.mark.parametrize("sign", [1, -1])
def test_buttiker_splitter_can_swap_the_particle_with_the_spin(sign):
    scatterer = three_leads(buttiker_splitter(), [0, 0, sign])
    best = minimal_entropy_gain(scatterer.channel)
    assert best.value == pytest.approx(-math.log(2), abs=1e-9)
    first, second = np.array([1, 0, 0]), np.array([0, 1, sign * 1j]) / math.sqrt(2)
    state = (np.outer(first, first.conj()) + np.outer(second, second.conj())) / 2
    assert float(entropy_gain(scatterer.channel, state)) == pytest.approx(-math.log(2), abs=1e-14)
    assert np.abs(best.state - state).max() < 1e-4


def gain_of_parameters(parameters):
    generator = np.zeros((3, 3), dtype=complex)
    generator[np.triu_indices(3)] = parameters[:6]
    generator[np.triu_indices(3, 1)] += 1j * parameters[6:9]
    hermitian = (generator + generator.conj().T) / 2
    spin = parameters[9:12] / np.linalg.norm(parameters[9:12])
    spectrum = np.linalg.eigvalsh(three_lead_identity_image(expm(1j * hermitian), spin))
    positive = spectrum[spectrum > 1e-15]
    return -np.sum(positive * np.log(positive)) / 3


def test_independent_search_finds_no_larger_decrease():
    rng = np.random.default_rng(5)
    found = [minimize(gain_of_parameters, rng.normal(size=12), options={"maxiter": 60}).fun for _ in range(4)]
    assert min(found) == pytest.approx(-2 / 3 * math.log(2), abs=1e-4)
    assert min(found) >= -2 / 3 * math.log(2) - 1e-12


@given(seed=seeds, leads=st.integers(2, 5), d=st.integers(2, 4))
def test_no_reservoir_beats_the_majorisation_bound(seed, leads, d):
    rng = np.random.default_rng(seed)
    reservoir = random_state(rng, d, rank=1 + int(rng.integers(d)))
    turns = random_unitary(d, rng, (leads,))
    scatterer = n_lead_scatterer(random_unitary(leads, rng), turns, reservoir_state=reservoir)
    ceiling = d * np.linalg.eigvalsh(reservoir)[-1]
    assert np.linalg.eigvalsh(scatterer.identity_image)[-1] <= ceiling + 1e-12
    assert scatterer.maximally_mixed_gain >= scatterer.maximally_mixed_floor - 1e-12


def test_the_floor_is_that_of_the_extreme_spectrum():
    assert maximally_mixed_floor(3, 2.0) == pytest.approx(-2 / 3 * math.log(2), abs=1e-15)
    assert maximally_mixed_floor(4, 2.0) == pytest.approx(-math.log(2), abs=1e-15)
    assert maximally_mixed_floor(5, 1.0) == 0
    assert maximally_mixed_floor(3, 3.0) == pytest.approx(-math.log(3), abs=1e-15)
    rng = np.random.default_rng(3)
    for _ in range(200):
        spectrum = rng.dirichlet(np.ones(4)) * 4
        if spectrum.max() <= 1.7:
            assert -np.sum(spectrum * np.log(spectrum)) / 4 >= maximally_mixed_floor(4, 1.7)
    with pytest.raises(InputError, match="ceiling"):
        maximally_mixed_floor(3, 3.5)


@given(seed=seeds)
def test_four_leads_lose_a_bit_from_the_mixed_state(seed):
    spin = bloch_vector_of_pure_spin(np.random.default_rng(seed))
    scatterer = n_lead_scatterer(symmetric_splitter(4), paper_rotations(4), bloch_vectors=spin)
    assert np.abs(np.linalg.eigvalsh(scatterer.channel.identity_image) - [0, 0, 2, 2]).max() < 1e-13
    assert scatterer.maximally_mixed_gain == pytest.approx(-math.log(2), abs=1e-13)
    assert scatterer.maximally_mixed_gain >= scatterer.maximally_mixed_floor - 1e-13


@given(seed=seeds, count=st.integers(1, 6))
def test_identical_spins_act_in_odd_number_only(seed, count):
    rng = np.random.default_rng(seed)
    s, spin = random_unitary(3, rng), random_bloch(rng)
    scatterer = n_lead_scatterer(s, np.stack([paper_rotations(3)] * count), bloch_vectors=spin)
    defect = scatterer.channel.identity_image - np.eye(3)
    if count % 2 == 0:
        assert np.abs(defect).max() < 1e-13
    else:
        assert defect[0, 1] == pytest.approx(-2 * (-1j * spin[0]) ** count * s[0, 2] * s[1, 2].conj(), abs=1e-13)


def test_parts_with_states_of_their_own():
    rng = np.random.default_rng(8)
    s, turns = random_unitary(3, rng), random_unitary(2, rng, (2, 3))
    spins = np.stack([random_bloch(rng), random_bloch(rng)])
    by_states = n_lead_scatterer(s, turns, reservoir_state=bloch_states(spins))
    by_vectors = spin_reservoir_scatterer(s, turns, spins)
    assert np.abs(by_states.defect - by_vectors.defect).max() < 1e-15


def test_energy_distribution_adds_nothing():
    # ρ = Σ f(E) 1_E/3: the entropy of f is the same before and after.
    weights = np.array([0.2, 0.5, 0.3])
    splitters = [SYMMETRIC, BALANCED, buttiker_splitter()]
    scatterers = [three_leads(s, DIAGONAL) for s in splitters]
    before, after = np.zeros((2, 9, 9), dtype=complex)
    for k, (weight, scatterer) in enumerate(zip(weights, scatterers, strict=True)):
        block = slice(3 * k, 3 * k + 3)
        before[block, block] = weight * np.eye(3) / 3
        after[block, block] = weight * scatterer.channel(np.eye(3) / 3)
    total = float(von_neumann_entropy(after) - von_neumann_entropy(before))
    assert total == pytest.approx(sum(weights * [one.maximally_mixed_gain for one in scatterers]), abs=1e-13)


def test_labels():
    assert three_leads(SYMMETRIC, [0, 0, 1]).label == "non-unital"
    assert three_leads(SYMMETRIC, [0, 0, 0]).label == "macroscopic"
    assert three_leads(np.eye(3), [0, 0, 1]).label == "controlled"


class TestBorder:
    def test_scattering_matrix_must_be_unitary(self):
        with pytest.raises(NotUnitaryError, match="scattering_matrix"):
            three_leads(np.full((3, 3), 0.5), [0, 0, 1])

    def test_a_stack_of_scattering_matrices(self):
        with pytest.raises(ShapeError, match="one matrix"):
            three_leads(np.stack([SYMMETRIC, SYMMETRIC]), [0, 0, 1])

    def test_rotations_must_be_unitary(self):
        with pytest.raises(NotUnitaryError, match="part 0"):
            n_lead_scatterer(SYMMETRIC, 1.001 * paper_rotations(3), bloch_vectors=[0, 0, 1])

    def test_as_many_rotations_as_leads(self):
        with pytest.raises(ShapeError, match="3 leads"):
            n_lead_scatterer(SYMMETRIC, paper_rotations(4), bloch_vectors=[0, 0, 1])

    def test_exactly_one_state(self):
        with pytest.raises(InputError, match="neither is"):
            n_lead_scatterer(SYMMETRIC, paper_rotations(3))
        with pytest.raises(InputError, match="both are"):
            n_lead_scatterer(SYMMETRIC, paper_rotations(3), reservoir_state=[1, 0], bloch_vectors=[0, 0, 1])

    def test_bloch_vector_too_long(self):
        with pytest.raises(NotAStateError, match=r"length 1\.41421"):
            three_leads(SYMMETRIC, [1, 1, 0])

    def test_bloch_vectors_are_for_spins(self):
        with pytest.raises(ShapeError, match="dimension 3"):
            n_lead_scatterer(SYMMETRIC, np.stack([np.eye(3)] * 3), bloch_vectors=[0, 0, 1])

    def test_states_for_other_parts(self):
        with pytest.raises(ShapeError, match="each of the 1 parts"):
            n_lead_scatterer(SYMMETRIC, paper_rotations(3), bloch_vectors=[[0, 0, 1], [1, 0, 0]])

    def test_equation_5_is_for_three_leads_and_one_spin(self):
        with pytest.raises(ShapeError, match="3 × 3"):
            three_lead_identity_image(symmetric_splitter(4), [0, 0, 1])
        with pytest.raises(ShapeError, match="one vector"):
            three_lead_identity_image(SYMMETRIC, [[0, 0, 1]])

    def test_joint_unitary_of_many_spins_is_refused(self):
        many = n_lead_scatterer(SYMMETRIC, np.stack([paper_rotations(3)] * 40), bloch_vectors=[0, 0, 1])
        with pytest.raises(ResourceError, match="40 parts"):
            many.dilation  # noqa: B018 - the property raises

    def test_what_was_handed_in_may_change_later(self):
        s = symmetric_splitter(3)
        scatterer = three_leads(s, [0, 0, 1])
        s[:] = np.eye(3)
        assert scatterer.maximally_mixed_gain == pytest.approx(-0.319059, abs=5e-7)
