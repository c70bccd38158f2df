from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from tests.reference.commutators import image_of

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.h_theorem import criterion
from loschmidt.processes.dilations import Dilation

COMPUTED = {}


def computed(name):
    if name not in COMPUTED:
        (claim,) = (claim for claim in criterion.CLAIMS if claim.id == name)
        COMPUTED[name] = claim.compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", criterion.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_correlated_start():
    value = computed("disentangled-start").value
    assert value["entropy change"] == pytest.approx(-math.log(2), abs=1e-14)
    assert value["I(S:R) at the start"] == pytest.approx(2 * math.log(2), abs=1e-14)


def test_numbers_of_the_theorem():
    value = computed("restricted-theorem").value
    assert value["entropy change of the level above"] == pytest.approx(-math.log(2), abs=1e-12)
    assert value["‖Φ(1) - 1‖"] == pytest.approx(1, abs=1e-12)
    assert value["smallest entropy change inside"] > 1e-3


def test_the_conditions_are_not_necessary():
    for name in ("microscopic-condition", "macroscopic-condition"):
        value = computed(name).value
        assert value["residual"] < 1e-14
        assert value["residual of a unital channel in which it fails"] > 0.05
    assert computed("macroscopic-condition").value["‖Φ(1) - 1‖ with the spin polarised"] > 0.1


def test_a_wrong_criterion_would_be_refuted(monkeypatch):
    original = criterion.nonunitality_matrix

    def with_the_daggers_exchanged(dilation):
        right = original(dilation)
        return replace(right, blocks=tuple(replace(part, matrix=-part.matrix) for part in right.blocks))

    monkeypatch.setattr(criterion, "nonunitality_matrix", with_the_daggers_exchanged)
    (claim,) = (claim for claim in criterion.CLAIMS if claim.id == "commutator-criterion")
    assert claim.compute().verdict is ClaimVerdict.REFUTED


def test_a_theorem_that_overlooks_a_level_would_be_refuted(monkeypatch):
    original = criterion.restricted_unitality
    monkeypatch.setattr(
        criterion, "restricted_unitality", lambda channel, **options: original(channel, state=np.eye(6) / 6)
    )
    (claim,) = (claim for claim in criterion.CLAIMS if claim.id == "restricted-theorem")
    assert claim.compute().verdict is ClaimVerdict.REFUTED


def test_the_processes_of_the_claims_are_what_they_are_called():
    dilation = criterion._isolated(2)
    energy = np.kron(dilation.system_hamiltonian, np.eye(3))
    np.testing.assert_allclose(dilation.unitary @ energy, energy @ dilation.unitary, atol=1e-13)
    steered = criterion._steered(1).reshape(3, 2, 3, 2)
    assert np.abs(steered[0, :, 1]).max() == 0
    assert np.abs(steered[0, :, 0] - steered[1, :, 1]).max() > 0.1
    unital = Dilation(criterion._scattered(3) @ criterion._steered(1), [1, 0], (3, 2))
    np.testing.assert_allclose(image_of(np.eye(3), unital.unitary, np.diag([1.0, 0.0]), 3, 2), np.eye(3), atol=1e-14)
