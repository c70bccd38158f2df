"""Evolution under H keeps its mean."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["lattice_energy"]


@law(
    name="energy",
    statement="⟨H⟩ constant under H",
    source="guo2025",
    citation="Guo 2025, Eq. 4",
    unit="energy",
    needs=("energy_drift",),
    equality=True,
    cause="A method is less accurate than it says; please report the model.",
    families=("lattice",),
)
def lattice_energy(ledger: Ledger) -> Margin:
    """Minus the change of the energy where only H acted."""
    return Margin(-ledger["energy_drift"], ledger.error("energy_drift"))
