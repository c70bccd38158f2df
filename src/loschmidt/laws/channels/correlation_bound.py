"""What correlation allows: a collision gives back no more entropy than the system is correlated with its ancillas."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["correlation_bound"]


@law(
    name="correlation bound",
    statement="δS ≥ -I before the step",
    source="lesovik2016",
    citation="Lesovik 2016",
    unit="entropy",
    needs=("entropy_step", "correlation_bound"),
    cause="An entropy or the correlation is wrong, or a collision changes the entropy of the ancillas.",
    families=("collisions",),
)
def correlation_bound(ledger: Ledger) -> Margin:
    """Entropy gained in a step, plus the correlation before it."""
    later = slice(1, None)
    error = ledger.error("entropy_step") + ledger.error("correlation_bound")
    return Margin((ledger["entropy_step"] - ledger["correlation_bound"]).isel(step=later), error.isel(step=later))
