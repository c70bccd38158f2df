"""Count what a model file asks for, before anything is evolved, so that a fault shows at once."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError, NotUniqueError
from loschmidt.evolution.counting import CountingVariable, counted, jump_groups
from loschmidt.evolution.counting.record import CountingRecord, record_counting
from loschmidt.evolution.counting.statistics import default_variables
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.studies.counting_spec import CountedSumSpec, CountingSpec, GeneratingSpec
from loschmidt.studies.faults import Faults
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.origin import Origin

__all__ = ["count_as_asked"]

#: What can be counted.
_COUNTED = ("heat", "energy", "quanta", "particles", "jumps", "activity", "entropy")
_WORDS = {"energy": "an energy", "entropy": "an entropy", "1": "a number"}


def count_as_asked(asked: CountingSpec, process: Generator | DrivenGenerator, origin: Origin) -> CountingRecord:
    """Return the count that a model file asks for.

    Raises
    ------
    ModelFileError
        With every fault: a process that cannot be counted, a variable that does not exist, a sum of different units.
    ResourceError, ConvergenceError
        If the process is too large, or an iteration fails.
    """
    faults = Faults(origin)
    if isinstance(process, DrivenGenerator):
        faults.add(
            ("counting",),
            "must not stand beside a drive: nothing is counted at a steady rate. Leave out [[drive]], or look at "
            "single trajectories.",
        )
        raise faults.error()
    reader = _Variables(process, faults)
    chosen = None
    if faults.attempt(("counting",), jump_groups, process):
        chosen = reader.all_of(asked.variables) if asked.variables else list(default_variables(process))
    generating = None if chosen is None else _generating(asked, chosen, reader)
    if chosen is None or generating is None or faults.problems:
        raise faults.error()
    grid = asked.generating_function or GeneratingSpec.model_construct()
    try:
        return record_counting(
            process,
            chosen,
            asked.order,
            generating=generating,
            points=grid.points,
            span=grid.range,
            symmetry=asked.symmetry,
        )
    except (InputError, NotUniqueError) as error:
        faults.add(("counting",), str(error))
        raise faults.error() from None


def _generating(
    asked: CountingSpec, chosen: list[CountingVariable], reader: _Variables
) -> list[CountingVariable] | None:
    """Return the variables whose generating function is asked for; None after noting a fault."""
    given = asked.generating_function
    if given is None:
        return []
    low, high = given.range
    if not (low < high and math.isfinite(low) and math.isfinite(high)):
        place: KeyPath = ("counting", "generating_function", "range")
        reader.faults.add(place, f"must go from a lower to a higher number, but it is [{low:g}, {high:g}].")
        return None
    if not given.variables:
        return [one for one in chosen if one.name != "entropy"]
    known = {one.name: one for one in chosen}
    found = []
    for index, name in enumerate(given.variables):
        place = ("counting", "generating_function", "variables", index)
        one = known.get(name) or reader.named(name, place)
        if one is not None and not (name == "entropy" and asked.symmetry):
            found.append(one)
    return found


class _Variables:
    """Reads the variables of one process; a method returns None after a fault has been noted."""

    def __init__(self, process: Generator, faults: Faults) -> None:
        self.process = process
        self.faults = faults

    def all_of(self, given: Iterable[str | CountedSumSpec]) -> list[CountingVariable] | None:
        """Return the variables of a list."""
        found = [self._one(entry, ("counting", "variables", index)) for index, entry in enumerate(given)]
        known = [one for one in found if one is not None]
        names = [one.name for one in known]
        for index, name in enumerate(names):
            if name in names[:index]:
                self.faults.add(("counting", "variables", index), f"is there twice: {name!r}.")
        return None if len(known) < len(found) else known

    def _one(self, entry: str | CountedSumSpec, place: KeyPath) -> CountingVariable | None:
        return self.named(entry, place) if isinstance(entry, str) else self._sum(entry, place)

    def named(self, text: str, place: KeyPath) -> CountingVariable | None:
        """Return the variable of a text such as `heat from hot`."""
        what, bath = _split(text)
        if what not in _COUNTED:
            hint = did_you_mean(what, _COUNTED) or f" Known are {', '.join(_COUNTED)}."
            self.faults.add(place, f"counts {what!r}, which is not known.{hint}")
            return None
        if bath is not None and bath not in self.process.bath_names:
            known = self.process.bath_names
            hint = did_you_mean(bath, known)
            self.faults.add(place, f"names bath {bath!r}, but the baths are {', '.join(known)}.{hint}")
            return None
        found = self.faults.attempt(place, self._count, what, bath)
        if what == "particles" and found is not None and not found.weights.any():
            self.faults.add(place, "counts nothing: these baths exchange no particles.")
            return None
        return None if found is None else found.named(text if bath is None else f"{what} from {bath}")

    def _count(self, what: str, bath: str | None) -> CountingVariable:
        if what != "activity":
            return counted(self.process, what, bath)
        groups = jump_groups(self.process)
        mine = True if bath is None else groups.baths == groups.bath_names.index(bath)
        return CountingVariable("activity", groups, np.where(groups.moving & mine, 1.0, 0.0))

    def _sum(self, given: CountedSumSpec, place: KeyPath) -> CountingVariable | None:
        found = [self.named(name, (*place, "terms")) for name in given.terms]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        if len({one.unit for one in known}) > 1:
            units = ", ".join(f"{one.name} ({_WORDS[one.unit]})" for one in known)
            self.faults.add((*place, "terms"), f"must all have one unit, but these are of several: {units}.")
            return None
        weights = np.sum([x * one.weights for x, one in zip(given.terms.values(), known, strict=True)], axis=0)
        return CountingVariable(given.name, known[0].groups, weights, known[0].unit)


def _split(text: str) -> tuple[str, str | None]:
    what, found, bath = text.strip().partition(" from ")
    return what.strip(), bath.strip() if found else None
