"""Coherence that local pinchings take from the correlations is not negative."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["local_coherence"]


@law(
    name="correlated coherence",
    statement="C_cc,loc ≥ 0",
    source="santos2019",
    citation="Santos 2019, corrected",
    unit="entropy",
    needs=("local_correlated_coherence",),
    cause="The joint state is no state; please report the model.",
    families=("thermal operation",),
)
def local_coherence(ledger: Ledger) -> Margin:
    """Correlated coherence with local pinchings."""
    name = "local_correlated_coherence"
    return Margin(ledger[name], ledger.error(name))
