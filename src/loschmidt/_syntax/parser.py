"""Read an expression into a tree: sums, products, powers, calls, names, numbers, kets and bras."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from loschmidt._syntax.error import ExpressionError, did_you_mean
from loschmidt._syntax.tokens import Token, tokenize

__all__ = ["CONSTANTS", "FUNCTIONS", "RESERVED", "Node", "fold", "parse"]

#: A tree is read by recursion; this many nested brackets and exponents are far from Python's own limit.
DEEPEST_NESTING = 50

FUNCTIONS = (
    *("abs", "conj", "cos", "cosh", "dag", "erf", "exp", "log"),
    *("sin", "sinh", "sqrt", "tan", "tanh"),
)
CONSTANTS = ("pi", "π", "i")
RESERVED = frozenset({*FUNCTIONS, *CONSTANTS, "hc"})

_JUMPS = ("heaviside", "Heaviside", "step", "sign", "sgn")

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """One operation of an expression.

    `head` is ``number``, ``name``, ``ket``, ``bra``, ``outer``, ``inner``, ``sum``, ``product``, ``divide``,
    ``power``, ``negative``, ``call`` or ``with adjoint``; `value` is what the head needs besides its `arguments`:
    the number, (name, site), the labels, the function's name, or the sign before ``h.c.``
    """

    head: str
    arguments: tuple[Node, ...]
    position: int
    value: Any = None


def fold(root: Node, rule: Callable[[Node, list[_Value]], _Value]) -> _Value:
    """Return `rule` applied from the leaves up, each time with the results of the arguments; not recursive."""
    todo = [(root, False)]
    results: list[_Value] = []
    while todo:
        node, ready = todo.pop()
        if ready or not node.arguments:
            first = len(results) - len(node.arguments)
            inputs = results[first:]
            del results[first:]
            results.append(rule(node, inputs))
        else:
            todo.append((node, True))
            todo.extend((argument, False) for argument in reversed(node.arguments))
    return results[0]


def parse(text: str) -> Node:
    """Return the tree of `text`.

    Raises
    ------
    ExpressionError
        At the first character that does not fit.

    Examples
    --------
    >>> parse("0.5*w*Z0 + g*(X0*X1 + Y0*Y1)").head
    'sum'
    """
    return _Parser(text, tokenize(text)).whole()


class _Parser:
    """Recursive descent over the token list; each method reads one level of precedence."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def error(self, reason: str, token: Token) -> ExpressionError:
        return ExpressionError(reason, self.text, token.position)

    def take(self, *kinds: str) -> Token | None:
        token = self.tokens[self.index]
        if token.kind not in kinds:
            return None
        self.index += 1
        return token

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            reason = f"brackets and exponents must not nest more than {DEEPEST_NESTING} deep."
            raise self.error(reason, token)

    def whole(self) -> Node:
        if self.token.kind == "end":
            raise ExpressionError("an expression is missing here.", self.text, 0)
        tree = self.sum()
        if self.token.kind == ")":
            raise self.error("this parenthesis closes nothing.", self.token)
        if self.token.kind != "end":
            raise self.unexpected()
        return tree

    def unexpected(self) -> ExpressionError:
        token = self.token
        if token.kind == "[":
            return self.error("a site in brackets must follow an operator, as in `Z[left]` or `|e><g|[atom]`.", token)
        if token.kind in ("]", ","):
            return self.error(f"`{token.text}` has no meaning here.", token)
        return self.error(f"an operator such as `*` is missing before `{_short(token)}`.", token)

    def sum(self) -> Node:
        start = self.token.position
        terms = [self.product()]
        while sign := self.take("+", "-"):
            if hc := self.take("hc"):
                terms = [Node("with adjoint", (_joined("sum", terms, start),), hc.position, sign.kind)]
            else:
                term = self.product()
                terms.append(Node("negative", (term,), sign.position) if sign.kind == "-" else term)
        return _joined("sum", terms, start)

    def product(self) -> Node:
        start = self.token.position
        factors = [self.signed()]
        while operator := self.take("*", "/"):
            right = self.signed()
            if operator.kind == "*":
                factors.append(right)
            else:
                factors = [Node("divide", (_joined("product", factors, start), right), operator.position)]
        return _joined("product", factors, start)

    def signed(self) -> Node:
        first = self.token
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign.kind == "-"
        if self.token.kind == "hc":
            raise self.error("`h.c.` must follow a sum, as in `g*a*Sp0 + h.c.`", self.token)
        power = self.power()
        return Node("negative", (power,), first.position) if negative else power

    def power(self) -> Node:
        base = self.atom()
        if operator := self.take("^"):
            self.deeper(operator)
            exponent = self.signed()
            self.depth -= 1
            return Node("power", (base, exponent), operator.position)
        return base

    def atom(self) -> Node:
        token = self.token
        if self.take("number"):
            return Node("number", (), token.position, token.value)
        if self.take("name"):
            return self.named(token)
        if self.take("("):
            return self.bracketed(token)
        if self.take("ket"):
            return self.ket(token)
        if self.take("bra"):
            return Node("bra", (), token.position, token.text[1:-1])
        if self.take("braket"):
            return Node("inner", (), token.position, tuple(token.text[1:-1].split("|")))
        if token.kind == "end":
            raise self.error("the expression ends where a number, a name or a parenthesis must follow.", token)
        raise self.error(f"a number, a name or a parenthesis must stand here, but `{_short(token)}` does.", token)

    def bracketed(self, opening: Token) -> Node:
        self.deeper(opening)
        if self.token.kind == ")":
            raise self.error("these parentheses are empty.", self.token)
        inside = self.sum()
        self.depth -= 1
        if not self.take(")"):
            if self.token.kind == "end":
                raise self.error("this parenthesis is never closed.", opening)
            raise self.unexpected()
        return inside

    def named(self, token: Token) -> Node:
        name = token.text
        if opening := self.take("("):
            if name not in FUNCTIONS:
                raise self.error(_not_a_function(name), token)
            return Node("call", (self.bracketed(opening),), token.position, name)
        if name in FUNCTIONS:
            raise self.error(f"`{name}` is a function and must be followed by its argument, as in `{name}(x)`.", token)
        return Node("name", (), token.position, (name, self.site()))

    def ket(self, token: Token) -> Node:
        bra = self.take("bra")
        if bra is None:
            return Node("ket", (), token.position, token.text[1:-1])
        return Node("outer", (), token.position, (token.text[1:-1], bra.text[1:-1], self.site()))

    def site(self) -> str | None:
        opening = self.take("[")
        if opening is None:
            return None
        site = self.take("name", "number")
        if site is None or not self.take("]"):
            raise self.error("the brackets must hold the name or the index of one site, as in `Z[left]`.", opening)
        return site.text


def _joined(head: str, parts: list[Node], position: int) -> Node:
    return parts[0] if len(parts) == 1 else Node(head, tuple(parts), position)


def _short(token: Token) -> str:
    return token.text if len(token.text) <= 24 else token.text[:23] + "…"


def _not_a_function(name: str) -> str:
    if name in _JUMPS:
        return (
            f"`{name}` jumps, and the power at a jump is not a number; use a smooth switch such as "
            f"0.5*(1 + tanh((t - t0)/width)), or split the protocol."
        )
    hint = did_you_mean(name, FUNCTIONS) or f" If a product is meant, write `{name}*(…)`."
    return f"`{name}` is not a function.{hint}"
