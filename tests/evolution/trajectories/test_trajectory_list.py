"""Single trajectories: σ = σ_d + ξ on each, and sums over all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evolution.trajectories.processes import coherent_measurement, ladder_operation, random_dilation
from tests.physics import random_state, seeds

from loschmidt.errors import InputError
from loschmidt.evolution.trajectories import enumerate_trajectories, iterate_trajectories, two_point_measurement


@given(seed=seeds, rank=st.integers(1, 3), chunk=st.sampled_from([1, 100, 10**6]))
def test_sums_over_all_trajectories_are_the_statistics(seed, rank, chunk):
    rng = np.random.default_rng(seed)
    measurement = two_point_measurement(random_dilation(rng, 3, 2), random_state(rng, 3, rank))
    statistics = enumerate_trajectories(measurement)
    sums, count = np.zeros(5), 0
    for part in iterate_trajectories(measurement, chunk):
        total, population = part.entropy_production, part.population_entropy_production
        coherence = part.coherence_entropy_production
        assert np.allclose(total, population + coherence, atol=1e-12)
        forward, backward = part.forward_probability, part.backward_probability
        assert np.allclose(backward, forward * np.exp(-total), rtol=1e-11, atol=1e-300)
        assert part.reversible.all()
        sums += [forward.sum(), forward @ total, forward @ population, forward @ coherence, backward.sum()]
        count += len(part)
    expected = [
        1,
        statistics.entropy_production.value,
        statistics.population_entropy_production.value,
        statistics.coherence_entropy_production.value,
        statistics.exponential.value,
    ]
    assert sums == pytest.approx(expected, abs=1e-12)
    assert count == statistics.trajectories


def test_records_of_energy_are_not_conserved_on_a_single_trajectory():
    measurement = coherent_measurement()
    (all_of_them,) = iterate_trajectories(measurement)
    before = all_of_them.level_start + all_of_them.environment_start
    after = all_of_them.level_end + all_of_them.environment_end
    probability = all_of_them.forward_probability
    # Not even their mean need be: it is, because the means of energy before and after are those of the states.
    assert probability[before != after].sum() > 0.1
    assert probability @ (after - before) == pytest.approx(0, abs=1e-13)


def test_choice_of_some():
    rng = np.random.default_rng(1)
    (every,) = iterate_trajectories(two_point_measurement(ladder_operation(rng), random_state(rng, 3)))
    some = every.where(every.end == 1)
    assert 0 < len(some) < len(every)
    assert (some.end == 1).all()
    assert some.forward_probability == pytest.approx(every.forward_probability[every.end == 1], abs=1e-15)


def test_chunk_must_be_positive():
    with pytest.raises(InputError, match="at least 1"):
        next(iterate_trajectories(coherent_measurement(), 0))
