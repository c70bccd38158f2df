from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.no_entropy_production import gas


def claim_of(name):
    (claim,) = (claim for claim in gas.CLAIMS if claim.id == name)
    return claim


@pytest.mark.parametrize("claim", gas.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = claim.compute()
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_printed_work_lacks_atoms_temperature_and_sign():
    value = claim_of("gas-component-work").compute().value
    ours, second = np.array(value["W_i on the gas"]), np.array(value["p ln p, as printed"])
    assert ours == pytest.approx(-20 * second, rel=1e-14)
    assert (ours > 0).all()


def changed(**changes):
    original = gas._gas()
    return lambda: replace(original, **{name: change(original) for name, change in changes.items()})


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("gas-component-work", {"component_work": lambda one: -one.component_work}),
        ("gas-entropy-increase", {"reservoir_entropy": lambda one: 0.5 * one.reservoir_entropy}),
        ("gas-entropy", {"heat": lambda one: 1.1 * one.heat}),
        ("gas-reversible", {"reservoir_entropy": lambda one: 1.1 * one.reservoir_entropy}),
        ("gas-unitaries", {"work": lambda one: one.work * np.array([0, 0, 1, 1.1])}),
    ],
)
def test_broken_gas_would_be_refuted(monkeypatch, name, changes):
    monkeypatch.setattr(gas, "_gas", changed(**changes))
    assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED


def test_walls_that_take_anything_would_be_seen(monkeypatch):
    original = gas.von_neumann_gas
    monkeypatch.setattr(gas, "von_neumann_gas", lambda atoms, temperature, **_: original(atoms, temperature))
    assert claim_of("gas-separation").compute().verdict is ClaimVerdict.REFUTED


def test_work_of_the_levels_is_needed(monkeypatch):
    original = gas.von_neumann_gas
    monkeypatch.setattr(gas, "von_neumann_gas", lambda atoms, temperature, **_: original(atoms, temperature))
    assert claim_of("gas-unitaries").compute().verdict is ClaimVerdict.REFUTED
