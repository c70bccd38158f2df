"""Reproduce a paper: compute every claim and hold its verdict against the documented one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loschmidt.papers.catalogue import find_paper
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.paper import Paper

__all__ = ["ClaimResult", "Reproduction", "reproduce"]


@dataclass(frozen=True)
class ClaimResult:
    """A claim and what came of computing it.

    Examples
    --------
    >>> from loschmidt.papers import reproduce
    >>> reproduce("h-theorem").results[0].as_documented
    True
    """

    claim: Claim
    computed: Computed

    @property
    def as_documented(self) -> bool:
        """Whether the verdict is the one that was written down."""
        return self.computed.verdict is self.claim.documented

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as the command prints it."""
        return {
            "id": self.claim.id,
            "equation": self.claim.equation,
            "statement": self.claim.statement,
            "printed": self.claim.printed,
            "computed": self.computed.value,
            "verdict": self.computed.verdict.value,
            "reason": self.computed.reason,
        }


@dataclass(frozen=True)
class Reproduction:
    """All claims of one paper, computed.

    Examples
    --------
    >>> from loschmidt.papers import reproduce
    >>> reproduce("h-theorem").as_documented
    True
    """

    paper: Paper
    results: tuple[ClaimResult, ...]

    @property
    def as_documented(self) -> bool:
        """Whether every verdict is the one that was written down."""
        return all(result.as_documented for result in self.results)

    def counts(self) -> dict[str, int]:
        """Return how many claims have each verdict."""
        found = Counter(result.computed.verdict for result in self.results)
        return {verdict.value: found[verdict] for verdict in ClaimVerdict}

    def as_dict(self) -> dict[str, Any]:
        """Return the paper and its claims as plain dictionaries and lists."""
        return {"paper": self.paper.name, "claims": [result.as_dict() for result in self.results]}


def reproduce(paper: str | Paper, *, report: Callable[[float], None] | None = None) -> Reproduction:
    """Compute every claim of a paper.

    Parameters
    ----------
    paper : str or Paper
        Such as "h-theorem".
    report : callable, optional
        Called with the finished fraction after each claim.

    Returns
    -------
    Reproduction

    Raises
    ------
    InputError
        If there is no such paper.

    Examples
    --------
    >>> reproduce("h-theorem").counts()["NOT REPRODUCIBLE"] < 5
    True
    """
    chosen = find_paper(paper) if isinstance(paper, str) else paper
    results = []
    for number, claim in enumerate(chosen.claims, start=1):
        results.append(ClaimResult(claim, claim.compute()))
        if report is not None:
            report(number / len(chosen.claims))
    return Reproduction(chosen, tuple(results))
