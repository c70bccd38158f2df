"""A paper: its name on the command line, its reference and its claims, which are loaded when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

from loschmidt.papers.claim import Claim

__all__ = ["Paper"]


@dataclass(frozen=True)
class Paper:
    """One source whose claims are computed.

    Attributes
    ----------
    name : str
        What people type: ``loschmidt reproduce h-theorem``.
    title, citation : str
        For people.
    sources : tuple of str
        Bibliography keys.
    modules : tuple of str
        Files with the claims, one per section of the paper, in its order; each has a tuple ``CLAIMS``.

    Examples
    --------
    >>> from loschmidt.papers import PAPERS
    >>> PAPERS["h-theorem"].sources
    ('lesovik2016',)
    """

    name: str
    title: str
    citation: str
    sources: tuple[str, ...]
    modules: tuple[str, ...]

    @cached_property
    def claims(self) -> Sequence[Claim]:
        """Every claim, in the order of the paper."""
        return tuple(claim for name in self.modules for claim in import_module(name).CLAIMS)

    @property
    def summary(self) -> dict[str, str]:
        """Everything but the claims, for lists."""
        return {"paper": self.name, "title": self.title, "citation": self.citation}
