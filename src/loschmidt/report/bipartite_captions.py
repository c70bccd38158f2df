"""What to see in the figures of several parts: title, accounts that the description tells, and text of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["part_energies", "part_entropies", "part_rates"]

_Words = tuple[str, tuple[str, ...], str]


def part_entropies(run: Run) -> _Words:
    """Return the caption of entropies and correlation."""
    whole = (
        "The entropy of a closed whole stands still, so what the parts gain together is exactly their correlation I."
        if _is_closed(run)
        else "Baths change the entropy of the whole; what the parts have more than the whole is their correlation I."
    )
    return (
        "Entropies of the parts and their correlation",
        ("part_entropy", "entropy", "mutual_information"),
        f"{whole} Where I falls, correlation is used up.",
    )


def part_energies(run: Run) -> _Words:
    """Return the caption of heats and interaction energy."""
    return (
        "Heat into the parts since the start",
        ("part_heat", "coupling_energy", "work", "heat"),
        "What the parts gain in heat comes from one another, from the interaction, and from outside. Curves of two "
        "parts that mirror each other mean an interaction that conserves their energy.",
    )


def part_rates(run: Run) -> _Words:
    """Return the caption of the entropy rates."""
    total = " Their sum is the rate at which correlation grows." if _is_closed(run) else ""
    return (
        "Entropy rates of the parts",
        ("part_entropy_rate", "part_heat_rate"),
        f"Each from the reduced state and the way it changes.{total}",
    )


def _is_closed(run: Run) -> bool:
    return bool(run.ledger.data.attrs.get("closed", 0))
