"""What recovery allows: the adjoint map brings the output back no closer than the entropy gained."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["recovery_bound"]


@law(
    name="recovery bound",
    statement="ΔS ≥ S(ρ‖Φ†Φ(ρ))",
    source="buscemi2016",
    citation="Buscemi 2016",
    unit="entropy",
    needs=("entropy_change", "recovery_bound"),
    cause="The map is not completely positive and trace preserving, or an entropy is wrong.",
    families=("channel", "collisions"),
)
def recovery_bound(ledger: Ledger) -> Margin:
    """ΔS less the bound, after the input."""
    later = slice(1, None)
    error = ledger.error("entropy_change") + ledger.error("recovery_bound")
    return Margin((ledger["entropy_change"] - ledger["recovery_bound"]).isel(step=later), error.isel(step=later))
