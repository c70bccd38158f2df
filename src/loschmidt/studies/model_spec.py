"""What every model file says, whatever kind of process it describes."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, PrivateAttr

from loschmidt.studies.fields import Table
from loschmidt.studies.origin import Origin

__all__ = ["ModelSpec"]


class ModelSpec(Table):
    """A model file: its title and kind; each kind adds its own tables.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model
    >>> builtin_model("qubit-relaxation").kind
    'open-system'
    """

    title: str = Field(min_length=1, description="One line.", examples=["Qubit in a cold bath"])
    description: str = Field("", description="What happens and what to look at.")
    source: str = Field("", description="Where the model comes from.")
    kind: str = Field("open-system", description="What kind of process it is.")

    _origin: Origin = PrivateAttr(default=Origin())
    _work_folder: Path | None = PrivateAttr(default=None)

    @property
    def origin(self) -> Origin:
        """Where the model was read from."""
        return self._origin

    def with_origin(self, origin: Origin) -> Self:
        """Return the same model, known to come from `origin`."""
        copy = self.model_copy()
        copy._origin = origin
        return copy

    @property
    def work_folder(self) -> Path | None:
        """Where a run may keep what it needs until its results are written; None if nowhere was named."""
        return self._work_folder

    def with_work_folder(self, folder: Path) -> Self:
        """Return the same model, to be run with a folder of its own."""
        copy = self.model_copy()
        copy._work_folder = folder
        return copy
