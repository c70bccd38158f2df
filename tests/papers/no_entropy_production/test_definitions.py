"""Claims on definitions of entropy production: documented verdicts, numbers in print, and other verdicts if broken."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.no_entropy_production import definitions
from loschmidt.processes.thermal_operations import thermal_operation_by_exchange

COMPUTED = {}


def claim_of(name):
    (found,) = (one for one in definitions.CLAIMS if one.id == name)
    return found


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim_of(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("one", definitions.CLAIMS, ids=lambda one: one.id)
def test_verdicts_are_as_documented(one):
    outcome = computed(one.id)
    assert outcome.verdict is one.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_table():
    swap = list(computed("definitions-of-a-swap").value.values())
    same = 0.3002792
    np.testing.assert_allclose(swap, [*[same] * 5, 0.0, 0.2197420, 0.2169923, 0.1703175, 0.0813919], rtol=0, atol=6e-8)
    work = list(computed("definitions-with-work").value.values())
    first, second = 0.3675634, 0.2719124
    expected = [first, second, first, second, 0.0, 0.2525620, 0.2617205, 0.2138022, 0.0795338, first - second]
    np.testing.assert_allclose(work, expected, rtol=0, atol=1.1e-7)
    flow = computed("definitions-of-a-relaxation").value
    assert flow["#1 Clausius, reservoir heat"] == pytest.approx(0.3980573, abs=6e-8)
    assert flow["#10 diagonal, of the system"] == pytest.approx(0.0729327, abs=6e-8)


def test_numbers_of_the_drive_and_of_two_baths():
    drive = computed("closed-drive").value
    assert drive["β (W - ΔF)"] == pytest.approx(0.1251812, abs=6e-8)
    assert (drive["coherence"], drive["populations"]) == pytest.approx((0.0350835, 0.0900977), abs=6e-8)
    rates = computed("steady-production").value
    assert list(rates.values()) == pytest.approx([2.4363028, 0.4361108, 2.0001920, 0.3033610], abs=6e-8)


def test_zero_everywhere_would_confirm_the_paper(monkeypatch):
    right = definitions.compare_definitions

    def nothing(evolution):
        table = right(evolution)
        rows = tuple(row if row.value is None else replace(row, value=0.0, parts={}) for row in table.rows)
        return replace(table, rows=rows)

    monkeypatch.setattr(definitions, "compare_definitions", nothing)
    assert claim_of("same-quantity").compute().verdict is ClaimVerdict.REPRODUCED
    assert claim_of("definitions-of-a-swap").compute().verdict is ClaimVerdict.REFUTED


def test_identity_that_fails_is_no_basis_for_a_verdict(monkeypatch):
    right = definitions.compare_definitions

    def broken(evolution):
        table = right(evolution)
        return replace(table, agreements=tuple(replace(one, residual=1e-3) for one in table.agreements))

    monkeypatch.setattr(definitions, "compare_definitions", broken)
    assert claim_of("same-quantity").compute().verdict is ClaimVerdict.NOT_REPRODUCIBLE
    assert claim_of("closed-drive").compute().verdict is ClaimVerdict.NOT_REPRODUCIBLE
    assert claim_of("steady-production").compute().verdict is ClaimVerdict.NOT_REPRODUCIBLE
    for name in ("definitions-with-work", "definitions-of-a-relaxation", "stored-in-correlations"):
        assert claim_of(name).compute().verdict is ClaimVerdict.REFUTED


def test_unitary_that_conserves_energy_has_one_number(monkeypatch):
    right = definitions.ThermalOperation

    def quiet(unitary, energy, environment, allow_work=False):
        if not allow_work:
            return right(unitary, energy, environment)
        return thermal_operation_by_exchange(energy, definitions.GibbsEnvironment(energy, 1.0), 0.7)

    monkeypatch.setattr(definitions, "ThermalOperation", quiet)
    assert claim_of("definitions-with-work").compute().verdict is ClaimVerdict.REFUTED


def test_baths_of_one_temperature_produce_nothing_in_the_end(monkeypatch):
    right = definitions.thermal_jumps
    monkeypatch.setattr(definitions, "thermal_jumps", lambda rate, beta, name: right(rate, 1.0, name=name))
    assert claim_of("steady-production").compute().verdict is ClaimVerdict.REPRODUCED


def test_drive_that_does_nothing_confirms_the_claim(monkeypatch):
    monkeypatch.setattr(definitions, "_X", np.zeros((2, 2)))
    right = definitions.driven_hamiltonian
    monkeypatch.setattr(definitions, "driven_hamiltonian", lambda h, terms: right(h, [(0 * h, terms[0][1])]))
    assert claim_of("closed-drive").compute().verdict is ClaimVerdict.REPRODUCED


def test_environments_at_one_temperature_produce_no_more_and_more(monkeypatch):
    right = definitions.GibbsEnvironment
    monkeypatch.setattr(definitions, "GibbsEnvironment", lambda energy, beta, name: right(energy, 1.0, name))
    assert claim_of("stored-in-correlations").compute().verdict is ClaimVerdict.REPRODUCED
