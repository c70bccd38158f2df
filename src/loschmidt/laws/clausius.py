"""Clausius' inequality for the whole process."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE, KEEPS_GIBBS_STATES, THERMAL_BATHS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["clausius"]


@law(
    name="Clausius inequality",
    statement="Σ = ΔS - Σ β Q ≥ 0",
    source="spohn1978",
    citation="Spohn 1978",
    unit="entropy",
    needs=("entropy_production",),
    guaranteed_for=(COMPLETELY_POSITIVE, THERMAL_BATHS, KEEPS_GIBBS_STATES),
    cause="A bath breaks detailed balance or heat has the wrong sign: see the finding on detailed balance.",
    families=("open system", "thermal operation"),
)
def clausius(ledger: Ledger) -> Margin:
    """The entropy production since the first time."""
    later = {ledger.axis: slice(1, None)}  # nothing has happened yet at the first time
    return Margin(ledger["entropy_production"].isel(later), ledger.error("entropy_production").isel(later))
