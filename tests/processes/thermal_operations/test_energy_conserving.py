from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import seeds
from tests.processes.thermal_operations.operations import SPECTRA, environments, names, rotated, temperatures
from tests.reference import thermal_operations as slow

from loschmidt.errors import InputError, NotHermitianError, ShapeError
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    energy_transfer,
    random_thermal_operation,
    thermal_operation_by_exchange,
    thermal_operation_from_potential,
)
from loschmidt.states import random_hamiltonian

QUBIT = np.diag([0.0, 1.0])


@given(name=names, seed=seeds, time=st.floats(0.1, 5), betas=st.lists(temperatures, min_size=3, max_size=3))
def test_a_potential_is_pinched_and_exponentiated(name, seed, time, betas):
    rng = np.random.default_rng(seed)
    system, baths = rotated(SPECTRA[name][0], rng), environments(name, rng, betas)
    total = slow.total_hamiltonian([system, *(one.hamiltonian for one in baths)])
    potential = random_hamiltonian(len(total), rng)
    operation = thermal_operation_from_potential(potential, system, baths, time)
    expected = expm(-1j * time * (total + slow.pinched(potential, total)))
    np.testing.assert_allclose(operation.unitary, expected, atol=1e-11)
    assert np.abs(expm(-1j * time * (total + potential)) - expected).max() > 1e-3


@pytest.mark.parametrize("name", ["oscillators", "two baths", "degenerate system"])
def test_random_unitaries_are_haar_random_in_each_level(name):
    system = np.diag(np.array(SPECTRA[name][0], dtype=float))
    rng = np.random.default_rng(3)
    baths = [GibbsEnvironment(np.diag(np.array(one, dtype=float)), 1, str(k)) for k, one in enumerate(SPECTRA[name][1])]
    draws = [random_thermal_operation(system, baths, rng) for _ in range(400)]
    unitaries = np.array([one.unitary for one in draws])
    members = max(draws[0].frame.total.members, key=len)
    inside = np.abs(unitaries[:, members[0], members]) ** 2
    # Each of the |U|² has the mean 1/g, the square of the second moment is 2/(g(g+1)), and phases are uniform.
    g = len(members)
    np.testing.assert_allclose(inside.mean(axis=0), 1 / g, atol=5 / g / math.sqrt(400))
    np.testing.assert_allclose((inside**2).mean(), 2 / (g * (g + 1)), rtol=0.15)
    assert abs(unitaries[:, members[0], members].mean()) < 0.1
    one, other = (random_thermal_operation(system, baths, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one.unitary, other.unitary)


@given(angle=st.floats(0.01, 3), beta=st.floats(-1, 5))
def test_two_qubits_exchange_by_an_angle(angle, beta):
    transfer = energy_transfer(thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, beta), angle))
    up = math.exp(-beta) / (1 + math.exp(-beta))
    moved = math.sin(angle) ** 2
    np.testing.assert_allclose(transfer.probabilities[:, 0], [1 - moved * up, moved * up], atol=1e-14)
    np.testing.assert_allclose(transfer.probabilities[:, 1], [moved * (1 - up), 1 - moved * (1 - up)], atol=1e-14)
    # The free motion of the system turns the coherence ⟨0|ρ|1⟩ by e^{iωt}.
    assert transfer.coherence_factors[0, 1] == pytest.approx(np.exp(1j) * math.cos(angle), abs=1e-14)


@given(strength=st.floats(0.1, 2), beta=st.floats(0.3, 4), levels=st.integers(2, 9))
def test_a_qubit_in_a_cavity(strength, beta, levels):
    # With n quanta the angle is g t √(n + 1); the highest rung of the cut-off ladder has nothing to exchange with.
    cavity = GibbsEnvironment(np.diag(np.arange(float(levels))), beta)
    operation = thermal_operation_by_exchange(QUBIT, cavity, strength, time=1.5)
    n = np.arange(levels - 1)
    weights = np.exp(-beta * np.arange(levels))
    weights /= weights.sum()
    moved = np.sin(1.5 * strength * np.sqrt(n + 1)) ** 2
    transfer = energy_transfer(operation)
    assert transfer.probabilities[0, 1] == pytest.approx((weights[:-1] * moved).sum(), abs=1e-13)
    assert transfer.probabilities[1, 0] == pytest.approx((weights[1:] * moved).sum(), abs=1e-13)
    assert operation.leakage < 1e-13


