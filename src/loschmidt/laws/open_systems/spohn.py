"""Spohn's inequality: every thermal bath produces entropy on its own."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE, KEEPS_GIBBS_STATES, THERMAL_BATHS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["spohn"]


@law(
    name="Spohn inequality",
    statement="Π_b = -tr[D_b(ρ)(ln ρ + β_b E)] ≥ 0 for every bath",
    source="spohn1978",
    citation="Spohn 1978",
    unit="entropy rate",
    needs=("entropy_production_rate_by_bath",),
    guaranteed_for=(COMPLETELY_POSITIVE, THERMAL_BATHS, KEEPS_GIBBS_STATES),
    cause="This bath breaks detailed balance: see the finding on detailed balance.",
)
def spohn(ledger: Ledger) -> Margin:
    """Π_b at every time."""
    return Margin(ledger["entropy_production_rate_by_bath"], ledger.error("entropy_production_rate_by_bath"))
