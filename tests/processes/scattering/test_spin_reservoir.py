"""Many spins: the product formula against all 2^N states, Eqs. (10) and (11), and the numbers of the demonstration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_state, seeds
from tests.reference.scattering import averages, joint_unitary, scattered

from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ShapeError
from loschmidt.processes.gains import minimal_entropy_gain
from loschmidt.processes.scattering import (
    bloch_states,
    half_line_rotations,
    half_line_scatterer,
    sphere_positions,
    spin_reservoir_scatterer,
    spin_rotations,
    star_directions,
    symmetric_splitter,
)
from loschmidt.processes.scattering.product_averages import joint_isometry_defects
from loschmidt.states.random import random_unitary

UP = [0, 0, 1]
OFF_DIAGONAL = ~np.eye(3, dtype=bool)


def norm(scatterer):
    return float(np.linalg.norm(scatterer.defect, 2))


def random_spins(rng, count):
    directions = rng.normal(size=(count, 3))
    return rng.random((count, 1)) * directions / np.linalg.norm(directions, axis=1, keepdims=True)


@given(seed=seeds, leads=st.integers(2, 3), spins=st.integers(1, 5))
def test_product_formula_against_all_states(seed, leads, spins):
    rng = np.random.default_rng(seed)
    s, turns, bloch = random_unitary(leads, rng), random_unitary(2, rng, (spins, leads)), random_spins(rng, spins)
    scatterer = spin_reservoir_scatterer(s, turns, bloch)
    particle, states = random_state(rng, leads), bloch_states(bloch)
    correlations, commutators = averages(scatterer.transitions, states)
    assert np.abs(scatterer.correlations - correlations).max() < 1e-13
    assert np.abs(scatterer.commutators - commutators).max() < 1e-13
    expected = scattered(s, scatterer.transitions, states, particle)
    assert np.abs(scatterer.channel(particle) - expected).max() < 1e-13
    assert np.abs(scatterer.dilation.channel(particle) - expected).max() < 1e-13
    # Eq. (3): the commutators are the defect of the channel.
    assert np.abs(scatterer.channel.identity_image - np.eye(leads) - scatterer.defect).max() < 1e-13


@given(seed=seeds, spins=st.integers(1, 4))
def test_turns_before_and_after_the_scatterer(seed, spins):
    rng = np.random.default_rng(seed)
    s, bloch, particle = random_unitary(3, rng), random_spins(rng, spins), random_state(rng, 3)
    out, into = random_unitary(2, rng, (2, spins, 3))
    turns = out[:, :, None] @ into[:, None]
    scatterer = spin_reservoir_scatterer(s, turns, bloch)
    expected = scattered(s, turns, bloch_states(bloch), particle)
    assert np.abs(scatterer.channel(particle) - expected).max() < 1e-13
    assert np.abs(scatterer.channel.identity_image - scatterer.identity_image).max() < 1e-13


@given(seed=seeds, spins=st.integers(1, 12), size=st.sampled_from([1e-8, 1e-3, 1.0]))
def test_turns_that_break_unitarity_are_refused(seed, spins, size):
    rng = np.random.default_rng(seed)
    out, into = random_unitary(2, rng, (2, spins, 3))
    turns = out[:, :, None] @ into[:, None]
    turns[0, 1, 2] = turns[0, 1, 2] @ spin_rotations([size, 0, 0])
    with pytest.raises(NotUnitaryError, match="V_i†"):
        spin_reservoir_scatterer(symmetric_splitter(3), turns, UP)


@given(seed=seeds, parts=st.integers(1, 3))
def test_isometry_defects_against_the_joint_matrix(seed, parts):
    rng = np.random.default_rng(seed)
    s, turns = random_unitary(3, rng), random_unitary(2, rng, (parts, 3, 3))
    unitary = joint_unitary(s, turns)
    size = 2**parts
    blocks = (unitary.conj().T @ unitary - np.eye(3 * size)).reshape(3, size, 3, size)
    expected = np.sqrt((np.abs(blocks) ** 2).sum(axis=(1, 3)) / size)
    assert np.abs(joint_isometry_defects(s, turns) - expected).max() < 1e-13


@given(seed=seeds, leads=st.integers(2, 3), spins=st.integers(1, 5))
def test_bound_11_with_modulus_and_factor_two(seed, leads, spins):
    rng = np.random.default_rng(seed)
    turns, bloch = random_unitary(2, rng, (spins, leads)), random_spins(rng, spins)
    scatterer = spin_reservoir_scatterer(random_unitary(leads, rng), turns, bloch)
    assert (np.abs(scatterer.commutators) <= scatterer.commutator_bounds + 1e-13).all()
    # The bound itself, from the definition of q for the targets 1 and 0 of a particle from 0.
    first, second = scatterer.transitions[:, 1, 0], scatterer.transitions[:, 0, 0]
    states, adjoint = bloch_states(bloch), second.conj().swapaxes(-1, -2)
    sizes = np.abs(
        [np.trace(product, axis1=-2, axis2=-1) for product in (states @ adjoint @ first, states @ first @ adjoint)]
    )
    assert scatterer.commutator_bounds[1, 0, 0] == pytest.approx(2 * np.prod(sizes.max(axis=0)), rel=1e-12)


def test_the_factor_two_is_needed():
    # Turns by π about x and y, spin along z: q = 1, and the commutator is 2.
    turns = np.stack([np.eye(2), *spin_rotations([[np.pi, 0, 0], [0, np.pi, 0]])])[None]
    scatterer = spin_reservoir_scatterer(symmetric_splitter(3), turns, UP)
    assert abs(scatterer.commutators[1, 2, 0]) == pytest.approx(2, abs=1e-14)
    assert scatterer.commutator_bounds[1, 2, 0] == pytest.approx(2, abs=1e-14)
    # Its value is imaginary, so that without a modulus there is nothing to compare.
    assert abs(scatterer.commutators[1, 2, 0].real) < 1e-14


def test_polarisation_along_the_relative_axis_is_not_damped():
    turns = np.stack([np.eye(2), spin_rotations([0, 0, 0.7]), spin_rotations([0, 0, -0.4])])[None]
    along = spin_reservoir_scatterer(symmetric_splitter(3), np.concatenate([turns] * 50), UP)
    assert along.commutator_bounds[1, 2, 0] == pytest.approx(2, abs=1e-12)
    across = spin_reservoir_scatterer(symmetric_splitter(3), np.concatenate([turns] * 50), [1, 0, 0])
    assert across.commutator_bounds[1, 2, 0] < 2 * math.cos(0.55) ** 49


MEASURED = [
    (1, 0.383, -0.0502),
    (2, 0.668, -0.125),
    (4, 0.623, -0.0955),
    (8, 0.258, -0.0199),
    (16, 0.0180, -8.3e-5),
    (32, 7.9e-4, -1.9e-7),
    (64, 5.4e-7, -9.4e-14),
]


@pytest.mark.parametrize(("count", "defect", "gain"), MEASURED)
def test_the_demonstration(count, defect, gain):
    scatterer = half_line_scatterer(symmetric_splitter(3), count, 1.0, UP)
    assert norm(scatterer) == pytest.approx(defect, rel=7e-3)
    assert scatterer.maximally_mixed_gain == pytest.approx(gain, rel=3e-2)
    assert scatterer.channel.unitality_defect() == pytest.approx(norm(scatterer), abs=1e-13)


@pytest.mark.parametrize("count", [6, 8, 12])
def test_the_mixed_state_becomes_the_worst(count):
    scatterer = half_line_scatterer(symmetric_splitter(3), count, 1.0, UP)
    minimum = minimal_entropy_gain(scatterer.channel).value
    assert minimum <= scatterer.maximally_mixed_gain
    assert minimum == pytest.approx(scatterer.maximally_mixed_gain, rel=0.04)


def decay(values, first=8, last=64):
    """Factor per spin of a straight line through the logarithms."""
    numbers = np.arange(first, last + 1)
    return math.exp(np.polyfit(numbers, values, 1)[0])


def test_decay_per_spin():
    counts = range(8, 65)
    pure = [half_line_scatterer(symmetric_splitter(3), count, 1.0, UP) for count in counts]
    half = [half_line_scatterer(symmetric_splitter(3), count, 1.0, [0, 0, 0.5]) for count in counts]
    assert decay([math.log(norm(one)) for one in pure]) == pytest.approx(0.81, abs=0.006)
    assert decay([one.log_commutator_bounds[OFF_DIAGONAL].max() for one in pure]) == pytest.approx(0.885, abs=0.006)
    assert decay([math.log(norm(one)) for one in half]) == pytest.approx(0.61, abs=0.006)


def test_weak_turns_move_away_from_unitality_first():
    measured = {1: 0.061, 24: 0.484, 48: 0.153}
    found = {count: norm(half_line_scatterer(symmetric_splitter(3), count, 0.3, UP)) for count in measured}
    assert found == pytest.approx(measured, abs=6e-4)
    assert found[1] < found[48] < found[24]


@given(seed=seeds, spins=st.integers(1, 40))
def test_unpolarised_spins_are_unital_for_any_turns(seed, spins):
    rng = np.random.default_rng(seed)
    turns = random_unitary(2, rng, (spins, 3))
    scatterer = spin_reservoir_scatterer(random_unitary(3, rng), turns, [0, 0, 0])
    assert np.abs(scatterer.channel.identity_image - np.eye(3)).max() < 1e-13
    polarised = spin_reservoir_scatterer(random_unitary(3, rng), turns[:1], [0, 0, 0.3])
    assert norm(polarised) > 1e-4


@given(seed=seeds, spins=st.integers(1, 6))
def test_spins_in_the_plane_of_the_leads_are_unital(seed, spins):
    rng = np.random.default_rng(seed)
    angles = rng.uniform(0, 2 * np.pi, spins)
    radii = rng.uniform(0.5, 2, spins)
    positions = np.stack([radii * np.cos(angles), radii * np.sin(angles), np.zeros(spins)], axis=1)
    turns = half_line_rotations(positions, star_directions(3), 1.0)
    scatterer = spin_reservoir_scatterer(symmetric_splitter(3), turns, random_spins(rng, spins))
    assert np.abs(scatterer.channel.identity_image - np.eye(3)).max() < 1e-13
    if spins == 2:
        assert scatterer.label == "controlled"
    positions[0, 2] = 0.7
    lifted = half_line_rotations(positions, star_directions(3), 1.0)
    assert norm(spin_reservoir_scatterer(symmetric_splitter(3), lifted, [[0.6, 0, 0.8]])) > 1e-6


def test_many_spins_leave_a_stochastic_matrix_and_the_reflected_coherence():
    # A reflection F_αα = V_α V_α† = 1 leaves no trace in any spin, so that reflections from two leads stay coherent.
    s = symmetric_splitter(3)
    scatterer = half_line_scatterer(s, 400, 1.0, UP)
    particle = random_state(np.random.default_rng(2), 3)
    expected = np.diag(np.abs(s) ** 2 @ particle.diagonal().real) + (particle / 9) * OFF_DIAGONAL
    assert np.abs(scatterer.channel(particle) - expected).max() < 1e-13


def test_a_hundred_thousand_identical_spins_against_a_power():
    count = 100_000
    turns = spin_rotations([[0, 0, 0], [2e-3, 0, 0], [0, 1e-3, 1e-3]])
    spin = np.array([0.3, -0.2, 0.6])
    scatterer = spin_reservoir_scatterer(
        symmetric_splitter(3), np.broadcast_to(turns, (count, 3, 2, 2)), [0.3, -0.2, 0.6]
    )
    single = spin_reservoir_scatterer(symmetric_splitter(3), turns[None], spin)
    assert np.abs(scatterer.correlations - single.correlations**count).max() < 1e-8
    backward = np.einsum("jiki->jki", single.correlations) - single.commutators
    expected = np.einsum("jiki->jki", single.correlations) ** count - backward**count
    expected[np.arange(3), np.arange(3)] = 0
    assert np.abs(scatterer.commutators - expected).max() < 1e-8
    assert np.abs(expected).max() > 0.05
    assert not scatterer.channel.is_unital(1e-3)


def test_bounds_outlive_the_smallest_number():
    scatterer = half_line_scatterer(symmetric_splitter(3), 20_000, 1.0, UP)
    logarithm = scatterer.log_commutator_bounds[OFF_DIAGONAL]
    assert -3000 < logarithm.max() < -2000
    assert scatterer.commutator_bounds[OFF_DIAGONAL].max() == 0
    assert norm(scatterer) == 0


def test_a_factor_that_vanishes():
    turns = np.stack([np.eye(2), [[0, 1], [1, 0]]]).astype(complex)[None]
    scatterer = spin_reservoir_scatterer(np.array([[1, 1], [1, -1]]) / math.sqrt(2), turns, UP)
    assert scatterer.correlations[0, 0, 1, 0] == 0
    assert scatterer.log_commutator_bounds[0, 1, 0] == -math.inf


class TestGeometry:
    def test_positions_are_nested_and_on_the_sphere(self):
        assert (sphere_positions(100)[:10] == sphere_positions(10)).all()
        assert np.abs(np.linalg.norm(sphere_positions(100), axis=1) - 1).max() < 1e-15
        assert np.abs(sphere_positions(1000).mean(axis=0)).max() < 5e-3

    def test_the_turn_is_that_of_biot_and_savart(self):
        # The field of a half line, integrated: ∫ dl e × (R - l e)/|R - l e|³ from 0 to infinity.
        rng = np.random.default_rng(4)
        position, direction = rng.normal(size=3), np.array([0.6, 0, 0.8])
        nodes, weights = np.polynomial.legendre.leggauss(400)
        x = (nodes + 1) / 2
        along, measure = x / (1 - x), weights / 2 / (1 - x) ** 2
        separation = position - along[:, None] * direction
        integrand = np.cross(direction, separation) / np.linalg.norm(separation, axis=1)[:, None] ** 3
        expected = spin_rotations(0.4 * measure @ integrand)
        assert np.abs(half_line_rotations([position], [direction], 0.4)[0, 0] - expected).max() < 1e-8

    def test_a_spin_behind_the_lead_feels_nothing(self):
        assert np.abs(half_line_rotations([[-1, 0, 0]], [[1, 0, 0]], 3.0)[0, 0] - np.eye(2)).max() == 0

    def test_a_spin_on_a_lead(self):
        with pytest.raises(InputError, match="spin 1 is on lead 0"):
            half_line_rotations([[0, 0, 1], [2, 0, 0]], star_directions(3), 1.0)

    def test_a_spin_in_the_origin(self):
        with pytest.raises(InputError, match="spin 0"):
            half_line_rotations([[0, 0, 0]], star_directions(3), 1.0)

    def test_directions(self):
        with pytest.raises(InputError, match="length 1"):
            half_line_rotations([[0, 0, 1]], [[2, 0, 0]], 1.0)
        with pytest.raises(ShapeError, match="positions"):
            half_line_rotations([0, 0, 1], star_directions(3), 1.0)
        with pytest.raises(InputError, match="finite"):
            half_line_rotations([[0, 0, math.inf]], star_directions(3), 1.0)

    def test_counts(self):
        with pytest.raises(InputError, match="count"):
            sphere_positions(0)
        with pytest.raises(InputError, match="leads"):
            star_directions(0)


class TestBorder:
    def test_shapes(self):
        with pytest.raises(ShapeError, match=r"\(N, 3, 2, 2\)"):
            spin_reservoir_scatterer(symmetric_splitter(3), np.zeros((1, 4, 2, 2)), UP)
        with pytest.raises(ShapeError, match="2 × 2"):
            spin_reservoir_scatterer(symmetric_splitter(3), np.zeros((1, 3, 3, 3)), UP)

    def test_small_defects_of_many_spins_add_up(self):
        turns = np.stack([np.eye(2)] * 3) * (1 + 3e-11)
        assert spin_reservoir_scatterer(symmetric_splitter(3), turns[None], UP).leads == 3
        with pytest.raises(NotUnitaryError, match="all 10 parts together"):
            spin_reservoir_scatterer(symmetric_splitter(3), np.stack([turns] * 10), UP)

    def test_bloch_vectors(self):
        turns = np.stack([[np.eye(2)] * 3] * 2)
        with pytest.raises(NotAStateError, match=r"at index \[1\]"):
            spin_reservoir_scatterer(symmetric_splitter(3), turns, [[0, 0, 1], [0, 1, 1]])
        with pytest.raises(ShapeError, match="each of the 2 parts"):
            spin_reservoir_scatterer(symmetric_splitter(3), turns, [[0, 0, 1]] * 3)
        with pytest.raises(ShapeError, match="three components"):
            spin_reservoir_scatterer(symmetric_splitter(3), turns, [0, 1])
        with pytest.raises(InputError, match="finite"):
            spin_reservoir_scatterer(symmetric_splitter(3), turns, [0, 0, math.nan])
