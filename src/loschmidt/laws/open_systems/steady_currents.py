"""In a steady state nothing piles up: energy currents and switching power cancel."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["steady_currents"]


@law(
    name="steady-state currents",
    statement="Σ_b J_E,b + Ẇ_sw = 0 in the steady state",
    source="breuer2002",
    citation="Breuer 2002",
    unit="power",
    needs=("steady_balance", "steady_switching_power"),
    equality=True,
    cause="The state found is not stationary.",
)
def steady_currents(ledger: Ledger) -> Margin:
    """The sum of all energy currents in the steady state."""
    residual = ledger["steady_balance"].sum("bath", skipna=False) + ledger["steady_switching_power"]
    return Margin(
        -abs(residual),
        ledger.error("steady_balance").sum("bath", skipna=False) + ledger.error("steady_switching_power"),
    )
