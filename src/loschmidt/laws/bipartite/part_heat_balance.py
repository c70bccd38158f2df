"""The heat of a part is the time integral of its heat current."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["part_heat_balance"]


@law(
    name="heat of each part",
    statement="Q_X = ∫ tr(H_X dρ_X) at every time",
    source="ahmadi2020",
    citation="Ahmadi 2020",
    unit="energy",
    needs=("part_heat", "integrated_part_heat_rate"),
    equality=True,
    cause="A part moves otherwise than the partial trace of the joint motion says.",
    families=("bipartite",),
)
def part_heat_balance(ledger: Ledger) -> Margin:
    """The change of a state function against the integral of the reduced equation."""
    residual = ledger["part_heat"] - ledger["integrated_part_heat_rate"]
    return Margin(-abs(residual), ledger.error("part_heat") + ledger.error("integrated_part_heat_rate"))
