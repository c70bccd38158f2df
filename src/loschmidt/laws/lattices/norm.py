"""Unitary steps keep the norm."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["norm"]


@law(
    name="norm",
    statement="⟨φ|φ⟩ = 1",
    source="guo2025",
    citation="definition",
    unit="1",
    needs=("norm",),
    equality=True,
    cause="A method is less accurate than it says; please report the model.",
    families=("lattice",),
)
def norm(ledger: Ledger) -> Margin:
    """Minus the distance of the norm from one."""
    return Margin(-abs(ledger["norm"] - 1), ledger.error("norm"))
