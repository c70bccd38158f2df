"""The population part of the entropy production."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE, COVARIANT, KEEPS_GIBBS_STATES, THERMAL_BATHS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["population_part"]


@law(
    name="population part",
    statement="Π_d ≥ 0 for every bath",
    source="santos2019",
    citation="Santos 2019, Eq. 13",
    unit="entropy rate",
    needs=("population_entropy_production_rate_by_bath",),
    guaranteed_for=(COMPLETELY_POSITIVE, THERMAL_BATHS, KEEPS_GIBBS_STATES, COVARIANT),
    cause="Populations do not obey detailed balance: see the finding on detailed balance.",
)
def population_part(ledger: Ledger) -> Margin:
    """Π_d of every bath at every time."""
    name = "population_entropy_production_rate_by_bath"
    return Margin(ledger[name], ledger.error(name))
