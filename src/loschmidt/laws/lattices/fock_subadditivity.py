"""Subadditivity: the joint distribution has no more entropy than its marginals together."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["fock_subadditivity"]


@law(
    name="subadditivity",
    statement="S ≤ Σ_s S_s",
    source="shannon1948",
    citation="Shannon 1948",
    unit="entropy",
    needs=("fock_entropy", "species_fock_entropy"),
    cause="A distribution is not what it should be; please report the model.",
    families=("lattice",),
)
def fock_subadditivity(ledger: Ledger) -> Margin:
    """Entropies of the species less that of the joint distribution."""
    name = "species_fock_entropy"
    margin = ledger[name].sum("species", skipna=False) - ledger["fock_entropy"]
    return Margin(margin, ledger.error(name).sum("species", skipna=False) + ledger.error("fock_entropy"))
