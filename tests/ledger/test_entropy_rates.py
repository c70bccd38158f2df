"""Entropy rates against finite differences of the entropy, and their one-sided limits at kernels and at T = 0."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from scipy.linalg import expm
from tests.physics import betas, dimensions, random_davies, random_state, seeds, two_level

from loschmidt.evolution import MatrixExponential, evolve
from loschmidt.information import relative_entropy_of_coherence, von_neumann_entropy
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import build_ledger
from loschmidt.processes import Bath, GlauberSpectrum, OhmicSpectrum, davies_generator, gkls_generator, jump_dissipator
from loschmidt.states import gibbs_state


def rates_at(process, state):
    """The ledger's rates at the first of two times."""
    data = build_ledger(evolve(process, state, [0.0, 1e-3], MatrixExponential())).data.isel(time=0)
    return {name: data[name].values for name in data.data_vars}


def derivative(function, process, state, step=0.02):
    """Eighth-order central difference along the evolution, backward in time included."""
    weights = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
    superoperator, d = process.superoperator(), process.dimension

    def moved(t):
        vector = expm(superoperator * t) @ state.reshape(-1, order="F")
        found = vector.reshape(d, d, order="F")
        return (found + found.conj().T) / 2

    return sum(w * (function(moved(k * step)) - function(moved(-k * step))) for k, w in weights.items()) / step


@given(seed=seeds, d=dimensions, beta=betas)
def test_rates_match_finite_differences_of_entropy_and_coherence(seed, d, beta):
    process = random_davies(seed, d, (beta,))
    rng = np.random.default_rng(seed)
    state = 0.5 * random_state(rng, d) + 0.5 * np.eye(d) / d
    found = rates_at(process, state)
    h = process.hamiltonian
    entropy_rate = derivative(lambda rho: float(von_neumann_entropy(rho)), process, state)
    coherence_rate = derivative(lambda rho: float(relative_entropy_of_coherence(rho, h)), process, state)
    energy_rate = derivative(lambda rho: float(np.trace(h @ rho).real), process, state)
    scale = max(abs(entropy_rate), abs(coherence_rate), beta * abs(energy_rate), 1e-4)
    assert found["entropy_rate"] == pytest.approx(entropy_rate, abs=1e-8 * scale + 1e-11)
    assert found["coherence_entropy_production_rate"] == pytest.approx(-coherence_rate, abs=1e-8 * scale + 1e-11)
    assert found["entropy_production_rate"] == pytest.approx(
        entropy_rate - beta * energy_rate, abs=1e-8 * scale + 1e-11
    )


def test_pure_superposition_has_infinite_coherence_production_but_finite_population_part():
    found = rates_at(two_level(), [math.sqrt(0.6), math.sqrt(0.4)])
    assert found["entropy_production_rate"] == np.inf
    assert found["coherence_entropy_production_rate"] == np.inf
    assert 0 < found["population_entropy_production_rate"] < np.inf


def test_energy_eigenstate_has_infinite_population_part_and_no_coherence_part():
    found = rates_at(two_level(), [0, 1])
    assert found["population_entropy_production_rate"] == np.inf
    assert found["coherence_entropy_production_rate"] == 0


def test_common_kernel_gives_a_finite_coherence_part_although_both_rates_diverge():
    # Level 2 is empty in ρ and in Δρ; the bath feeds it, so both entropies grow like a logarithm with one coefficient.
    bath = Bath("b", 1.0, GlauberSpectrum(0.1), [[0, 1, 0.5], [1, 0, 0.7], [0.5, 0.7, 0]])
    process = davies_generator(np.diag([0.0, 1.0, 2.3]), [bath])
    state = np.array([[0.6, 0.2, 0], [0.2, 0.4, 0], [0, 0, 0]])
    found = rates_at(process, state)
    assert found["entropy_rate"] == np.inf
    assert found["population_entropy_production_rate"] == np.inf
    part = found["coherence_entropy_production_rate"]
    assert np.isfinite(part)
    moved = build_ledger(evolve(process, state, [0.0, 1e-7, 2e-7], MatrixExponential()))
    assert float(moved["coherence_entropy_production_rate"][1]) == pytest.approx(float(part), rel=1e-4)


