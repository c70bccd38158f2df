"""From the text of a model to its physics: process, initial state and times, or every fault at once."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from loschmidt.checks import as_times
from loschmidt.errors import InputError, Problem
from loschmidt.evolution.evolve import Method, OpenSystem
from loschmidt.processes.expressions import Space
from loschmidt.studies import spec as files
from loschmidt.studies.dimensions import other_units
from loschmidt.studies.equations import Ingredients, build_baths, build_equation, kind_of_equation
from loschmidt.studies.faults import Faults
from loschmidt.studies.initial import initial_state
from loschmidt.studies.methods import choose_method
from loschmidt.studies.origin import Origin
from loschmidt.studies.reading import Reader, names_used
from loschmidt.studies.systems import mode_projectors, place_of, space_of
from loschmidt.typing import ComplexMatrix, RealVector
from loschmidt.units import UnitSystem

__all__ = ["Parts", "Prepared", "SystemBuilder", "build_model", "faults_of"]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A model ready to run.

    Attributes
    ----------
    process : Generator or DrivenGenerator
        What happens.
    state : (d, d)
        At the first time.
    times : (T,)
        When to look.
    method : Method or None
        None: the one that fits.
    units : UnitSystem
        For reports.
    mode_projectors : tuple of (d, d)
        Onto the last kept level of each mode.
    remarks : tuple of str
        What the construction warned of.

    Examples
    --------
    >>> from loschmidt.studies import build_model, builtin_model
    >>> build_model(builtin_model("landau-zener")).process.follows
    True
    """

    process: OpenSystem
    state: ComplexMatrix
    times: RealVector
    method: Method | None
    units: UnitSystem
    mode_projectors: tuple[ComplexMatrix, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """The sections of a model that could be read; None for one that could not, whose fault is known."""

    system: files.SystemSpec | None
    initial: files.InitialSpec | None
    times: files.TimesSpec | None
    drive: list[files.DriveSpec | None] | None
    bath: list[files.BathSpec | None] | None
    units: files.UnitsSpec | None
    equation: files.EquationSpec | None
    method: files.MethodSpec | None
    parameters: Mapping[str, Any]
    broken: frozenset[str] = field(default=frozenset())


def build_model(spec: files.OpenSystemSpec, method: str | Method | None = None) -> Prepared:
    """Return the physics of a model.

    Parameters
    ----------
    spec : ModelSpec
        From :func:`load_model`, or made in Python.
    method : str or Method, optional
        Instead of the method that the model names.

    Raises
    ------
    ModelFileError
        With every fault that was found.

    Examples
    --------
    >>> from loschmidt.studies import build_model, builtin_model
    >>> build_model(builtin_model("qubit-relaxation")).process.bath_names
    ('cold',)
    """
    sections = {name: getattr(spec, name) for name in Parts.__dataclass_fields__ if name != "broken"}
    faults = Faults(spec.origin)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        prepared = SystemBuilder(Parts(**sections), faults).build(method)
    if prepared is None:
        raise faults.error()
    remarks = tuple(dict.fromkeys(str(one.message) for one in caught))
    return Prepared(**{**vars(prepared), "remarks": remarks})


def faults_of(parts: Parts, origin: Origin) -> list[Problem]:
    """Return the faults in the sections that could be read, for a model of which some could not."""
    faults = Faults(origin)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        SystemBuilder(parts, faults).build(None)
    return faults.problems


class SystemBuilder:
    """Builds section after section; each step returns None where a fault, noted here or known, stands in its way."""

    def __init__(self, parts: Parts, faults: Faults) -> None:
        self.parts = parts
        self.faults = faults

    def build(self, method: str | Method | None) -> Prepared | None:
        """Return the physics of the model, or None after noting every fault."""
        units = self._units()
        if units is None:
            return None
        reader = self._reader(units)
        times = self._times(reader)
        hamiltonian, number = self._operators(reader)
        terms = self._terms(reader, times)
        process = self._process(reader, hamiltonian, number, terms, times)
        state = None if self.parts.initial is None else initial_state(reader, self.parts.initial, process, times)
        chosen = self._method(method)
        if self.faults.problems or process is None or state is None or times is None or reader.space is None:
            return None
        return Prepared(process, state, times, chosen, units, mode_projectors(reader.space), ())

    def _units(self) -> UnitSystem | None:
        given = self.parts.units
        if given is None:
            return UnitSystem()
        return self.faults.attempt(
            ("units",), UnitSystem, given.time, given.energy, given.temperature, given.power, given.entropy
        )

    def _reader(self, units: UnitSystem) -> Reader:
        failures: dict[str, InputError] = {}
        broken = _spread(self.parts.broken, self.parts.parameters)
        sound = {name: value for name, value in self.parts.parameters.items() if name not in broken}
        parameters = units.parameters(sound, failures)
        for name, error in failures.items():
            if "refers to a parameter that is wrong" not in str(error):
                self.faults.attempt(("parameters", name), _raise, error)
        broken |= set(failures)
        space = self._space()
        if units.dimensionless:
            return Reader(self.faults, units, parameters, frozenset(broken), space)
        other, ratio = other_units(units)
        twin = Reader(self.faults, other, other.parameters(sound, {}), frozenset(broken), space)
        return Reader(self.faults, units, parameters, frozenset(broken), space, twin, ratio)

    def _space(self) -> Space | None:
        system = self.parts.system
        return None if system is None else self.faults.attempt(place_of(system), space_of, system, self.faults.origin)

    def _times(self, reader: Reader) -> RealVector | None:
        given = self.parts.times
        if given is None:
            return None
        if given.values is not None:
            for key in ("start", "stop", "points", "scale"):
                if key in given.model_fields_set:
                    self.faults.add(("times", key), "must not stand beside `values`; give one of them.")
            entries = [reader.quantity(value, "time", ("times", "values", k)) for k, value in enumerate(given.values)]
            return None if None in entries else self.faults.attempt(("times", "values"), as_times, entries, "values")
        if given.stop is None:
            self.faults.add(("times",), "must have a `stop`, or `values`.")
            return None
        start = reader.quantity(given.start, "time", ("times", "start"))
        stop = reader.quantity(given.stop, "time", ("times", "stop"))
        if start is None or stop is None:
            return None
        return self._grid(start, stop, given)

    def _grid(self, start: float, stop: float, given: files.TimesSpec) -> RealVector | None:
        if not stop > start:
            self.faults.add(("times", "stop"), f"must be later than start = {start:g}, but it is {stop:g}.")
            return None
        if given.scale == "log" and not start > 0:
            self.faults.add(("times", "start"), f"must be positive on a log scale, but it is {start:g}.")
            return None
        grid = np.geomspace if given.scale == "log" else np.linspace
        return self.faults.attempt(("times",), as_times, grid(start, stop, given.points), "times")

    def _operators(self, reader: Reader) -> tuple[ComplexMatrix | None, ComplexMatrix | None]:
        system = self.parts.system
        if system is None:
            return None, None
        number = None
        if system.number is not None:
            number = reader.hermitian(system.number, ("system", "number"))
        return reader.hermitian(system.hamiltonian, ("system", "hamiltonian"), energy=True), number

    def _terms(self, reader: Reader, times: RealVector | None) -> list[tuple[ComplexMatrix, Any]] | None:
        if self.parts.drive is None:
            return None
        found = [
            None if drive is None else self._term(reader, drive, index, times)
            for index, drive in enumerate(self.parts.drive)
        ]
        terms = [term for term in found if term is not None]
        return terms if len(terms) == len(found) else None

    def _term(
        self, reader: Reader, drive: files.DriveSpec, index: int, times: RealVector | None
    ) -> tuple[ComplexMatrix, Any] | None:
        """Return operator and coefficient of one drive, on the sites of the reader."""
        operator = reader.hermitian(drive.operator, ("drive", index, "operator"), checked=False)
        place = ("drive", index, "coefficient")
        coefficient = reader.coefficient(drive.coefficient, place)
        if coefficient is not None and times is not None:
            self.faults.attempt(place, _check_coefficient, coefficient, times)
        if operator is not None and coefficient is not None and times is not None:
            reader.check_drive(drive.operator, drive.coefficient, times, index)
        return None if operator is None or coefficient is None else (operator, coefficient)

    def _process(
        self,
        reader: Reader,
        hamiltonian: ComplexMatrix | None,
        number: ComplexMatrix | None,
        terms: list[tuple[ComplexMatrix, Any]] | None,
        times: RealVector | None,
    ) -> OpenSystem | None:
        parts = self.parts
        kind, follow, chosen = None, False, {"free": None, "energy": None, "cluster_width": None}
        if parts.equation is not None:
            kind = kind_of_equation(parts.equation, parts.bath or [])
            follow, chosen = build_equation(reader, parts.equation, kind, bool(parts.drive))
        baths = None
        if parts.bath is not None:
            observable = hamiltonian if chosen["energy"] is None else chosen["energy"]
            baths = build_baths(reader, parts.bath, kind, observable, hamiltonian)
        if self.faults.problems or kind is None or baths is None or hamiltonian is None or terms is None:
            return None
        assert reader.space is not None
        ready = Ingredients(
            kind=kind,
            follow=follow,
            hamiltonian=hamiltonian,
            terms=terms,
            baths=baths,
            number=number,
            dims=reader.space.dims,
            **chosen,
        )
        return self.faults.attempt(("equation",), ready.process)

    def _method(self, method: str | Method | None) -> Method | None:
        if method is not None and not isinstance(method, str):
            return method
        given = self.parts.method
        if method is not None:
            return choose_method(method)
        if given is None:
            return None
        options = {key: value for key in ("rtol", "atol") if (value := getattr(given, key)) is not None}
        if given.name is None:
            for key in options:
                self.faults.add(("method", key), "needs the `name` of a method beside it.")
            return None
        return self.faults.attempt(("method", "name"), choose_method, given.name, options)


def _check_coefficient(coefficient: Any, times: RealVector) -> None:
    """Raise where a drive or its rate of change is not finite at a time of the run, or a table ends too early."""
    coefficient(times)
    coefficient.rate(times)


def _spread(broken: Collection[str], parameters: Mapping[str, Any]) -> set[str]:
    """Return the names of the broken parameters and of all that refer to them."""
    found = set(broken)
    while True:
        more = {name for name, value in parameters.items() if found & names_used(value)} - found
        if not more:
            return found
        found |= more


def _raise(error: InputError) -> None:
    raise error
