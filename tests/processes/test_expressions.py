"""Expressions mean what NumPy says they mean, and wrong ones end in one error that points at the place."""

from __future__ import annotations

import contextlib
import copy
import math
import multiprocessing
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import InputError, LoschmidtError, NotAStateError, NotFiniteError, ResourceError
from loschmidt.processes.expressions import (
    ExpressionError,
    Site,
    Space,
    names_in,
    parse_number,
    parse_operator,
    parse_scalar,
    parse_state,
    resolve,
)

X, Y, Z, ONE = (
    np.array(m, dtype=complex) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]], np.eye(2))
)
SP, SM = (X + 1j * Y) / 2, (X - 1j * Y) / 2
LOWER = np.diag(np.sqrt([1.0, 2.0]), 1).astype(complex)
QUBITS = Space.qubits(2)
ATOM_CAVITY = Space((Site("atom", 3, "levels", ("g", "m", "e")), Site("cavity", 4, "mode"), Site("spin")))


def chain(*factors):
    product = np.eye(1)
    for factor in factors:
        product = np.kron(product, factor)
    return product


def caret(text, space=QUBITS, **parameters):
    """Return the error of a wrong operator expression."""
    with pytest.raises(ExpressionError) as caught:
        parse_operator(text, space, parameters)
    return caught.value


# ── operators ──


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X0", chain(X, ONE)),
        ("Y_q1", chain(ONE, Y)),
        ("Z[q0]*Z[1]", chain(Z, Z)),
        ("Sp_0*Sm1", chain(SP, SM)),
        ("|0><1|[q0]", chain(SP, ONE)),
        ("|01><10|", chain(SP, SM)),
        ("|0,1><1,0|", chain(SP, SM)),
        ("|+><-|[q1]", chain(ONE, np.array([[1, -1], [1, -1]]) / 2)),
        ("I", np.eye(4)),
        ("I1 - 1", np.zeros((4, 4))),
        ("3", 3 * np.eye(4)),
        ("1 + Z0", np.eye(4) + chain(Z, ONE)),
        ("-X0^2 + 2*Y1**3", -np.eye(4) + 2 * chain(ONE, Y)),
        ("(X0 + Z1)^2", 2 * np.eye(4) + 2 * chain(X, Z)),
        ("Z0^0", np.eye(4)),
        ("X0*Y0", chain(1j * Z, ONE)),
        ("X0*Y1*X0/4", chain(ONE, Y) / 4),
        ("2i*Sp0 + h.c.", 2j * chain(SP, ONE) - 2j * chain(SM, ONE)),
        ("2i*Sp0 + hc", 2j * chain(SP, ONE) - 2j * chain(SM, ONE)),
        ("i*(Sp0*Sm1 - h.c.)", 1j * (chain(SP, SM) - chain(SM, SP))),
        ("Z0 + (Sp0*Sm1 + h.c.)*Z1", chain(Z, ONE) + (chain(SP, SM) + chain(SM, SP)) @ chain(ONE, Z)),
        ("dag(1j*Sp0*Z1)", -1j * chain(SM, Z)),
        ("<00|*X0*|10>*Z1", chain(ONE, Z)),
        ("<0,1|0,1> - I", np.zeros((4, 4))),
        ("(|00> + |11>)*(<00| + <11|)", np.outer([1, 0, 0, 1], [1, 0, 0, 1])),
        ("w*Z0·Z1 − |0⟩⟨1|[1]", 0.5 * chain(Z, Z) - chain(ONE, SP)),
        ("sqrt(-4)*w*exp(i*pi)*Z0", -1j * chain(Z, ONE)),
        ("cos(pi)*tanh(0) + abs(-3i)*conj(2i)*X0/cosh(0)", -6j * chain(X, ONE)),
        ("\n  X0\n + Z1 ", chain(X, ONE) + chain(ONE, Z)),
    ],
)
def test_operators_on_two_qubits(text, expected):
    np.testing.assert_allclose(parse_operator(text, Space.qubits(2), {"w": 0.5}), expected, atol=1e-15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a*dag(a) - adag*a", chain(np.eye(3), np.diag([1, 1, 1, -3]), ONE)),
        ("n[cavity]", chain(np.eye(3), np.diag(range(4)), ONE)),
        ("adag_cavity*a1 - n", np.zeros((24, 24))),
        ("|e><g|[atom]", chain(np.eye(3)[:, [2]] @ np.eye(3)[[0]], np.eye(4), ONE)),
        ("|e><m|", chain(np.eye(3)[:, [2]] @ np.eye(3)[[1]], np.eye(4), ONE)),
        ("|2><0|[0]", chain(np.eye(3)[:, [2]] @ np.eye(3)[[0]], np.eye(4), ONE)),
        ("|e 3 0><g,0,1|", np.outer(np.eye(24)[2 * 8 + 3 * 2], np.eye(24)[1])),
        ("|g30><g30|", np.diag(np.eye(24)[6])),
        ("X", chain(np.eye(12), X)),
        ("Sp2*I_atom", chain(np.eye(12), SP)),
    ],
)
def test_operators_on_an_atom_a_cavity_and_a_spin(text, expected):
    np.testing.assert_allclose(parse_operator(text, ATOM_CAVITY), expected, atol=1e-14)


