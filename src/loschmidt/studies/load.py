"""Read a model file: every fault of the file in one error, each with its line, key and reason."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError, ModelFileError, Problem
from loschmidt.studies.fields import shown
from loschmidt.studies.key_lines import KeyPath, key_path, lines_of_keys
from loschmidt.studies.kinds import KINDS, Kind
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.origin import Origin

__all__ = ["builtin_model", "load_model", "parse_model", "schema"]

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_LARGEST_FILE = 50_000_000


def load_model(source: str | os.PathLike[str]) -> ModelSpec:
    """Return the model that a TOML file describes.

    Parameters
    ----------
    source : str or path
        Path of the file; a text with line breaks is taken as the model itself.

    Raises
    ------
    ModelFileError
        With every fault that can be found before and, if there is one, beside the first: wrong keys and values, and
        in the sections that could be read, wrong expressions, operators and numbers. Faults that only the physics
        of a readable model shows are raised by :func:`build_model` and :func:`run_model`, in the same form.

    Examples
    --------
    >>> from loschmidt.models import MODELS
    >>> load_model(MODELS["qubit-relaxation"].text).system.levels
    ['e', 'g']
    """
    if isinstance(source, str) and "\n" in source:
        return parse_model(source)
    path = Path(source)
    return parse_model(_text_of(path), name=str(path), folder=path.parent)


def parse_model(text: str, name: str = "model", folder: Path = Path()) -> ModelSpec:
    """Return the model that a TOML text describes; `name` stands in errors, `folder` is where array files are.

    Raises
    ------
    ModelFileError
        As for :func:`load_model`.

    Examples
    --------
    >>> try:
    ...     parse_model("title = 3", name="my.toml")
    ... except ModelFileError as error:
    ...     print(error.lines()[-1])
    my.toml:1: title: must be text, but it is 3.
    """
    data = _read(text, name)
    origin = Origin(name, text, folder, lines_of_keys(text))
    kind = _kind(data, origin)
    if hidden := list(_hidden_characters(data, ())):
        raise origin.error([origin.problem(path, "must not hold control characters.") for path in hidden])
    try:
        return kind.table.model_validate(data).with_origin(origin)
    except ValidationError as error:
        problems = [origin.problem(key_path(fault["loc"]), fault["msg"]) for fault in error.errors()]
        raise origin.error(problems + kind.further_problems(data, error, origin)) from None


def builtin_model(name: str) -> ModelSpec:
    """Return a built-in model.

    Raises
    ------
    InputError
        If there is none of this name.

    Examples
    --------
    >>> builtin_model("qubit-relaxation").title
    'Qubit in a cold bath'
    """
    from loschmidt.models import MODELS

    if name not in MODELS:
        raise InputError(f"there is no built-in model {name!r}.{did_you_mean(name, MODELS)}")
    return parse_model(MODELS[name].text, name)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of model files, for editors.

    Examples
    --------
    >>> schema()["title"]
    'loschmidt model file'
    """
    made = TypeAdapter[Any](reduce(or_, (kind.table for kind in KINDS.values()))).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "loschmidt model file"}


def _text_of(path: Path) -> str:
    try:
        if path.is_dir():
            raise _unreadable(path, "is a folder, not a model file.")
        if path.stat().st_size > _LARGEST_FILE:
            raise _unreadable(path, "is too large for a model file (50 MB). Put arrays into .npz files.")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"must be UTF-8 text, but byte {error.start} is not. Is it a model file?") from None
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}.") from None


def _unreadable(path: Path, reason: str) -> ModelFileError:
    return ModelFileError(str(path), [Problem("", reason)])


def _read(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ModelFileError(name, [Problem("", "nests too deep.")]) from None
    except ValueError as error:
        message = str(error)
        place = _AT_LINE.search(message)
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else None
        reason = f"is not valid TOML: {message[: place.start()] if place else message}."
        raise ModelFileError(name, [Problem("", reason, line)]) from None


def _hidden_characters(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Yield where a text holds characters that no file of results can keep."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _hidden_characters(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _hidden_characters(entry, (*path, index))
    elif isinstance(value, str) and any(ord(c) < 32 and c not in "\n\r\t" for c in value):
        yield path


def _kind(data: Mapping[str, Any], origin: Origin) -> Kind:
    name = data.get("kind", "open-system")
    if not isinstance(name, str) or name not in KINDS:
        said = f"is {shown(name)}.{did_you_mean(str(name), KINDS)}"
        raise origin.error([origin.problem(("kind",), f"must be one of {', '.join(KINDS)}, but it {said}")])
    return KINDS[name]
