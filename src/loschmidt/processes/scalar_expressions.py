"""Real functions of time from text: exact to call, to differentiate, and to send to another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from loschmidt._syntax.numbers import as_parameters
from loschmidt._syntax.parser import RESERVED, Node, parse
from loschmidt.errors import InputError, NotFiniteError
from loschmidt.processes._scalar_calculus import differentiate, real_tree, written

__all__ = ["ScalarExpression", "parse_scalar"]

#: A derivative that grows beyond this many operations is refused.
_MOST_STEPS = 1_000_000


class _Step(NamedTuple):
    """One operation on the stack: `taken` arguments go, one result comes."""

    head: str
    value: Any
    taken: int


@dataclass(frozen=True)
class ScalarExpression:
    """A real function of one or more variables, made by :func:`parse_scalar`.

    Call it with floats or with arrays, which broadcast. It pickles, compares and hashes by its operations.

    Parameters
    ----------
    text : str
        As written; a derivative carries its own text.
    variables : tuple of str
        Their names, in the order in which the call takes them.

    Examples
    --------
    >>> ramp = parse_scalar("v*t^2", {"v": 3.0})
    >>> ramp(2.0), ramp.derivative()(2.0)
    (12.0, 12.0)
    """

    text: str
    variables: tuple[str, ...]
    _steps: tuple[_Step, ...] = field(repr=False)

    def __call__(self, *values: Any) -> Any:
        """Return the value, a float for floats and an array of the common shape for arrays.

        Raises
        ------
        NotFiniteError
            Where the function has no finite real value, naming the first such place.
        """
        if len(values) != len(self.variables):
            raise InputError(f"`{self}` must be called with {', '.join(self.variables)}, but got {len(values)} values.")
        places = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
        with np.errstate(all="ignore"):
            result = _run(self._steps, dict(zip(self.variables, places, strict=True)))
        array = np.array(np.broadcast_to(result, places[0].shape)) if places else np.asarray(result)
        wrong = ~np.isfinite(array)
        if wrong.any():
            at = np.unravel_index(int(wrong.argmax()), array.shape)
            where = ", ".join(f"{name} = {place[at]:.6g}" for name, place in zip(self.variables, places, strict=True))
            raise NotFiniteError(f"`{self}` must be finite and real, but it is {array[at]} at {where}.")
        return array if array.ndim else float(array)

    def derivative(self, variable: str | None = None) -> ScalarExpression:
        """Return the exact derivative with respect to `variable`, by default the first.

        Raises
        ------
        InputError
            If there is no such variable, or the derivative does not exist (a kink) or grows out of hand.
        """
        variable = self.variables[0] if variable is None else variable
        if variable not in self.variables:
            raise InputError(f"`variable` must be one of {', '.join(self.variables)}, but it is {variable!r}.")
        tree = differentiate(_tree(self._steps), variable, self.text)
        steps = _steps_of(tree)
        return ScalarExpression(written(tree), self.variables, steps)

    @property
    def constant(self) -> float | None:
        """The value if it depends on no variable, else None."""
        step = self._steps[0]
        return float(step.value) if len(self._steps) == 1 and step.head == "number" else None

    def __str__(self) -> str:
        return self.text if len(self.text) <= 120 else self.text[:119] + "…"


def parse_scalar(
    text: str, parameters: Mapping[str, Any] | None = None, variables: tuple[str, ...] = ("t",)
) -> ScalarExpression:
    """Return the real function that `text` stands for.

    Parameters
    ----------
    text : str
        Numbers, ``pi``, + - * / ^, and the functions sin, cos, tan, sinh, cosh, tanh, exp, log, sqrt, abs, erf.
        Functions with jumps are refused, because the power at a jump is not a number.
    parameters : mapping of str to number or str, optional
        Real values; put in once, so that later changes of the mapping have no effect.
    variables : tuple of str
        Their names; units are the caller's affair.

    Raises
    ------
    ExpressionError
        At the wrong character, an unknown name, or a part that is constant and not a finite real number.

    Examples
    --------
    >>> pulse = parse_scalar("A*exp(-t^2/2)*cos(w*t)", {"A": 2.0, "w": "2*pi"})
    >>> pulse(np.array([0.0, 0.25])).round(12).tolist()
    [2.0, 0.0]
    """
    table = as_parameters(parameters)
    variables = tuple(variables)
    for name in variables:
        if name in table or name in RESERVED:
            raise InputError(f"`{name}` is the variable and must not be a parameter too. Rename the parameter.")
    tree = real_tree(parse(text), text, table, variables)
    return ScalarExpression(text.strip(), variables, _steps_of(tree))


def _steps_of(root: Node) -> tuple[_Step, ...]:
    """Return the operations in the order in which a stack machine meets them."""
    backwards: list[_Step] = []
    todo = [root]
    while todo:
        node = todo.pop()
        backwards.append(_Step(node.head, node.value, len(node.arguments)))
        todo.extend(node.arguments)
        if len(backwards) > _MOST_STEPS:
            raise InputError(f"A function must have at most {_MOST_STEPS} operations, but this one has more.")
    return tuple(reversed(backwards))


def _tree(steps: tuple[_Step, ...]) -> Node:
    stack: list[Node] = []
    for step in steps:
        arguments = _popped(stack, step.taken)
        stack.append(Node(step.head, tuple(arguments), 0, step.value))
    return stack[0]


def _run(steps: tuple[_Step, ...], places: Mapping[str, np.ndarray]) -> Any:
    stack: list[Any] = []
    for step in steps:
        if step.taken:
            stack.append(_OPERATIONS[step.head](step.value, _popped(stack, step.taken)))
        else:
            stack.append(np.float64(step.value) if step.head == "number" else places[step.value])
    return stack[0]


def _popped(stack: list[Any], count: int) -> list[Any]:
    first = len(stack) - count
    taken = stack[first:]
    del stack[first:]
    return taken


def _total(_: Any, terms: list[Any]) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _product(_: Any, factors: list[Any]) -> Any:
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product


def _erf(argument: Any) -> Any:
    from scipy.special import erf

    return erf(argument)


_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **{"abs": np.abs, "cos": np.cos, "cosh": np.cosh, "erf": _erf, "exp": np.exp, "log": np.log, "sign": np.sign},
    **{"sin": np.sin, "sinh": np.sinh, "sqrt": np.sqrt, "tan": np.tan, "tanh": np.tanh},
}
_OPERATIONS: dict[str, Callable[[Any, list[Any]], Any]] = {
    "sum": _total,
    "product": _product,
    "divide": lambda _, pair: pair[0] / pair[1],
    "power": lambda _, pair: np.power(pair[0], pair[1]),
    "negative": lambda _, single: -single[0],
    "call": lambda function, single: _FUNCTIONS[function](single[0]),
}
