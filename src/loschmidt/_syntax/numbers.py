"""Numbers in expressions: evaluate them, and resolve tables of parameters that refer to one another."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from loschmidt._syntax.error import ExpressionError, did_you_mean
from loschmidt._syntax.parser import CONSTANTS, FUNCTIONS, RESERVED, Node, fold, parse
from loschmidt._syntax.tokens import tokenize
from loschmidt.errors import InputError

__all__ = ["Number", "as_parameters", "combine", "constant", "names_in", "number_of", "parse_number", "resolve"]

Number = float | complex

_REAL: dict[str, Callable[[float], float]] = {
    **{"abs": abs, "conj": float, "dag": float, "cos": math.cos, "cosh": math.cosh, "erf": math.erf},
    **{"exp": math.exp, "log": math.log, "sin": math.sin, "sinh": math.sinh, "sqrt": math.sqrt},
    **{"tan": math.tan, "tanh": math.tanh},
}
_COMPLEX: dict[str, Callable[[complex], Number]] = {
    **{"abs": abs, "conj": complex.conjugate, "dag": complex.conjugate, "cos": cmath.cos, "cosh": cmath.cosh},
    **{"exp": cmath.exp, "log": cmath.log, "sin": cmath.sin, "sinh": cmath.sinh, "sqrt": cmath.sqrt},
    **{"tan": cmath.tan, "tanh": cmath.tanh},
}


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that `text` uses, each once in the order of first use, without functions and constants.

    Operators count as names (``Z0``, ``adag``), because only a space can tell them from parameters.

    Examples
    --------
    >>> names_in("0.5*w*Z0 + g*cos(w*t)")
    ('w', 'Z0', 'g', 't')
    """
    names = (token.text for token in tokenize(text) if token.kind == "name")
    return tuple(dict.fromkeys(name for name in names if name not in RESERVED))


def parse_number(text: str, parameters: Mapping[str, Any] | None = None) -> Number:
    """Return the number that `text` stands for: real if its imaginary part is zero.

    Parameters
    ----------
    text : str
        Numbers, ``pi``, ``i`` (or ``2i``, ``2j``), + - * / ^, functions, and the names of `parameters`.
    parameters : mapping of str to number or str, optional
        Values, or expressions that may refer to one another.

    Raises
    ------
    ExpressionError
        At the wrong character; at an unknown name with the nearest known one; where the value is not finite.
    InputError
        If the parameters refer to one another in a circle, or one of them is not a number.

    Examples
    --------
    >>> parse_number("2*w", {"w": "g/2", "g": 3})
    3.0
    """
    return _evaluate(text, resolve(parameters or {}), "")


def resolve(
    table: Mapping[str, Any],
    evaluate: Callable[[str, dict[str, Number], str], Number] | None = None,
    names: Callable[[str], Iterable[str]] = names_in,
    failures: dict[str, InputError] | None = None,
) -> dict[str, Number]:
    """Return every entry of `table` as a number; texts may refer to other entries in any order.

    Parameters
    ----------
    table : mapping of str to number or str
        The parameters.
    evaluate : callable, optional
        ``(text, values known so far, name) -> number``; :func:`parse_number` unless units are involved.
    names : callable
        The names that a text refers to.
    failures : dict, optional
        If given, faulty entries are collected here by name instead of raised, and left out of the result
        together with what depends on them.

    Raises
    ------
    InputError
        For the first faulty entry; a circle of references is described in full.

    Examples
    --------
    >>> resolve({"g": "0.1*w", "w": "2*pi"})["g"] == 0.1 * (2 * math.pi)
    True
    """
    faults: dict[str, InputError] = {}
    values: dict[str, Number] = {}
    uses: dict[str, set[str]] = {}
    for name, entry in table.items():
        try:
            _check_name(name)
            if isinstance(entry, str):
                uses[name] = {used for used in names(entry) if used in table}
            else:
                values[name] = number_of(entry, name)
        except InputError as error:
            faults[name] = _named(error, name)
    for name in _in_order(uses, faults):
        if any(used in faults for used in uses[name]):
            faults[name] = InputError(f"Parameter `{name}` refers to a parameter that is wrong.")
            continue
        try:
            values[name] = (evaluate or _evaluate)(table[name], values, name)
        except InputError as error:
            faults[name] = _named(error, name)
    if failures is None and faults:
        raise next(iter(faults.values()))
    if failures is not None:
        failures.update(faults)
    return values


def as_parameters(parameters: Mapping[str, Any] | None) -> dict[str, Number]:
    """Return `parameters` as checked finite numbers; texts among them are resolved."""
    return resolve(parameters or {})


