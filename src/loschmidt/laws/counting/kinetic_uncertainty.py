"""Precision costs activity."""

from __future__ import annotations

from loschmidt.laws.conditions import CLASSICAL_JUMPS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["kinetic_uncertainty"]


@law(
    name="kinetic uncertainty",
    statement="c_2 K/c_1² ≥ 1 for everything counted",
    source="diterlizzi2019",
    citation="Di Terlizzi 2019",
    unit="1",
    needs=("kinetic_uncertainty",),
    guaranteed_for=(CLASSICAL_JUMPS,),
    cause="Noise, mean and activity are not of one steady state.",
    families=("counting",),
)
def kinetic_uncertainty(ledger: Ledger) -> Margin:
    """The ratio less 1; a Poisson process that is counted whole reaches zero."""
    return Margin(ledger["kinetic_uncertainty"] - 1, ledger.error("kinetic_uncertainty"))
