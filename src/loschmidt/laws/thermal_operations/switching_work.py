"""Two definitions of heat, by the environments and by the system, differ by the work of switching the unitary."""

from __future__ import annotations

import numpy as np

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["switching_work"]


@law(
    name="switching work",
    statement="-Σ_a β_a Q_a + β ΔU = β W + Σ_a (β - β_a) Q_a for the β of every environment",
    source="esposito2010entropy",
    citation="Esposito 2010",
    unit="entropy",
    needs=("entropy_flow", "energy", "heat", "work", "inverse_temperature"),
    equality=True,
    cause="The entropy flow is not that of the heat, or energy is missing: see the first law.",
    families=("thermal operation",),
)
def switching_work(ledger: Ledger) -> Margin:
    """Clausius' production by reservoir heat less that by the energy of the system; at T = 0 nothing is compared."""
    warm = np.isfinite(ledger["inverse_temperature"].values)
    beta, later = ledger["inverse_temperature"].isel(bath=warm), slice(1, None)
    heat, spread = ledger["heat"].isel(bath=warm), ledger.error("heat").sum("bath")
    # By environment: the entropy that went to all of them, and what it would have been at one temperature.
    apart = (heat * (beta.rename(bath="other") - beta)).sum("bath").rename(other="bath")
    gain = ledger["energy"] - ledger.at_start("energy") - ledger["work"]
    residual = (ledger["entropy_flow"] + beta * gain - apart).where(np.isfinite(ledger["entropy_flow"]), 0.0)
    error = 2 * ledger.error("energy") + ledger.error("work") + 2 * spread
    bound = ledger.error("entropy_flow") + (abs(beta) + abs(beta).sum()) * error
    return Margin(-abs(residual).isel(step=later), bound.isel(step=later))
