"""The kind "gas": build von Neumann's gas, make it pure, and keep the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from loschmidt.errors import InputError, Problem
from loschmidt.evolution.evolve import Method, evolve
from loschmidt.ledger.build import build_ledger
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.expressions import Space
from loschmidt.processes.von_neumann_gas import VonNeumannGas, von_neumann_gas
from loschmidt.studies import classical_spec as files
from loschmidt.studies.faults import Faults
from loschmidt.studies.initial import input_state
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.origin import Origin
from loschmidt.studies.systems import sites_of
from loschmidt.typing import ComplexMatrix
from loschmidt.units import UnitSystem

__all__ = ["further_problems", "run"]


def run(spec: files.GasSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the gas, make it pure and keep its ledger."""
    if method is not None:
        raise InputError("`--method` has no meaning for a gas, whose steps are exact.")
    faults = Faults(spec.origin)
    built = _built(spec, PlainReader(spec.parameters, faults))
    if built is None or faults.problems:
        raise faults.error()
    gas, state = built
    evolution = faults.attempt(("initial",), evolve, gas, state)
    if evolution is None:
        raise faults.error()
    return Outcome(build_ledger(evolution, title=spec.title), UnitSystem(), gas, evolution, ())


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return nothing: a gas has no part that can be read while another cannot."""
    return []


def _built(spec: files.GasSpec, reader: PlainReader) -> tuple[VonNeumannGas, ComplexMatrix] | None:
    faults, given = reader.faults, spec.gas
    sites = faults.attempt(("gas",), sites_of, given, "atom")
    if sites == ():
        faults.add(("gas",), "must name the levels of an atom by one of qubits, levels, modes, sites.")
    space = faults.attempt(("gas",), Space, sites) if sites else None
    if space is None:
        return None
    on = reader.on(space.sites)
    temperature = reader.number(given.temperature, ("gas", "temperature"))
    hamiltonian = None if given.hamiltonian is None else on.hermitian(given.hamiltonian, ("gas", "hamiltonian"))
    walls = None if given.walls is None else reader.numbers(given.walls, ("gas", "walls"))
    state = input_state(on, spec.initial, Channel.from_kraus([np.eye(space.dimension)]), hamiltonian)
    if temperature is None or state is None or faults.problems:
        return None
    heat: float = temperature
    gas = faults.attempt(("gas",), lambda: von_neumann_gas(given.atoms, heat, hamiltonian=hamiltonian, walls=walls))
    return None if gas is None else (gas, state)
