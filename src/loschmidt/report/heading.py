"""What a run is, in one line: title, equation, size, times, method and error; and the versions behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.accounts import bath_names
from loschmidt.report.numbers import format_size

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["Heading", "heading", "model_text", "plural", "versions"]


@dataclass(frozen=True)
class Heading:
    """Title and facts of a run.

    Attributes
    ----------
    title, equation, method : str
        What was run and how.
    dimension, n_times : int
        Size of the Hilbert space, and number of times or of steps, the input among them.
    counted : str
        "time" or "step".
    baths : tuple of str
        Names.
    error : float
        Largest estimated Frobenius norm of the error of a state.
    """

    title: str
    equation: str
    method: str
    dimension: int
    n_times: int
    counted: str
    baths: tuple[str, ...]
    error: float

    @property
    def facts(self) -> list[str]:
        """The facts in the order and words of a header line."""
        length = self.n_times - 1 if self.counted == "step" else self.n_times
        return [
            self.equation,
            *([plural(len(self.baths), "bath")] if self.baths else []),
            f"d = {self.dimension}",
            plural(length, self.counted),
            f"{self.method}, error ≤ {format_size(self.error)}",
        ]


def heading(run: Run) -> Heading:
    """Return title and facts of a run."""
    attributes = run.ledger.data.attrs
    return Heading(
        title=str(attributes.get("title") or "Untitled model"),
        equation=str(attributes.get("equation", "")),
        method=str(attributes.get("method", "")),
        dimension=int(attributes.get("dimension", 0)),
        n_times=int(run.ledger.data.sizes[run.ledger.axis]),
        counted=run.ledger.axis,
        baths=bath_names(run),
        error=float(np.max(attributes.get("error", np.nan))),
    )


def model_text(run: Run) -> str:
    """Return the whole model as the text of a model file; empty if the ledger holds none."""
    return str(run.ledger.data.attrs.get("model", ""))


def versions(run: Run) -> dict[str, str]:
    """Return the versions of the software that made the numbers."""
    text = run.ledger.data.attrs.get("versions", "{}")
    return {str(name): str(version) for name, version in json.loads(text).items()}


def plural(number: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "bath"), plural(2, "bath")
    ('1 bath', '2 baths')
    """
    return f"{number} {noun}" + ("" if number == 1 else "s")
