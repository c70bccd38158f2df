"""What is produced is what is displaced, correlated and made coherent: both sides of each identity."""

from __future__ import annotations

from loschmidt.laws.conditions import CONSERVES_ENERGY
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["conservation_identities"]


@law(
    name="conservation laws",
    statement="both sides of Eqs. 22 to 31 agree",
    source="santos2019",
    citation="Santos 2019",
    unit="entropy",
    needs=("identity_residual",),
    guaranteed_for=(CONSERVES_ENERGY,),
    equality=True,
    cause="One side of an identity is wrong; please report the model.",
    families=("thermal operation",),
)
def conservation_identities(ledger: Ledger) -> Margin:
    """Minus the residual of each identity."""
    return Margin(-ledger["identity_residual"], ledger.error("identity_residual"))
