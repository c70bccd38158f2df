"""An error in an expression points at the wrong character and says what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from loschmidt.errors import InputError

__all__ = ["ExpressionError", "did_you_mean"]

_WINDOW = 36


class ExpressionError(InputError):
    """An expression cannot be read or evaluated.

    Attributes
    ----------
    reason : str
        What is wrong, without the excerpt.
    text : str
        The whole expression.
    position : int
        Index into `text` of the wrong character; ``len(text)`` if something is missing at the end.
    """

    def __init__(self, reason: str, text: str, position: int) -> None:
        self.reason = reason
        self.text = text
        self.position = position
        super().__init__(f"{reason}\n{self.excerpt()}")

    @property
    def line(self) -> int:
        """Line of the wrong character inside `text`, counted from 1."""
        return self.text.count("\n", 0, self.position) + 1

    @property
    def column(self) -> int:
        """Column of the wrong character inside its line, counted from 1."""
        return self.position - self.text.rfind("\n", 0, self.position)

    def summary(self) -> str:
        """Return reason and place in one line, for lists of errors.

        Examples
        --------
        >>> ExpressionError("a `*` is missing here.", "2 w", 2).summary()
        'a `*` is missing here. (column 3 of `2 w`)'
        """
        where = f"line {self.line}, column {self.column}" if "\n" in self.text else f"column {self.column}"
        excerpt = " ".join(self._shown()[0].split())
        return f"{self.reason} ({where} of `{excerpt}`)"

    def excerpt(self) -> str:
        """Return the line of the text that is wrong, with a caret below the wrong character."""
        shown, offset = self._shown()
        return f"    {shown}\n    {' ' * offset}^"

    def _shown(self) -> tuple[str, int]:
        start = self.text.rfind("\n", 0, self.position) + 1
        end = self.text.find("\n", self.position)
        end = len(self.text) if end < 0 else end
        first, last = max(start, self.position - _WINDOW), min(end, self.position + _WINDOW)
        head, tail = "…" if first > start else "", "…" if last < end else ""
        body = "".join(c if c.isprintable() else " " for c in self.text[first:last])
        return head + body + tail, len(head) + self.position - first

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.reason, self.text, self.position)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return ``" Did you mean `x`?"`` for the candidate closest to `word`, or an empty string.

    Examples
    --------
    >>> did_you_mean("Ghz", ["Hz", "GHz", "K"])
    ' Did you mean `GHz`?'
    """
    pool = list(dict.fromkeys(candidates))
    same = [c for c in pool if c.lower() == word.lower()]
    close = same or difflib.get_close_matches(word[:64], pool, n=1, cutoff=0.5)
    return f" Did you mean `{close[0]}`?" if close else ""
