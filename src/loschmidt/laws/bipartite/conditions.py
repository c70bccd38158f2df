"""Conditions on several parts under which laws of theirs are guaranteed."""

from __future__ import annotations

from loschmidt.laws.law import Condition
from loschmidt.ledger.ledger import Ledger

__all__ = ["CLOSED", "CONSERVING_INTERACTION", "THERMAL_PARTS", "UNCORRELATED_START", "WHOLE_ENERGY"]

_TOLERANCE = 1e-9


def _open(ledger: Ledger) -> str:
    if ledger.data.attrs["closed"]:
        return ""
    if "entropy_change" not in ledger:
        return "the whole is open: baths change its entropy"
    return f"the whole is open: baths changed its entropy by {float(ledger['entropy_change'][-1]):.3g}"


def _moves_energy(ledger: Ledger) -> str:
    defect = float(ledger["interaction_commutator"])
    return "" if defect <= _TOLERANCE else f"the interaction does not conserve Σ H_X (relative commutator {defect:.2g})"


def _not_thermal(ledger: Ledger) -> str:
    start = ledger.at_start("part_displacement")
    beyond = start - ledger.error("part_displacement").isel(time=0)
    if float(beyond.max()) <= _TOLERANCE:
        return ""
    worst = start.isel(part=int(beyond.values.argmax()))
    return f"part {str(worst.part.item())!r} does not start in its Gibbs state (S(ρ‖π) = {float(worst):.3g})"


def _correlated(ledger: Ledger) -> str:
    start = float(ledger.at_start("mutual_information"))
    known = float(ledger.error("mutual_information").isel(time=0))
    return "" if start <= known + _TOLERANCE else f"the parts start correlated (I = {start:.3g})"


def _other_energy(ledger: Ledger) -> str:
    if ledger.data.attrs["energy_is_whole"]:
        return ""
    return "heat from the baths refers to another energy than the whole Hamiltonian"


CLOSED = Condition(_open, "For an open whole compare with the entropy balance, which counts what baths bring.")
CONSERVING_INTERACTION = Condition(
    _moves_energy, "The interaction stores energy: see the energy balance of the parts, which counts it."
)
THERMAL_PARTS = Condition(_not_thermal, "Compare the heats with the balance of heat, correlation and displacement.")
UNCORRELATED_START = Condition(
    _correlated,
    "Correlations are a resource: where they are used up heat may flow from cold to hot. The balance of heat, "
    "correlation and displacement counts them.",
)
WHOLE_ENERGY = Condition(_other_energy, "Let `energy` be the whole Hamiltonian to balance parts and interaction.")
