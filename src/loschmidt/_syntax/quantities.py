"""The language of units: cut "2*pi*5 GHz" into expression and unit, and size the unit with ħ = k_B = 1."""

from __future__ import annotations

import math
import re
from collections.abc import Container
from functools import cache
from types import MappingProxyType

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError

__all__ = ["EXAMPLES", "TIMES", "is_unit", "kind_of", "plain_unit", "size_of", "split_quantity"]

#: How many of each unit of time make a second; whole powers of ten, so that conversions between them are exact.
TIMES = MappingProxyType({"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9, "ps": 1e12, "fs": 1e15})

EXAMPLES = {"energy": "5 GHz", "temperature": "20 mK", "time": "3 us", "rate": "0.1 1/us", "power": "2 aW"}

_END_OF_NUMBER = r"(?P<number>.*[^\s+\-*/^(,])"
_QUANTITY = re.compile(_END_OF_NUMBER + r"\s+(?P<unit>(?:1?/|rad/)?[^\W\d][^\s()]*)", re.DOTALL)
_PER_TIME = re.compile(_END_OF_NUMBER + r"\s*/\s*(?P<unit>[^\W\d]\w*)", re.DOTALL)


def plain_unit(unit: str) -> str:
    """Return the name of a unit as the tables spell it: u for µ, ``1/us`` for ``/us``."""
    name = unit.strip().replace("µ", "u").replace("μ", "u")
    return f"1{name}" if name.startswith("/") else name


def split_quantity(text: str, parameters: Container[str] = ()) -> tuple[str, str | None]:
    """Return the expression and the unit of a quantity; the unit is None where the text carries none.

    In "2 J" the last word can only be a unit; in "2/s" it may be one of `parameters`, and then it is.

    Examples
    --------
    >>> split_quantity("2*pi*5 MHz")
    ('2*pi*5', 'MHz')
    >>> split_quantity("0.1/us"), split_quantity("2 * J")
    (('0.1', '1/us'), ('2 * J', None))
    """
    stripped = text.rstrip()
    match = _QUANTITY.fullmatch(stripped)
    if match:
        return match["number"], plain_unit(match["unit"])
    match = _PER_TIME.fullmatch(stripped)
    if match and match["unit"] not in parameters and plain_unit(match["unit"]) in TIMES:
        return match["number"], f"1/{plain_unit(match['unit'])}"
    return text, None


def kind_of(unit: str, name: str) -> str:
    """Return what a unit measures; a frequency in Hz counts as an energy."""
    for kind in ("time", "energy", "rate", "power"):
        if unit in _sizes(kind):
            return kind
    raise InputError(f"`{name}` must have a known unit, but `{unit}` is not one.{did_you_mean(unit, _all_units())}")


def size_of(unit: str, kind: str, name: str) -> float:
    """Return one `unit` per second to the fitting power; of a unit of time, how many make a second.

    Raises
    ------
    InputError
        If the unit is unknown or of another kind; the message names `name` and the nearest unit or an example.
    """
    sizes = _sizes(kind)
    if unit in sizes:
        return sizes[unit]
    noun = {"energy": "an energy"}.get(kind, f"a {kind}")
    if unit not in _all_units():
        hint = did_you_mean(unit, sizes)
        raise InputError(f"`{name}` must be {noun}, as in `{EXAMPLES[kind]}`, but `{unit}` is not a unit.{hint}")
    advice = ""
    if kind == "rate" and unit.startswith("rad/"):
        advice = f" A rate counts events per time: write `1/{unit[4:]}`, and a 2π where one is meant."
    if kind in ("energy", "temperature") and unit.startswith("1/"):
        advice = f" Write `rad/{unit[2:]}` for ħω, or a frequency in Hz for h·ν."
    raise InputError(f"`{name}` must be {noun}, as in `{EXAMPLES[kind]}`, but `{unit}` does not measure one.{advice}")


def is_unit(word: str) -> bool:
    """Whether some unit is called so."""
    return plain_unit(word) in _all_units()


@cache
def _all_units() -> frozenset[str]:
    return frozenset(unit for kind in ("time", "energy", "rate", "power") for unit in _sizes(kind))


@cache
def _sizes(kind: str) -> MappingProxyType[str, float]:
    frequencies = {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9, "THz": 1e12}
    if kind == "time":
        return TIMES
    if kind == "rate":
        return MappingProxyType({f"1/{time}": count for time, count in TIMES.items()} | frequencies)
    energies = {unit: 2 * math.pi * count for unit, count in frequencies.items()} | _energies()
    if kind != "power":
        return MappingProxyType(energies)
    per_time = {f"{unit}/{time}": size * count for unit, size in energies.items() for time, count in TIMES.items()}
    return MappingProxyType(per_time | _watts())


def _energies() -> dict[str, float]:
    from scipy.constants import c, e, hbar, k

    angular = {f"rad/{time}": count for time, count in TIMES.items()}
    volts = {f"{prefix}eV": e / hbar * size for prefix, size in (("", 1.0), ("m", 1e-3), ("u", 1e-6), ("n", 1e-9))}
    kelvins = {f"{prefix}K": k / hbar * size for prefix, size in (("", 1.0), ("m", 1e-3), ("u", 1e-6), ("n", 1e-9))}
    joules = {"J": 1 / hbar, "aJ": 1e-18 / hbar, "zJ": 1e-21 / hbar, "yJ": 1e-24 / hbar}
    return angular | volts | kelvins | joules | {"1/cm": 2 * math.pi * c * 100}


def _watts() -> dict[str, float]:
    from scipy.constants import hbar

    prefixes = {"": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15, "a": 1e-18, "z": 1e-21}
    return {f"{prefix}W": size / hbar for prefix, size in prefixes.items()}
