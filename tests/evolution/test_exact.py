"""The matrix exponential takes every time-independent equation and measures its own round-off."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.linalg
from tests.physics import random_hermitian, random_state

from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.processes import (
    Bath,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
    local_generator,
    redfield_generator,
)

X, Z, ONE = np.array([[0, 1], [1, 0]]), np.diag([1.0, -1.0]), np.eye(2)
TIMES = np.array([0.0, 0.01, 1.0, 7.5, 60.0])


def baths():
    return [
        Bath("h", 0.5, OhmicSpectrum(0.02, 5.0), np.kron(X, ONE)),
        Bath("c", 2.0, OhmicSpectrum(0.03, 5.0), np.kron(ONE, X)),
    ]


def local():
    free = -(np.kron(Z, ONE) + 0.8 * np.kron(ONE, Z)) / 2
    coupled = free + 0.1 * np.kron(X, X)
    return local_generator(coupled, baths(), free_hamiltonian=free, energy=free)


def redfield():
    return redfield_generator(-(np.kron(Z, ONE) + 0.8 * np.kron(ONE, Z)) / 2 + 0.1 * np.kron(X, X), baths())


def unknown_bath():
    rng = np.random.default_rng(7)
    jumps = [rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4)) for _ in range(2)]
    energy = random_hermitian(rng, 4)
    return gkls_generator(random_hermitian(rng, 4), [jump_dissipator("b", jumps, [0.01, 0.02])], energy=energy)


@pytest.mark.parametrize("make", [local, redfield, unknown_bath])
def test_states_and_exchanges(make):
    process = make()
    state = random_state(np.random.default_rng(3), 4)
    found = evolve(process, state, TIMES, MatrixExponential())
    superoperator = process.superoperator()
    for k, time in enumerate(TIMES):
        wanted = (scipy.linalg.expm(superoperator * time) @ state.T.reshape(-1)).reshape(4, 4).T
        assert np.linalg.norm(found.states[k] - wanted) <= found.error[k] + 1e-12
    energy = np.einsum("ab,tba->t", process.energy, found.states).real
    gained = found.heat.sum(axis=1) + found.switching_work
    np.testing.assert_allclose(energy - energy[0], gained, atol=1e-12)
    assert found.error.max() < 1e-11
    assert found.exchange_error.max() < 1e-10


@pytest.mark.parametrize("make", [local, unknown_bath])
def test_heat_and_switching_work_apart(make):
    # Their integrals by Gauss–Legendre quadrature of the dense output.
    process = make()
    state = random_state(np.random.default_rng(4), 4)
    found = evolve(process, state, np.linspace(0.0, 3.0, 4), MatrixExponential())
    nodes, weights = np.polynomial.legendre.leggauss(40)
    states = found.dense(1.5 * (nodes + 1))
    energy, h = process.energy, process.effective_hamiltonian
    heat = 1.5 * weights @ np.einsum("ab,tba->t", energy, process.dissipators[0].apply(states)).real
    moved = -1j * (h @ states - states @ h)
    switching = 1.5 * weights @ np.einsum("ab,tba->t", energy, moved).real
    assert abs(switching) > 1e-4
    assert found.heat[-1, 0] == pytest.approx(heat, abs=1e-12)
    assert found.switching_work[-1] == pytest.approx(switching, abs=1e-12)


def test_even_and_uneven_times_and_dense_output_agree():
    process, state = local(), random_state(np.random.default_rng(5), 4)
    even = evolve(process, state, np.linspace(0.0, 50.0, 26), MatrixExponential())
    uneven = evolve(process, state, np.array([0.0, 2.0, 10.0, 50.0]), MatrixExponential())
    np.testing.assert_allclose(even.states[[0, 1, 5, 25]], uneven.states, atol=1e-13)
    np.testing.assert_allclose(even.heat[[0, 1, 5, 25]], uneven.heat, atol=1e-13)
    np.testing.assert_allclose(uneven.dense(np.array([2.0, 10.0])), uneven.components[1:3], atol=1e-13)


@pytest.mark.parametrize(("rate", "stop"), [(1e-9, 1e4), (1e-3, 1e6), (1e-9, 1e8)])
def test_error_grows_with_the_phase_that_round_off_turns(rate, stop):
    # A qubit whose solution is closed, in a basis that is not that of its energies.
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    lower, energies = turn @ [[0, 1], [0, 0]] @ turn.T, turn @ np.diag([0.0, 1.0]) @ turn.T
    process = gkls_generator(energies, [jump_dissipator("vacuum", [lower], [rate], beta=math.inf)])
    found = evolve(process, turn @ [1.0, 1.0] / math.sqrt(2), [0.0, stop], MatrixExponential())
    excited = 0.5 * math.exp(-rate * stop)
    phase = 0.5 * math.exp(-0.5 * rate * stop) * np.exp(1j * stop)
    wanted = turn @ np.array([[1 - excited, phase], [phase.conjugate(), excited]]) @ turn.T
    assert np.linalg.norm(found.states[-1] - wanted) <= found.error[-1]
    assert abs(found.heat[-1, 0] + 0.5 - excited) <= found.exchange_error[-1]
    assert found.error[-1] < 1e-14 * stop


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_units_do_not_matter(scale):
    rng = np.random.default_rng(8)
    h, coupling, state = random_hermitian(rng, 3), random_hermitian(rng, 3), random_state(rng, 3)
    results = [
        evolve(
            davies_generator(h * unit, [Bath("b", 0.7 / unit, OhmicSpectrum(0.02), coupling)]),
            state,
            TIMES / unit,
            MatrixExponential(),
        )
        for unit in (1.0, scale)
    ]
    np.testing.assert_allclose(results[1].states, results[0].states, atol=1e-12)
    np.testing.assert_allclose(results[1].heat / scale, results[0].heat, atol=1e-12)


def test_what_it_does_not_take():
    drive = driven_hamiltonian(Z / 2, [(X, np.sin)])
    jumps = [jump_dissipator("b", [[[0, 1], [0, 0]]], [0.1])]
    with pytest.raises(InputError, match="RungeKutta"):
        evolve(driven_generator(drive, dissipators=jumps, energy=Z / 2), ONE / 2, [0.0, 1.0], MatrixExponential())
    d = 60
    large = gkls_generator(np.zeros((d, d)), [jump_dissipator("b", [np.eye(d)], [0.1])])
    with pytest.raises(ResourceError, match="Krylov"):
        evolve(large, np.eye(d) / d, [0.0, 1.0], MatrixExponential())
