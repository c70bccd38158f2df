"""The integral fluctuation theorem, with absolute irreversibility."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["integral_theorem"]


@law(
    name="integral fluctuation theorem",
    statement="⟨e^{-σ}⟩ = 1 - λ",
    source="santos2019",
    citation="Santos 2019, Eq. 42",
    unit="1",
    needs=("integral_theorem_residual",),
    equality=True,
    cause="A probability of a trajectory is wrong; please report the model.",
    families=("thermal operation", "quantum jumps"),
)
def integral_theorem(ledger: Ledger) -> Margin:
    """Minus the distance of the exponential average from 1 - λ."""
    return Margin(-abs(ledger["integral_theorem_residual"]), ledger.error("integral_theorem_residual"))
