"""Stationary states of Davies equations with non-degenerate levels: populations alone, coherences only watched."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.rate_equation import davies_rates, energy_current
from loschmidt.evolution._steady_populations import ClosedClasses, absorbed, stationary_populations
from loschmidt.evolution._steady_terms import shared_levels
from loschmidt.evolution.secular_structure import remembered
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import RealMatrix, RealVector

__all__ = ["applies_to", "bath_rates", "currents", "oscillates", "settled_populations"]

_NO_DECAY = 1e-12  # of the largest rate


def applies_to(process: Generator) -> bool:
    """Return whether the populations of the energy levels move on their own and decide about stationary states."""
    levels = shared_levels(process) if process.equation == "davies" else None
    if levels is None or levels.degenerate:
        return False
    if not process.lamb_shift.any():
        return True
    # A Lamb shift that makes two levels coincide would let their coherence stand still.
    gaps = np.diff(np.sort(_shifted_energies(process, levels)))
    return bool(gaps.min(initial=np.inf) > levels.tolerance)


def bath_rates(process: Generator) -> list[RealMatrix]:
    """Return, per bath, the rates W[n, m] of the jump m → n between energy levels, (d, d) with zero diagonal."""
    return [_rates(one) for one in process.dissipators if isinstance(one, DaviesDissipator)]


@remembered
def _rates(dissipator: DaviesDissipator) -> RealMatrix:
    kernel = davies_rates.at_dimension(dissipator.dimension)
    return np.asarray(kernel(dissipator.couplings, dissipator.class_rates, dissipator.bohr.labels))


def settled_populations(rates: RealMatrix, classes: ClosedClasses, start: RealVector | None) -> RealVector:
    """Return the stationary populations (d,) that the populations `start` lead to; None where only one exists."""
    stationary = stationary_populations(rates, classes)
    if classes.count == 1:
        return np.asarray(stationary[0])
    assert start is not None
    return np.asarray(absorbed(rates, classes, start) @ stationary)


def currents(process: Generator, rates: list[RealMatrix], populations: RealVector) -> tuple[RealVector, RealVector]:
    """Return heat and particle currents from each bath, each (n_baths,)."""
    energies = process.levels.energies
    heat = np.array([energy_current.at_dimension(len(energies))(one, energies, populations) for one in rates])
    particles = np.zeros(len(heat))
    for number, dissipator in enumerate(process.dissipators):
        if dissipator.chemical_potential is not None:
            assert isinstance(dissipator, DaviesDissipator)
            particles[number] = _particle_current(dissipator, populations)
            heat[number] -= dissipator.chemical_potential * particles[number]
    return heat, particles


def oscillates(process: Generator, classes: ClosedClasses) -> bool:
    """Return whether a coherence between two closed classes never decays."""
    if classes.count < 2:
        return False
    label = classes.labels
    apart = (label[:, None] >= 0) & (label[None, :] >= 0) & (label[:, None] != label[None, :])
    n, m = np.nonzero(apart)
    inside = n + len(label) * m
    shifted = _shifted_energies(process, process.levels)
    return _has_lasting_block(process, inside, shifted[n] - shifted[m])


def _shifted_energies(process: Generator, levels: EnergyLevels) -> RealVector:
    return np.asarray(levels.energies + np.diagonal(levels.to_eigenbasis(process.lamb_shift)).real)


def _has_lasting_block(process: Generator, inside: np.ndarray, frequencies: RealVector) -> bool:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    total = csr_array((process.dimension**2, process.dimension**2), dtype=np.complex128)
    for dissipator in process.dissipators:
        assert isinstance(dissipator, DaviesDissipator)
        total = total + dissipator.sparse
    matrix = csr_array(total[inside][:, inside])
    scale = float(np.abs(total.data).max(initial=0.0))
    pattern = csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    count, block = connected_components(pattern, directed=False)
    for number in range(count):
        members = np.flatnonzero(block == number)
        inner = matrix[members][:, members].toarray() - 1j * np.diag(frequencies[members])
        if np.linalg.eigvals(inner).real.max() >= -_NO_DECAY * scale:
            return True
    return False


def _particle_current(dissipator: DaviesDissipator, populations: RealVector) -> float:
    rates = dissipator.class_rates[dissipator.bohr.labels]
    moved = np.einsum("nmij,inm,jnm->jnm", rates, dissipator.couplings.conj(), dissipator.couplings).real
    return float(np.einsum("j,jnm,m->", dissipator.particles.astype(np.float64), moved, populations))
