"""Erasure by phases never changes the entropy of Fock states by itself."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["erasure"]


@law(
    name="erasure",
    statement="S and S_s unchanged by phases",
    source="guo2025",
    citation="Guo 2025, Eq. 11",
    unit="entropy",
    needs=("erasure_entropy_change",),
    equality=True,
    cause="The phases are not diagonal in Fock states.",
    families=("lattice",),
)
def erasure(ledger: Ledger) -> Margin:
    """Minus the change of any Fock entropy where only phases acted."""
    return Margin(-ledger["erasure_entropy_change"], ledger.error("erasure_entropy_change"))
