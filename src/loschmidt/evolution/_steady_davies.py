"""Stationary states of Davies equations with non-degenerate levels: populations alone, coherences only watched."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.rate_equation import davies_rates, flows, settle
from loschmidt.evolution._steady_populations import ClosedClasses, absorbed, closed_classes, stationary_populations
from loschmidt.evolution._steady_solve import not_unique
from loschmidt.evolution._steady_terms import shared_levels
from loschmidt.evolution.secular_structure import remembered
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import RealMatrix, RealTensor, RealVector

__all__ = ["applies_to", "bath_rates", "oscillates", "particle_currents", "settled"]

Flows = tuple[RealVector, float, float]

_NO_DECAY = 1e-12  # of the largest rate


@remembered
def applies_to(process: Generator) -> bool:
    """Return whether the populations of the energy levels move on their own and decide about stationary states."""
    levels = shared_levels(process) if process.equation == "davies" else None
    if levels is None or levels.degenerate:
        return False
    if np.count_nonzero(process.lamb_shift) == 0:
        return True
    # A Lamb shift that makes two levels coincide would let their coherence stand still.
    gaps = np.diff(np.sort(_shifted_energies(process, levels)))
    return bool(gaps.min(initial=np.inf) > levels.tolerance)


@remembered
def bath_rates(process: Generator) -> RealTensor:
    """Return the rates W[b, n, m] of each bath's jump m → n between energy levels, (B, d, d) with zero diagonals."""
    return np.array([_rates(one) for one in process.dissipators if isinstance(one, DaviesDissipator)])


def _rates(dissipator: DaviesDissipator) -> RealMatrix:
    kernel = davies_rates.at_dimension(dissipator.dimension)
    return np.asarray(kernel(dissipator.couplings, dissipator.class_rates, dissipator.bohr.labels))


def settled(process: Generator, start: RealVector | None) -> tuple[RealVector, ClosedClasses | None, Flows]:
    """Return what the populations `start` (d,) settle into, the classes it may end in, and the flows there.

    The classes are None if all levels are one class. Flows are energy currents (B,), the norm of dp/dt and the largest
    rate.

    Raises
    ------
    NotUniqueError
        If there are several ends, and `start` is None.
    """
    rates, energies = bath_rates(process), process.levels.energies
    total, single, populations, found = settle.at_dimension(len(energies))(rates, energies)
    if single:
        return populations, None, found
    classes = closed_classes(total)
    stationary = stationary_populations(total, classes)
    if classes.count == 1:
        populations = stationary[0]
    elif start is None:
        raise not_unique(classes.count)
    else:
        populations = absorbed(total, classes, start) @ stationary
    return populations, classes, flows.at_dimension(len(energies))(rates, total, energies, populations)


def particle_currents(process: Generator, populations: RealVector) -> RealVector:
    """Return the particle current from each bath (B,)."""
    particles = np.zeros(len(process.dissipators))
    for number, dissipator in enumerate(process.dissipators):
        if dissipator.chemical_potential is not None:
            assert isinstance(dissipator, DaviesDissipator)
            particles[number] = _particle_current(dissipator, populations)
    return particles


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
