"""Appendix I: von Neumann's gas, its work, its heat and the signs of its entropies."""

from __future__ import annotations

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.von_neumann_gas import GasEvolution
from loschmidt.information import shannon_entropy, von_neumann_entropy
from loschmidt.laws.audit import audit
from loschmidt.ledger.build import build_ledger
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.processes.von_neumann_gas import von_neumann_gas

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-11
_CLEARLY = 1e-3
_ATOMS, _TEMPERATURE = 10, 2.0
_POPULATIONS = np.array([0.5, 0.3, 0.2])


def _state() -> np.ndarray:
    """Return a state with those populations that is diagonal in no simple basis."""
    at = np.arange(1.0, 10.0).reshape(3, 3)
    _, basis = np.linalg.eigh(np.cos(at**1.5) + np.cos(at.T**1.5))
    return np.asarray(basis @ np.diag(_POPULATIONS) @ basis.conj().T)


def _gas() -> GasEvolution:
    return evolve(von_neumann_gas(_ATOMS, _TEMPERATURE), _state())


def _component_work() -> Computed:
    evolution = _gas()
    ours = evolution.component_work
    p, shares = evolution.components.populations, evolution.volumes
    first, second = _ATOMS * p * np.log(shares), p * np.log(p)
    compression = -_ATOMS * _TEMPERATURE * p * np.log(p)
    misfit = float(np.abs(ours - compression).max())
    value = {
        "W_i on the gas": ours.tolist(),
        "n p ln(V_i/V), as printed": first.tolist(),
        "p ln p, as printed": second.tolist(),
    }
    reason = (
        f"For n = {_ATOMS}, T = {_TEMPERATURE:g} and p = {p[0]:.1f} the compression takes W = {ours[0]:.4f}; in print "
        f"stand {first[0]:.4f}, without T and with the sign of work done by the gas, and {second[0]:.4f}, where n is "
        f"lost too."
    )
    if misfit > _ROUND_OFF or float(ours.min()) < 0:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    wrong = min(float(np.abs(ours - first).max()), float(np.abs(first - second).max())) > _CLEARLY
    return Computed(value, ClaimVerdict.CORRECTED if wrong else ClaimVerdict.REPRODUCED, reason)


def _entropy_increase() -> Computed:
    evolution = _gas()
    printed = float((evolution.components.populations * np.log(evolution.components.populations)).sum())
    change = float(evolution.gas_entropy[-1] - evolution.gas_entropy[0]) / _ATOMS
    reservoir = float(evolution.reservoir_entropy[-1]) / _ATOMS
    misfit = abs(change - printed)
    value = {"ΔS of the gas per atom": change, "Σ p ln p": printed, "ΔS of the reservoir per atom": reservoir}
    reason = (
        f"Σ p ln p = {printed:.4f} is the change of entropy per atom within {misfit:.0e}, but it is a decrease; what "
        f"increases, by {reservoir:.4f}, is the entropy of the reservoir."
    )
    if misfit > _ROUND_OFF or abs(change + reservoir) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if change < -_CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _gas_entropy() -> Computed:
    evolution = _gas()
    ideal, quantum = float(evolution.gas_entropy[0]) / _ATOMS, float(von_neumann_entropy(_state()))
    heat = -float(evolution.heat[-1]) / (_ATOMS * _TEMPERATURE)
    misfit = max(abs(ideal - quantum), abs(heat - quantum))
    good = misfit < _ROUND_OFF and quantum > _CLEARLY
    return Computed(
        {"S(ρ)": quantum, "entropy of mixing per atom": ideal, "-Q/(nT)": heat, "W": float(evolution.work[-1])},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"-tr ρ ln ρ = {quantum:.7f} is the entropy of mixing of ideal gases and the heat given off over nT, within "
        f"{misfit:.0e}.",
    )


def _reversible() -> Computed:
    evolution = _gas()
    steps = np.diff(evolution.gas_entropy + evolution.reservoir_entropy)
    found = audit(build_ledger(evolution))
    worst, verdict = float(np.abs(steps).max()), found["reversibility"].verdict.value
    good = worst < _ROUND_OFF * _ATOMS and not found.violated and verdict == "TIGHT"
    return Computed(
        {"change of both entropies in each step": steps.tolist(), "reversibility": verdict},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In each of the three steps the entropies of gas and reservoir together change by at most {worst:.0e}.",
    )


