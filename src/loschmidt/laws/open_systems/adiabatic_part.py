"""The adiabatic part: what it costs to keep a steady state out of equilibrium."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE, HOUSEKEEPING_POSITIVE
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["adiabatic_part"]


@law(
    name="adiabatic part",
    statement="Σ̇_a = tr(K ρ) ≥ 0 at every time",
    source="manzano2018",
    citation="Manzano 2018",
    unit="entropy rate",
    needs=("adiabatic_entropy_production_rate", "adiabatic_operator_minimum"),
    guaranteed_for=(COMPLETELY_POSITIVE, HOUSEKEEPING_POSITIVE),
    cause="K is positive but its mean is not: the state is not positive.",
)
def adiabatic_part(ledger: Ledger) -> Margin:
    """Σ̇_a at every time; guaranteed exactly if K has no negative eigenvalue."""
    name = "adiabatic_entropy_production_rate"
    return Margin(ledger[name], ledger.error(name))
