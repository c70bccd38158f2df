"""Means over trajectories are the entropy productions of the states."""

from __future__ import annotations

from loschmidt.laws.conditions import JUMPS_CARRY_THE_HEAT
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["trajectory_means"]


@law(
    name="trajectory means",
    statement="⟨σ⟩ = Σ, ⟨σ_d⟩ = Σ_d, ⟨ξ⟩ = Ξ",
    source="santos2019",
    citation="Santos 2019, Eq. 39",
    unit="entropy",
    needs=("trajectory_mean_residual",),
    guaranteed_for=(JUMPS_CARRY_THE_HEAT,),
    equality=True,
    cause="A probability of a trajectory is wrong; please report the model.",
    families=("thermal operation", "quantum jumps"),
)
def trajectory_means(ledger: Ledger) -> Margin:
    """Minus the distance of each mean from its closed form."""
    return Margin(-abs(ledger["trajectory_mean_residual"]), ledger.error("trajectory_mean_residual"))
