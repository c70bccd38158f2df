"""The second law where trajectories backward end where none has started."""

from __future__ import annotations

import numpy as np
import xarray as xr

from loschmidt.laws.conditions import JUMPS_CARRY_THE_HEAT
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["irreversible_second_law"]


@law(
    name="absolute irreversibility",
    statement="Σ ≥ -ln(1 - λ)",
    source="murashita2014",
    citation="Murashita 2014",
    unit="entropy",
    needs=("entropy_production", "absolute_irreversibility"),
    guaranteed_for=(JUMPS_CARRY_THE_HEAT,),
    cause="The entropy of the jumps is not that of the master equation: see the finding on trajectory means.",
    families=("quantum jumps",),
)
def irreversible_second_law(ledger: Ledger) -> Margin:
    """Σ of the whole process less the bound; nothing is left over where both are infinite."""
    produced = float(ledger["entropy_production"][-1])
    left = 1 - float(ledger["absolute_irreversibility"])
    spread = float(ledger.error("absolute_irreversibility"))
    error = float(ledger.error("entropy_production")[-1])
    if left <= spread:
        if np.isinf(produced):
            # No trajectory has a way back, so every σ is infinite.
            return Margin(xr.DataArray(0.0), xr.DataArray(0.0))
        # Of the bound no more is known than that it is at least this large.
        least = -np.log(left + spread) if left + spread > 0 else np.inf
        margin = produced - least
        return Margin(xr.DataArray(margin), xr.DataArray(np.inf if margin >= 0 else error))
    error += spread / left
    return Margin(xr.DataArray(produced + np.log(left)), xr.DataArray(error))
