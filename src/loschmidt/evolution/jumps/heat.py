"""Heat of single jumps: a definite quantum where the jump operator moves energy by one, else the mean energy's change.

A jump with [E, L] = -ωL gives the quantum ω to its bath whatever coherence there is, and the mean energy that changes
without a jump averages out. Any other jump exchanges what the mean energy changes by, with and without jumping, so that
the ensemble mean is tr(E D(ρ)) in both cases.
"""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.jumps.channels import JumpOperators
from loschmidt.typing import BooleanArray, ComplexMatrix, RealMatrix, RealVector

__all__ = ["definite_baths", "definite_quanta", "means_of_no_jump"]

_TOLERANCE = 1e-9


def definite_quanta(energy: ComplexMatrix, jumps: JumpOperators) -> RealMatrix:
    """Return the quantum ω of each jump (..., K) under energy observables (..., d, d), NaN where there is none."""
    result = np.empty((*energy.shape[:-2], len(jumps.operators)))
    spread = np.linalg.norm(energy - _mean(energy), 2, axis=(-2, -1)).max(initial=0.0)
    for k, jump in enumerate(jumps.operators):
        moved = energy @ jump - jump @ energy
        size = float(np.linalg.norm(jump))
        quantum = -np.einsum("ab,...ab->...", jump.conj(), moved).real / size**2
        missed = np.linalg.norm(moved + quantum[..., None, None] * jump, axis=(-2, -1))
        definite = missed <= _TOLERANCE * spread * size
        known = np.abs(quantum - jumps.frequencies[k]) <= _TOLERANCE * spread
        # The known frequency has no round-off, so that equal quanta stay equal.
        quantum = np.where(known, jumps.frequencies[k], quantum)
        result[..., k] = np.where(definite, quantum, np.nan)
    return result


def definite_baths(quanta: RealMatrix, jumps: JumpOperators) -> BooleanArray:
    """Return for which baths (n_baths,) every jump has a definite quantum (..., K) at all times."""
    bad = np.isnan(quanta).any(axis=tuple(range(quanta.ndim - 1)))
    return np.array([not bad[jumps.baths == b].any() for b in range(len(jumps.names))])


def means_of_no_jump(energy: ComplexMatrix, decay: ComplexMatrix) -> ComplexMatrix:
    """Return -½{G, E} (..., d, d), the rate of the unnormalised mean energy while nothing jumps."""
    return np.asarray(-0.5 * (decay @ energy + energy @ decay))


def _mean(operators: ComplexMatrix) -> ComplexMatrix:
    d = operators.shape[-1]
    trace: RealVector = np.trace(operators, axis1=-2, axis2=-1).real
    return np.asarray(trace[..., None, None] / d * np.eye(d))
