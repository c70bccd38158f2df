from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.coherence import _finite_maps, conservation_laws

COMPUTED = {}


def claim_of(name):
    (claim,) = (claim for claim in conservation_laws.CLAIMS if claim.id == name)
    return claim


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", conservation_laws.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_counterexamples():
    value = computed("correlated-coherence").value
    assert value["two qubits, C_cc"] == pytest.approx(-0.03247, abs=1e-5)
    assert value["two qubits, Ξ"] == pytest.approx(0.1920, abs=1e-4)
    assert value["two qubits, C(ρ_E')"] == pytest.approx(0.2245, abs=1e-4)
    assert value["qutrit and qubit at T = 0, C_cc"] < -0.35
    assert value["smallest local version"] > 0
    assert computed("coherence-redistribution").value["C(ρ_E') - Ξ of two qubits"] == pytest.approx(0.03247, abs=1e-5)


def test_pinchings_differ():
    for name in ("population-conservation", "coherence-conservation"):
        value = computed(name).value
        assert value["residual, levels of the total energy"] < 1e-13
        assert value["residual, product states"] > 0.1


def test_without_a_negative_value_the_claim_would_stand(monkeypatch):
    original = conservation_laws._counterexamples

    def clamped():
        return tuple(replace(one, correlated_coherence=np.float64(0.0)) for one in original())

    monkeypatch.setattr(conservation_laws, "_counterexamples", clamped)
    assert claim_of("correlated-coherence").compute().verdict is ClaimVerdict.REPRODUCED


def test_unitaries_that_do_work_would_be_refuted(monkeypatch):
    def working(spectrum, beta=0.8, number=1):
        conserving = _finite_maps.generic_operation(spectrum, beta, number)
        _, other = np.linalg.eigh(_finite_maps.generic_hermitian(len(conserving.unitary), number))
        return replace(conserving, unitary=other, allow_work=True)

    monkeypatch.setattr(conservation_laws, "generic_operation", working)
    for claim in conservation_laws.CLAIMS:
        if claim.id != "correlated-coherence":
            assert claim.compute().verdict is ClaimVerdict.REFUTED, claim.id
