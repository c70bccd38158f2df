"""The claims about spin reservoirs: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.h_theorem import spins
from loschmidt.processes.scattering import half_line_rotations, half_line_scatterer, spin_rotations

CLAIMS = {claim.id: claim for claim in spins.CLAIMS}


@pytest.mark.parametrize("claim", spins.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_ids_are_unique():
    assert len(CLAIMS) == len(spins.CLAIMS)


def test_decay_and_its_exception():
    value = CLAIMS["exponential-decay"].compute().value
    assert value["factor per spin"] == pytest.approx(0.81, abs=0.006)
    assert value["factor per spin of the bound"] == pytest.approx(0.885, abs=0.006)
    assert value["factor per spin, half polarised"] == pytest.approx(0.61, abs=0.006)
    weak = value["defect for weak turns"]
    assert [weak["1"], weak["24"], weak["48"]] == pytest.approx([0.061, 0.484, 0.153], abs=6e-4)


def test_factor_two():
    value = CLAIMS["commutator-bound"].compute().value
    assert value["ratio to the printed bound"] == pytest.approx(2)
    assert value["largest ratio to the corrected bound"] == pytest.approx(1)
    assert value["mean commutator"] == pytest.approx([0, -2], abs=1e-14)


def test_the_verdicts_follow_the_turns(monkeypatch):
    # A field that grows along one axis for all spins leaves the channel unital from the first spin on.
    monkeypatch.setattr(spins, "half_line_rotations", lambda p, d, k: half_line_rotations(p * [1, 1, 0], d, k))
    assert CLAIMS["planar-fields"].compute().verdict is ClaimVerdict.REFUTED


def test_the_verdict_on_the_limit_follows_the_number_of_spins(monkeypatch):
    monkeypatch.setattr(spins, "half_line_scatterer", lambda s, n, k, b: half_line_scatterer(s, min(n, 2), k, b))
    assert CLAIMS["many-spins-restore-the-theorem"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["exponential-decay"].compute().verdict is ClaimVerdict.REFUTED


def test_the_verdict_on_the_bound_follows_the_turns(monkeypatch):
    # Turns about the axis of the spin commute: no commutator, and nothing to correct.
    about_z = spin_rotations([[0, 0, 0], [0, 0, 1], [0, 0, 2]])
    monkeypatch.setattr(spins, "paper_rotations", lambda n: about_z)
    assert CLAIMS["commutator-bound"].compute().verdict is ClaimVerdict.REPRODUCED
