"""Trajectories in every format: the table, the figures, JSON, and a page that says how many there were."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from loschmidt.report import render_html, render_json, render_text
from loschmidt.report.captions import captions
from loschmidt.report.figures import figures
from loschmidt.report.trajectories import jump_labels, trajectory_rows
from loschmidt.studies import parse_model, run_model

QUBIT = """\
title = "Qubit between two baths"

[units]
time = "ns"

[parameters]
w = "5 GHz"

[system]
qubits = 1
hamiltonian = "-0.5*w*Z0"

[[bath]]
name = "cold"
temperature = "120 mK"
spectrum = { type = "ohmic", coupling = 0.002 }
couplings = "X0"

[[bath]]
name = "hot"
temperature = "300 mK"
spectrum = { type = "ohmic", coupling = 0.002 }
couplings = "X0"

[initial]
state = "STATE"

[times]
stop = "20 ns"
points = 6

[trajectories]
samples = 4000
"""


@pytest.fixture(scope="module")
def steady():
    return run_model(parse_model(QUBIT.replace("STATE", "steady")))


@pytest.fixture(scope="module")
def pure():
    return run_model(parse_model(QUBIT.replace("STATE", "(|0> + |1>)/sqrt(2)")))


def test_rows_have_the_numbers_of_the_ledger_and_the_theorem(pure):
    rows = {row.label: row for row in trajectory_rows(pure)}
    ledger = pure.ledger
    assert rows["entropy production ⟨σ⟩"].expected == pytest.approx(float(ledger["entropy_production"][-1]))
    assert rows["⟨e^-σ⟩ = 1 − λ"].expected == pytest.approx(1 - float(ledger["absolute_irreversibility"]))
    exact = pure.units.to_lab(ledger["heat"].values[-1, 1], "energy")
    assert rows["heat from hot"].expected == pytest.approx(exact)
    for row in rows.values():
        if row.expected is not None:
            assert abs(row.mean - row.expected) <= row.error, row.label


def test_jumps_are_named_by_bath_and_quantum_in_units(pure):
    assert jump_labels(pure) == [f"{bath}, ω = {sign}5 h·GHz" for bath in ("cold", "hot") for sign in ("−", "+")]


def test_text_has_the_table(pure):
    text = render_text(pure)
    assert re.search(r"^Trajectories +mean +± +theory  4000 by quantum jumps$", text, re.MULTILINE)
    assert re.search(r"^  jumps, cold, ω = \+5 h·GHz +\d", text, re.MULTILINE)
    assert not re.search(r"\b(nan|inf)\b", text, re.IGNORECASE)


def test_json_has_every_account(pure):
    tree = render_json(pure)
    json.dumps(tree, allow_nan=False)
    assert set(tree["ledger"]["trajectory_mean"]["value"]) == {"entropy production", "populations", "coherence"}
    assert len(tree["ledger"]["jump_count"]["value"]) == 4
    assert set(tree["ledger"]["trajectory_heat"]["end"]) == {"cold", "hot"}


def test_page_has_the_table_and_the_figures(pure):
    page = render_html(pure)
    assert "Single trajectories" in page
    assert "4000 by quantum jumps" in page
    assert "key of the trajectories" in page
    assert "e<sup>−σ</sup>" in page


def test_page_without_trajectories_has_no_table():
    text = QUBIT.replace("STATE", "steady")
    page = render_html(run_model(parse_model(text[: text.index("[trajectories]")])))
    assert "Single trajectories" not in page


def test_bars_are_the_histogram_and_circles_the_theorem(steady, pure):
    (axes,) = figures(steady)["trajectory-histogram"].axes
    heights = sum(bar.get_height() for bar in axes.patches)
    assert heights == pytest.approx(float(steady.ledger["histogram_forward"].sum()))
    labels = axes.get_legend_handles_labels()[1]
    assert any("theorem" in label for label in labels)
    assert any("λ" in label for label in labels)
    (circles,) = [line for line in axes.lines if line.get_marker() == "o"]
    bars = {round(bar.get_x() + bar.get_width() / 2, 6): bar.get_height() for bar in axes.patches}
    value, height = max(zip(*circles.get_data(), strict=True), key=lambda point: point[1])
    assert height == pytest.approx(bars[round(float(value), 6)], rel=0.2)
    (axes,) = figures(pure)["trajectory-histogram"].axes
    assert not any("theorem" in label for label in axes.get_legend_handles_labels()[1])


def test_the_mean_stands_right_of_the_bound(pure):
    (axes,) = figures(pure)["trajectory-histogram"].axes
    found = {line.get_label()[:4]: line.get_xdata()[0] for line in axes.lines}
    assert found["mean"] > found["−ln("] == pytest.approx(-np.log1p(-float(pure.ledger["absolute_irreversibility"])))


def test_jump_bars(pure):
    (axes,) = figures(pure)["jump-counts"].axes
    assert sorted(bar.get_width() for bar in axes.patches) == pytest.approx(sorted(pure.ledger["jump_count"].values))


def test_captions_tell_the_means(steady, pure):
    told = captions(steady)["trajectory-histogram"]
    assert "circles" in told.text
    assert "circles" not in captions(pure)["trajectory-histogram"].text
    assert "entropy production" in told.description
    assert "cold" in captions(pure)["jump-counts"].description
