"""States keep trace one."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["trace"]


@law(
    name="trace",
    statement="tr ρ = 1 at every time",
    source="breuer2002",
    citation="Breuer 2002",
    unit="1",
    needs=("trace_defect",),
    equality=True,
    cause="The integration is less accurate than it says: lower the method's `rtol`.",
    families=("open system", "channel", "collisions", "thermal operation", "bipartite"),
)
def trace(ledger: Ledger) -> Margin:
    """The distance of the trace from one."""
    return Margin(-ledger["trace_defect"], ledger.error("trace_defect"))
