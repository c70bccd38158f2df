"""The second law of heat exchange: from thermal parts without correlation heat flows from hot to cold."""

from __future__ import annotations

from loschmidt.laws.bipartite.conditions import CLOSED, THERMAL_PARTS, UNCORRELATED_START
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["heat_exchange"]


@law(
    name="second law of heat exchange",
    statement="Σ β_X Q_X ≥ 0 at every time",
    source="jarzynski2004",
    citation="Jarzynski 2004",
    unit="entropy",
    needs=("exchanged_entropy", "mutual_information", "part_displacement"),
    guaranteed_for=(CLOSED, UNCORRELATED_START, THERMAL_PARTS),
    cause="A heat or a Gibbs state does not belong to these parts.",
    families=("bipartite",),
)
def heat_exchange(ledger: Ledger) -> Margin:
    """Heat into each part over the temperature it started at."""
    return Margin(ledger["exchanged_entropy"], ledger.error("exchanged_entropy"))
