"""Two parts of a closed whole: Eqs. (16) and (18), heat and correlation, and what it takes to undo their motion."""

from __future__ import annotations

from typing import Any

import numpy as np

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.evolution.reversal import reversal_test
from loschmidt.information import von_neumann_entropy
from loschmidt.information.temperatures import generalised_temperature
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger
from loschmidt.papers.claim import Claim, ClaimValue, ClaimVerdict, Computed
from loschmidt.processes.drives import driven_hamiltonian
from loschmidt.processes.multipartite import MultipartiteSystem, multipartite_system
from loschmidt.states import gibbs_state, product_state
from loschmidt.typing import BooleanArray, ComplexMatrix, RealVector

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-10
_CLEARLY = 1e-3
_QUBIT = np.diag([0.0, 1.0])
_X = np.array([[0.0, 1.0], [1.0, 0.0]])
#: σ₊σ₋ + h.c. of two qubits.
_EXCHANGE = np.kron(_X, _X) * np.fliplr(np.diag([0.0, 1.0, 1.0, 0.0]))


def _exchange(cold: float, hot: float) -> MultipartiteSystem:
    """Return two resonant qubits with an exchange of unit strength, to be compared with two temperatures."""
    return multipartite_system({"A": _QUBIT, "B": _QUBIT}, _EXCHANGE, betas={"A": 1 / cold, "B": 1 / hot})


def _strong() -> MultipartiteSystem:
    """Return two qubits whose interaction is as large as their gaps and conserves no energy of theirs."""
    return multipartite_system({"A": _QUBIT, "B": 0.8 * _QUBIT}, 0.5 * np.kron(_X, _X), betas={"A": 2.0, "B": 0.5})


def _driven() -> MultipartiteSystem:
    """Return a qubit and a three-level system under a drive of their interaction and of the qubit."""
    qutrit, ladder = np.diag([0.0, 0.7, 1.9]), np.diag([1.0, 1.3], 1) + np.diag([1.0, 1.3], -1)
    coupling = driven_hamiltonian(0.2 * np.kron(_X, ladder), [(np.kron(_X, ladder), lambda t: 0.3 * np.sin(1.3 * t))])
    moving = driven_hamiltonian(_QUBIT, [(_X, lambda t: 0.4 * np.cos(2.0 * t))])
    return multipartite_system({"A": moving, "B": qutrit}, coupling, betas={"A": 2.0, "B": 0.5})


def _thermal(system: MultipartiteSystem, chi: ComplexMatrix | float = 0.0) -> ComplexMatrix:
    """Return the product of the Gibbs states of two parts, plus correlations `chi`."""
    parts = [gibbs_state(system.local_at(k, 0.0), float(system.betas[k] or 0.0)) for k in range(2)]
    return product_state(*parts) + chi


def _followed(system: MultipartiteSystem, stop: float, chi: ComplexMatrix | float = 0.0) -> MultipartiteEvolution:
    return evolve(system, _thermal(system, chi), np.linspace(0.0, stop, 13))


def _end(ledger: Ledger, name: str) -> Any:
    """Return the change of an account from the first time to the last."""
    return (ledger[name][-1] - ledger[name][0]).values


def _conservation() -> Computed:
    value: dict[str, float] = {}
    largest, smallest = 0.0, np.inf
    for name, system, stop in (
        ("energy-conserving", _exchange(0.5, 2.0), 0.6),
        ("strong", _strong(), 1.7),
        ("driven", _driven(), 3.0),
    ):
        ledger = build_ledger(_followed(system, stop))
        gains = ledger["part_entropy"].sum("part") - float(ledger["part_entropy"][0].sum())
        change = ledger["correlation_entropy"] - ledger["correlation_entropy"][0]
        value[f"largest residual, {name}"] = residual = float(abs(gains + change).max())
        largest, smallest = max(largest, residual), min(smallest, float(abs(change).max()))
    value["smallest |dS_C|"] = smallest
    good = largest < 1e-9 and smallest > _CLEARLY
    return Computed(
        value,
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"With S_C = -I, taken from the joint state as a relative entropy, dS_A + dS_B + dS_C vanishes within "
        f"{largest:.0e} for an exchange, at strong coupling and under a drive, where |dS_C| reaches {smallest:.3f} at "
        f"least.",
    )


def _heat_over_temperature() -> Computed:
    evolution = evolve(_exchange(0.5, 2.0), _thermal(_exchange(0.5, 2.0)), np.linspace(0.0, np.pi / 2, 25))
    ledger = build_ledger(evolution)
    heat, entropy = ledger["part_heat_rate"], ledger["part_entropy_rate"]
    found = generalised_temperature(
        heat.values,
        entropy.values,
        energy_scale=1.0,
        heat_error=ledger.error("part_heat_rate").values,
        entropy_error=ledger.error("part_entropy_rate").values,
    )
    status = np.asarray(found.status)
    regular: BooleanArray = ((status == "regular") | (status == "negative")).all(axis=1)
    flowed = (heat.values[regular] / np.asarray(found.temperature)[regular]).sum(axis=1)
    residual = float(np.abs(flowed - _slope_of_correlation(evolution)[regular]).max())
    undefined = int((~regular).sum())
    value = {
        "residual where both temperatures exist": residual,
        "times": len(regular),
        "times without a temperature": undefined,
    }
    reason = (
        f"dS_C/dt = -(dQ_A/T_A + dQ_B/T_B) within {residual:.0e} where both temperatures exist, as it must: with T = "
        f"dQ/dS it is Eq. (16) again; at {undefined} of {len(regular)} times, the start among them, it is 0/0."
    )
    if residual > _ROUND_OFF or not regular.any():
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if undefined else ClaimVerdict.REPRODUCED, reason)


