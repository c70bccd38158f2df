"""The kind "thermal-operation": build environments and unitary, apply it once, and keep the ledger."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from pydantic import ValidationError

from loschmidt.errors import InputError, Problem
from loschmidt.evolution.evolve import Method, evolve
from loschmidt.evolution.trajectories import (
    enumerate_trajectories,
    fluctuation_averages,
    fluctuation_theorems,
    sample_trajectories,
    two_point_measurement,
)
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.trajectories import with_trajectories
from loschmidt.processes.expressions import Site, Space
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    random_thermal_operation,
    thermal_operation_by_exchange,
    thermal_operation_from_potential,
)
from loschmidt.studies import thermal_spec as files
from loschmidt.studies.faults import Faults
from loschmidt.studies.initial import input_state
from loschmidt.studies.joint import joint_unitary
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.origin import Origin
from loschmidt.studies.systems import place_of, sites_of, space_of
from loschmidt.typing import ComplexMatrix
from loschmidt.units import UnitSystem

__all__ = ["further_problems", "run"]

_Result = TypeVar("_Result")


def run(spec: files.ThermalSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the thermal operation, apply it and keep its ledger."""
    if method is not None:
        raise InputError("`--method` has no meaning for a thermal operation, which acts once.")
    faults = Faults(spec.origin)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        built = _Builder(spec, PlainReader(spec.parameters, faults)).build()
    if built is None or faults.problems:
        raise faults.error()
    operation, state = built
    evolution = evolve(operation, state)
    remarks = tuple(dict.fromkeys(str(one.message) for one in caught))
    ledger = build_ledger(evolution, title=spec.title)
    if spec.trajectories is not None:
        ledger = _with_trajectories(ledger, operation, state, spec.trajectories)
    return Outcome(ledger, UnitSystem(), operation, evolution, remarks)


def _with_trajectories(
    ledger: Ledger, operation: ThermalOperation, state: ComplexMatrix, asked: files.TwoPointSpec
) -> Ledger:
    measurement = two_point_measurement(operation, state)
    if asked.method == "enumeration":
        statistics = enumerate_trajectories(measurement, histograms=asked.histograms)
    else:
        rng = np.random.default_rng(asked.seed)
        statistics = sample_trajectories(measurement, asked.samples, rng, histograms=asked.histograms)
    averages = fluctuation_averages(measurement)
    return with_trajectories(ledger, statistics, averages, fluctuation_theorems(statistics, averages))


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return nothing: a thermal operation has no part that can be read while another cannot."""
    return []


class _Builder:
    """Builds part after part; each step returns None where a fault, noted here, stands in its way."""

    def __init__(self, spec: files.ThermalSpec, reader: PlainReader) -> None:
        self.spec = spec
        self.reader = reader
        self.faults = reader.faults

    def build(self) -> tuple[ThermalOperation, ComplexMatrix] | None:
        space = self.faults.attempt(place_of(self.spec.system), space_of, self.spec.system, self.faults.origin)
        if space is None:
            return None
        on = self.reader.on(space.sites)
        hamiltonian = on.hermitian(self.spec.system.hamiltonian, ("system", "hamiltonian"))
        sites = list(space.sites)
        environments = [self._environment(k, one, sites) for k, one in enumerate(self.spec.environment)]
        known = [one for one in environments if one is not None]
        if hamiltonian is None or len(known) < len(environments):
            return None
        operation = self._operation(hamiltonian, known, tuple(sites))
        if operation is None:
            return None
        state = input_state(on, self.spec.initial, operation.channel, hamiltonian)
        return None if state is None else (operation, state)

    def _environment(self, index: int, given: files.EnvironmentSpec, sites: list[Site]) -> GibbsEnvironment | None:
        place = ("environment", index)
        own = self.faults.attempt(place, sites_of, given, given.name) or ()
        if not own:
            self.faults.add(place, "must name its sites by one of qubits, levels, modes, sites.")
            return None
        hamiltonian = self.reader.on(own).hermitian(given.hamiltonian, (*place, "hamiltonian"))
        if given.temperature is None and given.beta is None:
            self.faults.add(place, "must have a `temperature` or a `beta`.")
            return None
        beta = self.reader.on(()).beta(given.temperature, given.beta, place)
        sites += own
        if hamiltonian is None or beta is None:
            return None
        return self.faults.attempt(place, GibbsEnvironment, hamiltonian, beta, given.name)

    def _operation(
        self, hamiltonian: ComplexMatrix, environments: list[GibbsEnvironment], sites: tuple[Site, ...]
    ) -> ThermalOperation | None:
        given = self.spec.operation
        match given:
            case files.RandomSpec():
                rng = np.random.default_rng(given.seed)
                return self._attempt(lambda: random_thermal_operation(hamiltonian, environments, rng))
            case files.ExchangeSpec():
                strengths = self.reader.numbers(given.strengths, ("operation", "strengths"))
                time = self.reader.number(given.time, ("operation", "time"))
                if strengths is None or time is None:
                    return None
                each = float(strengths) if strengths.ndim == 0 else list(strengths)
                span: float = time
                return self._attempt(
                    lambda: thermal_operation_by_exchange(hamiltonian, environments, each, span, given.ladder)
                )
        joint = self.faults.attempt(("environment",), Space, sites)
        if joint is None:
            return None
        if isinstance(given, files.PotentialSpec):
            potential = self.reader.on(joint.sites).hermitian(given.potential, ("operation", "potential"))
            time = self.reader.number(given.time, ("operation", "time"))
            if potential is None or time is None:
                return None
            length: float = time
            return self._attempt(lambda: thermal_operation_from_potential(potential, hamiltonian, environments, length))
        unitary = joint_unitary(self.reader, joint, given, "operation")
        if unitary is None:
            return None
        return self._attempt(lambda: ThermalOperation(unitary, hamiltonian, tuple(environments), allow_work=True))

    def _attempt(self, function: Callable[[], _Result]) -> _Result | None:
        return self.faults.attempt(("operation",), function)
