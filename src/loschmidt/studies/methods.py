"""Find a method by the name that people type."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Method

__all__ = ["choose_method"]


def choose_method(name: str, options: Mapping[str, Any] | None = None) -> Method:
    """Return the method of a name, such as "runge-kutta", with its options.

    Raises
    ------
    InputError
        If there is no such method, or it has no such option.

    Examples
    --------
    >>> choose_method("runge-kutta", {"rtol": 1e-8}).rtol
    1e-08
    """
    from loschmidt.evolution.catalogue import METHODS

    if name not in METHODS:
        hint = did_you_mean(name, METHODS)
        raise InputError(f"the method must be one of {', '.join(METHODS)}, but it is {name!r}.{hint}")
    method: Any = METHODS[name]
    known = [field.name for field in dataclasses.fields(method)]
    for key in options or {}:
        if key not in known:
            raise InputError(f"`{key}` does not apply to the method {name!r}, which needs no such tolerance.")
    made: Method = method(**(options or {}))
    return made
