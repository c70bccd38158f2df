"""Trajectories unravel the master equation: the mean of their states is its density matrix."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["trajectory_states"]


@law(
    name="trajectory states",
    statement="⟨ψψ†⟩ = ρ at every time",
    source="dalibard1992",
    citation="Dalibard 1992",
    unit="1",
    needs=("trajectory_state_distance",),
    equality=True,
    cause="Trajectories and master equation are not of the same process; please report the model.",
    families=("states of quantum jumps",),
)
def trajectory_states(ledger: Ledger) -> Margin:
    """Minus the distance of the mean projector from the density matrix."""
    return Margin(-ledger["trajectory_state_distance"], ledger.error("trajectory_state_distance"))
