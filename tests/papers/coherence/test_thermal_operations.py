from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.coherence import _finite_maps, thermal_operations

COMPUTED = {}


def claim_of(name):
    (claim,) = (claim for claim in thermal_operations.CLAIMS if claim.id == name)
    return claim


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", thermal_operations.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers():
    incoherent = computed("incoherent-operation").value
    assert incoherent["an incoherent operation, population ↔ coherence"] == pytest.approx(0.5)
    assert incoherent["its Σ_d"] == pytest.approx(-math.log(2))
    meaning = computed("meaning-of-the-bound").value
    populations = 1 / (1 + np.exp([-1.0, 1.0]))
    assert meaning["swap, bound"] == pytest.approx(math.sqrt(populations.prod()))
    assert meaning["dephasing, bound"] == pytest.approx(1)
    assert max(meaning["swap, part kept"], meaning["dephasing, part kept"]) < 1e-15
    assert computed("population-map").value["detailed balance, three levels"] > 0.005
    assert computed("unitary").value["‖U†U - 1‖ as printed"] > 1


def test_the_generic_matrices_have_no_hidden_symmetry():
    matrix = _finite_maps.generic_hermitian(6, 1)
    # The phase of a closed path of three does not depend on the basis states' phases; real matrices have 0 or π.
    loops = [matrix[a, b] * matrix[b, c] * matrix[c, a] for a, b, c in ((0, 1, 2), (1, 3, 5), (2, 4, 0))]
    assert min(abs(one.imag) / abs(one) for one in loops) > 1e-2
    states = _finite_maps.generic_states(4)
    np.testing.assert_allclose(np.trace(states, axis1=1, axis2=2), 1, atol=1e-14)
    assert [np.linalg.matrix_rank(one, tol=1e-10) for one in states] == [1, 4, 4]


def test_heat_of_the_wrong_sign_would_be_refuted(monkeypatch):
    original = thermal_operations.entropy_budget

    def reversed_heat(operation, state):
        right = original(operation, state)
        change = right.system_entropy_after - right.system_entropy_before
        return replace(right, entropy_production=change - right.entropy_flux)

    monkeypatch.setattr(thermal_operations, "entropy_budget", reversed_heat)
    assert claim_of("finite-entropy-production").compute().verdict is ClaimVerdict.REFUTED
    assert claim_of("finite-split").compute().verdict is ClaimVerdict.REFUTED


def test_transposed_probabilities_would_be_refuted(monkeypatch):
    original = thermal_operations.energy_transfer
    monkeypatch.setattr(
        thermal_operations,
        "energy_transfer",
        lambda *process: replace(original(*process), probabilities=original(*process).probabilities.T),
    )
    assert claim_of("population-map").compute().verdict is ClaimVerdict.REFUTED


def test_a_unitary_that_leaks_would_be_refuted(monkeypatch):
    def working(spectrum, beta=0.8, number=1):
        conserving = _finite_maps.generic_operation(spectrum, beta, number)
        _, other = np.linalg.eigh(_finite_maps.generic_hermitian(len(conserving.unitary), number))
        return replace(conserving, unitary=other, allow_work=True)

    monkeypatch.setattr(thermal_operations, "generic_operation", working)
    for name in ("unitary", "selection-rule", "incoherent-operation", "population-map", "coherence-factors"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name
