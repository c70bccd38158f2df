from __future__ import annotations

import json
import math

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.coherence import _davies_equations, master_equation
from loschmidt.papers.coherence._finite_maps import SPECTRA
from loschmidt.processes import Bath, redfield_generator

COMPUTED = {}


def claim_of(name):
    (claim,) = (claim for claim in master_equation.CLAIMS if claim.id == name)
    return claim


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", master_equation.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_what_the_printed_decay_leaves_out_is_pure_dephasing():
    value = computed("coherence-decay").value
    diagonal = np.diagonal(_davies_equations.coupling_of("no equal gaps")).real
    static = [0.5 * 0.2 / 0.8 * (diagonal[n] - diagonal[m]) ** 2 for n, m in ((0, 1), (0, 2), (1, 2))]
    printed, actual = value["printed rates of growth of ρ_01, ρ_02, ρ_12"], value["actual ones"]
    assert min(printed) > 0 > max(actual)
    np.testing.assert_allclose(actual, -np.add(printed, static), rtol=1e-12)


def test_equal_gaps_share_a_jump():
    coupling = np.abs(_davies_equations.coupling_of("equal gaps"))
    emission = 0.2 * math.exp(-1 / 5) / -math.expm1(-0.8)
    assert computed("coherence-transfer").value["equal gaps"] == pytest.approx(
        emission * coupling[0, 1] * coupling[1, 2], rel=1e-12
    )


def test_the_derivative_is_of_eighth_order():
    points = _davies_equations.steps_along(np.zeros((1, 1)), np.ones((1, 1)))
    step = float(points[5, 0, 0])
    powers = [_davies_equations.rate_of((points[:, 0, 0] / step) ** n) * step for n in range(9)]
    np.testing.assert_allclose(powers, [0, 1, 0, 0, 0, 0, 0, 0, 0], atol=1e-10)


def test_another_temperature_would_be_refuted(monkeypatch):
    original = master_equation.davies_equation
    monkeypatch.setattr(master_equation, "davies_equation", lambda spectrum, beta: original(spectrum, 1.1 * beta))
    for name in ("entropy-balance", "davies-equilibrium", "rate-equation", "rate-detailed-balance", "coherence-decay"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name
    assert claim_of("rate-direction").compute().verdict is ClaimVerdict.REFUTED


def test_without_the_secular_approximation_populations_would_feel_coherence(monkeypatch):
    def redfield(spectrum, beta):
        bath = Bath("bath", beta, _davies_equations.DENSITY, _davies_equations.coupling_of(spectrum))
        return redfield_generator(np.diag(SPECTRA[spectrum][0]), [bath])

    monkeypatch.setattr(master_equation, "davies_equation", redfield)
    assert claim_of("rate-equation").compute().verdict is ClaimVerdict.REFUTED
    assert claim_of("coherence-transfer").compute().verdict is ClaimVerdict.REFUTED


def test_rates_that_went_the_other_way_would_confirm_the_text(monkeypatch):
    original = master_equation._measured_rates
    monkeypatch.setattr(master_equation, "_measured_rates", lambda process: original(process).T)
    assert claim_of("rate-direction").compute().verdict is ClaimVerdict.REPRODUCED
    assert claim_of("rate-detailed-balance").compute().verdict is ClaimVerdict.REFUTED
