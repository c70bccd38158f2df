"""Three to eight levels at equidistant times, nothing fed but populations: one compiled pass over a short table."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.secular_structure import SecularStructure
from loschmidt.typing import ComplexMatrix, ComplexTensor, RealMatrix, RealVector

__all__ = ["small_run"]

_EPSILON = float(np.finfo(float).eps)
_BLOCK = 16


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
    from loschmidt._kernels.secular_grid import coherences_along, populations_along

    count, d = len(offsets), len(initial)
    populations, exchanged = np.empty((count, d)), np.empty((count, len(structure.functionals)))
    components, squares = np.empty((count, d, d), dtype=np.complex128), np.empty(count)
    start = initial.reshape(-1)[:: d + 1].real.copy()
    halvings = populations_along(structure.rates, structure.functionals, start, step, populations, exchanged)
    # Any time is a multiple of sixteen steps and up to fifteen more.
    factors = _factors(structure, step * np.concatenate([np.arange(_BLOCK), np.arange(0, count, _BLOCK)]))
    coherences_along(initial, factors[_BLOCK:], factors[:_BLOCK], populations, components, squares)
    steps = halvings + count.bit_length() + 1
    squares += 16 * _EPSILON**2
    # Times are multiples of the step to two units of round-off, which phases notice.
    error = np.sqrt(squares) * offsets
    error *= 6 * _EPSILON * energy
    error += _EPSILON * (4 * d + 2 * steps)
    return components, exchanged, error, offsets * (_EPSILON * structure.flow * (8 + 2 * steps + count**0.5))


def _factors(structure: SecularStructure, times: RealVector) -> ComplexTensor:
    """Return what the coherences (n, m) are multiplied by after `times` (T,), as (T, d, d)."""
    levels = np.exp(np.multiply.outer(times, -structure.half_widths - 1j * structure.frequencies))
    result = levels[:, :, None] * levels.conj()[:, None, :]
    if structure.dephasing is not None:
        result *= np.exp(np.multiply.outer(-times, structure.dephasing))
    return np.asarray(result)
