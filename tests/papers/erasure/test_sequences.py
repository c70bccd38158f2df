"""The claims about repeated erasure: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.erasure import sequences
from loschmidt.papers.erasure._systems import chain
from loschmidt.processes.lattice.phases import PhaseOperator

CLAIMS = {claim.id: claim for claim in sequences.CLAIMS}


@pytest.mark.parametrize("claim", sequences.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_drops():
    rows = {row["sites"]: row for row in CLAIMS["monotonic-growth"].compute().value}
    assert rows[6]["drops in 60 repetitions"] == 21
    assert rows[6]["largest drop"] == pytest.approx(0.118, abs=5e-4)
    assert rows[8]["drops in 60 repetitions"] == 12
    assert rows[8]["largest drop"] == pytest.approx(0.044, abs=5e-4)


def test_verdicts_follow_the_physics(monkeypatch):
    nothing = PhaseOperator((np.zeros((1, 1)),), "1")
    for name in ("local_phases", "random_phases", "deterministic_phases"):
        monkeypatch.setattr(sequences, name, lambda *_: nothing)
    for name in ("sequence-saturates", "local-operator-suffices", "ordered-sequence", "stepwise-repetition"):
        assert CLAIMS[name].compute().verdict is ClaimVerdict.REFUTED, name


def test_the_volume_law_follows_the_motion(monkeypatch):
    # Pairs that cannot move become entangled at the wall only, however long the chain.
    monkeypatch.setattr(sequences, "chain", lambda sites: chain(sites, interaction=40.0))
    assert CLAIMS["volume-law"].compute().verdict is ClaimVerdict.REFUTED
