"""The Debye ladder: what makes it non-unital does not depend on temperature and is not there above the Debye energy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds

from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.evolution import evolve
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import build_ledger
from loschmidt.processes import Spectrum
from loschmidt.processes.electron_phonon import DebyeSpectrum, debye_ladder
from loschmidt.processes.quasi_isolated_window import identity_image_rate

temperatures = st.sampled_from([0.0, 0.3, 2.0, 40.0])


def box(count, first, last):
    """A start that is uniform on the levels `first` to `last`."""
    start = np.zeros(count)
    start[first : last + 1] = 1 / (last + 1 - first)
    return start


def test_entropy_of_the_cooling_electron():
    ladder = debye_ladder(6.0, temperature=0.0, levels=60, spacing=1.0)
    found = ladder.entropies(box(60, 30, 49), [0, 1, 2, 3, 5, 10, 40])
    np.testing.assert_array_equal(np.round(found, 4), [2.9957, 3.4713, 3.6699, 3.7383, 3.4309, 1.8032, 0.6660])


def test_entropy_starts_to_fall_when_a_tenth_of_the_population_is_below_the_debye_energy():
    ladder = debye_ladder(6.0, temperature=0.0, levels=60, spacing=1.0)
    times = np.linspace(2, 4, 2001)
    entropies = ladder.entropies(box(60, 30, 49), times)
    top = int(entropies.argmax())
    assert times[top] == pytest.approx(2.977, abs=0.002)
    assert ladder.populations(box(60, 30, 49), times[[top]])[0, :6].sum() == pytest.approx(0.088, abs=0.001)
    assert (np.diff(entropies[:top]) > 0).all()
    assert (np.diff(entropies[top:]) < 0).all()


@pytest.mark.parametrize("temperature", [0.0, 0.5, 5.0, 50.0])
def test_generator_is_not_unital_in_the_same_way_at_every_temperature(temperature):
    """L(1) from the jump operators, absorption and stimulated emission included, is spontaneous emission alone."""
    ladder = debye_ladder(6.0, temperature, levels=60, spacing=1.0)
    found = identity_image_rate(ladder.generator)
    scale = ladder.rates.sum(axis=0).max()
    np.testing.assert_allclose(found, np.diag(ladder.identity_image_rate), atol=1e-14 * scale)
    expected = [sum(3 * w**2 / 216 for w in range(1, 7) if w > level) for level in range(60)]
    expected = np.array(expected) - expected[::-1]
    np.testing.assert_allclose(ladder.identity_image_rate, expected, atol=1e-15)


@pytest.mark.parametrize("spacing", [1.0, 0.1, 0.3])
def test_above_the_debye_energy_it_is_exactly_zero_and_below_positive(spacing):
    """Also where 6 · 0.1 is more than 0.6: the level exactly at the Debye energy has its last phonon."""
    ladder = debye_ladder(6 * spacing, temperature=0.7, levels=40, spacing=spacing)
    assert (ladder.identity_image_rate[:6] > 0).all()
    assert (ladder.identity_image_rate[6:-6] == 0).all()
    assert (ladder.identity_image_rate[-6:] < 0).all()
    np.testing.assert_array_equal(np.nonzero(ladder.balanced_levels)[0], np.arange(6, 34))
    assert ladder.rates[0, 6] > 0
    assert ladder.rates[0, 7] == 0


@given(seed=seeds, temperature=temperatures)
def test_entropy_never_falls_faster_than_the_bound(seed, temperature):
    rng = np.random.default_rng(seed)
    ladder = debye_ladder(3.0, temperature, levels=14, spacing=1.0)
    populations = rng.random(14) ** 3 + 1e-6
    populations /= populations.sum()
    change = ladder.rates @ populations - ladder.rates.sum(axis=0) * populations
    entropy_rate = -float(change @ np.log(populations))
    assert entropy_rate >= float(ladder.entropy_rate_bound(populations)) - 1e-12


def test_bound_is_tight_to_first_order_about_the_uniform_state():
    ladder = debye_ladder(3.0, 1.0, levels=14, spacing=1.0)
    direction = np.cos(np.arange(14.0))
    direction -= direction.mean()
    excess = []
    for size in (1e-3, 1e-4):
        populations = (1 + size * direction) / 14
        change = ladder.rates @ populations - ladder.rates.sum(axis=0) * populations
        excess.append(-float(change @ np.log(populations)) - float(ladder.entropy_rate_bound(populations)))
    assert excess[0] / excess[1] == pytest.approx(100, rel=0.02)


def test_restricted_h_theorem_entropy_rises_while_the_electron_is_hot_and_falls_later():
    ladder = debye_ladder(4.0, temperature=0.0, levels=80, spacing=1.0)
    times = np.linspace(0, 20, 201)
    populations = ladder.populations(box(80, 50, 69), times)
    entropies = ladder.entropies(box(80, 50, 69), times)
    below = populations[:, :4].sum(axis=1)
    hot = np.nonzero(below < 1e-6)[0]
    assert len(hot) > 20
    assert (np.diff(entropies[hot]) > 0).all()
    # The top of the band only helps, so that the bound is at least minus what is below ω_D can lose.
    bounds = ladder.entropy_rate_bound(populations)
    assert (bounds[hot] >= -1e-6 * ladder.identity_image_rate.max()).all()
    assert entropies[-1] < entropies.max() - 0.5
    assert bounds[-1] < -0.1


def test_smooth_density_of_states_leaves_its_derivative_over_the_debye_energy():
    """L(1) = g ∫dω D(ω) 2ω ν' = (3/2) g ω_D ν' for a density that hardly changes within ω_D."""
    debye, number = 0.5, np.arange(1, 801)
    energies = (number / 16) ** (2 / 3)  # ν = 24 √ε
    ladder = debye_ladder(debye, 0.3, energies=energies)
    middle = (energies > 4 * debye) & (energies < energies[-1] - 2 * debye)
    expected = 1.5 * debye * 12 / np.sqrt(energies[middle])
    # One level more or less at the edge of the spectrum is noise about the mean.
    assert ladder.identity_image_rate[middle].mean() == pytest.approx(expected.mean(), rel=0.02)
    assert not ladder.balanced_levels.any()


def test_evolution_ledger_and_audit_run_the_generator():
    ladder = debye_ladder(3.0, temperature=0.5, levels=10, spacing=1.0)
    times = np.linspace(0, 6, 31)
    evolution = evolve(ladder.generator, np.diag(box(10, 5, 8)), times)
    populations = np.diagonal(evolution.states, axis1=1, axis2=2).real
    np.testing.assert_allclose(populations, ladder.populations(box(10, 5, 8), times), atol=1e-14)
    found = audit(build_ledger(evolution))
    assert not [finding for finding in found.findings if finding.verdict is Verdict.VIOLATED]
    assert ladder.generator.dissipators[0].beta == 2.0
    assert evolution.heat[-1, 0] < 0


def test_at_zero_temperature_phonons_are_only_emitted():
    ladder = debye_ladder(3.0, temperature=0.0, levels=8, spacing=1.0, coupling=2.0)
    assert (np.tril(ladder.rates) == 0).all()
    assert ladder.generator.dissipators[0].beta == math.inf
    assert ladder.rates[0, 2] == pytest.approx(2 * 3 * 4 / 27)


def test_debye_spectrum_obeys_detailed_balance_and_ends_at_the_debye_energy():
    spectrum = DebyeSpectrum(0.7, 2.0)
    assert isinstance(spectrum, Spectrum)
    down, up = spectrum.rate(np.array([1.3, -1.3]), 0.9)
    assert up / down == pytest.approx(math.exp(-0.9 * 1.3))
    assert down - up == pytest.approx(3 * 0.7 * 1.3**2 / 8)
    np.testing.assert_array_equal(spectrum.rate(np.array([0.0, 2.0 + 1e-6, -2.0 - 1e-6]), 0.9), 0.0)
    assert spectrum.rate(np.array([2.0]), math.inf)[0] == pytest.approx(3 * 0.7 / 2)
    with pytest.raises(InputError, match="`beta` of a bosonic bath must be positive"):
        spectrum.check(-1.0)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"temperature": -1.0}, InputError, "`temperature` must not be negative"),
        ({"debye_energy": 0.0}, InputError, "`debye_energy` must be positive"),
        ({"coupling": -1.0}, InputError, "`coupling` must not be negative"),
        ({"levels": 1}, InputError, "`levels` must be a whole number, at least 2"),
        ({"spacing": 0.0}, InputError, "`spacing` must be positive"),
        ({"spacing": None}, InputError, "`spacing` must be a real number"),
        ({"energies": [0, 1]}, InputError, "or `energies` alone"),
        ({"levels": None, "spacing": None, "energies": [0, 1, 1]}, InputError, "must be distinct"),
        ({"levels": None, "spacing": None, "energies": [0.0]}, ShapeError, "at least two levels"),
        ({"levels": None, "spacing": None, "energies": [0.0, np.nan]}, NotFiniteError, "`energies` must be finite"),
    ],
)
def test_refusals(change, error, message):
    arguments = {"debye_energy": 2.0, "temperature": 0.5, "levels": 5, "spacing": 1.0} | change
    with pytest.raises(error, match=message):
        debye_ladder(**arguments)


def test_populations_and_times_are_checked():
    ladder = debye_ladder(2.0, 0.5, levels=3, spacing=1.0)
    with pytest.raises(NotAStateError, match="misses 1 by"):
        ladder.populations([0.5, 0.0, 0.0], [1.0])
    with pytest.raises(NotAStateError, match=r"smallest is -0\.5"):
        ladder.entropy_rate_bound([-0.5, 0.5, 1.0])
    with pytest.raises(ShapeError, match="one entry per level, 3"):
        ladder.entropies([1.0, 0.0], [1.0])
    with pytest.raises(InputError, match="none negative"):
        ladder.populations([1.0, 0.0, 0.0], [-1.0])
