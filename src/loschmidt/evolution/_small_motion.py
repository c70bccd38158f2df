"""Three to eight levels at equidistant times, nothing fed but populations: one compiled pass over a short table."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.secular_structure import SecularStructure
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["small_run"]

_EPSILON = float(np.finfo(float).eps)
_NONE = np.empty((0, 0))


def small_run(
    structure: SecularStructure, initial: ComplexMatrix, offsets: RealVector, step: float, energy: float
) -> tuple[ComplexMatrix, RealMatrix, RealVector, RealVector]:
    """Return components (T, d, d), integrated exchanges (T, f), and the round-off (T,) of both.

    Parameters
    ----------
    structure : SecularStructure
        Without blocks, and all populations moving among themselves.
    initial : (d, d)
        In the energy eigenbasis.
    offsets, step : (T,), float
        Times since the first one, and their distance.
    energy : float
        Size of the energies.
    """
    from loschmidt._kernels.secular_grid import motion_along

    count, d = len(offsets), len(initial)
    exchanged, components = np.empty((count, len(structure.functionals))), np.empty((count, d, d), dtype=np.complex128)
    squares = np.empty(count)
    halvings = motion_along(
        structure.rates,
        structure.functionals,
        structure.motion,
        _NONE if structure.dephasing is None else structure.dephasing,
        initial,
        step,
        (np.empty((count, d)), exchanged, components, squares),
    )
    steps = halvings + count.bit_length() + 1
    squares += 16 * _EPSILON**2
    # Times are multiples of the step to two units of round-off, which phases notice.
    error = np.sqrt(squares, out=squares)
    error *= offsets
    error *= 6 * _EPSILON * energy
    error += _EPSILON * (4 * d + 2 * steps)
    return components, exchanged, error, offsets * (_EPSILON * structure.flow * (8 + 2 * steps + count**0.5))
