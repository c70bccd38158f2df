"""Ledgers against QuTiP: heat, work, entropy production and currents of random models, with jumps built here anew."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_hermitian, random_state

from loschmidt import (
    Bath,
    FermionicSpectrum,
    OhmicSpectrum,
    build_ledger,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    evolve,
    gkls_generator,
    jump_dissipator,
    local_generator,
    redfield_generator,
    steady_state,
)

qutip = pytest.importorskip("qutip")

PRECISE = {"method": "dop853", "rtol": 1e-12, "atol": 1e-14, "nsteps": 10**6}
X, Z, LOWER = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [0.0, 0.0]])
COUPLING, CUTOFF = 0.03, 6.0


def ohmic(omega: float, beta: float) -> float:
    if omega == 0:
        return COUPLING / beta
    density = COUPLING * abs(omega) * np.exp(-abs(omega) / CUTOFF)
    return density / -np.expm1(-beta * omega) if omega > 0 else density / np.expm1(-beta * omega)


def components(h, operator):
    """Yield ω and the part of an operator that takes ω out of the system, for levels and gaps to 1e-8."""
    energies, basis = np.linalg.eigh(h)
    gaps = energies[None, :] - energies[:, None]
    groups = np.round(gaps, 8) + 0.0
    inner = basis.conj().T @ operator @ basis
    for group in np.unique(groups):
        omega = float(gaps[groups == group].mean()) if group else 0.0
        yield omega, basis @ np.where(groups == group, inner, 0) @ basis.conj().T


def thermal_jumps(h, operator, beta):
    return [qutip.Qobj(np.sqrt(ohmic(omega, beta)) * part) for omega, part in components(h, operator)]


def heat_operator(energy, jumps):
    return sum((c.dag() * energy * c - 0.5 * (c.dag() * c * energy + energy * c.dag() * c) for c in jumps), 0 * energy)


def heat_and_states(h, energy, jumps, start, times):
    """Return heat per bath (T, n) by Gauss-Legendre quadrature of QuTiP's expectation values, and states."""
    h, energy = qutip.Qobj(h), qutip.Qobj(energy)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    halves = np.diff(times)[:, None] / 2
    inner = (times[:-1, None] + halves * (1 + nodes)).ravel()
    grid = np.sort(np.concatenate([times, inner]))
    everything = [c for bath in jumps for c in bath]
    result = qutip.mesolve(
        h,
        qutip.Qobj(start),
        grid,
        c_ops=everything,
        e_ops=[heat_operator(energy, bath) for bath in jumps],
        options={**PRECISE, "store_states": True},
    )
    rates = np.array(result.expect).real[:, np.isin(grid, inner)].reshape(len(jumps), len(halves), -1)
    heat = np.cumsum((rates * weights * halves).sum(axis=2), axis=1).T
    states = [state for state, time in zip(result.states, grid, strict=True) if time in times]
    return np.vstack([np.zeros(len(jumps)), heat]), states


