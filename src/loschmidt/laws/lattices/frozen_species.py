"""A species that rests keeps its distribution over Fock states, whatever the others do."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["frozen_species"]


@law(
    name="frozen species",
    statement="S_s unchanged while s rests",
    source="guo2025",
    citation="Guo 2025, Eqs. 7, 9",
    unit="entropy",
    needs=("frozen_entropy_change",),
    equality=True,
    cause="A step moves a species that should rest.",
    families=("lattice",),
)
def frozen_species(ledger: Ledger) -> Margin:
    """Minus the change of S_s where only other species moved."""
    return Margin(-ledger["frozen_entropy_change"], ledger.error("frozen_entropy_change"))