def test_kernel_that_the_bath_leaves_alone_keeps_everything_finite():
    # The bath couples levels 0 and 1 only; level 2 is empty and stays so.
    bath = Bath("b", 1.0, GlauberSpectrum(0.1), [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    process = davies_generator(np.diag([0.0, 1.0, 2.3]), [bath])
    found = rates_at(process, np.array([[0.6, 0.2, 0], [0.2, 0.4, 0], [0, 0, 0]]))
    reduced = rates_at(
        davies_generator(np.diag([0.0, 1.0]), [Bath("b", 1.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])]),
        np.array([[0.6, 0.2], [0.2, 0.4]]),
    )
    for name in ("entropy_rate", "entropy_production_rate", "coherence_entropy_production_rate"):
        assert found[name] == pytest.approx(float(reduced[name]), rel=1e-10)


def test_zero_temperature_bath_takes_infinite_entropy_only_if_heat_flows():
    bath = Bath("b", math.inf, OhmicSpectrum(0.1), [[0, 1], [1, 0]])
    process = davies_generator(np.diag([0.0, 1.0]), [bath])
    ledger = build_ledger(evolve(process, np.array([[0.6, 0.1], [0.1, 0.4]]), np.linspace(0, 5, 6)))
    assert (ledger["entropy_production_rate"] == np.inf).all()
    assert np.isfinite(ledger["coherence_entropy_production_rate"]).all()
    assert np.isfinite(ledger["entropy_rate"]).all()
    assert float(ledger["entropy_production"][0]) == 0
    assert (ledger["entropy_production"][1:] == np.inf).all()
    assert not any(bool(np.isnan(ledger.data[name]).any()) for name in ledger.accounts if name != "state")
    ground = build_ledger(evolve(process, [1, 0], np.linspace(0, 5, 6)))
    assert (ground["entropy_production_rate"] == 0).all()
    assert not audit(ledger).violated
    assert not audit(ground).violated


def test_infinite_temperature_bath_produces_what_the_state_gains():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("b", 0.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])])
    ledger = build_ledger(evolve(process, np.array([[0.7, 0.2], [0.2, 0.3]]), np.linspace(0, 30, 7)))
    np.testing.assert_allclose(ledger["entropy_production"], ledger["entropy_change"], atol=1e-12)
    assert (ledger["entropy_flux"] == 0).all()


def test_negative_temperature_bath_inverts_the_population_and_obeys_the_second_law():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("b", -1.5, GlauberSpectrum(0.1), [[0, 1], [1, 0]])])
    ledger = build_ledger(evolve(process, np.diag([0.9, 0.1]), np.linspace(0, 200, 11)))
    assert float(ledger["populations"][-1, 1]) == pytest.approx(1 / (1 + math.exp(-1.5)), abs=1e-8)
    assert audit(ledger)["second law"].verdict in (Verdict.HOLDS, Verdict.TIGHT)
    assert "free_energy" not in ledger


@pytest.mark.parametrize("beta", [5.0, 40.0, 400.0])
def test_cold_bath_keeps_the_sign_of_every_production(beta):
    process = davies_generator(
        np.diag([0.0, 1.0, 1.7]), [Bath("b", beta, OhmicSpectrum(0.05), [[0, 1, 1], [1, 0, 1], [1, 1, 0]])]
    )
    ledger = build_ledger(evolve(process, [0.6, 0.64j, 0.48], np.linspace(0, 400, 41)))
    found = audit(ledger)
    assert {found[name].verdict for name in ("second law", "population part", "coherence part")} <= {
        Verdict.HOLDS,
        Verdict.TIGHT,
    }
    final = ledger.data.isel(time=-1)
    start = float(von_neumann_entropy(gibbs_state(process.hamiltonian, beta)))
    assert float(final["entropy"]) == pytest.approx(start, abs=1e-6)


def test_total_production_is_the_drop_of_relative_entropy_to_the_gibbs_state():
    beta = 1.3
    process = two_level(beta)
    ledger = build_ledger(evolve(process, [0.6, 0.8], np.linspace(0, 100, 21)))
    drop = ledger["gibbs_relative_entropy"][0] - ledger["gibbs_relative_entropy"]
    np.testing.assert_allclose(ledger["entropy_production"], drop.isel(bath=0), atol=1e-12)
    np.testing.assert_allclose(ledger["entropy_production_by_bath"][:, 0], ledger["entropy_production"], atol=1e-10)
    parts = ledger["population_entropy_production"] + ledger["coherence_entropy_production"]
    np.testing.assert_allclose(parts, ledger["entropy_production"], atol=1e-10)


def test_pure_dephasing_produces_exactly_the_lost_coherence():
    process = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.1], beta=0.7)])
    ledger = build_ledger(evolve(process, [0.6, 0.8], np.linspace(0, 100, 21)))
    lost = ledger["coherence"][0] - ledger["coherence"]
    np.testing.assert_allclose(ledger["coherence_entropy_production"], lost, atol=1e-10)
    np.testing.assert_allclose(ledger["population_entropy_production"], 0, atol=1e-10)
    np.testing.assert_allclose(ledger["heat"], 0, atol=1e-14)
