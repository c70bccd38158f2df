"""The kind "heat-conduction": build two bars, let them conduct, and keep the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from loschmidt.errors import InputError, Problem
from loschmidt.evolution.evolve import Method, evolve
from loschmidt.ledger.build import build_ledger
from loschmidt.processes.heat_conduction import ConductingBars, conducting_bars
from loschmidt.studies import classical_spec as files
from loschmidt.studies.build import Parts, SystemBuilder
from loschmidt.studies.faults import Faults
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.origin import Origin
from loschmidt.typing import RealTensor, RealVector
from loschmidt.units import UnitSystem

__all__ = ["further_problems", "run"]


def run(spec: files.HeatConductionSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the bars, let them conduct and keep the ledger."""
    if method is not None:
        raise InputError("`--method` has no meaning for heat conduction, which is solved by its modes.")
    faults = Faults(spec.origin)
    prepared = _Builder(spec, faults).prepare()
    if prepared is None:
        raise faults.error()
    evolution = evolve(*prepared)
    return Outcome(build_ledger(evolution, title=spec.title), UnitSystem(), prepared[0], evolution, ())


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return nothing: bars are read together or not at all."""
    return []


class _Builder(SystemBuilder):
    """Reads times as any open system does, and bars; each step returns None where a fault stands in its way."""

    def __init__(self, spec: files.HeatConductionSpec, faults: Faults) -> None:
        super().__init__(Parts(None, None, spec.times, None, None, None, None, None, spec.parameters), faults)
        self.spec = spec

    def prepare(self) -> tuple[ConductingBars, RealTensor, RealVector] | None:
        """Return bars, temperatures and times, or None after noting every fault."""
        reader = PlainReader(self.spec.parameters, self.faults)
        times = self._times(reader.on(()))
        place = ("initial", "temperatures")
        temperatures = reader.numbers(self.spec.initial.temperatures, place)
        bars = self._bars(reader)
        if bars is not None and temperatures is not None:
            self.faults.attempt(place, bars.temperatures, temperatures, "temperatures")
        if self.faults.problems or bars is None or temperatures is None or times is None:
            return None
        return bars, temperatures, times

    def _bars(self, reader: PlainReader) -> ConductingBars | None:
        given = self.spec.bars
        known: dict[str, Any] = {
            name: reader.numbers(getattr(given, name), ("bars", name)) for name in ("heat_capacity", "conductance")
        }
        for name in ("contact_conductance", "cut"):
            value = getattr(given, name)
            known[name] = None if value is None else reader.number(value, ("bars", name))
        if self.faults.problems:
            return None
        (first, second), (one, other) = given.cells, given.names
        return self.faults.attempt(("bars",), lambda: conducting_bars((first, second), names=(one, other), **known))
