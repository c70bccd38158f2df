"""What the purity of the reservoir allows: it takes up no more entropy than it lacks."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["reservoir_bound"]


@law(
    name="reservoir bound",
    statement="ΔS ≥ -(ln d_R - S(ρ_R))",
    source="lesovik2016",
    citation="Lesovik 2016",
    unit="entropy",
    needs=("entropy_change", "reservoir_bound"),
    cause="The reservoir cannot take up so much entropy: the unitary, the states or the start are wrong.",
    families=("channel",),
)
def reservoir_bound(ledger: Ledger) -> Margin:
    """ΔS less the bound, after the input."""
    later = slice(1, None)
    error = ledger.error("entropy_change") + ledger.error("reservoir_bound")
    return Margin((ledger["entropy_change"] - ledger["reservoir_bound"]).isel(step=later), error.isel(step=later))
