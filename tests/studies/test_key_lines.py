"""Every key of a valid TOML text is found on its line, however the text is laid out."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.models import MODELS
from loschmidt.studies.key_lines import line_of, lines_of_keys

keys = st.text("abcxyz_-", min_size=1, max_size=4)
scalars = st.sampled_from(
    [
        "1",
        "-2.5e3",
        "true",
        "nan",
        "1979-05-27 07:32:00",
        "''",
        '"a # b = ] }"',
        r'"\"]"',
        '"""\na = 1\n[b]\n"""',
        "'''x''''",
    ]
)


@st.composite
def values(draw, depth=2):
    kind = draw(st.sampled_from(["scalar", "scalar", "array", "table"] if depth else ["scalar"]))
    if kind == "scalar":
        return draw(scalars)
    if kind == "array":
        space = draw(st.sampled_from(["", " ", "\n", " # ] comment\n "]))
        entries = draw(st.lists(values(depth=depth - 1), max_size=3))
        return "[" + space + f",{space}".join(entries) + space + "]"
    names = draw(st.lists(keys, unique=True, max_size=3))
    return "{" + ", ".join(f"{name} = {draw(values(depth=depth - 1))}" for name in names) + "}"


@st.composite
def documents(draw):
    lines = []
    for index in range(draw(st.integers(1, 4))):
        if index:
            name = draw(keys)
            lines.append(
                draw(
                    st.sampled_from([f"[t{index}{name}]", f"[[list]] # [x]\n{name}2 = 1", f' [ "q {index}" . {name} ]'])
                )
            )
        for name in draw(st.lists(keys, unique=True, max_size=3)):
            written = draw(st.sampled_from([name, f'"{name}"', f"{name}.sub", f"  '{name}' "]))
            lines.append(f"{written} = {draw(values())}{draw(st.sampled_from(['', ' # comment ] }', '  ']))}")
    return "\n".join(lines)


def paths(value, path=()):
    if path:
        yield path
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from paths(entry, (*path, key))
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from paths(entry, (*path, index))


def check(text):
    lines = lines_of_keys(text)
    rows = text.split("\n")
    expected = set(paths(tomllib.loads(text)))
    assert set(lines) == expected
    for path, line in lines.items():
        key = next(part for part in reversed(path) if isinstance(part, str))
        if isinstance(path[-1], str):
            assert key in rows[line - 1], (path, line)


@given(documents())
def test_every_key_is_on_its_line(text):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    check(text)


@pytest.mark.parametrize("name", MODELS)
def test_built_in_models(name):
    check(MODELS[name].text)


def test_entries_of_a_list_of_tables():
    text = "[[bath]]\nname = 'hot'\n[[bath]]\nname = 'cold'\n[bath.spectrum]\ntype = 'flat'\n"
    lines = lines_of_keys(text)
    assert lines["bath", 1, "name"] == 4
    assert lines["bath", 1, "spectrum", "type"] == 6


def test_a_missing_key_is_shown_at_the_table_around_it():
    lines = lines_of_keys("a = 1\n[system]\nqubits = 1\n")
    assert line_of(("system", "hamiltonian"), lines) == 2
    assert line_of(("initial",), lines) is None
