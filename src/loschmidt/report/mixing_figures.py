"""What coherences carry without the secular approximation: part of the heat currents, and the cross production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loschmidt.report.accounts import reported
from loschmidt.report.panel import Panel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["coherent_heat", "cross_production"]


def coherent_heat(run: Run) -> Figure | None:
    """Return the part of the heat current from each bath that coherences carry; nothing where it is zero."""
    found = reported(run, "coherent_heat_rate")
    if found is None or found.negligible:
        return None
    panel = Panel(run, "Heat carried by coherences")
    panel.members(found, "Q̇_coh")
    return panel.finish("energy current into the system", found.unit)


def cross_production(run: Run) -> Figure | None:
    """Return the part of the entropy production in which populations and coherences feed one another."""
    found = reported(run, "cross_entropy_production_rate")
    if found is None or found.negligible:
        return None
    panel = Panel(run, "Cross production of populations and coherences")
    panel.members(found, "Π_cross")
    return panel.finish("entropy rate", found.unit)
