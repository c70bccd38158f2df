"""Units: nats and bits, and laboratory quantities such as "5 GHz" or "20 mK" with ħ = k_B = 1 inside.

Inside the package every energy, temperature and rate is an angular frequency in units of 1/time. Conventions:

=========  ====================================  ===================================================================
kind       units                                 meaning
=========  ====================================  ===================================================================
energy     Hz kHz MHz GHz THz                    the energy h·ν: "5 GHz" is ħω with ω = 2π · 5e9 per second
           rad/s rad/us rad/ns ...               the energy ħω
           J zJ, eV meV ueV, K mK, 1/cm          joules, electron volts, k_B times a temperature, h·c times a wavenumber
temp.      as energy                             k_B T
rate       1/s 1/us ..., Hz kHz ...              events per time, no 2π: "1 kHz" is 1000 per second;
                                                 a linewidth of 1 kHz in ordinary frequency is "2*pi*1 kHz"
time       s ms us ns ps fs
power      W aW ..., energy/time                 also for sweep rates: "5 GHz/us"
=========  ====================================  ===================================================================
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from loschmidt._syntax.error import ExpressionError, did_you_mean
from loschmidt._syntax.numbers import Number, names_in, number_of, parse_number, resolve
from loschmidt._syntax.quantities import EXAMPLES, TIMES, is_unit, kind_of, plain_unit, size_of, split_quantity
from loschmidt.errors import InputError

__all__ = ["KINDS", "Kind", "UnitSystem", "bits_to_nats", "nats_to_bits"]

#: A float, an array or a labelled array; what comes back is of the same sort.
_Amount = TypeVar("_Amount")

Kind = Literal["energy", "time", "rate", "power", "temperature", "entropy"]
KINDS: tuple[Kind, ...] = ("energy", "time", "rate", "power", "temperature", "entropy")


def nats_to_bits(entropy: _Amount) -> _Amount:
    """Return an entropy in bits that is given in nats.

    Examples
    --------
    >>> nats_to_bits(math.log(2))
    1.0
    """
    amount: Any = entropy
    bits: _Amount = amount / math.log(2)
    return bits


def bits_to_nats(entropy: _Amount) -> _Amount:
    """Return an entropy in nats that is given in bits.

    Examples
    --------
    >>> round(bits_to_nats(1.0), 6)
    0.693147
    """
    amount: Any = entropy
    nats: _Amount = amount * math.log(2)
    return nats


_NATURAL_ENERGY = {"s": "Hz", "ms": "kHz", "us": "MHz", "ns": "GHz", "ps": "THz", "fs": "eV"}


@dataclass(frozen=True)
class UnitSystem:
    """How the quantities of a model are read and reported; without a time unit the model is dimensionless.

    Parameters
    ----------
    time_unit : {"s", "ms", "us", "ns", "ps", "fs"}, optional
        The unit of time inside. None: every quantity is a plain number, and a unit anywhere is an error.
    energy_unit, temperature_unit, power_unit : str, optional
        For reports; by default hν with ν near 1/time, mK, and energy over time.
    entropy_unit : {"nats", "bits"}
        For reports.

    Raises
    ------
    InputError
        If a unit is unknown or of the wrong kind, with the nearest known one.

    Examples
    --------
    >>> lab = UnitSystem("ns")
    >>> lab.energy("5 GHz") == 2 * math.pi * 5
    True
    >>> round(lab.energy("5 GHz") / lab.temperature("20 mK"), 3)
    11.998
    >>> lab.rate("1 1/us"), lab.time("2 us")
    (0.001, 2000.0)
    >>> lab.energy_label, round(lab.to_lab(lab.energy("5 GHz"), "energy"), 12)
    ('h·GHz', 5.0)
    """

    time_unit: str | None = None
    energy_unit: str | None = None
    temperature_unit: str | None = None
    power_unit: str | None = None
    entropy_unit: Literal["nats", "bits"] = "nats"

    def __post_init__(self) -> None:
        if self.entropy_unit not in ("nats", "bits"):
            raise InputError(f"`entropy_unit` must be nats or bits, but it is {self.entropy_unit!r}.")
        if self.time_unit is None:
            for name in ("energy_unit", "temperature_unit", "power_unit"):
                if getattr(self, name) is not None:
                    raise InputError(f"`{name}` must come with a `time_unit`, but there is none.")
            return
        time = _unit_name(self.time_unit, "time_unit")
        if time not in TIMES:
            raise InputError(f"`time_unit` must be one of {', '.join(TIMES)}, but it is {self.time_unit!r}.")
        energy = _unit_name(self.energy_unit or _NATURAL_ENERGY[time], "energy_unit")
        units = {
            "time_unit": time,
            "energy_unit": energy,
            "temperature_unit": _unit_name(self.temperature_unit or "mK", "temperature_unit"),
            "power_unit": _unit_name(self.power_unit or f"{energy}/{time}", "power_unit"),
        }
        for name, unit in units.items():
            size_of(unit, name.removesuffix("_unit"), name)
            object.__setattr__(self, name, unit)

    @property
    def dimensionless(self) -> bool:
        """Whether quantities are plain numbers."""
        return self.time_unit is None

    # ── in ──

    def energy(self, quantity: Any, parameters: Mapping[str, Any] | None = None, name: str = "energy") -> float:
        """Return an energy such as "5 GHz" (h·ν), "30 rad/ns" (ħω), "0.1 meV" or "20 mK" (k_B T) as ω · time unit.

        Parameters
        ----------
        quantity : str or float
            A number or expression, a space, and a unit. An expression of `parameters` without a unit counts as
            converted already; so does 0. In a dimensionless system: a number or expression, no unit.
        parameters : mapping of str to number, optional
            Values that the expression may use; before a unit they must be pure numbers.
        name : str
            What the error calls it.

        Raises
        ------
        InputError
            If the unit is missing, unknown, or of another kind; if the number is not real and finite.
        """
        return self._read(quantity, "energy", parameters, name)

    def temperature(
        self, quantity: Any, parameters: Mapping[str, Any] | None = None, name: str = "temperature"
    ) -> float:
        """Return k_B T / ħ in 1/time for a temperature such as "20 mK", or k_B T given as an energy."""
        return self._read(quantity, "temperature", parameters, name)

    def time(self, quantity: Any, parameters: Mapping[str, Any] | None = None, name: str = "time") -> float:
        """Return a time such as "3 us" in units of the system's time."""
        return self._read(quantity, "time", parameters, name)

    def rate(self, quantity: Any, parameters: Mapping[str, Any] | None = None, name: str = "rate") -> float:
        """Return events per time for a rate such as "0.1 1/us".

        Hz is refused: it leaves open whether a linewidth κ/2π or a number of events is meant.
        """
        _, unit, _ = self._split(quantity, parameters or {}, name)
        if unit is not None and unit.endswith("Hz"):
            raise InputError(
                f"`{name}` must be a number of events per time, but {unit} leaves open whether 2π is meant: write "
                f"`2*pi*9 1/us` for a linewidth κ/2π = 9 MHz, or `9 1/us` for nine events per microsecond."
            )
        return self._read(quantity, "rate", parameters, name)

    def power(self, quantity: Any, parameters: Mapping[str, Any] | None = None, name: str = "power") -> float:
        """Return an energy per time such as "2 aW" or "5 GHz/us" in units of 1/time²."""
        return self._read(quantity, "power", parameters, name)

    def parameter(self, quantity: Any, parameters: Mapping[str, Any] | None = None, name: str = "parameter") -> Number:
        """Return a parameter whose unit alone decides what it is; without a unit it is a pure number.

        A frequency in Hz, kHz, ... counts as an energy h·ν here; write a rate as "0.1 1/us".

        Examples
        --------
        >>> UnitSystem("us").parameter("2*n 1/ms", {"n": 3.0})
        0.006
        """
        number, unit, _ = self._split(quantity, parameters or {}, name)
        return number if unit is None else number * self._factor(unit, kind_of(unit, name), name)

    def parameters(self, table: Mapping[str, Any], failures: dict[str, InputError] | None = None) -> dict[str, Number]:
        """Return a table of parameters as plain numbers; entries may carry units and refer to one another.

        Parameters
        ----------
        table : mapping of str to number or str
            Such as ``{"w": "5 GHz", "g": "0.01*w", "n": 3}``.
        failures : dict, optional
            If given, faulty entries are collected here by name instead of raised.

        Raises
        ------
        InputError
            As :meth:`parameter`; also for a circle of references.

        Examples
        --------
        >>> table = UnitSystem("ns").parameters({"g": "0.01*w", "w": "5 GHz"})
        >>> table["g"] == 0.01 * 2 * math.pi * 5
        True
        """

        def names(text: str) -> tuple[str, ...]:
            return names_in(split_quantity(text, table)[0])

        return resolve(table, self.parameter, names, failures)

    # ── out ──

    def to_lab(self, value: _Amount, kind: Kind) -> _Amount:
        """Return a number or array from inside in the unit that :meth:`label` names."""
        if kind not in KINDS:
            raise InputError(
                f"`kind` must be one of {', '.join(KINDS)}, but it is {kind!r}.{did_you_mean(kind, KINDS)}"
            )
        if kind == "entropy":
            return nats_to_bits(value) if self.entropy_unit == "bits" else value
        unit = self._unit(kind)
        amount: Any = value
        in_lab: _Amount = amount if unit is None else amount / self._factor(unit, kind, kind)
        return in_lab

    def label(self, kind: Kind) -> str:
        """Return the unit of a kind as reports print it; empty in a dimensionless system, except for entropy."""
        if kind == "entropy":
            return self.entropy_unit
        unit = self._unit(kind)
        if unit is None:
            return ""
        printed = re.sub(r"\bu(?=(s|K|eV|W)\b)", "µ", unit)
        if kind in ("rate", "time"):
            return printed
        printed = printed.replace("1/cm", "h·c/cm").replace("rad/", "ħ·rad/")
        return f"h·{printed}" if "Hz" in unit else printed

    @property
    def energy_label(self) -> str:
        """As :meth:`label`."""
        return self.label("energy")

    @property
    def time_label(self) -> str:
        """As :meth:`label`."""
        return self.label("time")

    # ── how ──

    def _unit(self, kind: str) -> str | None:
        if kind == "rate":
            return None if self.time_unit is None else f"1/{self.time_unit}"
        unit: str | None = getattr(self, f"{kind}_unit")
        return unit

    def _factor(self, unit: str, kind: str, name: str) -> float:
        """Return the size of one `unit` inside the package."""
        per_second, size = TIMES[str(self.time_unit)], size_of(unit, kind, name)
        if kind == "time":
            return per_second / size
        return size / per_second**2 if kind == "power" else size / per_second

    def _split(self, quantity: Any, table: Mapping[str, Any], name: str) -> tuple[Number, str | None, bool]:
        """Return number and unit of a quantity, and whether the number comes from parameters."""
        if not isinstance(quantity, str):
            return number_of(quantity, name), None, False
        text, unit = split_quantity(quantity, table)
        if self.dimensionless and unit in table:
            text, unit = quantity, None
        if unit is not None and self.dimensionless:
            raise InputError(
                f"`{name}` must be a plain number, because the model has no time unit, but it is {quantity!r}. "
                f"Drop the unit, or give the model a time unit and every quantity its unit."
            )
        return _evaluated(text, table), unit, any(used in table for used in names_in(text))

    def _read(self, quantity: Any, kind: Kind, parameters: Mapping[str, Any] | None, name: str) -> float:
        number, unit, converted = self._split(quantity, parameters or {}, name)
        if isinstance(number, complex):
            raise InputError(f"`{name}` must be real, but it is {number:.6g}.")
        if unit is not None:
            return number * self._factor(unit, kind, name)
        if not (self.dimensionless or converted or number == 0):
            raise InputError(f"`{name}` must have a unit, as in `{EXAMPLES[kind]}`, but it is {quantity!r}.")
        return number


def _evaluated(text: str, parameters: Mapping[str, Any]) -> Number:
    try:
        return parse_number(text, parameters)
    except ExpressionError as error:
        word = re.match(r"[^\W\d]\w*", text[error.position :])
        if word and is_unit(word[0]):
            hint = f" If a unit is meant, put it at the end after a space, as in `5 {word[0]}`."
            raise ExpressionError(error.reason + hint, error.text, error.position) from None
        raise


def _unit_name(unit: Any, name: str) -> str:
    if not isinstance(unit, str):
        raise InputError(f"`{name}` must be the name of a unit, but it is {unit!r}.")
    return plain_unit(unit)
