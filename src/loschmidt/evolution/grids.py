"""Output times: whether they are equidistant, and whether they lie inside a span."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from loschmidt.errors import InputError
from loschmidt.typing import RealVector

__all__ = ["grid_step", "is_compiled_run", "offsets_within", "running_maximum", "uniform_step"]

_EPSILON = float(np.finfo(float).eps)
_LARGEST_COMPILED = 8
_SHORTEST_COMPILED = 100  # Numba's import takes 250 ms


def is_compiled_run(dimension: int, length: int) -> bool:
    """Return whether so many times are worth compiled code; only the shape decides, not what was imported before."""
    return 2 < dimension <= _LARGEST_COMPILED and length >= _SHORTEST_COMPILED


def grid_step(offsets: RealVector) -> float | None:
    """Return the step of which all `offsets` (T,) are multiples to two units of round-off, None if there is none.

    Examples
    --------
    >>> grid_step(np.array([0.0, 0.5, 1.0]))
    0.5
    """
    step = float(offsets[-1]) / (len(offsets) - 1)
    apart = np.abs(offsets - step * np.arange(len(offsets)))
    return step if np.count_nonzero(apart <= 2 * _EPSILON * offsets) == len(offsets) else None


def uniform_step(times: RealVector) -> float | None:
    """Return the step of equidistant times (T,), None if they are not equidistant to round-off.

    Examples
    --------
    >>> uniform_step(np.array([0.0, 0.5, 1.0]))
    0.5
    """
    step = float(times[-1] - times[0]) / (len(times) - 1)
    spread = np.abs(times[1:] - times[:-1] - step).max()
    largest = max(abs(float(times[0])), abs(float(times[-1])))
    return step if spread <= 4 * _EPSILON * largest else None


def offsets_within(times: RealVector, wanted: RealVector) -> RealVector:
    """Return `wanted` (k,) less the first of `times` (T,).

    Raises
    ------
    InputError
        If a wanted time lies outside the span of `times`.
    """
    offsets = np.asarray(wanted, dtype=np.float64) - times[0]
    span = times[-1] - times[0]
    slack = 4 * _EPSILON * max(abs(float(times[0])), abs(float(times[-1])))
    if not (offsets.min(initial=0.0) >= -slack and offsets.max(initial=0.0) <= span + slack):
        raise InputError(
            f"Times asked of an evolution must lie between {times[0]:g} and {times[-1]:g}, "
            f"but they reach from {np.min(wanted):g} to {np.max(wanted):g}. Evolve over a longer span."
        )
    return np.where(offsets < 0, 0.0, offsets)


def running_maximum(values: RealVector) -> RealVector:
    """Return the largest value so far (T,): an error that happens to cross zero has not gone away."""
    return np.array(list(accumulate(values.tolist(), max)))
