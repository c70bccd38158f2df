"""Where the interaction conserves the energy of the parts, what one gains the others lose."""

from __future__ import annotations

from loschmidt.laws.bipartite.conditions import CLOSED, CONSERVING_INTERACTION
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["opposite_heats"]


@law(
    name="opposite heats",
    statement="Σ Q_X = 0 at every time",
    source="ahmadi2020",
    citation="Ahmadi 2020",
    unit="energy",
    needs=("part_heat", "interaction_commutator"),
    guaranteed_for=(CLOSED, CONSERVING_INTERACTION),
    equality=True,
    cause="The motion does not belong to the Hamiltonians of the parts.",
    families=("bipartite",),
)
def opposite_heats(ledger: Ledger) -> Margin:
    """Minus the size of the sum of all local heats."""
    total = ledger["part_heat"].sum("part", skipna=False)
    return Margin(-abs(total), ledger.error("part_heat").sum("part", skipna=False))