def test_raising_is_from_one_to_zero_whatever_the_levels_are_called():
    spin = Space((Site("s", 2, "qubit", ("up", "down")),))
    np.testing.assert_array_equal(parse_operator("Sp", spin), parse_operator("|up><down|", spin))
    np.testing.assert_array_equal(parse_operator("Sp", spin), [[0, 1], [0, 0]])


def test_a_product_need_not_be_hermitian_and_comes_back_as_it_is():
    assert not np.allclose(parse_operator("2i*Sp", Space.qubits(1)), parse_operator("2i*Sp", Space.qubits(1)).conj().T)


def test_five_thousand_terms():
    rng = np.random.default_rng(5)
    space, paulis = Space.qubits(5), {"X": X, "Y": Y, "Z": Z, "I": ONE}
    terms, expected = [], np.zeros((32, 32), dtype=complex)
    for _ in range(5000):
        letters, number = rng.choice(list(paulis), 5), rng.normal()
        terms.append(f"{number!r}*" + "*".join(f"{letter}{site}" for site, letter in enumerate(letters)))
        expected += number * chain(*(paulis[letter] for letter in letters))
    np.testing.assert_allclose(parse_operator(" + ".join(terms), space), expected, atol=1e-10)


def test_a_long_sum_of_sums_is_assembled_in_pieces(monkeypatch):
    monkeypatch.setattr("loschmidt.processes._operator_algebra._ELEMENTS_AT_ONCE", 100)
    text = " + ".join(f"{k}*X{k % 6}*Z{(k + 1) % 6}" for k in range(60))
    direct = sum(parse_operator(f"{k}*X{k % 6}*Z{(k + 1) % 6}", Space.qubits(6)) for k in range(60))
    np.testing.assert_allclose(parse_operator(text, Space.qubits(6)), direct)


# ── random trees ──


class Tree:
    """An expression as text together with the matrix that NumPy gives for it."""

    def __init__(self, text, matrix, binding):
        self.text, self.matrix, self.binding = text, matrix, binding

    def bound(self, least):
        return self.text if self.binding >= least else f"({self.text})"


SITES = (("q0", 2), ("c", 3))
LEAVES = {
    **{f"{s}0": chain(m, np.eye(3)) for s, m in (("X", X), ("Y", Y), ("Z", Z), ("Sp", SP), ("Sm", SM))},
    **{"a": chain(ONE, LOWER), "adag[c]": chain(ONE, LOWER.T), "n": chain(ONE, np.diag([0, 1, 2]))},
    **{"|0><1|[q0]": chain(SP, np.eye(3)), "|1,2><0,0|": np.outer(np.eye(6)[5], np.eye(6)[0]), "I": np.eye(6)},
    **{"w": 0.7 * np.eye(6), "z": (0.2 - 1j) * np.eye(6), "i": 1j * np.eye(6), "2.5e-1": 0.25 * np.eye(6)},
}


