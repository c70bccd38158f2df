"""No distribution over the Fock states of a species has more entropy than the uniform one."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["entropy_ceiling"]


@law(
    name="entropy ceiling",
    statement="S_s ≤ ln d_s",
    source="shannon1948",
    citation="Shannon 1948",
    unit="entropy",
    needs=("species_fock_entropy", "uniform_species_entropy"),
    cause="A distribution is not normalised; please report the model.",
    families=("lattice",),
)
def entropy_ceiling(ledger: Ledger) -> Margin:
    """The largest entropy less that of each species."""
    margin = ledger["uniform_species_entropy"] - ledger["species_fock_entropy"]
    return Margin(margin, ledger.error("species_fock_entropy"))
