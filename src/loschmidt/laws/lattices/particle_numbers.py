"""Every stage keeps the number of particles of each species."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["particle_numbers"]


@law(
    name="particle numbers",
    statement="Σ_i n_is = N_s",
    source="guo2025",
    citation="Guo 2025, Eq. 4",
    unit="1",
    needs=("particle_number_defect",),
    equality=True,
    cause="A method is less accurate than it says; please report the model.",
    families=("lattice",),
)
def particle_numbers(ledger: Ledger) -> Margin:
    """Minus the distance of the summed densities from the particle numbers."""
    return Margin(-ledger["particle_number_defect"], ledger.error("particle_number_defect"))
