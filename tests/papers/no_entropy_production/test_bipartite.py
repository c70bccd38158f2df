from __future__ import annotations

import json
from dataclasses import replace

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.no_entropy_production import bipartite

COMPUTED = {}


def claim_of(name):
    (claim,) = (claim for claim in bipartite.CLAIMS if claim.id == name)
    return claim


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", bipartite.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_page():
    apart = computed("opposite-heats").value
    assert apart["Q_A, Q_B at strong coupling"] == pytest.approx([0.26710, -0.03851], abs=1e-5)
    assert apart["Δ⟨V⟩ at strong coupling"] == pytest.approx(-0.22859, abs=1e-5)
    shares = computed("no-production-in-the-whole").value
    assert list(shares.values()) == pytest.approx([0.123545, 0.081108, 0.027495, 0.014943], abs=1e-6)
    reversed_heat = computed("initial-correlations").value
    assert reversed_heat["heat into the cold part"] == pytest.approx(-0.0943608, abs=5e-8)
    assert reversed_heat["ΔI"] == pytest.approx(-0.0914576, abs=5e-8)
    assert computed("reversibility").value["distance, undone from ρ_A ⊗ ρ_B"] == pytest.approx(0.13488, abs=5e-6)


def broken_ledger(monkeypatch, name, factor):
    original = bipartite.build_ledger

    def built(evolution):
        ledger = original(evolution)
        return replace(ledger, data=ledger.data.assign({name: ledger[name] * factor}))

    monkeypatch.setattr(bipartite, "build_ledger", built)


@pytest.mark.parametrize(
    ("claim", "account"),
    [
        ("entropy-conservation", "correlation_entropy"),
        ("correlation-by-heat", "part_entropy_rate"),
        ("opposite-heats", "coupling_energy"),
        ("no-production-in-the-whole", "part_displacement"),
        ("initial-correlations", "part_heat"),
    ],
)
def test_broken_physics_is_refuted(monkeypatch, claim, account):
    broken_ledger(monkeypatch, account, -1.1)
    assert claim_of(claim).compute().verdict is ClaimVerdict.REFUTED


@pytest.mark.parametrize("claim", ["reservoir-temperature", "equilibrium-of-the-bath"])
def test_objections_stand_only_on_the_identity(monkeypatch, claim):
    broken_ledger(monkeypatch, "mutual_information", 1.1)
    assert claim_of(claim).compute().verdict is ClaimVerdict.REPRODUCED


def test_a_motion_that_does_not_return_is_refuted(monkeypatch):
    original = bipartite.reversal_test
    monkeypatch.setattr(bipartite, "reversal_test", lambda done: replace(original(done), distance=0.1))
    assert claim_of("reversibility").compute().verdict is ClaimVerdict.REFUTED
