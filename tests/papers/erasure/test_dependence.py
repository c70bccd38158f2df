"""The claims about interaction, particles and size: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.erasure import dependence
from loschmidt.papers.erasure._systems import chain

CLAIMS = {claim.id: claim for claim in dependence.CLAIMS}


@pytest.mark.parametrize("claim", dependence.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_interaction():
    rows = {row["U/J"]: row for row in CLAIMS["interaction-comparable-to-hopping"].compute().value}
    assert rows[0.0]["share of the Haar mean"] == pytest.approx(0.48, abs=5e-3)
    assert rows[1.0]["share of the Haar mean"] == pytest.approx(0.96, abs=5e-3)
    assert rows[4.0]["S'"] == pytest.approx(2.6, abs=0.05)
    assert rows[16.0]["S'"] == pytest.approx(0.17, abs=5e-3)


def test_size():
    rows = CLAIMS["large-systems"].compute().value
    assert [row["share of the Haar mean, t = 3"] for row in rows] == pytest.approx([0.985, 0.964, 0.935], abs=5e-4)


def test_verdicts_follow_the_physics(monkeypatch):
    monkeypatch.setattr(dependence, "chain", lambda sites, *_, **__: chain(sites, interaction=0.0))
    assert CLAIMS["interaction-comparable-to-hopping"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["many-particles"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["large-systems"].compute().verdict is ClaimVerdict.REFUTED
