"""Numbers and lists of numbers of a model without units, from its parameters, every fault noted with its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from loschmidt.errors import InputError
from loschmidt.processes.expressions import Site, Space
from loschmidt.studies.faults import Faults
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.reading import Reader
from loschmidt.typing import RealTensor
from loschmidt.units import UnitSystem

__all__ = ["PlainReader"]


class PlainReader:
    """Reads a model without units; each method returns None after a fault has been noted."""

    def __init__(self, parameters: Mapping[str, Any], faults: Faults) -> None:
        self.faults = faults
        self.units = UnitSystem()
        failures: dict[str, InputError] = {}
        self.parameters = self.units.parameters(parameters, failures)
        self.broken = frozenset(failures)
        for name, failure in failures.items():
            if "refers to a parameter that is wrong" not in str(failure):
                faults.attempt(("parameters", name), _raise, failure)

    def on(self, sites: tuple[Site, ...]) -> Reader:
        """Return a reader of operators and states on some sites; without sites it reads only numbers."""
        space = Space(sites) if sites else None
        return Reader(self.faults, self.units, self.parameters, self.broken, space)

    def number(self, value: Any, path: KeyPath) -> float | None:
        """Return one number."""
        return self.on(()).plain(value, path)

    def numbers(self, values: Any, path: KeyPath) -> RealTensor | None:
        """Return nested lists of numbers as an array."""
        if not isinstance(values, list):
            found = self.number(values, path)
            return None if found is None else np.asarray(found)
        parts = [self.numbers(value, (*path, index)) for index, value in enumerate(values)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        if len({part.shape for part in known}) > 1:
            self.faults.add(path, "must have rows of equal length.")
            return None
        return np.stack(known) if known else np.zeros(0)


def _raise(error: InputError) -> None:
    raise error
