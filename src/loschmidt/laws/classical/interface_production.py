"""Heat that crosses from the hotter to the colder of two bodies produces entropy."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["interface_production"]


@law(
    name="production at the contact",
    statement="d_iS_int/dt ≥ 0",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eq. 15",
    unit="entropy rate",
    needs=("interface_production_rate",),
    cause="Heat flows from cold to hot over the contact: its conductance is negative.",
    families=("heat conduction",),
)
def interface_production(ledger: Ledger) -> Margin:
    """What the heat through the contact gains in entropy on the way, at every time."""
    return Margin(ledger["interface_production_rate"], ledger.error("interface_production_rate"))
