"""Entropy less β energy is how much nearer a Gibbs state came: two definitions that are one for a static energy."""

from __future__ import annotations

import numpy as np

from loschmidt.laws.conditions import ENERGY_STANDS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["gibbs_distance"]


@law(
    name="distance from Gibbs state",
    statement="ΔS - β (ΔU - μ ΔN) = S(ρ‖ρ_β) - S(ρ'‖ρ_β) for every bath",
    source="spohn1978",
    citation="Spohn 1978",
    unit="entropy",
    needs=("entropy_change", "energy", "gibbs_relative_entropy", "inverse_temperature"),
    guaranteed_for=(ENERGY_STANDS,),
    equality=True,
    cause="Energy, entropy and Gibbs state do not belong to one Hamiltonian; please report the model.",
    families=("open system", "thermal operation"),
)
def gibbs_distance(ledger: Ledger) -> Margin:
    """The change of a relative entropy against those of entropy, energy and particles, for baths above T = 0."""
    warm = np.isfinite(ledger["inverse_temperature"].values)
    beta = ledger["inverse_temperature"].isel(bath=warm)
    distance, spread = ledger["gibbs_relative_entropy"].isel(bath=warm), ledger.error("gibbs_relative_entropy")
    energy, error = ledger["energy"] - ledger.at_start("energy"), ledger.error("energy")
    if "particles" in ledger:
        energy = energy - ledger["chemical_potential"].isel(bath=warm) * ledger["particles"].sum("bath")
        error = error + (abs(ledger["chemical_potential"]) * ledger.error("particles").sum("bath")).max("bath")
    start = {ledger.axis: 0}
    residual = ledger["entropy_change"] - beta * energy + distance - distance.isel(start)
    spread = spread.isel(bath=warm)
    bound = spread + spread.isel(start) + abs(beta) * (error + error.isel(start)) + ledger.error("entropy_change")
    return Margin(-abs(residual), bound)
