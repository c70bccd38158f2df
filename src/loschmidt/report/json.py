"""The report for programs: strict JSON with the audit, every account and what was written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import Row, bath_names, ledger_rows, reported, times_of, unit_label
from loschmidt.report.counting import counting_tree
from loschmidt.report.findings import margin_of
from loschmidt.report.heading import heading, versions
from loschmidt.report.numbers import json_number

if TYPE_CHECKING:
    from loschmidt.laws.finding import Finding
    from loschmidt.studies.run import Run

__all__ = ["render_json"]


def render_json(run: Run, written: Sequence[Path] = ()) -> dict[str, Any]:
    """Return a run as a tree that ``json.dumps(..., allow_nan=False)`` takes.

    Parameters
    ----------
    run : Run
        From :func:`loschmidt.studies.run_model`.
    written : sequence of Path
        Files that were written, from :func:`~loschmidt.report.write.write_report`.

    Returns
    -------
    dict
        ``title``, ``equation``, ``dimension``, ``times``, ``method``, ``error``, ``units``, ``audit`` (counts,
        findings, validity), ``summary`` in words, ``ledger`` (one entry per account, with ``baths`` inside where it is
        told bath by bath), ``counting`` (cumulants and ratios by variable; None where nothing was counted),
        ``versions`` and ``written``. Infinities are the strings "inf" and "-inf"; None where there is no number.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("qubit-relaxation"))
    >>> render_json(run)["audit"]["counts"]["VIOLATED"]
    0
    """
    head, times = heading(run), times_of(run)
    return {
        "title": head.title,
        "equation": head.equation,
        "dimension": head.dimension,
        "baths": list(bath_names(run)),
        f"{run.ledger.axis}s": {"number": head.n_times, "start": json_number(times[0]), "end": json_number(times[-1])},
        "method": head.method,
        "error": json_number(head.error),
        "units": {kind: unit_label(run.units, kind) or "1" for kind in ("energy", "time", "entropy", "power")},
        "audit": {
            "counts": run.audit.counts(),
            "findings": [_finding(finding, run) for finding in run.audit.findings],
            "validity": [_finding(finding, run) for finding in run.audit.validity],
        },
        "summary": str(run.ledger.data.attrs.get("summary", "")),
        "remarks": list(run.remarks),
        "ledger": _accounts(run),
        "counting": counting_tree(run),
        "versions": versions(run),
        "written": [str(path) for path in written],
    }


def _finding(finding: Finding, run: Run) -> dict[str, Any]:
    margin, error, unit = margin_of(finding, run)
    return {
        "name": finding.name,
        "verdict": finding.verdict.name,
        "margin": json_number(margin),
        "error": json_number(error),
        "unit": unit or "1",
        "place": finding.place,
        "statement": finding.statement,
        "source": finding.source,
        "citation": finding.citation,
        "reason": finding.reason,
        "remedy": finding.remedy,
    }


def _accounts(run: Run) -> dict[str, Any]:
    rows: dict[str, list[Row]] = {}
    for row in ledger_rows(run):
        rows.setdefault(row.account, []).append(row)
    tree: dict[str, Any] = {}
    for name, members in rows.items():
        head = {"symbol": members[0].symbol, "unit": members[0].unit or "1"}
        if members[0].member is None:
            tree[name] = head | _numbers(members[0])
        else:
            axis = str(run.ledger[name].dims[-1])
            tree[name] = head | {"baths" if axis == "bath" else axis: {str(r.member): _numbers(r) for r in members}}
    for name in run.ledger.accounts:
        if name not in tree:
            tree[name] = _other(run, name)
    return tree


def _numbers(row: Row) -> dict[str, Any]:
    return {
        "start": json_number(row.start),
        "end": json_number(row.end),
        "total": json_number(row.total),
        "error": json_number(row.error),
    }


def _other(run: Run, name: str) -> dict[str, Any]:
    """Return an account that is not in the table: a rate at both ends, or a single number."""
    account = reported(run, name)
    assert account is not None
    tree: dict[str, Any] = {"symbol": account.symbol, "unit": account.unit or "1"}
    # A status is told in words.
    words = str(run.ledger[name].attrs.get("flag_meanings", "")).split()
    if run.ledger.axis in run.ledger[name].dims:
        first, last = (_tree(values, account.members, words) for values in (account.values[0], account.values[-1]))
        return tree | {"start": first, "end": last, "total": None}
    if account.members:
        return tree | {"value": _tree(account.values, account.members, words)}
    return tree | {"value": _tree(account.values[0], (), words)}


def _tree(values: Any, members: tuple[str, ...], words: Sequence[str]) -> Any:
    array = np.asarray(values)
    if array.ndim == 0:
        return words[int(array)] if words else json_number(float(array))
    if array.ndim == 1:
        return {member: _tree(value, (), words) for member, value in zip(members, array, strict=True)}
    return [_tree(part, members, words) for part in array]
