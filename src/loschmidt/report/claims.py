"""The claims of papers with their verdicts: as lines for a terminal, as JSON, and with figures in a folder."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.numbers import format_number, json_number, pad, with_minus_signs
from loschmidt.report.paper_figures import save_paper_figures
from loschmidt.report.terminal import BOLD, DIM, Paint, wrapped, written_lines

if TYPE_CHECKING:
    from loschmidt.papers import ClaimResult, Reproduction

__all__ = ["render_claims", "render_claims_json", "write_claims"]

#: Verdicts in the words of a table, and their colours.
_SHORT = {
    "REPRODUCED": ("REPRODUCED", "32"),
    "REPRODUCED WITH CORRECTION": ("CORRECTED", "36"),
    "NOT REPRODUCIBLE": ("NOT REPRODUCIBLE", "33"),
    "REFUTED": ("REFUTED", "1;31"),
}
#: Columns before the text of a claim: two spaces, the verdict, two spaces.
_INDENT = 20
_COUNTED = {
    "REPRODUCED": "reproduced",
    "REPRODUCED WITH CORRECTION": "reproduced with correction",
    "NOT REPRODUCIBLE": "not reproducible",
    "REFUTED": "refuted",
}


def render_claims(
    results: Sequence[Reproduction], *, written: Sequence[Path] = (), color: bool = False, width: int = 100
) -> str:
    """Return the claims of papers as lines for a terminal.

    Parameters
    ----------
    results : sequence of Reproduction
        From :func:`loschmidt.papers.reproduce`.
    written : sequence of Path
        Files that were written.
    color : bool
        Add ANSI colours; every line means the same without.
    width : int
        Columns to fill; at least 72 are used.

    Examples
    --------
    >>> from loschmidt.papers import reproduce
    >>> print(render_claims([reproduce("h-theorem")]).splitlines()[0])
    H-theorem in quantum physics    Lesovik et al., Scientific Reports 6, 32815 (2016)
    """
    paint, columns = Paint(color), width if width > 72 else 72
    lines = []
    for result in results:
        lines += [*_paper(result, paint, columns), ""]
    lines += written_lines(written, paint, columns) if written else []
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _paper(result: Reproduction, paint: Paint, width: int) -> list[str]:
    counts = result.counts()
    told = " · ".join(f"{counts[verdict]} {word}" for verdict, word in _COUNTED.items() if counts[verdict])
    lines = [f"{paint(result.paper.title, BOLD)}    {result.paper.citation}", ""]
    lines.append(f"{paint('Claims', BOLD)}  {len(result.results)}: {told}")
    for one in result.results:
        lines += ["", *_claim(one, paint, width)]
    return lines


def _claim(result: ClaimResult, paint: Paint, width: int) -> list[str]:
    word, colour = _SHORT[result.computed.verdict.value]
    room = width - _INDENT
    body = wrapped(with_minus_signs(result.claim.statement).split(), room)
    for label, value in (("printed", result.claim.printed), ("computed", result.computed.value)):
        if value is not None:
            body += [paint(line, DIM) for line in _value_lines(label, value, room)]
    body += wrapped(with_minus_signs(result.computed.reason).split(), room)
    if not result.as_documented:
        body += wrapped(f"The documented verdict is {result.claim.documented.value}.".split(), room)
    head = f"  {paint(pad(word, _INDENT - 4), colour)}  {paint(result.claim.equation, BOLD)}"
    return [head, *(" " * _INDENT + line for line in body)]


def _value_lines(label: str, value: Any, width: int) -> list[str]:
    """Return a value after its label; the rows of a table stand below each other."""
    is_table = isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 1
    if not is_table or not all(isinstance(row, Mapping) for row in value):
        return wrapped(f"{label} {_words(value)}".split(), width)
    lines = [label]
    for row in value:
        first, *rest = wrapped(_words(row).split(), width - 2)
        lines += [f"· {first}", *(f"  {line}" for line in rest)]
    return lines


def _words(value: Any) -> str:
    """Return a value of a claim as people read it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_words(part)}" for name, part in value.items())
    if isinstance(value, np.ndarray) or (isinstance(value, Sequence) and not isinstance(value, str)):
        return ", ".join(_words(part) for part in value)
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return str(value)
    if isinstance(value, (float, np.floating)):
        return format_number(float(value), 5)
    return str(value)


def render_claims_json(result: Reproduction) -> dict[str, Any]:
    """Return the claims of a paper as a tree that ``json.dumps(..., allow_nan=False)`` takes.

    Examples
    --------
    >>> from loschmidt.papers import reproduce
    >>> sorted(render_claims_json(reproduce("h-theorem"))["claims"][0])
    ['computed', 'equation', 'id', 'printed', 'reason', 'statement', 'verdict']
    """
    tree: dict[str, Any] = _plain(result.as_dict())
    return tree


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return json_number(value)
    return value


def write_claims(results: Sequence[Reproduction], directory: str | Path) -> list[Path]:
    """Write claims.json and the figures of papers into a folder that exists, and return the paths.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from loschmidt.papers import reproduce
    >>> with TemporaryDirectory() as folder:
    ...     write_claims([reproduce("h-theorem")], folder)[0].name
    'claims.json'
    """
    target = Path(directory) / "claims.json"
    trees = [render_claims_json(result) for result in results]
    target.write_text(json.dumps(trees, indent=2, allow_nan=False, ensure_ascii=False) + "\n", encoding="utf-8")
    return [target, *(path for result in results for path in save_paper_figures(result.paper.name, directory))]
