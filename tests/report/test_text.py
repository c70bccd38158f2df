from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from tests.report.conftest import BROKEN, FINDINGS, make_ledger, make_run

from loschmidt.laws import Verdict
from loschmidt.report import render_text
from loschmidt.report.numbers import display_width
from loschmidt.units import UnitSystem


def test_the_audit_comes_before_the_numbers_and_these_before_the_files(run, tmp_path):
    text = render_text(run, written=[tmp_path / "ledger.nc", tmp_path / "report.html"])
    places = [text.index(word) for word in ("\nAudit ", "\nLedger ", "\nWritten ")]
    assert places == sorted(places)
    assert text.endswith("report.html")


def test_the_header_says_what_was_run(plain):
    text = render_text(plain)
    assert "Davies · 2 baths · d = 2 · 201 times · secular propagator, error ≤ 3e-13" in " ".join(text.split())


def test_counts_and_order_of_verdicts(violated):
    text = render_text(violated)
    assert "1 hold · 1 tight · 1 violated · 1 exempt · 1 untested" in text
    verdicts = re.findall(r"^  (VIOLATED|EXEMPT|HOLDS|TIGHT|UNTESTED) ", text, re.MULTILINE)
    assert verdicts == ["VIOLATED", "EXEMPT", "HOLDS", "TIGHT", "UNTESTED"]


def test_a_finding_says_number_place_reason_and_remedy(violated):
    text = " ".join(render_text(violated).split())
    assert "−0.02 at t = 1.5, bath cold" in text
    assert "Broken by 0.02, which is far beyond its error 1e-12. Build the rates from a spectrum." in text
    assert "[Spohn 1978]" in text


def test_validity_names_what_is_doubtful_and_what_is_fine(plain):
    lines = render_text(plain).splitlines()
    assert any(re.match(r"  doubtful +weak coupling: frequency / rate = 5", line) for line in lines)
    assert any(re.match(r"  valid +secular approximation \(ratio 49\) · unique steady state", line) for line in lines)


def test_remarks_are_passed_on(plain):
    plain.remarks = ("A rate was left at zero.",)
    try:
        assert re.search(r"^  remark +A rate was left at zero\.$", render_text(plain), re.MULTILINE)
    finally:
        plain.remarks = ()


def row(text: str, label: str) -> list[str]:
    found = re.search(rf"^  {re.escape(label)}  +(.*)$", text, re.MULTILINE)
    assert found, f"no row {label!r} in\n{text}"
    return found[1].split()


def test_rows_have_signs_and_units():
    laboratory = make_run(make_ledger(np.linspace(0, 20, 101), frequency=2 * math.pi), UnitSystem("ns"))
    text = render_text(laboratory)
    start, end, total, unit = row(text, "energy U")
    assert (start, unit) == ("0.5000", "h·GHz")
    assert float(total.replace("−", "-")) == pytest.approx(float(end) - 0.5, abs=2e-4)
    assert row(text, "heat from cold")[:2] == ["–", "–"]
    assert row(text, "heat from cold")[2].startswith("−")
    assert "t = 200 ns" in text


def test_entropy_is_told_in_the_unit_of_the_model():
    ledger = make_ledger(np.linspace(0, 200, 21))
    assert row(render_text(make_run(ledger)), "coherence C")[::3] == ["0.6931", "nats"]
    assert row(render_text(make_run(ledger, UnitSystem(entropy_unit="bits"))), "coherence C")[::3] == ["1.0000", "bits"]


def test_the_split_of_entropy_production_adds_up(run):
    numbers = [
        float(x.replace("−", "-"))
        for x in re.search(r"= populations (\S+) \+ coherence (\S+)", render_text(run)).groups()
    ]
    total = float(run.ledger["entropy_production"][-1])
    assert sum(numbers) == pytest.approx(total, abs=2e-4)


def test_work_is_told_only_where_there_is_some(plain):
    driven = make_run(make_ledger(np.linspace(0, 200, 21), driven=True, c0=0.2))
    assert row(render_text(driven), "work")
    assert not re.search(r"^  work", render_text(plain), re.MULTILINE)


def test_infinities_are_signs_and_nothing_is_not_a_number(run):
    ledger = make_ledger(np.linspace(0, 50, 11))
    ledger.data["entropy_production"][-1] = np.inf
    assert row(render_text(make_run(ledger)), "entropy production")[2] == "∞"
    for text in (render_text(run), render_text(make_run(ledger))):
        assert not re.search(r"\b(nan|inf)\b", text, re.IGNORECASE)


def test_a_margin_that_is_not_a_number_is_still_violated():
    broken = replace(BROKEN, margin=math.nan, error=math.nan, reason="the number is not a number")
    text = render_text(make_run(make_ledger(np.linspace(0, 50, 11)), findings=(*FINDINGS, broken)))
    assert "1 violated" in text
    assert "The number is not a number." in text


def test_an_error_that_reaches_the_digits_shown_is_shown():
    ledger = make_ledger(np.linspace(0, 50, 11))
    assert "±" not in render_text(make_run(ledger)).partition("\nLedger")[2]
    ledger.data["heat_error"][:] = 0.003
    assert "± 0.003" in render_text(make_run(ledger))


def test_a_number_that_is_zero_within_its_error_is_rounded():
    ledger = make_ledger(np.linspace(0, 50, 11))
    ledger.data["heat"][:, 0] = -3e-15
    assert row(render_text(make_run(ledger)), "heat from cold")[2] == "0.0000"


@pytest.mark.parametrize("width", [72, 80, 100, 140])
def test_lines_fit(run, width, tmp_path):
    text = render_text(run, width=width, written=[tmp_path / f"{name}.svg" for name in "abcdefgh"])
    tables = ("  entropy", "  coherence", "  energy", "  heat", "  …", "Ledger", "Written", " " * 20)
    for line in text.splitlines():
        if not line.startswith(tables):
            assert display_width(line) <= width, line


def test_colour_never_carries_meaning_alone(violated):
    plain_text, painted = render_text(violated), render_text(violated, color=True)
    assert "\x1b" not in plain_text
    assert painted != plain_text
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == plain_text


def test_every_verdict_has_a_colour_and_a_place():
    from loschmidt.report.findings import VERDICTS
    from loschmidt.report.text import _COLOURS

    assert set(VERDICTS) == set(_COLOURS) == {verdict.value for verdict in Verdict} - {"VALID", "DOUBTFUL"}
