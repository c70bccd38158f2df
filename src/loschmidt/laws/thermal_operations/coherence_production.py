"""Coherence produces entropy in every thermal operation."""

from __future__ import annotations

from loschmidt.laws.conditions import CONSERVES_ENERGY
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["coherence_production"]


@law(
    name="coherence production",
    statement="Ξ = -ΔC ≥ 0",
    source="santos2019",
    citation="Santos 2019, Eq. 20",
    unit="entropy",
    needs=("coherence_entropy_production",),
    guaranteed_for=(CONSERVES_ENERGY,),
    cause="The unitary does not conserve energy as it claims, or an entropy is wrong.",
    families=("thermal operation",),
)
def coherence_production(ledger: Ledger) -> Margin:
    """Entropy production of the coherence."""
    later = slice(1, None)
    return Margin(
        ledger["coherence_entropy_production"].isel(step=later),
        ledger.error("coherence_entropy_production").isel(step=later),
    )
