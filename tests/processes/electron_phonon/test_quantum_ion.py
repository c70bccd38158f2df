"""An ion with recoil: tables over frequency and temperature, the quasi-elastic limit, truncation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from loschmidt.errors import ConvergenceError, InputError, ResourceError
from loschmidt.processes.channels import Channel
from loschmidt.processes.dilations import UnitalityLabel, classify, nonunitality_matrix
from loschmidt.processes.electron_phonon import frozen_ion, quantum_ion

MODEL = {"sites": 5, "hopping": 1.0, "coupling": 4.0, "duration": 1.0, "variance": 0.2}


def direct_choi(ion):
    """Independent computation: the complex joint Hamiltonian, one dense exponential, no symmetry used."""
    n, k = ion.phonon_levels, ion.wave_numbers
    lower = np.diag(np.sqrt(np.arange(1.0, n)), 1)
    positions, vectors = np.linalg.eigh(ion.zero_point_length * (lower + lower.T))
    joint = np.kron(np.diag(-2 * ion.hopping * np.cos(k)), np.eye(n)) + np.kron(
        np.eye(len(k)), ion.frequency * np.diag(np.arange(n))
    ).astype(complex)
    for a in range(len(k)):
        for b in range(len(k)):
            kick = (vectors * np.exp(-1j * (k[a] - k[b]) * positions)) @ vectors.T
            joint[a * n : (a + 1) * n, b * n : (b + 1) * n] += ion.coupling / len(k) * kick
    weights = np.exp(-ion.frequency / ion.temperature * np.arange(n)) if ion.temperature else np.eye(n)[0]
    unitary = expm(-1j * ion.duration * joint)
    return joint, Channel.from_unitary(unitary, np.diag(weights / weights.sum()), (len(k), n)).choi


@pytest.mark.parametrize(
    ("frequency", "defect", "digits"),
    [
        (0.05, 3.06e-3, 5),
        (0.1, 0.0121, 4),
        (0.2, 0.0461, 4),
        (0.5, 0.209, 3),
        (1.0, 0.493, 3),
        (2.0, 0.682, 3),
        (4.0, 0.460, 3),
        (8.0, 0.0265, 4),
    ],
)
def test_defect_over_the_frequency_of_the_ion(frequency, defect, digits):
    ion = quantum_ion(frequency=frequency, temperature=0.5, **MODEL)
    assert round(ion.channel.unitality_defect(), digits) == defect
    assert ion.thermal_tail < 1e-6
    assert ion.edge_population < 1e-6


@pytest.mark.parametrize(
    ("temperature", "defect", "digits"),
    [(0.05, 0.64, 2), (0.2, 0.63, 2), (0.5, 0.49, 2), (1.0, 0.30, 2), (2.0, 0.17, 2), (5.0, 0.075, 3)],
)
def test_defect_falls_with_the_temperature_of_the_ion(temperature, defect, digits):
    ion = quantum_ion(frequency=1.0, temperature=temperature, **MODEL)
    assert round(ion.channel.unitality_defect(), digits) == defect


def test_defect_falls_as_one_over_temperature_when_hot():
    cooler, hotter = (
        quantum_ion(frequency=1.0, temperature=t, **MODEL).channel.unitality_defect() for t in (5.0, 10.0)
    )
    assert cooler / hotter == pytest.approx(2.0, rel=0.03)


def test_quasi_elastic_collisions_are_unital_to_second_order_in_the_frequency():
    slower, slow = (
        quantum_ion(frequency=frequency, temperature=0.5, **MODEL).channel.unitality_defect()
        for frequency in (0.05, 0.1)
    )
    assert math.log2(slow / slower) == pytest.approx(2.0, abs=0.03)


def test_slow_ion_is_a_frozen_ion():
    """s₀ of the ion at rest from the electron's Hamiltonian alone; recoil is of first order in Ω."""
    distances = []
    for frequency in (0.1, 0.2):
        ion = quantum_ion(frequency=frequency, temperature=0.5, **MODEL)
        at_rest = np.diag(-2 * np.cos(ion.wave_numbers)) + 4.0 / 5 * np.ones((5, 5))
        frozen = frozen_ion(expm(-1j * at_rest), ion.wave_numbers, variance=0.2).channel
        distances.append(np.abs(frozen.choi - ion.choi).max())
    assert distances[0] < 0.02
    assert distances[1] / distances[0] > 1.8


