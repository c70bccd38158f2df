"""Reports of several parts: text, JSON, page and figures, closed and open."""

from __future__ import annotations

import json
import re

import pytest

from loschmidt.report import render_json, render_text, write_report
from loschmidt.report.captions import captions
from loschmidt.report.figures import figures
from loschmidt.studies import builtin_model, parse_model, run_model

OPEN = '[[bath]]\nname = "bath"\ntemperature = 1\nspectrum = { type = "ohmic", coupling = 0.05 }\ncouplings = "X_a"\n'


def opened():
    text = builtin_model("strong-pair").origin.text.replace("[reversal]\ntime = 1.7\n", "")
    return run_model(parse_model(text + OPEN))


def labels(figure):
    (axes,) = figure.axes
    return [text.get_text() for text in axes.get_legend().get_texts()]


@pytest.mark.parametrize("name", ["heat-between-qubits", "correlated-qubits", "strong-pair", "open"])
def test_reports(name, tmp_path):
    run = opened() if name == "open" else run_model(builtin_model(name))
    written = write_report(run, tmp_path)
    text = render_text(run, written=written)
    assert not re.search(r"\b(nan|inf)\b", text, re.IGNORECASE)
    tree = json.loads(json.dumps(render_json(run, written), allow_nan=False))
    assert {"part_entropy", "part_heat", "coupling_energy", "mutual_information"} <= set(tree["ledger"])
    names = {path.name for path in written}
    assert {"report.html", "ledger.nc", "part-entropies.svg", "part-energies.svg", "part-rates.svg"} <= names
    assert "heat into" in text
    assert "entropy in correlations" in text


def test_a_closed_whole_has_no_figures_of_baths():
    run = run_model(builtin_model("heat-between-qubits"))
    drawn = figures(run)
    assert list(drawn) == ["part-entropies", "part-energies", "part-rates"]
    assert labels(drawn["part-entropies"]) == ["S of cold", "S of hot", "S of the whole", "I correlation"]
    assert labels(drawn["part-rates"])[-1] == "İ = sum"
    assert "closed" in captions(run)["part-entropies"].text
    assert "cold from 0.3653 nats to" in captions(run)["part-entropies"].description
    assert "Undone, the motion returns" in " ".join(render_text(run).split())


def test_an_open_whole_has_both():
    run = opened()
    drawn = figures(run)
    assert {"part-entropies", "part-energies", "entropy-production", "currents"} <= set(drawn)
    assert labels(drawn["part-rates"])[-1] == "sum"
    assert labels(drawn["part-energies"])[-1] == "Q from the baths"
    assert "Baths change" in captions(run)["part-entropies"].text


def test_no_two_curves_look_alike():
    run = run_model(builtin_model("strong-pair"))
    for figure in figures(run).values():
        (axes,) = figure.axes
        looks = [
            (line.get_color(), str(line._dash_pattern[1]))
            for line in axes.lines
            if not line.get_label().startswith("_")
        ]
        assert len(set(looks)) == len(looks)
