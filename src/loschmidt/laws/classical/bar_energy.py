"""The energy of a conducting bar changes by the heat through the contact, which one bar gains and the other loses."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["bar_energy"]


@law(
    name="energy of each bar",
    statement="ΔU = Q for each bar, Q_A + Q_B = 0",
    source="degroot1962",
    citation="de Groot 1962",
    unit="energy",
    needs=("bar_energy", "bar_heat"),
    equality=True,
    cause="The modes do not conserve energy, or heat was booked to the wrong bar; please report the model.",
    families=("heat conduction",),
)
def bar_energy(ledger: Ledger) -> Margin:
    """The larger of two residuals: of each bar's first law, and of the sum of both energies."""
    energy, heat = ledger["bar_energy"], ledger["bar_heat"]
    residual = abs(energy - ledger.at_start("bar_energy") - heat)
    total = energy.sum("bar", skipna=False)
    drift = abs(total - total.isel(time=0))
    error = 2 * ledger.error("bar_energy").sum("bar", skipna=False) + ledger.error("bar_heat")
    return Margin(-residual.where(residual > drift, drift), error)
