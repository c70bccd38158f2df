"""The heat that trajectories count, bath by bath, is that of the master equation."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["trajectory_heat"]


@law(
    name="trajectory heat",
    statement="⟨Q_b⟩ = Q_b for every bath",
    source="horowitz2013",
    citation="Horowitz 2013",
    unit="energy",
    needs=("trajectory_heat", "heat"),
    equality=True,
    cause="Jumps are counted for the wrong bath, with the wrong sign, or at the wrong rate; please report the model.",
    families=("quantum jumps",),
)
def trajectory_heat(ledger: Ledger) -> Margin:
    """Minus the distance of the mean over trajectories from the integrated heat."""
    error = ledger.error("trajectory_heat") + ledger.error("heat")
    return Margin(-abs(ledger["trajectory_heat"] - ledger["heat"]), error)
