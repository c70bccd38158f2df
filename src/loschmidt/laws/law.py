"""A law: a margin that must not be negative, its source, what it needs, and when theory guarantees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import xarray as xr

from loschmidt.ledger.ledger import Ledger

__all__ = ["Condition", "Law", "Margin", "law"]


@dataclass(frozen=True, eq=False)
class Margin:
    """What a law leaves over, with its absolute error; negative beyond the error means broken.

    An equality gives minus the size of its residual.
    """

    value: xr.DataArray
    error: xr.DataArray


@dataclass(frozen=True)
class Condition:
    """A condition under which a law is guaranteed.

    Attributes
    ----------
    fails : callable
        Maps a ledger to the reason why the condition is not met, or to an empty text.
    remedy : str
        What to use instead.
    """

    fails: Callable[[Ledger], str]
    remedy: str


@dataclass(frozen=True)
class Law:
    """One law of thermodynamics or of quantum mechanics that a ledger can be held against.

    Attributes
    ----------
    name, statement : str
        For people: "second law", "Π ≥ 0 at every time".
    source, citation : str
        Bibliography key and its short form.
    unit : str
        Kind of unit of the margin, as for accounts.
    needs : tuple of str
        Accounts without which the law is untested.
    conditions : tuple of Condition
        All must be met for the law to be guaranteed.
    equality : bool
        Whether the margin is minus a residual.
    cause : str
        The likely cause of a violation, and what to do.
    margin : callable
        Maps a ledger to a :class:`Margin`.
    families : tuple of str
        Kinds of process that the law speaks of, or what must have been looked at, such as "quantum jumps"; empty for
        every kind.
    """

    name: str
    statement: str
    source: str
    citation: str
    unit: str
    needs: tuple[str, ...]
    conditions: tuple[Condition, ...]
    equality: bool
    cause: str
    margin: Callable[[Ledger], Margin]
    families: tuple[str, ...] = ("open system",)

    def concerns(self, ledger: Ledger) -> bool:
        """Return whether the law speaks of this kind of process."""
        return not self.families or not {ledger.family, *ledger.aspects}.isdisjoint(self.families)


def law(  # noqa: PLR0913 - keywords only, each a field of Law
    *,
    name: str,
    statement: str,
    source: str,
    citation: str,
    unit: str,
    needs: tuple[str, ...],
    guaranteed_for: tuple[Condition, ...] = (),
    equality: bool = False,
    cause: str,
    families: tuple[str, ...] = ("open system",),
) -> Callable[[Callable[[Ledger], Margin]], Law]:
    """Return a decorator that turns a margin function into a :class:`Law`."""

    def decorate(margin: Callable[[Ledger], Margin]) -> Law:
        return Law(name, statement, source, citation, unit, needs, guaranteed_for, equality, cause, margin, families)

    return decorate
