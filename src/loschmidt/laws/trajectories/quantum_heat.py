"""Measurement moves the energy of single trajectories, and that of none on average."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["quantum_heat"]


@law(
    name="quantum heat",
    statement="⟨Q_q⟩ = ⟨ΔU - W - Σ Q⟩ = 0",
    source="elouard2017",
    citation="Elouard 2017",
    unit="energy",
    needs=("quantum_heat",),
    equality=True,
    cause="Heat, work and energy of trajectories do not add up; please report the model.",
    families=("quantum jumps",),
)
def quantum_heat(ledger: Ledger) -> Margin:
    """Minus the size of the mean."""
    return Margin(-abs(ledger["quantum_heat"]), ledger.error("quantum_heat"))
