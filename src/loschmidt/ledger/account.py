"""An account: the name, symbol, axes, unit, definition and source of one kind of entry in a ledger."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["STEPS", "Account"]

#: Axes of what is known at every time, or after every step of a process that runs in steps.
STEPS = ("time",)


@dataclass(frozen=True)
class Account:
    """One kind of entry in a ledger.

    Attributes
    ----------
    name : str
        Variable name in the dataset.
    symbol : str
        As in formulas.
    axes : tuple of str
        Dimensions of the variable; in the ledger of a process that runs in steps, "time" is called "step".
    unit : str
        Kind of unit: "energy", "power", "entropy", "entropy rate", "particles", "particle rate", "rate",
        "energy²/time", "1", or one with "counted" in it, which depends on the variable that is counted.
    definition : str
        What it is, with its sign convention.
    source : str
        Bibliography key.
    cumulative : bool
        Whether it is counted from the first time on, and is zero there.
    """

    name: str
    symbol: str
    axes: tuple[str, ...]
    unit: str
    definition: str
    source: str
    cumulative: bool = False
