from __future__ import annotations

import json
import math

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.coherence import _davies_equations, entropy_production
from loschmidt.papers.coherence._finite_maps import SPECTRA
from loschmidt.processes import Bath, davies_generator, driven_generator, driven_hamiltonian

COMPUTED = {}
X = np.array([[0.0, 1.0], [1.0, 0.0]])


def claim_of(name):
    (claim,) = (claim for claim in entropy_production.CLAIMS if claim.id == name)
    return claim


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("claim", entropy_production.CLAIMS, ids=lambda claim: claim.id)
def test_verdicts_are_as_documented(claim):
    outcome = computed(claim.id)
    assert outcome.verdict is claim.documented
    json.dumps(outcome.value, allow_nan=False)


def test_two_qubits_settle_half_way():
    # Half of |e, g⟩ is the singlet; the other half becomes the Gibbs state of the triplet.
    triplet = 1 + 2 * math.cosh(0.8)
    value = computed("production-zero").value
    expected = math.log((triplet + 1) / 2) - 0.5 * math.log(triplet)
    assert value["two qubits, S(ρ‖ρ_eq) there"] == pytest.approx(expected, abs=1e-12)
    assert value["two qubits, stationary operators"] == 2


def test_production_without_detailed_balance():
    excited = 1 / (1 + math.exp(0.3))
    value = computed("production-sign").value
    assert value["Π without detailed balance"] == pytest.approx((1 - 2 * excited) * (0.3 - 0.8), rel=1e-10)
    assert value["largest change of S(ρ‖ρ_eq) in a step"] < 0


def test_infinities():
    value = computed("production-finite").value
    assert value["Π in a pure state is infinite"]
    assert value["Π at T = 0 is infinite"]
    assert 0 < value["Υ at T = 0"] < 1 < value["Σ from there until t = 3"] < 3


def test_work_is_what_the_free_energy_misses():
    value = computed("production-from-free-energy").value
    assert value["driven, Π"] == pytest.approx(value["driven, β(dW/dt - dF/dt)"], abs=1e-10)
    assert value["driven, Π"] - value["driven, -β dF/dt"] > 0.1


def test_entropy_of_the_wrong_sign_would_be_refuted(monkeypatch):
    monkeypatch.setattr(
        entropy_production,
        "free_energy",
        lambda state, hamiltonian, beta: np.einsum("...ij,...ji->...", state, hamiltonian).real,
    )
    for name in ("free-energy", "production-from-free-energy"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name


def test_production_of_the_wrong_sign_would_be_refuted(monkeypatch):
    original = entropy_production.one_ledger
    monkeypatch.setattr(entropy_production, "one_ledger", lambda *a, **k: Negated(original(*a, **k)))
    for name in ("production-from-free-energy", "production-sign", "production-finite"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name


class Negated:
    """A ledger whose entropy production has the wrong sign."""

    def __init__(self, ledger):
        self.ledger = ledger

    def __getitem__(self, name):
        return -self.ledger[name] if "production" in name else self.ledger[name]


def test_a_drive_that_stood_still_would_reproduce_the_equation(monkeypatch):
    def standing(beta):
        still = driven_hamiltonian(np.diag(SPECTRA["no equal gaps"][0]), [(np.diag([0.0, 0.1, 0.2]), np.ones_like)])
        bath = Bath("bath", beta, _davies_equations.DENSITY, _davies_equations.coupling_of("no equal gaps"))
        return driven_generator(still, [bath])

    monkeypatch.setattr(entropy_production, "driven_equation", standing)
    assert claim_of("production-from-free-energy").compute().verdict is ClaimVerdict.REPRODUCED


def test_qubits_with_a_bath_each_would_settle_in_equilibrium(monkeypatch):
    def apart(beta):
        one, excited = np.eye(2), np.diag([0.0, 1.0])
        couplings = [np.kron(X, one), np.kron(one, X)]
        energy = np.kron(excited, one) + np.kron(one, excited)
        return davies_generator(energy, [Bath("bath", beta, _davies_equations.DENSITY, couplings)])

    monkeypatch.setattr(entropy_production, "two_qubits_in_one_bath", apart)
    assert claim_of("production-zero").compute().verdict is ClaimVerdict.REPRODUCED
