"""The kind "channel": build a channel, or a unitary with its reservoir, send a state through, and keep the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from loschmidt.errors import InputError, Problem
from loschmidt.evolution.evolve import Method
from loschmidt.evolution.transmission import transmit
from loschmidt.ledger.build import build_ledger
from loschmidt.processes import channels
from loschmidt.processes.channels import Channel
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.expressions import Site, Space
from loschmidt.studies import channel_spec as files
from loschmidt.studies.arrays import load_array
from loschmidt.studies.faults import Faults
from loschmidt.studies.fields import ArrayFile
from loschmidt.studies.initial import given_state, input_state
from loschmidt.studies.joint import joint_unitary, reservoir_state
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.origin import Origin
from loschmidt.studies.reading import Reader
from loschmidt.studies.systems import sites_of
from loschmidt.typing import ComplexMatrix
from loschmidt.units import UnitSystem

__all__ = ["further_problems", "run"]


def run(spec: files.ChannelSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the channel, send the state through and keep its ledger."""
    if method is not None:
        raise InputError("`--method` has no meaning for a channel, which is applied once.")
    faults = Faults(spec.origin)
    built = _Builder(spec, faults).build()
    if built is None:
        raise faults.error()
    process, state, hamiltonian = built
    evolution = transmit(process, state, hamiltonian)
    ledger = build_ledger(evolution, title=spec.title, progress=progress)
    return Outcome(ledger, UnitSystem(), process, evolution, ())


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return nothing: a channel has no part that can be read while another cannot."""
    return []


class _Builder:
    """Builds part after part; each step returns None where a fault, noted here, stands in its way."""

    def __init__(self, spec: files.ChannelSpec, faults: Faults) -> None:
        self.spec = spec
        self.faults = faults
        self.reader = PlainReader(spec.parameters, faults)
        self.system = faults.attempt(("system",), sites_of, spec.system, "system") or ()

    def build(self) -> tuple[Channel | Dilation, ComplexMatrix, ComplexMatrix | None] | None:
        process = self._process()
        if process is None:
            return None
        channel = process.channel if isinstance(process, Dilation) else process
        reader = self.reader.on(self.system or (Site("system", channel.dimension_in, "levels"),))
        hamiltonian = self._hamiltonian(reader, self.spec.system.hamiltonian, "system")
        state = input_state(reader, self.spec.initial, channel, hamiltonian)
        return None if state is None or self.faults.problems else (process, state, hamiltonian)

    def _process(self) -> Channel | Dilation | None:
        given = self.spec.channel
        if self.spec.reservoir is not None and not isinstance(given, files.UnitarySpec):
            self.faults.add(("reservoir",), "belongs to a channel of type unitary; leave it out.")
        if isinstance(given, files.UnitarySpec):
            return self._dilation(given)
        channel = self._matrices(given) if isinstance(given, files.MatrixSpec) else self._standard(given)
        if channel is not None and self.system and channel.dimension_in != Space(self.system).dimension:
            self.faults.add(
                ("system",),
                f"must have the dimension {channel.dimension_in} of what the channel takes, but it has "
                f"{Space(self.system).dimension}.",
            )
            return None
        return channel

    # ── channels ──

    def _matrices(self, given: files.MatrixSpec) -> Channel | None:
        if isinstance(given, files.KrausSpec):
            path: KeyPath = ("channel", "operators")
            stack = self._array(given.operators, path)
            if stack is None and not isinstance(given.operators, ArrayFile):
                stack = self.reader.on(self._sites(given.operators)).operators(given.operators, path, hermitian=False)
            return None if stack is None else self.faults.attempt(path, Channel.from_kraus, stack)
        assert isinstance(given, (files.ChoiSpec, files.SuperoperatorSpec))
        path = ("channel", "matrix")
        matrix = self._array(given.matrix, path)
        if matrix is None and not isinstance(given.matrix, ArrayFile):
            matrix = self.reader.on(self._sites(given.matrix)).operator(given.matrix, path)
        if matrix is None:
            return None
        if isinstance(given, files.SuperoperatorSpec):
            return self.faults.attempt(path, Channel.from_superoperator, matrix)
        dims = None
        if given.dimension_in is not None and len(matrix) % given.dimension_in == 0:
            dims = (given.dimension_in, len(matrix) // given.dimension_in)
        return self.faults.attempt(path, Channel.from_choi, matrix, dims)

    def _standard(self, given: Any) -> Channel | None:
        dimension = Space(self.system).dimension if self.system else 2
        match given:
            case files.ResetSpec():
                reader = self.reader.on(self._sites(given.state))
                state = given_state(reader, given.state, ("channel", "state"))
                return None if state is None else self.faults.attempt(("channel",), channels.reset_channel, state)
            case files.PauliSpec():
                place: KeyPath = ("channel", "probabilities")
                weights = [self.reader.number(value, (*place, k)) for k, value in enumerate(given.probabilities)]
                return None if None in weights else self.faults.attempt(place, channels.pauli_channel, weights)
        p = self.reader.number(given.probability, ("channel", "probability"))
        if p is None:
            return None
        match given:
            case files.AmplitudeDampingSpec():
                excited = self.reader.number(given.excited_population, ("channel", "excited_population"))
                make, arguments = channels.generalised_amplitude_damping, (p, excited)
                return None if excited is None else self.faults.attempt(("channel",), make, *arguments)
            case files.DepolarisingSpec():
                return self.faults.attempt(("channel",), channels.depolarising, dimension, p)
            case files.DephasingSpec():
                return self.faults.attempt(("channel",), channels.dephasing, dimension, p)
        return self.faults.attempt(("channel",), channels.erasure_channel, dimension, p)

    # ── a unitary with its reservoir ──

    def _dilation(self, given: files.UnitarySpec) -> Dilation | None:
        table = self.spec.reservoir
        if table is None:
            self.faults.add(("reservoir",), "must be given for a unitary: its sites and its state.")
            return None
        reservoir = self.faults.attempt(("reservoir",), sites_of, table, "reservoir") or ()
        if not self.system or not reservoir:
            missing = "system" if not self.system else "reservoir"
            self.faults.add((missing,), "must name its sites, so that the dimensions of both sides are known.")
            return None
        joint = self.faults.attempt(("reservoir",), Space, (*self.system, *reservoir))
        if joint is None:
            return None
        unitary = joint_unitary(self.reader, joint, given, "channel")
        other = self.reader.on(reservoir)
        h_reservoir = self._hamiltonian(other, table.hamiltonian, "reservoir")
        state = reservoir_state(other, table, h_reservoir, "reservoir")
        if unitary is None or state is None or self.faults.problems:
            return None
        dims = (Space(self.system).dimension, Space(reservoir).dimension)
        return self.faults.attempt(("channel", "unitary"), Dilation, unitary, state, dims, None, h_reservoir)

    def _hamiltonian(self, reader: Reader, source: Any, table: str) -> ComplexMatrix | None:
        return None if source is None else reader.hermitian(source, (table, "hamiltonian"))

    # ── inside ──

    def _sites(self, source: Any) -> tuple[Site, ...]:
        """Return the sites on which an entry lives: those of the system, or as many levels as its matrix has rows."""
        if self.system:
            return self.system
        rows = source
        while (
            isinstance(rows, list) and rows and isinstance(rows[0], list) and rows[0] and isinstance(rows[0][0], list)
        ):
            rows = rows[0]
        if isinstance(rows, list) and rows and isinstance(rows[0], list):
            return (Site("system", len(rows), "levels"),)
        self.faults.add(("system",), "must name its sites, because the channel is given by expressions.")
        return ()

    def _array(self, source: Any, path: KeyPath) -> Any:
        if not isinstance(source, ArrayFile):
            return None
        return self.faults.attempt(path, load_array, self.faults.origin.folder / source.file, source.key)
