from __future__ import annotations

import json

import numpy as np
import pytest

from loschmidt.ledger import heat_conduction as keeper
from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.no_entropy_production import heat_conduction, quantum_bars
from loschmidt.papers.no_entropy_production.quantum_bars import conducting_qubits


def claim_of(name):
    (claim,) = (claim for claim in heat_conduction.CLAIMS if claim.id == name)
    return claim


@pytest.mark.parametrize("claim", heat_conduction.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = claim.compute()
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_values_of_the_bars():
    value = claim_of("sum-of-productions").compute().value
    assert value["inside A and B"] == pytest.approx([0.0634096, 0.0284007], abs=5e-8)
    assert value["at the contact"] == pytest.approx(0.1730907, abs=5e-8)
    assert value["ΔS_AB"] == pytest.approx(0.2649010, abs=5e-8)
    assert claim_of("isolated-body").compute().value["produced inside A after the cut"] == pytest.approx(
        0.0238477, abs=5e-8
    )


def test_values_of_the_quantum_twin():
    bars = conducting_qubits([0.0, 0.8, 1.5])
    assert bars.fine[1:, 0] == pytest.approx([0.9183735, 0.9183735], abs=5e-8)
    assert (bars.coarse - bars.fine)[1:, 0] == pytest.approx([0.0140805, 0.0156358], abs=5e-8)
    assert np.ptp(bars.whole) < 1e-12


def test_coarse_entropy_of_a_short_chain_falls_again():
    bars = conducting_qubits(np.linspace(0.8, 12.0, 57))
    coarse = bars.coarse.sum(axis=1)
    assert (np.maximum.accumulate(coarse) - coarse).max() > 0.03
    assert np.ptp(bars.fine, axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert (bars.coarse - bars.fine).min() > -1e-12


def test_times_may_come_once_or_more():
    one, other = conducting_qubits([0.4, 1.0]), conducting_qubits([0.0, 0.4, 0.8, 0.8, 1.0])
    assert one.coarse == pytest.approx(other.coarse[[1, 4]], abs=1e-12)
    assert other.coarse[2] == pytest.approx(other.coarse[3], abs=0)
    assert conducting_qubits([0.0]).fine == pytest.approx(other.fine[:1], abs=1e-14)


def test_broken_conduction_would_be_refuted(monkeypatch):
    original = keeper.conduction_rates
    monkeypatch.setattr(keeper, "conduction_rates", lambda *a, **k: original(*a, **k) * 0.9)
    for name in ("interior-and-flow", "sum-of-productions"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name


def test_contact_that_stays_would_be_seen(monkeypatch):
    original = heat_conduction._bars
    monkeypatch.setattr(heat_conduction, "_bars", lambda cut, end: original(end=end))
    assert claim_of("isolated-body").compute().verdict is ClaimVerdict.REFUTED


def test_without_correlations_inside_the_contrast_would_stand(monkeypatch):
    def uncorrelated(times):
        bars = quantum_bars.conducting_qubits(times)
        return quantum_bars.QubitBars(bars.times, bars.whole, bars.fine, bars.fine)

    monkeypatch.setattr(heat_conduction, "conducting_qubits", uncorrelated)
    assert claim_of("classical-against-quantum").compute().verdict is ClaimVerdict.REPRODUCED


def test_entropy_that_is_made_inside_would_be_seen(monkeypatch):
    def leaking(times):
        bars = quantum_bars.conducting_qubits(times)
        return quantum_bars.QubitBars(bars.times, bars.whole + 1e-3 * bars.times, bars.fine, bars.coarse)

    monkeypatch.setattr(heat_conduction, "conducting_qubits", leaking)
    assert claim_of("classical-against-quantum").compute().verdict is ClaimVerdict.REFUTED