@pytest.mark.parametrize("ladder", ["oscillator", "spin", "flat"])
def test_exchange_is_an_exponential(ladder):
    system, cold, hot = np.diag([2.0, 0.5, -1.0]), np.diag([0.0, 1.5]), np.diag([0.0, 1.5, 3.0])
    elements = {"oscillator": [1, math.sqrt(2)], "spin": [math.sqrt(2), math.sqrt(2)], "flat": [1, 1]}[ladder]
    lower = np.diag(elements, 1)
    flipped = lower[::-1, ::-1]  # the highest state stands first
    strengths = [0.7, -0.4]
    operation = thermal_operation_by_exchange(
        system, [GibbsEnvironment(cold, 2.0, "cold"), GibbsEnvironment(hot, 0.5, "hot")], strengths, 1.3, ladder
    )
    first = np.kron(np.kron(flipped, np.diag([1.0], -1)), np.eye(3))
    second = np.kron(np.kron(flipped, np.eye(2)), lower.T)
    potential = strengths[0] * (first + first.T) + strengths[1] * (second + second.T)
    total = slow.total_hamiltonian([system, cold, hot])
    assert np.abs(total @ potential - potential @ total).max() < 1e-14
    np.testing.assert_allclose(operation.unitary, expm(-1.3j * (total + potential)), atol=1e-13)


def test_without_resonance_there_is_only_dephasing():
    detuned = GibbsEnvironment(np.diag([0.0, 1.7]), 1.0)
    with pytest.warns(UserWarning, match="levels keep their populations"):
        operation = random_thermal_operation(QUBIT, detuned, np.random.default_rng(1))
    assert not operation.exchanges_energy
    with pytest.warns(UserWarning, match="No total energy is shared"):
        thermal_operation_from_potential(np.eye(4), QUBIT, detuned)
    np.testing.assert_allclose(energy_transfer(operation).probabilities, np.eye(2), atol=1e-14)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            (QUBIT, GibbsEnvironment(1.1 * QUBIT, 1.0, "cold")),
            InputError,
            "needs resonance.*1 and that of environment 'c",
        ),
        ((np.diag([0.0, 1.0, 3.0]), GibbsEnvironment(QUBIT, 1)), InputError, r"gaps of the system are \[1.0, 2.0\]"),
        ((QUBIT, GibbsEnvironment(np.zeros((2, 2)), 1)), InputError, "gaps of environment 'environment' are"),
        ((np.zeros((1, 1)), GibbsEnvironment(QUBIT, 1)), InputError, "gaps of the system are"),
        (
            (QUBIT, GibbsEnvironment(QUBIT, 1), [1.0, 2.0]),
            InputError,
            "`strengths` must be one number or one for each of",
        ),
        ((QUBIT, GibbsEnvironment(QUBIT, 1), math.nan), InputError, "`strengths` must be finite"),
        ((QUBIT, GibbsEnvironment(QUBIT, 1), 1.0, 1.0, "boson"), InputError, "`ladder` must be 'oscillator'"),
    ],
)
def test_border_of_exchange(arguments, error, message):
    with pytest.raises(error, match=message):
        thermal_operation_by_exchange(*arguments)


@pytest.mark.parametrize(
    ("potential", "error", "message"),
    [
        (np.eye(3), ShapeError, "`potential` must be 4 × 4"),
        (np.eye(4)[None], ShapeError, "`potential` must be one matrix"),
        (np.diag([1.0], 3), NotHermitianError, "`potential` must be Hermitian"),
    ],
)
def test_border_of_potentials(potential, error, message):
    with pytest.raises(error, match=message):
        thermal_operation_from_potential(potential, QUBIT, GibbsEnvironment(QUBIT, 1.0))
