"""The claims about trajectories: verdicts as documented, the numbers behind them, and verdicts that follow these."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.coherence import trajectories

CLAIMS = {claim.id: claim for claim in trajectories.CLAIMS}


@pytest.mark.parametrize("claim", trajectories.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_ids_are_unique():
    assert len(CLAIMS) == len(trajectories.CLAIMS)


def test_integral_theorem_needs_full_rank():
    rows = CLAIMS["trajectory-integral-theorem"].compute().value
    assert rows["rank 3"]["absolute irreversibility"] == 0
    assert rows["rank 3"]["mean of e^-σ"] == pytest.approx(1, abs=1e-13)
    for name in ("rank 2", "rank 1"):
        assert rows[name]["mean of e^-σ"] == pytest.approx(1 - rows[name]["absolute irreversibility"], abs=1e-13)
        assert rows[name]["mean of e^-σ"] < 0.99


def test_parts_deviate_to_either_side():
    numbers = CLAIMS["trajectory-parts"].compute().value
    assert min(numbers["30 % excited"] + numbers["70 % excited"]) < 1 < max(numbers["30 % excited"])


def test_verdicts_follow_the_unitary(monkeypatch):
    exact = trajectories.two_point_measurement

    def with_a_broken_unitary(operation, state):
        measurement = exact(operation, state)
        d, e = measurement.dims
        joint = measurement.unitary.reshape(d * e, d * e).copy()
        joint[:, 1] = joint[:, 0]
        return replace(measurement, unitary=joint.reshape(d, e, d, e))

    monkeypatch.setattr(trajectories, "two_point_measurement", with_a_broken_unitary)
    for name in ("mixture", "transitions", "mean", "integral-theorem", "split", "parts"):
        assert CLAIMS[f"trajectory-{name}"].compute().verdict is ClaimVerdict.REFUTED, name


def test_verdict_on_the_detailed_theorem_follows_the_backward_process(monkeypatch):
    exact = trajectories.enumerate_trajectories

    def without_time_reversal(measurement):
        statistics = exact(measurement)
        wrong = replace(statistics.histogram, backward=statistics.histogram.forward)
        return replace(statistics, histogram=wrong)

    monkeypatch.setattr(trajectories, "enumerate_trajectories", without_time_reversal)
    assert CLAIMS["trajectory-detailed-theorem"].compute().verdict is ClaimVerdict.REFUTED


def test_verdict_on_the_integral_theorem_follows_the_support(monkeypatch):
    # Were all start states of full rank, the printed equation would need no correction.
    full = [trajectories._qutrits()[0]] * 3
    monkeypatch.setattr(trajectories, "_qutrits", lambda: full)
    assert CLAIMS["trajectory-integral-theorem"].compute().verdict is ClaimVerdict.REPRODUCED
