"""The H-theorem step by step: without memory, unital collisions never lower the entropy."""

from __future__ import annotations

from loschmidt.laws.conditions import DIVISIBLE, SUBUNITAL
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["monotone_entropy"]


@law(
    name="monotone entropy",
    statement="δS ≥ 0 at every step",
    source="lesovik2016",
    citation="Lesovik 2016",
    unit="entropy",
    needs=("entropy_step",),
    guaranteed_for=(SUBUNITAL, DIVISIBLE),
    cause="Every step is a unital channel, so a state or an entropy is wrong.",
    families=("collisions",),
)
def monotone_entropy(ledger: Ledger) -> Margin:
    """Entropy gained in a step."""
    later = slice(1, None)
    return Margin(ledger["entropy_step"].isel(step=later), ledger.error("entropy_step").isel(step=later))
