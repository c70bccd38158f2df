"""The claims on quasi-isolated windows and resets, and the numbers that decide them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from loschmidt.papers.h_theorem import windows
from loschmidt.papers.h_theorem.windows import CLAIMS
from loschmidt.processes import gkls_generator
from loschmidt.states import gibbs_state

BY_ID = {claim.id: claim for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_verdict(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented
    assert any(character.isdigit() for character in computed.reason)


def test_numbers_of_the_window():
    value = BY_ID["quasi-isolated-window"].compute().value
    assert value["window"] == pytest.approx([6.907, 99.83], abs=5e-3)
    assert value["defect at 30"] == pytest.approx(3.0e-3, abs=5e-5)
    assert BY_ID["window-entropy"].compute().value["least gain"] == pytest.approx(-8.2e-4, abs=5e-6)


def test_a_reset_gains_less_than_the_heat_over_the_temperature_by_the_relative_entropy():
    value = BY_ID["reset"].compute().value
    excited = gibbs_state(np.diag([0.0, 1.0]), 5.0)[1, 1].real
    entropy = -excited * math.log(excited) - (1 - excited) * math.log(1 - excited)
    assert value["ΔS"] == pytest.approx(entropy - math.log(2), abs=1e-10)
    assert value["ΔE/T"] == pytest.approx((excited - 0.5) / 0.2, abs=1e-10)


def test_without_dephasing_the_window_is_gone_and_the_claim_with_it(monkeypatch):
    monkeypatch.setattr(windows, "gkls_generator", lambda h, baths: gkls_generator(h, baths[:1]))
    computed = BY_ID["quasi-isolated-window"].compute()
    assert computed.verdict is not BY_ID["quasi-isolated-window"].documented
    assert "no window" in computed.reason
