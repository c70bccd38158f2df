"""Conditions that laws are guaranteed under, each with the reason it fails and the way out."""

from __future__ import annotations

from loschmidt.laws.law import Condition
from loschmidt.ledger.ledger import Ledger

__all__ = [
    "BUILT_ON_THE_ENERGY",
    "CLASSICAL_JUMPS",
    "COMPLETELY_POSITIVE",
    "CONSERVES_ENERGY",
    "COVARIANT",
    "DIVISIBLE",
    "ENERGY_STANDS",
    "HOUSEKEEPING_POSITIVE",
    "JUMPS_CARRY_THE_HEAT",
    "KEEPS_GIBBS_STATES",
    "MOTION_CONSERVES_ENERGY",
    "PROMISES_GIBBS_STATES",
    "REVERSIBLE",
    "SUBUNITAL",
    "THERMAL_BATHS",
]

_TOLERANCE = 1e-9


def _not_completely_positive(ledger: Ledger) -> str:
    rates = ledger.data.get("smallest_canonical_rate")
    if rates is None or float(rates.min()) >= -_TOLERANCE:
        return ""
    worst = rates.isel(bath=int(rates.values.argmin()))
    return (
        f"the equation is not completely positive: a canonical rate of bath {str(worst.bath.item())!r} is "
        f"{float(worst):.2g} of the largest"
    )


def _not_gibbs_preserving(ledger: Ledger) -> str:
    if ledger.family == "thermal operation":
        # Environments that start in Gibbs states produce entropy whatever the unitary does.
        return ""
    defects = ledger.data.get("gibbs_fixed_point_defect")
    if defects is None:
        return "some bath has no temperature"
    if float(defects.max()) <= _TOLERANCE:
        return ""
    if ledger.data.attrs["reference_is_energy"]:
        # The construction promises this very Gibbs state, so a defect is an error and excuses nothing.
        return ""
    worst = defects.isel(bath=int(defects.values.argmax()))
    return (
        f"bath {str(worst.bath.item())!r} does not keep the Gibbs state of the energy that heat refers to "
        f"(it moves it at {float(worst):.2g} of its largest rate)"
    )


def _not_thermal(ledger: Ledger) -> str:
    defects = ledger.data.get("gibbs_fixed_point_defect")
    if "non-thermal baths" not in ledger.aspects or defects is None or float(defects.max()) <= _TOLERANCE:
        return ""
    worst = defects.isel(bath=int(defects.values.argmax()))
    return (
        f"bath {str(worst.bath.item())!r} is squeezed, not thermal, and keeps no Gibbs state of the energy (it moves "
        f"it at {float(worst):.2g} of its largest rate)"
    )


def _other_energy(ledger: Ledger) -> str:
    attributes = ledger.data.attrs
    if attributes["promises_gibbs"]:
        if attributes["reference_is_energy"]:
            return ""
        return "the baths were built on another Hamiltonian than the one that heat refers to"
    return "the energy changes in time, but the baths do not follow it" if attributes["energy_moves"] else ""


def _no_promise(ledger: Ledger) -> str:
    if ledger.data.attrs["promises_gibbs"] or ledger.data.attrs["kind"] == "gkls":
        return ""
    return "the construction promises no Gibbs state"


def _not_covariant(ledger: Ledger) -> str:
    defect = ledger.data.get("covariance_defect")
    if defect is None:
        return "" if ledger.data.attrs["kind"] == "davies" else "covariance could not be tested at this dimension"
    if float(defect) <= _TOLERANCE:
        return ""
    return f"the baths mix populations and coherences (relative commutator with the free motion {float(defect):.2g})"


def _housekeeping_negative(ledger: Ledger) -> str:
    lowest = ledger["adiabatic_operator_minimum"]
    if float(lowest) >= -float(ledger.error("adiabatic_operator_minimum")):
        return ""
    return f"the operator K has the negative eigenvalue {float(lowest):.2g}, so some states have Σ̇_a < 0"


def _not_subunital(ledger: Ledger) -> str:
    excess = ledger.data.get("subunitality_excess")
    if excess is None:
        return "the image of the identity is not known"
    if float(excess.max()) <= _TOLERANCE:
        return ""
    if "unitality_defect" not in ledger:
        return f"Φ(1) is not below 1: its largest eigenvalue is {1 + float(excess.max()):.3g}"
    return f"the map is not unital (‖Φ(1) - 1‖ = {float(ledger['unitality_defect'].max()):.2g})"


