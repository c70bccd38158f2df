"""How much memory there is, and refusing in time what would not fit into it."""

from __future__ import annotations

import math
import os
from pathlib import Path

from loschmidt.errors import ResourceError

__all__ = ["available_memory", "require_memory", "size_text"]


def require_memory(needed: float, what: str, remedy: str, limit: float | None = None) -> None:
    """Raise if `what` would take more bytes than `limit`, by default than are free.

    Raises
    ------
    ResourceError
        With the estimate and the `remedy`.

    Examples
    --------
    >>> require_memory(1e6, "A small matrix", "Take none.")
    """
    allowed = available_memory() if limit is None else limit
    if needed > allowed:
        raise ResourceError(
            f"{what} would take {size_text(needed)} of memory, but {size_text(allowed)} are free. {remedy}"
        )


def available_memory() -> float:
    """Return the bytes that this process may still take, by the system and the limit of its control group.

    Examples
    --------
    >>> available_memory() > 1e6
    True
    """
    found = [_free_by_system(), _free_by_group()]
    return min(found)


def _free_by_system() -> float:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return math.inf  # a system that does not say


def _free_by_group() -> float:
    try:
        most = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
        taken = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return math.inf
    return float(most - taken)


def size_text(number: float) -> str:
    """Return a number of bytes as people write it.

    Examples
    --------
    >>> size_text(18.9e9)
    '18.9 GB'
    """
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.3g} {unit}"
