"""The report as one page that opens offline: audit, figures, ledger and the whole model; no script, nothing loaded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from loschmidt.report.accounts import Row, ledger_rows
from loschmidt.report.captions import captions
from loschmidt.report.figures import figures
from loschmidt.report.findings import counts_of, explanation_of, sorted_findings, summary_of
from loschmidt.report.heading import heading, model_text, versions
from loschmidt.report.numbers import citation_of, format_number, format_size, typographic
from loschmidt.report.svg import inline_svg, svg_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loschmidt.laws.audit import Finding
    from loschmidt.studies.run import Run

__all__ = ["render_html"]

#: A sign beside each verdict, so that its colour is never needed.
_SIGNS = {"VIOLATED": "✗", "EXEMPT": "◇", "HOLDS": "✓", "TIGHT": "≈", "UNTESTED": "?"}


def render_html(run: Run, drawings: Mapping[str, str] | None = None) -> str:
    """Return a run as a self-contained HTML page.

    Parameters
    ----------
    run : Run
        From :func:`loschmidt.studies.run_model`.
    drawings : mapping of str to str, optional
        Figures by name, as SVG; drawn here if not given.

    Returns
    -------
    str
        A page without scripts and without references to anything outside; its content-security policy forbids both.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    if drawings is None:
        drawings = {name: svg_text(figure, name) for name, figure in figures(run).items()}
    words, folder = captions(run), files("loschmidt.report") / "templates"
    # The only texts that are not escaped are the style sheet and the drawings, both made by this package.
    pictures = [
        (name, words[name], Markup(inline_svg(drawing, name, words[name].description)))  # noqa: S704
        for name, drawing in drawings.items()
    ]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    return template.render(
        style=Markup((folder / "report.css").read_text(encoding="utf-8")),  # noqa: S704
        pictures=pictures,
        **_content(run),
    )


@dataclass(frozen=True)
class _Line:
    """A finding as the page shows it."""

    verdict: str
    sign: str
    name: str
    statement: str
    why: str
    margin: str
    error: str
    place: str
    citation: str


def _content(run: Run) -> dict[str, Any]:
    counts = counts_of(run.audit)
    return {
        "head": heading(run),
        "counts": [(verdict, _SIGNS[verdict], word, number) for verdict, word, number in counts],
        "violated": run.audit.violated,
        "summary": summary_of(run.audit),
        "findings": [_line(finding) for finding in sorted_findings(run.audit)],
        "validity": [_line(finding) for finding in run.audit.validity],
        "rows": [_cells(row) for row in ledger_rows(run)],
        "units": run.units,
        "model": model_text(run),
        "versions": versions(run),
        "seed": run.ledger.data.attrs.get("seed", ""),
    }


def _line(finding: Finding) -> _Line:
    verdict = finding.verdict.name
    return _Line(
        verdict=verdict,
        sign=_SIGNS[verdict],
        name=finding.name,
        statement=typographic(finding.statement),
        why=typographic(explanation_of(finding)),
        margin=typographic(format_size(finding.margin)),
        error=typographic(format_size(finding.error)),
        place=typographic(finding.place),
        citation=finding.citation,
    )


def _cells(row: Row) -> dict[str, Any]:
    numbers = {
        name: typographic(format_number(value))
        for name, value in (("start", row.start), ("end", row.end), ("total", row.total))
    }
    return numbers | {
        "label": row.label,
        "symbol": row.symbol,
        "unit": row.unit,
        "error": typographic(format_size(row.error)),
        "definition": row.definition,
        "citation": citation_of(row.source),
        "is_part": row.label.startswith("…"),
    }
