"""Closed solutions: relaxation of a qubit in one and two baths, and pure dephasing, by both exact methods."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import two_level

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.ledger.davies_rates import davies_rates
from loschmidt.processes import Bath, GlauberSpectrum, OhmicSpectrum, davies_generator

METHODS = [SecularPropagator(), MatrixExponential()]
GRIDS = [np.linspace(0.0, 100.0, 21), np.concatenate([[0.0], np.geomspace(1e-2, 100.0, 20)])]
X, Z = np.array([[0, 1], [1, 0]]), np.diag([1.0, -1.0])

both = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
grids = pytest.mark.parametrize("times", GRIDS, ids=["even", "logarithmic"])


@both
@grids
def test_relaxation_of_a_qubit(method, times):
    # γ(ω) + γ(-ω) = γ_0 for a Glauber bath; coherence decays at half of it and turns with -ω.
    rate, omega, beta = 0.05, 1.0, 2.0
    found = evolve(two_level(beta, omega, rate), [[0.3, 0.2 - 0.1j], [0.2 + 0.1j, 0.7]], times, method)
    equilibrium = 1 / (1 + np.exp(beta * omega))
    excited = equilibrium + (0.7 - equilibrium) * np.exp(-rate * times)
    coherence = (0.2 - 0.1j) * np.exp(-0.5 * rate * times + 1j * omega * times)
    np.testing.assert_allclose(found.states[:, 1, 1].real, excited, atol=1e-12)
    np.testing.assert_allclose(found.states[:, 0, 1], coherence, atol=1e-12)
    np.testing.assert_allclose(found.heat[:, 0], omega * (excited - 0.7), atol=1e-12)


@both
@grids
def test_heat_through_a_qubit(method, times):
    # From the stationary state each bath gives at a constant rate; β = 0.5 and 2, equal Glauber coupling.
    rate, omega = 0.05, 1.0
    baths = [Bath(name, beta, GlauberSpectrum(rate), X) for name, beta in (("hot", 0.5), ("cold", 2.0))]
    process = davies_generator(np.diag([0.0, omega]), baths)
    hot, cold = (1 / (1 + np.exp(beta * omega)) for beta in (0.5, 2.0))
    mean = 0.5 * (hot + cold)
    current = omega * rate * (hot - mean)
    found = evolve(process, np.diag([1 - mean, mean]), times, method)
    np.testing.assert_allclose(found.heat, np.outer(times, [current, -current]), atol=1e-12)
    np.testing.assert_allclose(found.states[-1], found.states[0], atol=1e-13)
    rates = davies_rates(process.levels.to_eigenbasis(found.states), process.dissipators)
    np.testing.assert_allclose(rates.entropy_production.sum(axis=1), (2.0 - 0.5) * current, rtol=1e-9)


@both
@grids
def test_pure_dephasing(method, times):
    # Coupling Z and γ(0) = κ/β: coherence decays at ½ γ(0) (1 - (-1))², no heat flows.
    coupling, beta = 0.02, 2.0
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("b", beta, OhmicSpectrum(coupling), Z)])
    found = evolve(process, np.full((2, 2), 0.5), times, method)
    wanted = 0.5 * np.exp((1j - 2 * coupling / beta) * times)
    np.testing.assert_allclose(found.states[:, 0, 1], wanted, atol=1e-12)
    np.testing.assert_allclose(np.diagonal(found.states, axis1=1, axis2=2), 0.5, atol=1e-13)
    np.testing.assert_allclose(found.heat, 0.0, atol=1e-13)


@both
def test_two_levels_above_one_dark_state(method):
    # V system, |b⟩ = (|1⟩ + |2⟩)/√2 couples with √2 A, |d⟩ = (|1⟩ - |2⟩)/√2 not at all.
    coupling = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    process = davies_generator(np.diag([0.0, 1.0, 1.0]), [Bath("b", np.inf, GlauberSpectrum(0.05), coupling)])
    times = np.array([0.0, 3.0, 2000.0])
    found = evolve(process, np.diag([0.0, 1.0, 0.0]), times, method)
    bright = 0.5 * np.exp(-0.1 * times)
    np.testing.assert_allclose(found.states[:, 0, 0].real, 0.5 - bright, atol=1e-12)
    np.testing.assert_allclose(found.states[:, 1, 2].real, 0.5 * (bright - 0.5), atol=1e-12)
    np.testing.assert_allclose(found.heat[:, 0], bright - 0.5, atol=1e-12)
