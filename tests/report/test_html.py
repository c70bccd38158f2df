from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.report.conftest import MODEL

from loschmidt.ledger.ledger import Ledger
from loschmidt.report import write_report
from loschmidt.report.html import render_html

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """Elements, their attributes and the text of a page; fails on tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.text[self.open[-1]] = self.text.get(self.open[-1], "") + data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def source(run, drawings) -> str:
    return render_html(run, drawings)


@pytest.fixture(scope="module")
def page(source) -> Page:
    return Page(source)


def test_nothing_is_loaded_and_nothing_runs(page, source):
    assert not {"script", "link", "iframe", "object", "embed", "form", "img"} & {tag for tag, _ in page.elements}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "action")], tag
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", source)
    assert "@import" not in source
    assert not re.search(r"url\((?!#)", source)


def test_the_content_security_policy_forbids_everything_else(page):
    policies = [m["content"] for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    position = [attributes.get("http-equiv") for tag, attributes in page.elements if tag in ("meta", "style")]
    assert position.index("Content-Security-Policy") <= 1


def test_what_people_wrote_is_escaped(page, source):
    assert page.text["h1"] == "Qubit <b>between</b> two baths & more"
    assert "<b>between</b>" not in source
    assert "Nothing is &lt;steady&gt;" in source
    assert page.text["code"].endswith(MODEL)


def test_order(source):
    places = [source.index(f'id="{name}"') for name in ("audit", "figures", "ledger", "model")]
    assert places == sorted(places)


def test_identifiers_are_unique(page):
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))


def test_figures_are_described_and_fill_their_place(page):
    drawings = page.of("svg")
    assert len(drawings) == len(page.of("figure")) == len(page.of("figcaption")) == 5
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert len(drawing["aria-label"]) > 60
        assert "viewbox" in drawing
        assert "width" not in drawing


def test_verdicts_are_words_with_signs(source, run):
    for finding in run.audit.findings:
        assert re.search(rf'<span aria-hidden="true">.</span> {finding.verdict.name}</span>', source)


def test_summary_says_how_bad_it_is(source, run):
    assert ('class="summary bad"' in source) == run.audit.violated
    assert 'class="summary good"' not in source  # the weak coupling of every fixture is doubtful
    assert ("doubtful, though: weak coupling" in source) != run.audit.violated


def test_formulas_are_typeset(source):
    assert "Σ<span>˙</span></span><sub>a</sub> = tr(K ρ)" in source
    assert "<code>entropy_production_rate</code>" in source
    assert "2.1 × 10⁻⁷" in source


def test_infinities_are_signs_and_nothing_is_not_a_number(source):
    words = re.sub(r"<(style|svg)\b.*?</\1>", "", source, flags=re.DOTALL)
    assert not re.search(r"\b(nan|inf)\b", words, re.IGNORECASE)


def test_units_stand_in_the_ledger(source, run):
    assert ("h·GHz" in source) != run.units.dimensionless
    assert ("model units" in source) == run.units.dimensionless


def test_figures_are_drawn_if_none_are_given(plain):
    assert render_html(plain).count("<svg") == 5
    assert render_html(plain, {}).count("<svg") == 0


def test_write_report(plain, tmp_path):
    written = write_report(plain, tmp_path / "new" / "folder")
    assert [path.name for path in written[:2]] == ["ledger.nc", "report.html"]
    assert all(path.suffix == ".svg" for path in written[2:])
    assert all(path.stat().st_size for path in written)
    assert Ledger.load(written[0]).data.attrs["model"] == MODEL
    assert write_report(plain, tmp_path / "new" / "folder") == written
