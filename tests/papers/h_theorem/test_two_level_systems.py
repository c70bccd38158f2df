from __future__ import annotations

import json
import math

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.h_theorem import two_level_systems
from loschmidt.processes.collisions import collision_chain, return_threshold

COMPUTED = {}


def computed(name):
    if name not in COMPUTED:
        (claim,) = (claim for claim in two_level_systems.CLAIMS if claim.id == name)
        COMPUTED[name] = claim.compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", two_level_systems.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_collision():
    value = computed("two-level-collision").value
    assert value["label"] == "controlled"
    assert value["unitarity defect, element by element"] > 0.5


def test_numbers_of_the_return():
    value = computed("return-to-a-two-level-system").value
    assert value["highest"] == pytest.approx(math.log(4), abs=1e-12)
    assert value["after 12 steps"] == pytest.approx(0, abs=1e-12)


def test_numbers_of_the_monogamy_argument():
    value = computed("monogamy").value
    assert value["alone"] == pytest.approx(value["entangled with a third party"], abs=1e-12)
    assert value["alone"] == pytest.approx(value["dephased"], abs=1e-12)
    # All that a fresh collision creates comes back every other step.
    assert value["alone"] == pytest.approx(6 * -(0.2 * math.log(0.2) + 0.8 * math.log(0.8)), abs=1e-12)


def test_numbers_of_the_return_time():
    value = computed("faster-than-the-return").value
    assert value["t_ret/τ_m at p = 0.2"] == pytest.approx(0.981, abs=5e-4)
    assert value["the same, from the exact chain"] == pytest.approx(value["t_ret/τ_m at p = 0.2"], abs=5e-4)
    assert value["smallest Choi eigenvalue of the return, retained"] / 2 == pytest.approx(-0.2 / 0.6, abs=1e-12)


def test_the_verdict_on_monogamy_follows_the_physics(monkeypatch):
    # Were entanglement with a third party a loss of population, the paper's argument would hold as it stands.
    def forgetful(collision, state, *, memory):
        exchanged = 1.0 if len(collision) > 4 or getattr(memory, "form", None) else memory
        return collision_chain(collision, state, memory=exchanged)

    monkeypatch.setattr(two_level_systems, "collision_chain", forgetful)
    assert two_level_systems._monogamy().verdict is ClaimVerdict.REPRODUCED


def test_the_verdict_on_the_return_time_follows_the_physics(monkeypatch):
    wrong = return_threshold(0.3)
    monkeypatch.setattr(two_level_systems, "return_threshold", lambda p: wrong)
    assert two_level_systems._return_time().verdict is ClaimVerdict.NOT_REPRODUCIBLE


def test_the_verdict_on_fresh_systems_follows_the_physics(monkeypatch):
    def remembering(sites, *, reset, **options):
        return (
            two_level_walk(sites, reset=0.0, **options) if sites < 10 else two_level_walk(sites, reset=1.0, **options)
        )

    two_level_walk = two_level_systems.two_level_walk
    monkeypatch.setattr(two_level_systems, "two_level_walk", remembering)
    assert two_level_systems._fresh_systems().verdict is ClaimVerdict.REFUTED
