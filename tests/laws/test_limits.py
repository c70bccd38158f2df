"""Limits in which an account or a verdict could go wrong: stiff starts, frozen baths, round-off, undefined numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.physics import random_davies, random_hermitian, random_state

from loschmidt.evolution import evolve, steady_state
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.processes import Bath, FlatSpectrum, GlauberSpectrum, OhmicSpectrum, davies_generator, redfield_generator

X, H = np.array([[0, 1], [1, 0]]), np.diag([0.0, 1.0])


def qubit(beta, rate=0.1):
    return davies_generator(H, [Bath("cold", beta, GlauberSpectrum(rate), X)])


def ledger_of(process, state, times):
    return build_ledger(evolve(process, state, times))


@pytest.mark.parametrize(("rate", "end"), [(100.0, 100.0), (0.1, 1e6), (1e6, 1e3)])
def test_relaxation_much_faster_than_the_output_times_is_integrated(rate, end):
    ledger = ledger_of(qubit(1.0, rate), np.eye(2) / 2, [0, end])
    by_bath, total = float(ledger["entropy_production_by_bath"][-1, 0]), float(ledger["entropy_production"][-1])
    assert by_bath == pytest.approx(total, abs=1e-8)
    assert not audit(ledger).violated


def test_qubits_started_in_an_eigenstate_violate_nothing():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        bath = Bath("b", 10 ** rng.uniform(-2, 1), GlauberSpectrum(10 ** rng.uniform(-3, 0)), X)
        process = davies_generator(np.diag([0.0, rng.uniform(0.1, 3)]), [bath])
        ledger = ledger_of(process, [0, 1] if seed % 2 else [1, 0], [0, 10 ** rng.uniform(-1, 2.5)])
        assert not audit(ledger).violated, seed


def test_upward_rate_below_the_smallest_number_leaves_production_finite():
    ledger = ledger_of(qubit(750.0), np.eye(2) / 2, [0, 1.0])
    rate = ledger["entropy_production_rate"].values
    assert np.isfinite(rate).all()
    assert rate[0] == pytest.approx(750 * 0.05, rel=1e-10)
    assert not audit(ledger).violated


@pytest.mark.parametrize("beta", [690.0, 720.0, 740.0])
@pytest.mark.parametrize("scale", [1.0, 1e-12])
def test_rates_that_lost_their_digits_to_underflow_do_not_break_detailed_balance(beta, scale):
    bath = Bath("b", beta / scale, OhmicSpectrum(0.1), X)
    ledger = ledger_of(davies_generator(scale * H, [bath]), np.eye(2) / 2, [0, 1.0 / scale])
    assert audit(ledger)["detailed balance"].verdict is Verdict.TIGHT


def test_frozen_bath_on_a_rotated_degenerate_hamiltonian():
    rng = np.random.default_rng(1)
    u = np.linalg.qr(rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3)))[0]
    h = u @ np.diag([0, 0, 1.0]) @ u.conj().T
    bath = Bath("b", np.inf, FlatSpectrum(0.1, 0.02), random_hermitian(rng, 3))
    assert not audit(ledger_of(davies_generator((h + h.conj().T) / 2, [bath]), np.eye(3) / 3, [0, 1.0])).violated


def test_frozen_bath_without_any_gap_takes_no_entropy():
    process = davies_generator(5 * np.eye(3), [Bath("b", np.inf, GlauberSpectrum(0.1), np.ones((3, 3)))])
    ledger = ledger_of(process, [1, 0, 0], [0, 1.0, 3.0])
    assert (ledger["entropy_flux"] == 0).all()
    assert not audit(ledger).violated


def test_infinities_of_both_signs_are_never_added():
    couplings = [random_hermitian(np.random.default_rng(k), 3) for k in range(3)]
    baths = [Bath(str(k), 1.0 + k, OhmicSpectrum(0.01), coupling) for k, coupling in enumerate(couplings)]
    process = redfield_generator(np.diag([0, 1.0, 1.3]), baths)
    for seed in range(8):
        ledger = ledger_of(process, random_state(np.random.default_rng(seed), 3, 2), [0, 1.0])
        found = audit(ledger)
        assert found["numbers"].verdict is Verdict.TIGHT
        assert not found.violated


def test_steady_state_lost_in_round_off_is_refused_or_known():
    for seed in range(12):
        process = random_davies(seed, 4, (100.0,))
        found = steady_state(process)
        assert found.error < 1e-3
        assert np.linalg.norm(process.apply(found.state)) < 1e-8


@pytest.mark.parametrize("name", ["heat", "entropy_flow", "entropy_production_by_bath", "steady_state_multiplicity"])
def test_nan_in_any_account_is_a_violation(name):
    data = ledger_of(qubit(1.0), [0.6, 0.8], [0, 1.0, 4.0]).data.copy(deep=True)
    values = data[name].values.copy()
    values[(0,) * values.ndim] = np.nan
    found = audit(Ledger(data.assign({name: (data[name].dims, values)})))
    assert found["numbers"].verdict is Verdict.VIOLATED
    assert found.violated


def test_heat_booked_to_the_wrong_bath_is_caught():
    process = random_davies(3, 3, (0.5, 2.0))
    evolution = evolve(process, np.eye(3) / 3, np.linspace(0, 20, 9))
    assert audit(build_ledger(evolution))["heat balance"].verdict is Verdict.TIGHT
    moved = evolution.heat.copy()
    moved[5] += [1e-6, -1e-6]
    found = audit(build_ledger(replace(evolution, heat=moved)))
    assert found["heat balance"].verdict is Verdict.VIOLATED
    assert found["first law"].verdict is Verdict.TIGHT  # the sum is untouched
