"""Correlation grows by heat over the generalised temperature of each part."""

from __future__ import annotations

from loschmidt.laws.bipartite.conditions import CLOSED
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["correlation_from_heat"]


@law(
    name="correlation from heat",
    statement="ΔI = Σ ∫ dQ_X/T_X at every time, T_X = dQ_X/dS_X",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eq. 18",
    unit="entropy",
    needs=("mutual_information", "integrated_part_entropy_rate"),
    guaranteed_for=(CLOSED,),
    equality=True,
    cause="The joint motion is not unitary, or a part moves otherwise than its partial trace says.",
    families=("bipartite",),
)
def correlation_from_heat(ledger: Ledger) -> Margin:
    """The relative entropy to the product of the parts against ∫ Σ Ṡ_X dt, which is regular where T_X is not."""
    correlation, spread = ledger["mutual_information"], ledger.error("mutual_information")
    flowed = ledger["integrated_part_entropy_rate"].sum("part", skipna=False)
    error = spread + spread.isel(time=0) + ledger.error("integrated_part_entropy_rate").sum("part", skipna=False)
    return Margin(-abs(correlation - correlation.isel(time=0) - flowed), error)
