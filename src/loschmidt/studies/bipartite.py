"""The kind "bipartite": build parts, interaction and baths, follow the whole, and keep the ledger of its parts."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import ValidationError

from loschmidt._syntax.error import did_you_mean
from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError, NotAStateError, Problem
from loschmidt.evolution.evolve import Method, OpenSystem, evolve
from loschmidt.evolution.reversal import reversal_test
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.reversal import with_reversal
from loschmidt.processes.drives import DrivenHamiltonian, driven_hamiltonian
from loschmidt.processes.expressions import Site, Space
from loschmidt.processes.multipartite import MultipartiteSystem, embedded, multipartite_system
from loschmidt.states.gibbs import gibbs_state
from loschmidt.states.product import product_state, reduced_matrices
from loschmidt.studies import bipartite_spec as files
from loschmidt.studies.build import Parts, SystemBuilder
from loschmidt.studies.faults import Faults
from loschmidt.studies.fields import UNKNOWN_KEY
from loschmidt.studies.initial import given_state, initial_state
from loschmidt.studies.key_lines import KeyPath, key_path
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.origin import Origin
from loschmidt.studies.reading import Reader
from loschmidt.studies.spec import InitialSpec
from loschmidt.studies.systems import sites_of
from loschmidt.typing import ComplexMatrix, RealVector
from loschmidt.units import UnitSystem

__all__ = ["further_problems", "run"]

#: How far the partial traces of correlations may be from zero.
_LOCAL = 1e-10


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Parts ready to run; `turn` is the index of the time at which the motion is undone."""

    system: MultipartiteSystem
    state: ComplexMatrix
    times: RealVector
    method: Method | None
    units: UnitSystem
    turn: int


