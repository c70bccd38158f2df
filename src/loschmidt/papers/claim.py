"""A claim: what a paper states, where, what it printed, and the computation that gives the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

__all__ = ["Claim", "ClaimValue", "ClaimVerdict", "Computed"]

#: What a claim may print or compute: numbers and words, in lists and tables.
ClaimValue: TypeAlias = "float | int | bool | str | Sequence[ClaimValue] | Mapping[str, ClaimValue] | None"


class ClaimVerdict(StrEnum):
    """What a computation says of a published claim.

    Examples
    --------
    >>> ClaimVerdict.CORRECTED.value
    'REPRODUCED WITH CORRECTION'
    """

    REPRODUCED = "REPRODUCED"
    CORRECTED = "REPRODUCED WITH CORRECTION"
    NOT_REPRODUCIBLE = "NOT REPRODUCIBLE"
    REFUTED = "REFUTED"


@dataclass(frozen=True)
class Computed:
    """The outcome of a claim's computation.

    Attributes
    ----------
    value : float, str, sequence or mapping
        Our number or numbers.
    verdict : ClaimVerdict
        Derived from them.
    reason : str
        One sentence, with the numbers that decide.

    Examples
    --------
    >>> Computed(0.5, ClaimVerdict.REPRODUCED, "0.5 is one half.").value
    0.5
    """

    value: ClaimValue
    verdict: ClaimVerdict
    reason: str


@dataclass(frozen=True)
class Claim:
    """One statement of a paper.

    Attributes
    ----------
    id : str
        Short name, unique within the paper, such as "three-lead-decrease".
    equation : str
        Where it stands, such as "Eq. (5)" or "p. 4, text".
    statement : str
        What is claimed, in our words.
    printed : float, str, sequence, mapping or None
        The value in print, if there is one.
    documented : ClaimVerdict
        The verdict that the computation gave when it was checked, which every later run must give again.
    compute : callable
        Returns the :class:`Computed` outcome.

    Examples
    --------
    >>> outcome = Computed(0.5, ClaimVerdict.REPRODUCED, "It is.")
    >>> claim = Claim("half", "Eq. (1)", "It is a half.", 0.5, ClaimVerdict.REPRODUCED, lambda: outcome)
    >>> claim.compute().verdict is claim.documented
    True
    """

    id: str
    equation: str
    statement: str
    printed: ClaimValue
    documented: ClaimVerdict
    compute: Callable[[], Computed]
