"""A bath that is not thermal brings the state closer to what it alone leads to."""

from __future__ import annotations

from loschmidt.laws.conditions import COMPLETELY_POSITIVE
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["information_production", "reservoir_production"]


@law(
    name="information production",
    statement="Σ̇_info,b = -tr[D_b(ρ)(ln ρ - ln π_b)] ≥ 0 for every bath",
    source="spohn1978",
    citation="Spohn 1978",
    unit="entropy rate",
    needs=("information_production_rate_by_bath",),
    guaranteed_for=(COMPLETELY_POSITIVE,),
    cause="The state π_b is not the one that this bath leads to; please report the model.",
    families=("non-thermal baths",),
)
def information_production(ledger: Ledger) -> Margin:
    """Σ̇_info,b at every time."""
    name = "information_production_rate_by_bath"
    return Margin(ledger[name], ledger.error(name))


@law(
    name="reservoir production",
    statement="Σ̇_env,b = -tr[D_b(ρ) ln ρ] + Σ s_k γ_k ⟨L_k†L_k⟩ ≥ 0 for every bath",
    source="manzano2016",
    citation="Manzano 2016",
    unit="entropy rate",
    needs=("reservoir_production_rate_by_bath",),
    guaranteed_for=(COMPLETELY_POSITIVE,),
    cause="The entropy of a jump is not that of its rate over the rate of its reverse; please report the model.",
    families=("non-thermal baths",),
)
def reservoir_production(ledger: Ledger) -> Margin:
    """Σ̇_env,b at every time."""
    name = "reservoir_production_rate_by_bath"
    return Margin(ledger[name], ledger.error(name))
