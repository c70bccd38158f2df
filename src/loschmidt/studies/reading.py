"""Turn what a model file says into numbers, operators and functions of time, noting every fault with its key."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.checks import as_hermitian, as_operator
from loschmidt.errors import InputError
from loschmidt.processes.drives import Coefficient, TabulatedCoefficient
from loschmidt.processes.expressions import Space, names_in, parse_operator, parse_scalar, parse_state
from loschmidt.studies.arrays import load_array
from loschmidt.studies.dimensions import POWERS, require_power
from loschmidt.studies.faults import Faults
from loschmidt.studies.fields import ArrayFile
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.spec import DriveTable
from loschmidt.typing import ComplexMatrix, RealVector
from loschmidt.units import Kind, UnitSystem

__all__ = ["Reader", "names_used"]


@dataclass(frozen=True, eq=False)
class Reader:
    """What an entry means in one model; a method returns None after a fault has been noted.

    Attributes
    ----------
    faults : Faults
        Where faults go.
    units : UnitSystem
        Of the model.
    parameters : mapping
        Those that could be read.
    broken : set of str
        Those that could not; what depends on them is passed over, because the fault is known.
    space : Space or None
        The sites; None where they are faulty.
    twin : Reader or None
        The same model in another unit of time, against which units in expressions are checked; None without units.
    ratio : float
        Energies of the twin over ours.
    """

    faults: Faults
    units: UnitSystem
    parameters: Mapping[str, Any]
    broken: frozenset[str]
    space: Space | None
    twin: Reader | None = None
    ratio: float = 1.0

    # ── numbers ──

    def quantity(self, value: Any, kind: Kind, path: KeyPath) -> float | None:
        """Return an energy, time, rate, ... in inner units."""
        if self._hopeless(value):
            return None
        name = next((part for part in reversed(path) if isinstance(part, str)), "value")
        return self.faults.attempt(path, self._quantity, value, kind, name)

    def _quantity(self, value: Any, kind: Kind, name: str) -> float:
        found: float = getattr(self.units, kind)(value, self.parameters, name)
        if self.twin is not None:
            require_power(found, self.twin._quantity(value, kind, name), self.ratio, POWERS[kind])
        return found

    def plain(self, value: Any, path: KeyPath) -> float | None:
        """Return a number that must have no unit."""
        return None if self._hopeless(value) else self.faults.attempt(path, self._plain, value)

    def _plain(self, value: Any) -> float:
        found = self._number(value)
        if self.twin is not None:
            require_power(found, self.twin._number(value), self.ratio, 0)
        return found

    def number(self, value: Any, path: KeyPath) -> float | None:
        """Return a number whose own unit, if any, says what it is."""
        return None if self._hopeless(value) else self.faults.attempt(path, self._number, value)

    def _number(self, value: Any) -> float:
        number = self.units.parameter(value, self.parameters, "value")
        if isinstance(number, complex):
            raise InputError(f"must be real, but it is {number:.6g}.")
        return number

    def beta(self, temperature: Any, beta: Any, path: KeyPath) -> float | None:
        """Return the inverse temperature given by one of two keys of the table at `path`."""
        if temperature is not None and beta is not None:
            self.faults.add((*path, "beta"), "must not stand beside `temperature`; give one of them.")
            return None
        if beta is not None:
            return self._inverse(beta, (*path, "beta"))
        if _infinite(temperature):
            return 0.0
        value = self.quantity(temperature, "temperature", (*path, "temperature"))
        return None if value is None else math.inf if value == 0 else 1 / value

    def _inverse(self, value: Any, path: KeyPath) -> float | None:
        if _infinite(value):
            return math.inf
        if not self.units.dimensionless and not isinstance(value, str) and value != 0:
            self.faults.add(path, "has no unit in a model with units. Give `temperature` instead, as in `20 mK`.")
            return None
        return self.number(value, path)

    # ── operators ──

    def operator(
        self, source: Any, path: KeyPath, *, energy: bool = False, checked: bool = True
    ) -> ComplexMatrix | None:
        """Return the (d, d) matrix of an expression, a file or a matrix; with `energy`, in inner units.

        Without `checked` its unit is left open, for an operator whose factor has the rest of it.
        """
        if self.space is None or self._hopeless(source):
            return None
        return self.faults.attempt(path, self._checked_operator, source, path, energy, checked)

    def _checked_operator(self, source: Any, path: KeyPath, energy: bool, checked: bool) -> ComplexMatrix:
        found = self._operator(source, path, energy)
        if self.twin is not None and checked:
            require_power(found, self.twin._operator(source, path, energy), self.ratio, 1 if energy else 0)
        return found

    def hermitian(
        self, source: Any, path: KeyPath, *, energy: bool = False, checked: bool = True
    ) -> ComplexMatrix | None:
        """Return a Hermitian matrix as :meth:`operator` does."""
        matrix = self.operator(source, path, energy=energy, checked=checked)
        name = next(part for part in reversed(path) if isinstance(part, str))
        return None if matrix is None else self.faults.attempt(path, as_hermitian, matrix, name)

    def operators(self, source: Any, path: KeyPath, *, hermitian: bool) -> list[ComplexMatrix] | None:
        """Return one or several operators."""
        several = isinstance(source, list) and (not isinstance(source[0], list) or _is_stack(source[0]))
        places = [(entry, (*path, index)) for index, entry in enumerate(source)] if several else [(source, path)]
        read = self.hermitian if hermitian else self.operator
        found = [read(entry, place) for entry, place in places]
        return None if any(matrix is None for matrix in found) else [m for m in found if m is not None]

    def state(self, text: str, path: KeyPath) -> ComplexMatrix | None:
        """Return the density matrix (d, d) of an expression."""
        if self.space is None or self._hopeless(text):
            return None
        return self.faults.attempt(path, self._state, text)

    def _state(self, text: str) -> ComplexMatrix:
        assert self.space is not None
        found = parse_state(text, self.space, self.parameters)
        if self.twin is not None:
            require_power(found, parse_state(text, self.space, self.twin.parameters), self.ratio, 0)
        return found

    def _operator(self, source: Any, path: KeyPath, energy: bool) -> ComplexMatrix:
        assert self.space is not None
        name = next(part for part in reversed(path) if isinstance(part, str))
        if source == "all":
            return np.ones((self.space.dimension, self.space.dimension), dtype=np.complex128)
        if isinstance(source, str):
            if energy and not self.units.dimensionless and not set(names_in(source)) & set(self.parameters):
                raise InputError("must take its energies from [parameters], where they have units, but it names none.")
            return parse_operator(source, self.space, self.parameters)
        self.space.check_size()
        if isinstance(source, ArrayFile):
            matrix = load_array(self.faults.origin.folder / source.file, source.key) * self._file_unit(source, energy)
        else:
            matrix = np.array([[self._entry(entry, energy) for entry in row] for row in source])
        if matrix.ndim != 2:
            raise InputError(f"must be one matrix, but its shape is {matrix.shape}.")
        return as_operator(matrix, name, self.space.dimension)

    def _file_unit(self, source: ArrayFile, energy: bool) -> float:
        if source.unit is None and energy and not self.units.dimensionless:
            raise InputError("must have a unit in a model with units, as in { file = 'h.npy', unit = 'GHz' }.")
        if source.unit is None:
            return 1.0
        return self.units.energy(f"1 {source.unit}", {}, "unit")

    def _entry(self, entry: Any, energy: bool) -> complex:
        if energy and not self.units.dimensionless and not isinstance(entry, str) and entry != 0:
            raise InputError(f"must have units in its entries, as in `5 GHz`, but one is {entry:g}.")
        return self.units.parameter(entry, self.parameters, "entry")

    # ── functions of time ──

    def coefficient(self, source: Any, path: KeyPath) -> Coefficient | TabulatedCoefficient | None:
        """Return a function of time from an expression or a table."""
        if isinstance(source, DriveTable):
            times = [self.quantity(entry, "time", (*path, "times", k)) for k, entry in enumerate(source.times)]
            values = [self.number(entry, (*path, "values", k)) for k, entry in enumerate(source.values)]
            if None in times or None in values:
                return None
            return self.faults.attempt(path, TabulatedCoefficient, tuple(times), tuple(values))
        if self._hopeless(source):
            return None
        return self.faults.attempt(path, self._function, source)

    def check_drive(self, operator: Any, coefficient: Any, times: RealVector, index: int) -> None:
        """Note a fault where operator and coefficient of a drive together have not the unit of an energy."""
        if self.twin is None:
            return
        self.faults.attempt(("drive", index), self._check_drive, operator, coefficient, times)

    def _check_drive(self, operator: Any, coefficient: Any, times: RealVector) -> None:
        assert self.twin is not None
        place: KeyPath = ("drive", "operator")
        ours, theirs = self._operator(operator, place, False), self.twin._operator(operator, place, False)
        one, other = self.coefficient(coefficient, place), self.twin.coefficient(coefficient, place)
        if one is None or other is None:
            return
        samples = np.linspace(times[0], times[-1], 7)
        values, twins = one(samples), other(samples / self.ratio)
        require_power(values[:, None, None] * ours, twins[:, None, None] * theirs, self.ratio, 1)

    def _function(self, source: float | str) -> Coefficient:
        text = source if isinstance(source, str) else repr(source)
        function = parse_scalar(text, self.parameters)
        return Coefficient(function, function.derivative())

    def _hopeless(self, source: Any) -> bool:
        """Return whether an entry refers to a parameter whose own fault has been noted."""
        return bool(self.broken) and bool(names_used(source) & self.broken)


def names_used(source: Any) -> set[str]:
    """Return the names that the texts in an entry refer to; none for a text that cannot be read."""
    names: set[str] = set()
    for text in _texts(source):
        with contextlib.suppress(InputError):
            names |= set(names_in(text))
    return names


def _infinite(value: Any) -> bool:
    return value == math.inf or (isinstance(value, str) and value.strip() in ("inf", "+inf", "∞"))


def _texts(source: Any) -> Sequence[str]:
    if isinstance(source, str):
        return [source]
    if isinstance(source, list):
        return [text for entry in source for text in _texts(entry)]
    return []


def _is_stack(rows: list[Any]) -> bool:
    """Return whether the first entry of a list is a matrix, so that the list holds several."""
    return bool(rows) and isinstance(rows[0], list)
