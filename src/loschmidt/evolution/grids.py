"""Output times: whether they are equidistant, and whether they lie inside a span."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from loschmidt.errors import InputError
from loschmidt.typing import RealVector

__all__ = ["elapsed_within", "grid_step", "is_compiled_run", "running_maximum", "uniform_step"]

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


def elapsed_within(times: RealVector, elapsed: RealVector) -> RealVector:
    """Return times `elapsed` (k,) since the first of `times` (T,), after checking that they lie within the span.

    Raises
    ------
    InputError
        If one does not.
    """
    since = np.asarray(elapsed, dtype=np.float64)
    span = float(times[-1] - times[0])
    if not (since.min(initial=0.0) >= 0 and since.max(initial=0.0) <= span * (1 + 4 * _EPSILON)):
        raise InputError(
            f"Times asked of an evolution, since its first, must lie between 0 and {span:g}, but they reach from "
            f"{np.min(since):g} to {np.max(since):g}. Evolve over a longer span."
        )
    return since


def running_maximum(values: RealVector) -> RealVector:
    """Return the largest value so far (T,): an error that happens to cross zero has not gone away."""
    return np.array(list(accumulate(values.tolist(), max)))
