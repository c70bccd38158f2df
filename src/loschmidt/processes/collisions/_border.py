"""The border of this folder: counts, probabilities and memory limits."""

from __future__ import annotations

from typing import Any

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import InputError, ResourceError

__all__ = ["MEMORY_LIMIT", "as_count", "as_probability", "check_memory"]

#: Bytes that a run may take unless told otherwise.
MEMORY_LIMIT = 2.0**31


def as_count(value: Any, name: str) -> int:
    """Return a whole number of at least 1.

    Raises
    ------
    InputError
        If it is not one.

    Examples
    --------
    >>> as_count(3, "steps")
    3
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise InputError(f"`{name}` must be a whole number of at least 1, but it is {value!r}.")
    return int(value)


def as_probability(value: Any, name: str, ends: str = "") -> float:
    """Return a number from 0 to 1; `ends` says in the error what the ends mean.

    Raises
    ------
    InputError, NotFiniteError
        If it is not one.

    Examples
    --------
    >>> as_probability(0.5, "reset")
    0.5
    """
    probability = as_number(value, name)
    if not 0 <= probability <= 1:
        raise InputError(f"`{name}` must be from 0 to 1{ends}, but it is {probability:g}.")
    return probability


def check_memory(needed: float, limit: float, what: str, remedy: str) -> None:
    """Refuse what takes more than `limit` bytes.

    Raises
    ------
    ResourceError
        With the estimate and the remedy.

    Examples
    --------
    >>> check_memory(1e6, 1e9, "The walk", "Use fewer sites")
    """
    allowed = as_number(limit, "memory_limit", positive=True)
    if not needed <= allowed:
        raise ResourceError(
            f"{what} would need {needed / 2**30:.3g} GiB, more than the {allowed / 2**30:.3g} GiB allowed. "
            f"{remedy}; or raise `memory_limit`."
        )