@st.composite
def trees(draw, depth=4):
    kind = (
        draw(st.sampled_from(["leaf", "sum", "product", "power", "negative", "dag", "divide", "hc"]))
        if depth
        else "leaf"
    )
    if kind == "leaf":
        name = draw(st.sampled_from(sorted(LEAVES)))
        return Tree(name, LEAVES[name].astype(complex), 4)
    if kind in ("sum", "product"):
        parts = draw(st.lists(trees(depth=depth - 1), min_size=2, max_size=4))
        if kind == "product":
            return Tree("*".join(p.bound(2) for p in parts), np.linalg.multi_dot([p.matrix for p in parts]), 2)
        signs = [draw(st.sampled_from("+-")) for _ in parts[1:]]
        text = parts[0].bound(2) + "".join(f" {s} {p.bound(2)}" for s, p in zip(signs, parts[1:], strict=True))
        rest = sum((1 if s == "+" else -1) * p.matrix for s, p in zip(signs, parts[1:], strict=True))
        return Tree(text, parts[0].matrix + rest, 1)
    inner = draw(trees(depth=depth - 1))
    if kind == "power":
        exponent = draw(st.integers(0, 3))
        return Tree(f"{inner.bound(4)}^{exponent}", np.linalg.matrix_power(inner.matrix, exponent), 3)
    if kind == "negative":
        return Tree(f"-{inner.bound(3)}", -inner.matrix, 1)
    if kind == "dag":
        return Tree(f"dag({inner.text})", inner.matrix.conj().T, 4)
    if kind == "hc":
        return Tree(f"({inner.text} + h.c.)", inner.matrix + inner.matrix.conj().T, 4)
    return Tree(f"{inner.bound(2)}/(2*w)", inner.matrix / 1.4, 2)


@given(trees())
def test_random_expressions_equal_numpy(tree):
    space = Space((Site("q0"), Site("c", 3, "mode")))
    parsed = parse_operator(tree.text, space, {"w": 0.7, "z": 0.2 - 1j})
    np.testing.assert_allclose(parsed, tree.matrix, atol=1e-9 * max(1.0, np.abs(tree.matrix).max()))


# ── wrong expressions ──


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("0.5*w*Q0 + 1", 6, "Did you mean `Z0`?"),
        ("w*Z0 + omga*X1", 7, "Did you mean `omega`?"),
        ("Z0 + Z7", 5, "names no site. The sites are 0 = q0, 1 = q1."),
        ("Z_q3", 0, "Did you mean `Z_q"),
        ("Z0 + X[lft]", 5, "`lft` is not a site. The sites are 0 = left, 1 = right. Did you mean `left`?"),
        ("2 w", 2, "`*` is missing"),
        ("2w", 1, "`*` is missing"),
        ("X0 Y1", 3, "`*` is missing"),
        ("(1 + 2", 0, "never closed"),
        ("1 + 2)", 5, "closes nothing"),
        ("()", 1, "empty"),
        ("1 + ", 3, "ends where"),
        ("1 + * 2", 4, "must stand here, but `*` does"),
        ("", 0, "missing"),
        ("   ", 0, "missing"),
        ("Z0 + $", 5, "no meaning"),
        ("Z0 = 1", 3, "must not contain `=`"),
        ("Z0 + |0", 5, "must belong to a ket"),
        ("Z0 > 1", 3, "must belong to a ket"),
        ("1e999*Z0", 0, "too large"),
        ("1e308*1e308*Z0", 0, "overflows"),
        ("1e308*10 + Z0", 0, "no finite value"),
        ("Z0/(w - w)", 2, "no finite value"),
        ("w + 0^-1", 5, "no finite value"),
        ("exp(1000)*Z0", 0, "no finite value"),
        ("log(0)", 0, "no finite value"),
        ("erf(i)", 0, "real number"),
        ("Z0/X0", 2, "only a number can divide"),
        ("Z0^0.5", 2, "whole number from 0"),
        ("Z0^-1", 2, "whole number from 0"),
        ("Z0^X0", 2, "whole number from 0"),
        ("2^X0", 1, "a number has no powers"),
        ("exp(X0)", 0, "takes a number"),
        ("sin*2", 0, "sin(x)"),
        ("w(1 + 2)", 0, "not a function"),
        ("cso(w)", 0, "Did you mean `cos`?"),
        ("heaviside(w)", 0, "smooth switch"),
        ("Z", 0, "must name its site"),
        ("Z0 + 2*adag", 7, "exists only on a mode"),
        ("a0", 0, "does not exist on site `left`, which is a qubit"),
        ("|02><00|", 0, "names no level. Name one level of each of the 2 sites"),
        ("|0><2|[left]", 0, "has no level `2`"),
        ("|0><1|[rigth]", 0, "Did you mean `right`?"),
        ("Z0 + |00>", 5, "a ket cannot be added to an operator"),
        ("|00>*|11>", 5, "Write a product of kets as one"),
        ("|00>*Z0", 5, "a ket cannot be multiplied by an operator"),
        ("|00> + h.c.", 7, "cannot be added to its adjoint"),
        ("|00>", 0, "this is a ket"),
        ("Z0*h.c.", 3, "must follow a sum"),
        ("h.c.", 0, "must follow a sum"),
        ("Z0 + w[left]", 5, "has no site"),
        ("Z[left+1]", 1, "name or the index of one site"),
        ("(X0)[left]", 4, "must follow an operator"),
        ("X0, Y0", 2, "no meaning here"),
        ("X0^(1e3+1)", 2, "from 0 to 1000"),
    ],
)
def test_errors_point_at_the_wrong_character(text, position, words):
    names = ("q0", "q1") if "q0" in words or "_q" in text else ("left", "right")
    error = caret(text, Space(tuple(Site(name) for name in names)), w=1.0, omega=2.0)
    assert error.position == position
    assert words in error.reason
    if text.strip():
        shown, pointer = str(error).splitlines()[-2:]
        assert pointer.index("^") == len(pointer) - 1 == 4 + position
        assert shown[4:] == text


