"""No input loses more entropy than the certified minimum of the channel."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["minimal_gain"]


@law(
    name="minimal entropy gain",
    statement="ΔS ≥ G, certified",
    source="holevo2011",
    citation="Holevo 2011",
    unit="entropy",
    needs=("entropy_change", "minimal_entropy_gain_lower_bound"),
    cause="The certificate of the minimum or an entropy is wrong; please report the channel.",
    families=("channel",),
)
def minimal_gain(ledger: Ledger) -> Margin:
    """ΔS less the certified lower bound on G."""
    name = "minimal_entropy_gain_lower_bound"
    later = slice(1, None)
    margin = (ledger["entropy_change"] - ledger[name]).isel(step=later)
    return Margin(margin, (ledger.error("entropy_change") + ledger.error(name)).isel(step=later))
