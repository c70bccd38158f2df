"""Systems whose levels decay on their own while nothing jumps, as in Davies equations: no propagators are needed."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.jump_levels import LevelModel
from loschmidt._kernels.jump_records import Jumps
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["level_basis", "level_model"]

_TOLERANCE = 1e-13


def level_basis(hamiltonian: ComplexMatrix, decay: ComplexMatrix) -> ComplexMatrix | None:
    """Return an orthonormal basis (d, d) in which H - ½iG is diagonal, None if there is none within round-off."""
    from scipy.linalg import schur

    effective = hamiltonian - 0.5j * decay
    triangle, basis = schur(effective, output="complex")
    rest = triangle - np.diag(np.diagonal(triangle))
    # Against the smaller of the two parts: weak damping must not hide that it does not commute.
    scale = min(float(np.linalg.norm(hamiltonian)), float(np.linalg.norm(decay)))
    floor = len(decay) * np.finfo(float).eps * float(np.linalg.norm(effective))
    return np.asarray(basis) if np.abs(rest).max(initial=0.0) <= floor + _TOLERANCE * scale else None


def level_model(energies: RealVector, times: RealVector, jumps: Jumps) -> LevelModel:
    """Return the model of the kernel for `energies` (d,) and jump operators in the basis of the levels."""
    count, d = len(jumps.targets), len(energies)
    places, columns = jumps.elements.T
    slots = np.repeat(np.arange(count), np.diff(jumps.first))
    weights = (jumps.values[0, 0] ** 2).sum(axis=-1)
    decay = np.bincount(columns, weights=weights, minlength=d)
    first, cumulative, ways = [0], [], []
    for level in range(d):
        total = 0.0
        here = np.nonzero(columns == level)[0]
        for slot in np.unique(slots[here]):
            mine = here[slots[here] == slot]
            total += float(weights[mine].sum())
            cumulative.append(total)
            ways.append((int(slot), int(places[mine[0]]) if len(mine) == 1 else -1))
        first.append(len(ways))
    return LevelModel(
        levels=np.stack([energies, decay], axis=-1),
        times=times,
        first=np.array(first, dtype=np.int64),
        cumulative=np.array(cumulative, dtype=np.float64),
        ways=np.array(ways, dtype=np.int64).reshape(-1, 2),
    )
