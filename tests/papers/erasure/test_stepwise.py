"""The claims about the model and its steps: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.erasure import stepwise
from loschmidt.processes.lattice import ExactStep, Lattice, lattice_system
from loschmidt.processes.lattice.phases import PhaseOperator

CLAIMS = {claim.id: claim for claim in stepwise.CLAIMS}


@pytest.mark.parametrize("claim", stepwise.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_short_steps():
    rows = CLAIMS["steps-approximate-the-dynamics"].compute().value
    twice = [row["from H with 2U, interaction weight 1"] for row in rows]
    assert twice == pytest.approx([6.94e-2, 1.73e-2], rel=0.01)
    assert rows[1]["from H, interaction weight 1"] > 1


def test_the_verdict_on_steps_follows_the_interaction(monkeypatch):
    # Without interaction there is nothing to count twice.
    monkeypatch.setattr(stepwise, "chain", lambda sites: lattice_system(Lattice.chain(sites), (3, 3)))
    monkeypatch.setattr(stepwise, "lattice_system", lambda lattice, particles, **_: lattice_system(lattice, particles))
    assert CLAIMS["steps-approximate-the-dynamics"].compute().verdict is not ClaimVerdict.CORRECTED


def test_the_verdict_on_the_hopping_term_follows_the_signs(monkeypatch):
    exact = stepwise._hopping
    monkeypatch.setattr(stepwise, "_hopping", lambda basis, signs: exact(basis, False))
    assert CLAIMS["hopping-term"].compute().verdict is ClaimVerdict.REPRODUCED


def test_the_verdicts_on_what_rests_follow_the_steps(monkeypatch):
    monkeypatch.setattr(stepwise, "ExactStep", lambda species, time: ExactStep(1 - species, time))
    assert CLAIMS["first-step-keeps-upsilon"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["second-step-keeps-tau"].compute().verdict is ClaimVerdict.REFUTED


def test_the_verdict_on_erasure_follows_the_phases(monkeypatch):
    nothing = PhaseOperator((np.zeros((1, 1)),), "1")
    monkeypatch.setattr(stepwise, "random_phases", lambda *_: nothing)
    assert CLAIMS["erasure-keeps-probabilities"].compute().verdict is ClaimVerdict.REFUTED
