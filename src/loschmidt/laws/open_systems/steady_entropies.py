"""In a steady state the baths' shares of the entropy rate cancel, so two of them work at η = 1 - T_c/T_h exactly."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["steady_entropies"]


@law(
    name="steady-state entropies",
    statement="Σ_b Ṡ_b = 0 in the steady state",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eq. 19",
    unit="entropy rate",
    needs=("steady_entropy_rate",),
    equality=True,
    cause="The state found is not stationary, or a dissipator belongs to no bath.",
)
def steady_entropies(ledger: Ledger) -> Margin:
    """The sum over baths; with it the generalised temperatures T_b of two baths give the efficiency of the machine."""
    residual = ledger["steady_entropy_rate"].sum("bath", skipna=False)
    return Margin(-abs(residual), ledger.error("steady_entropy_rate").sum("bath", skipna=False))
