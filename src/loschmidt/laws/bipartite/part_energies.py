"""The energy of parts and interaction changes by the work of the drive and the heat of the baths."""

from __future__ import annotations

from loschmidt.laws.bipartite.conditions import WHOLE_ENERGY
from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["part_energies"]


@law(
    name="energy of the parts",
    statement="Σ (Q_X + W_X) + Δ⟨V⟩ = W + Σ Q_b at every time",
    source="ahmadi2020",
    citation="Ahmadi 2020",
    unit="energy",
    needs=("part_heat", "coupling_energy"),
    guaranteed_for=(WHOLE_ENERGY,),
    equality=True,
    cause="Heat or work does not belong to this Hamiltonian, or the integration is less accurate than it says.",
    families=("bipartite",),
)
def part_energies(ledger: Ledger) -> Margin:
    """What the parts and their interaction hold, read off the states, against work and heat integrated on the way."""
    stored, spread = ledger["coupling_energy"], ledger.error("coupling_energy")
    held, error = stored - stored.isel(time=0), spread + spread.isel(time=0)
    for name, axis, sign in (
        ("part_heat", "part", 1),
        ("part_work", "part", 1),
        ("work", "", -1),
        ("heat", "bath", -1),
        ("switching_work", "", -1),
        ("chemical_work", "", -1),
    ):
        if name in ledger:
            value, known = ledger[name], ledger.error(name)
            held = held + sign * (value.sum(axis, skipna=False) if axis else value)
            error = error + (known.sum(axis, skipna=False) if axis else known)
    return Margin(-abs(held), error)
