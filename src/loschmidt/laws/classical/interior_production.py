"""Heat conducted inside a bar produces entropy."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["interior_production"]


@law(
    name="production inside each bar",
    statement="d_iS/dt ≥ 0 for each bar",
    source="degroot1962",
    citation="de Groot 1962",
    unit="entropy rate",
    needs=("interior_production_rate",),
    cause="Heat flows from cold to hot over a link inside: a conductance is negative.",
    families=("heat conduction",),
)
def interior_production(ledger: Ledger) -> Margin:
    """Σ k ΔT²/(T T') at every time."""
    return Margin(ledger["interior_production_rate"], ledger.error("interior_production_rate"))
