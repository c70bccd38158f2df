"""Landauer's bound: who takes entropy out of a system pays for it with heat into a reservoir."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["landauer_bound"]


@law(
    name="Landauer bound",
    statement="Σ β ΔE_E ≥ -ΔS for any unitary",
    source="landauer1961",
    citation="Landauer 1961",
    unit="entropy",
    needs=("entropy_flow", "landauer_bound"),
    cause="The environments do not start in Gibbs states of what counts as their energy, or heat has the wrong sign.",
    families=("thermal operation",),
)
def landauer_bound(ledger: Ledger) -> Margin:
    """What went into the environments less what left the system."""
    later = slice(1, None)
    error = ledger.error("entropy_flow") + ledger.error("landauer_bound")
    return Margin((ledger["entropy_flow"] - ledger["landauer_bound"]).isel(step=later), error.isel(step=later))