def _slope_of_correlation(evolution: MultipartiteEvolution) -> RealVector:
    """Return dI/dt of two resonant qubits from their populations alone, which exchange and stay diagonal."""
    times = evolution.times
    p, q = (evolution.reduced(part)[0, 1, 1].real for part in ("A", "B"))
    moved, slope = (q - p) * np.sin(times) ** 2, (q - p) * np.sin(2 * times)
    return np.asarray(slope * (np.log((1 - p - moved) / (p + moved)) - np.log((1 - q + moved) / (q - moved))))


def _opposite_heats() -> Computed:
    weak, strong = build_ledger(_followed(_exchange(0.5, 2.0), 0.6)), build_ledger(_followed(_strong(), 1.7))
    exchanged, apart = _end(weak, "part_heat"), _end(strong, "part_heat")
    stored = float(_end(strong, "coupling_energy"))
    balance = abs(float(apart.sum()) + stored)
    value = {
        "Q_A, Q_B with an exchange": exchanged.tolist(),
        "Q_A, Q_B at strong coupling": apart.tolist(),
        "Δ⟨V⟩ at strong coupling": stored,
    }
    reason = (
        f"An interaction that conserves H_A + H_B gives Q_A = -Q_B = {exchanged[0]:.5f}; one that does not gives "
        f"{apart[0]:+.5f} and {apart[1]:+.5f}, and its own energy pays: Δ⟨V⟩ = {stored:.5f}."
    )
    if balance > _ROUND_OFF or abs(float(exchanged.sum())) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    differ = abs(float(apart.sum())) > _CLEARLY
    return Computed(value, ClaimVerdict.CORRECTED if differ else ClaimVerdict.REPRODUCED, reason)


def _reservoir_temperature() -> Computed:
    evolution = _followed(_exchange(0.5, 2.0), 0.6)
    ledger = build_ledger(evolution)
    gain, heat = _end(ledger, "part_entropy")[0], _end(ledger, "part_heat")[0]
    production = float(gain - 0.5 * heat)
    correlation, displacement = float(_end(ledger, "mutual_information")), float(_end(ledger, "part_displacement")[1])
    misfit = abs(production - correlation - displacement)
    value = {"ΔS_A - Q_A/T_B": production, "I": correlation, "S(ρ_B‖π_B)": displacement}
    reason = (
        f"ΔS_A - Q_A/T_B = {production:.6f} is no mistake: it is I + S(ρ_B‖π_B) = {correlation:.6f} + "
        f"{displacement:.6f} within {misfit:.0e}, what A produces together with its contact to B; Clausius's "
        f"inequality is about the temperature of the reservoir."
    )
    good = misfit < _ROUND_OFF and production > _CLEARLY
    return Computed(value, ClaimVerdict.REFUTED if good else ClaimVerdict.REPRODUCED, reason)


def _driven_environment() -> Computed:
    evolution = _followed(_strong(), 1.7)
    ledger = build_ledger(evolution)
    gain, flow = float(_end(ledger, "part_entropy")[0]), 0.5 * float(_end(ledger, "part_heat")[1])
    correlation, displacement = float(_end(ledger, "mutual_information")), float(_end(ledger, "part_displacement")[1])
    misfit = abs(gain + flow - correlation - displacement)
    value = {"ΔS_A + β Q_B": gain + flow, "I": correlation, "S(ρ_B‖π_B)": displacement}
    reason = (
        f"With an environment of one qubit, coupled strongly and driven {displacement:.6f} nats from equilibrium, "
        f"ΔS_A + β Q_B = {gain + flow:.6f} = I + S(ρ_B‖π_B) within {misfit:.0e}: that the flow is β times the heat is "
        f"a definition, and only the start is assumed to be in equilibrium."
    )
    good = misfit < _ROUND_OFF and displacement > _CLEARLY
    return Computed(value, ClaimVerdict.REFUTED if good else ClaimVerdict.REPRODUCED, reason)


def _destinations() -> Computed:
    ledger = build_ledger(_followed(_exchange(0.5, 2.0), 0.6))
    total, correlation = float(ledger["exchanged_entropy"][-1]), float(_end(ledger, "mutual_information"))
    cold, hot = (float(one) for one in _end(ledger, "part_displacement"))
    misfit = abs(total - correlation - cold - hot)
    good = misfit < _ROUND_OFF and total > _CLEARLY
    value = {"β_A Q_A + β_B Q_B": total, "I": correlation, "S(ρ_A‖π_A)": cold, "S(ρ_B‖π_B)": hot}
    reason = (
        f"No entropy is produced in the whole, and still β_A Q_A + β_B Q_B = {total:.6f} > 0: it is what sits in the "
        f"correlation, {correlation:.6f}, and in the distances of A and B from equilibrium, {cold:.6f} and {hot:.6f}."
    )
    return Computed(value, ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED, reason)


