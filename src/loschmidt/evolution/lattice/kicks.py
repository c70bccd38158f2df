"""Phases on Fock states, applied in place along the axes that they depend on."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.lattice_passes import phase_pass
from loschmidt.processes.lattice.phases import PhaseOperator
from loschmidt.typing import ComplexTensor

__all__ = ["apply_phases", "phase_error"]


def apply_phases(state: ComplexTensor, phases: PhaseOperator, threads: int | None = None) -> float:
    """Multiply a state by phases in place, and return an estimate of the round-off, the 2-norm of the error.

    Examples
    --------
    >>> state = np.array([[1.0 + 0j, 1.0]]) / np.sqrt(2)
    >>> error = apply_phases(state, PhaseOperator((np.array([[0.0, np.pi]]),), "O"))
    >>> (state * np.sqrt(2)).real.round(9)
    array([[ 1., -1.]])
    """
    for term in phases.terms:
        axes = [axis for axis, length in enumerate(term.shape) if length > 1]
        if len(axes) <= 1:
            axis = axes[0] if axes else 0
            angles = np.broadcast_to(term.reshape(-1), (state.shape[axis],)) if not axes else term.reshape(-1)
            phase_pass(state, np.ascontiguousarray(angles), axis, threads=threads)
            continue
        for row in range(len(state)):  # row by row: the factors of all might not fit
            state[row] *= np.exp(1j * term[row if len(term) > 1 else 0]).astype(state.dtype)
    return phase_error(phases, state.dtype)


def phase_error(phases: PhaseOperator, dtype: np.dtype[np.complexfloating]) -> float:
    """Return an estimate of the round-off of phases, the 2-norm of the error.

    Examples
    --------
    >>> phase_error(PhaseOperator((), "1"), np.dtype(complex))
    0.0
    """
    largest = max((float(np.abs(term).max(initial=0.0)) for term in phases.terms), default=0.0)
    rounding = float(np.finfo(dtype).eps)
    return len(phases.terms) * rounding + float(np.finfo(float).eps) * largest
