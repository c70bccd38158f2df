"""Whether the entropy that jumps give away is that of the heat, and whether trajectories backward are like forward."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.jumps.channels import JumpOperators, fixed_jumps
from loschmidt.evolution.jumps.heat import definite_quanta
from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["jump_entropy_defects", "why_not_reversible"]

_SAMPLES = 9
_REAL = 1e-9


def jump_entropy_defects(process: OpenSystem, times: RealVector) -> RealVector:
    """Return how far the entropy that jumps give to each bath is from -β times its heat, as relative norms (B,).

    The means are operators: Σ s_k γ_k L_k†L_k, and the heat D†(E) less what chemical potentials take. They agree where
    each jump takes a quantum of the energy that heat refers to, and that quantum belongs to its rates. Zero for a bath
    without a temperature, where there is nothing to compare with.
    """
    names = process.bath_names
    if isinstance(process, DrivenGenerator):
        if process.follows:
            return np.zeros(len(names))  # the quantum of each jump is that of H(t) by construction
        chosen = np.unique(np.linspace(0, len(times) - 1, _SAMPLES).astype(int))
        energies = process.energy_at(times[chosen])
        dissipators = process.dissipators or ()
    else:
        energies, dissipators = process.energy[None], process.dissipators
    jumps = fixed_jumps(dissipators, process.dimension)
    return np.array(
        [max(_defect(one, energy, jumps, b) for energy in energies) for b, one in enumerate(dissipators)],
        dtype=np.float64,
    )


def _defect(bath: Dissipator, energy: ComplexMatrix, jumps: JumpOperators, number: int) -> float:
    mine = jumps.baths == number
    if bath.beta is None or not mine.any():
        return 0.0
    operators, entropies = jumps.operators[mine], jumps.entropies[mine]
    squares = operators.conj().swapaxes(-1, -2) @ operators
    if math.isinf(bath.beta):
        return float(np.isnan(definite_quanta(energy, jumps)[mine]).any())
    if np.isinf(entropies).any():
        return 1.0  # a jump without a reverse: the heat is finite, and all of the entropy differs from it
    d = len(energy)
    centred = energy - np.trace(energy) / d * np.eye(d)
    moved = operators.conj().swapaxes(-1, -2) @ centred @ operators - 0.5 * (squares @ centred + centred @ squares)
    heat = moved.sum(axis=0) + np.tensordot(jumps.offsets[mine], squares, axes=1)
    given = np.tensordot(entropies, squares, axes=1)
    # Against what single jumps give and take, which may cancel in the sums.
    size = float(np.abs(entropies) @ np.linalg.norm(squares, axis=(1, 2)))
    size += bath.beta * float(np.linalg.norm(moved, axis=(1, 2)).sum())
    return float(np.linalg.norm(given + bath.beta * heat)) / size if size > 0 else 0.0


def why_not_reversible(evolution: Evolution) -> str:
    """Return why P(σ) need not be e^σ P(-σ), which holds in a steady state that time reversal leaves alone.

    Time reversal is complex conjugation in the eigenbasis of H or in the basis of the model.
    """
    process = evolution.process
    if isinstance(process, DrivenGenerator):
        return "under a drive backward trajectories are those of another process"
    first, last = evolution.states[0], evolution.states[-1]
    if np.linalg.norm(first - last) > 1e-9 + float(evolution.error.max()):
        return "the state is not a steady one, so backward trajectories start elsewhere"
    jumps = fixed_jumps(process.dissipators, process.dimension).operators
    h = process.effective_hamiltonian
    _, own = np.linalg.eigh(h)
    for basis in (own, np.eye(len(h))):
        turned = [basis.conj().T @ one @ basis for one in (h, first, *jumps)]
        if all(_is_real(one) for one in turned[:2]) and all(_is_real(one, phase=True) for one in turned[2:]):
            return ""
    return "the process and its steady state are not the same with time reversed"


def _is_real(matrix: ComplexMatrix, *, phase: bool = False) -> bool:
    if phase:
        largest = matrix.reshape(-1)[np.abs(matrix).argmax()]
        matrix = matrix * np.conj(largest)
    return bool(np.abs(matrix.imag).max() <= _REAL * np.abs(matrix).max(initial=0.0))