def _cold_to_hot() -> Computed:
    found = {}
    for name, amplitude in (("imaginary", -0.15j), ("real", 0.15)):
        chi = np.zeros((4, 4), dtype=np.complex128)
        chi[1, 2], chi[2, 1] = amplitude, np.conj(amplitude)
        ledger = build_ledger(_followed(_exchange(0.8, 1.25), 0.4, chi))
        gains = float(_end(ledger, "part_entropy").sum() + _end(ledger, "correlation_entropy"))
        found[name] = (float(_end(ledger, "part_heat")[0]), float(_end(ledger, "mutual_information")), abs(gains))
    heat, correlation, residual = found["imaginary"]
    usual = found["real"][0]
    good = heat < -_CLEARLY and correlation < -_CLEARLY and usual > 0 and max(residual, found["real"][2]) < _ROUND_OFF
    value = {"heat into the cold part": heat, "ΔI": correlation, "heat with a real amplitude": usual}
    return Computed(
        value,
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"From two qubits in Gibbs states of T = 0.8 and 1.25 with the correlation ∓0.15i, {-heat:.6f} flows out of "
        f"the cold one while I changes by {correlation:.6f}, and Eq. (16) holds within {residual:.0e}; the same "
        f"correlation with a real amplitude turns nothing round ({usual:+.6f}).",
    )


def _reversibility() -> Computed:
    test = reversal_test(_followed(_exchange(0.5, 2.0), 0.6))
    warmed = [float(one) for one in test.energies[[0, 1, 3], 0]]
    entropy = float(von_neumann_entropy(test.returned_without) - von_neumann_entropy(test.returned))
    misfit = max(abs(test.entropy_gain_without - test.mutual_information), abs(entropy - test.mutual_information))
    value: dict[str, ClaimValue] = {
        "distance, undone from ρ_AB": test.distance,
        "distance, undone from ρ_A ⊗ ρ_B": test.distance_without,
        "entropy left over": test.entropy_gain_without,
        "I": test.mutual_information,
        "energy of A: start, turned round, undone from ρ_A ⊗ ρ_B": warmed,
    }
    reason = (
        f"Undone from ρ_AB the motion returns within {test.distance:.0e}; undone from ρ_A ⊗ ρ_B it ends "
        f"{test.distance_without:.5f} away with {test.entropy_gain_without:.6f} nats more, exactly I, and A keeps "
        f"warming ({warmed[0]:.4f}, {warmed[1]:.4f}, {warmed[2]:.4f}): reversible means control of the correlations."
    )
    if max(test.distance, misfit) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    lost = test.distance_without > _CLEARLY
    return Computed(value, ClaimVerdict.CORRECTED if lost else ClaimVerdict.REPRODUCED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "entropy-conservation",
        "Eq. (16)",
        "In a closed system the entropies of two parts and of their correlations change by zero together.",
        None,
        ClaimVerdict.REPRODUCED,
        _conservation,
    ),
    Claim(
        "correlation-by-heat",
        "Eq. (18)",
        "The entropy of correlations changes by minus the heat of each part over its temperature.",
        None,
        ClaimVerdict.CORRECTED,
        _heat_over_temperature,
    ),
    Claim(
        "opposite-heats",
        "Eqs. (15) and (18), text",
        "Between two parts of a closed system heat is exchanged: what one gains the other loses.",
        None,
        ClaimVerdict.CORRECTED,
        _opposite_heats,
    ),
    Claim(
        "no-production-in-the-whole",
        "Eq. (16), text",
        "Heat that flows between two parts of a closed quantum system produces no entropy.",
        None,
        ClaimVerdict.CORRECTED,
        _destinations,
    ),
    Claim(
        "initial-correlations",
        "Eqs. (16) and (18), text",
        "The balance of entropy holds for parts that start correlated, also where heat flows from cold to hot.",
        None,
        ClaimVerdict.REPRODUCED,
        _cold_to_hot,
    ),
    Claim(
        "reservoir-temperature",
        "Eq. (15), text",
        "Others put heat over the temperature of the other body by mistake.",
        None,
        ClaimVerdict.REFUTED,
        _reservoir_temperature,
    ),
    Claim(
        "equilibrium-of-the-bath",
        "text on Ref. 25",
        "That entropy flows as heat over temperature assumes a reservoir that stays in equilibrium.",
        None,
        ClaimVerdict.REFUTED,
        _driven_environment,
    ),
    Claim(
        "reversibility",
        "Eq. (16), text",
        "Since no entropy is produced, what the parts of a closed system do is reversible.",
        None,
        ClaimVerdict.CORRECTED,
        _reversibility,
    ),
)
