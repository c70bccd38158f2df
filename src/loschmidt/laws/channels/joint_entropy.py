"""A unitary keeps the entropy of the whole."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["joint_entropy"]


@law(
    name="joint entropy",
    statement="S_SR after U = S + S_R before",
    source="lesovik2016",
    citation="definition",
    unit="entropy",
    needs=("joint_entropy",),
    equality=True,
    cause="The joint map is not unitary.",
    families=("channel",),
)
def joint_entropy(ledger: Ledger) -> Margin:
    """Minus the change of the joint entropy."""
    change = ledger["joint_entropy"] - ledger.at_start("joint_entropy")
    return Margin(-abs(change), ledger.error("joint_entropy") + ledger.error("joint_entropy").isel(step=0))
