"""An ion at rest: Debye–Waller factors, and unitality for every set of wave numbers and every distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import dimensions, random_state, seeds

from loschmidt.errors import InputError, NotFiniteError, NotUnitaryError, ResourceError, ShapeError
from loschmidt.information import von_neumann_entropy
from loschmidt.processes.channels import Channel
from loschmidt.processes.electron_phonon import (
    delta_scattering,
    displacement_variance,
    frozen_ion,
    frozen_ions,
    gaussian_displacements,
)
from loschmidt.states import random_unitary


def weights_of(rng, count):
    weights = rng.random(count)
    return weights / weights.sum()


def test_variance_of_the_ion_is_classical_when_hot_and_zero_point_motion_when_cold():
    mass, frequency = 3.0, 0.5
    assert displacement_variance(mass, frequency, 0.0) == pytest.approx(1 / (2 * mass * frequency), rel=1e-15)
    assert displacement_variance(mass, frequency, 0.7) == pytest.approx(
        1 / math.tanh(frequency / 1.4) / (2 * mass * frequency), rel=1e-15
    )
    assert displacement_variance(mass, frequency, 0.7, classical=True) == pytest.approx(0.7 / (mass * frequency**2))
    # coth x = 1/x + x/3 + …: the two differ by 1/(12 M T).
    hot = displacement_variance(mass, frequency, 50.0) - displacement_variance(mass, frequency, 50.0, classical=True)
    assert hot == pytest.approx(1 / (12 * mass * 50.0), rel=1e-5)


@given(seed=seeds, d=dimensions, variance=st.floats(0, 3))
def test_gaussian_channel_is_the_printed_formula(seed, d, variance):
    rng = np.random.default_rng(seed)
    s, k, rho = random_unitary(d, rng), rng.normal(size=d), random_state(rng, d)
    expected = np.zeros((d, d), dtype=complex)
    for j, n, i, m in np.ndindex(d, d, d, d):
        transfer = (k[j] - k[i]) - (k[n] - k[m])
        expected[j, n] += s[j, i] * s[n, m].conj() * rho[i, m] * math.exp(-(transfer**2) * variance / 2)
    np.testing.assert_allclose(frozen_ion(s, k, variance=variance).channel(rho), expected, atol=1e-13)


@given(seed=seeds, d=dimensions, count=st.integers(1, 9))
def test_unital_for_any_wave_numbers_and_any_distribution(seed, d, count):
    rng = np.random.default_rng(seed)
    s, k = random_unitary(d, rng), 3 * rng.normal(size=d)
    sampled = frozen_ion(s, k, displacements=rng.normal(size=count), weights=weights_of(rng, count)).channel
    gaussian = frozen_ion(s, k, variance=float(rng.random())).channel
    rho = random_state(rng, d)
    for channel in (sampled, gaussian):
        assert channel.unitality_defect() < 1e-13
        assert von_neumann_entropy(channel(rho)) >= von_neumann_entropy(rho) - 1e-12


def test_weights_inside_the_scattering_operators_make_no_channel():
    """The density of the ion's position belongs to its state: inside the operators, as printed, norm is lost."""
    ion = frozen_ion(delta_scattering([0.0], [1.0], 2.0), [2.0, -2.0], displacements=[-0.2, 0.2], weights=[0.3, 0.7])
    matrices = np.array([w * ion.scattering_at(u) for u, w in zip(ion.displacements, ion.weights, strict=True)])
    with pytest.raises(InputError, match="trace"):
        Channel.from_kraus(matrices)


def test_sampled_channel_is_the_mean_of_its_collisions():
    rng = np.random.default_rng(4)
    s, k, rho = random_unitary(3, rng), rng.normal(size=3), random_state(rng, 3)
    places, weights = rng.normal(size=5), weights_of(rng, 5)
    ion = frozen_ion(s, k, displacements=places, weights=weights)
    expected = np.zeros((3, 3), dtype=complex)
    for place, weight in zip(places, weights, strict=True):
        s_here = ion.scattering_at(place)
        expected += weight * s_here @ rho @ s_here.conj().T
    np.testing.assert_allclose(ion.channel(rho), expected, atol=1e-14)
    assert ion.variance == pytest.approx(np.cov(places, aweights=weights, ddof=0))


