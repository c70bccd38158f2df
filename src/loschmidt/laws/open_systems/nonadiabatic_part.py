"""The non-adiabatic part: relaxation towards the steady state produces entropy."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["nonadiabatic_part"]


@law(
    name="non-adiabatic part",
    statement="Σ̇_na = -tr[L(ρ)(ln ρ - ln π)] ≥ 0 at every time",
    source="manzano2018",
    citation="Manzano 2018",
    unit="entropy rate",
    needs=("nonadiabatic_entropy_production_rate",),
    guaranteed_for=(COMPLETELY_POSITIVE,),
    cause="The state used as steady state is not stationary, or the evolution is not completely positive.",
)
def nonadiabatic_part(ledger: Ledger) -> Margin:
    """Σ̇_na at every time."""
    name = "nonadiabatic_entropy_production_rate"
    return Margin(ledger[name], ledger.error(name))
