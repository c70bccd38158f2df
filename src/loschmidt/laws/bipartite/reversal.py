"""A closed motion that is undone returns exactly."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["reversal"]


@law(
    name="reversal",
    statement="undone, the whole is where it started",
    source="ahmadi2020",
    citation="Ahmadi 2020",
    unit="1",
    needs=("reversal_distance",),
    equality=True,
    cause="The motion is not unitary, or was not undone by its own inverse.",
    families=("reversal",),
)
def reversal(ledger: Ledger) -> Margin:
    """Minus the trace distance from the initial state."""
    whole = {"undone": "whole"}
    return Margin(-ledger["reversal_distance"].sel(whole), ledger.error("reversal_distance").sel(whole))
