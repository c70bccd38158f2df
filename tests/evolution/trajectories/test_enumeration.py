"""Exact statistics: against the slow twin, closed forms, other accounts of the same entropy, and in the limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evolution.trajectories.processes import (
    QUBIT,
    coherent_measurement,
    ladder_operation,
    partial_swap,
    random_dilation,
)
from tests.physics import random_hermitian, random_state, seeds
from tests.reference.trajectories import events, means

from loschmidt.errors import ResourceError
from loschmidt.evolution.trajectories import enumerate_trajectories, two_point, two_point_measurement
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    entropy_budget,
    random_thermal_operation,
)
from loschmidt.states import random_unitary

small = st.integers(2, 3)


def averages(statistics):
    return (
        statistics.entropy_production,
        statistics.population_entropy_production,
        statistics.coherence_entropy_production,
        statistics.exponential,
        statistics.population_exponential,
        statistics.coherence_exponential,
    )


def histograms(statistics):
    return statistics.histogram, statistics.population_histogram, statistics.coherence_histogram


@given(seed=seeds, d=small, e=small, rank=small)
def test_all_averages_are_those_of_plain_loops(seed, d, e, rank):
    rng = np.random.default_rng(seed)
    dilation, state = random_dilation(rng, d, e), random_state(rng, d, min(d, rank - 1))
    log_q, basis = np.log(np.linalg.eigvalsh(dilation.reservoir_state)), np.linalg.eigh(dilation.reservoir_state)[1]
    found = events(dilation.unitary, state, dilation.system_hamiltonian, log_q, basis)
    statistics = enumerate_trajectories(two_point_measurement(dilation, state))
    expected = means(found)
    assert np.allclose([one.value for one in averages(statistics)], expected[:, 0], rtol=1e-10, atol=1e-12)
    assert np.allclose([one.variance for one in averages(statistics)], expected[:, 1], rtol=1e-8, atol=1e-10)
    assert statistics.probability == pytest.approx(1, abs=1e-12)
    assert statistics.trajectories == len(found)


@given(seed=seeds, rank=st.integers(1, 3))
def test_all_histograms_are_those_of_plain_loops(seed, rank):
    rng = np.random.default_rng(seed)
    unitary, state, hamiltonian = random_unitary(6, rng), random_state(rng, 3, rank), random_hermitian(rng, 3)
    weights = np.array([0.25, 0.75])
    measurement = two_point_measurement(Dilation(unitary, np.diag(weights), (3, 2), hamiltonian), state)
    found = events(unitary, state, hamiltonian, np.log(weights))
    for histogram, name in zip(
        histograms(enumerate_trajectories(measurement)), ("total", "population", "coherence"), strict=True
    ):
        for value, forward, backward in zip(histogram.values, histogram.forward, histogram.backward, strict=True):
            near = [one for one in found if abs(getattr(one, name) - value) < 1e-7]
            assert sum(one.forward for one in near) == pytest.approx(forward, abs=1e-12)
            assert sum(one.backward for one in near) == pytest.approx(backward, abs=1e-12)
        assert histogram.forward.sum() == pytest.approx(1, abs=1e-12)


@given(seed=seeds, rank=st.integers(1, 3), beta=st.floats(0.05, 8.0))
def test_means_are_the_entropy_budget_with_degenerate_energies(seed, rank, beta):
    rng = np.random.default_rng(seed)
    operation, state = ladder_operation(rng, (0.0, 1.0, 1.0), beta), random_state(rng, 3, rank)
    budget = entropy_budget(operation, state)
    statistics = enumerate_trajectories(two_point_measurement(operation, state), histograms=False)
    assert statistics.entropy_production.value == pytest.approx(float(budget.entropy_production), abs=1e-12)
    population, coherence = budget.population_entropy_production, budget.coherence_entropy_production
    assert statistics.population_entropy_production.value == pytest.approx(float(population), abs=1e-12)
    assert statistics.coherence_entropy_production.value == pytest.approx(float(coherence), abs=1e-12)
    assert statistics.histogram is None


@given(seed=seeds)
def test_several_temperatures(seed):
    rng = np.random.default_rng(seed)
    environments = [GibbsEnvironment(QUBIT, 0.3, "hot"), GibbsEnvironment(QUBIT, 2.0, "cold")]
    operation, state = random_thermal_operation(QUBIT, environments, rng), random_state(rng, 2)
    statistics = enumerate_trajectories(two_point_measurement(operation, state))
    expected = entropy_budget(operation, state).entropy_production
    assert statistics.entropy_production.value == pytest.approx(float(expected), abs=1e-12)
    assert statistics.exponential.value == pytest.approx(1, abs=1e-12)


def test_full_swap_of_a_diagonal_state_in_closed_form():
    p, q = np.array([0.2, 0.8]), np.array([0.75, 0.25])
    operation = ThermalOperation(np.eye(4)[[0, 2, 1, 3]], QUBIT, GibbsEnvironment(QUBIT, np.log(3)))
    statistics = enumerate_trajectories(two_point_measurement(operation, np.diag(p)))
    # β is what μ was, and ν what α was: σ = ln(p_α / q_α).
    values = np.log(p / q)
    assert statistics.histogram.values == pytest.approx(values, abs=1e-14)
    assert statistics.histogram.forward == pytest.approx(p, abs=1e-14)
    assert statistics.histogram.backward == pytest.approx(q, abs=1e-14)
    assert statistics.entropy_production.value == pytest.approx(p @ values, abs=1e-14)
    assert statistics.entropy_production.variance == pytest.approx(p @ values**2 - (p @ values) ** 2, abs=1e-14)
    assert statistics.exponential.variance == pytest.approx(q @ (q / p) - 1, abs=1e-13)
    assert statistics.coherence_histogram.values == pytest.approx([0], abs=1e-14)
    assert statistics.trajectories == 4


def test_coherence_of_the_partial_swap():
    statistics = enumerate_trajectories(two_point_measurement(partial_swap(6.0), np.sqrt([0.84, 0.16])))
    assert statistics.coherence_entropy_production.value == pytest.approx(0.1920, abs=5e-5)


def test_result_does_not_depend_on_the_chunks(monkeypatch):
    rng = np.random.default_rng(3)
    measurement = two_point_measurement(ladder_operation(rng), random_state(rng, 3))
    whole = enumerate_trajectories(measurement)
    monkeypatch.setattr(two_point, "_CHUNK", 1)
    assert len(measurement.chunks()) == 4
    split = enumerate_trajectories(measurement)
    for one, other in zip(averages(whole), averages(split), strict=True):
        assert one.value == pytest.approx(other.value, abs=1e-13)
        assert one.variance == pytest.approx(other.variance, abs=1e-12)
    for one, other in zip(histograms(whole), histograms(split), strict=True):
        assert one.values == pytest.approx(other.values, abs=1e-12)
        assert one.forward == pytest.approx(other.forward, abs=1e-13)


def test_cold_environment_keeps_what_is_too_improbable_for_a_number():
    statistics = enumerate_trajectories(coherent_measurement(beta=800.0))
    assert statistics.exponential.value == pytest.approx(1, abs=1e-12)
    assert statistics.exponential.variance == np.inf
    assert 0 < statistics.entropy_production.value < 800
    values = statistics.histogram.values
    assert values.min() == pytest.approx(-800, abs=5)
    assert values.max() == pytest.approx(800, abs=5)


def test_zero_temperature_is_infinitely_irreversible_if_it_is_heated():
    statistics = enumerate_trajectories(coherent_measurement(beta=np.inf))
    lowest = 0.3 * np.sin(0.76) ** 2
    assert statistics.infinite_probability == pytest.approx(lowest, abs=1e-14)
    assert statistics.entropy_production.value == np.inf
    assert statistics.population_entropy_production.value == np.inf
    assert np.isfinite(statistics.coherence_entropy_production.value)
    assert statistics.histogram.values[-1] == np.inf
    assert statistics.histogram.forward[-1] == pytest.approx(lowest, abs=1e-14)
    assert np.isfinite(statistics.histogram.values[:-1]).all()


def test_zero_temperature_without_heat_is_not():
    still = ThermalOperation(np.eye(4), QUBIT, GibbsEnvironment(QUBIT, np.inf))
    statistics = enumerate_trajectories(two_point_measurement(still, [[0.7, 0.3], [0.3, 0.3]]))
    assert statistics.entropy_production.value == pytest.approx(0, abs=1e-13)
    assert np.isfinite(statistics.histogram.values).all()


def test_histograms_that_do_not_fit_are_refused():
    measurement = coherent_measurement()
    with pytest.raises(ResourceError, match="histograms=False"):
        enumerate_trajectories(measurement, memory_limit=1e6)
    assert enumerate_trajectories(measurement, histograms=False, memory_limit=1e6).trajectories == 64
