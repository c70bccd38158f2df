"""Closed systems with a constant Hamiltonian: phases in its eigenbasis, exact at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.grids import elapsed_within
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["UnitaryPropagator"]

_EPSILON = float(np.finfo(float).eps)
_CHUNK_ELEMENTS = 4_000_000


@dataclass(frozen=True)
class UnitaryPropagator:
    """ρ_nm(t) = ρ_nm e^{-i(E_n - E_m)t}: eigenvalues of the state, and so its entropy, keep to round-off.

    Examples
    --------
    >>> from loschmidt.evolution.evolve import evolve
    >>> from loschmidt.processes import gkls_generator
    >>> flip = gkls_generator([[0, 1], [1, 0]], [])
    >>> end = evolve(flip, [1, 0], [0.0, np.pi / 2], UnitaryPropagator()).states[-1]
    >>> round(float(end[1, 1].real), 12)
    1.0
    """

    @property
    def name(self) -> str:
        """Short name for reports."""
        return "unitary propagator"

    @staticmethod
    def applies_to(process: OpenSystem) -> bool:
        """Return whether a process is time-independent and has no bath."""
        return isinstance(process, Generator) and not process.dissipators

    def evolve(
        self, process: OpenSystem, state: ComplexMatrix, times: RealVector, report: Callable[[float], None]
    ) -> Evolution:
        """Return the evolution of a checked state (d, d) at checked times (T,).

        Raises
        ------
        InputError
            If the Hamiltonian depends on time, or there is a bath.
        """
        if not isinstance(process, Generator) or process.dissipators:
            raise InputError(
                "UnitaryPropagator must have a closed system with a constant Hamiltonian, but this process is none. "
                "Leave `method` out to have one chosen."
            )
        energies, basis = np.linalg.eigh(process.effective_hamiltonian)
        initial = basis.conj().T @ state @ basis
        offsets = times - times[0]
        components = _turned(initial, energies, offsets)
        report(1.0)
        d, zeros = process.dimension, np.zeros(len(times))
        width = float(energies[-1] - energies[0])
        coherence = float(np.linalg.norm(initial - np.diag(initial.diagonal())))
        error = _EPSILON * (4 * d + 2 * (width + _largest(energies)) * offsets * coherence)
        energy = basis.conj().T @ process.energy @ basis
        energy = energy - np.trace(energy).real / d * np.eye(d)
        moved = np.einsum("ab,tba->t", energy, components - initial, optimize=True).real
        return Evolution(
            process=process,
            times=times,
            components=components,
            basis=basis,
            heat=np.zeros((len(times), 0)),
            work=zeros,
            switching_work=moved,
            particles=np.zeros((len(times), 0)),
            method=self,
            error=error,
            exchange_error=2 * float(np.linalg.norm(energy)) * error,
            dense=lambda at: _turned(initial, energies, elapsed_within(times, at)),
        )


def _turned(initial: ComplexMatrix, energies: RealVector, offsets: RealVector) -> ComplexMatrix:
    """Return the components (T, d, d) at times `offsets` (T,) after the initial ones."""
    result = np.empty((len(offsets), *initial.shape), dtype=np.complex128)
    chunk = _CHUNK_ELEMENTS // initial.size + 1
    # Phases of gaps from the middle of the spectrum: an offset of the energies costs no digits.
    centred = energies - (energies[0] + energies[-1]) / 2
    for first in range(0, len(offsets), chunk):
        at = slice(first, first + chunk)
        phases = np.exp(-1j * np.outer(offsets[at], centred))
        result[at] = phases[:, :, None] * initial * phases.conj()[:, None, :]
    return result


def _largest(energies: RealVector) -> float:
    return float(np.abs(energies).max())
