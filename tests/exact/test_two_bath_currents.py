"""Stationary currents with closed forms: a qubit between two baths, the three-level maser, two qubits in one bath."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.evolution.steady import steady_state
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    FlatSpectrum,
    GlauberSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
    local_generator,
)

X = np.array([[0.0, 1.0], [1.0, 0.0]])


def occupation(frequency: float, temperature: float) -> float:
    return 1 / np.expm1(frequency / temperature)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize(("hot", "cold"), [(2.0, 0.5), (1.0, 1.0), (0.7, 0.02)])
def test_qubit_between_two_baths(scale, hot, cold):
    omega, gamma_hot, gamma_cold = 1.3 * scale, 0.02 * scale, 0.05 * scale
    baths = [
        Bath("hot", 1 / (hot * scale), FlatSpectrum(gamma_hot), X),
        Bath("cold", 1 / (cold * scale), FlatSpectrum(gamma_cold), X),
    ]
    settled = steady_state(davies_generator(np.diag([0.0, omega]), baths))
    n_hot, n_cold = occupation(1.3, hot), occupation(1.3, cold)
    total = gamma_hot * (2 * n_hot + 1) + gamma_cold * (2 * n_cold + 1)
    current = omega * gamma_hot * gamma_cold * (n_hot - n_cold) / total
    assert settled.heat_rates == pytest.approx([current, -current], rel=1e-12, abs=1e-15 * scale**2)
    excited = (gamma_hot * n_hot + gamma_cold * n_cold) / total
    assert settled.state[1, 1].real == pytest.approx(excited, rel=1e-13)
    assert settled.unique is True
    assert settled.switching_power == 0


def maser(drive: float):
    """Levels g, m, e; the drive between g and m in the rotating frame; hot bath on g-e, cold bath on m-e."""
    hot_frequency, cold_frequency, hot, cold = 3.0, 1.0, 10.0, 0.6
    rates = {}
    for name, strength, frequency, temperature in (("hot", 0.04, hot_frequency, hot), ("cold", 0.05, 1.0, cold)):
        n = occupation(frequency, temperature)
        rates[name] = [strength * (n + 1), strength * n]
    lower = {"hot": np.zeros((3, 3)), "cold": np.zeros((3, 3))}
    lower["hot"][0, 2] = 1
    lower["cold"][1, 2] = 1
    rotating = np.zeros((3, 3))
    rotating[0, 1] = rotating[1, 0] = drive
    dissipators = [jump_dissipator(name, [lower[name], lower[name].T], rates[name]) for name in ("hot", "cold")]
    bare = np.diag([0.0, hot_frequency - cold_frequency, hot_frequency])
    return gkls_generator(rotating, dissipators, energy=bare), rates


@pytest.mark.parametrize("drive", [0.01, 0.05, 1.0])
def test_three_level_maser(drive):
    process, rates = maser(drive)
    settled = steady_state(process)
    # Rate equations with the rate R of stimulated emission, after the coherence is eliminated.
    stimulated = 2 * drive**2 / (0.5 * (rates["hot"][1] + rates["cold"][1]))
    w = np.zeros((3, 3))
    w[0, 2], w[2, 0] = rates["hot"]
    w[1, 2], w[2, 1] = rates["cold"]
    w[0, 1] = w[1, 0] = stimulated
    populations = np.linalg.solve(np.vstack([(w - np.diag(w.sum(axis=0)))[:2], np.ones(3)]), [0, 0, 1])
    flux = stimulated * (populations[1] - populations[0])
    assert settled.heat_rates == pytest.approx([3 * flux, -flux], rel=1e-11)
    assert settled.switching_power == pytest.approx(-2 * flux, rel=1e-11)
    assert np.diagonal(settled.state).real == pytest.approx(populations, rel=1e-11)


def test_maser_flux_saturates():
    process, _ = maser(1e5)
    assert steady_state(process).heat_rates[1] == pytest.approx(-0.0094114591, abs=1e-10)


def test_maser_flux_value():
    process, _ = maser(0.1)
    flux = steady_state(process).heat_rates[0] / 3
    assert flux == pytest.approx(0.0089002301, abs=1e-10)
    assert flux * (1 / 0.6 - 3 / 10) == pytest.approx(0.0121636, abs=1e-7)


def test_single_level_between_leads():
    annihilate = np.array([[0.0, 1.0], [0.0, 0.0]])
    level, gammas = 0.7, (0.02, 0.05)
    betas, potentials = (2.0, 0.5), (0.3, -0.1)
    baths = [
        Bath(name, beta, FermionicSpectrum(gamma), annihilate, chemical_potential=mu)
        for name, gamma, beta, mu in zip("lr", gammas, betas, potentials, strict=True)
    ]
    settled = steady_state(davies_generator(np.diag([0.0, level]), baths, number=np.diag([0.0, 1.0])))
    left, right = (1 / (np.exp(b * (level - mu)) + 1) for b, mu in zip(betas, potentials, strict=True))
    current = gammas[0] * gammas[1] / sum(gammas) * (left - right)
    assert settled.particle_rates == pytest.approx([current, -current], rel=1e-12)
    heat = [(level - potentials[0]) * current, -(level - potentials[1]) * current]
    assert settled.heat_rates == pytest.approx(heat, rel=1e-12)


def two_qubits_in_one_bath(beta=0.8):
    energy = np.diag([1.0, 0.0, 0.0, -1.0])
    collective = np.kron(X, np.eye(2)) + np.kron(np.eye(2), X)
    return davies_generator(energy, [Bath("common", beta, GlauberSpectrum(0.1), collective)], dims=(2, 2)), energy


def test_two_qubits_in_a_common_bath_keep_half_of_the_singlet():
    process, energy = two_qubits_in_one_bath()
    start = np.zeros((4, 4))
    start[1, 1] = 1
    settled = steady_state(process, start)
    assert settled.multiplicity == 2
    assert settled.oscillating is False
    singlet = np.array([0, 1, -1, 0]) / np.sqrt(2)
    triplet = np.array([[1, 0, 0, 0], [0, np.sqrt(0.5), np.sqrt(0.5), 0], [0, 0, 0, 1]])
    weights = np.exp(-0.8 * np.array([1.0, 0.0, -1.0]))
    expected = 0.5 * np.outer(singlet, singlet) + 0.5 * (triplet.T * weights / weights.sum()) @ triplet
    assert settled.state == pytest.approx(expected, abs=1e-12)
    # S(ρ‖ρ_β) = -S(ρ) + β tr(Hρ) + ln Z falls from that of the pure start by the total entropy production.
    log_z = np.log(np.exp(-0.8 * np.diagonal(energy)).sum())
    eigenvalues = np.linalg.eigvalsh(settled.state)
    left_over = (eigenvalues * np.log(eigenvalues)).sum() + 0.8 * np.trace(energy @ settled.state).real + log_z
    assert left_over == pytest.approx(0.1983, abs=5e-5)
    assert log_z - left_over == pytest.approx(1.3439, abs=5e-5)


def local_pair(energy_of):
    """Two qubits of frequencies 1.4 and 1 with an exchange coupling 0.3, a bath of temperature 1.2 and one of 1."""
    z, one = np.diag([1.0, -1.0]), np.eye(2)
    lower = np.array([[0.0, 0.0], [1.0, 0.0]])
    free = 0.7 * np.kron(z, one) + 0.5 * np.kron(one, z)
    exchange = 0.3 * (np.kron(lower, lower.T) + np.kron(lower.T, lower))
    baths = [
        Bath("hot", 1 / 1.2, FlatSpectrum(0.02), np.kron(X, one)),
        Bath("cold", 1.0, FlatSpectrum(0.02), np.kron(one, X)),
    ]
    full = free + exchange
    return local_generator(full, baths, free_hamiltonian=free, energy=free if energy_of == "free" else full)


def test_local_heat_depends_on_the_energy_observable_and_is_balanced():
    bare, full = steady_state(local_pair("free")), steady_state(local_pair("full"))
    assert full.heat_rates[0] < 0 < bare.heat_rates[1]
    assert full.switching_power == pytest.approx(0, abs=1e-16)
    assert full.heat_rates.sum() == pytest.approx(0, abs=1e-16)
    assert bare.heat_rates.sum() + bare.switching_power == pytest.approx(0, abs=1e-16)
    assert -(bare.heat_rates @ [1 / 1.2, 1.0]) > 0 > -(full.heat_rates @ [1 / 1.2, 1.0])
