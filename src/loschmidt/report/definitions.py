"""The definitions of entropy production side by side: as lines for a terminal, and as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from loschmidt.report.accounts import in_units, unit_label
from loschmidt.report.numbers import ABSENT, display_width, format_number, format_size, json_number, pad
from loschmidt.report.numbers import with_minus_signs as signs
from loschmidt.report.terminal import BOLD, DIM, Paint, wrapped

if TYPE_CHECKING:
    from loschmidt.ledger.definitions import Agreement, DefinitionRow, DefinitionTable, Reading
    from loschmidt.units import UnitSystem

__all__ = ["VERDICT", "render_definitions", "render_definitions_json"]

#: What follows from the table, and what does not.
VERDICT = (
    "If entropy production is what the Hamiltonian does to the entropy (#6), it is zero for every process, and in a "
    "closed whole the parts gain entropy only as they become correlated. What usually has this name (#1, #4) counts "
    "correlation with the environment and its displacement: the entropy of heat that crosses from the temperature of "
    "the bath to the generalised temperature of the system. The two are different quantities, and neither refutes the "
    "other."
)
#: Columns of the number of a row, of its name and of its value.
_NUMBER, _NAME, _VALUE = 5, 41, 20
#: What is zero, and what may have any sign.
_WITHOUT_SIGN = (6, 10)


def render_definitions(table: DefinitionTable, units: UnitSystem, *, color: bool = False, width: int = 100) -> str:
    """Return the table as lines for a terminal.

    Parameters
    ----------
    table : DefinitionTable
        From :func:`~loschmidt.ledger.definitions.compare_definitions`.
    units : UnitSystem
        Of the model.
    color : bool
        Add ANSI colours; every line means the same without.
    width : int
        Columns to fill; at least 88 are used.

    Returns
    -------
    str
        Without a final newline.

    Examples
    --------
    >>> from loschmidt.ledger.definitions import compare_definitions
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("coherent-exchange"))
    >>> print(render_definitions(compare_definitions(run.evolution, run.ledger), run.units))
    Coherent exchange with a cold qubit    thermal operation on 2 × 2
    <BLANKLINE>
    Definitions of entropy production ...
    """
    paint, columns = Paint(color), width if width > 88 else 88
    head = f"{'Definitions of entropy production':<{_NUMBER + _NAME - 1}}"
    unit = unit_label(units, "entropy")
    lines = [f"{paint(table.title or 'Untitled model', BOLD)}    {table.equation}", ""]
    lines.append(f"{paint(head.rstrip(), BOLD)}{' ' * (len(head) - len(head.rstrip()))}{unit:>{_VALUE}}  ≥ 0 when")
    for row in table.rows:
        lines += _row(row, units, paint, columns)
    lines += ["", paint("Agreements", BOLD)]
    for one in table.agreements:
        lines += _agreement(one, units, paint, columns)
    lines += ["", paint("Verdict", BOLD), *(f"  {line}" for line in wrapped(VERDICT.split(), columns - 2))]
    return "\n".join(line.rstrip() for line in lines)


def _row(row: DefinitionRow, units: UnitSystem, paint: Paint, width: int) -> list[str]:
    room = width - _NUMBER - _NAME - _VALUE - 1
    told = row.reason if row.value is None and row.rate is None else row.nonnegative_when
    if row.number not in _WITHOUT_SIGN and row.value is not None and not row.guaranteed:
        told += "; not here"
    right = wrapped(signs(told).split(), room)
    value = _entropy(row.value, row.error, units)
    first = f"  {f'#{row.number}':<{_NUMBER - 1}}{pad(row.name, _NAME - 2)}{pad(value, _VALUE, right=True)}  "
    lines = [first + right[0], *(" " * display_width(first) + line for line in right[1:])]
    indent = " " * (_NUMBER + 1)
    notes = [signs(row.formula)]
    if row.value is not None and row.reason:
        notes.append(signs(row.reason))
    if row.rate is not None:
        notes.append(f"at the end {_rate(row.rate, row.rate_error, units)}")
    notes += [_part(name, part, units) for name, part in row.parts.items()]
    if row.broken:
        notes.append("NEGATIVE, although it cannot be")
    return lines + [paint(indent + line, DIM) for note in notes for line in wrapped(note.split(), width - _NUMBER - 1)]


def _part(name: str, part: Reading, units: UnitSystem) -> str:
    said = [_entropy(part.value, part.error, units)] if part.value is not None else []
    said += [f"rate {_rate(part.rate, part.rate_error, units)}"] if part.rate is not None else []
    return f"{name}: {', '.join(said) or signs(part.reason)}"


def _agreement(one: Agreement, units: UnitSystem, paint: Paint, width: int) -> list[str]:
    word, colour = {True: ("holds", "32"), False: ("BROKEN", "1;31"), None: (ABSENT, DIM)}[one.holds]
    number = ""
    if one.residual is not None:
        sizes = [format_size(_converted(x, units, "entropy")) for x in (one.residual, one.error)]
        number = one.reason or f"residual {sizes[0]}, {'within' if one.holds else 'beyond'} {sizes[1]}"
    first = f"  {paint(f'{word:<8}', colour)}{pad(signs(one.statement), 34)}"
    lines = wrapped((number or signs(one.reason)).split(), width - 44)
    return [first + lines[0], *(" " * 44 + line for line in lines[1:])]


def _entropy(value: float | None, error: float, units: UnitSystem) -> str:
    if value is None:
        return ABSENT
    shown = format_number(_converted(value, units, "entropy"), 6, _converted(error, units, "entropy"))
    return shown if math.isinf(value) else f"{shown} ± {_converted(error, units, 'entropy'):.0e}"


def _rate(value: float, error: float, units: UnitSystem) -> str:
    number = format_number(_converted(value, units, "entropy rate"), 6, _converted(error, units, "entropy rate"))
    return f"{number} {unit_label(units, 'entropy rate')}"


def _converted(value: float, units: UnitSystem, kind: str) -> float:
    return float(in_units(value, units, kind)[0])


def render_definitions_json(table: DefinitionTable, units: UnitSystem) -> dict[str, Any]:
    """Return the table as a tree that ``json.dumps(..., allow_nan=False)`` takes.

    Infinities are the strings "inf" and "-inf"; None where there is no number, with the reason beside it.

    Examples
    --------
    >>> from loschmidt.ledger.definitions import compare_definitions
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("coherent-exchange"))
    >>> tree = render_definitions_json(compare_definitions(run.evolution, run.ledger), run.units)
    >>> tree["definitions"][10]["value"], tree["definitions"][10]["reason"]
    (None, 'there are environments, so the drive is not closed')
    """
    tree = table.as_dict()
    for row in tree["definitions"]:
        _convert(row, units)
        for part in row["parts"].values():
            _convert(part, units)
    for one in tree["agreements"]:
        for name in ("residual", "error"):
            one[name] = None if one[name] is None else json_number(_converted(one[name], units, "entropy"))
    labels = {kind: unit_label(units, kind) for kind in ("entropy", "entropy rate")}
    return {**tree, "units": labels, "violated": table.violated, "verdict": VERDICT}


def _convert(entry: dict[str, Any], units: UnitSystem) -> None:
    for name, kind in (("value", "entropy"), ("error", "entropy"), ("rate", "entropy rate")):
        entry[name] = None if entry[name] is None else json_number(_converted(entry[name], units, kind))
    entry["rate_error"] = json_number(_converted(entry["rate_error"], units, "entropy rate"))
