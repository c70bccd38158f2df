"""The heat balance: what was integrated with the dynamics against the currents along the way."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["heat_balance"]


@law(
    name="heat balance",
    statement="Q_b = ∫ Q̇_b dt for every bath",
    source="alicki1979",
    citation="Alicki 1979",
    unit="energy",
    needs=("heat", "integrated_heat_rate"),
    equality=True,
    cause="Heat was booked to the wrong bath, or the integration is less accurate than it says: lower the method's "
    "`rtol`.",
)
def heat_balance(ledger: Ledger) -> Margin:
    """Two integrals of the same current by different means, bath by bath."""
    residual = ledger["heat"] - ledger["integrated_heat_rate"]
    return Margin(-abs(residual), ledger.error("heat") + ledger.error("integrated_heat_rate"))
