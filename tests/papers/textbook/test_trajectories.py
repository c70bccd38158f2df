"""The claims that single runs decide, and the numbers behind them."""

from __future__ import annotations

import json
import math

import pytest

from loschmidt.papers.textbook import trajectories
from loschmidt.papers.textbook.trajectories import CLAIMS
from loschmidt.processes import jump_dissipator

BY_ID = {claim.id: claim for claim in CLAIMS}


@pytest.fixture(scope="module")
def outcomes():
    return {claim.id: claim.compute() for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_verdict(claim, outcomes):
    computed = outcomes[claim.id]
    assert computed.verdict is claim.documented, computed.reason
    assert any(character.isdigit() for character in computed.reason)
    json.dumps(computed.value, allow_nan=False)


def test_numbers(outcomes):
    second = outcomes["jumps-second-law"].value
    assert second["mean of σ"] == pytest.approx(second["ΔS - Σ β Q"], abs=0.05)
    assert 0.1 < second["runs with σ < 0"] < 0.6
    assert second["mean of exp(-σ), pure start"] == pytest.approx(1 - second["λ, pure start"], abs=0.02)
    squeezed = outcomes["jumps-squeezed"].value
    assert squeezed["S(ρ_0|π) - S(ρ_τ|π) from π"] == pytest.approx(0.0, abs=1e-12)
    assert squeezed["σ per time"] > 0.05
    assert outcomes["jumps-housekeeping"].value["Σ β Q per time"] < 0


def test_without_squeezing_the_steady_state_produces_nothing(monkeypatch):
    monkeypatch.setattr(trajectories.math, "cosh", lambda r: 1.0)
    monkeypatch.setattr(trajectories.math, "sinh", lambda r: 0.0)
    assert BY_ID["jumps-squeezed"].compute().verdict is not BY_ID["jumps-squeezed"].documented


def test_jumps_without_detailed_balance_refute_the_theorem(monkeypatch):
    """With rates that the temperature does not explain, runs do not average to the Clausius form and the theorem."""
    loss = [[0, 1], [0, 0]]
    bath = jump_dissipator("bath", [loss, [[0, 0], [1, 0]]], [0.3, 0.1], beta=3.0, frequencies=[1.0, -1.0])
    process = trajectories.gkls_generator([[0, 0], [0, 1]], [bath])
    monkeypatch.setattr(trajectories, "_qubit", lambda: process)
    assert BY_ID["jumps-second-law"].compute().verdict is not BY_ID["jumps-second-law"].documented
    assert math.isfinite(BY_ID["jumps-second-law"].compute().value["mean of exp(-σ)"])
