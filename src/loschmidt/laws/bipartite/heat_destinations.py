"""Heat over temperature goes into correlation, into displacement of the parts, and into entropy of the whole."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["heat_destinations"]


@law(
    name="heat, correlation and displacement",
    statement="Σ β_X Q_X = ΔI + Σ ΔS(ρ_X‖π_X) + ΔS at every time",
    source="esposito2010entropy",
    citation="Esposito 2010",
    unit="entropy",
    needs=("exchanged_entropy", "mutual_information", "part_displacement", "entropy_change"),
    equality=True,
    cause="A heat, an entropy or a Gibbs state does not belong to these parts.",
    families=("bipartite",),
)
def heat_destinations(ledger: Ledger) -> Margin:
    """Holds from any start and for any motion, whole closed or open."""
    residual, error = ledger["exchanged_entropy"], ledger.error("exchanged_entropy")
    for name, axis in (("mutual_information", ""), ("part_displacement", "part"), ("entropy", "")):
        value, spread = ledger[name], ledger.error(name)
        change, known = value - value.isel(time=0), spread + spread.isel(time=0)
        residual = residual - (change.sum(axis, skipna=False) if axis else change)
        error = error + (known.sum(axis, skipna=False) if axis else known)
    return Margin(-abs(residual), error)
