"""The heat that is counted, jump by jump, is the heat current of the steady state."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["counted_heat"]


@law(
    name="counted heat",
    statement="c_1(Q_b) = Q̇_b(π) for every bath",
    source="flindt2008",
    citation="Flindt 2008",
    unit="power",
    needs=("counted_heat_current", "steady_heat_current"),
    equality=True,
    cause="A jump was counted with a heat that is not its own, or not at its rate.",
    families=("counting",),
)
def counted_heat(ledger: Ledger) -> Margin:
    """Minus the distance of two currents: from jumps and their weights, and from the dissipators."""
    residual = ledger["counted_heat_current"] - ledger["steady_heat_current"]
    return Margin(-abs(residual), ledger.error("counted_heat_current") + ledger.error("steady_heat_current"))
