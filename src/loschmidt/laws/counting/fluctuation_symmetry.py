"""The symmetry of fluctuations: backwards in time everything is as likely as the entropy says."""

from __future__ import annotations

from loschmidt.laws.conditions import REVERSIBLE
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["fluctuation_symmetry"]


@law(
    name="fluctuation symmetry",
    statement="θ(s) = θ(-A - s)",
    source="gallavotti1995",
    citation="Gallavotti 1995",
    unit="rate",
    needs=("fluctuation_symmetry_defect",),
    guaranteed_for=(REVERSIBLE,),
    equality=True,
    cause="Rates break detailed balance, or a jump was counted with an entropy that is not its own.",
    families=("counting",),
)
def fluctuation_symmetry(ledger: Ledger) -> Margin:
    """Minus the largest distance of each generating function from its mirror image."""
    return Margin(-ledger["fluctuation_symmetry_defect"], ledger.error("fluctuation_symmetry_defect"))
