"""The report in a terminal: the audit first, then the numbers, then where they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.accounts import Row, ledger_rows, reported, stages_of
from loschmidt.report.counting import counting_lines
from loschmidt.report.findings import (
    COUNTED,
    answer_of,
    doubts_of,
    explanation_of,
    number_of,
    place_of,
    sorted_findings,
    valid_of,
)
from loschmidt.report.heading import heading
from loschmidt.report.numbers import display_width, format_number, format_size, pad, with_minus_signs
from loschmidt.report.terminal import BOLD, DIM, Paint, wrapped, written_lines
from loschmidt.report.trajectories import trajectory_lines

if TYPE_CHECKING:
    from loschmidt.laws.finding import Finding
    from loschmidt.studies.run import Run

__all__ = ["render_text"]

_COLOURS = {"VIOLATED": "1;31", "EXEMPT": "33", "HOLDS": "32", "TIGHT": "36", "UNTESTED": "2"}
#: Accounts that the terminal leaves to the page: parts told in a note, and what compares with single baths.
_NOT_IN_TEXT = {
    "diagonal_entropy",
    "free_energy",
    "gibbs_relative_entropy",
    "population_entropy_production",
    "coherence_entropy_production",
    "adiabatic_entropy_production",
    "nonadiabatic_entropy_production",
}
#: The place at which a margin is smallest follows, so that a line need not say that it was sought everywhere.
_QUANTIFIER = re.compile(r" (at every time|for every bath( and pair of levels)?)$")
#: Accounts that appear only where they are not zero.
_IF_NOT_ZERO = {
    "work",
    "switching_work",
    "chemical_work",
    "particles",
    "generated_coherence",
    "coherent_heat_rate",
    "cross_entropy_production_rate",
}


def render_text(run: Run, *, written: Sequence[Path] = (), color: bool = False, width: int = 100) -> str:
    """Return a run as lines for a terminal.

    Parameters
    ----------
    run : Run
        From :func:`loschmidt.studies.run_model`.
    written : sequence of Path
        Files that were written; their folder and names close the report.
    color : bool
        Add ANSI colours; every line means the same without.
    width : int
        Columns to fill; at least 72 are used.

    Returns
    -------
    str
        Without a final newline.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("qubit-relaxation"))
    >>> print(render_text(run))
    Qubit in a cold bath    Davies · 1 bath · d = 2 · 201 times · secular propagator, error ≤ ...
    <BLANKLINE>
    Audit   ... hold · ... tight · 0 violated · ...
    """
    paint = Paint(color)
    columns = width if width > 72 else 72
    lines = [
        *_header(run, paint, columns),
        *_summary(run, columns),
        "",
        *_audit(run, paint, columns),
        "",
        *_ledger(run, paint, columns),
    ]
    if counted := counting_lines(run, paint, columns):
        lines += ["", *counted]
    if followed := trajectory_lines(run, paint):
        lines += ["", *followed]
    if written:
        lines += ["", *written_lines(written, paint, columns)]
    return "\n".join(line.rstrip() for line in lines)


def _header(run: Run, paint: Paint, width: int) -> list[str]:
    head = heading(run)
    facts = " · ".join(head.facts)
    if display_width(head.title) + 4 + display_width(facts) <= width:
        return [f"{paint(head.title, BOLD)}    {facts}"]
    return [paint(head.title, BOLD), *("  " + line for line in wrapped(head.facts, width - 2, " · "))]


def _summary(run: Run, width: int) -> list[str]:
    """Return what the ledger says of itself in words, if it does."""
    words = str(run.ledger.data.attrs.get("summary", "")).split()
    return ["  " + line for line in wrapped(words, width - 2)] if words else []


def _audit(run: Run, paint: Paint, width: int) -> list[str]:
    counts = [
        paint(
            f"{run.audit.counts()[verdict]} {word}",
            _COLOURS[verdict] if verdict == "VIOLATED" and run.audit.violated else "",
        )
        for verdict, word in COUNTED.items()
    ]
    findings = sorted_findings(run.audit)
    name_width = max([display_width(finding.name) for finding in findings], default=0)
    lines = [f"{paint('Audit', BOLD)}   {' · '.join(counts)}"]
    for finding in findings:
        lines += _finding(finding, run, paint, width, name_width)
    return lines + _validity(run, paint, width)


def _finding(finding: Finding, run: Run, paint: Paint, width: int, name_width: int) -> list[str]:
    verdict, place = finding.verdict.name, place_of(finding, run)
    head = f"  {paint(pad(verdict, 9), _COLOURS[verdict])} {pad(finding.name, name_width)}  "
    indent = 14 + name_width
    citation = f"[{finding.citation}]" if finding.citation else ""
    # The citation ends the first line, so that it stands beside the verdict.
    room = width - indent - display_width(citation) - 2
    statement, number = _QUANTIFIER.sub("", finding.statement), number_of(finding, place, run)
    said = with_minus_signs("; ".join(filter(None, [statement, number])))
    first, *rest = [said] if display_width(said) <= room else wrapped(with_minus_signs(statement).split(), room)
    body = [pad(first, room + 2) + paint(citation, DIM), *rest]
    if first != said:
        body += wrapped(with_minus_signs(number).split(), width - indent)
    body += wrapped(with_minus_signs(explanation_of(finding)).split(), width - indent)
    return [head + body[0], *(" " * indent + line for line in body[1:] if line)]


def _validity(run: Run, paint: Paint, width: int) -> list[str]:
    """Return a line for each doubt and each remark, and what is valid in one line."""
    told = [
        (
            "UNTESTED" if finding.verdict.name == "UNTESTED" else "EXEMPT",
            finding.verdict.name.lower(),
            said.split(),
            " ",
        )
        for finding in doubts_of(run.audit)
        for said in [with_minus_signs(f"{finding.name}: {answer_of(finding)}")]
    ]
    told += [("EXEMPT", "remark", remark.split(), " ") for remark in run.remarks]
    if valid := valid_of(run.audit):
        told.append(("HOLDS", "valid", valid, " · "))
    lines = []
    for colour, label, words, separator in told:
        body = wrapped(words, width - 12, separator)
        lines += [f"  {paint(pad(label, 9), _COLOURS[colour])} {body[0]}", *(" " * 12 + line for line in body[1:])]
    return lines


def _stages(run: Run, paint: Paint, width: int) -> list[str]:
    """Return the table of a process whose steps have names: one column for each of at most eight stages."""
    rows = [row for row in ledger_rows(run) if row.start is not None or "step" in run.ledger[row.account].dims]
    names = stages_of(run)
    label_width = max(display_width(row.label) for row in rows)
    column = max([10, *(display_width(name) + 2 for name in names)])
    most = (width - label_width - 8) // column
    places = sorted({round(place) for place in np.linspace(0, len(names) - 1, min(len(names), most))})
    titles = "".join(pad(names[place], column, right=True) for place in places)
    lines = [f"{paint(pad('Ledger', label_width + 2), BOLD)}{paint(titles, DIM)}"]
    for row in rows:
        account = reported(run, row.account)
        assert account is not None
        values = account.values if row.member is None else account.values[:, account.members.index(row.member)]
        at = dict(zip(account.places or range(len(names)), values, strict=True))
        cells = "".join(
            pad(format_number(at[place], error=row.error) if place in at else "–", column, right=True)
            for place in places
        )
        lines.append(f"  {pad(row.label, label_width)}{cells}  {row.unit}")
    return lines


def _ledger(run: Run, paint: Paint, width: int) -> list[str]:
    if "stage" in run.ledger.data.coords:
        return _stages(run, paint, width)
    rows = [row for row in ledger_rows(run) if _is_shown(row, len(run.ledger.data.coords.get("bath", ())))]
    label_width = max([display_width(_label(row)) for row in rows], default=0)
    cells = [[format_number(value, error=row.error) for value in (row.start, row.end, row.total)] for row in rows]
    column = max([10, *(display_width(cell) + 2 for line in cells for cell in line)])
    titles = "".join(pad(title, column, right=True) for title in ("start", "end", "total"))
    lines = [f"{paint(pad('Ledger', label_width + 2), BOLD)}{paint(titles, DIM)}"]
    for row, numbers in zip(rows, cells, strict=True):
        line = f"  {pad(_label(row), label_width)}" + "".join(pad(cell, column, right=True) for cell in numbers)
        notes = [f"= {part}" for part in row.explanation]
        unit = " ".join(filter(None, [_visible_error(row), row.unit]))
        tail, rest = " ".join(filter(None, [unit, *notes[:1]])), notes[1:]
        if notes and display_width(line) + 2 + display_width(tail) > width:
            tail, rest = unit, notes
        lines += [f"{line}  {tail}", *(" " * (label_width + 2) + f"   {note}" for note in rest)]
    return lines


def _label(row: Row) -> str:
    return f"{row.label} {row.symbol}" if row.account in ("entropy", "energy", "coherence") else row.label


def _is_shown(row: Row, n_baths: int) -> bool:
    if row.account in _NOT_IN_TEXT or (row.account == "entropy_production_by_bath" and n_baths < 2):
        return False
    return not (row.account in _IF_NOT_ZERO and row.negligible)


def _visible_error(row: Row) -> str:
    """Return the error of a row where it reaches the digits that are shown."""
    size = abs(row.total or 0.0)
    if row.error <= (0.5e-3 * size if size < 1e-3 else 0.5e-4) or size == 0:
        return ""
    return f"± {format_size(row.error)}"