def number_of(value: Any, name: str) -> Number:
    """Return a plain finite float or complex for any numeric scalar, named in the error."""
    if isinstance(value, (str, bytes, bool, np.bool_)) or np.ndim(value) != 0:
        raise InputError(f"Parameter `{name}` must be a number, but it is {value!r}.")
    try:
        number = complex(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"Parameter `{name}` must be a number, but it is {value!r}.") from None
    if not cmath.isfinite(number):
        raise InputError(f"Parameter `{name}` must be finite, but it is {value!r}.")
    return number if number.imag else number.real


def constant(name: str) -> Number | None:
    """Return π or the imaginary unit for their names, None for any other name."""
    return {"pi": math.pi, "π": math.pi, "i": 1j}.get(name)


def combine(node: Node, inputs: list[Number], text: str) -> Number:
    """Return the result of one operation on numbers; every failure points at the operation."""
    try:
        value = _apply(node, inputs)
    except (ArithmeticError, ValueError):
        raise ExpressionError(f"{_operation(node)} has no finite value here.", text, node.position) from None
    except KeyError:
        raise ExpressionError(f"{_operation(node)} takes a real number.", text, node.position) from None
    if not cmath.isfinite(value):
        raise ExpressionError(f"{_operation(node)} has no finite value here.", text, node.position)
    return value if value.imag else value.real


def _apply(node: Node, inputs: list[Number]) -> Number:
    first = inputs[0]
    match node.head:
        case "sum":
            return sum(inputs)
        case "product":
            return math.prod(inputs)
        case "divide":
            return first / inputs[1]
        case "power":
            return first ** inputs[1]
        case "negative":
            return -first
        case "with adjoint":
            return first + first.conjugate() if node.value == "+" else first - first.conjugate()
        case _:
            return _call(node.value, first)


def _call(function: str, argument: Number) -> Number:
    if isinstance(argument, float):
        try:
            return _REAL[function](argument)
        except ValueError:
            return _COMPLEX[function](argument)
    return _COMPLEX[function](argument)


def _leaf(node: Node, table: Mapping[str, Number], text: str) -> Number:
    if node.head == "number":
        number: Number = node.value
        return number
    if node.head != "name":
        raise ExpressionError("a ket or bra cannot stand in a number.", text, node.position)
    name, site = node.value
    if site is not None:
        raise ExpressionError(f"`{name}[{site}]` is an operator; a number must stand here.", text, node.position)
    value = table.get(name, constant(name))
    if value is None:
        hint = did_you_mean(name, (*table, *CONSTANTS, *FUNCTIONS))
        raise ExpressionError(f"`{name}` is not a parameter.{hint}", text, node.position)
    return value


def _operation(node: Node) -> str:
    names = {"divide": "this quotient", "power": "this power", "call": f"`{node.value}`"}
    return names.get(node.head, f"this {node.head}")


def _evaluate(text: str, values: dict[str, Number], _: str) -> Number:
    def rule(node: Node, inputs: list[Number]) -> Number:
        return _leaf(node, values, text) if not node.arguments else combine(node, inputs, text)

    return fold(parse(text), rule)


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not name.isidentifier():
        raise InputError(f"A parameter must be named by a word of letters, digits and `_`, but {name!r} is not one.")
    if name in RESERVED:
        raise InputError(f"A parameter must not be called `{name}`, which has a fixed meaning. Rename it.")


def _named(error: InputError, name: str) -> InputError:
    """Return `error` with the parameter's name in front, if it points into the text; others name it already."""
    if isinstance(error, ExpressionError):
        return ExpressionError(f"Parameter `{name}`: {error.reason}", error.text, error.position)
    return error


def _in_order(uses: dict[str, set[str]], faults: dict[str, InputError]) -> list[str]:
    """Return the names so that each comes after what it uses; the members of circles become faults."""
    waiting = {name: {used for used in names if used in uses} for name, names in uses.items()}
    order: list[str] = []
    users: dict[str, list[str]] = {}
    for name, used_names in waiting.items():
        for used in used_names:
            users.setdefault(used, []).append(name)
    ready = [name for name, used in waiting.items() if not used]
    while ready:
        name = ready.pop()
        order.append(name)
        for user in users.get(name, ()):
            waiting[user].discard(name)
            if not waiting[user]:
                ready.append(user)
    stuck = {name for name, used in waiting.items() if used}
    for name in uses:
        if name in stuck:
            faults[name] = InputError(f"Parameter `{name}` must not refer to itself, but {_circle(name, waiting)}.")
    return order


def _circle(name: str, waiting: dict[str, set[str]]) -> str:
    path = [name]
    while path[-1] not in path[:-1]:
        path.append(min(waiting[path[-1]]))
    start = path.index(path[-1])
    loop = path[start:]
    return " → ".join(loop if len(loop) <= 9 else [*loop[:8], "…", loop[-1]])
