"""A named model: an editable model file with its source, listed in one place."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

__all__ = ["Model"]


@dataclass(frozen=True)
class Model:
    """A built-in model.

    Parameters
    ----------
    name : str
        What people type.
    source : str
        Bibliography key.
    text : str
        The model file, which ``loschmidt run`` accepts and people edit.

    Examples
    --------
    >>> from loschmidt.models import MODELS
    >>> MODELS["qubit-relaxation"].title
    'Qubit in a cold bath'
    """

    name: str
    source: str
    text: str

    @property
    def title(self) -> str:
        """One line."""
        return str(self._table["title"])

    @property
    def description(self) -> str:
        """What happens and what to look at."""
        return " ".join(str(self._table["description"]).split())

    @property
    def citation(self) -> str:
        """Where the model comes from, for people."""
        return str(self._table["source"])

    @property
    def summary(self) -> dict[str, str]:
        """Everything but the text, for lists."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "source": self.source,
            "citation": self.citation,
        }

    @cached_property
    def _table(self) -> dict[str, Any]:
        return tomllib.loads(self.text)
