"""The claims about growing entropies: verdicts as documented, and the numbers behind them."""

from __future__ import annotations

import json

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.erasure import second_law
from loschmidt.processes.lattice import lattice_system

CLAIMS = {claim.id: claim for claim in second_law.CLAIMS}


@pytest.mark.parametrize("claim", second_law.CLAIMS, ids=lambda claim: claim.id)
def test_verdict_is_the_documented_one(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented, computed.reason
    assert json.loads(json.dumps(computed.value)) is not None
    assert computed.reason.endswith(".")


def test_fock_states():
    value = CLAIMS["entropy-grows-from-fock-states"].compute().value
    assert value["lowest S'"] == pytest.approx(5.33, abs=5e-3)
    assert value["lowest S'_τ"] == pytest.approx(2.85, abs=5e-3)
    assert value["Haar mean of S"] == pytest.approx(5.57, abs=5e-3)


def test_counterexamples():
    uniform, engineered, spread = CLAIMS["entropy-grows-from-every-state"].compute().value
    assert (uniform["S"], uniform["S'"]) == pytest.approx((3.584, 2.815), abs=5e-4)
    assert all(uniform[f"{name}'"] < uniform[name] for name in ("S",))
    assert uniform["S'_τ"] < uniform["S_τ"]
    assert uniform["S'_υ"] < uniform["S_υ"]
    assert abs(engineered["S'"]) < 1e-12
    assert spread["S'"] > 0.98


def test_single_draws_lose_entropy_and_averages_do_not():
    value = CLAIMS["second-law-proved"].compute().value
    assert value["single draws that lose entropy"] > 5
    assert value["least gain of the average"] > -1e-12


def test_verdicts_follow_the_physics(monkeypatch):
    # Without interaction τ always echoes.
    free = second_law.chain
    monkeypatch.setattr(second_law, "chain", lambda sites, *_, **__: free(sites, interaction=0.0))
    assert CLAIMS["entropy-grows-from-fock-states"].compute().verdict is ClaimVerdict.REFUTED
    # Frozen particles never leave, so nothing is erased.
    still = lambda sites, *_, **__: lattice_system(  # noqa: E731
        free(sites).lattice, (sites // 2,) * 2, hopping=0.0, interaction=1.0
    )
    monkeypatch.setattr(second_law, "chain", still)
    assert CLAIMS["echo"].compute().verdict is ClaimVerdict.REFUTED
    assert CLAIMS["equilibrium-is-stable"].compute().verdict is ClaimVerdict.REPRODUCED
    assert CLAIMS["equal-probabilities"].compute().verdict is ClaimVerdict.REPRODUCED
