"""States stay positive."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["positivity"]


@law(
    name="positivity",
    statement="ρ ≥ 0 at every time",
    source="gorini1976",
    citation="Gorini 1976",
    unit="1",
    needs=("smallest_eigenvalue",),
    guaranteed_for=(COMPLETELY_POSITIVE,),
    cause="The integration is less accurate than it says: lower the method's `rtol`.",
    families=("open system", "channel", "collisions", "thermal operation", "bipartite"),
)
def positivity(ledger: Ledger) -> Margin:
    """The lowest eigenvalue of the state."""
    return Margin(ledger["smallest_eigenvalue"], ledger.error("smallest_eigenvalue"))
