"""Collect every fault of a model with its key, instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from loschmidt.errors import LoschmidtError, ModelFileError, Problem
from loschmidt.processes.expressions import ExpressionError
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.origin import Origin

__all__ = ["Faults"]

_Result = TypeVar("_Result")


class Faults:
    """The faults found so far in the model of one origin."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.problems: list[Problem] = []

    def add(self, path: KeyPath, reason: str) -> None:
        """Note one fault."""
        text = " ".join(reason.split())
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        for repeated in (f"Parameter `{key}`: ", f"Parameter `{key}` ", f"`{key}` "):
            text = text.removeprefix(repeated)
        self.problems.append(self.origin.problem(path, text))

    def attempt(self, path: KeyPath, function: Callable[..., _Result], *arguments: Any, **named: Any) -> _Result | None:
        """Return the result of a call, or None after noting why it failed."""
        try:
            return function(*arguments, **named)
        except ExpressionError as error:
            self.add(path, error.summary())
        except LoschmidtError as error:
            self.add(path, str(error))
        return None

    def error(self) -> ModelFileError:
        """Return the error that lists every fault."""
        return self.origin.error(self.problems)
