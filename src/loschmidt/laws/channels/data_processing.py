"""Data processing: no channel makes two states easier to tell apart."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["data_processing"]


@law(
    name="data processing",
    statement="S(Φρ‖Φσ) ≤ S(ρ‖σ)",
    source="lindblad1975",
    citation="Lindblad 1975",
    unit="entropy",
    needs=("relative_entropy_to_reference",),
    cause="The map is not completely positive and trace preserving, or a relative entropy is wrong.",
    families=("channel",),
)
def data_processing(ledger: Ledger) -> Margin:
    """How much the relative entropy to the reference falls."""
    name = "relative_entropy_to_reference"
    before, after = ledger.at_start(name), ledger[name].isel(step=slice(1, None))
    error = ledger.error(name)
    return Margin(before - after, error.isel(step=0) + error.isel(step=slice(1, None)))
