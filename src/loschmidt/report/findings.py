"""The audit in words: the order in which verdicts are read, and what each finding says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loschmidt.report.accounts import bath_names, in_units, unit_label
from loschmidt.report.numbers import format_size

if TYPE_CHECKING:
    from loschmidt.laws.audit import Audit
    from loschmidt.laws.finding import Finding
    from loschmidt.studies.run import Run

__all__ = [
    "COUNTED",
    "VERDICTS",
    "answer_of",
    "doubts_of",
    "explanation_of",
    "margin_of",
    "number_of",
    "place_of",
    "sorted_findings",
    "summary_of",
    "valid_of",
]

#: What needs attention comes first.
VERDICTS = ("VIOLATED", "EXEMPT", "HOLDS", "TIGHT", "UNTESTED")
#: Order and words of the line of counts.
COUNTED = {"HOLDS": "hold", "TIGHT": "tight", "VIOLATED": "violated", "EXEMPT": "exempt", "UNTESTED": "untested"}


def sorted_findings(audit: Audit) -> list[Finding]:
    """Return the findings about laws, what needs attention first."""
    return sorted(audit.findings, key=lambda finding: VERDICTS.index(finding.verdict.name))


def doubts_of(audit: Audit) -> list[Finding]:
    """Return the findings about validity that want attention."""
    return [finding for finding in audit.validity if finding.verdict.name != "VALID"]


def valid_of(audit: Audit) -> list[str]:
    """Return a few words for each question of validity whose answer is yes."""
    fine = [finding for finding in audit.validity if finding.verdict.name == "VALID"]
    return [
        f"{finding.name} (ratio {format_size(finding.margin)})" if "/" in finding.statement else finding.name
        for finding in fine
    ]


def summary_of(audit: Audit) -> tuple[str, str]:
    """Return the audit in a sentence or two, and whether that is "good", "odd" or "bad" news."""
    counts = audit.counts()
    doubtful = [finding.name for finding in audit.validity if finding.verdict.name == "DOUBTFUL"]
    if broken := counts["VIOLATED"]:
        laws = "One law is" if broken == 1 else f"{broken} laws are"
        return f"{laws} broken that theory guarantees for this process: the model or the numerics are wrong.", "bad"
    if not counts["HOLDS"] + counts["TIGHT"]:
        return "No law could be tested on this process.", "odd"
    told = "Every tested law holds."
    if counts["EXEMPT"]:
        told = "Every law that theory guarantees for this process holds; where one fails, its conditions are not met."
    if doubtful:
        return f"{told} Whether the equation applies is doubtful, though: {', '.join(doubtful)}.", "odd"
    return told, "good"


def place_of(finding: Finding, run: Run) -> str:
    """Return where the margin is smallest, with the unit of time, and with the bath if there are several."""
    parts, unit, baths = finding.place.split(", "), run.units.label("time"), bath_names(run)
    told = [f"{part} {unit}".rstrip() if part.startswith("t = ") else part for part in parts]
    return ", ".join(part for part in told if len(baths) > 1 or part != f"bath {baths[0] if baths else ''}")


def margin_of(finding: Finding, run: Run) -> tuple[float, float, str]:
    """Return margin and error of a finding in the units of the model, and their unit, empty for plain numbers."""
    margin, error = in_units([finding.margin, finding.error], run.units, finding.unit)
    return float(margin), float(error), unit_label(run.units, finding.unit) if run.units.label("energy") else ""


def number_of(finding: Finding, place: str, run: Run) -> str:
    """Return margin and place of a finding; empty where nothing was computed.

    "smallest 2.1e-07 at t = 200" for what holds, "−4e-15 at t = 3, within error" for what is tight.
    """
    if math.isnan(finding.margin):
        return ""
    size, _, unit = margin_of(finding, run)
    verdict, margin = finding.verdict.name, f"{format_size(size)} {unit}".rstrip()
    where = f" at {place}" if place.startswith("t = ") else f" for {place}" if place else ""
    if verdict == "TIGHT":
        return f"{margin}{where}, within error"
    return f"{'smallest ' if verdict == 'HOLDS' else ''}{margin}{where}"


def explanation_of(finding: Finding) -> str:
    """Return why a finding is not simply that all is well, and what to do; empty if it is."""
    if finding.verdict.name in ("HOLDS", "TIGHT"):
        return ""
    return " ".join(_sentence(part) for part in (finding.reason, finding.remedy) if part)


def answer_of(finding: Finding) -> str:
    """Return what a question of validity is answered with, to follow its name and a colon."""
    return f"{finding.reason}. {finding.remedy}" if finding.remedy else finding.reason


def _sentence(text: str) -> str:
    # Only an ordinary word takes a capital: a symbol such as "k" or "γ" must stay as it is.
    starts_with_word = (text[:2].isalpha() and text[:2].isascii()) or text.startswith("a ")
    begun = text[0].upper() + text[1:] if starts_with_word else text
    return begun if begun.endswith((".", "?", "!")) else f"{begun}."