def test_gauss_hermite_nodes_reproduce_the_debye_waller_channel():
    s, k = delta_scattering([0.0], [0.8], 1.5), [1.5, -1.5]
    exact = frozen_ion(s, k, variance=0.3)
    nodes, weights = gaussian_displacements([0.3], points=24)
    by_nodes = frozen_ion(s, k, displacements=nodes[:, 0], weights=weights)
    np.testing.assert_allclose(by_nodes.channel.superoperator, exact.channel.superoperator, atol=1e-11)
    by_ions = frozen_ions(lambda u: delta_scattering(u, [0.8], 1.5), nodes, weights)
    np.testing.assert_allclose(by_ions.channel.superoperator, exact.channel.superoperator, atol=1e-11)


def test_on_an_energy_shell_reflected_intensity_keeps_the_debye_waller_share():
    k, variance = 1.5, 0.3
    ion = frozen_ion(delta_scattering([0.0], [0.8], k), [k, -k], variance=variance)
    assert ion.debye_waller_factors[1, 0] == pytest.approx(math.exp(-4 * k**2 * variance), rel=1e-13)
    # Transmitted and reflected waves remain coherent to the amplitude e^{-(2k)²⟨u²⟩/2}.
    s, out = ion.scattering, ion.channel([1, 0])
    assert out[0, 1] == pytest.approx(s[0, 0] * s[1, 0].conj() * math.exp(-2 * k**2 * variance), rel=1e-13)
    assert out[0, 0] == pytest.approx(abs(s[0, 0]) ** 2)


def test_an_ion_without_motion_scatters_unitarily():
    channel = frozen_ion(delta_scattering([0.0], [0.8], 1.5), [1.5, -1.5], variance=0.0).channel
    assert von_neumann_entropy(channel([1, 0])) == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"scattering": [[1, 0], [0, 0.5]]}, NotUnitaryError, "`scattering` must be unitary"),
        ({"wave_numbers": [1.0]}, ShapeError, "one entry per channel, 2, but has 1"),
        ({"wave_numbers": [1.0, np.inf]}, NotFiniteError, "entry 1 is inf"),
        ({"variance": -0.1}, InputError, "`variance` must not be negative"),
        ({"variance": None}, InputError, "one of them, not both"),
        ({"displacements": [0.0]}, InputError, "one of them, not both"),
        ({"weights": [1.0]}, InputError, "a Gaussian has none"),
        ({"variance": None, "displacements": [0, 1], "weights": [0.5, 0.6]}, InputError, "sum is 1.1"),
        ({"variance": None, "displacements": [0, 1], "weights": [1.5, -0.5]}, InputError, "entry 1 is -0.5"),
        ({"variance": None, "displacements": [0, 1], "weights": [1.0]}, ShapeError, "per displacement, 2, but has 1"),
        ({"variance": None, "displacements": [[0]]}, ShapeError, r"\(1, 1\)"),
        ({"scattering": np.eye(65), "wave_numbers": np.zeros(65)}, ResourceError, "up to 64 channels"),
        ({"scattering": [np.eye(2)] * 2}, ShapeError, "one matrix"),
    ],
)
def test_refusals(change, error, message):
    arguments = {"scattering": np.eye(2), "wave_numbers": [1.0, -1.0], "variance": 0.1} | change
    with pytest.raises(error, match=message):
        frozen_ion(**arguments)


def test_variance_refuses_negative_temperature():
    with pytest.raises(InputError, match="`temperature` must not be negative"):
        displacement_variance(1.0, 1.0, -0.1)
