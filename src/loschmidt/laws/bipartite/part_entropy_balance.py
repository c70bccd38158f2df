"""The entropy of a part changes by the time integral of its entropy rate."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["part_entropy_balance"]


@law(
    name="entropy of each part",
    statement="ΔS_X = ∫ -tr(dρ_X ln ρ_X) at every time",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eq. 12",
    unit="entropy",
    needs=("part_entropy", "integrated_part_entropy_rate"),
    equality=True,
    cause="A part moves otherwise than the partial trace of the joint motion says.",
    families=("bipartite",),
)
def part_entropy_balance(ledger: Ledger) -> Margin:
    """The change of a state function against the integral of the reduced equation."""
    parts, spread = ledger["part_entropy"], ledger.error("part_entropy")
    residual = parts - parts.isel(time=0) - ledger["integrated_part_entropy_rate"]
    return Margin(-abs(residual), spread + spread.isel(time=0) + ledger.error("integrated_part_entropy_rate"))
