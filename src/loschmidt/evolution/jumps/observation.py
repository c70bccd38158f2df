"""What to look at along trajectories, and what to keep of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loschmidt.errors import InputError

__all__ = ["JumpObservation"]


@dataclass(frozen=True)
class JumpObservation:
    """What to compute and keep.

    Attributes
    ----------
    exchange : bool
        Whether to integrate work, and the heat of jumps without a definite quantum of energy, along each trajectory.
        Without it these are left out, which is faster.
    states : bool
        Whether to keep the mean state at the output times.
    records : bool
        Whether to keep the numbers of each trajectory; their statistics are kept in any case.
    jumps : bool
        Whether to keep every single jump with its time; trajectories are then followed twice.
    folder : path or None
        Where records and jumps are written as ``.npy`` files while they arise, for more of them than memory holds.

    Raises
    ------
    InputError
        If jumps or a folder are asked for without records.

    Examples
    --------
    >>> JumpObservation(jumps=True).records
    True
    """

    exchange: bool = True
    states: bool = True
    records: bool = True
    jumps: bool = False
    folder: str | Path | None = None

    def __post_init__(self) -> None:
        if not self.records and (self.jumps or self.folder is not None):
            raise InputError("`records` must be kept where `jumps` or a `folder` are asked for, but it is False.")
