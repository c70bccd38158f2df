"""Lines for a terminal: colours that can be left out, and words wrapped to its width."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from loschmidt.report.numbers import display_width

__all__ = ["BOLD", "DIM", "Paint", "wrapped", "written_lines"]

BOLD, DIM = "1", "2"


class Paint:
    """Wraps text into ANSI codes, or leaves it alone."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    def __call__(self, text: str, code: str) -> str:
        """Return `text` in the colour of an ANSI `code`."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.enabled and text and code else text


def wrapped(words: Sequence[str], width: int, separator: str = " ") -> list[str]:
    """Return words joined into lines of at most `width` columns.

    Examples
    --------
    >>> wrapped(["one", "two", "three"], 8)
    ['one two', 'three']
    """
    lines = [""]
    for word in words:
        extended = lines[-1] + separator + word if lines[-1] else word
        if lines[-1] and display_width(extended) > width:
            lines[-1] += separator.rstrip()
            lines.append(word)
        else:
            lines[-1] = extended
    return lines


def written_lines(written: Sequence[Path], paint: Paint, width: int) -> list[str]:
    """Return the lines that say where results are."""
    folder = written[0].parent
    names = [path.name if path.parent == folder else str(path) for path in written]
    lines = wrapped([f"{folder}/", *names], width - 9, "  ")
    return [f"{paint('Written', BOLD)}  {lines[0]}", *(" " * 9 + line for line in lines[1:])]
