"""Every report of a built-in model: what the synthetic runs of the other tests cannot foresee."""

from __future__ import annotations

import json
import re

import pytest

from loschmidt.report import render_json, render_text, write_report
from loschmidt.studies import builtin_model, run_model


@pytest.mark.parametrize("name", ["qubit-relaxation", "two-qubits-redfield"])
def test_reports_of_models(name, tmp_path):
    run = run_model(builtin_model(name))
    written = write_report(run, tmp_path)
    text = render_text(run, written=written)
    assert not re.search(r"\b(nan|inf)\b", text, re.IGNORECASE)
    json.dumps(render_json(run, written), allow_nan=False)
    assert {"report.html", "ledger.nc", "entropy-production.svg"} <= {path.name for path in written}
