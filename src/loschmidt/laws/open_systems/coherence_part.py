"""The coherence part of the entropy production."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE, COVARIANT, KEEPS_GIBBS_STATES, THERMAL_BATHS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["coherence_part"]


@law(
    name="coherence part",
    statement="Υ ≥ 0 for every bath",
    source="santos2019",
    citation="Santos 2019, Eq. 14",
    unit="entropy rate",
    needs=("coherence_entropy_production_rate_by_bath",),
    guaranteed_for=(COMPLETELY_POSITIVE, THERMAL_BATHS, KEEPS_GIBBS_STATES, COVARIANT),
    cause="A bath creates coherence: energies were grouped wrongly, or the dissipator is not covariant.",
)
def coherence_part(ledger: Ledger) -> Margin:
    """Υ of every bath at every time."""
    name = "coherence_entropy_production_rate_by_bath"
    return Margin(ledger[name], ledger.error(name))