def test_the_excerpt_shows_the_wrong_line_and_shortens_it():
    text = "X0 +\n" + "Z0 + " * 40 + "Q7 + Y0" + " + Z0" * 40 + "\n+ Z1"
    error = caret(text)
    shown, pointer = str(error).splitlines()[-2:]
    assert (error.line, error.column) == (2, 201)
    assert shown[pointer.index("^") :].startswith("Q7 + Y0")
    assert len(shown) < 90
    assert shown.count("…") == 2
    assert "\n" not in error.summary()


def test_a_parameter_that_hides_an_operator_is_refused():
    assert "both a parameter and an operator" in caret("X0", X0=1.0).reason
    assert parse_operator("a*Z0", Space.qubits(1), {"a": 2.0})[0, 0] == 2.0


@pytest.mark.parametrize("name", ["pi", "i", "sin", "hc", "2w", "w-x", ""])
def test_reserved_and_malformed_parameter_names(name):
    with pytest.raises(InputError, match="must"):
        parse_operator("Z0", Space.qubits(1), {name: 1.0})


@pytest.mark.parametrize("value", [math.nan, math.inf, True, None, [1.0], np.eye(2), complex(0, math.inf), 10**400])
def test_parameters_must_be_finite_numbers(value):
    with pytest.raises(InputError, match="Parameter `w` must be"):
        parse_operator("w*Z0", Space.qubits(1), {"w": value})


@pytest.mark.parametrize("text", [None, 5, b"X0", ["X0"]])
def test_only_text_is_parsed(text):
    with pytest.raises(InputError, match="must be text"):
        parse_number(text)


@pytest.mark.parametrize("text", ["(" * 10**4 + "1" + ")" * 10**4, "2^" * 10**4 + "1", "sin(" * 10**4, "-(" * 10**4])
def test_deep_nesting_is_one_clean_error(text):
    with pytest.raises(ExpressionError, match="nest"):
        parse_operator(text, Space.qubits(1))
    with pytest.raises(ExpressionError, match="nest"):
        parse_scalar(text)


def test_what_is_not_nested_has_no_depth():
    assert parse_number("-" * 9999 + "1") == -1.0
    assert parse_number("1" + "/1" * 9999) == 1.0
    assert parse_number("(" * 50 + "7" + ")" * 50) == 7.0


