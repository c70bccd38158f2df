"""The claims about three leads and a spin: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.h_theorem import leads
from loschmidt.processes.scattering import printed_three_lead_identity_image, three_lead_identity_image

CLAIMS = {claim.id: claim for claim in leads.CLAIMS}


@pytest.mark.parametrize("claim", leads.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_ids_are_unique():
    assert len(CLAIMS) == len(leads.CLAIMS)


def test_table_of_readings():
    rows = CLAIMS["three-lead-decrease"].compute().value
    mixed = [row["gain of the normalised state"] for row in rows]
    literal = [row["gain with the prefactor 1/6 and trace 1/2"] for row in rows]
    least = [row["least gain of any state"] for row in rows]
    assert mixed == pytest.approx([-0.319059, -0.319059, -0.092120, -0.161724, -0.050681], abs=5e-7)
    assert literal == pytest.approx([-0.159529, -0.159529, -0.046060, -0.080862, -0.025340], abs=5e-7)
    assert least == pytest.approx([-0.514141, -0.514141, -0.136880, -0.319184, -0.093281], abs=2e-6)


def test_spin_state():
    value = CLAIMS["three-lead-spin-state"].compute().value
    assert value["squared norm as printed"] == pytest.approx(2.276, abs=5e-4)
    assert value["mean spin as printed, normalised"] == pytest.approx([0.5, 0.5, np.sqrt(0.5)])
    assert value["mean spin with phases, normalised"] == pytest.approx([1 / np.sqrt(3)] * 3)


def test_the_verdict_on_equation_5_follows_the_formulas(monkeypatch):
    monkeypatch.setattr(leads, "printed_three_lead_identity_image", three_lead_identity_image)
    assert CLAIMS["three-lead-identity-image"].compute().verdict is ClaimVerdict.REPRODUCED
    monkeypatch.setattr(leads, "three_lead_identity_image", printed_three_lead_identity_image)
    assert CLAIMS["three-lead-identity-image"].compute().verdict is ClaimVerdict.REFUTED


def test_the_verdict_on_the_number_follows_the_rotations(monkeypatch):
    # Without turns nothing is lost, and neither the sign nor the number can come out.
    monkeypatch.setattr(leads, "paper_rotations", lambda n: np.stack([np.eye(2)] * n))
    assert CLAIMS["three-lead-decrease"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["three-lead-entropy-falls"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["three-lead-not-unital"].compute().verdict is ClaimVerdict.REFUTED
