"""The entropy of the whole is that of its parts and of their correlations."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["part_entropies"]


@law(
    name="entropy of the parts",
    statement="S = Σ S_X + S_C at every time",
    source="ahmadi2020",
    citation="Ahmadi 2020",
    unit="entropy",
    needs=("entropy", "part_entropy", "correlation_entropy"),
    equality=True,
    cause="A reduced state is not that of the joint one.",
    families=("bipartite",),
)
def part_entropies(ledger: Ledger) -> Margin:
    """Spectrum of the joint state, spectra of the reduced ones, and a relative entropy: three computations."""
    residual = ledger["entropy"] - ledger["part_entropy"].sum("part", skipna=False) - ledger["correlation_entropy"]
    error = ledger.error("entropy") + ledger.error("correlation_entropy")
    return Margin(-abs(residual), error + ledger.error("part_entropy").sum("part", skipna=False))
