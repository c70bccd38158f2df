"""Entropy production by heat is correlation and displacement: two definitions that are one, for any unitary."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["correlation_and_displacement"]


@law(
    name="correlation and displacement",
    statement="Σ = I(S:E_1:…) + Σ S(ρ'_E‖ρ_E) for any unitary",
    source="esposito2010entropy",
    citation="Esposito 2010",
    unit="entropy",
    needs=("entropy_production", "total_correlation", "environment_displacement"),
    equality=True,
    cause="The environments do not start in Gibbs states, the start is correlated, or heat is booked to the wrong one.",
    families=("thermal operation",),
)
def correlation_and_displacement(ledger: Ledger) -> Margin:
    """Entropy production by heat against what the joint state holds."""
    later, displaced = slice(1, None), ledger["environment_displacement"].sum("bath", skipna=False)
    kept = ledger["total_correlation"] + displaced
    residual = (ledger["entropy_production"] - kept).where(ledger["entropy_production"] != kept, 0.0)
    error = ledger.error("environment_displacement").sum("bath") + ledger.error("total_correlation")
    return Margin(-abs(residual).isel(step=later), (error + ledger.error("entropy_production")).isel(step=later))
