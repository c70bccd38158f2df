"""The kind "lattice": build fermions on a graph, run their protocol stage by stage, and keep the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from pydantic import ValidationError

from loschmidt.errors import InputError, Problem, ResourceError
from loschmidt.evolution.evolve import Method
from loschmidt.evolution.lattice import Chebyshev, LatticeRun, Observation, Trotter
from loschmidt.evolution.memory import available_memory, size_text
from loschmidt.ledger.lattices import keep_lattice
from loschmidt.processes import lattice as physics
from loschmidt.processes.lattice import Erase, ExactStep, Lattice, LatticeProtocol, LatticeSystem, PhaseOperator
from loschmidt.states.fock_amplitudes import LatticeState
from loschmidt.studies import lattice_spec as files
from loschmidt.studies.arrays import load_array
from loschmidt.studies.faults import Faults
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.lattice_storage import Storage, check_storage
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.origin import Origin
from loschmidt.units import UnitSystem

__all__ = ["Prepared", "further_problems", "prepare", "run"]

_RANDOM_BYTES = 48  # for each amplitude: real and imaginary parts, and their sum
_Result = TypeVar("_Result")
Prepared = tuple[LatticeProtocol, LatticeState, LatticeRun]


def run(spec: files.LatticeSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the lattice, run its protocol and keep its ledger."""
    if method is not None:
        raise InputError("`--method` has no meaning for a lattice; its file has a table [method].")
    protocol, initial, how = prepare(spec)
    storage = Storage.of(spec)
    evolution = storage.evolve(protocol, initial, how, progress=progress)
    unerased = None
    erases = any(isinstance(stage, Erase) and stage.phases.terms for stage in protocol.stages)
    if spec.compare_unerased and erases and isinstance(spec.protocol, files.TwoStepEchoSpec):
        forward = [stage for stage in protocol.stages[:2] if isinstance(stage, ExactStep)]
        plain = physics.two_step_echo(
            protocol.system, None, [one.time for one in forward], interaction_weight=forward[0].weight
        )
        few = replace(how, observe=Observation(False, False, False, False))
        unerased = storage.beside("unerased").evolve(plain, initial, few, progress=progress)
    ledger = keep_lattice(evolution, spec.title, unerased)
    return Outcome(ledger, UnitSystem(), protocol, evolution, tuple(storage.remarks))


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return nothing: a lattice has no part that can be read while another cannot."""
    return []


def prepare(spec: files.LatticeSpec) -> Prepared:
    """Return the protocol, the initial state and how to run, or raise the error that lists every fault."""
    faults = Faults(spec.origin)
    built = _Builder(spec, PlainReader(spec.parameters, faults)).build()
    if built is None or faults.problems:
        raise faults.error()
    return built


def _random_state(system: LatticeSystem, rng: np.random.Generator) -> LatticeState:
    needed, free = _RANDOM_BYTES * float(system.dimension), available_memory()
    if needed > free:
        raise ResourceError(
            f"a random state needs {size_text(needed)} of memory while it is drawn, wherever it is kept later, but "
            f"{size_text(free)} are free. Start from a domain wall, a Fock state or a Fermi sea."
        )
    return physics.random_lattice_state(system, rng)


class _Builder:
    """Builds part after part; each step returns None where a fault, noted here, stands in its way."""

    def __init__(self, spec: files.LatticeSpec, reader: PlainReader) -> None:
        self.spec = spec
        self.reader = reader
        self.faults = reader.faults

    def build(self) -> Prepared | None:
        system = self._system()
        check_storage(self.spec, self.faults)
        if system is None:
            return None
        protocol, initial = self._protocol(system), self._initial(system)
        if protocol is None or initial is None or self.faults.problems:
            return None
        return protocol, initial, self._how()

    # ── what there is ──

    def _system(self) -> LatticeSystem | None:
        lattice = self._lattice()
        members = self.spec.species
        hopping = [self.reader.number(one.hopping, ("species", k, "hopping")) for k, one in enumerate(members)]
        potentials = [
            np.zeros(0 if lattice is None else lattice.sites)
            if one.potential is None
            else self.reader.numbers(one.potential, ("species", k, "potential"))
            for k, one in enumerate(members)
        ]
        interaction = self._interaction()
        known = [one for one in potentials if one is not None]
        if lattice is None or interaction is None or None in hopping or len(known) < len(potentials):
            return None
        for k, one in enumerate(known):
            if one.shape != (lattice.sites,):
                self.faults.add(("species", k, "potential"), f"must have {lattice.sites} entries, one for each site.")
                return None
        return self._attempt(
            ("species",),
            lambda: physics.lattice_system(
                lattice,
                [one.particles for one in members],
                hopping=hopping,
                interaction=interaction,
                potentials=np.stack(known),
                species=[one.name for one in members],
                statistics=self.spec.statistics,
            ),
        )

    def _interaction(self) -> Any:
        given = self.spec.interaction
        if not isinstance(given, dict):
            return self.reader.numbers(given, ("interaction",))
        found = {}
        for name, value in given.items():
            pair = tuple(name.split("-"))
            number = self.reader.numbers(value, ("interaction", name))
            if len(pair) != 2 or number is None:
                self.faults.add(("interaction", name), "must be named after two species, as in tau-upsilon.")
                return None
            found[pair] = number
        return found

    def _lattice(self) -> Lattice | None:
        given = self.spec.lattice
        weights = self.reader.numbers(given.weights, ("lattice", "weights"))
        wanted = {"chain": "sites", "ring": "sites", "grid": "shape", "edges": "edges"}[given.type]
        if getattr(given, wanted) is None or (given.type == "edges" and given.sites is None):
            self.faults.add(("lattice", wanted), f"must be given for a lattice of type {given.type}.")
            return None
        if weights is None:
            return None
        match given.type:
            case "chain":
                return self._attempt(("lattice",), lambda: Lattice.chain(given.sites or 0, weights))
            case "ring":
                return self._attempt(("lattice",), lambda: Lattice.ring(given.sites or 0, weights))
            case "grid":
                return self._attempt(("lattice",), lambda: Lattice.grid(given.shape or [], given.periodic, weights))
        return self._attempt(("lattice",), lambda: Lattice.from_edges(given.sites or 0, given.edges or [], weights))

    # ── what is done ──

    def _protocol(self, system: LatticeSystem) -> LatticeProtocol | None:
        given, place = self.spec.protocol, ("protocol",)
        match given:
            case files.TwoStepEchoSpec():
                times = self.reader.numbers(given.times, ("protocol", "times"))
                weight = self.reader.number(given.interaction_weight, ("protocol", "interaction_weight"))
                phases = self._phases(system, given, 1)
                if times is None or weight is None or phases is None:
                    return None
                return self._attempt(
                    place, lambda: physics.two_step_echo(system, phases[0], list(times), interaction_weight=weight)
                )
            case files.RepeatedErasureSpec():
                return self._repeated(system, given)
        span = self.reader.number(given.time, ("protocol", "time"))
        if span is None:
            return None
        total: float = span
        if isinstance(given, files.ExpansionSpec):
            return self._attempt(place, lambda: physics.domain_wall_expansion(system, total, given.records))
        return self._attempt(
            place,
            lambda: physics.built_in_eraser(
                system, total, given.repetitions, eraser=given.eraser, reverse_eraser=given.reverse_eraser
            ),
        )

    def _repeated(self, system: LatticeSystem, given: files.RepeatedErasureSpec) -> LatticeProtocol | None:
        time = self.reader.number(given.time, ("protocol", "time"))
        if not given.erase:
            self.faults.add(("protocol", "erase"), "must name at least one species.")
            return None
        phases = self._phases(system, given, given.repetitions if given.fresh else 1)
        if time is None or phases is None:
            return None
        return self._attempt(
            ("protocol",),
            lambda: physics.repeated_erasure(
                system,
                [(one, time) for one in phases if one is not None],
                repetitions=1 if given.fresh else given.repetitions,
                dynamics=given.dynamics,
                include_inverse=given.include_inverse,
                record_every=given.record_every,
            ),
        )

    def _phases(self, system: LatticeSystem, given: Any, count: int) -> list[PhaseOperator | None] | None:
        """Return `count` operators, or a single None where nothing is erased; None after noting a fault."""
        if not given.erase:
            return [None]
        angle = self.reader.number(given.angle, ("protocol", "angle"))
        if angle is None:
            return None
        rng = np.random.default_rng(given.seed)

        def make() -> PhaseOperator:
            match given.phases:
                case "random":
                    return physics.random_phases(system, given.erase, rng)
                case "deterministic":
                    return physics.deterministic_phases(system, given.erase)
            return physics.local_phases(system, given.site, dict.fromkeys(given.erase, angle))

        found = [self._attempt(("protocol", "erase"), make) for _ in range(count)]
        return None if None in found else found

    # ── where it starts, and how ──

    def _initial(self, system: LatticeSystem) -> LatticeState | None:
        given = self.spec.initial
        keys = [key for key in ("state", "fock", "amplitudes") if getattr(given, key) is not None]
        if len(keys) != 1:
            said = f"has {' and '.join(keys)}" if keys else "is empty"
            self.faults.add(("initial",), f"must have one of `state`, `fock`, `amplitudes`, but it {said}.")
            return None
        if given.fock is not None:
            occupied = given.fock
            return self._attempt(("initial", "fock"), lambda: physics.fock_state(system, occupied))
        if (source := given.amplitudes) is not None:
            path = self.faults.origin.folder / source.file
            array = self._attempt(("initial", "amplitudes"), lambda: load_array(path, source.key))
            if array is None:
                return None
            return self._attempt(("initial", "amplitudes"), lambda: physics.given_state(system, array))
        match given.state:
            case "domain wall":
                return self._attempt(("initial",), lambda: physics.domain_wall(system, given.from_right))
            case "fermi sea":
                return self._attempt(("initial",), lambda: physics.fermi_sea(system))
        rng = np.random.default_rng(given.seed)
        return self._attempt(("initial",), lambda: _random_state(system, rng))

    def _how(self) -> LatticeRun:
        given, look = self.spec.method, self.spec.observe
        method = Chebyshev(given.tolerance) if given.full == "chebyshev" else Trotter(given.steps, given.scheme)
        what = Observation(
            look.species_entanglement,
            look.half_chain_entanglement,
            look.purity,
            look.correlations,
            look.every,
            look.cut,
        )
        return LatticeRun(method, given.precision, what, memory_limit=self.spec.storage.memory_limit)

    def _attempt(self, place: tuple[str, ...], function: Callable[[], _Result]) -> _Result | None:
        try:
            return self.faults.attempt(place, function)
        except TypeError as error:
            self.faults.add(place, str(error))
            return None
