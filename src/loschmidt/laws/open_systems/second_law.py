"""The second law, instant by instant."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE, KEEPS_GIBBS_STATES, THERMAL_BATHS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["second_law"]


@law(
    name="second law",
    statement="Π ≥ 0 at every time",
    source="spohn1978",
    citation="Spohn 1978",
    unit="entropy rate",
    needs=("entropy_production_rate",),
    guaranteed_for=(COMPLETELY_POSITIVE, THERMAL_BATHS, KEEPS_GIBBS_STATES),
    cause="A bath breaks detailed balance or a rate has the wrong sign: see the finding on detailed balance.",
)
def second_law(ledger: Ledger) -> Margin:
    """Π = dS/dt - Σ β Q̇."""
    return Margin(ledger["entropy_production_rate"], ledger.error("entropy_production_rate"))
