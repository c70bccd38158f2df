"""The entropy balance: the state's entropy against the integrated entropy rates."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["entropy_balance"]


@law(
    name="entropy balance",
    statement="ΔS = Σ_b ∫ -tr[D_b(ρ) ln ρ] dt",
    source="spohn1978",
    citation="Spohn 1978",
    unit="entropy",
    needs=("entropy_change", "integrated_entropy_rate"),
    equality=True,
    cause="The entropy changes by something that is not a bath: the motion is not what the ledger was told.",
)
def entropy_balance(ledger: Ledger) -> Margin:
    """The change of a state function against an integral along the way; no unitary part may contribute."""
    residual = ledger["entropy_change"] - ledger["integrated_entropy_rate"]
    return Margin(-abs(residual), ledger.error("entropy_change") + ledger.error("integrated_entropy_rate"))
