"""Entropy conservation: what the parts gain in entropy, their correlations lose."""

from __future__ import annotations

from loschmidt.laws.bipartite.conditions import CLOSED
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["entropy_conservation"]


@law(
    name="entropy conservation",
    statement="Σ ΔS_X + ΔS_C = 0 at every time",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eq. 16",
    unit="entropy",
    needs=("part_entropy", "correlation_entropy"),
    guaranteed_for=(CLOSED,),
    equality=True,
    cause="The joint motion is not unitary, or a reduced state is not that of the joint one.",
    families=("bipartite",),
)
def entropy_conservation(ledger: Ledger) -> Margin:
    """Entropies of the reduced states against the relative entropy of the joint state to their product."""
    parts, spread = ledger["part_entropy"], ledger.error("part_entropy")
    correlation, error = ledger["correlation_entropy"], ledger.error("correlation_entropy")
    total = (parts - parts.isel(time=0)).sum("part", skipna=False) + correlation - correlation.isel(time=0)
    error = (spread + spread.isel(time=0)).sum("part", skipna=False) + error + error.isel(time=0)
    return Margin(-abs(total), error)
