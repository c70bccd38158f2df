"""The work along trajectories is that of the master equation."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["trajectory_switching_work", "trajectory_work"]


@law(
    name="trajectory work",
    statement="⟨W⟩ = W at every time",
    source="horowitz2013",
    citation="Horowitz 2013",
    unit="energy",
    needs=("trajectory_work", "work"),
    equality=True,
    cause="The drive along trajectories is not that of the master equation; please report the model.",
    families=("work of quantum jumps",),
)
def trajectory_work(ledger: Ledger) -> Margin:
    """Minus the distance of the mean over trajectories from the integrated work."""
    error = ledger.error("trajectory_work") + ledger.error("work")
    return Margin(-abs(ledger["trajectory_work"] - ledger["work"]), error)


@law(
    name="trajectory switching work",
    statement="⟨W_sw⟩ = W_sw at every time",
    source="horowitz2013",
    citation="Horowitz 2013",
    unit="energy",
    needs=("trajectory_switching_work", "switching_work"),
    equality=True,
    cause="The Hamiltonian along trajectories is not that of the master equation; please report the model.",
    families=("switching work of quantum jumps",),
)
def trajectory_switching_work(ledger: Ledger) -> Margin:
    """Minus the distance of the mean over trajectories from the integrated switching work."""
    error = ledger.error("trajectory_switching_work") + ledger.error("switching_work")
    return Margin(-abs(ledger["trajectory_switching_work"] - ledger["switching_work"]), error)
