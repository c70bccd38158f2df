"""Populations produce entropy in every thermal operation."""

from __future__ import annotations

from loschmidt.laws.conditions import CONSERVES_ENERGY
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["population_production"]


@law(
    name="population production",
    statement="Σ_d ≥ 0",
    source="santos2019",
    citation="Santos 2019, Eq. 23",
    unit="entropy",
    needs=("population_entropy_production",),
    guaranteed_for=(CONSERVES_ENERGY,),
    cause="The unitary does not conserve energy as it claims, or an entropy is wrong.",
    families=("thermal operation",),
)
def population_production(ledger: Ledger) -> Margin:
    """Entropy production of the populations."""
    later = slice(1, None)
    return Margin(
        ledger["population_entropy_production"].isel(step=later),
        ledger.error("population_entropy_production").isel(step=later),
    )
