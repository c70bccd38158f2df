"""The detailed fluctuation theorem, atom by atom."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["detailed_theorem"]


@law(
    name="detailed fluctuation theorem",
    statement="P_F(σ) = e^σ P_B(-σ)",
    source="santos2019",
    citation="Santos 2019, Eq. 41",
    unit="1",
    needs=("detailed_theorem_defect",),
    equality=True,
    cause="A probability of a trajectory is wrong; please report the model.",
    families=("thermal operation", "quantum jumps"),
)
def detailed_theorem(ledger: Ledger) -> Margin:
    """Minus the distance of the histogram from the theorem."""
    return Margin(-ledger["detailed_theorem_defect"], ledger.error("detailed_theorem_defect"))
