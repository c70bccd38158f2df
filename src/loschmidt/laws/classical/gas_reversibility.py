"""What takes von Neumann's gas to a pure state can be undone: the entropy that it loses, the reservoir gains."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["gas_reversibility"]


@law(
    name="reversibility",
    statement="ΔS_gas + ΔS_res = 0, -ΔS_gas = n S(ρ)",
    source="vonneumann1927",
    citation="von Neumann 1927",
    unit="entropy",
    needs=("gas_entropy", "reservoir_entropy_change", "entropy"),
    equality=True,
    cause="The work is not that of a quasi-static compression of n p_i atoms from V to p_i V; please report the model.",
    families=("gas",),
)
def gas_reversibility(ledger: Ledger) -> Margin:
    """The larger of two residuals: of the sum of entropies, and of the entropy of the state times n."""
    gas, start = ledger["gas_entropy"], float(ledger.at_start("gas_entropy"))
    balance = abs(gas - start + ledger["reservoir_entropy_change"])
    identity = abs(start - float(ledger.data.attrs["atoms"]) * float(ledger.at_start("entropy")))
    error = 2 * ledger.error("gas_entropy") + ledger.error("reservoir_entropy_change")
    return Margin(-balance.where(balance > identity, identity), error)
