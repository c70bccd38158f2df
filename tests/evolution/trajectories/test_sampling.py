"""Monte Carlo: within its standard errors of the exact numbers, reproducible, and honest about rare trajectories."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.evolution.trajectories.processes import coherent_measurement, ladder_operation, random_dilation
from tests.physics import random_state, seeds

from loschmidt.errors import InputError
from loschmidt.evolution.trajectories import (
    draw_trajectories,
    enumerate_trajectories,
    fluctuation_averages,
    fluctuation_theorems,
    sample_trajectories,
    sampling,
    two_point_measurement,
)

SAMPLES = 40_000
AVERAGES = (
    "entropy_production",
    "population_entropy_production",
    "coherence_entropy_production",
    "exponential",
    "population_exponential",
    "coherence_exponential",
)


@settings(max_examples=8)
@given(seed=seeds)
def test_means_agree_within_the_exact_standard_error(seed):
    rng = np.random.default_rng(seed)
    measurement = two_point_measurement(random_dilation(rng, 3, 3), random_state(rng, 3, 2))
    exact = enumerate_trajectories(measurement)
    sampled = sample_trajectories(measurement, SAMPLES, rng)
    for name in AVERAGES:
        found, expected = getattr(sampled, name), getattr(exact, name)
        assert abs(found.value - expected.value) <= 6 * np.sqrt(expected.variance / SAMPLES) + 1e-12, name


def test_standard_errors_are_the_exact_ones():
    measurement = coherent_measurement()
    exact, sampled = (
        enumerate_trajectories(measurement),
        sample_trajectories(measurement, SAMPLES, np.random.default_rng(7)),
    )
    for name in AVERAGES:
        found, expected = getattr(sampled, name), getattr(exact, name)
        assert found.variance == pytest.approx(expected.variance, rel=0.1)
        assert found.error == pytest.approx(np.sqrt(found.variance / SAMPLES), rel=1e-12)
    weight = sampled.exponential
    assert weight.effective_samples == pytest.approx(
        SAMPLES * weight.value**2 / (weight.variance * (1 - 1 / SAMPLES) + weight.value**2), rel=1e-12
    )
    assert sampled.entropy_production.effective_samples == SAMPLES


def test_histograms_agree_in_both_directions():
    measurement = coherent_measurement()
    exact, sampled = (
        enumerate_trajectories(measurement),
        sample_trajectories(measurement, SAMPLES, np.random.default_rng(11)),
    )
    for name in ("histogram", "population_histogram", "coherence_histogram"):
        found, expected = getattr(sampled, name), getattr(exact, name)
        at = np.abs(found.values[:, None] - expected.values).argmin(axis=1)
        assert np.abs(found.values - expected.values[at]).max() < 1e-9
        for side in ("forward", "backward"):
            spread = np.sqrt(getattr(expected, side)[at] / SAMPLES)
            assert (np.abs(getattr(found, side) - getattr(expected, side)[at]) <= 6 * spread).all()
        assert found.forward.sum() == pytest.approx(1, abs=1e-12)
        assert found.forward_error.max() <= 0.5 / np.sqrt(SAMPLES)


def test_detailed_theorem_on_samples():
    measurement = coherent_measurement()
    sampled = sample_trajectories(measurement, SAMPLES, np.random.default_rng(13))
    found = fluctuation_theorems(sampled, fluctuation_averages(measurement))
    assert 0 < found.detailed_defect < 2 * found.detailed_error
    assert sampled.population_histogram.detailed_defect > 3 * sampled.population_histogram.detailed_error
    assert abs(found.integral_residual) < 5 * found.integral_error


def test_backward_samples_lose_the_absolute_irreversibility():
    rng = np.random.default_rng(17)
    measurement = two_point_measurement(random_dilation(rng, 3, 2), random_state(rng, 3, 1))
    lost = fluctuation_averages(measurement).absolute_irreversibility
    drawn = draw_trajectories(measurement, SAMPLES, rng, backward=True)
    assert lost > 0.1
    assert 1 - drawn.reversible.mean() == pytest.approx(lost, abs=5 * np.sqrt(lost * (1 - lost) / SAMPLES))
    sampled = sample_trajectories(measurement, SAMPLES, rng)
    assert sampled.histogram.backward.sum() == pytest.approx(1 - lost, abs=5 * np.sqrt(lost * (1 - lost) / SAMPLES))


def test_frequencies_of_single_trajectories():
    rng = np.random.default_rng(19)
    measurement = two_point_measurement(ladder_operation(rng), random_state(rng, 3))
    for backward in (False, True):
        drawn = draw_trajectories(measurement, SAMPLES, rng, backward=backward)
        columns = np.stack(
            [drawn.start, drawn.environment_start, drawn.level_start, drawn.end, drawn.environment_end, drawn.level_end]
        )
        _, first, counts = np.unique(columns, axis=1, return_index=True, return_counts=True)
        probability = drawn.backward_probability if backward else drawn.forward_probability
        assert (probability > 0).all()
        assert (np.abs(counts / SAMPLES - probability[first]) <= 6 * np.sqrt(probability[first] / SAMPLES) + 2e-4).all()


def test_seed_decides_and_batches_of_starts_do_not(monkeypatch):
    measurement = coherent_measurement()
    one, two = (sample_trajectories(measurement, 1000, np.random.default_rng(23)) for _ in range(2))
    assert one.exponential == two.exponential
    assert (one.histogram.forward == two.histogram.forward).all()
    assert sample_trajectories(measurement, 1000, np.random.default_rng(24)).exponential != one.exponential
    monkeypatch.setattr(sampling, "_BATCH", 300)
    batches = sample_trajectories(measurement, 1000, np.random.default_rng(23))
    assert batches.exponential.value == pytest.approx(1, abs=5 * batches.exponential.error)
    assert batches.histogram.forward.sum() == pytest.approx(1, abs=1e-12)


def test_rare_trajectories_show_in_the_effective_samples():
    measurement = coherent_measurement(beta=12.0)
    sampled = sample_trajectories(measurement, SAMPLES, np.random.default_rng(29))
    exact = enumerate_trajectories(measurement)
    assert exact.exponential.value == pytest.approx(1, abs=1e-12)
    # Hardly any sample starts in the excited environment, so that the sample mean is off by many of its own errors.
    assert abs(sampled.exponential.value - 1) > 10 * sampled.exponential.error
    assert exact.exponential.variance / SAMPLES > 0.1
    assert sampled.exponential.effective_samples < SAMPLES


def test_zero_temperature_samples():
    sampled = sample_trajectories(coherent_measurement(beta=np.inf), 2000, np.random.default_rng(31))
    assert sampled.entropy_production.value == np.inf
    assert sampled.infinite_probability == pytest.approx(0.3 * np.sin(0.76) ** 2, abs=0.05)
    assert sampled.histogram.values[-1] == np.inf
    assert np.isfinite(sampled.exponential.value)


def test_numbers_of_samples():
    measurement = coherent_measurement()
    with pytest.raises(InputError, match="at least 2"):
        sample_trajectories(measurement, 1, np.random.default_rng(1))
    with pytest.raises(InputError, match="at least 1"):
        draw_trajectories(measurement, 0, np.random.default_rng(1))
    assert sample_trajectories(measurement, 10, np.random.default_rng(1), histograms=False).histogram is None
