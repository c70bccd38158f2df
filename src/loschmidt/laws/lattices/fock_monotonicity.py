"""A marginal has no more Shannon entropy than the joint distribution."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["fock_monotonicity"]


@law(
    name="marginal entropies",
    statement="S_s ≤ S",
    source="shannon1948",
    citation="Shannon 1948",
    unit="entropy",
    needs=("fock_entropy", "species_fock_entropy"),
    cause="A distribution is not what it should be; please report the model.",
    families=("lattice",),
)
def fock_monotonicity(ledger: Ledger) -> Margin:
    """Joint entropy less that of each species."""
    name = "species_fock_entropy"
    margin = ledger["fock_entropy"] - ledger[name]
    return Margin(margin, ledger.error(name) + ledger.error("fock_entropy"))
