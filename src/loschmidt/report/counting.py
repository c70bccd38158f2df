"""What was counted, as a table: cumulants of each variable with their errors, and what its precision costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loschmidt.report.accounts import reported
from loschmidt.report.counted_units import noise_label
from loschmidt.report.numbers import display_width, format_number, format_size, json_number, pad
from loschmidt.report.terminal import BOLD, DIM, Paint, wrapped
from loschmidt.typing import RealVector

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["CountedRow", "counted_rows", "counting_cells", "counting_lines", "counting_tree", "left_out"]

_RATIOS = (("thermodynamic_uncertainty", "counted_current"), ("kinetic_uncertainty", "counted_mean"))
#: More do not fit on a line.
_COLUMNS = 4


@dataclass(frozen=True, eq=False)
class CountedRow:
    """One variable.

    Attributes
    ----------
    name : str
        What is counted.
    units : tuple of str
        Of the cumulants; empty texts where the model has no units.
    values, errors : (M,)
        Cumulants, in these units.
    ratios : tuple of (float, float) or None
        Thermodynamic and kinetic uncertainty ratio with their errors; None where there is none.
    """

    name: str
    units: tuple[str, ...]
    values: RealVector
    errors: RealVector
    ratios: tuple[tuple[float, float] | None, tuple[float, float] | None]


def counted_rows(run: Run) -> list[CountedRow]:
    """Return the variables that were counted, in order; none where nothing was."""
    found = reported(run, "cumulant")
    if found is None:
        return []
    data = run.ledger["cumulant"]
    names, kinds = (list(map(str, data.coords[axis].values)) for axis in ("counted", "counted_unit"))
    orders = [int(order) for order in data.coords["cumulant_order"].values]
    return [
        CountedRow(
            name,
            tuple(noise_label(run.units, kind, order) for order in orders),
            found.values[at],
            found.error[at],
            (_ratio(run, name, *_RATIOS[0]), _ratio(run, name, *_RATIOS[1])),
        )
        for at, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]


def _ratio(run: Run, name: str, account: str, axis: str) -> tuple[float, float] | None:
    if account not in run.ledger or name not in run.ledger[account].coords[axis].values:
        return None
    chosen = {axis: name}
    return float(run.ledger[account].sel(chosen)), float(run.ledger.error(account).sel(chosen))


def left_out(run: Run) -> dict[str, str]:
    """Return why a variable has no ratio or no mirror image, by what is missing."""
    told: dict[str, str] = json.loads(run.ledger.data.attrs.get("counting_remarks", "{}"))
    return {name.replace("_", " "): reason for name, reason in told.items()}


def counting_lines(run: Run, paint: Paint, width: int) -> list[str]:
    """Return the table for a terminal; nothing where nothing was counted."""
    rows = counted_rows(run)
    if not rows:
        return []
    count = min(_COLUMNS, len(rows[0].values))
    titles = ["mean", "variance", *(f"c_{order}" for order in range(3, count + 1)), "TUR", "KUR"]
    cells = [_cells(row, count) for row in rows]
    label = max(display_width(row.name) for row in rows)
    column = max([11, *(display_width(cell) + 2 for line in cells for cell in line)])
    head = "".join(pad(title, column, right=True) for title in titles)
    lines = [f"{paint(pad('Counted', label + 2), BOLD)}{paint(head, DIM)}"]
    for row, line in zip(rows, cells, strict=True):
        unit = row.units[0] and f"  {row.units[0]}"
        lines.append(f"  {pad(row.name, label)}" + "".join(pad(cell, column, right=True) for cell in line) + unit)
    notes = [
        "per time in the steady state; TUR: variance · entropy production / mean², at least 2 for classical jumps; "
        "KUR: variance · activity / mean², at least 1 for them",
        *(f"{name}: left out, {reason}" for name, reason in left_out(run).items()),
    ]
    return [*lines, *("  " + line for note in notes for line in wrapped(note.split(), width - 2))]


def _cells(row: CountedRow, count: int) -> list[str]:
    numbers = [format_number(float(x), error=float(e)) for x, e in zip(row.values, row.errors, strict=True)]
    return [*numbers[:count], *("–" if ratio is None else format_number(ratio[0]) for ratio in row.ratios)]


def counting_cells(run: Run) -> dict[str, Any]:
    """Return the table for a page: column titles, rows of texts, and remarks; empty where nothing was counted."""
    rows = counted_rows(run)
    if not rows:
        return {}
    return {
        "titles": [f"c_{order + 1}" for order in range(len(rows[0].values))],
        "rows": [
            {
                "name": row.name,
                "cells": [
                    (format_number(float(x), error=float(e)), format_size(float(e)), unit)
                    for x, e, unit in zip(row.values, row.errors, row.units, strict=True)
                ],
                "ratios": ["–" if ratio is None else format_number(ratio[0]) for ratio in row.ratios],
            }
            for row in rows
        ],
        "remarks": [f"{name}: left out, {reason}." for name, reason in left_out(run).items()],
    }


def counting_tree(run: Run) -> dict[str, Any] | None:
    """Return the table for programs; None where nothing was counted."""
    rows = counted_rows(run)
    if not rows:
        return None
    variables = {}
    for row in rows:
        cumulants = [
            {"order": k + 1, "value": json_number(float(x)), "error": json_number(float(e)), "unit": unit or "1"}
            for k, (x, e, unit) in enumerate(zip(row.values, row.errors, row.units, strict=True))
        ]
        ratios = {
            name: None if ratio is None else {"value": json_number(ratio[0]), "error": json_number(ratio[1])}
            for (name, _), ratio in zip(_RATIOS, row.ratios, strict=True)
        }
        variables[row.name] = {"cumulants": cumulants, **ratios}
    return {"method": str(run.ledger.data.attrs["counting_method"]), "variables": variables, "left_out": left_out(run)}
