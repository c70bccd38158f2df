"""What to see in the figures of classical processes: title, accounts that the description tells, and text of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["bar_productions", "gas_entropies"]

_Words = tuple[str, tuple[str, ...], str]


def bar_productions(run: Run) -> _Words:
    """Return the caption of what two bars produce."""
    return (
        "Entropy produced by two bars",
        ("entropy_change", "interface_production", "interior_production"),
        "What heat gains by crossing the contact and what conduction produces inside each bar add up to ΔS of both. "
        "Inside, production goes on after the bars are taken apart.",
    )


def gas_entropies(run: Run) -> _Words:
    """Return the caption of the entropies of a gas and its reservoir."""
    return (
        "From the gas to the reservoir",
        ("gas_entropy", "reservoir_entropy_change"),
        "Compression moves the entropy of the gas, n S(ρ), to the reservoir. Their sum stays, so every step can be "
        "undone.",
    )