def _not_divisible(ledger: Ledger) -> str:
    answer = ledger.data.attrs.get("divisible")
    if answer == "yes":
        return ""
    if answer != "no":
        return "whether each step is a channel of its own could not be decided"
    lowest = ledger["intermediate_choi_minimum"]
    return (
        f"the ancillas remember: {ledger.data.attrs['first_indivisible_step'].replace('at ', '')} is no channel of its "
        f"own (lowest Choi eigenvalue of any step {float(lowest.min()):.2g})"
    )


def _energy_moves(ledger: Ledger) -> str:
    moves = ledger.data.attrs.get("energy_moves", 0)
    return "the energy changes in time, and with it the Gibbs state" if moves else ""


def _works(ledger: Ledger) -> str:
    defect = float(ledger["conservation_defect"])
    return "" if defect <= _TOLERANCE else f"the unitary does not conserve the total energy (defect {defect:.2g})"


def _not_classical(ledger: Ledger) -> str:
    if ledger.data.attrs["counting_classical"]:
        return ""
    return "the jumps are not those of a classical rate equation: coherence takes part in the steady state"


def _irreversible(ledger: Ledger) -> str:
    return str(ledger.data.attrs["counting_irreversible"])


def _motion_works(ledger: Ledger) -> str:
    if ledger.data.attrs["energy_conserved"]:
        return ""
    return "the Hamiltonian does not conserve the energy that heat refers to, so that it takes or gives some"


def _other_quanta(ledger: Ledger) -> str:
    defects = ledger.data.get("jump_entropy_defect")
    if defects is None or float(defects.max()) <= _TOLERANCE:
        return ""
    worst = defects.isel(bath=int(defects.values.argmax()))
    return (
        f"jumps of bath {str(worst.bath.item())!r} do not take definite quanta of the energy that heat refers to, so "
        f"the entropy they give is not -β times the heat (they differ by {float(worst):.2g})"
    )


COMPLETELY_POSITIVE = Condition(
    _not_completely_positive, "Use a Davies or a partial secular equation, which are completely positive."
)
THERMAL_BATHS = Condition(
    _not_thermal, "Information production and reservoir production take the place of Clausius' here."
)
KEEPS_GIBBS_STATES = Condition(
    _not_gibbs_preserving,
    "Let heat refer to the Hamiltonian the baths were built on (`energy`), or use the global Davies equation.",
)
BUILT_ON_THE_ENERGY = Condition(
    _other_energy,
    "Let heat refer to the Hamiltonian the baths were built on (`energy`), or use the global Davies equation.",
)
PROMISES_GIBBS_STATES = Condition(_no_promise, "Use a Davies or a local equation, which obey detailed balance.")
COVARIANT = Condition(_not_covariant, "Only the sum Π = Π_d + Υ has a sign here; use a Davies equation for both parts.")
HOUSEKEEPING_POSITIVE = Condition(
    _housekeeping_negative, "Use the total Π; the split into adiabatic and non-adiabatic parts has no sign here."
)
SUBUNITAL = Condition(
    _not_subunital, "The H-theorem is not about this map; the entropy bound says how far the entropy can fall."
)
DIVISIBLE = Condition(
    _not_divisible, "Compare with the start instead: the H-theorem bounds ΔS, and the correlation bound each step."
)
CONSERVES_ENERGY = Condition(
    _works, "Only the total Σ has a sign where work is done; use an energy-conserving unitary for its parts."
)
CLASSICAL_JUMPS = Condition(
    _not_classical, "Below the bound the process is more precise than any classical one of the same cost."
)
REVERSIBLE = Condition(
    _irreversible, "Compare with the process in which magnetic fields and phases of drives are turned around."
)
MOTION_CONSERVES_ENERGY = Condition(_motion_works, "What is missing is correlated with the power of the field.")
JUMPS_CARRY_THE_HEAT = Condition(
    _other_quanta,
    "Let heat refer to the Hamiltonian the baths were built on (`energy`); the fluctuation theorem holds all the same.",
)
ENERGY_STANDS = Condition(
    _energy_moves, "Under a drive compare Σ with β (W - ΔF), in which the free energy follows the Hamiltonian."
)
