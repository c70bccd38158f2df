"""The H-theorem: a unital map lets no entropy fall."""

from __future__ import annotations

from loschmidt.laws.conditions import SUBUNITAL
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["h_theorem"]


@law(
    name="H-theorem",
    statement="ΔS ≥ 0",
    source="lesovik2016",
    citation="Lesovik 2016, Eq. 3",
    unit="entropy",
    needs=("entropy_change",),
    guaranteed_for=(SUBUNITAL,),
    cause="The map is unital, so its output or an entropy is wrong.",
    families=("channel", "collisions"),
)
def h_theorem(ledger: Ledger) -> Margin:
    """ΔS after the input."""
    later = slice(1, None)
    return Margin(ledger["entropy_change"].isel(step=later), ledger.error("entropy_change").isel(step=later))
