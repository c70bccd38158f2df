"""The table of definitions in words: values with errors, reasons in place of numbers, and what is broken."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.evolution import evolve
from loschmidt.ledger.definitions import Agreement, compare_definitions
from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
from loschmidt.report.definitions import VERDICT, render_definitions, render_definitions_json
from loschmidt.units import UnitSystem

QUBIT = np.diag([0.0, 1.0])


def table_at(beta: float):
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, beta), 0.7)
    return compare_definitions(evolve(operation, [[0.3, 0.2], [0.2, 0.7]]))


@pytest.fixture(scope="module")
def table():
    return table_at(1.0)


def test_every_row_and_agreement_has_its_line(table):
    text = render_definitions(table, UnitSystem())
    for row in table.rows:
        assert f"#{row.number} " in text
        assert row.name in text
    assert "0.300279 ±" in text
    assert text.count("holds") == len(table.agreements)
    assert " ".join(VERDICT.split()) in " ".join(text.split())


@pytest.mark.parametrize("width", [88, 100, 140])
def test_lines_fit(table, width):
    lines = render_definitions(table, UnitSystem(), width=width).splitlines()
    assert max(map(len, lines)) <= width


def test_dash_and_reason_stand_where_there_is_no_value(table):
    line = next(line for line in render_definitions(table, UnitSystem()).splitlines() if "#11" in line)
    assert "–  there are environments" in line
    assert "0.0" not in line


def test_infinity_is_a_sign_with_its_reason():
    text = render_definitions(table_at(np.inf), UnitSystem())
    assert "∞" in text
    assert "an environment is at T = 0 and was excited" in text
    assert "inf " not in text


def test_what_is_not_guaranteed_here_says_so():
    text = render_definitions(table_at(1.0), UnitSystem())
    assert "S has no coherence at the start; not here" in " ".join(text.split())


def test_what_is_broken_is_shouted(table):
    rows = tuple(replace(row, value=-0.1) if row.number == 7 else row for row in table.rows)
    wrong = replace(table, rows=rows, agreements=(Agreement("#1 = #4", 0.2, 1e-12, ""),))
    text = render_definitions(wrong, UnitSystem())
    assert "NEGATIVE, although it cannot be" in text
    assert "BROKEN  #1 = #4" in text
    assert render_definitions_json(wrong, UnitSystem())["violated"]


def test_colours_change_no_word(table):
    import re

    plain, painted = (render_definitions(table, UnitSystem(), color=color) for color in (False, True))
    assert painted != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


def test_json_is_strict_and_whole():
    tree = json.loads(json.dumps(render_definitions_json(table_at(np.inf), UnitSystem()), allow_nan=False))
    rows = {row["number"]: row for row in tree["definitions"]}
    assert rows[1]["value"] == "inf"
    assert rows[5]["value"] is None
    assert rows[5]["reason"]
    assert set(tree) == {"title", "equation", "definitions", "agreements", "units", "violated", "verdict"}


def test_entropies_are_told_in_bits_where_the_model_says_so(table):
    units = UnitSystem("ns", entropy_unit="bits")
    tree = render_definitions_json(table, units)
    assert tree["definitions"][0]["value"] == pytest.approx(table[1].value / np.log(2))
    assert tree["definitions"][0]["error"] == pytest.approx(table[1].error / np.log(2))
    assert tree["units"] == {"entropy": "bits", "entropy rate": "bits/ns"}
    assert "0.433211 ±" in render_definitions(table, units)
