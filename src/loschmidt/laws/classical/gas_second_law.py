"""No step of von Neumann's gas lowers the entropy of gas and reservoir together."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["gas_second_law"]


@law(
    name="second law of the gas",
    statement="ΔS_gas + ΔS_res ≥ 0 in every step",
    source="vonneumann1927",
    citation="von Neumann 1927",
    unit="entropy",
    needs=("gas_entropy", "reservoir_entropy_change"),
    cause="Less work is booked than the compression takes; please report the model.",
    families=("gas",),
)
def gas_second_law(ledger: Ledger) -> Margin:
    """The change of both entropies in each step."""
    total = ledger["gas_entropy"] + ledger["reservoir_entropy_change"]
    error = ledger.error("gas_entropy") + ledger.error("reservoir_entropy_change")
    return Margin(total.diff("step"), 2 * error.isel(step=slice(1, None)))