@settings(max_examples=8)
@given(
    sites=st.integers(1, 4),
    hopping=st.floats(-2, 2),
    coupling=st.floats(-3, 3),
    duration=st.floats(0, 2),
    frequency=st.floats(0.8, 3),
    temperature=st.floats(0, 1),
    variance=st.floats(0, 0.15),
)
def test_real_symmetric_halves_give_the_channel_of_the_whole(**parameters):
    ion = quantum_ion(**parameters)
    joint, choi = direct_choi(ion)
    np.testing.assert_allclose(ion.hamiltonian, joint, atol=1e-12)
    np.testing.assert_allclose(ion.choi, choi, atol=1e-12)


def test_ion_at_zero_temperature_is_the_limit_of_a_cold_one():
    ground, cold = (quantum_ion(frequency=1.0, temperature=t, **MODEL) for t in (0.0, 0.02))
    assert ground.thermal_tail == 0.0
    np.testing.assert_allclose(ground.choi, cold.choi, atol=1e-8)
    assert ground.zero_point_length == math.sqrt(0.2)
    np.testing.assert_array_equal(ground.ion_state, np.diag([1.0] + [0.0] * (ground.phonon_levels - 1)))


def test_ion_of_infinite_mass_is_unital():
    assert quantum_ion(5, 1.0, 4.0, 1.0, 1.0, 0.5, variance=0.0).channel.unitality_defect() < 1e-13


def test_joint_unitary_and_state_of_the_ion_make_the_channel():
    ion = quantum_ion(3, 1.0, 2.0, 0.7, 1.5, 0.4, 0.1)
    np.testing.assert_allclose(ion.dilation.unitary, expm(-1j * ion.duration * ion.hamiltonian), atol=1e-12)
    np.testing.assert_allclose(ion.dilation.channel.choi, ion.choi, atol=1e-12)
    assert nonunitality_matrix(ion.dilation).operator_norm == pytest.approx(ion.channel.unitality_defect(), abs=1e-12)


def test_a_cold_ion_takes_energy_and_leaves_the_electron_a_channel_that_is_not_unital():
    """What the electron gives and the ion does not get is in the interaction, which is cut off at τ."""
    ion = quantum_ion(3, 1.0, 0.01, 5.0, 1.0, 0.0, 0.3)
    exchange = ion.dilation.energy_exchange([0, 0, 1])
    assert exchange.system < 0 < exchange.reservoir
    assert abs(exchange.total) < 0.3 * exchange.reservoir
    assert classify(ion.dilation).label is UnitalityLabel.NON_UNITAL


def test_more_levels_than_needed_change_nothing():
    few = quantum_ion(frequency=1.0, temperature=0.5, **MODEL)
    many = quantum_ion(frequency=1.0, temperature=0.5, phonon_levels=2 * few.phonon_levels, **MODEL)
    np.testing.assert_allclose(few.choi, many.choi, atol=1e-9)


def test_a_tail_that_is_too_large_is_refused_with_the_number_of_levels_needed():
    with pytest.raises(ConvergenceError, match=r"8 levels at T/Ω = 5 leave 2\.0e-01 outside .* at least 70"):
        quantum_ion(frequency=1.0, temperature=5.0, phonon_levels=8, **MODEL)
    accepted = quantum_ion(frequency=1.0, temperature=5.0, phonon_levels=60, tail_tolerance=1e-3, **MODEL)
    assert accepted.thermal_tail == pytest.approx(math.exp(-12))


def test_levels_that_the_collision_fills_to_the_top_are_refused():
    with pytest.raises(ConvergenceError, match="after the collision"):
        quantum_ion(frequency=1.0, temperature=0.0, phonon_levels=5, **MODEL)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"frequency": 0.0}, InputError, "`frequency` must be positive"),
        ({"temperature": -1.0}, InputError, "`temperature` must not be negative"),
        ({"variance": -0.1}, InputError, "`variance` must not be negative"),
        ({"duration": -1.0}, InputError, "`duration` must not be negative"),
        ({"sites": 0}, InputError, "`sites` must be a positive whole number"),
        ({"phonon_levels": 1}, InputError, "at least 2"),
        ({"frequency": 1e-3}, ResourceError, "use frozen_ion"),
    ],
)
def test_refusals(change, error, message):
    with pytest.raises(error, match=message):
        quantum_ion(**{"frequency": 1.0, "temperature": 0.5, **MODEL, **change})
