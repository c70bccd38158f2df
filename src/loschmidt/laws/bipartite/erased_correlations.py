"""Undone without the correlations, the motion leaves exactly their entropy behind."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["erased_correlations"]


@law(
    name="erased correlations",
    statement="undone without correlations, ΔS = I",
    source="ahmadi2020",
    citation="Ahmadi 2020",
    unit="entropy",
    needs=("reversal_entropy_gain", "erased_information"),
    equality=True,
    cause="The motion back changes the entropy of the whole, so it is not unitary.",
    families=("reversal",),
)
def erased_correlations(ledger: Ledger) -> Margin:
    """Entropy left over, from the spectrum of what came back, against the mutual information that was erased."""
    gain = ledger["reversal_entropy_gain"].sel(undone="product")
    error = ledger.error("reversal_entropy_gain").sel(undone="product") + ledger.error("erased_information")
    return Margin(-abs(gain - ledger["erased_information"]), error)
