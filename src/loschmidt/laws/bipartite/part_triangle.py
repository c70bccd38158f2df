"""The triangle inequality of Araki and Lieb for parts: no part has more entropy than the rest and the whole."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["part_triangle"]


@law(
    name="triangle inequality of parts",
    statement="S_X ≤ S + Σ_{Y≠X} S_Y at every time",
    source="araki1970",
    citation="Araki 1970",
    unit="entropy",
    needs=("entropy", "part_entropy"),
    cause="The joint state or one of its parts is not a state.",
    families=("bipartite",),
)
def part_triangle(ledger: Ledger) -> Margin:
    """Entropy of the whole and of the other parts, less that of each part."""
    parts, spread = ledger["part_entropy"], ledger.error("part_entropy")
    margin = ledger["entropy"] + parts.sum("part", skipna=False) - 2 * parts
    return Margin(margin, ledger.error("entropy") + spread.sum("part", skipna=False) + spread)
