"""The kind "collisions": build a walk, a lap or a chain, follow it step by step, and keep the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from loschmidt.errors import InputError, Problem
from loschmidt.evolution.collisions import CollisionProcess, follow_collisions
from loschmidt.evolution.evolve import Method
from loschmidt.ledger.build import build_ledger
from loschmidt.processes.collisions import collision_chain, lap_model, two_level_walk
from loschmidt.processes.expressions import Site, Space
from loschmidt.studies import collision_spec as files
from loschmidt.studies.faults import Faults
from loschmidt.studies.initial import input_state
from loschmidt.studies.joint import joint_unitary, reservoir_state
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.origin import Origin
from loschmidt.studies.systems import sites_of
from loschmidt.typing import ComplexMatrix
from loschmidt.units import UnitSystem

__all__ = ["further_problems", "run"]

_Result = TypeVar("_Result")


def run(spec: files.CollisionSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the collisions, follow them and keep their ledger."""
    if method is not None:
        raise InputError("`--method` has no meaning for collisions, which are followed exactly.")
    faults = Faults(spec.origin)
    reader = PlainReader(spec.parameters, faults)
    built = _Builder(spec, reader).build()
    if built is None or faults.problems:
        raise faults.error()
    process, state = built
    evolution = follow_collisions(process, state, spec.steps, progress=progress)
    return Outcome(build_ledger(evolution, title=spec.title), UnitSystem(), process, evolution, ())


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return nothing: collisions have no part that can be read while another cannot."""
    return []


class _Builder:
    """Builds one process; each step returns None where a fault, noted here, stands in its way."""

    def __init__(self, spec: files.CollisionSpec, reader: PlainReader) -> None:
        self.spec = spec
        self.reader = reader
        self.faults = reader.faults

    def build(self) -> tuple[CollisionProcess, ComplexMatrix] | None:
        given = self.spec.collisions
        if self.spec.ancilla is not None and not isinstance(given, files.ChainSpec):
            self.faults.add(("ancilla",), "belongs to collisions of type chain; leave it out.")
        process: CollisionProcess | None
        match given:
            case files.WalkSpec():
                process = self._walk(given)
            case files.LapSpec():
                process = self._lap(given)
            case _:
                process = self._chain(given)
        if process is None:
            return None
        sites = self._sites() or (Site("system", process.channel.dimension_in, "levels"),)
        state = input_state(self.reader.on(sites), self.spec.initial, process.channel, None)
        return None if state is None else (process, state)

    def _walk(self, given: files.WalkSpec) -> CollisionProcess | None:
        p, r = self._value(given, "up_probability"), self._value(given, "reset")
        coin = self.reader.on((Site("q0"),))
        coins = {
            name: None if source is None else coin.operator(source, ("collisions", name))
            for name, source in (("coin_up", given.coin_up), ("coin_down", given.coin_down))
        }
        if p is None or r is None or self.faults.problems:
            return None
        return self._attempt(lambda: two_level_walk(given.sites, reset=r, p_up=p, **coins))

    def _lap(self, given: files.LapSpec) -> CollisionProcess | None:
        p, r = self._value(given, "up_probability"), self._value(given, "reset")
        return None if p is None or r is None else self._attempt(lambda: lap_model(given.systems, p_up=p, reset=r))

    def _chain(self, given: files.ChainSpec) -> CollisionProcess | None:
        system, table = self._sites(), self.spec.ancilla
        ancilla = () if table is None else self.faults.attempt(("ancilla",), sites_of, table, "ancilla") or ()
        if table is None or not system or not ancilla:
            missing = "system" if not system else "ancilla"
            self.faults.add((missing,), "must name its sites, so that the dimensions of both sides are known.")
            return None
        joint = self.faults.attempt(("ancilla",), Space, (*system, *ancilla))
        if joint is None:
            return None
        unitary = joint_unitary(self.reader, joint, given, "collisions")
        h_system, h_ancilla = (
            None if source is None else self.reader.on(sites).hermitian(source, (name, "hamiltonian"))
            for sites, source, name in (
                (system, self.spec.system.hamiltonian, "system"),
                (ancilla, table.hamiltonian, "ancilla"),
            )
        )
        state = reservoir_state(self.reader.on(ancilla), table, h_ancilla, "ancilla")
        reset = self._value(given, "reset")
        if unitary is None or state is None or reset is None or self.faults.problems:
            return None
        return self._attempt(
            lambda: collision_chain(
                unitary,
                state,
                memory=reset,
                ancillas=given.ancillas,
                system_hamiltonian=h_system,
                ancilla_hamiltonian=h_ancilla,
            )
        )

    def _sites(self) -> tuple[Site, ...]:
        return self.faults.attempt(("system",), sites_of, self.spec.system, "system") or ()

    def _value(self, given: Any, name: str) -> float | None:
        return self.reader.number(getattr(given, name), ("collisions", name))

    def _attempt(self, function: Callable[[], _Result]) -> _Result | None:
        return self.faults.attempt(("collisions",), function)
