"""Every thermal bath keeps its Gibbs state."""

from __future__ import annotations

import xarray as xr

from loschmidt.laws.conditions import BUILT_ON_THE_ENERGY, PROMISES_GIBBS_STATES, THERMAL_BATHS
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["gibbs_fixed_point"]


@law(
    name="Gibbs fixed point",
    statement="D_b(ρ_β) = 0 for every bath",
    source="davies1974",
    citation="Davies 1974",
    unit="1",
    needs=("gibbs_fixed_point_defect",),
    guaranteed_for=(THERMAL_BATHS, PROMISES_GIBBS_STATES, BUILT_ON_THE_ENERGY),
    equality=True,
    cause="Rates or grouping of energies are wrong for this bath's temperature.",
)
def gibbs_fixed_point(ledger: Ledger) -> Margin:
    """The drift of the Gibbs state of the energy that heat refers to, over the bath's largest rate."""
    defect = ledger["gibbs_fixed_point_defect"]
    return Margin(-defect, xr.full_like(defect, 1e-9))
