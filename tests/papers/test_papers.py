"""The claim mechanism: papers are listed, ids are unique, verdicts are compared with the documented ones."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.architecture.source import bibliography

from loschmidt.errors import InputError
from loschmidt.papers import PAPERS, Claim, ClaimVerdict, Computed, Paper, find_paper, reproduce
from loschmidt.report.claims import render_claims, render_claims_json, write_claims

HALF = Claim(
    "half",
    "Eq. (1)",
    "It is a half.",
    0.5,
    ClaimVerdict.REPRODUCED,
    lambda: Computed(float("inf"), ClaimVerdict.REFUTED, "It is infinite."),
)


def paper_of(*claims: Claim) -> Paper:
    paper = Paper("p", "A paper", "Someone 2020", ("spohn1978",), ())
    paper.__dict__["claims"] = claims
    return paper


@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_well_formed(name):
    paper = PAPERS[name]
    claims = paper.claims
    assert len({claim.id for claim in claims}) == len(claims) > 10
    assert set(paper.sources) <= set(bibliography())
    for claim in claims:
        assert claim.equation
        assert claim.statement.endswith(".")


@pytest.mark.parametrize("name", PAPERS)
def test_every_verdict_is_the_documented_one(name):
    result = reproduce(name)
    wrong = [
        (one.claim.id, one.computed.verdict, one.computed.reason) for one in result.results if not one.as_documented
    ]
    assert not wrong
    assert all(one.computed.reason for one in result.results)
    tree = json.loads(json.dumps(render_claims_json(result), allow_nan=False))
    assert tree["paper"] == name
    assert set(tree["claims"][0]) == {"id", "equation", "statement", "printed", "computed", "verdict", "reason"}


def test_other_verdict_than_documented_is_told():
    result = reproduce(paper_of(HALF))
    assert not result.as_documented
    assert result.counts()["REFUTED"] == 1
    text = render_claims([result])
    assert "documented verdict is REPRODUCED" in text
    assert render_claims_json(result)["claims"][0]["computed"] == "inf"


def test_verdict_that_agrees_is_not_told_twice():
    assert reproduce(paper_of(replace(HALF, documented=ClaimVerdict.REFUTED))).as_documented


def test_table_stands_row_by_row():
    rows = [{"spin": 1, "gain": -0.5}, {"spin": 2, "gain": -0.25}]
    claim = replace(HALF, compute=lambda: Computed(rows, ClaimVerdict.REPRODUCED, "Two rows."))
    text = render_claims([reproduce(paper_of(claim))])
    assert "· spin: 1; gain: −0.50000" in text
    assert "· spin: 2; gain: −0.25000" in text


def test_progress_reaches_the_end():
    seen: list[float] = []
    reproduce(paper_of(HALF, replace(HALF, id="other")), report=seen.append)
    assert seen == [0.5, 1.0]


def test_unknown_paper_names_the_nearest():
    with pytest.raises(InputError, match="h-theorem"):
        find_paper("h-theorm")


@pytest.mark.parametrize("name", PAPERS)
def test_figures_and_claims_are_written(name, tmp_path):
    result = reproduce(paper_of(HALF))
    written = write_claims([replace(result, paper=replace(result.paper, name=name))], tmp_path)
    assert written[0].name == "claims.json"
    assert len(written) > 1
    for figure in written[1:]:
        assert figure.read_text(encoding="utf-8").startswith("<?xml")