def compare(process, energy, jumps, betas, start, times):
    book = build_ledger(evolve(process, start, times))
    heat, states = heat_and_states(process.hamiltonian, energy, jumps, start, times)
    assert book["heat"].values == pytest.approx(heat, abs=1e-9)
    assert book["energy"].values == pytest.approx([qutip.expect(qutip.Qobj(energy), s) for s in states], abs=1e-9)
    entropy = np.array([qutip.entropy_vn(s) for s in states])
    assert book["entropy"].values == pytest.approx(entropy, abs=1e-9)
    production = entropy - entropy[0] - heat @ np.array(betas)
    assert book["entropy_production"].values == pytest.approx(production, abs=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_davies(seed):
    rng = np.random.default_rng(seed)
    d = 2 + seed % 3
    h = np.diag(np.arange(d) * 0.8) if seed == 3 else random_hermitian(rng, d)
    operators, betas = [random_hermitian(rng, d), random_hermitian(rng, d)], (0.5, 2.0)
    baths = [Bath(f"{k}", betas[k], OhmicSpectrum(COUPLING, CUTOFF), operators[k]) for k in range(2)]
    jumps = [thermal_jumps(h, operators[k], betas[k]) for k in range(2)]
    start = random_state(rng, d)
    compare(davies_generator(h, baths), h, jumps, betas, start, np.array([0.0, 0.7, 5.0]))


@pytest.mark.parametrize("heat_of", ["free", "full"])
def test_local(heat_of):
    free = 0.5 * np.kron(Z, np.eye(2)) + 0.4 * np.kron(np.eye(2), Z)
    full = free + 0.15 * np.kron(X, X)
    operators, betas = [np.kron(X, np.eye(2)), np.kron(np.eye(2), X)], (0.5, 3.0)
    baths = [Bath(f"{k}", betas[k], OhmicSpectrum(COUPLING, CUTOFF), operators[k]) for k in range(2)]
    energy = {"free": free, "full": full}[heat_of]
    process = local_generator(full, baths, free_hamiltonian=free, energy=energy)
    jumps = [thermal_jumps(free, operators[k], betas[k]) for k in range(2)]
    compare(process, energy, jumps, betas, random_state(np.random.default_rng(1), 4), np.array([0.0, 2.0, 6.0]))
    settled = steady_state(process)
    final = qutip.steadystate(qutip.Qobj(full), jumps[0] + jumps[1], method="direct")
    currents = [qutip.expect(heat_operator(qutip.Qobj(energy), bath), final) for bath in jumps]
    assert settled.state == pytest.approx(final.full(), abs=1e-11)
    assert settled.heat_rates == pytest.approx(currents, abs=1e-12)


@pytest.mark.parametrize("seed", range(2))
def test_raw_jumps(seed):
    rng = np.random.default_rng(seed)
    h, betas = random_hermitian(rng, 3), (1.0, 0.3)
    parts = [rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3)) for _ in betas]
    rates = rng.uniform(0.01, 0.1, size=(2, 2))
    baths = [jump_dissipator(f"{k}", parts[k], rates[k], beta=betas[k]) for k in range(2)]
    jumps = [[qutip.Qobj(np.sqrt(r) * a) for r, a in zip(rates[k], parts[k], strict=True)] for k in range(2)]
    compare(gkls_generator(h, baths), h, jumps, betas, random_state(rng, 3), np.array([0.0, 1.0, 3.0]))


def test_quantum_dot_between_two_leads():
    levels, repulsion, betas, potentials, rate = (0.3, 0.9), 0.5, (0.8, 4.0), (0.7, -0.1), 0.05
    operators = [np.kron(LOWER, np.eye(2)), np.kron(Z, LOWER)]
    counts = [a.T @ a for a in operators]
    number = counts[0] + counts[1]
    h = levels[0] * counts[0] + levels[1] * counts[1] + repulsion * counts[0] @ counts[1]
    operators = [operators[0], operators[0] + 0.5 * operators[1]]
    baths = [
        Bath(f"{k}", betas[k], FermionicSpectrum(rate), operators[k], chemical_potential=potentials[k])
        for k in range(2)
    ]
    jumps = []
    for k in range(2):
        parts = [(part, 1 / (np.exp(betas[k] * (w - potentials[k])) + 1)) for w, part in components(h, operators[k])]
        parts = [(part, f) for part, f in parts if np.abs(part).max() > 1e-12]
        jumps.append([qutip.Qobj(np.sqrt(rate * (1 - f)) * part) for part, f in parts])
        jumps[k] += [qutip.Qobj(np.sqrt(rate * f) * part.conj().T) for part, f in parts]
    settled = steady_state(davies_generator(h, baths, number=number))
    final = qutip.steadystate(qutip.Qobj(h), jumps[0] + jumps[1], method="direct")
    for k in range(2):
        particles = qutip.expect(heat_operator(qutip.Qobj(number), jumps[k]), final)
        energy = qutip.expect(heat_operator(qutip.Qobj(h), jumps[k]), final)
        assert settled.particle_rates[k] == pytest.approx(particles, abs=1e-13)
        assert settled.heat_rates[k] == pytest.approx(energy - potentials[k] * particles, abs=1e-13)


