"""The claims about a system with its own eraser: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.erasure import isolated
from loschmidt.papers.erasure._systems import chain

CLAIMS = {claim.id: claim for claim in isolated.CLAIMS}


@pytest.mark.parametrize("claim", isolated.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_echoes():
    echoes = CLAIMS["isolated-system-thermalises"].compute().value["echo by repetition"]
    assert echoes["4 sites"][1] == pytest.approx(0.635, abs=5e-4)
    assert echoes["4 sites"][-1] == pytest.approx(0.127, abs=5e-4)
    assert echoes["6 sites"][-1] < 0.05


def test_verdicts_follow_the_physics(monkeypatch):
    exact = isolated._echoes
    monkeypatch.setattr(isolated, "_echoes", lambda sites, **__: exact(sites, coupling=0.0))
    assert CLAIMS["isolated-system-thermalises"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["small-systems-return"].compute().verdict is ClaimVerdict.REFUTED
    monkeypatch.setattr(isolated, "chain", lambda sites: chain(sites, interaction=16.0))
    assert CLAIMS["arrow-fades-in-equilibrium"].compute().verdict is ClaimVerdict.REFUTED
