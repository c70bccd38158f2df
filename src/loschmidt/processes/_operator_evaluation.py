"""Give the names in an operator expression their meaning on a space, and evaluate its tree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from loschmidt._syntax.error import ExpressionError, did_you_mean
from loschmidt._syntax.numbers import Number, combine, constant
from loschmidt._syntax.parser import CONSTANTS, FUNCTIONS, Node, fold, parse
from loschmidt.processes._operator_algebra import (
    Bra,
    Ket,
    Local,
    Value,
    Whole,
    add,
    adjoint,
    multiply,
    power,
    scale,
)
from loschmidt.processes.spaces import Site, Space
from loschmidt.typing import ComplexMatrix, ComplexVector

__all__ = ["OPERATORS", "evaluate"]

#: Operator names of each kind of site, besides I.
OPERATORS = {"qubit": ("X", "Y", "Z", "Sp", "Sm"), "mode": ("a", "adag", "n"), "levels": ()}

_NAME = re.compile(r"(?P<operator>adag|Sp|Sm|[XYZIan])(?:_?(?P<index>[0-9]{1,9})|_(?P<site>[^\W\d]\w*))?")
_LARGEST_POWER = 1000


def evaluate(text: str, space: Space, parameters: Mapping[str, Number]) -> Value:
    """Return the number, operator, ket or bra that `text` stands for."""
    with np.errstate(over="ignore", invalid="ignore"):
        return fold(parse(text), _Evaluation(text, space, parameters).result)


@dataclass
class _Evaluation:
    """The meaning of every node of one expression on one space."""

    text: str
    space: Space
    parameters: Mapping[str, Number]
    known: dict[tuple[str, str | None], Value] = field(default_factory=dict)

    def result(self, node: Node, inputs: list[Value]) -> Value:
        if not node.arguments:
            return self.leaf(node)
        numbers = [value for value in inputs if isinstance(value, (float, complex))]
        if len(numbers) == len(inputs):
            return combine(node, numbers, self.text)
        match node.head:
            case "sum":
                return self.sum(node, inputs)
            case "product":
                return self.product(node, inputs)
            case "divide":
                return self.quotient(node, inputs)
            case "power":
                return self.power(node, inputs)
            case "negative":
                return scale(inputs[0], -1.0)
            case "with adjoint":
                return self.with_adjoint(node, inputs[0])
            case _:
                return self.call(node, inputs[0])

    def error(self, reason: str, node: Node) -> ExpressionError:
        return ExpressionError(reason, self.text, node.position)

    # ── operations ──

    def sum(self, node: Node, inputs: list[Value]) -> Value:
        total = add(inputs, self.space.dims)
        if total is not None:
            return total
        kinds = [_kind(value) for value in inputs]
        wrong = next(index for index, kind in enumerate(kinds) if kind != kinds[0])
        raise self.error(f"{kinds[wrong]} cannot be added to {kinds[0]}.", node.arguments[wrong])

    def product(self, node: Node, inputs: list[Value]) -> Value:
        result = inputs[0]
        for factor, argument in zip(inputs[1:], node.arguments[1:], strict=True):
            product = multiply(result, factor, self.space.dims)
            if product is None:
                hint = " Write a product of kets as one, `|0,1>`." if isinstance(factor, Ket) else ""
                raise self.error(f"{_kind(result)} cannot be multiplied by {_kind(factor)}.{hint}", argument)
            result = product
        return result

    def quotient(self, node: Node, inputs: list[Value]) -> Value:
        left, right = inputs
        if not isinstance(right, (float, complex)):
            raise self.error(f"only a number can divide, but {_kind(right)} does.", node)
        return scale(left, combine(node, [1.0, right], self.text))

    def power(self, node: Node, inputs: list[Value]) -> Value:
        base, exponent = inputs
        if not isinstance(base, (Local, Whole)):
            raise self.error(f"{_kind(base)} has no powers.", node)
        if not isinstance(exponent, float) or exponent not in range(_LARGEST_POWER + 1):
            raise self.error(f"the power of an operator must be a whole number from 0 to {_LARGEST_POWER}.", node)
        return power(base, int(exponent), self.space.dims)

    def with_adjoint(self, node: Node, value: Value) -> Value:
        conjugate = adjoint(value) if node.value == "+" else scale(adjoint(value), -1.0)
        total = add([value, conjugate], self.space.dims)
        if total is None:
            raise self.error(f"{_kind(value)} cannot be added to its adjoint.", node)
        return total

    def call(self, node: Node, value: Value) -> Value:
        if node.value != "dag":
            raise self.error(f"`{node.value}` takes a number, but its argument is {_kind(value)}.", node)
        return adjoint(value)

    # ── leaves ──

    def leaf(self, node: Node) -> Value:
        match node.head:
            case "number":
                value: Number = node.value
                return value
            case "name":
                if node.value not in self.known:
                    self.known[node.value] = self.name(node)
                return self.known[node.value]
            case "ket":
                return Ket(self.ket(node, node.value))
            case "bra":
                return Bra(self.ket(node, node.value).conj())
            case "inner":
                bra, ket = node.value
                return complex(self.ket(node, bra).conj() @ self.ket(node, ket))
            case _:
                return self.outer(node)

    def name(self, node: Node) -> Value:
        name, label = node.value
        number = self.parameters.get(name, constant(name))
        operator = self.operator(node, quiet=number is not None)
        if number is None and operator is None:
            pool = (*self.parameters, *CONSTANTS, *FUNCTIONS, *_operator_names(self.space))
            raise self.error(f"`{name}` is neither a parameter nor an operator.{did_you_mean(name, pool)}", node)
        if number is not None and operator is not None:
            raise self.error(f"`{name}` is both a parameter and an operator. Rename the parameter.", node)
        if operator is not None:
            return operator
        if label is not None:
            raise self.error(f"`{name}` is a parameter and has no site.", node)
        assert number is not None
        return number

    def operator(self, node: Node, quiet: bool) -> Local | None:
        """Return the operator that a name stands for; `quiet` if a parameter of that name would do as well."""
        name, label = node.value
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        symbol = match["operator"]
        written = match["index"] or match["site"]
        if label is not None and written is not None:
            return None
        label = label or written
        if label is None:
            return self.without_site(symbol, node, quiet)
        index = self.space.site_index(label)
        if index is None:
            if quiet or match["site"]:
                return None
            what = f"`{name}` names no site." if written else f"`{label}` is not a site."
            raise self.error(f"{what} {self.space.describe_sites(label)}", node)
        matrix = _matrix(symbol, self.space.sites[index])
        if matrix is None and not quiet:
            raise self.error(_not_on_site(symbol, self.space.sites[index]), node)
        return None if matrix is None else Local(1.0, {index: matrix})

    def without_site(self, symbol: str, node: Node, quiet: bool) -> Local | None:
        if symbol == "I":
            return Local(1.0, {})
        fitting = [(index, _matrix(symbol, site)) for index, site in enumerate(self.space.sites)]
        found = [(index, matrix) for index, matrix in fitting if matrix is not None]
        if len(found) == 1:
            return Local(1.0, {found[0][0]: found[0][1]})
        if quiet:
            return None
        if not found:
            noun = "mode" if symbol in OPERATORS["mode"] else "qubit"
            raise self.error(f"`{symbol}` exists only on a {noun}, but no site is one.", node)
        site = self.space.sites[found[-1][0]].name
        raise self.error(f"`{symbol}` must name its site, as in `{symbol}{found[-1][0]}` or `{symbol}[{site}]`.", node)

    def ket(self, node: Node, label: str) -> ComplexVector:
        """Return the basis ket ``(d,)`` of the whole space that `label` names."""
        vector = self.ket_or_none(label)
        if vector is None:
            raise self.error(f"`{label.strip()}` names no level. {self.describe_levels(label)}", node)
        return vector

    def ket_or_none(self, label: str) -> ComplexVector | None:
        sites = self.space.sites
        parts: Sequence[str] = [part.strip() for part in label.split(",")]
        if len(parts) == 1 and len(sites) > 1:
            parts = parts[0].split() if len(parts[0].split()) > 1 else parts[0]
        if len(parts) != len(sites):
            return None
        vector: ComplexVector = np.ones(1, dtype=np.complex128)
        for site, part in zip(sites, parts, strict=True):
            factor = site.ket(part)
            if factor is None:
                return None
            vector = np.multiply.outer(vector, factor).ravel()
        return vector

    def outer(self, node: Node) -> Value:
        """Return ``|i><j|`` on the whole space, on the site in brackets, or on the only site with such levels."""
        ket, bra, label = node.value
        if label is None and len(self.space.sites) == 1:
            return self.local_outer(node, 0, ket, bra)
        if label is None:
            left, right = self.ket_or_none(ket), self.ket_or_none(bra)
            if left is not None and right is not None:
                product = multiply(Ket(left), Bra(right.conj()), self.space.dims)
                assert product is not None
                return product
            named = [i for i, site in enumerate(self.space.sites) if {ket.strip(), bra.strip()} <= set(site.levels)]
            if len(named) != 1:
                wrong = ket if left is None else bra
                raise self.error(f"`{wrong.strip()}` names no level. {self.describe_levels(wrong)}", node)
            return self.local_outer(node, named[0], ket, bra)
        index = self.space.site_index(label)
        if index is None:
            raise self.error(f"`{label}` is not a site. {self.space.describe_sites(label)}", node)
        return self.local_outer(node, index, ket, bra)

    def local_outer(self, node: Node, index: int, ket: str, bra: str) -> Local:
        site = self.space.sites[index]
        vectors = []
        for label in (ket.strip(), bra.strip()):
            vector = site.ket(label)
            if vector is None:
                hint = did_you_mean(label, site.level_names())
                raise self.error(f"site `{site.name}` has no level `{label}`.{hint}", node)
            vectors.append(vector)
        return Local(1.0, {index: np.outer(vectors[0], vectors[1].conj())})

    def describe_levels(self, wrong: str) -> str:
        sites = self.space.sites
        if len(sites) == 1:
            names = sites[0].level_names()
            shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
            return f"The levels are {shown}.{did_you_mean(wrong.strip(), names)}"
        example = ",".join(site.level_names()[0] for site in sites[:8]) + (",…" if len(sites) > 8 else "")
        site = sites[0]
        return (
            f"Name one level of each of the {len(sites)} sites, as in `|{example}>`, "
            f"or a site, as in `|{site.level_names()[0]}><{site.level_names()[-1]}|[{site.name}]`."
        )


def _matrix(symbol: str, site: Site) -> ComplexMatrix | None:
    """Return the matrix of a named operator on one site, or None if the site has no such operator."""
    if symbol == "I":
        return np.eye(site.dimension, dtype=np.complex128)
    if symbol not in OPERATORS[site.kind]:
        return None
    if site.kind == "mode":
        lowering = np.diag(np.sqrt(np.arange(1.0, site.dimension)), 1).astype(np.complex128)
        number = np.diag(np.arange(float(site.dimension))).astype(np.complex128)
        return {"a": lowering, "adag": lowering.T.copy(), "n": number}[symbol]
    entries = {"X": [0, 1, 1, 0], "Y": [0, -1j, 1j, 0], "Z": [1, 0, 0, -1], "Sp": [0, 1, 0, 0], "Sm": [0, 0, 1, 0]}
    return np.array(entries[symbol], dtype=np.complex128).reshape(2, 2)


def _operator_names(space: Space) -> list[str]:
    sites = list(enumerate(space.sites))[:32]
    names = [symbol for site in {site.kind for _, site in sites} for symbol in OPERATORS[site]]
    for index, site in sites:
        for symbol in (*OPERATORS[site.kind], "I"):
            names += [f"{symbol}{index}", f"{symbol}_{site.name}"]
    return names


def _not_on_site(symbol: str, site: Site) -> str:
    has = ", ".join((*OPERATORS[site.kind], "I", "|i><j|"))
    noun = {"qubit": "a qubit", "mode": "a mode", "levels": f"a set of {site.dimension} levels"}[site.kind]
    return f"`{symbol}` does not exist on site `{site.name}`, which is {noun} and has {has}."


def _kind(value: Value) -> str:
    match value:
        case Ket():
            return "a ket"
        case Bra():
            return "a bra"
        case Local() | Whole():
            return "an operator"
        case _:
            return "a number"
