"""One line of an audit: the verdict on a law or on the validity of an equation, with its number, place and reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Verdict"]


class Verdict(StrEnum):
    """What an audit says of a law (first five) or of the equation's validity (last two, and UNTESTED).

    Examples
    --------
    >>> Verdict("HOLDS") is Verdict.HOLDS
    True
    """

    HOLDS = "HOLDS"
    TIGHT = "TIGHT"
    VIOLATED = "VIOLATED"
    EXEMPT = "EXEMPT"
    UNTESTED = "UNTESTED"
    VALID = "VALID"
    DOUBTFUL = "DOUBTFUL"


@dataclass(frozen=True)
class Finding:
    """One line of an audit.

    Attributes
    ----------
    name, statement : str
        The law, or the question of validity, and its short formula.
    verdict : Verdict
    margin, error : float
        At the worst place; NaN only where untested.
    unit : str
        Kind of unit of both: "energy", "power", "entropy", "entropy rate" or "1".
    place : str
        Where the margin is smallest, such as "t = 2.5, bath cold".
    source, citation : str
        Bibliography key and its short form; empty for validity.
    reason, remedy : str
        Why, in plain words, and what to do about it.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt import Bath, GlauberSpectrum, audit, build_ledger, davies_generator, evolve
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> ledger = build_ledger(evolve(davies_generator(np.diag([0.0, 1.0]), [bath]), [0, 1], [0.0, 10.0]))
    >>> print(audit(ledger)["first law"].verdict)
    TIGHT
    """

    name: str
    statement: str
    verdict: Verdict
    margin: float
    error: float
    unit: str
    place: str
    source: str
    citation: str
    reason: str
    remedy: str
