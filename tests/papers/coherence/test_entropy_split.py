from __future__ import annotations

import json

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.coherence import _davies_equations, entropy_split
from loschmidt.papers.coherence._finite_maps import SPECTRA
from loschmidt.processes import Bath, driven_generator, driven_hamiltonian

COMPUTED = {}


def claim_of(name):
    (claim,) = (claim for claim in entropy_split.CLAIMS if claim.id == name)
    return claim


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", entropy_split.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_gibbs_populations_with_coherence():
    weights = np.exp(-0.8 * np.array(SPECTRA["no equal gaps"][0]))
    thermal = weights / weights.sum()
    spectrum = np.linalg.eigvalsh(0.5 * np.diag(thermal) + 0.5 * np.sqrt(np.outer(thermal, thermal)))
    coherence = float(spectrum @ np.log(spectrum) - thermal @ np.log(thermal))
    value = computed("zeros-of-the-parts").value["Gibbs populations with coherence"]
    assert value["S(ρ‖ρ_eq)"] == pytest.approx(coherence, abs=1e-12)
    assert value["Υ"] > 0.1
    assert abs(value["Π_d"]) < 1e-10


def test_coherence_inside_a_level_depends_on_the_basis():
    first, second = computed("relative-entropy-split").value["degenerate level, C with Δ on states, in two bases"]
    assert abs(first - second) > 0.05


def test_another_measure_of_coherence_would_be_refuted(monkeypatch):
    original = entropy_split.relative_entropy_of_coherence
    monkeypatch.setattr(entropy_split, "relative_entropy_of_coherence", lambda *arguments: 1.1 * original(*arguments))
    for name in ("relative-entropy-split", "rate-split", "coherence-rate"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name


def test_another_temperature_would_be_refuted(monkeypatch):
    original = entropy_split.davies_equation
    monkeypatch.setattr(entropy_split, "davies_equation", lambda spectrum, beta: original(spectrum, 1.1 * beta))
    for name in ("rate-split", "population-rate", "population-flux"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name


def test_without_pinching_nothing_would_vanish(monkeypatch):
    monkeypatch.setattr(entropy_split, "pinching", lambda state, hamiltonian: state)
    assert claim_of("zeros-of-the-parts").compute().verdict is ClaimVerdict.REPRODUCED
    assert claim_of("rate-split").compute().verdict is ClaimVerdict.REFUTED


def test_a_drive_that_stood_still_would_reproduce_the_equation(monkeypatch):
    def standing(beta):
        still = driven_hamiltonian(np.diag(SPECTRA["no equal gaps"][0]), [(np.diag([0.0, 0.1, 0.2]), np.ones_like)])
        bath = Bath("bath", beta, _davies_equations.DENSITY, _davies_equations.coupling_of("no equal gaps"))
        return driven_generator(still, [bath])

    monkeypatch.setattr(entropy_split, "driven_equation", standing)
    assert claim_of("coherence-rate").compute().verdict is ClaimVerdict.REPRODUCED
