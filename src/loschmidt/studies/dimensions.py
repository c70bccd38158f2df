"""Units inside expressions: a meaning that changes with the unit of time it is computed in has the wrong unit.

An expression is computed twice, in the model's unit of time and in another one. With ħ = k_B = 1 an energy, a rate and
a temperature then grow by one and the same ratio, a time shrinks by it, and a plain number stays.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from loschmidt.errors import InputError
from loschmidt.units import Kind, UnitSystem

__all__ = ["POWERS", "other_units", "require_power", "scales_as"]

#: How each kind of quantity scales with the ratio of energies.
POWERS: dict[Kind, int] = {"energy": 1, "temperature": 1, "rate": 1, "power": 2, "time": -1}

_WORDS = {
    0: "must have no unit",
    1: "must have the unit of an energy in every term",
    2: "must have the unit of a power",
    -1: "must have the unit of a time",
}


def other_units(units: UnitSystem) -> tuple[UnitSystem, float]:
    """Return a system with another unit of time, and its numbers for energies over those of `units`."""
    other = UnitSystem("ms" if units.time_unit == "s" else "s")
    return other, other.energy("1 GHz") / units.energy("1 GHz")


def scales_as(ours: Any, theirs: Any, factor: float) -> bool:
    """Return whether numbers in the other system are `factor` times those in the model's own."""
    expected, found = factor * np.asarray(ours), np.asarray(theirs)
    size = max(float(np.abs(expected).max(initial=0.0)), float(np.abs(found).max(initial=0.0)))
    return bool(np.abs(found - expected).max(initial=0.0) <= 1e-9 * size)


def require_power(ours: Any, theirs: Any, ratio: float, power: int) -> None:
    """Raise unless numbers scale as a quantity of that power of an energy.

    Raises
    ------
    InputError
        With what the expression must be, and what to do.
    """
    if not scales_as(ours, theirs, ratio**power):
        instead = "one" if power == 0 else "another"
        raise InputError(
            f"{_WORDS[power]}, but it has {instead}. Give every quantity its unit in [parameters], as in "
            f"`d = '0.1 MHz'`, and use plain numbers as factors only."
        )