def run(spec: files.BipartiteSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the parts, follow the whole and keep its ledger."""
    faults = Faults(spec.origin)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        prepared = _Builder(spec, faults).prepare(method)
    if prepared is None:
        raise faults.error()
    try:
        evolution = evolve(prepared.system, prepared.state, prepared.times, prepared.method, progress=progress)
    except InputError as error:
        if method is not None or spec.method.name is None:
            raise
        raise spec.origin.error([spec.origin.problem(("method", "name"), str(error))]) from None
    ledger = build_ledger(evolution, title=spec.title, keep_states=spec.record.states)
    if spec.reversal is not None:
        ledger = with_reversal(ledger, reversal_test(evolution, prepared.turn))
    remarks = tuple(dict.fromkeys(str(one.message) for one in caught))
    return Outcome(ledger, prepared.units, prepared.system, evolution, remarks)


def further_problems(data: Mapping[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return the faults that the physics shows if nothing but unknown keys keeps the file from being read."""
    rest = deepcopy(dict(data))
    for fault in error.errors():
        *path, last = key_path(fault["loc"])
        if fault["type"] == UNKNOWN_KEY:
            table: Any = rest
            for key in path:
                table = table[key]
            table.pop(last)
    try:
        spec = files.BipartiteSpec.model_validate(rest).with_origin(origin)
    except ValidationError:
        return []
    faults = Faults(origin)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _Builder(spec, faults).prepare(None)
    return faults.problems


class _Builder(SystemBuilder):
    """Builds the whole as any open system, from parts; each step returns None where a fault stands in its way."""

    def __init__(self, spec: files.BipartiteSpec, faults: Faults) -> None:
        whole = Parts(
            system=None,
            initial=None,
            times=spec.times,
            drive=list(spec.drive),
            bath=list(spec.bath),
            units=spec.units,
            equation=spec.equation,
            method=spec.method,
            parameters=spec.parameters,
        )
        super().__init__(whole, faults)
        self.spec = spec
        self.sites: list[tuple[Site, ...]] = []

    def prepare(self, method: str | Method | None) -> _Prepared | None:
        """Return everything that a run needs, or None after noting every fault."""
        units = self._units()
        if units is None:
            return None
        reader = self._reader(units)
        times = self._times(reader)
        chosen = self._method(method)
        if reader.space is None:
            return None
        readers = [_on(reader, sites) for sites in self.sites]
        system = self._system(reader, readers, times)
        turn = self._turn(reader, times)
        if system is None or times is None or turn is None:
            return None
        state = self._state(reader, readers, system, times)
        if self.faults.problems or state is None:
            return None
        return _Prepared(system, state, times, chosen, units, turn)

    def _space(self) -> Space | None:
        known = len(self.faults.problems)
        names = [part.name for part in self.spec.part]
        for index, part in enumerate(self.spec.part):
            place = ("part", index)
            if part.name in names[:index]:
                self.faults.add((*place, "name"), f"must differ from part to part, but {part.name!r} stands twice.")
            found = self.faults.attempt(place, sites_of, part, part.name)
            if found == () and isinstance(part.hamiltonian, list):
                size = len(part.hamiltonian)
                found = (Site(part.name, size, "qubit" if size == 2 else "levels"),)
            if found == ():
                self.faults.add(place, "must name its sites by one of qubits, levels, modes, sites.")
            self.sites.append(self._apart(found or (), place))
        if len(self.faults.problems) > known:
            return None
        everything = tuple(site for sites in self.sites for site in sites)
        return self.faults.attempt(("part",), Space, everything)

    def _apart(self, sites: tuple[Site, ...], place: KeyPath) -> tuple[Site, ...]:
        """Return the sites of a part after noting those that another part has too."""
        taken = {site.name for others in self.sites for site in others}
        if shared := sorted({site.name for site in sites} & taken):
            rule = "has a site that another part has too"
            self.faults.add(place, f"{rule}: `{shared[0]}`. Name the sites apart, as in sites = ['a'].")
        return sites

    def _system(self, reader: Reader, readers: list[Reader], times: RealVector | None) -> MultipartiteSystem | None:
        local = [
            on.hermitian(part.hamiltonian, ("part", k, "hamiltonian"), energy=True)
            for k, (on, part) in enumerate(zip(readers, self.spec.part, strict=True))
        ]
        betas = {part.name: self._beta(on, k) for k, (on, part) in enumerate(zip(readers, self.spec.part, strict=True))}
        assert reader.space is not None
        size = reader.space.dimension
        coupling: ComplexMatrix | None = np.zeros((size, size), dtype=np.complex128)
        if self.spec.interaction is not None:
            source = self.spec.interaction.hamiltonian
            coupling = reader.hermitian(source, ("interaction", "hamiltonian"), energy=True)
        drives = self._drives(reader, readers, times)
        if coupling is None or drives is None or any(one is None for one in local):
            self._process(reader, None, None, None, times)
            return None
        parts: list[Any] = list(local)
        dims = tuple(len(one) for one in parts)
        total = coupling + sum(embedded(one, dims, k) for k, one in enumerate(parts))
        terms = [(op if k is None else embedded(op, dims, k), function) for k, op, function in drives]
        process = self._process(reader, total, None, terms, times)
        if process is None:
            return None
        moving = [_driven(one, [(op, f) for at, op, f in drives if at == k]) for k, one in enumerate(parts)]
        interaction = _driven(coupling, [(op, f) for at, op, f in drives if at is None])
        known = {name: beta for name, beta in betas.items() if beta is not None}
        named = dict(zip((part.name for part in self.spec.part), moving, strict=True))
        return self.faults.attempt(("part",), multipartite_system, named, interaction, betas=known, dynamics=process)

    def _beta(self, reader: Reader, index: int) -> float | None:
        part = self.spec.part[index]
        if part.temperature is None and part.beta is None:
            return None
        return reader.beta(part.temperature, part.beta, ("part", index))

    def _drives(
        self, reader: Reader, readers: list[Reader], times: RealVector | None
    ) -> list[tuple[int | None, ComplexMatrix, Any]] | None:
        names, found = [part.name for part in self.spec.part], []
        for index, drive in enumerate(self.spec.drive):
            if drive.part is not None and drive.part not in names:
                hint = did_you_mean(drive.part, names)
                said = f"must be one of {', '.join(names)}, but it is {drive.part!r}.{hint}"
                self.faults.add(("drive", index, "part"), said)
                continue
            part = None if drive.part is None else names.index(drive.part)
            term = self._term(reader if part is None else readers[part], drive, index, times)
            if term is not None:
                found.append((part, *term))
        return found if len(found) == len(self.spec.drive) else None

    def _state(
        self, reader: Reader, readers: list[Reader], system: MultipartiteSystem, times: RealVector
    ) -> ComplexMatrix | None:
        given = self.spec.initial
        if given.state is not None:
            if given.correlations is not None:
                self.faults.add(("initial", "correlations"), "must not stand beside `state`; give one of them.")
            process: OpenSystem = system.dynamics
            joint = InitialSpec.model_construct(state=given.state, temperature=None, beta=None)
            return initial_state(reader, joint, process, times)
        states = [self._local_state(on, system, k, float(times[0])) for k, on in enumerate(readers)]
        known = [state for state in states if state is not None]
        chi = None
        if given.correlations is not None:
            chi = reader.hermitian(given.correlations, ("initial", "correlations"))
            if chi is None:
                return None
        if len(known) < len(states):
            return None
        product = product_state(*known)
        return product if chi is None else self._correlated(product, chi, system.dims)

    def _local_state(
        self, reader: Reader, system: MultipartiteSystem, index: int, start: float
    ) -> ComplexMatrix | None:
        part, beta = self.spec.part[index], system.betas[index]
        if part.state is not None:
            return given_state(reader, part.state, ("part", index, "state"))
        if beta is None:
            rule = "must have a `temperature`, a `beta` or a `state`, or the file a joint state in [initial]."
            self.faults.add(("part", index), rule)
            return None
        return self.faults.attempt(("part", index), gibbs_state, system.local_at(index, start), beta)

    def _correlated(self, product: ComplexMatrix, chi: ComplexMatrix, dims: tuple[int, ...]) -> ComplexMatrix | None:
        place = ("initial", "correlations")
        moved = [float(np.abs(reduced_matrices(chi, dims, [k])).max()) for k in range(len(dims))]
        if max(moved) > _LOCAL:
            worst = self.spec.part[moved.index(max(moved))].name
            self.faults.add(
                place,
                f"must leave the state of each part as it is, but it changes that of {worst!r} by {max(moved):.2g}. "
                f"Give the joint `state` instead.",
            )
            return None
        try:
            return as_density_matrix(product + chi)
        except NotAStateError:
            lowest = float(np.linalg.eigvalsh(product + chi)[0])
            self.faults.add(
                place,
                f"must leave a state, but with them its lowest eigenvalue is {lowest:.2g}. Make them weaker.",
            )
            return None

    def _turn(self, reader: Reader, times: RealVector | None) -> int | None:
        asked = self.spec.reversal
        if asked is not None and self.spec.bath:
            self.faults.add(("reversal",), "needs a closed whole, but there is a [[bath]].")
            return None
        if asked is None or asked.time is None:
            return -1
        time = reader.quantity(asked.time, "time", ("reversal", "time"))
        if time is None or times is None:
            return None
        nearest = int(np.abs(times - time).argmin())
        if nearest == 0 or abs(times[nearest] - time) > 1e-9 * (times[-1] - times[0]):
            self.faults.add(("reversal", "time"), f"must be one of the times after the first, but it is {time:g}.")
            return None
        return nearest


def _on(reader: Reader, sites: tuple[Site, ...]) -> Reader:
    """Return a reader of the sites of one part."""
    space = Space(sites)
    return replace(reader, space=space, twin=None if reader.twin is None else replace(reader.twin, space=space))


def _driven(static: ComplexMatrix, terms: list[tuple[ComplexMatrix, Any]]) -> Any:
    """Return a Hamiltonian that moves if it has driven terms."""
    driven: Any = driven_hamiltonian(static, terms) if terms else static
    assert isinstance(driven, (np.ndarray, DrivenHamiltonian))
    return driven
