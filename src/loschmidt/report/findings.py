"""The audit in words: the order in which verdicts are read, and what each finding says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loschmidt.report.numbers import format_size

if TYPE_CHECKING:
    from loschmidt.laws.audit import Audit, Finding

__all__ = ["COUNTED", "VERDICTS", "counts_of", "explanation_of", "number_of", "sorted_findings", "summary_of"]

#: What needs attention comes first.
VERDICTS = ("VIOLATED", "EXEMPT", "HOLDS", "TIGHT", "UNTESTED")
#: Order and words of the line of counts.
COUNTED = {"HOLDS": "hold", "TIGHT": "tight", "VIOLATED": "violated", "EXEMPT": "exempt", "UNTESTED": "untested"}


def sorted_findings(audit: Audit) -> list[Finding]:
    """Return the findings about laws, what needs attention first."""
    return sorted(audit.findings, key=lambda finding: VERDICTS.index(finding.verdict.name))


def counts_of(audit: Audit) -> list[tuple[str, str, int]]:
    """Return verdict, word and number of findings, in the order in which they are told."""
    names = [finding.verdict.name for finding in audit.findings]
    return [(verdict, word, names.count(verdict)) for verdict, word in COUNTED.items()]


def summary_of(audit: Audit) -> str:
    """Return the audit in one sentence."""
    counts = {verdict: number for verdict, _, number in counts_of(audit)}
    if counts["VIOLATED"]:
        laws = "One law is" if counts["VIOLATED"] == 1 else f"{counts['VIOLATED']} laws are"
        return f"{laws} broken that theory guarantees for this process: the model or the numerics are wrong."
    if not counts["HOLDS"] + counts["TIGHT"]:
        return "No law could be tested on this process."
    if counts["EXEMPT"]:
        return "Every law that theory guarantees for this process holds; where one fails, its conditions are not met."
    return "Every tested law holds."


def number_of(finding: Finding) -> str:
    """Return margin and place of a finding, such as "margin 2.1e-07 at t = 200"; empty where nothing was computed."""
    if math.isnan(finding.margin):
        return ""
    margin = f"margin {format_size(finding.margin)}"
    if finding.verdict.name == "TIGHT":
        margin += f", zero within {format_size(finding.error)}"
    if not finding.place:
        return margin
    return f"{margin} at {finding.place}" if finding.place.startswith("t") else f"{margin}, {finding.place}"


def explanation_of(finding: Finding) -> str:
    """Return why a finding is not simply that a law holds, and what to do; empty if it is."""
    parts = [finding.reason if finding.verdict.name != "HOLDS" else "", finding.remedy]
    return " ".join(part for part in parts if part)
