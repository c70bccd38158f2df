"""Where a model came from, so that an error can name file and line and an array file can be found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from loschmidt.errors import ModelFileError, Problem
from loschmidt.studies.key_lines import KeyPath, line_of

__all__ = ["Origin", "written"]


@dataclass(frozen=True)
class Origin:
    """The text of a model and where it stands.

    Attributes
    ----------
    name : str
        What errors call it, a path where there is one.
    text : str
        The model as written; empty if it was made in Python.
    folder : Path
        Where relative paths start.
    lines : dict
        Line of every key.
    """

    name: str = "model"
    text: str = ""
    folder: Path = Path()
    lines: dict[KeyPath, int] = field(default_factory=dict, repr=False, compare=False)

    def problem(self, path: KeyPath, reason: str) -> Problem:
        """Return one fault with the line of its key."""
        return Problem(written(path), reason, line_of(path, self.lines))

    def error(self, problems: list[Problem]) -> ModelFileError:
        """Return the error that lists `problems` in the order of the file."""
        ordered = sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)
        return ModelFileError(self.name, ordered)


def written(path: KeyPath) -> str:
    """Return a key path as people write it.

    Examples
    --------
    >>> written(("bath", 1, "spectrum", "cutoff"))
    'bath[1].spectrum.cutoff'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
