"""What one species does by itself, such as picking up phases, changes no entanglement with the others."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["local_invariance"]


@law(
    name="local invariance",
    statement="S_ent,s unchanged by phases of one species",
    source="guo2025",
    citation="Guo 2025, Eq. 11",
    unit="entropy",
    needs=("erasure_entanglement_change",),
    equality=True,
    cause="The phases are not those of single species, or an entanglement is wrong.",
    families=("lattice",),
)
def local_invariance(ledger: Ledger) -> Margin:
    """Minus the change of entanglement where only phases of single species acted."""
    return Margin(-ledger["erasure_entanglement_change"], ledger.error("erasure_entanglement_change"))
