from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds

from loschmidt.evolution.jumps.statistics import RunningExponential, RunningHistogram, RunningMean


@given(seed=seeds, parts=st.integers(1, 5))
def test_mean_and_error_do_not_depend_on_batches(seed, parts):
    rng = np.random.default_rng(seed)
    samples = rng.normal(size=(rng.integers(parts + 1, 60), 3)) * [1, 1e-3, 1e3] + [0, 5, 1e6]
    running = RunningMean((3,))
    for part in np.array_split(samples, parts):
        running.add(part)
    np.testing.assert_allclose(running.mean, samples.mean(axis=0), rtol=1e-12, atol=1e-13)
    expected = samples.std(axis=0, ddof=1) / math.sqrt(len(samples))
    np.testing.assert_allclose(running.error, expected, rtol=1e-7)


def test_one_sample_has_no_error():
    running = RunningMean()
    running.add(np.array([3.0]))
    assert running.mean == 3.0
    assert math.isnan(running.error)


def test_effective_size_counts_what_carries_the_mean():
    running = RunningExponential()
    running.add(np.zeros(1000))
    assert running.effective_size == pytest.approx(1000)
    rare = RunningExponential()
    rare.add(np.append(np.full(999, np.inf), -3.0))
    assert rare.effective_size == pytest.approx(1)
    assert rare.mean.mean == pytest.approx(math.exp(3) / 1000)


@given(seed=seeds)
def test_atoms_are_merged_across_round_off_and_batches(seed):
    rng = np.random.default_rng(seed)
    atoms = np.cumsum(rng.uniform(0.1, 1.0, size=7)) - 2
    chosen = rng.integers(0, 7, size=500)
    running = RunningHistogram()
    for part in np.array_split(atoms[chosen] + rng.uniform(-1, 1, 500) * 1e-12, 4):
        running.add(part)
    found = running.result()
    occupied, counts = np.unique(chosen, return_counts=True)
    assert found.width == 0
    np.testing.assert_allclose(found.values, atoms[occupied], atol=1e-11)
    np.testing.assert_array_equal(found.counts, counts)


def test_continuous_values_fall_into_bins_that_any_later_batch_fits():
    rng = np.random.default_rng(1)
    running = RunningHistogram()
    samples = [rng.normal(size=2000), 10 * rng.normal(size=2000), np.array([np.inf, 1e3])]
    for part in samples:
        running.add(part)
    found = running.result()
    assert found.width > 0
    assert found.infinite == 1
    whole = np.concatenate(samples)
    assert found.counts.sum() == np.isfinite(whole).sum()
    assert found.probabilities.sum() == pytest.approx(4001 / 4002)
    keys = np.floor(whole[np.isfinite(whole)] / found.width + 0.5)
    np.testing.assert_array_equal(found.counts, np.unique(keys, return_counts=True)[1])
    assert 50 < np.sum((found.values > -2.4) & (found.values < 2.4)) < 300
