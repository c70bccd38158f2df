"""Subadditivity: the whole has no more entropy than its parts together."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["subadditivity"]


@law(
    name="subadditivity",
    statement="I ≥ 0: the parts have at least the entropy of the whole",
    source="araki1970",
    citation="Araki 1970",
    unit="entropy",
    needs=("mutual_information",),
    cause="The joint state or one of its parts is not a state.",
    families=("channel", "collisions", "thermal operation", "bipartite"),
)
def subadditivity(ledger: Ledger) -> Margin:
    """The mutual information of system and reservoir."""
    return Margin(ledger["mutual_information"], ledger.error("mutual_information"))
