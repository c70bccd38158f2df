from __future__ import annotations

import json
import math

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.h_theorem import entropy_gain as claims

COMPUTED = {}


def computed(name):
    if name not in COMPUTED:
        (claim,) = (claim for claim in claims.CLAIMS if claim.id == name)
        COMPUTED[name] = claim.compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", claims.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_the_sample_tests_something():
    assert computed("gain-bound").value["lowest gain"] < -0.1
    assert computed("unital-sufficient").value["largest gain"] > 0.1
    assert computed("unital-necessary").value["in which the maximally mixed state loses entropy"] == 8
    assert computed("safe-states").value["states of the half-space"] > 20


def test_numbers_of_weak_damping():
    for row in computed("weakly-nonunital").value:
        assert row["lowest gain"] / row["defect"] == pytest.approx(-0.278464543, rel=1e-2)
        assert row["gain of the maximally mixed state"] == pytest.approx(-(row["defect"] ** 2) / 2, rel=1e-2)


def test_numbers_of_the_amplifier_and_the_loss():
    value = computed("infinite-dimension").value
    assert value["the same up to 8 levels, largest eigenvalue"] == pytest.approx(0.8, abs=1e-12)
    lowest = value["lowest gain up to 2, 4, 8 levels, certified"]
    assert lowest == sorted(lowest, reverse=True)
    assert lowest[-1] > math.log(1.25)
    assert value["gain of a hot thermal state under the loss"] == pytest.approx(-math.log(2), abs=1e-5)


@pytest.mark.parametrize(
    ("name", "function", "broken"),
    [
        ("gain-bound", "entropy_gain", lambda right, *arguments: right(*arguments) - 1e-3),
        ("gain-bound-derivation", "relative_entropy", lambda right, *arguments: 1.1 * right(*arguments)),
        ("unital-necessary", "second_law_violation", lambda *_: None),
        ("safe-states", "entropy_gain", lambda right, *arguments: -right(*arguments)),
        ("weakly-nonunital", "maximally_mixed_gain", lambda right, *arguments: 2 * right(*arguments)),
        ("infinite-dimension", "_thermal_entropy", lambda right, mean: 2 * right(mean)),
        ("unital-sufficient", "mixed_unitary_channel", lambda *_: claims.amplitude_damping(0.5)),
    ],
)
def test_broken_physics_gives_another_verdict(monkeypatch, name, function, broken):
    right = getattr(claims, function)
    monkeypatch.setattr(claims, function, lambda *arguments: broken(right, *arguments))
    if name == "unital-sufficient":
        monkeypatch.setattr(claims, "_generic_states", lambda _, states=claims._generic_states: states(2))
    (claim,) = (claim for claim in claims.CLAIMS if claim.id == name)
    assert claim.compute().verdict is ClaimVerdict.REFUTED
