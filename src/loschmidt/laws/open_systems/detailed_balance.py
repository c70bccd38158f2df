"""Detailed balance (KMS): a thermal bath excites e^{-βω} times as often as it damps."""

from __future__ import annotations

import xarray as xr

from loschmidt.laws.conditions import PROMISES_GIBBS_STATES
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["detailed_balance"]


@law(
    name="detailed balance",
    statement="W↑ = e^{-βω} W↓ for every bath and pair of levels",
    source="kossakowski1977",
    citation="Kossakowski 1977",
    unit="1",
    needs=("detailed_balance_defect",),
    guaranteed_for=(PROMISES_GIBBS_STATES,),
    equality=True,
    cause="The rates given for this bath do not belong to its temperature: correct a rate or `beta`, or leave out "
    "`beta` if the bath has no temperature.",
)
def detailed_balance(ledger: Ledger) -> Margin:
    """The largest relative mismatch of each bath, with the Hamiltonian that it was built on."""
    defect = ledger["detailed_balance_defect"]
    return Margin(-defect, xr.full_like(defect, 1e-9))
