"""The entropy of two bars together: produced inside each and where they touch, and by nothing else."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["pair_balance"]


@law(
    name="entropy of both bars",
    statement="ΔS_AB = ∫ d_iS_A + ∫ d_iS_B + ∫ d_iS_int",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eq. 15",
    unit="entropy",
    needs=("entropy_change", "interior_production", "interface_production"),
    equality=True,
    cause="A rate misses a link or uses the temperature of another cell; please report the model.",
    families=("heat conduction",),
)
def pair_balance(ledger: Ledger) -> Margin:
    """The change of Σ c ln T over all cells against what every link produces."""
    produced = ledger["interior_production"].sum("bar", skipna=False) + ledger["interface_production"]
    error = ledger.error("interior_production").sum("bar", skipna=False) + ledger.error("interface_production")
    return Margin(-abs(ledger["entropy_change"] - produced), ledger.error("entropy_change") + error)
