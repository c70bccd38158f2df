"""Fluctuation theorems: closed forms against enumeration, absolute irreversibility, and wrong probabilities caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evolution.trajectories.processes import (
    coherent_measurement,
    ladder_operation,
    partial_swap,
    random_dilation,
)
from tests.physics import random_state, seeds

from loschmidt.evolution.trajectories import (
    enumerate_trajectories,
    fluctuation_averages,
    fluctuation_theorems,
    two_point_measurement,
)
from loschmidt.processes.thermal_operations import entropy_budget
from loschmidt.states import random_unitary

small = st.integers(2, 4)


def theorems_of(measurement):
    return fluctuation_theorems(enumerate_trajectories(measurement), fluctuation_averages(measurement))


@given(seed=seeds, d=small, e=small, rank=small)
def test_theorems_hold_for_any_dilation_and_rank(seed, d, e, rank):
    rng = np.random.default_rng(seed)
    measurement = two_point_measurement(random_dilation(rng, d, e), random_state(rng, d, min(d, rank - 1)))
    found = theorems_of(measurement)
    assert abs(found.integral_residual) <= found.integral_error
    assert found.detailed_defect <= found.detailed_error
    assert abs(found.mean_residual) <= found.mean_error
    assert abs(found.population_mean_residual) <= found.population_mean_error
    assert abs(found.coherence_mean_residual) <= found.coherence_mean_error
    assert abs(found.population_exponential_residual) <= found.population_exponential_error
    assert abs(found.coherence_exponential_residual) <= found.coherence_exponential_error
    assert found.second_law_margin >= -found.mean_error
    assert found.integral_error < 1e-12


@given(seed=seeds, rank=st.integers(1, 3), beta=st.floats(0.05, 8.0))
def test_closed_means_are_the_entropy_budget(seed, rank, beta):
    rng = np.random.default_rng(seed)
    operation, state = ladder_operation(rng, (0.0, 1.0, 1.0), beta), random_state(rng, 3, rank)
    averages, budget = fluctuation_averages(two_point_measurement(operation, state)), entropy_budget(operation, state)
    assert averages.entropy_flux == pytest.approx(float(budget.entropy_flux), abs=1e-12)
    assert averages.entropy_production == pytest.approx(float(budget.entropy_production), abs=1e-12)
    coherence = float(budget.coherence_entropy_production)
    assert averages.coherence_entropy_production == pytest.approx(coherence, abs=1e-12)
    assert coherence > -1e-12


@given(seed=seeds, rank=st.integers(1, 3))
def test_absolute_irreversibility_is_what_the_backward_process_loses(seed, rank):
    rng = np.random.default_rng(seed)
    dilation, state = random_dilation(rng, 3, 2), random_state(rng, 3, rank)
    averages = fluctuation_averages(two_point_measurement(dilation, state))
    values, vectors = np.linalg.eigh(state)
    kept = vectors[:, values > 1e-12]
    fresh = np.kron(dilation.channel(state), dilation.reservoir_state)
    back = dilation.unitary.conj().T @ fresh @ dilation.unitary
    system = np.trace(back.reshape(3, 2, 3, 2), axis1=1, axis2=3)
    expected = 1 - np.trace(kept.conj().T @ system @ kept).real
    assert averages.absolute_irreversibility == pytest.approx(expected, abs=1e-13)
    assert averages.exponential == pytest.approx(1 - expected, abs=1e-13)
    assert (averages.absolute_irreversibility > 1e-4) == (rank < 3)
    assert averages.entropy_production >= averages.least_entropy_production - 1e-12


def test_full_swap_of_a_pure_state():
    averages = fluctuation_averages(two_point_measurement(partial_swap(np.log(3), np.pi / 2), [0, 1]))
    assert averages.entropy_production == pytest.approx(np.log(4), abs=1e-13)
    # The reversed swap ends in the excited state only if the fresh environment was there.
    assert averages.absolute_irreversibility == pytest.approx(0.75, abs=1e-13)
    assert averages.least_entropy_production == pytest.approx(np.log(4), abs=1e-13)


def test_cold_environment_reduces_the_reversible_part():
    averages = fluctuation_averages(coherent_measurement(beta=np.inf))
    statistics = enumerate_trajectories(coherent_measurement(beta=np.inf))
    assert averages.entropy_production == np.inf
    assert 0 < averages.absolute_irreversibility < 1
    assert statistics.exponential.value == pytest.approx(1 - averages.absolute_irreversibility, abs=1e-13)
    found = fluctuation_theorems(statistics, averages)
    assert found.mean_residual == 0
    assert found.second_law_margin == np.inf


@given(seed=seeds)
def test_parts_obey_the_integral_theorem_without_coherence(seed):
    rng = np.random.default_rng(seed)
    averages = fluctuation_averages(two_point_measurement(ladder_operation(rng), np.diag(rng.dirichlet([2, 2, 2]))))
    assert averages.population_exponential == pytest.approx(1, abs=1e-12)
    assert averages.coherence_exponential == pytest.approx(1, abs=1e-12)
    assert averages.coherence_entropy_production == pytest.approx(0, abs=1e-13)


def test_parts_obey_no_theorem_with_coherence():
    measurement = coherent_measurement()
    averages, statistics = fluctuation_averages(measurement), enumerate_trajectories(measurement)
    assert abs(averages.population_exponential - 1) > 0.02
    assert abs(averages.coherence_exponential - 1) > 0.02
    assert statistics.histogram.detailed_defect < 1e-12
    assert statistics.population_histogram.detailed_defect > 0.01
    assert statistics.coherence_histogram.detailed_defect > 0.01


def turned_inside(measurement, rng, members):
    """Return the measurement with other eigenstates inside a degenerate eigenspace of the start."""
    initial = measurement.initial
    eigenstates = initial.eigenstates.copy()
    eigenstates[:, members] = eigenstates[:, members] @ random_unitary(len(members), rng)
    # No energy is degenerate here: the levels are the basis.
    turned = replace(initial, eigenstates=eigenstates, level_given_eigenstate=np.abs(eigenstates) ** 2)
    return replace(measurement, initial=turned)


def test_degenerate_start_leaves_only_sigma_and_means_without_choice():
    rng = np.random.default_rng(4)
    ket = np.array([0.6, 0.48, 0.64])
    chosen = two_point_measurement(ladder_operation(rng), 0.05 * np.eye(3) + 0.85 * np.outer(ket, ket))
    other = turned_inside(chosen, rng, [0, 1])
    for found in (theorems_of(chosen), theorems_of(other)):
        assert abs(found.integral_residual) < 1e-13
        assert abs(found.population_mean_residual) < 1e-13
        assert abs(found.coherence_mean_residual) < 1e-13
        assert abs(found.population_exponential_residual) < 1e-13
    ours, theirs = enumerate_trajectories(chosen), enumerate_trajectories(other)
    assert ours.histogram.values == pytest.approx(theirs.histogram.values, abs=1e-12)
    assert ours.histogram.forward == pytest.approx(theirs.histogram.forward, abs=1e-13)
    assert abs(ours.population_exponential.value - theirs.population_exponential.value) > 1e-5
    assert abs(ours.coherence_exponential.value - theirs.coherence_exponential.value) > 1e-5


def test_unitary_that_only_keeps_probability_is_caught():
    measurement = coherent_measurement()
    joint = measurement.unitary.reshape(4, 4).copy()
    joint[:, 1] = joint[:, 0]
    broken = replace(measurement, unitary=joint.reshape(2, 2, 2, 2))
    statistics = enumerate_trajectories(broken)
    assert statistics.probability == pytest.approx(1, abs=1e-12)
    found = fluctuation_theorems(statistics, fluctuation_averages(measurement))
    assert abs(found.integral_residual) > 1e-2


def test_wrong_final_probabilities_are_caught():
    measurement = coherent_measurement()
    final = replace(measurement.final, populations=measurement.final.populations * [0.9, 1.0])
    found = fluctuation_theorems(
        enumerate_trajectories(replace(measurement, final=final)), fluctuation_averages(measurement)
    )
    assert abs(found.integral_residual) > 1e-2


def test_coherence_inside_a_degenerate_level_is_free():
    rng = np.random.default_rng(8)
    operation, state = ladder_operation(rng, (0.0, 1.0, 1.0)), np.array([0, 1, 1]) / np.sqrt(2)
    measurement = two_point_measurement(operation, state)
    assert measurement.initial.level_populations.max() == pytest.approx(1, abs=1e-14)
    averages = fluctuation_averages(measurement)
    assert averages.coherence_entropy_production == pytest.approx(0, abs=1e-13)
    assert enumerate_trajectories(measurement).coherence_histogram.values == pytest.approx([0], abs=1e-12)


def test_zero_hamiltonian_leaves_everything_to_populations():
    rng = np.random.default_rng(2)
    dilation = replace(random_dilation(rng, 3, 2), system_hamiltonian=np.zeros((3, 3)))
    averages = fluctuation_averages(two_point_measurement(dilation, random_state(rng, 3)))
    assert averages.population_entropy_production == pytest.approx(averages.entropy_production, abs=1e-13)
    assert averages.population_exponential == pytest.approx(1, abs=1e-12)
