"""The claims about elastic scattering in one dimension: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.h_theorem import elastic

CLAIMS = {claim.id: claim for claim in elastic.CLAIMS}


@pytest.mark.parametrize("claim", elastic.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_ids_are_unique():
    assert len(CLAIMS) == len(elastic.CLAIMS)


def test_both_conditions_are_needed():
    value = CLAIMS["elastic-bracket-vanishes"].compute().value
    assert value["defect with both conditions"] < 1e-14
    assert value["defect without conservation"] == pytest.approx(0.7)
    assert value["gain of the mixed state with unequal transmission"] == pytest.approx(-math.log(2))


def test_overlaps_of_coherent_states():
    value = CLAIMS["elastic-radiation"].compute().value
    assert value["overlap of n and n'"] == pytest.approx(math.exp(-0.18))
    assert value["overlap of n' and n''"] == pytest.approx(math.exp(-0.72))


def test_the_verdict_on_equation_8_follows_the_formula(monkeypatch):
    monkeypatch.setattr(elastic, "elastic_identity_image", lambda *_: np.eye(2))
    assert CLAIMS["elastic-identity-image"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["elastic-bracket-vanishes"].compute().verdict is ClaimVerdict.REFUTED
