"""Energy that enters from one bath leaves into the others, fluctuation by fluctuation."""

from __future__ import annotations

from loschmidt.laws.conditions import MOTION_CONSERVES_ENERGY
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["noise_balance"]


@law(
    name="noise balance",
    statement="Σ_b' C(E_b, E_b') = 0 for every bath",
    source="esposito2009",
    citation="Esposito 2009",
    unit="energy²/time",
    needs=("energy_noise_balance",),
    guaranteed_for=(MOTION_CONSERVES_ENERGY,),
    equality=True,
    cause="The energy that was counted piles up without bound: a jump was counted with an energy that is not its own.",
    families=("counting",),
)
def noise_balance(ledger: Ledger) -> Margin:
    """The total energy is bounded, so that over long times it is correlated with nothing."""
    return Margin(-abs(ledger["energy_noise_balance"]), ledger.error("energy_noise_balance"))
