"""The first law: energy changes by heat, work and nothing else."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["first_law"]


@law(
    name="first law",
    statement="ΔU = W + Σ Q at every time",
    source="alicki1979",
    citation="Alicki 1979",
    unit="energy",
    needs=("energy", "heat"),
    equality=True,
    cause="Heat or work does not belong to this energy observable, or the integration is less accurate than it says: "
    "check `energy`, then lower the method's `rtol`.",
    families=("open system", "thermal operation", "gas"),
)
def first_law(ledger: Ledger) -> Margin:
    """U(t) - U(0) against heat, work, switching and chemical work, each integrated on its own."""
    residual = ledger["energy"] - ledger.at_start("energy") - ledger["heat"].sum("bath", skipna=False)
    start = ledger.error("energy").isel({ledger.axis: 0})
    error = ledger.error("energy") + start + ledger.error("heat").sum("bath", skipna=False)
    for name in ("work", "switching_work", "chemical_work"):
        if name in ledger:
            residual, error = residual - ledger[name], error + ledger.error(name)
    return Margin(-abs(residual), error)