@pytest.mark.parametrize("seed", range(2))
def test_redfield(seed):
    rng = np.random.default_rng(seed)
    h, operator = random_hermitian(rng, 3).real, random_hermitian(rng, 3).real  # QuTiP's tensor is for real ones
    beta, times = 0.7, np.array([0.0, 1.0, 10.0])
    process = redfield_generator(h, [Bath("bath", beta, OhmicSpectrum(COUPLING, CUTOFF), operator)])
    start = random_state(rng, 3)

    def spectrum(w):  # QuTiP goes by the name w
        return ohmic(float(w), beta)

    tensor = qutip.bloch_redfield_tensor(
        qutip.Qobj(h), [[qutip.Qobj(operator), spectrum]], sec_cutoff=-1, fock_basis=True
    )
    result = qutip.mesolve(tensor, qutip.Qobj(start), times, options={**PRECISE})
    evolution = evolve(process, start, times)
    assert evolution.states == pytest.approx(np.array([s.full() for s in result.states]), abs=1e-9)
    energies = np.array([qutip.expect(qutip.Qobj(h), s) for s in result.states])
    assert evolution.heat[:, 0] == pytest.approx(energies - energies[0], abs=1e-9)


def test_drive_with_fixed_jumps():
    rng = np.random.default_rng(0)
    h, pulse, beta, times = random_hermitian(rng, 2), random_hermitian(rng, 2), 1.2, np.linspace(0.0, 5.0, 3)
    drive = qutip.QobjEvo([qutip.Qobj(h), [qutip.Qobj(pulse), lambda t: 0.3 * np.sin(1.7 * t)]])
    rates, parts = (0.1, 0.04), np.array([LOWER, LOWER.T])
    bath = jump_dissipator("bath", parts, rates, beta=beta)
    start = random_state(rng, 2)
    book = build_ledger(evolve(driven_generator(driven_hamiltonian(drive), dissipators=[bath]), start, times))
    jumps = [qutip.Qobj(np.sqrt(rate) * part) for rate, part in zip(rates, parts, strict=True)]
    grid = np.linspace(0.0, 5.0, 1001)
    result = qutip.mesolve(
        drive,
        qutip.Qobj(start),
        grid,
        c_ops=jumps,
        e_ops=[qutip.Qobj(pulse)],
        options={**PRECISE, "store_states": True},
    )
    power = result.expect[0] * 0.51 * np.cos(1.7 * grid)
    weights = np.array([7, 32, 12, 32] * 250 + [7]) * 4 * 0.005 / 90  # Boole's rule
    weights[4:-1:4] *= 2
    assert book["work"].values[-1] == pytest.approx(power @ weights, abs=1e-9)
    energies = [qutip.expect(drive(time), state) for time, state in ((0.0, result.states[0]), (5.0, result.states[-1]))]
    heat = energies[1] - energies[0] - power @ weights
    assert book["heat"].values[-1, 0] == pytest.approx(heat, abs=1e-9)
    change = qutip.entropy_vn(result.states[-1]) - qutip.entropy_vn(result.states[0])
    assert book["entropy_production"].values[-1] == pytest.approx(change - beta * heat, abs=1e-8)


@pytest.mark.parametrize("seed", range(2))
def test_currents_between_two_baths(seed):
    rng = np.random.default_rng(10 + seed)
    h, operators, betas = random_hermitian(rng, 4), [random_hermitian(rng, 4) for _ in range(2)], (0.2, 5.0)
    baths = [Bath(f"{k}", betas[k], OhmicSpectrum(COUPLING, CUTOFF), operators[k]) for k in range(2)]
    settled = steady_state(davies_generator(h, baths))
    jumps = [thermal_jumps(h, operators[k], betas[k]) for k in range(2)]
    final = qutip.steadystate(qutip.Qobj(h), jumps[0] + jumps[1], method="direct")
    currents = [qutip.expect(heat_operator(qutip.Qobj(h), bath), final) for bath in jumps]
    assert settled.state == pytest.approx(final.full(), abs=1e-11)
    assert settled.heat_rates == pytest.approx(currents, abs=1e-11)
