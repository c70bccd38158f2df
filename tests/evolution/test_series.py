"""Power series of larger systems: bounds that hold, honest errors, drives that begin or end abruptly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from tests.evolution.test_runge_kutta import X, Z, chain, random_dissipator, random_driven, site
from tests.physics import random_bath, random_hermitian, random_state, seeds

from loschmidt.errors import ConvergenceError
from loschmidt.evolution import series_stepping
from loschmidt.evolution.dense_rates import product_rates
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.linear_form import linear_form
from loschmidt.evolution.packed_states import pack, packed_size
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.evolution.series_systems import series_system
from loschmidt.processes import (
    Bath,
    OhmicSpectrum,
    TabulatedCoefficient,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
    redfield_generator,
)

FINEST = RungeKutta(rtol=1e-13, atol=1e-15)


def generators(rng, d):
    h = random_hermitian(rng, d)
    yield gkls_generator(h, [random_dissipator(rng, d, "a"), random_dissipator(rng, d, "b", count=3)])
    yield davies_generator(h, [random_bath(rng, d, "a", 1.0), random_bath(rng, d, "b", 0.2)])
    yield redfield_generator(h, [Bath("b", 1.0, OhmicSpectrum(0.1, 5.0), random_hermitian(rng, d))])
    signed = jump_dissipator("b", [random_hermitian(rng, d), np.eye(d, k=1)], [0.2, -0.3], negative_rates=True)
    yield gkls_generator(h, [signed])


@given(seed=seeds, d=st.integers(2, 6))
def test_norms_bound_the_generator_and_its_exchanges(seed, d):
    for process in generators(np.random.default_rng(seed), d):
        form = linear_form(process)
        system = series_system(form, product_rates(form))
        true = np.linalg.norm(process.superoperator(), 2)
        assert true <= system.norms[0, 0] * (1 + 1e-12)
        assert system.norms[0, 0] < 12 * d * true
        assert system.norms[1:, 0] == pytest.approx(np.linalg.norm(form.exchanges[0], axis=(1, 2)))


def test_exchanges_are_the_integral_of_their_rates():
    process, _ = random_driven(2, 3)
    form, rng = linear_form(process), np.random.default_rng(0)
    system = series_system(form, product_rates(form))
    states = [random_hermitian(rng, 3) for _ in range(5)]
    powers = np.zeros((len(form.hamiltonians), 16))
    powers[:, :4] = rng.normal(size=(len(powers), 4))
    found = system.exchange_series(powers, 0.3, pack(np.array(states)))
    for k in range(4):
        rate = sum(
            powers[j, i] * np.einsum("mab,ba->m", form.exchanges[j], states[k - i]).real
            for j in range(len(powers))
            for i in range(k + 1)
        )
        assert found[k + 1] == pytest.approx(0.3 / (k + 1) * rate, abs=1e-14)
    assert (found[0] == 0).all()


@settings(max_examples=10)
@given(seed=seeds, d=st.integers(9, 12))
def test_reported_errors_are_honest(seed, d):
    process, state = random_driven(seed, d)
    times = np.linspace(0, 6, 25)
    fine = evolve(process, state, times, FINEST)
    for rtol in (1e-5, 1e-8):
        run = evolve(process, state, times, RungeKutta(rtol=rtol))
        true = np.linalg.norm(run.states - fine.states, axis=(1, 2))
        assert (true <= run.error + 1e-13).all()
        exchanged = np.abs(np.column_stack([run.heat - fine.heat, run.work - fine.work])).max(axis=1)
        assert (exchanged <= run.exchange_error + 1e-12).all()
        assert 0 < run.error.max() < 100 * rtol
        assert run.error[0] == 0


def test_heat_and_work_of_a_chain_against_scipy():
    bonds, field, ends = chain(4)
    process = driven_generator(driven_hamiltonian(bonds, [(field, lambda t: 0.5 + 0.2 * np.sin(t))]), dissipators=ends)
    state, times = random_state(np.random.default_rng(1), 16), np.linspace(0, 4, 9)

    def slope(t, y):
        rho, generator = y[:256].reshape(16, 16), process.at(t)
        heat = [np.trace(generator.energy @ one.apply(rho)) for one in generator.dissipators]
        return np.concatenate([generator.apply(rho).reshape(-1), heat, [np.trace(process.energy_rate_at(t) @ rho)]])

    start = np.concatenate([state.reshape(-1), np.zeros(3)]).astype(complex)
    found = solve_ivp(slope, (0, 4), start, "DOP853", times, rtol=1e-11, atol=1e-13).y.T
    run = evolve(process, state, times)
    assert np.abs(run.states.reshape(-1, 256) - found[:, :256]).max() < 1e-9
    assert np.abs(run.heat - found[:, 256:258]).max() < 1e-9
    assert np.abs(run.work - found[:, 258]).max() < 1e-9
    assert np.abs(run.work).max() > 1e-2


@pytest.mark.parametrize("power", [6, 9, 11])
def test_a_drive_that_begins_imperceptibly(power):
    # The state does not move before the drive does, so the first coefficients of its series all vanish.
    place = site(4, 0, X)
    drive = driven_hamiltonian(sum(site(4, k, Z) for k in range(4)), [(place, lambda t: t**power)])
    state = np.zeros((16, 16))
    state[0, 0] = 1
    run = evolve(driven_generator(drive, dissipators=[]), state, [0.0, 0.5, 1.2], RungeKutta(rtol=1e-9))
    small = driven_generator(driven_hamiltonian(Z, [(X, lambda t: t**power)]), dissipators=[])
    qubit = evolve(small, [1, 0], [0.0, 0.5, 1.2], FINEST)
    assert np.abs(run.states[:, 8, 8] - qubit.states[:, 1, 1]).max() < 1e-8
    assert run.states[-1, 8, 8].real > 1e-4


def test_a_drive_with_many_knots_takes_no_more_products_than_it_needs(monkeypatch):
    grid = np.linspace(0, 10, 200)
    table = TabulatedCoefficient(tuple(grid), tuple(np.sin(grid)))
    bonds, field, ends = chain(4)
    process = driven_generator(driven_hamiltonian(bonds, [(field, table)]), dissipators=ends)
    orders, original = [], series_stepping._write

    def counting(here, found, *rest):
        orders.append(len(found.series) - 1)
        original(here, found, *rest)

    monkeypatch.setattr(series_stepping, "_write", counting)
    run = evolve(process, np.eye(16) / 16, np.linspace(0, 10, 3), RungeKutta(rtol=1e-8))
    assert len(orders) >= 199
    assert np.mean(orders) < 14
    gained = np.einsum("tab,tba->t", process.energy_at(run.times), run.states).real
    assert np.abs(gained - gained[0] - run.work - run.heat.sum(axis=1)).max() < 1e-8


def test_first_steps_much_too_long_are_cut():
    bonds, field, ends = chain(4)
    state = random_state(np.random.default_rng(0), 16)
    scaled = [jump_dissipator(one.bath, one.jumps, 1e6 * one.rates) for one in ends]
    process = gkls_generator(1e6 * (bonds + field), scaled)
    times = np.array([0.0, 2e-6, 1e-5])
    run, exact = (evolve(process, state, times, method) for method in (RungeKutta(), MatrixExponential()))
    assert np.abs(run.states - exact.states).max() < 1e-9
    for scale in (1e18, 1e20, 1e60):
        with pytest.raises(ConvergenceError, match="change the time"):
            evolve(gkls_generator(scale * (bonds + field), ends), state, [1.0, 2.0], RungeKutta())


def test_without_what_can_be_kept_there_is_no_dense_output(monkeypatch):
    process, state = random_driven(3, 10, baths=1)
    monkeypatch.setattr(series_stepping, "_LARGEST_STORE", 16.0 * packed_size(10))
    run = evolve(process, state, [0.0, 4.0])
    assert run.dense is None


def test_many_outputs_are_written_in_blocks(monkeypatch):
    process, state = random_driven(4, 9, baths=1)
    times = np.linspace(0, 2, 60)
    whole = evolve(process, state, times)
    monkeypatch.setattr(series_stepping, "_BLOCK", 1)
    blocks = evolve(process, state, times)
    assert np.abs(whole.states - blocks.states).max() < 1e-15
    assert np.abs(whole.heat - blocks.heat).max() < 1e-15
