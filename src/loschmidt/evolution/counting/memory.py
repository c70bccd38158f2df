"""How much memory a count takes, estimated before it is taken."""

from __future__ import annotations

from loschmidt.errors import ResourceError

__all__ = ["check_memory"]

_LARGEST = 4e9  # bytes


def check_memory(needed: float, what: str, remedy: str) -> None:
    """Raise if `what` would take more than four gigabytes.

    Raises
    ------
    ResourceError
        With the estimate and the `remedy`.

    Examples
    --------
    >>> check_memory(1e6, "A small matrix", "Take none.")
    """
    if needed > _LARGEST:
        raise ResourceError(
            f"{what} would take {needed / 1e9:.1f} GB, and at most {_LARGEST / 1e9:.0f} GB are taken. {remedy}"
        )
