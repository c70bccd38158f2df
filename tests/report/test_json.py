from __future__ import annotations

import json

import numpy as np
import pytest
from tests.report.conftest import MODEL, TITLE, make_ledger, make_run

from loschmidt.report import render_json
from loschmidt.units import UnitSystem


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def test_it_is_strict_json(run, tmp_path):
    text = json.dumps(render_json(run, [tmp_path / "ledger.nc"]), allow_nan=False)
    tree = json.loads(text, parse_constant=refuse)
    assert tree["title"] == TITLE
    assert tree["written"] == [str(tmp_path / "ledger.nc")]
    assert {"equation", "dimension", "method", "error", "audit", "ledger", "units", "versions"} <= set(tree)


def test_infinities_are_words(plain):
    rate = render_json(plain)["ledger"]["entropy_production_rate"]
    assert rate["start"] == "inf"
    assert isinstance(rate["end"], float)


def test_no_number_is_null(plain):
    findings = {finding["name"]: finding for finding in render_json(plain)["audit"]["findings"]}
    assert findings["steady currents"]["margin"] is None
    assert findings["first law"]["margin"] == -4e-15


def test_the_audit_is_complete(violated):
    audit = render_json(violated)["audit"]
    assert audit["counts"] == {"HOLDS": 1, "TIGHT": 1, "VIOLATED": 1, "EXEMPT": 1, "UNTESTED": 1}
    assert [finding["name"] for finding in audit["findings"]] == [f.name for f in violated.audit.findings]
    assert audit["validity"][-1]["verdict"] == "DOUBTFUL"
    assert all(finding["citation"] for finding in audit["findings"])


def test_every_account_is_there_with_symbol_and_unit(run):
    ledger = render_json(run)["ledger"]
    assert set(ledger) == set(run.ledger.accounts)
    assert all(entry["symbol"] and entry["unit"] for entry in ledger.values())


def test_totals_are_those_of_the_ledger(plain):
    entry, data = render_json(plain)["ledger"], plain.ledger.data
    assert entry["entropy"]["total"] == pytest.approx(float(data["entropy"][-1] - data["entropy"][0]), rel=1e-12)
    assert entry["heat"]["baths"]["hot"]["total"] == pytest.approx(float(data["heat"][-1, 1]), rel=1e-12)
    assert entry["heat"]["baths"]["hot"]["start"] is None
    assert entry["heat"]["baths"]["hot"]["error"] == pytest.approx(1e-13)
    assert entry["inverse_temperature"]["value"] == {"cold": 2.0, "hot": 0.5}
    assert entry["steady_state_multiplicity"]["value"] == 1.0


def test_numbers_are_in_the_units_of_the_model():
    ledger = make_ledger(np.linspace(0, 20, 5), frequency=2 * np.pi)
    tree = render_json(make_run(ledger, UnitSystem("ns")))
    assert tree["units"] == {"energy": "h·GHz", "time": "ns", "entropy": "nats", "power": "h·GHz/ns"}
    assert tree["ledger"]["energy"]["start"] == pytest.approx(0.5)
    assert tree["ledger"]["inverse_temperature"]["value"]["cold"] == pytest.approx(2.0 * 2 * np.pi)
    assert tree["ledger"]["entropy_flux"]["unit"] == "nats/ns"


def test_the_difference_of_infinities_is_no_number():
    ledger = make_ledger(np.linspace(0, 20, 5))
    ledger.data["energy"][:] = np.inf
    assert render_json(make_run(ledger))["ledger"]["energy"]["total"] is None


def test_the_model_of_the_fixture_is_in_the_ledger(plain):
    assert plain.ledger.data.attrs["model"] == MODEL
