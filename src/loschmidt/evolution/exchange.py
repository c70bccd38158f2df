"""What enters the system per time as linear functionals of the state, so that a method can integrate them with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix

__all__ = ["ExchangeOperators", "exchange_operators", "particle_operator", "rows_of"]


@dataclass(frozen=True, eq=False)
class ExchangeOperators:
    """Hermitian operators whose expectation values are rates.

    Attributes
    ----------
    heat, particles : (n_baths, d, d)
        Heat and particles that each bath gives to the system per time.
    switching : (d, d)
        Energy per time that enters because the Hamiltonian does not conserve the energy observable.
    """

    heat: ComplexMatrix
    particles: ComplexMatrix
    switching: ComplexMatrix


def exchange_operators(process: Generator) -> ExchangeOperators:
    """Return the exchange operators of a time-independent generator."""
    energy, h = process.energy, process.effective_hamiltonian
    shape = (len(process.dissipators), *energy.shape)
    heat, particles = np.zeros(shape, dtype=np.complex128), np.zeros(shape, dtype=np.complex128)
    # An offset of the energies cannot matter, but it would cost digits.
    centred = energy - np.trace(energy).real / len(energy) * np.eye(len(energy))
    for b, dissipator in enumerate(process.dissipators):
        heat[b] = dissipator.adjoint(centred)
        counted = particle_operator(dissipator)
        if counted is not None:
            particles[b] = counted
            heat[b] -= (dissipator.chemical_potential or 0.0) * counted
    return ExchangeOperators(heat, particles, 1j * (h @ centred - centred @ h))


def particle_operator(dissipator: Dissipator) -> ComplexMatrix | None:
    """Return the Hermitian operator whose mean is the particle rate of a bath, None if it exchanges none."""
    if dissipator.chemical_potential is None:
        return None
    d = dissipator.dimension
    units = np.zeros((d, d, d, d), dtype=np.complex128)
    n, m = np.indices((d, d))
    units[n, m, n, m] = 1.0
    mirrored = units.swapaxes(-1, -2)
    # tr(C (|n⟩⟨m| + |m⟩⟨n|)) = 2 Re C_mn and tr(C i(|n⟩⟨m| - |m⟩⟨n|)) = -2 Im C_mn.
    real = dissipator.particle_rate(units + mirrored)
    imaginary = dissipator.particle_rate(1j * (units - mirrored))
    if real is None or imaginary is None:
        return None
    return np.asarray((real - 1j * imaginary).swapaxes(0, 1) / 2)


def rows_of(operators: ComplexMatrix) -> ComplexMatrix:
    """Return tr(O ·) for operators (k, d, d) as rows (k, d²) that act on column-stacked matrices."""
    return np.ascontiguousarray(operators).reshape(len(operators), -1)
