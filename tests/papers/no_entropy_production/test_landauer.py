"""Claims on Landauer's principle: documented verdicts, and another one wherever the physics is broken."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.no_entropy_production import landauer
from loschmidt.processes.thermal_operations import Identity


def claim_of(name):
    (found,) = (one for one in landauer.CLAIMS if one.id == name)
    return found


@pytest.mark.parametrize("one", landauer.CLAIMS, ids=lambda one: one.id)
def test_verdicts_are_as_documented(one):
    outcome = one.compute()
    assert outcome.verdict is one.documented
    json.dumps(outcome.value, allow_nan=False)


def test_printed_numbers_come_out():
    claim = claim_of("landauer-partial-swap")
    assert list(claim.compute().value.values()) == pytest.approx(list(claim.printed.values()), abs=5e-8)
    claim = claim_of("landauer-finite-size")
    assert list(claim.compute().value["N_d"].values()) == pytest.approx(list(claim.printed.values()), abs=5e-8)


@pytest.mark.parametrize("name", ["landauer-equality", "landauer-partial-swap"])
def test_equality_that_fails_is_refuted(monkeypatch, name):
    right = landauer.landauer_budget

    def wrong(operation, state):
        found = right(operation, state)
        return replace(found, equality=Identity(found.equality.left, found.equality.right + 1e-6))

    monkeypatch.setattr(landauer, "landauer_budget", wrong)
    assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED


@pytest.mark.parametrize("factor", [0.4, 0.99, 5.0])
def test_wrong_variance_is_refuted(monkeypatch, factor):
    right = landauer.largest_surprisal_variance
    monkeypatch.setattr(landauer, "largest_surprisal_variance", lambda d: factor * right(d))
    assert claim_of("landauer-finite-size").compute().verdict is ClaimVerdict.REFUTED


@pytest.mark.parametrize("factor", [1.1, 0.1])
def test_bound_that_is_too_high_or_far_too_low_is_refuted(monkeypatch, factor):
    right = landauer.finite_size_excess
    monkeypatch.setattr(landauer, "finite_size_excess", lambda gain, d: factor * right(gain, d))
    assert claim_of("landauer-finite-size").compute().verdict is ClaimVerdict.REFUTED


def test_cold_reservoir_that_is_cheap_is_refuted(monkeypatch):
    right = landauer.landauer_budget

    def cheap(operation, state):
        return replace(right(operation, state), cost=np.float64(1.0))

    monkeypatch.setattr(landauer, "landauer_budget", cheap)
    assert claim_of("landauer-zero-temperature").compute().verdict is ClaimVerdict.REFUTED
