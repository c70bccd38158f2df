"""Measuring Fock states cannot lower an entropy: entanglement is at most the Fock entropy of a species."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["entanglement_bound"]


@law(
    name="entanglement bound",
    statement="S_ent,s ≤ S_s",
    source="guo2025",
    citation="Guo 2025",
    unit="entropy",
    needs=("species_entanglement", "species_fock_entropy"),
    cause="The entanglement or a distribution is wrong; please report the model.",
    families=("lattice",),
)
def entanglement_bound(ledger: Ledger) -> Margin:
    """Fock entropy of each species less its entanglement."""
    looked = ledger["species_entanglement"]
    shannon = ledger["species_fock_entropy"].isel(step=looked["entangled_step"].values)
    shannon = shannon.rename(step="entangled_step").assign_coords(entangled_step=looked["entangled_step"])
    return Margin(shannon - looked, 2 * ledger.error("species_entanglement"))
