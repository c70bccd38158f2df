"""Squeezed and engineered baths: closed forms of states and rates, and two entropy flows that agree in equilibrium."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import betas, dimensions, random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import InputError, NotAStateError, NotUniqueError, RateError, ResourceError, ShapeError
from loschmidt.evolution.steady import steady_state
from loschmidt.processes import Bath, OhmicSpectrum, davies_generator, gkls_generator, jump_dissipator
from loschmidt.processes.nonthermal import (
    engineered_dissipator,
    information_entropy_operator,
    jump_entropies,
    own_reference,
    reservoir_entropy_operator,
    squeezed_dissipator,
    stationary_reference,
)
from loschmidt.states.gibbs import gibbs_state

LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])
GAMMA, BETA, OMEGA = 0.3, 0.8, 1.4


def squeezed(r, phase=0.0, beta=BETA, lowering=LOWER):
    return squeezed_dissipator("squeezed", lowering, GAMMA, beta=beta, frequency=OMEGA, squeezing=r, phase=phase)


@given(r=st.floats(-1.5, 1.5), phase=st.floats(-3, 3), seed=seeds)
def test_squeezed_qubit_bath_in_textbook_form(r, phase, seed):
    bath = squeezed(r, phase)
    n = 1 / np.expm1(BETA * OMEGA)
    big, m = n * np.cosh(2 * r) + np.sinh(r) ** 2, -0.5 * (2 * n + 1) * np.sinh(2 * r) * np.exp(1j * phase)
    assert abs(m) ** 2 <= big * (big + 1)
    rho = random_state(np.random.default_rng(seed), 2)
    up = LOWER.T

    def damped(jump):
        loss = jump.conj().T @ jump
        return jump @ rho @ jump.conj().T - 0.5 * (loss @ rho + rho @ loss)

    expected = GAMMA * ((big + 1) * damped(LOWER) + big * damped(up))
    expected = expected - GAMMA * (m * up @ rho @ up + np.conj(m) * LOWER @ rho @ LOWER)
    assert bath.apply(rho) == pytest.approx(expected, abs=1e-13 * (big + 1))
    rates = np.sort(-np.linalg.eigvals(bath.superoperator()).real)
    decay = np.sort([0, GAMMA * (2 * big + 1), GAMMA * (big + 0.5 - abs(m)), GAMMA * (big + 0.5 + abs(m))])
    assert rates == pytest.approx(decay, abs=1e-12 * (big + 1))
    assert stationary_reference(bath) == pytest.approx(np.diag([big + 1, big]) / (2 * big + 1), abs=1e-12)


def test_the_reference_of_a_squeezed_bath_is_kept_and_the_energy_is_not():
    bath = squeezed(0.6, 0.3)
    assert bath.beta == BETA
    process = gkls_generator(np.zeros((2, 2)), [bath], energy=np.diag([0.0, OMEGA]))
    assert np.abs(bath.apply(gibbs_state(bath.reference, BETA))).max() < 1e-14
    assert np.abs(bath.apply(gibbs_state(process.energy, BETA))).max() > 1e-2
    assert process.detailed_balance_defects()["squeezed"] < 1e-12


def test_no_squeezing_is_a_thermal_bath():
    bath = squeezed(0.0)
    assert bath.reference == pytest.approx(np.diag([0, OMEGA]), abs=1e-13)
    assert jump_entropies(bath) == pytest.approx([BETA * OMEGA, -BETA * OMEGA])


def test_squeezed_oscillator_keeps_the_gibbs_state_of_the_squeezed_number():
    d, r = 20, 0.1
    lowering = np.diag(np.sqrt(np.arange(1.0, d)), 1)
    bath = squeezed(r, lowering=lowering)
    assert bath.reference is not None
    jump = bath.jumps[0]
    state = gibbs_state(bath.reference, BETA)
    # Far from the truncation π is the Gibbs state of ω R†R: its lowest gaps are ω.
    gaps = np.diff(np.linalg.eigvalsh(bath.reference)[:3])
    assert gaps == pytest.approx([OMEGA, OMEGA], rel=1e-4)
    assert np.trace(jump.conj().T @ jump @ state).real == pytest.approx(1 / np.expm1(BETA * OMEGA), rel=1e-3)


def test_a_squeezed_vacuum_has_no_temperature():
    bath = squeezed(0.5, beta=np.inf)
    assert (bath.beta, bath.reference) == (None, None)
    assert bath.rates == pytest.approx([GAMMA, 0])
    # Its own state is mixed nevertheless, so that one definition is left.
    assert stationary_reference(bath)[1, 1] > 0.1
    assert np.isfinite(information_entropy_operator(bath)).all()
    with pytest.raises(InputError, match="zero temperature gains infinite entropy"):
        reservoir_entropy_operator(bath)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"beta": 0.0}, "positive"), ({"rate": -1.0}, "positive"), ({"frequency": 0.0}, "positive")],
)
def test_wrong_numbers_are_refused(change, message):
    numbers = {"rate": 0.1, "beta": 1.0, "frequency": 1.0, "squeezing": 0.1} | change
    with pytest.raises(InputError, match=message):
        squeezed_dissipator("squeezed", LOWER, **numbers)
    with pytest.raises(ShapeError, match="one operator"):
        squeezed_dissipator("squeezed", [LOWER, LOWER], 0.1, beta=1.0, frequency=1.0, squeezing=0.1)


@given(seed=seeds, d=dimensions, beta=betas)
def test_both_entropy_flows_are_that_of_clausius_for_a_thermal_bath(seed, d, beta):
    process = random_davies(seed, d, (beta,))
    (bath,) = process.dissipators
    expected = -beta * bath.adjoint(process.energy)
    size = np.abs(expected).max()
    assert reservoir_entropy_operator(bath) == pytest.approx(expected, abs=1e-9 * size)
    reference = gibbs_state(process.energy, beta)
    if np.linalg.eigvalsh(reference)[0] > 1e-6:
        assert information_entropy_operator(bath, reference) == pytest.approx(expected, abs=1e-8 * size)


@given(seed=seeds, r=st.floats(-1.0, 1.0))
def test_entropy_productions_of_a_squeezed_bath_are_not_negative(seed, r):
    bath = squeezed(r, 0.7)
    rho = random_state(np.random.default_rng(seed), 2)
    values, vectors = np.linalg.eigh(rho)
    entropy_rate = -np.trace(bath.apply(rho) @ (vectors * np.log(values)) @ vectors.conj().T).real
    for operator in (information_entropy_operator(bath), reservoir_entropy_operator(bath)):
        assert entropy_rate + np.trace(operator @ rho).real >= -1e-12


@pytest.mark.parametrize("r", [1.0, 5.0, 6.0, 8.0])
def test_strongly_squeezed_jumps_are_not_taken_for_their_own_reverse(r):
    bath = squeezed(r)
    up, down = np.sinh(r), np.cosh(r)
    found = np.trace(reservoir_entropy_operator(bath)).real
    # Σ s γ tr L†L = βω γ [(n + 1) - n] (cosh² + sinh²)
    assert found == pytest.approx(BETA * OMEGA * GAMMA * (up**2 + down**2), rel=1e-8)


def test_the_flows_differ_where_nothing_relaxes():
    bath = squeezed(0.5)
    pi = stationary_reference(bath)
    assert np.trace(information_entropy_operator(bath) @ pi).real == pytest.approx(0, abs=1e-14)
    n, big = 1 / np.expm1(BETA * OMEGA), None
    big = n * np.cosh(1.0) + np.sinh(0.5) ** 2
    excited = big / (2 * big + 1)
    # ⟨R†R⟩ = cosh² p_e + sinh² p_g and ⟨RR†⟩ = cosh² p_g + sinh² p_e.
    c, s = np.cosh(0.5) ** 2, np.sinh(0.5) ** 2
    up, down = c * (1 - excited) + s * excited, c * excited + s * (1 - excited)
    expected = BETA * OMEGA * GAMMA * ((n + 1) * down - n * up)
    assert np.trace(reservoir_entropy_operator(bath) @ pi).real == pytest.approx(expected, rel=1e-12)
    assert expected > 0.05


def test_clausius_fails_with_the_temperature_of_a_squeezed_bath():
    bath = squeezed(0.8)
    energy = np.diag([0.0, OMEGA])
    productions = []
    for excited in np.linspace(0.05, 0.45, 9):
        rho = np.diag([1 - excited, excited]).astype(complex)
        change = np.diag(bath.apply(rho)).real
        heat = (change * np.diag(energy)).sum()
        productions.append(-(change * np.log(np.diag(rho).real)).sum() - BETA * heat)
    assert min(productions) < -0.01
    assert max(productions) > 0.01


# ── engineered baths ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_thermal_rates_make_a_davies_bath():
    rng = np.random.default_rng(3)
    h, a = random_hermitian(rng, 3), random_hermitian(rng, 3)
    spectrum = OhmicSpectrum(0.1, 5.0)
    davies = davies_generator(h, [Bath("thermal", 1.3, spectrum, a)])
    bath = engineered_dissipator("thermal", h, a, lambda w: spectrum.rate(w, 1.3))
    rho = random_state(rng, 3)
    assert bath.apply(rho) == pytest.approx(davies.dissipators[0].apply(rho), abs=1e-14)
    assert bath.beta is None
    assert jump_entropies(bath) == pytest.approx(1.3 * bath.frequencies, abs=1e-9)


def test_a_pump_inverts_and_a_cycle_of_temperatures_drives_a_current():
    pump = engineered_dissipator("pump", np.diag([0.0, 1.0]), LOWER + LOWER.T, lambda w: np.where(w < 0, 0.3, 0.1))
    process = gkls_generator(np.diag([0.0, 1.0]), [pump])
    assert steady_state(process).state[1, 1].real == pytest.approx(0.75)
    assert np.trace(reservoir_entropy_operator(pump) @ stationary_reference(pump)).real == pytest.approx(0, abs=1e-15)
    # Three levels whose transitions see three temperatures: detailed balance fails, and the reservoir pays for it.
    h = np.diag([0.0, 1.0, 2.7])
    ring = np.ones((3, 3)) - np.eye(3)
    temperatures = {1.0: 0.3, 1.7: 1.0, 2.7: 3.0}

    def rate(w):
        beta = np.array([1 / temperatures[round(abs(float(x)), 9)] for x in w])
        return 0.1 / (1 + np.exp(-beta * w))

    bath = engineered_dissipator("three temperatures", h, ring, rate)
    pi = stationary_reference(bath)
    assert np.trace(reservoir_entropy_operator(bath) @ pi).real > 1e-3
    assert np.trace(information_entropy_operator(bath) @ pi).real == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize(
    ("rate", "error", "message"),
    [
        (lambda w: -np.ones(len(w)), RateError, r"at ω = -1 it is -1"),
        (lambda w: np.zeros(len(w)), RateError, "vanishes at all"),
        (lambda w: np.ones(7), ShapeError, "one rate for each"),
    ],
)
def test_wrong_rates_are_refused(rate, error, message):
    with pytest.raises(error, match=message):
        engineered_dissipator("bad", np.diag([0.0, 1.0]), LOWER + LOWER.T, rate)
    with pytest.raises(InputError, match="must not vanish"):
        engineered_dissipator("bad", np.diag([0.0, 1.0]), np.zeros((2, 2)), lambda w: w)


# ── references ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_references_are_refused_where_there_are_none():
    with pytest.raises(NotAStateError, match="faithful"):
        stationary_reference(jump_dissipator("vacuum", [LOWER], [0.1]))
    with pytest.raises(NotUniqueError, match="keeps 2"):
        stationary_reference(jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.1]))
    with pytest.raises(ResourceError, match=r"0.3 GB"):
        stationary_reference(jump_dissipator("large", [np.eye(65)], [0.1]))
    with pytest.raises(NotAStateError, match="faithful"):
        information_entropy_operator(jump_dissipator("vacuum", [LOWER], [0.1]), np.diag([1.0, 0.0]))
    with pytest.raises(NotAStateError, match="faithful"):
        own_reference(np.diag([1.0, 0.0]), 1.0)
    negative = jump_dissipator("odd", [LOWER, LOWER.T], [0.2, -0.1], negative_rates=True)
    with pytest.raises(InputError, match="no jump"):
        reservoir_entropy_operator(negative)


@given(seed=seeds, d=dimensions, beta=st.floats(0.1, 3.0))
def test_the_own_reference_has_the_state_as_gibbs_state(seed, d, beta):
    state = random_state(np.random.default_rng(seed), d)
    assert gibbs_state(own_reference(state, beta), beta) == pytest.approx(state, abs=1e-10)
