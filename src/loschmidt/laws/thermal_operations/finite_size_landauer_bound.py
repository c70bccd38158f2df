"""What a finite reservoir adds to Landauer's bound: it is displaced by what it takes."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["finite_size_landauer_bound"]


@law(
    name="finite-size Landauer bound",
    statement="Σ β ΔE_E ≥ -ΔS + ΔS²/(2 N_d) where S falls",
    source="reeb2014",
    citation="Reeb 2014",
    unit="entropy",
    needs=("entropy_flow", "finite_size_landauer_bound"),
    cause="The environments do not start in Gibbs states of what counts as their energy, or have another dimension.",
    families=("thermal operation",),
)
def finite_size_landauer_bound(ledger: Ledger) -> Margin:
    """What went into the environments less what ones of this dimension must take."""
    later, name = slice(1, None), "finite_size_landauer_bound"
    error = ledger.error("entropy_flow") + ledger.error(name)
    return Margin((ledger["entropy_flow"] - ledger[name]).isel(step=later), error.isel(step=later))
