"""The triangle inequality: the whole has at least the entropy by which its parts differ."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["triangle"]


@law(
    name="triangle inequality",
    statement="|S - S_R| ≤ S_SR",
    source="araki1970",
    citation="Araki 1970",
    unit="entropy",
    needs=("entropy", "reservoir_entropy", "joint_entropy"),
    cause="The joint state or one of its parts is not a state.",
    families=("channel", "collisions"),
)
def triangle(ledger: Ledger) -> Margin:
    """S_SR less the distance of S and S_R."""
    error = ledger.error("entropy") + ledger.error("reservoir_entropy") + ledger.error("joint_entropy")
    return Margin(ledger["joint_entropy"] - abs(ledger["entropy"] - ledger["reservoir_entropy"]), error)