def test_an_allowed_depth_is_read_far_down_the_stack():
    def descend(levels):
        return descend(levels - 1) if levels else parse_number("sin(" * 50 + "0" + ")" * 50)

    assert descend(sys.getrecursionlimit() // 3) == 0.0


def test_huge_spaces_are_refused_with_the_estimate():
    with pytest.raises(ResourceError, match=r"16384 × 16384 elements and would need 4 GiB"):
        parse_operator("Z0", Space.qubits(14))
    with pytest.raises(ResourceError, match="about 1e"):
        parse_state("|0>", Space(tuple(Site(f"m{k}", 10**6, "mode") for k in range(900))))


def test_overflow_in_operators_is_an_error():
    with pytest.raises(ExpressionError, match="overflows"):
        parse_operator("(1e200*X0*1)*(1e200*X0)", Space.qubits(1))


# ── fuzz ──

VALID = [
    "0.5*w*Z0 + g*(X0*X1 + Y0*Y1)",
    "g*(a*Sp0) + h.c.",
    "|e><g|[atom] + |0,1><1,0| - dag(Sp_q1)^2",
    "sqrt(2)*exp(-i*pi/4)*X[left]/3",
    "A*exp(-(t - 3)^2/2)*cos(w*t)",
    "(|0> + |1>)/sqrt(2)",
]
PIECES = [
    *"()[]+-*/^|<>,. ihc0159eE_jnaXZ",
    "**",
    "h.c.",
    "|0>",
    "<1|",
    "sin(",
    "dag(",
    "Sp",
    "\x00",
    "é",
    "²",
    "１",
    "\n",
]


@st.composite
def mutated(draw):
    text = list(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        text[at : at + draw(st.integers(0, 3))] = draw(st.sampled_from(PIECES))
    return "".join(text)


ANY_TEXT = st.one_of(mutated(), st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@given(ANY_TEXT)
def test_any_text_gives_a_result_or_an_input_error(text):
    spaces = [
        Space.qubits(2),
        Space((Site("left"), Site("c", 3, "mode"))),
        Space((Site("atom", 2, "levels", ("g", "e")),)),
    ]
    table = {"w": 1.0, "g": 0.5 - 1j}
    readers = [
        *(lambda s=s: parse_operator(text, s, table) for s in spaces),
        *(lambda s=s: parse_state(text, s, table) for s in spaces),
        lambda: parse_number(text, table),
        lambda: parse_scalar(text, {"w": 1.0}).derivative(),
        lambda: parse_scalar(text, {"w": 1.0})(np.linspace(-1, 1, 3)),
        lambda: names_in(text),
        lambda: resolve({"w": text, "g": "w"}),
    ]
    for reader in readers:
        with contextlib.suppress(InputError):
            assert reader() is not None


@given(st.binary(max_size=30))
def test_any_bytes_give_an_input_error(raw):
    with pytest.raises(InputError):
        parse_number(raw)


# ── states ──


@pytest.mark.parametrize(
    ("text", "ket"),
    [
        ("|0>", [1, 0]),
        ("|1>", [0, 1]),
        ("|+>", [math.sqrt(0.5), math.sqrt(0.5)]),
        ("(|0> - i*|1>)/sqrt(2)", [math.sqrt(0.5), -1j * math.sqrt(0.5)]),
        ("cos(x/2)*|0> + exp(i*f)*sin(x/2)*|1>", [math.cos(0.35), math.sin(0.35) * np.exp(0.4j)]),
        ("X*|0>", [0, 1]),
        ("dag(<1|)", [0, 1]),
    ],
)
def test_kets_become_projectors(text, ket):
    state = parse_state(text, Space.qubits(1), {"x": 0.7, "f": 0.4})
    np.testing.assert_allclose(state, np.outer(ket, np.conj(ket)), atol=1e-15)


def test_density_operators_and_product_kets():
    qubit = Space.qubits(1)
    np.testing.assert_allclose(parse_state("0.25*|0><0| + 0.75*|1><1|", qubit), np.diag([0.25, 0.75]))
    np.testing.assert_allclose(parse_state("(1 + 0.6*Z)/2", qubit), np.diag([0.8, 0.2]))
    for text in ("|g,2,1>", "|g21>", "| g 2 1 >", "|0,2,1>"):
        np.testing.assert_array_equal(parse_state(text, ATOM_CAVITY), np.diag(np.eye(24)[5]))
    nitrogen = Space((Site("spin", 3, "levels", ("+1", "0th", "-1")),))
    np.testing.assert_array_equal(parse_state("|-1>", nitrogen), np.diag([0, 0, 1]))


@pytest.mark.parametrize("text", ["|0> + |1>", "2*|0><0|", "|0><1|", "1.5*|0><0| - 0.5*|1><1|", "0*|0>", "Z/2"])
def test_nothing_is_normalised_silently(text):
    with pytest.raises(NotAStateError, match="`initial` "):
        parse_state(text, Space.qubits(1), name="initial")


def test_a_bra_and_an_unknown_level_are_no_states():
    with pytest.raises(ExpressionError, match="bra"):
        parse_state("<0|", Space.qubits(1))
    with pytest.raises(ExpressionError, match=r"The levels are g, m, e\. Did you mean `m`") as caught:
        parse_state("|g> + |M>", Space((Site("atom", 3, "levels", ("g", "m", "e")),)))
    assert caught.value.position == 6


# ── spaces ──


@pytest.mark.parametrize(
    "make",
    [
        lambda: Site("two words"),
        lambda: Site("q", 3),
        lambda: Site("q", 0, "levels"),
        lambda: Site("q", 2.0, "mode"),
        lambda: Site("q", True, "mode"),
        lambda: Site("q", 2, "boson"),
        lambda: Site("q", 2, "levels", ("g",)),
        lambda: Site("q", 2, "levels", ("g", "g")),
        lambda: Site("q", 2, "levels", ("1", "0")),
        lambda: Site("q", 2, "levels", ("g", "e>")),
        lambda: Space(()),
        lambda: Space((Site("q"), Site("q"))),
    ],
)
def test_malformed_spaces(make):
    with pytest.raises((InputError, TypeError), match=r"(?s)must|Type-check error"):
        make()


# ── numbers and tables ──


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*pi*5", 10 * math.pi),
        ("-2^2", -4.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("8/4/2", 1.0),
        ("1 - 2 - 3", -4.0),
        ("i*i", -1.0),
        ("2j + 1.e1 + .5", 10.5 + 2j),
        ("(-8)^(1/3)", (-8 + 0j) ** (1 / 3)),
        ("erf(0.5) + log(2)", math.erf(0.5) + math.log(2)),
        ("π", math.pi),
    ],
)
def test_numbers(text, value):
    assert parse_number(text) == pytest.approx(value, rel=1e-15)
    assert isinstance(parse_number(text), type(value))


def test_tables_refer_to_one_another_in_any_order():
    table = {"g": "0.1*w", "w": "2*pi*f", "f": 5, "z": "i*g"}
    values = resolve(table)
    assert values == {"f": 5.0, "w": 10 * math.pi, "g": 0.1 * (10 * math.pi), "z": 1j * (0.1 * (10 * math.pi))}
    assert parse_number("g/w", table) == pytest.approx(0.1)
    long = {f"p{k}": f"p{k + 1} + 1" for k in range(3000)} | {"p3000": 0}
    assert resolve(long)["p0"] == 3000.0


def test_circles_are_described():
    with pytest.raises(InputError, match="but a → b → c → a"):
        resolve({"a": "b + 1", "b": "c", "c": "2*a", "d": 1})
    with pytest.raises(InputError, match="but a → a"):
        parse_number("1", {"a": "a"})


def test_all_faults_of_a_table_can_be_collected():
    failures: dict[str, InputError] = {}
    values = resolve({"w": "2*v", "bad": "1 +", "x": math.nan, "y": "2*x", "ok": 3, "v": "unknwn"}, failures=failures)
    assert values == {"ok": 3.0}
    assert set(failures) == {"w", "bad", "x", "y", "v"}
    assert isinstance(failures["bad"], ExpressionError)
    assert failures["bad"].position == 3
    assert "Parameter `bad`: " in str(failures["bad"])
    assert "refers to a parameter that is wrong" in str(failures["w"])


def test_names():
    assert names_in("0.5*w*Z0 + g*cos(w*t)*pi + h.c. + 2i") == ("w", "Z0", "g", "t")


# ── functions of time ──

SMOOTH = [
    "A*sin(w*t + 1) - t/3 + 2",
    "exp(-(t - 1)^2/2)*cos(3*t)",
    "t^3 - 2*t^-2 + t**0.5",
    "A/cosh(w*t)^2",
    "tanh(t)*sqrt(1 + t^2) - -t",
    "log(2 + t)*erf(t/2)/(1 + t^4)",
    "abs(t - 5)*tan(t/4)",
    "sinh(t)/cosh(t) + 2^t + t^t",
    "exp(sin(cos(t)))^2/(1/t + 1/sinh(t))",
    "(1 + t)^(-3)/exp(t)",
]


@pytest.mark.parametrize("text", SMOOTH)
def test_derivatives_agree_with_differences(text):
    function = parse_scalar(text, {"A": 1.5, "w": "0.5*A"})
    slope = function.derivative()
    t, h = np.linspace(0.3, 2.4, 23), 1e-5
    differences = (8 * (function(t + h) - function(t - h)) - function(t + 2 * h) + function(t - 2 * h)) / (12 * h)
    np.testing.assert_allclose(slope(t), differences, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(parse_scalar(slope.text)(t), slope(t), rtol=1e-12) if "abs" not in text else None


@given(st.floats(0.2, 3.0), st.sampled_from(SMOOTH))
def test_scalars_are_vectorised(t, text):
    function = parse_scalar(text, {"A": 1.5, "w": 0.75})
    array = np.array([[t, t / 2], [t / 3, t]])
    assert isinstance(function(t), float)
    np.testing.assert_allclose(function(array), [[function(x) for x in row] for row in array], rtol=1e-13)


@pytest.mark.parametrize("text", ["A/cosh(t/2)^2", "exp(-t^2)", "tanh(t)", "1/cosh(t)", "erf(t)", "t*exp(-abs(t))"])
def test_pulses_stay_finite_far_away(text):
    slope = parse_scalar(text, {"A": 2.0}).derivative()
    np.testing.assert_array_equal(np.abs(slope(np.array([-1e6, 1e6]))), 0.0)


def test_scalars_are_values():
    function = parse_scalar("A*t^2 + s", {"A": 3.0}, variables=("t", "s"))
    assert function(2.0, 1.0) == 13.0
    assert function.derivative("s")(2.0, 1.0) == 1.0
    assert function.derivative("s").constant == 1.0
    assert function.constant is None
    assert "A*t^2 + s" in repr(function)
    assert function == copy.deepcopy(function)
    assert hash(function) == hash(copy.copy(function))
    assert function != parse_scalar("A*t^2 + s", {"A": 4.0}, variables=("t", "s"))
    assert parse_scalar("2*pi").constant == 2 * math.pi
    assert parse_scalar("2")(np.zeros(3)).tolist() == [2.0, 2.0, 2.0]


def test_scalars_and_errors_travel_to_another_process():
    function = parse_scalar("exp(-t)*w", {"w": 2.0}).derivative()
    error = caret("Z0 + Q")
    sender, receiver = multiprocessing.Pipe()
    sender.send((function, error))
    arrived, arrived_error = receiver.recv()
    assert arrived == function
    assert arrived(0.5) == function(0.5)
    assert str(arrived_error) == str(error)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("t + x", 4, "neither a parameter nor a variable"),
        ("t*z", 2, "must be real"),
        ("exp(i*t)", 4, "cos and sin"),
        ("t*sqrt(-1)", 2, "must be real"),
        ("t/0", 2, ""),
        ("t + |0>", 4, "ket"),
        ("Z[left]*t", 0, "is an operator"),
        ("t + h.c.", 4, "adjoint"),
        ("conj(t)", 0, "adjoint"),
        ("step(t)", 0, "smooth switch"),
        ("sgn(t)", 0, "smooth switch"),
    ],
)
def test_wrong_functions(text, position, words):
    if not words:
        with pytest.raises(NotFiniteError):
            parse_scalar(text)(1.0)
        return
    with pytest.raises(ExpressionError, match=words) as caught:
        parse_scalar(text, {"z": 1j})
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "t"), [("1/t", 0.0), ("sqrt(t)", -1.0), ("log(t)", 0.0), ("exp(t)", 1e4), ("t", math.nan)]
)
def test_values_that_do_not_exist_are_errors(text, t):
    with pytest.raises(NotFiniteError, match=f"must be finite and real, but it is .* at t = {t:.6g}"):
        parse_scalar(text)(np.array([1.0, t]))


def test_derivatives_that_do_not_exist_are_errors():
    with pytest.raises(InputError, match="kink"):
        parse_scalar("abs(t)").derivative().derivative()
    with pytest.raises(InputError, match="not a finite real number"):
        parse_scalar("(-2)^t").derivative()
    with pytest.raises(InputError, match="varying factors"):
        parse_scalar("*".join(["t"] * 2000)).derivative()
    with pytest.raises(InputError, match="must be one of t"):
        parse_scalar("t").derivative("x")
    with pytest.raises(InputError, match="Rename the parameter"):
        parse_scalar("t", {"t": 1.0})
    with pytest.raises(InputError, match="must be called with t"):
        parse_scalar("t")(1.0, 2.0)


def test_a_long_sum_of_time_functions():
    text = " + ".join(f"{k}*cos({k}*t)" for k in range(1200))
    function = parse_scalar(text)
    assert function(0.0) == sum(range(1200))
    assert function.derivative()(0.0) == 0.0


def test_every_error_is_of_the_package():
    assert issubclass(ExpressionError, InputError)
    assert issubclass(ExpressionError, LoschmidtError)
