"""The table of definitions: one row each with a value or the reason why there is none, and where rows agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from loschmidt.ledger.definitions.catalogue import DEFINITIONS

__all__ = ["Agreement", "DefinitionRow", "DefinitionTable", "Reading", "agreement", "table_of", "unavailable"]


@dataclass(frozen=True)
class Reading:
    """What a process says of one definition, in nats.

    Attributes
    ----------
    value, error : float or None, float
        Since the start, with its absolute error; None where there is none, ``inf`` where it is infinite.
    reason : str
        Why there is no value, why it is infinite, or what must be known of it.
    guaranteed : bool
        Whether theory guarantees for this very process that it is not negative.
    rate, rate_error : float or None, float
        At the last time, for what runs in continuous time, in nats per time.
    parts : mapping of str to Reading
        What it is the sum of, and what belongs to it.

    Examples
    --------
    >>> Reading(0.3, 1e-12).available, unavailable("there is no bath").available
    (True, False)
    """

    value: float | None
    error: float = 0.0
    reason: str = ""
    guaranteed: bool = False
    rate: float | None = None
    rate_error: float = 0.0
    parts: Mapping[str, Reading] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def available(self) -> bool:
        """Whether there is any number."""
        return self.value is not None or self.rate is not None


@dataclass(frozen=True)
class DefinitionRow:
    """One definition and its value; see :class:`~loschmidt.ledger.definitions.Definition` and :class:`Reading`."""

    number: int
    name: str
    formula: str
    value: float | None
    error: float
    reason: str
    nonnegative_when: str
    guaranteed: bool
    assumes: str
    counts: str
    source: str
    rate: float | None
    rate_error: float
    parts: Mapping[str, Reading]

    @property
    def available(self) -> bool:
        """Whether there is any number."""
        return self.value is not None or self.rate is not None

    @property
    def broken(self) -> bool:
        """Whether the value, its rate or a part is negative beyond error although theory guarantees it is not."""
        return _negative(self) or any(_negative(part) for part in self.parts.values())


@dataclass(frozen=True)
class Agreement:
    """Two definitions that are one by algebra.

    Attributes
    ----------
    statement : str
        Such as "#1 = #4".
    residual, error : float or None, float
        Left minus right, each side computed on its own; None where a side has no value.
    reason : str
        Why there is no residual.

    Examples
    --------
    >>> agreement("#1 = #4", Reading(0.5, 1e-12), Reading(0.5, 1e-12)).holds
    True
    """

    statement: str
    residual: float | None
    error: float
    reason: str

    @property
    def holds(self) -> bool | None:
        """Whether the residual is zero within its error; None where there is none."""
        return None if self.residual is None else bool(abs(self.residual) <= self.error)


@dataclass(frozen=True)
class DefinitionTable:
    """Every definition of entropy production for one process.

    Attributes
    ----------
    title, family, equation : str
        What was looked at.
    rows : tuple of DefinitionRow
        In the order of the catalogue.
    agreements : tuple of Agreement
        What the rows have in common by algebra.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt import evolve
    >>> from loschmidt.ledger.definitions import compare_definitions
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
    >>> qubit = np.diag([0.0, 1.0])
    >>> operation = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, 1.0), 0.7)
    >>> table = compare_definitions(evolve(operation, [[0.3, 0.2], [0.2, 0.7]]))
    >>> round(table[1].value, 6), round(table[7].value, 6), table.violated
    (0.300279, 0.219742, False)
    """

    title: str
    family: str
    equation: str
    rows: tuple[DefinitionRow, ...]
    agreements: tuple[Agreement, ...]

    def __getitem__(self, number: int) -> DefinitionRow:
        """Return the row of that number.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.rows:
            if row.number == number:
                return row
        raise KeyError(f"There is no definition #{number}. They are #1 to #{len(self.rows)}.")

    @property
    def violated(self) -> bool:
        """Whether an agreement does not hold, or a value that cannot be negative is."""
        return any(one.holds is False for one in self.agreements) or any(row.broken for row in self.rows)

    def as_dict(self) -> dict[str, Any]:
        """Return the table as plain dictionaries and lists."""
        rows = [
            {name: value for name, value in vars(row).items() if name != "parts"}
            | {"parts": {name: _plain(part) for name, part in row.parts.items()}}
            for row in self.rows
        ]
        agreements = [asdict(one) | {"holds": one.holds} for one in self.agreements]
        return {"title": self.title, "equation": self.equation, "definitions": rows, "agreements": agreements}


def unavailable(reason: str, **other: Any) -> Reading:
    """Return a reading without a value, with the reason.

    Examples
    --------
    >>> unavailable("there is no bath").value is None
    True
    """
    return Reading(None, reason=reason, **other)


def agreement(statement: str, left: Reading, right: Reading) -> Agreement:
    """Return the residual of two readings that must agree; equal infinities do.

    Examples
    --------
    >>> agreement("#1 = #4", unavailable("there is no bath"), Reading(0.5)).reason
    'there is no bath'
    """
    for side in (left, right):
        if side.value is None:
            return Agreement(statement, None, 0.0, side.reason)
    assert left.value is not None
    assert right.value is not None
    if math.isinf(left.value) and left.value == right.value:
        return Agreement(statement, 0.0, 0.0, "both are infinite")
    return Agreement(statement, left.value - right.value, left.error + right.error, "")


def table_of(
    title: str, family: str, equation: str, readings: Mapping[int, Reading], agreements: tuple[Agreement, ...]
) -> DefinitionTable:
    """Return the table of readings by number; one for each definition.

    Examples
    --------
    >>> readings = {number: unavailable("there is no bath") for number in range(1, 13)}
    >>> len(table_of("nothing", "none", "", readings, ()).rows)
    12
    """
    rows = tuple(
        DefinitionRow(
            one.number,
            one.name,
            one.formula,
            reading.value,
            reading.error,
            reading.reason,
            one.nonnegative_when,
            reading.guaranteed,
            one.assumes,
            one.counts,
            one.source,
            reading.rate,
            reading.rate_error,
            reading.parts,
        )
        for one in DEFINITIONS
        for reading in (readings[one.number],)
    )
    return DefinitionTable(title, family, equation, rows, agreements)


def _negative(one: DefinitionRow | Reading) -> bool:
    numbers = ((one.value, one.error), (one.rate, one.rate_error))
    # Written so that NaN counts as broken.
    return one.guaranteed and any(value is not None and not value >= -error for value, error in numbers)


def _plain(reading: Reading) -> dict[str, Any]:
    return {name: value for name, value in vars(reading).items() if name != "parts"}
