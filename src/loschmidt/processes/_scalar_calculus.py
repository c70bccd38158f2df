"""Real functions as trees: fold constants, differentiate, print."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from loschmidt._syntax.error import ExpressionError, did_you_mean
from loschmidt._syntax.numbers import Number, combine, constant
from loschmidt._syntax.parser import FUNCTIONS, Node, fold
from loschmidt.errors import InputError

__all__ = ["differentiate", "real_tree", "written"]

_COMPLEX_ONLY = ("dag", "conj")
_MOST_FACTORS = 300


def real_tree(root: Node, text: str, parameters: Mapping[str, Number], variables: tuple[str, ...]) -> Node:
    """Return the tree with parameters put in, constants folded and variables marked; refuse what is not real."""

    def rule(node: Node, inputs: list[Node]) -> Node:
        if not node.arguments:
            return _leaf(node, text, parameters, variables)
        if node.head == "with adjoint" or node.value in _COMPLEX_ONLY:
            raise ExpressionError("an adjoint has no meaning in a real function.", text, node.position)
        if all(argument.head == "number" for argument in inputs):
            value = combine(node, [argument.value for argument in inputs], text)
            return _real_number(value, "this", text, node.position)
        return Node(node.head, tuple(inputs), node.position, node.value)

    return fold(root, rule)


def differentiate(root: Node, variable: str, text: str) -> Node:
    """Return the derivative of a real tree with respect to one variable."""

    def rule(node: Node, inputs: list[_Slope]) -> _Slope:
        try:
            return _slope(node, inputs, variable)
        except InputError:
            raise
        except (ArithmeticError, ValueError):
            raise ExpressionError("the derivative of this is not a finite real number.", text, node.position) from None

    return fold(root, rule).derivative


def written(root: Node) -> str:
    """Return the text of a real tree, with parentheses only where they are needed."""
    return fold(root, _write)[0]


def _leaf(node: Node, text: str, parameters: Mapping[str, Number], variables: tuple[str, ...]) -> Node:
    if node.head == "number":
        return _real_number(node.value, "this", text, node.position)
    if node.head != "name":
        raise ExpressionError("a ket or bra cannot stand in a real function.", text, node.position)
    name, site = node.value
    if site is not None:
        raise ExpressionError(f"`{name}[{site}]` is an operator; a number must stand here.", text, node.position)
    if name in variables:
        return Node("variable", (), node.position, name)
    value = parameters.get(name, constant(name))
    if value is None:
        hint = did_you_mean(name, (*parameters, *variables, "pi", *FUNCTIONS))
        raise ExpressionError(f"`{name}` is neither a parameter nor a variable.{hint}", text, node.position)
    return _real_number(value, f"`{name}`", text, node.position)


def _real_number(value: Number, what: str, text: str, position: int) -> Node:
    if isinstance(value, complex):
        reason = f"{what} must be real, but it is {value:.6g}. Write cos and sin instead of exp(i*…)."
        raise ExpressionError(reason, text, position)
    return Node("number", (), position, value)


# ── derivative ──


class _Slope(NamedTuple):
    """A tree with its derivative and its logarithmic derivative; the latter keeps quotients finite in the tails."""

    tree: Node
    derivative: Node
    logarithmic: Node


_ZERO = Node("number", (), 0, 0.0)
_ONE = Node("number", (), 0, 1.0)


def _slope(node: Node, inputs: list[_Slope], variable: str) -> _Slope:
    if node.head == "variable" and node.value == variable:
        return _Slope(node, _ONE, _quotient(_ONE, node))
    if all(_is(argument.derivative, 0.0) for argument in inputs):
        return _Slope(node, _ZERO, _ZERO)
    match node.head:
        case "sum":
            return _with_ratio(node, _sum(*(argument.derivative for argument in inputs)))
        case "negative":
            return _Slope(node, _negative(inputs[0].derivative), inputs[0].logarithmic)
        case "product":
            return _product_slope(node, inputs)
        case "divide":
            over, under = inputs
            derivative = _sum(_quotient(over.derivative, under.tree), _negative(_product(node, under.logarithmic)))
            return _Slope(node, derivative, _sum(over.logarithmic, _negative(under.logarithmic)))
        case "power":
            return _power_slope(node, *inputs)
        case _:
            return _call_slope(node, inputs[0])


def _with_ratio(node: Node, derivative: Node) -> _Slope:
    return _Slope(node, derivative, _quotient(derivative, node))


def _product_slope(node: Node, inputs: list[_Slope]) -> _Slope:
    varying = [index for index, factor in enumerate(inputs) if not _is(factor.derivative, 0.0)]
    if len(varying) > _MOST_FACTORS:
        raise InputError(f"A product must have at most {_MOST_FACTORS} varying factors, but it has {len(varying)}.")
    trees = [factor.tree for factor in inputs]
    terms = [_product(*trees[:k], inputs[k].derivative, *trees[k + 1 :]) for k in varying]
    return _Slope(node, _sum(*terms), _sum(*(factor.logarithmic for factor in inputs)))


def _power_slope(node: Node, base: _Slope, exponent: _Slope) -> _Slope:
    tree = exponent.tree
    if tree.head == "number":
        logarithmic = _product(tree, base.logarithmic)
        if tree.value < 0:
            return _Slope(node, _product(node, logarithmic), logarithmic)
        if tree.value == 0:
            return _Slope(node, _ZERO, _ZERO)
        lower = base.tree if tree.value == 2 else Node("power", (base.tree, _number(tree.value - 1)), 0)
        return _Slope(node, _product(tree, _ONE if tree.value == 1 else lower, base.derivative), logarithmic)
    growth = _product(exponent.derivative, _call("log", base.tree))
    logarithmic = _sum(growth, _product(tree, base.logarithmic))
    return _Slope(node, _product(node, logarithmic), logarithmic)


def _call_slope(node: Node, argument: _Slope) -> _Slope:
    u, du = argument.tree, argument.derivative
    square = _number(2.0)
    match node.value:
        case "exp":
            return _Slope(node, _product(node, du), du)
        case "cosh":
            return _Slope(node, _product(_call("sinh", u), du), _product(_call("tanh", u), du))
        case "sinh":
            return _Slope(node, _product(_call("cosh", u), du), _quotient(du, _call("tanh", u)))
        case "sin":
            return _with_ratio(node, _product(_call("cos", u), du))
        case "cos":
            return _with_ratio(node, _negative(_product(_call("sin", u), du)))
        case "tan":
            return _with_ratio(node, _quotient(du, Node("power", (_call("cos", u), square), 0)))
        case "tanh":
            return _with_ratio(node, _quotient(du, Node("power", (_call("cosh", u), square), 0)))
        case "log":
            return _with_ratio(node, argument.logarithmic)
        case "sqrt":
            return _with_ratio(node, _quotient(du, _product(square, node)))
        case "erf":
            bell = _call("exp", _negative(Node("power", (u, square), 0)))
            return _with_ratio(node, _product(_number(2 / math.sqrt(math.pi)), bell, du))
        case "abs":
            return _with_ratio(node, _product(_call("sign", u), du))
        case _:
            raise InputError("The second derivative of `abs` must exist, but it does not at the kink.")


def _is(node: Node, value: float) -> bool:
    return node.head == "number" and node.value == value


def _number(value: float) -> Node:
    return Node("number", (), 0, value)


def _call(function: str, argument: Node) -> Node:
    if argument.head == "number":
        return _number(getattr(math, function)(argument.value))
    return Node("call", (argument,), 0, function)


def _sum(*terms: Node) -> Node:
    kept = tuple(term for term in terms if not _is(term, 0.0))
    return Node("sum", kept, 0) if len(kept) > 1 else (kept[0] if kept else _ZERO)


def _product(*factors: Node) -> Node:
    if any(_is(factor, 0.0) for factor in factors):
        return _ZERO
    kept = tuple(factor for factor in factors if not _is(factor, 1.0))
    return Node("product", kept, 0) if len(kept) > 1 else (kept[0] if kept else _ONE)


def _quotient(over: Node, under: Node) -> Node:
    if _is(over, 0.0):
        return _ZERO
    pair = (over.value, under.value) if over.head == under.head == "call" else None
    if pair == ("sinh", "cosh") and over.arguments[0] is under.arguments[0]:
        return _call("tanh", over.arguments[0])
    return over if _is(under, 1.0) else Node("divide", (over, under), 0)


def _negative(node: Node) -> Node:
    if node.head == "number":
        return _number(0.0 - node.value)
    return node.arguments[0] if node.head == "negative" else Node("negative", (node,), 0)


# ── text ──

_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4


def _write(node: Node, inputs: list[tuple[str, int]]) -> tuple[str, int]:
    match node.head:
        case "number":
            return repr(node.value).removesuffix(".0"), _ATOM if node.value >= 0 else _SUM
        case "variable":
            return node.value, _ATOM
        case "sum":
            return " + ".join(_bound(part, _PRODUCT) for part in inputs), _SUM
        case "product":
            return "*".join(_bound(part, _PRODUCT) for part in inputs), _PRODUCT
        case "divide":
            return f"{_bound(inputs[0], _PRODUCT)}/{_bound(inputs[1], _POWER)}", _PRODUCT
        case "power":
            return f"{_bound(inputs[0], _ATOM)}^{_bound(inputs[1], _ATOM)}", _POWER
        case "negative":
            return f"-{_bound(inputs[0], _PRODUCT)}", _SUM
        case _:
            return f"{node.value}({inputs[0][0]})", _ATOM


def _bound(part: tuple[str, int], least: int) -> str:
    text, strength = part
    return text if strength >= least else f"({text})"
