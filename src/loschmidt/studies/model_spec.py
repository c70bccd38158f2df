"""What every model file says, whatever kind of process it describes."""

from __future__ import annotations

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

    @property
    def origin(self) -> Origin:
        """Where the model was read from."""
        return self._origin

    def with_origin(self, origin: Origin) -> Self:
        """Return the same model, known to come from `origin`."""
        copy = self.model_copy()
        copy._origin = origin
        return copy
