"""Accounts of a ledger as readings, and what readings make together; what one lacks, all lack."""

from __future__ import annotations

import math

from loschmidt.ledger.definitions.table import Reading, unavailable
from loschmidt.ledger.ledger import Ledger

__all__ = ["after", "difference", "total"]


def after(ledger: Ledger, name: str, *, guaranteed: bool = False) -> Reading:
    """Return an account at the end as a reading, or the reason why the ledger has none."""
    if name not in ledger:
        said = ledger.data.attrs.get(f"absent_{name}", "")
        return unavailable(str(said) or f"the ledger has no account of the {name.replace('_', ' ')}")
    value, error = (one.isel({ledger.axis: -1}, missing_dims="ignore") for one in (ledger[name], ledger.error(name)))
    return Reading(float(value), float(error), guaranteed=guaranteed)


def total(one: Reading, other: Reading) -> Reading:
    """Return the sum of two readings.

    Examples
    --------
    >>> total(Reading(0.25, 1e-12), Reading(0.5, 1e-12)).value
    0.75
    """
    if one.value is None or other.value is None:
        return one if one.value is None else other
    return Reading(one.value + other.value, one.error + other.error)


def difference(one: Reading, other: Reading, infinite: str) -> Reading:
    """Return one reading less the other, and the reason `infinite` where one of them is.

    Examples
    --------
    >>> difference(Reading(math.inf), Reading(0.5), "a bath is at T = 0").reason
    'a bath is at T = 0'
    """
    if one.value is None or other.value is None:
        return one if one.value is None else other
    if math.isinf(one.value) or math.isinf(other.value):
        return unavailable(infinite)
    return Reading(one.value - other.value, one.error + other.error)
