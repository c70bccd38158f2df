from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import InputError
from loschmidt.evolution import MatrixExponential, RungeKutta, evolve
from loschmidt.ledger.entropy_split import entropy_split
from loschmidt.ledger.temperature_poles import temperature_poles
from loschmidt.processes import driven_generator, driven_hamiltonian, gkls_generator, jump_dissipator
from loschmidt.processes.generators import Generator

LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])
QUBIT = np.diag([0.0, 1.0])


def thermal(rate: float = 1.0, beta: float = 1.0, name: str = "bath"):
    occupation = 1 / math.expm1(beta)
    return jump_dissipator(name, [LOWER, LOWER.T], [rate * (occupation + 1), rate * occupation], beta=beta)


def thermal_qubit(rate: float = 1.0, beta: float = 1.0) -> Generator:
    return gkls_generator(QUBIT, [thermal(rate, beta)])


@pytest.mark.parametrize("times", [[0.0, 6.0], np.linspace(0.0, 6.0, 50)])
def test_population_through_one_half(times):
    found = temperature_poles(evolve(thermal_qubit(), np.diag([0.1, 0.9]), times))
    settled = 1 / (1 + math.e)
    exact = math.log((0.9 - settled) / (0.5 - settled)) * math.tanh(0.5)
    assert exact == pytest.approx(0.4643018, abs=5e-8)
    np.testing.assert_allclose(found.poles, [exact], rtol=1e-12)
    np.testing.assert_allclose(found.pole_states[:, 1, 1], 0.5, rtol=1e-12)
    np.testing.assert_allclose(found.poles_by_bath["bath"], [exact], rtol=1e-12)
    assert found.zeros.shape == (0,)
    assert found.zero_states.shape == (0, 2, 2)


@pytest.mark.parametrize("method", [None, MatrixExponential(), RungeKutta()])
def test_coherence_moves_the_pole(method):
    start = np.array([[0.3, 0.42], [0.42, 0.7]])
    found = temperature_poles(evolve(thermal_qubit(), start, np.linspace(0.0, 5.0, 6), method))
    np.testing.assert_allclose(found.poles, [1.2898330], atol=5e-8)
    np.testing.assert_allclose(found.pole_states[:, 1, 1].real, [0.2954], atol=5e-5)
    split = entropy_split(thermal_qubit(), found.pole_states)
    assert abs(split.exterior[0]) < 1e-9
    assert split.heat[0] < -0.01


@given(start=st.floats(0.02, 0.98), coherence=st.floats(0.0, 0.95), beta=st.floats(0.2, 4.0))
def test_rates_vanish_where_they_are_said_to(start, coherence, beta):
    size = coherence * math.sqrt(start * (1 - start))
    state = np.array([[1 - start, size], [size, start]])
    process = gkls_generator(QUBIT, [thermal(1.0, beta, "first"), thermal(0.7, 0.3, "second")])
    evolution = evolve(process, state, np.linspace(0.0, 8.0, 9))
    found = temperature_poles(evolution)
    assert evolution.dense is not None
    later = entropy_split(process, evolution.in_original_basis(evolution.dense(np.linspace(0.0, 8.0, 801))))
    for total, times, states in (
        (later.exterior, found.poles, found.pole_states),
        (later.heat, found.zeros, found.zero_states),
    ):
        sure = total[np.isfinite(total) & (np.abs(total) > 1e-9)]
        assert len(times) == np.count_nonzero(np.diff(np.sign(sure)))
        at = entropy_split(process, states) if len(times) else None
        if at is not None:
            assert np.abs(at.exterior if total is later.exterior else at.heat).max() < 1e-10
    for number, name in enumerate(("first", "second")):
        share = later.heat_by_bath[:, number]
        sure = share[np.abs(share) > 1e-9]
        assert len(found.zeros_by_bath[name]) == np.count_nonzero(np.diff(np.sign(sure)))


def test_infinite_start_has_a_sign_too():
    found = temperature_poles(evolve(thermal_qubit(), [0, 1], [0.0, 6.0]))
    settled = 1 / (1 + math.e)
    exact = math.log((1 - settled) / (0.5 - settled)) * math.tanh(0.5)
    np.testing.assert_allclose(found.poles, [exact], rtol=1e-12)


def test_round_off_in_equilibrium_is_no_passage():
    settled = 1 / (1 + math.e)
    found = temperature_poles(evolve(thermal_qubit(), np.diag([1 - settled, settled]), np.linspace(0.0, 50.0, 101)))
    assert len(found.poles) == len(found.zeros) == 0
    late = temperature_poles(evolve(thermal_qubit(), np.diag([0.1, 0.9]), np.linspace(0.0, 200.0, 101)))
    assert len(late.poles) == 1


def test_driven_evolution():
    swing = driven_hamiltonian(0.5 * QUBIT, [(np.array([[0, 0.3], [0.3, 0]]), np.sin)])
    process = driven_generator(swing, dissipators=[thermal(0.3)], energy=QUBIT)
    evolution = evolve(process, np.diag([0.2, 0.8]), np.linspace(0.0, 10.0, 11))
    found = temperature_poles(evolution, between=7)
    assert len(found.poles) > 0
    for time, state in zip(found.poles, found.pole_states, strict=True):
        assert abs(entropy_split(process.at(float(time)), state).exterior) < 1e-9


def test_border():
    evolution = evolve(thermal_qubit(), [0, 1], [0.0, 1.0])
    with pytest.raises(InputError, match="between output times"):
        temperature_poles(replace(evolution, dense=None))
    with pytest.raises(InputError, match="`between`"):
        temperature_poles(evolution, between=-1)


@pytest.mark.parametrize("first", [-6.0, -0.4643017825302838, 100.0])
def test_clocks_may_start_anywhere(first):
    evolution = evolve(thermal_qubit(), np.diag([0.1, 0.9]), first + np.linspace(0.0, 6.0, 4))
    np.testing.assert_allclose(
        temperature_poles(evolution).poles, [first + 0.46430178253028376], rtol=1e-11, atol=1e-12
    )