def _separation() -> Computed:
    tilted = np.array([[1.0, 0.0], [np.sqrt(0.5), np.sqrt(0.5)]])
    weights = np.array([0.5, 0.5])
    state = np.einsum("m,mi,mj->ij", weights, tilted, tilted)
    mixing, entropy = float(shannon_entropy(weights)), float(von_neumann_entropy(state))
    try:
        von_neumann_gas(_ATOMS, _TEMPERATURE, walls=tilted)
        refused = False
    except InputError:
        refused = True
    own = evolve(von_neumann_gas(_ATOMS, _TEMPERATURE), state)
    spectral = float(own.work[-1]) / (_ATOMS * _TEMPERATURE)
    gained = mixing - entropy
    value = {
        "H(p) of two states that overlap": mixing,
        "S(ρ) of their mixture": entropy,
        "W/(nT) by eigenvectors": spectral,
        "W/(nT) that a cycle would yield": gained,
    }
    reason = (
        f"Could walls mix and separate two equally frequent states with overlap 0.71 at no cost, to mix them would "
        f"yield H(p) = {mixing:.4f} times nT and to purify the mixture by its eigenvectors cost {spectral:.4f}: a "
        f"cycle would make {gained:.4f} nT of work from heat; walls exist for the spectral decomposition only."
    )
    free = max(abs(float(own.work[1])), abs(float(own.heat[1])), abs(float(own.gas_entropy[1] - own.gas_entropy[0])))
    good = refused and gained > _CLEARLY and max(abs(spectral - entropy), free) < _ROUND_OFF
    return Computed(value, ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED, reason)


def _unitaries() -> Computed:
    free = _gas()
    levels = von_neumann_gas(_ATOMS, _TEMPERATURE, hamiltonian=np.diag([0.0, 1.0, 2.5]))
    split = evolve(levels, _state())
    costs = [float(one.work[3] - one.work[2]) for one in (free, split)]
    change = float(split.energy[3] - split.energy[2])
    value = {"work of the unitaries, degenerate levels": costs[0], "levels 0, 1, 2.5": costs[1], "ΔU": change}
    reason = (
        f"Unitaries change no entropy, and take {costs[0]:g} work where the levels are degenerate; with levels 0, 1 "
        f"and 2.5 they take ΔU = {costs[1]:.4f}, which comes back when they are undone."
    )
    good = abs(costs[0]) < _ROUND_OFF and abs(costs[1] - change) < _ROUND_OFF and abs(change) > _CLEARLY
    return Computed(value, ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "gas-separation",
        "Appendix I, first step",
        "Semipermeable walls separate a gas into the eigenstates of its state, without work or heat.",
        None,
        ClaimVerdict.REPRODUCED,
        _separation,
    ),
    Claim(
        "gas-component-work",
        "Appendix I, second step",
        "To compress the component i from V to V_i = p_i V takes W_i = n p_i ln(V_i/V) = p_i ln p_i.",
        "n p_i ln(V_i/V) = p_i ln p_i",
        ClaimVerdict.CORRECTED,
        _component_work,
    ),
    Claim(
        "gas-unitaries",
        "Appendix I, third step",
        "With degenerate levels, turning every component into one pure state takes neither work nor heat.",
        None,
        ClaimVerdict.REPRODUCED,
        _unitaries,
    ),
    Claim(
        "gas-entropy-increase",
        "Appendix I",
        "In all, the entropy increases by Σ p_i ln p_i per particle.",
        "ΔS = Σ p_i ln p_i",
        ClaimVerdict.CORRECTED,
        _entropy_increase,
    ),
    Claim(
        "gas-entropy",
        "Appendix I",
        "The entropy of a gas of atoms in the state ρ is n times -tr(ρ ln ρ).",
        None,
        ClaimVerdict.REPRODUCED,
        _gas_entropy,
    ),
    Claim(
        "gas-reversible",
        "Appendix I",
        "Every step can be undone: what the gas loses in entropy, the reservoir gains.",
        None,
        ClaimVerdict.REPRODUCED,
        _reversible,
    ),
)
