from __future__ import annotations

import json
from dataclasses import replace

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.textbook import steady_states

COMPUTED = {}


def claim(name):
    (found,) = (one for one in steady_states.CLAIMS if one.id == name)
    return found


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("one", steady_states.CLAIMS, ids=lambda one: one.id)
def test_verdicts_are_as_documented(one):
    outcome = computed(one.id)
    assert outcome.verdict is one.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_housekeeping_part():
    value = computed("housekeeping-sign").value
    assert value["Σ β Q̇ of the maser"] == pytest.approx(-0.0121636, abs=1e-7)
    assert value["lowest eigenvalue of K, maser"] <= value["Σ̇_a in a state of the maser"] < 0
    assert value["lowest eigenvalue of K, Davies"] > 0


def test_numbers_of_the_local_equation():
    value = computed("spohn-is-clausius").value
    assert value["-Σ β Q̇ with the full Hamiltonian"] == pytest.approx(value["heat from the hotter bath"] / 6, rel=1e-9)
    # The jumps obey detailed balance for the free Hamiltonian, and one quantum of 2 from the hot bath becomes one of 1.
    assert value["-Σ β Q̇ with the free Hamiltonian"] == pytest.approx(value["switching power"] * 2 / 3, rel=1e-9)


def test_numbers_of_the_squeezed_bath():
    value = computed("squeezed-bath").value
    assert value["smallest Ṡ - β Q̇"] < -0.009
    assert value["reservoir's production at π"] == pytest.approx(0.125837, abs=1e-6)


def test_redfield_parts_have_no_sign():
    value = computed("separation-needs-secular").value
    assert value["smallest part"] < -0.005
    assert value["largest cross term, Redfield and Davies"][0] > 1e-3


def test_a_bath_that_keeps_phases_would_be_refuted(monkeypatch):
    original = steady_states.covariance_defects
    monkeypatch.setattr(steady_states, "covariance_defects", lambda g: original(g)._replace(dephasing=0.1))
    assert claim("phase-covariance").compute().verdict is ClaimVerdict.REFUTED


def test_a_wrong_entropy_of_the_reservoir_would_be_refuted(monkeypatch):
    original = steady_states.reservoir_rates
    monkeypatch.setattr(
        steady_states, "reservoir_rates", lambda *a: replace(original(*a), reservoir=original(*a).information)
    )
    assert claim("squeezed-bath").compute().verdict is ClaimVerdict.REFUTED
