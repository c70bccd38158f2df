"""The kind "open-system": run a master equation, and find the faults of a file that only its physics shows."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from loschmidt.errors import InputError, Problem
from loschmidt.evolution.evolve import Method, evolve
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger
from loschmidt.studies.build import Parts, Prepared, build_model, faults_of
from loschmidt.studies.fields import UNKNOWN_KEY
from loschmidt.studies.jump_spec import JumpTrajectoriesSpec
from loschmidt.studies.key_lines import KeyPath, key_path
from loschmidt.studies.kinds import Outcome
from loschmidt.studies.origin import Origin
from loschmidt.studies.spec import OpenSystemSpec, WindowSpec

if TYPE_CHECKING:
    from loschmidt.evolution.counting.record import CountingRecord

__all__ = ["further_problems", "run"]


def run(spec: OpenSystemSpec, method: str | Method | None, progress: bool) -> Outcome:
    """Build the master equation, evolve it and keep its ledger; what is not asked for is not loaded."""
    prepared = build_model(spec, method)
    if spec.trajectories is not None:
        from loschmidt.studies.jump_trajectories import check_trajectories

        check_trajectories(spec.trajectories, prepared, spec.origin)
    count = _count(spec, prepared)
    try:
        evolution = evolve(prepared.process, prepared.state, prepared.times, prepared.method, progress=progress)
    except InputError as error:
        if method is not None or spec.method.name is None:
            raise
        raise spec.origin.error([spec.origin.problem(("method", "name"), str(error))]) from None
    ledger = build_ledger(
        evolution,
        spec.record.resolve,
        title=spec.title,
        mode_projectors=prepared.mode_projectors,
        keep_states=spec.record.states,
        progress=progress,
    )
    if spec.window is not None:
        ledger = _with_window(spec, spec.window, ledger, prepared)
    if count is not None:
        from loschmidt.ledger.counting import with_counting

        ledger = with_counting(ledger, count)
    if any(bath.squeezed is not None for bath in spec.bath):
        from loschmidt.ledger.nonthermal import with_reservoir_rates

        ledger = with_reservoir_rates(ledger, evolution)
    if spec.trajectories is not None:
        ledger = _with_trajectories(spec.trajectories, ledger, prepared, spec.origin, progress)
    return Outcome(ledger, prepared.units, prepared.process, evolution, prepared.remarks)


def _count(spec: OpenSystemSpec, prepared: Prepared) -> CountingRecord | None:
    if spec.counting is None:
        return None
    from loschmidt.studies.counting import count_as_asked

    return count_as_asked(spec.counting, prepared.process, spec.origin)


def _with_trajectories(
    asked: JumpTrajectoriesSpec, ledger: Ledger, prepared: Prepared, origin: Origin, progress: bool
) -> Ledger:
    from loschmidt.ledger.jump_trajectories import with_jump_trajectories
    from loschmidt.studies.jump_trajectories import follow_as_asked

    ensemble = follow_as_asked(asked, prepared, origin, progress=progress)
    return with_jump_trajectories(ledger, ensemble, histograms=asked.histograms)


def _with_window(spec: OpenSystemSpec, asked: WindowSpec, ledger: Ledger, prepared: Prepared) -> Ledger:
    from loschmidt.ledger.windows import with_window
    from loschmidt.processes.generators import Generator
    from loschmidt.processes.quasi_isolated_window import quasi_isolated_window

    if not isinstance(prepared.process, Generator):
        raise spec.origin.error([spec.origin.problem(("window",), "must not stand beside a drive.")])
    try:
        window = quasi_isolated_window(
            prepared.process, prepared.times, asked.coherence_tolerance, asked.population_tolerance
        )
    except InputError as error:
        raise spec.origin.error([spec.origin.problem(("window",), str(error))]) from None
    return with_window(ledger, window)


def further_problems(data: dict[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
    """Return the faults in those sections of the file that the schema accepts, or that only hold an unknown key."""
    rest = deepcopy(data)
    broken = set()
    for fault in error.errors():
        path = key_path(fault["loc"])
        if path[0] == "parameters" and len(path) > 1:
            broken.add(str(path[1]))
        if fault["type"] == UNKNOWN_KEY or (path[0] == "parameters" and len(path) > 1):
            _leave_out(rest, path)
    sections: dict[str, Any] = {
        name: _section(name, rest) for name in ("system", "initial", "times", "units", "equation", "method")
    }
    if "units" in rest and sections["units"] is None:
        return []
    entries: dict[str, Any] = {name: _entries(name, rest) for name in ("bath", "drive")}
    parameters = _section("parameters", rest)
    if parameters is None:
        return []
    return faults_of(Parts(**sections, **entries, parameters=parameters, broken=frozenset(broken)), origin)


def _leave_out(data: Any, path: KeyPath) -> None:
    for part in path[:-1]:
        data = data[part]
    if isinstance(data, dict):
        data.pop(path[-1], None)


def _section(name: str, data: Mapping[str, Any]) -> Any:
    """Return a section as far as it can be read; None if it is missing or faulty."""
    field = OpenSystemSpec.model_fields[name]
    if name not in data:
        return None if field.is_required() else field.get_default()
    try:
        return TypeAdapter[Any](field.annotation or Any).validate_python(data[name])
    except ValidationError:
        return None


def _entries(name: str, data: Mapping[str, Any]) -> list[Any] | None:
    """Return the entries of a list of tables, None for those that cannot be read."""
    entries = data.get(name, [])
    if not isinstance(entries, list) or (name == "bath" and not entries):
        return None
    return [(_section(name, {name: [entry]}) or [None])[0] for entry in entries]
