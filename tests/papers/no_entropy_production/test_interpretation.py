from __future__ import annotations

import json

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.no_entropy_production import interpretation


def claim_of(name):
    (claim,) = (claim for claim in interpretation.CLAIMS if claim.id == name)
    return claim


@pytest.mark.parametrize("claim", interpretation.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = claim.compute()
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_entropy_of_a_gaussian_is_that_of_its_samples():
    covariance = np.array([[1.3, 0.4], [0.4, 0.7]])
    points = np.random.default_rng(1).multivariate_normal([0, 0], covariance, 200_000)
    inverse, scale = np.linalg.inv(covariance), np.log(2 * np.pi * np.sqrt(np.linalg.det(covariance)))
    sampled = 0.5 * np.einsum("ni,ij,nj->n", points, inverse, points).mean() + scale
    assert interpretation._gaussian_entropy(covariance) == pytest.approx(sampled, abs=0.01)


def test_classical_motion_that_made_entropy_would_stand(monkeypatch):
    original = interpretation._liouville_flow
    monkeypatch.setattr(interpretation, "_liouville_flow", lambda damping: original(0.3))
    assert claim_of("quantum-interior").compute().verdict is ClaimVerdict.REPRODUCED


def test_other_measure_of_correlation_would_be_refuted(monkeypatch):
    original = interpretation.mutual_information
    monkeypatch.setattr(interpretation, "mutual_information", lambda *one: 0.5 * original(*one))
    assert claim_of("entropy-in-correlations").compute().verdict is ClaimVerdict.REFUTED


@pytest.mark.parametrize(
    ("found", "verdict"),
    [((0.3, 0.45, 0.9), ClaimVerdict.REPRODUCED), ((0.05, 0.45, 0.1), ClaimVerdict.REFUTED)],
)
def test_verdict_on_equilibration_follows_the_chain(monkeypatch, found, verdict):
    monkeypatch.setattr(interpretation, "_closed_chain", lambda *_: found)
    assert claim_of("no-equilibration").compute().verdict is verdict


def test_chain_starts_at_its_start():
    apart, start, _ = interpretation._closed_chain(3, np.array([0.0, 1e-9]))
    assert apart < 1e-8
    assert start < 1e-8
