"""Whatever stands in a model file, the answer is a model or a list of faults, never another error."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import ModelFileError
from loschmidt.models import MODELS
from loschmidt.studies import build_model, parse_model

SCALARS = [
    "0",
    "-1",
    "3",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "true",
    "1979-05-27",
    "10" * 300,
    "''",
    '"x"',
    '"|0>"',
    '"X0"',
    '"1/0"',
]
VALUES = [
    *SCALARS,
    "[]",
    "[[]]",
    "[[1]]",
    "[1, 2]",
    '["X0", [[0, 1], [1, 0]]]',
    "{}",
    '{ file = "no" }',
    "{ type = 3 }",
]
TEXTS = [MODELS[name].text for name in ("qubit-two-baths", "landau-zener", "two-qubits-local", "qubit-reset")]


def faults(text):
    try:
        build_model(parse_model(text, "m.toml", Path("nowhere")))
    except ModelFileError as error:
        return error.lines() or ["an error without a fault"]
    return []


def check(text):
    for line in faults(text):
        assert line.startswith("m.toml")
        assert "\n" not in line


@given(data=st.data())
def test_any_value_in_any_place(data):
    lines = data.draw(st.sampled_from(TEXTS)).splitlines()
    places = [index for index, line in enumerate(lines) if " = " in line]
    for index in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        lines[index] = f"{lines[index].split(' = ')[0]} = {data.draw(st.sampled_from(VALUES))}"
    check("\n".join(lines))


@given(data=st.data())
def test_any_line_lost_or_doubled(data):
    lines = data.draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(lines) - 1))
        lines[index : index + 1] = data.draw(st.sampled_from([[], [lines[index]] * 2]))
        lines = lines or [""]
    check("\n".join(lines))


@given(data=st.data(), piece=st.text("ab01=[]{}\"'.,#\n|<>()*+-^", max_size=6))
def test_any_characters_anywhere(data, piece):
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    check(text[:start] + piece + text[end:])
