"""What the image of the identity allows: a channel cannot lower the entropy by more."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["identity_image_bound"]


@law(
    name="entropy bound",
    statement="ΔS ≥ -tr{Φ(ρ) ln Φ(1)}",
    source="lesovik2016",
    citation="Lesovik 2016, Eq. 1",
    unit="entropy",
    needs=("entropy_change", "identity_image_bound"),
    cause="The map is not completely positive and trace preserving, or an entropy is wrong.",
    families=("channel", "collisions"),
)
def identity_image_bound(ledger: Ledger) -> Margin:
    """ΔS less the bound, after the input."""
    later = slice(1, None)
    error = ledger.error("entropy_change") + ledger.error("identity_image_bound")
    return Margin((ledger["entropy_change"] - ledger["identity_image_bound"]).isel(step=later), error.isel(step=later))
