"""What jumps add to a quantity that the motion conserves, and that therefore stays bounded however long one counts."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.counting.groups import JumpGroups
from loschmidt.processes.dissipators import JumpDissipator
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["bounded_weights"]

_TOLERANCE = 1e-9
_LARGEST_DIMENSION = 12
_LARGEST_NUMBER = 40


def bounded_weights(groups: JumpGroups) -> list[RealVector]:
    """Return weights (G,) of jumps whose sum stays bounded, as many as are independent.

    They are the w of every Hermitian B with [H, B] = 0 and [B, L_g] = w_g L_g for all jumps. Energy and number of
    particles are counted so where H conserves them; in small systems the others are found too, such as the population
    of a level that a drive leaves alone.

    Examples
    --------
    >>> from loschmidt.evolution.counting import jump_groups
    >>> from loschmidt.papers.textbook.systems import maser
    >>> [found] = bounded_weights(jump_groups(maser(0.1)))
    >>> (found / found[0]).round(12).tolist()
    [1.0, -1.0, 1.0, -1.0]
    """
    found = _by_observables(groups)
    dissipators = groups.process.dissipators
    jumps = [one.jumps for one in dissipators if isinstance(one, JumpDissipator)]
    small = groups.process.dimension <= _LARGEST_DIMENSION and groups.count <= _LARGEST_NUMBER
    if small and len(jumps) == len(dissipators) and sum(map(len, jumps)) == groups.count:
        return _by_search(groups.process.effective_hamiltonian, np.concatenate(jumps))
    return found


def _by_observables(groups: JumpGroups) -> list[RealVector]:
    process = groups.process
    h = process.effective_hamiltonian
    found = []
    for observable, added in ((process.energy, groups.energies), (process.number, groups.particles.astype(np.float64))):
        if observable is None or not np.isfinite(added).all() or not added.any():
            continue
        size = float(np.abs(h).max()) * float(np.abs(observable).max())
        if np.abs(h @ observable - observable @ h).max() <= _TOLERANCE * size:
            found.append(added)
    return found


def _by_search(hamiltonian: ComplexMatrix, jumps: ComplexMatrix) -> list[RealVector]:
    d, count = len(hamiltonian), len(jumps)
    basis = _hermitian_basis(d)
    scaled = hamiltonian / (float(np.linalg.norm(hamiltonian)) or 1.0)
    unit = (
        jumps / np.where(np.linalg.norm(jumps, axis=(1, 2)) > 0, np.linalg.norm(jumps, axis=(1, 2)), 1.0)[:, None, None]
    )
    # Columns: the elements of B, then the weights; rows: [H, B] and [B, L_g] - w_g L_g.
    motion = scaled @ basis - basis @ scaled
    moved = basis[:, None] @ unit - unit @ basis[:, None]
    above = np.concatenate([motion.reshape(d * d, -1), np.zeros((count, d * d))])
    own = np.zeros((count, count, d, d), dtype=np.complex128)
    own[np.arange(count), np.arange(count)] = -unit
    below = np.concatenate([moved.reshape(d * d, -1), own.reshape(count, -1)])
    rows = np.concatenate([above, below], axis=1).T
    _, values, vectors = np.linalg.svd(np.concatenate([rows.real, rows.imag]))
    weights = vectors[values < _TOLERANCE][:, d * d :]
    _, lengths, directions = np.linalg.svd(weights, full_matrices=False)
    return list(directions[lengths > _TOLERANCE])


def _hermitian_basis(d: int) -> ComplexMatrix:
    """Return d² Hermitian matrices (d², d, d) that are orthonormal."""
    found = []
    for a in range(d):
        for b in range(a, d):
            one = np.zeros((d, d), dtype=np.complex128)
            one[a, b] = one[b, a] = 1.0 if a == b else np.sqrt(0.5)
            found.append(one)
            if a != b:
                other = np.zeros((d, d), dtype=np.complex128)
                other[a, b], other[b, a] = 1j * np.sqrt(0.5), -1j * np.sqrt(0.5)
                found.append(other)
    return np.stack(found)
