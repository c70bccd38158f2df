"""The entropy of a conducting bar: what came with heat and what was produced inside, and nothing else."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["bar_balance"]


@law(
    name="entropy of each bar",
    statement="ΔS = ∫ d_eS + ∫ d_iS for each bar",
    source="degroot1962",
    citation="de Groot 1962",
    unit="entropy",
    needs=("bar_entropy_change", "external_entropy", "interior_production"),
    equality=True,
    cause="A rate misses a link or uses the temperature of another cell; please report the model.",
    families=("heat conduction",),
)
def bar_balance(ledger: Ledger) -> Margin:
    """The change of Σ c ln T against two integrals along the way."""
    names = ("bar_entropy_change", "external_entropy", "interior_production")
    residual = ledger[names[0]] - ledger[names[1]] - ledger[names[2]]
    return Margin(-abs(residual), ledger.error(names[0]) + ledger.error(names[1]) + ledger.error(names[2]))
