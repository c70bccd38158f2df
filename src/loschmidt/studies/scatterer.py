"""The kind "scatterer": build what a particle meets, scatter its state, and keep the ledger."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from pydantic import ValidationError

from loschmidt.errors import InputError, Problem
from loschmidt.evolution.evolve import Method
from loschmidt.evolution.transmission import transmit
from loschmidt.ledger.build import build_ledger
from loschmidt.processes import scattering
from loschmidt.processes.channels import Channel
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.electron_phonon import frozen_ion, quantum_ion
from loschmidt.processes.expressions import Site
from loschmidt.processes.scattering import Scatterer
from loschmidt.studies import scatterer_spec as files
from loschmidt.studies.arrays import load_array
from loschmidt.studies.faults import Faults
from loschmidt.studies.fields import ArrayFile
from loschmidt.studies.initial import input_state
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.origin import Origin
from loschmidt.typing import ComplexMatrix
from loschmidt.units import UnitSystem

__all__ = ["further_problems", "run"]

_Result = TypeVar("_Result")
#: A joint unitary is worth its ledger up to this many dimensions.
_LARGEST_JOINT = 256


def run(spec: files.ScattererSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the scatterer, scatter the state and keep its ledger."""
    if method is not None:
        raise InputError("`--method` has no meaning for a scatterer, which acts once.")
    faults = Faults(spec.origin)
    reader = PlainReader(spec.parameters, faults)
    process = _Builder(reader).build(spec.scatterer)
    state = None
    if process is not None:
        channel = process.channel if isinstance(process, Dilation) else process
        space = reader.on((Site("lead", channel.dimension_in, "levels"),))
        state = input_state(space, spec.initial, channel, None)
    if process is None or state is None or faults.problems:
        raise faults.error()
    evolution = transmit(process, state)
    ledger = build_ledger(evolution, title=spec.title, progress=progress)
    return Outcome(ledger, UnitSystem(), process, evolution, ())


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return nothing: a scatterer has no part that can be read while another cannot."""
    return []


class _Builder:
    """Builds one scatterer; each step returns None where a fault, noted here, stands in its way."""

    def __init__(self, reader: PlainReader) -> None:
        self.reader = reader
        self.faults = reader.faults

    def build(self, given: Any) -> Channel | Dilation | None:
        found = self._made(given)
        if isinstance(found, Scatterer):
            return self.faults.attempt(("scatterer",), _process_of, found)
        return found

    def _made(self, given: Any) -> Scatterer | Channel | None:
        match given:
            case files.LeadsSpec():
                return self._leads(given)
            case files.SpinCloudSpec():
                s, strength = self._matrix(given), self._value(given, "strength")
                spin = self._values(given, "spin")
                if s is None or strength is None or spin is None:
                    return None
                return self._attempt(scattering.half_line_scatterer, s, given.spins, strength, spin)
            case files.PlanarArraySpec():
                return self._planar(given)
            case files.PhotonSpec():
                s, photons = self._barrier(given), self._value(given, "emitted_photons")
                thermal = self._value(given, "thermal_photons")
                if s is None or photons is None or thermal is None:
                    return None
                return self._attempt(scattering.photon_scatterer, s, photons, thermal)
            case files.SpinPassageSpec():
                s, vector, spin = (
                    self._barrier(given),
                    self._values(given, "rotation_vector"),
                    self._values(given, "spin"),
                )
                if s is None or vector is None or spin is None:
                    return None
                return self._attempt(_spin_passage, s, vector, spin)
            case files.FrozenIonSpec():
                s, numbers = self._matrix(given), self._values(given, "wave_numbers")
                variance = self._value(given, "variance")
                if s is None or numbers is None or variance is None:
                    return None
                return self._attempt(lambda: frozen_ion(s, numbers, variance=variance).channel)
        return self._quantum_ion(given)

    def _leads(self, given: files.LeadsSpec) -> Scatterer | None:
        s, spin = self._matrix(given), self._values(given, "spin")
        turns = None
        if given.rotation_vectors is None:
            turns = self._attempt(scattering.paper_rotations, given.leads)
        elif (vectors := self._values(given, "rotation_vectors")) is not None:
            turns = self._attempt(scattering.spin_rotations, vectors)
        if s is None or spin is None or turns is None:
            return None
        many = np.broadcast_to(turns, (given.spins, *turns.shape))
        return self._attempt(lambda: scattering.n_lead_scatterer(s, many, bloch_vectors=spin))

    def _planar(self, given: files.PlanarArraySpec) -> Scatterer | None:
        s, weights, out = (
            self._matrix(given),
            self._values(given, "up_probabilities"),
            self._values(given, "angles_out"),
        )
        into = None if given.angles_in is None else self._values(given, "angles_in")
        if s is None or weights is None or out is None or (given.angles_in is not None and into is None):
            return None
        return self._attempt(lambda: scattering.planar_array_scatterer(s, weights, angles_out=out, angles_in=into))

    def _quantum_ion(self, given: files.QuantumIonSpec) -> Channel | None:
        names = ("hopping", "coupling", "duration", "frequency", "variance")
        values = [self._value(given, name) for name in names]
        temperature = self.reader.on(()).quantity(given.temperature, "temperature", ("scatterer", "temperature"))
        known = [value for value in values if value is not None]
        if temperature is None or len(known) < len(names):
            return None
        hopping, coupling, duration, frequency, variance = known
        return self._attempt(
            lambda: quantum_ion(given.sites, hopping, coupling, duration, frequency, temperature, variance).channel
        )

    def _matrix(self, given: Any) -> ComplexMatrix | None:
        if (given.splitter is None) == (given.scattering_matrix is None):
            self.faults.add(("scatterer",), "must have one of `splitter` and `scattering_matrix`.")
            return None
        if given.splitter == "buttiker":
            if given.leads != 3:
                self.faults.add(
                    ("scatterer", "leads"), f"must be 3 for the splitter buttiker, but it is {given.leads}."
                )
                return None
            return scattering.buttiker_splitter()
        if given.splitter is not None:
            make = scattering.symmetric_splitter if given.splitter == "symmetric" else scattering.balanced_splitter
            return make(given.leads)
        place = ("scatterer", "scattering_matrix")
        if isinstance(given.scattering_matrix, ArrayFile):
            source = given.scattering_matrix
            return self.faults.attempt(place, load_array, self.faults.origin.folder / source.file, source.key)
        sites = (Site("lead", len(given.scattering_matrix), "levels"),)
        return self.reader.on(sites).operator(given.scattering_matrix, place)

    def _barrier(self, given: Any) -> ComplexMatrix | None:
        transmission, phase = self._value(given, "transmission"), self._value(given, "phase")
        if transmission is None or phase is None:
            return None
        return self._attempt(scattering.two_lead_splitter, transmission, phase)

    def _value(self, given: Any, name: str) -> float | None:
        return self.reader.number(getattr(given, name), ("scatterer", name))

    def _values(self, given: Any, name: str) -> Any:
        return self.reader.numbers(getattr(given, name), ("scatterer", name))

    def _attempt(self, function: Callable[..., _Result], *arguments: Any) -> _Result | None:
        return self.faults.attempt(("scatterer",), function, *arguments)


def _spin_passage(s: ComplexMatrix, vector: Any, spin: Any) -> Scatterer:
    turn, state = scattering.spin_rotations(vector[None])[0], scattering.bloch_states(spin[None])[0]
    return scattering.passage_scatterer(s, turn, state)


def _process_of(scatterer: Scatterer) -> Channel | Dilation:
    """Return the joint unitary where it is known and small, so that the ledger can look at the reservoir too."""
    parts, n, _, rows, columns = scatterer.transitions.shape
    if rows == columns and math.log(n) + parts * math.log(rows) <= math.log(_LARGEST_JOINT) + 1e-9:
        return scatterer.dilation
    return scatterer.channel
