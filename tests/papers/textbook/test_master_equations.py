from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.textbook import master_equations
from loschmidt.papers.textbook.systems import generic_hermitian

COMPUTED = {}


def claim_of(name):
    (found,) = (one for one in master_equations.CLAIMS if one.id == name)
    return found


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("one", master_equations.CLAIMS, ids=lambda one: one.id)
def test_verdicts_are_as_documented(one):
    outcome = computed(one.id)
    assert outcome.verdict is one.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_circle():
    value = computed("gibbs-stationarity").value
    # Three flows of 0.18 forward and 0.02 back.
    assert value["without, production of the jumps in ρ_β"] == pytest.approx(3 * 0.16 * math.log(9), rel=1e-12)
    assert value["without, defect"] == pytest.approx(0.16 / 0.2, rel=1e-9)


def test_ratios_of_rates():
    value = computed("ratio-of-rates").value
    assert value["quanta, ln of the ratio"] == pytest.approx(-1)
    assert value["fermions, ln of the ratio"] == pytest.approx(0.6)


def test_a_bell_pair_and_an_uncorrelated_pair_part():
    assert computed("reduced-dynamics").value["the same after"] == pytest.approx(0.5)


def test_negative_rates_would_be_refuted(monkeypatch):
    original = master_equations.jump_dissipator

    def weakened(bath, jumps, rates, **options):
        return original(bath, jumps, np.subtract(rates, 0.35), **{**options, "negative_rates": True})

    monkeypatch.setattr(master_equations, "jump_dissipator", weakened)
    assert claim_of("gkls-maps").compute().verdict is ClaimVerdict.REFUTED


def test_product_starts_alone_would_reproduce_the_statement(monkeypatch):
    original = master_equations.evolve_correlated_start
    monkeypatch.setattr(
        master_equations,
        "evolve_correlated_start",
        lambda unitary, state, dims: original(unitary, np.eye(4) / 4, dims),
    )
    assert claim_of("reduced-dynamics").compute().verdict is ClaimVerdict.REPRODUCED


def test_without_the_secular_approximation_the_claim_would_be_refuted(monkeypatch):
    monkeypatch.setattr(master_equations, "davies_generator", master_equations.redfield_generator)
    assert claim_of("secular-positivity").compute().verdict is ClaimVerdict.REFUTED


def test_flows_that_balance_would_reproduce_the_statement(monkeypatch):
    def balanced(beta):
        process = master_equations.davies_generator(
            master_equations.ENERGIES, [master_equations.generic_bath("bath", beta, 3)]
        )
        return process, np.ones((3, 3))

    monkeypatch.setattr(master_equations, "_driven_round", balanced)
    assert claim_of("gibbs-stationarity").compute().verdict is ClaimVerdict.REPRODUCED


def test_a_lead_without_its_chemical_potential_would_be_refuted(monkeypatch):
    original = master_equations.Bath
    monkeypatch.setattr(
        master_equations,
        "Bath",
        lambda *given, **more: original(*given, **{**more, **({"chemical_potential": 0.0} if more else {})}),
    )
    assert claim_of("ratio-of-rates").compute().verdict is ClaimVerdict.REFUTED


def test_a_shift_that_does_not_commute_would_be_refuted(monkeypatch):
    original = master_equations.davies_generator

    def skewed(hamiltonian, baths, **options):
        process = original(hamiltonian, baths, **options)
        if not baths[0].lamb_shift:
            return process
        # As if it were a Davies equation, with a shift that no Davies equation has.
        return replace(process, lamb_shift=0.1 * generic_hermitian(3, 5), equation="gkls")

    monkeypatch.setattr(master_equations, "davies_generator", skewed)
    assert claim_of("lamb-shift").compute().verdict is ClaimVerdict.REFUTED


def test_jumps_of_the_wrong_frequency_would_be_refuted(monkeypatch):
    original = master_equations.davies_generator
    monkeypatch.setattr(
        master_equations,
        "davies_generator",
        lambda hamiltonian, baths: original(1.01 * hamiltonian, baths),
    )
    assert claim_of("eigenoperators").compute().verdict is ClaimVerdict.REFUTED
