"""What was counted in the report of a run: lines, page, JSON and figures say the same numbers with their units."""

from __future__ import annotations

import json
import math

import pytest
from tests.report.test_html import Page

from loschmidt.models import MODELS
from loschmidt.report.captions import captions
from loschmidt.report.counting import counted_rows
from loschmidt.report.figures import figures
from loschmidt.report.html import render_html
from loschmidt.report.json import render_json
from loschmidt.report.numbers import display_width
from loschmidt.report.text import render_text
from loschmidt.studies import parse_model, run_model

LABORATORY = """\
title = "Counted in the laboratory"
[units]
time = "ns"
[parameters]
w = "5 GHz"
[system]
levels = ["e", "g"]
hamiltonian = "0.5*w*Z"
[[bath]]
name = "hot"
temperature = "200 mK"
spectrum = { type = "flat", coupling = "0.02 1/ns" }
couplings = "X"
[[bath]]
name = "cold"
temperature = "50 mK"
spectrum = { type = "flat", coupling = "0.03 1/ns" }
couplings = "X"
[initial]
state = "steady"
[times]
stop = "10 ns"
points = 3
[counting]
order = 3
variables = ["heat from hot", "quanta from hot", "activity", "entropy"]
generating_function = { points = 5 }
"""
FIGURES = {"generating-function", "heat-noise", "uncertainty"}


@pytest.fixture(scope="module")
def counted():
    return run_model(parse_model(LABORATORY))


def test_cumulants_are_in_the_units_of_the_model(counted):
    heat, quanta, activity, entropy = counted_rows(counted)
    assert heat.units == ("h·GHz/ns", "(h·GHz)²/ns", "(h·GHz)³/ns")
    assert (quanta.units[1], activity.units[0], entropy.units[2]) == ("1/ns", "1/ns", "nats³/ns")
    for order in range(3):
        assert heat.values[order] == pytest.approx(5.0 ** (order + 1) * quanta.values[order])
    hot, cold = (1 / math.expm1(5 / (20.836619 * t)) for t in (0.2, 0.05))
    down, up = 0.02 * hot * 0.03 * (cold + 1), 0.02 * (hot + 1) * 0.03 * cold
    total = 0.02 * (2 * hot + 1) + 0.03 * (2 * cold + 1)
    assert quanta.values[0] == pytest.approx((down - up) / total, rel=1e-6)
    assert quanta.values[1] == pytest.approx((down + up) / total - 2 * (down - up) ** 2 / total**3, rel=1e-6)


def test_the_terminal_shows_them(counted):
    lines = render_text(counted).splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("Counted") and "variance" in line)
    assert lines[at].split()[1:] == ["mean", "variance", "c_3", "TUR", "KUR"]
    assert lines[at + 1].split()[:3] == ["heat", "from", "hot"]
    assert lines[at + 1].endswith("h·GHz/ns")
    assert lines[at + 3].split()[4] == "–"
    assert any("activity: left out, a jump and its reverse do not count opposite" in line for line in lines)
    assert max(map(display_width, lines)) <= 100


def test_the_tree_holds_them(counted):
    tree = json.loads(json.dumps(render_json(counted), allow_nan=False))
    variables = tree["counting"]["variables"]
    assert list(variables) == ["heat from hot", "quanta from hot", "activity", "entropy"]
    assert variables["heat from hot"]["cumulants"][1]["unit"] == "(h·GHz)²/ns"
    assert variables["activity"]["thermodynamic_uncertainty"] is None
    noise = tree["ledger"]["heat_noise"]
    assert noise["unit"] == "(h·GHz)²/ns"
    assert noise["value"][0]["hot"] == pytest.approx(variables["heat from hot"]["cumulants"][1]["value"])
    assert tree["ledger"]["activity"]["unit"] == "1/ns"


def test_the_page_holds_a_table_and_three_figures(counted):
    drawn = set(figures(counted))
    assert drawn >= FIGURES
    text = render_html(counted)
    Page(text)
    assert "Counted in the steady state" in text
    assert "(h·GHz)²/ns" in text
    for name in FIGURES:
        assert captions(counted)[name].description


def test_nothing_is_shown_where_nothing_was_counted():
    run = run_model(parse_model(LABORATORY[: LABORATORY.index("[counting]")]))
    assert "\nCounted" not in render_text(run)
    assert render_json(run)["counting"] is None
    assert "Counted in the steady state" not in render_html(run, drawings={})
    assert not set(figures(run)) & FIGURES


def test_what_coherences_carry_is_drawn_where_it_is_not_zero():
    redfield = run_model(parse_model(MODELS["two-qubits-redfield"].text))
    assert {"coherent-heat", "cross-production"} <= set(figures(redfield))
    assert "coherent heat current from hot" in render_text(redfield)
    maser = run_model(parse_model(MODELS["precise-maser"].text))
    assert not {"coherent-heat", "cross-production"} & set(figures(maser))
    assert "coherent heat current" not in render_text(maser)
