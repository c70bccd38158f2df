"""The Hamiltonian changes no entropy: the interior part of the entropy rate, computed and not assumed."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["interior_entropy"]


@law(
    name="interior entropy",
    statement="i tr([H, ρ] ln ρ) = 0 at every time",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eq. 11",
    unit="entropy rate",
    needs=("interior_entropy_rate",),
    equality=True,
    cause="A state is not Hermitian: its logarithm is that of another matrix, which the Hamiltonian moves.",
)
def interior_entropy(ledger: Ledger) -> Margin:
    """What the commutator with H contributes to dS/dt; a residual of the linear algebra."""
    return Margin(-abs(ledger["interior_entropy_rate"]), ledger.error("interior_entropy_rate"))
