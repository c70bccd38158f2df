from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.textbook import laws
from loschmidt.processes import redfield_generator

COMPUTED = {}


def claim_of(name):
    (found,) = (one for one in laws.CLAIMS if one.id == name)
    return found


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("one", laws.CLAIMS, ids=lambda one: one.id)
def test_verdicts_are_as_documented(one):
    outcome = computed(one.id)
    assert outcome.verdict is one.documented
    json.dumps(outcome.value, allow_nan=False)


def test_cost_of_erasure_by_swaps():
    # One swap wastes S(ρ‖ρ_E) = ln cosh(βω/2); the others are the published 0.587, 0.130 and 0.0316.
    excess = computed("landauer-attained").value["-βQ + ΔS, by number of swaps"]
    assert excess["1"] == pytest.approx(math.log(math.cosh(4)), rel=1e-12)
    assert [excess[count] for count in ("4", "16", "64")] == pytest.approx([0.587, 0.130, 0.0316], abs=5e-4)


def test_heat_of_erasure_leaves():
    value = computed("landauer-sign").value
    excited = 1 / (1 + math.exp(8))
    assert value["βQ into the system"] == pytest.approx(-8 * (0.5 - excited), rel=1e-12)
    assert value["βQ into the system"] < value["-ΔS"] < -value["βQ into the system"]


def test_energy_balance_of_the_driven_qubit():
    value = computed("first-law").value
    assert value["W"] + value["Q"] == pytest.approx(value["ΔU"], abs=1e-9)
    work = computed("work-and-free-energy").value
    assert work["Σ"] == pytest.approx(work["β(W - ΔF)"], abs=1e-9)


def test_lumped_rates_hide_most_of_the_production():
    value = computed("production-by-bath").value
    assert 0 < value["from the rates together"] < 0.01 * value["Σ̇ in the steady state"]


def test_heat_of_the_wrong_sign_would_be_refuted(monkeypatch):
    original = laws.evolve

    def reversed_heat(*arguments):
        evolution = original(*arguments)
        return replace(evolution, heat=-evolution.heat)

    monkeypatch.setattr(laws, "evolve", reversed_heat)
    assert claim_of("first-law").compute().verdict is ClaimVerdict.REFUTED
    assert claim_of("work-and-free-energy").compute().verdict is ClaimVerdict.REFUTED


def test_heat_of_a_reservoir_counted_backwards_would_be_refuted(monkeypatch):
    original = laws.entropy_budget

    def reversed_heat(operation, state):
        budget = original(operation, state)
        change = budget.system_entropy_after - budget.system_entropy_before
        return replace(budget, heat=-budget.heat, entropy_production=change - budget.entropy_flux)

    monkeypatch.setattr(laws, "entropy_budget", reversed_heat)
    for name in ("landauer-sign", "landauer-attained", "thermal-reservoirs"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED, name


def test_erasure_in_one_step_of_many_would_be_refuted(monkeypatch):
    original = laws._erased_by_swaps
    monkeypatch.setattr(laws, "_erased_by_swaps", lambda count: original(1))
    assert claim_of("landauer-attained").compute().verdict is ClaimVerdict.REFUTED


def test_without_the_shift_the_first_law_would_hold_as_stated(monkeypatch):
    original = laws.local_generator
    monkeypatch.setattr(
        laws,
        "local_generator",
        lambda hamiltonian, baths, *, free_hamiltonian, energy: original(
            energy, baths, free_hamiltonian=free_hamiltonian, energy=energy
        ),
    )
    assert claim_of("shifted-hamiltonian").compute().verdict is ClaimVerdict.REPRODUCED


def test_baths_at_other_temperatures_would_be_refuted(monkeypatch):
    original = laws.generic_bath
    swapped = {"hot": 2.0, "cold": 0.4}
    monkeypatch.setattr(laws, "generic_bath", lambda name, beta, number: original(name, swapped[name], number))
    assert claim_of("production-by-bath").compute().verdict is ClaimVerdict.REFUTED


def test_baths_that_break_the_secular_approximation_would_be_refuted(monkeypatch):
    monkeypatch.setattr(laws, "davies_generator", redfield_generator)
    monkeypatch.setattr(laws, "ENERGIES", np.diag([0.0, 1.0, 1.02]))
    monkeypatch.setattr(laws, "mixed_states", lambda size: np.stack([np.diag([0.3, 0.4, 0.3]) + 0j] * 2))
    assert claim_of("parts-by-bath").compute().verdict is ClaimVerdict.REFUTED


def test_a_distance_that_grows_would_be_refuted(monkeypatch):
    original = laws.relative_entropy
    monkeypatch.setattr(laws, "relative_entropy", lambda *states: -original(*states))
    assert claim_of("relative-entropy").compute().verdict is ClaimVerdict.REFUTED
