"""Precision costs entropy."""

from __future__ import annotations

from loschmidt.laws.conditions import CLASSICAL_JUMPS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["thermodynamic_uncertainty"]


@law(
    name="thermodynamic uncertainty",
    statement="c_2 σ̇/c_1² ≥ 2 for every current",
    source="gingrich2016",
    citation="Gingrich 2016",
    unit="1",
    needs=("thermodynamic_uncertainty",),
    guaranteed_for=(CLASSICAL_JUMPS,),
    cause="Noise, mean and entropy production are not of one steady state.",
    families=("counting",),
)
def thermodynamic_uncertainty(ledger: Ledger) -> Margin:
    """The ratio less 2; classical jumps reach zero near equilibrium only."""
    return Margin(ledger["thermodynamic_uncertainty"] - 2, ledger.error("thermodynamic_uncertainty"))
