"""Where a model comes from: a file, the list of built-in models, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError

if TYPE_CHECKING:
    from loschmidt.models import Model
    from loschmidt.studies.model_spec import ModelSpec

__all__ = ["find_builtin", "read_model"]


def find_builtin(name: str) -> Model:
    """Return a built-in model.

    Raises
    ------
    InputError
        If there is none of this name, with the nearest one.
    """
    from loschmidt.models import MODELS

    if name not in MODELS:
        hint = did_you_mean(name, MODELS) or " `loschmidt models` lists them."
        raise InputError(f"there is no built-in model {name!r}.{hint}")
    return MODELS[name]


def read_model(source: str) -> tuple[ModelSpec, str]:
    """Return a model and a name for its results; a file goes before a built-in model of the same name.

    Raises
    ------
    ModelFileError, InputError
        If the model is wrong, or there is neither file nor built-in model.
    """
    from loschmidt.studies.load import load_model, parse_model

    if source == "-":
        return parse_model(sys.stdin.read(), "<stdin>"), "loschmidt-results"
    path = Path(source)
    if path.is_file():
        return load_model(path), path.stem
    from loschmidt.models import MODELS

    if source in MODELS:
        return parse_model(MODELS[source].text, source), source
    if path.exists() or path.suffix or len(path.parts) > 1:
        return load_model(path), path.stem
    hint = did_you_mean(source, MODELS)
    raise InputError(f"there is no file and no built-in model {source!r}.{hint}")
