"""Who said so: the claims of papers as data, each with its equation, printed value, computation and verdict."""

from loschmidt.papers.catalogue import PAPERS, find_paper
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.paper import Paper
from loschmidt.papers.reproduce import ClaimResult, Reproduction, reproduce

__all__ = [
    "PAPERS",
    "Claim",
    "ClaimResult",
    "ClaimVerdict",
    "Computed",
    "Paper",
    "Reproduction",
    "find_paper",
    "reproduce",
]
