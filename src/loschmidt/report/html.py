"""The report as one page that opens offline: audit, figures, ledger and the whole model; no script, nothing loaded."""

from __future__ import annotations

import math
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from loschmidt.report.accounts import Row, ledger_rows
from loschmidt.report.captions import captions
from loschmidt.report.counting import counting_cells
from loschmidt.report.figures import figures
from loschmidt.report.findings import (
    COUNTED,
    answer_of,
    explanation_of,
    margin_of,
    place_of,
    sorted_findings,
    summary_of,
)
from loschmidt.report.heading import heading, model_text, versions
from loschmidt.report.numbers import ABSENT, citation_of, format_number, format_size, subscripts, typographic
from loschmidt.report.svg import inline_svg, svg_text
from loschmidt.report.trajectories import trajectory_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loschmidt.laws.finding import Finding
    from loschmidt.studies.run import Run

__all__ = ["render_html"]

#: A sign beside each verdict, so that its colour is never needed.
_SIGNS = {"VIOLATED": "✗", "EXEMPT": "◇", "HOLDS": "✓", "TIGHT": "≈", "UNTESTED": "?", "VALID": "✓", "DOUBTFUL": "!"}


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

    Examples
    --------
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("qubit-relaxation"))
    >>> render_html(run, drawings={}).splitlines()[0]
    '<!DOCTYPE html>'
    """
    from jinja2 import Environment, StrictUndefined

    if drawings is None:
        drawings = {name: svg_text(figure, name) for name, figure in figures(run).items()}
    words, folder = captions(run), files("loschmidt.report") / "templates"
    # The only texts that are not escaped are the style sheet and the drawings, both made by this package.
    pictures = [
        (name, words[name], Markup(inline_svg(drawing, name, words[name].description)))
        for name, drawing in drawings.items()
    ]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    return template.render(
        style=Markup((folder / "report.css").read_text(encoding="utf-8")),
        pictures=pictures,
        **_content(run),
    )


def _content(run: Run) -> dict[str, Any]:
    head, counts = heading(run), run.audit.counts()
    summary, news = summary_of(run.audit)
    return {
        "absent": ABSENT,
        "title": head.title,
        "facts": [typographic(fact) for fact in head.facts],
        "counts": [(verdict, _SIGNS[verdict], word, counts[verdict]) for verdict, word in COUNTED.items()],
        "summary": summary,
        "news": news,
        "news_sign": {"good": "✓", "odd": "!", "bad": "✗"}[news],
        "findings": [_line(finding, run) for finding in sorted_findings(run.audit)],
        "validity": [_line(finding, run) for finding in run.audit.validity],
        "remarks": [_prose(remark) for remark in run.remarks],
        "rows": [_cells(row) for row in ledger_rows(run)],
        "units": run.units,
        "counted": _counted(run),
        "followed": _followed(run),
        "model": model_text(run),
        "versions": versions(run),
        "in_words": _prose(str(run.ledger.data.attrs.get("summary", ""))),
        "seed": run.ledger.data.attrs.get("seed", ""),
    }


def _line(finding: Finding, run: Run) -> dict[str, str]:
    verdict = finding.verdict.name
    margin, error, unit = margin_of(finding, run)
    return {
        "verdict": verdict,
        "sign": _SIGNS[verdict],
        "name": finding.name,
        "statement": _prose(finding.statement),
        "why": _prose(explanation_of(finding)),
        "answer": _prose(answer_of(finding)),
        "margin": typographic(format_size(margin)),
        "error": "" if math.isnan(margin) else typographic(f"{format_size(error)} {unit}".rstrip()),
        # A line break between "t =" and its number would be hard to read.
        "place": typographic(place_of(finding, run)).replace(" = ", "\u00a0=\u00a0"),
        "citation": finding.citation,
    }


def _cells(row: Row) -> dict[str, Any]:
    numbers = {
        name: typographic(format_number(value, error=row.error))
        for name, value in (("start", row.start), ("end", row.end), ("total", row.total))
    }
    return numbers | {
        "label": row.label,
        "symbol": _prose(row.symbol),
        "unit": row.unit,
        "is_plain": row.is_plain,
        "error": typographic(format_size(row.error)),
        "definition": _prose(row.definition),
        "citation": citation_of(row.source),
        "is_part": row.label.startswith("…"),
    }


def _counted(run: Run) -> dict[str, Any]:
    """Return the table of what was counted, set for a page."""
    found = counting_cells(run)
    for row in found.get("rows", ()):
        row["cells"] = [(typographic(value), typographic(error), unit) for value, error, unit in row["cells"]]
        row["ratios"] = [typographic(ratio) for ratio in row["ratios"]]
    return found | {name: [_prose(one) for one in found[name]] for name in ("titles", "remarks") if found}


def _followed(run: Run) -> dict[str, Any]:
    """Return the table of what trajectories say, set for a page."""
    found = trajectory_cells(run)
    for row in found.get("rows", ()):
        row["label"] = _prose(row["label"].replace("e^-σ", "e^{-σ}"))
        row.update({name: typographic(row[name]) or ABSENT for name in ("mean", "error", "theory")})
    return found


def _prose(text: str) -> Markup:
    """Return text with its formulas and code set as such; what it quotes is escaped first."""
    pieces = re.split(r"`([^`]+)`", str(escape(text)))
    for place, piece in enumerate(pieces):
        is_code = place % 2 == 1
        pieces[place] = f"<code>{piece}</code>" if is_code else _formula(typographic(piece))
    return Markup("".join(pieces))


def _formula(text: str) -> str:
    raised = re.sub(r"\^\{([^}]*)\}", r"<sup>\1</sup>", subscripts(text, "<sub>", "</sub>"))
    # Many fonts draw a combining dot into a capital letter; the page sets its own dot above it.
    return re.sub("(\\w)\u0307", r'<span class="dot">\1<span>˙</span></span>', raised)
