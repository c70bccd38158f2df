from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import betas, dimensions, random_davies, random_state, seeds, two_level

from loschmidt import Ledger, Verdict, audit, build_ledger, evolve
from loschmidt.processes import gkls_generator, jump_dissipator

LAWS = ("interior entropy", "temperature gap", "steady-state entropies")


def with_values(ledger: Ledger, name: str, change) -> Ledger:
    data = ledger.data.copy(deep=True)
    data[name].values[:] = change(data[name].values)
    return Ledger(data)


@given(seed=seeds, d=dimensions, beta=st.tuples(betas, betas))
def test_hold_for_random_baths(seed, d, beta):
    state = random_state(np.random.default_rng(seed), d)
    found = audit(build_ledger(evolve(random_davies(seed, d, beta), state, np.linspace(0.0, 30.0, 7))))
    for name in LAWS:
        assert found[name].verdict is Verdict.TIGHT, name
    assert not found.violated


@given(seed=seeds, d=st.integers(2, 4))
def test_hold_for_baths_that_keep_no_gibbs_state(seed, d):
    rng = np.random.default_rng(seed)
    jumps = rng.normal(size=(2, d, d)) + 1j * rng.normal(size=(2, d, d))
    baths = [jump_dissipator(f"bath {b}", [jumps[b]], [0.3], beta=0.5 + b) for b in range(2)]
    process = gkls_generator(np.diag(np.arange(d) * 1.0), baths)
    found = audit(build_ledger(evolve(process, random_state(rng, d), np.linspace(0.0, 3.0, 7))))
    for name in LAWS:
        assert found[name].verdict is Verdict.TIGHT, name


@pytest.mark.parametrize(
    ("law", "account", "change"),
    [
        ("temperature gap", "heat_rate", lambda x: 1.001 * x),
        ("temperature gap", "entropy_production_rate_by_bath", lambda x: x + 1e-9),
        ("temperature gap", "generalised_inverse_temperature_by_bath", lambda x: -x),
        ("temperature gap", "inverse_temperature", lambda x: x[::-1]),
        ("steady-state entropies", "steady_entropy_rate", lambda x: x * [1.0, 1.001]),
        ("interior entropy", "interior_entropy_rate", lambda x: x + 1e-9),
    ],
)
def test_broken_numbers_are_seen(law, account, change):
    ledger = build_ledger(evolve(random_davies(3, 3, (0.4, 1.5)), np.diag([0.2, 0.3, 0.5]), np.linspace(0.0, 9.0, 4)))
    assert audit(ledger)[law].verdict is Verdict.TIGHT
    assert audit(with_values(ledger, account, change))[law].verdict is Verdict.VIOLATED


def test_state_that_is_not_hermitian_is_seen():
    bath = jump_dissipator("bath", [[[0, 1], [0, 0]]], [0.3])
    turning = gkls_generator([[0.0, 0.5], [0.5, 1.0]], [bath])
    evolution = evolve(turning, np.array([[0.6, 0.2], [0.2, 0.4]]), [0.0, 1.0, 2.0])
    skew = replace(evolution, components=evolution.components + np.array([[0, 1e-6], [0, 0]]))
    assert audit(build_ledger(evolution))["interior entropy"].verdict is Verdict.TIGHT
    assert audit(build_ledger(skew))["interior entropy"].verdict is Verdict.VIOLATED


def test_undefined_is_no_fault_where_its_status_says_so_and_one_elsewhere():
    excited = 1 / (1 + np.exp(2.0))
    ledger = build_ledger(evolve(two_level(), np.diag([1 - excited, excited]), [0.0, 1.0, 2.0]))
    assert np.isnan(ledger["generalised_inverse_temperature"]).all()
    assert audit(ledger)["numbers"].verdict is Verdict.TIGHT
    assert audit(ledger)["temperature gap"].verdict is Verdict.TIGHT
    for name, value in (
        ("generalised_temperature_status", 0),
        ("generalised_inverse_temperature", 1.0),
        ("generalised_inverse_temperature_error", np.nan),
        ("entropy_rate_by_bath", np.nan),
    ):
        broken = with_values(ledger, name, lambda x, value=value: value)
        assert audit(broken)["numbers"].verdict is Verdict.VIOLATED, name


def test_untested_without_a_temperature_or_a_steady_state():
    noise = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.4])])
    found = audit(build_ledger(evolve(noise, np.array([[0.6, 0.2], [0.2, 0.4]]), [0.0, 1.0])))
    assert found["temperature gap"].verdict is Verdict.UNTESTED
    assert found["steady-state entropies"].verdict is Verdict.UNTESTED
    assert "not unique" in found["steady-state entropies"].reason
