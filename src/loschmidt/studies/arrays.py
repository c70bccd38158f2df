"""Read an operator from a NumPy or JSON file without running anything that the file may hold."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError

__all__ = ["load_array"]

_NPY, _NPZ = b"\x93NUMPY", b"PK\x03\x04"
_UNREADABLE = (OSError, ValueError, EOFError, KeyError, SyntaxError, MemoryError, OverflowError, zipfile.BadZipFile)


def load_array(path: Path, key: str | None = None) -> np.ndarray[Any, Any]:
    """Return the numeric array of a .npy file, or the array `key` of a .npz or .json file.

    A .json file holds nested lists, or an object of several such arrays. A complex entry is a text such as "1+2j", or
    the array is an object with the keys "real" and "imag".

    Raises
    ------
    InputError
        If the file is missing, corrupt, of another format or not numeric, or has no such key.
    """
    if not path.is_file():
        raise InputError(f"there is no file {str(path)!r}.")
    try:
        with path.open("rb") as stream:
            start = stream.read(6)
        if start[:6] == _NPY:
            array = _single(path, key)
        elif start[:4] == _NPZ:
            array = _member(path, key)
        elif path.suffix == ".json":
            array = _json(path, key)
        else:
            raise InputError(
                f"{str(path)!r} is not a NumPy file (.npy or .npz) or a .json file. Write one with numpy.save."
            )
    except InputError:
        raise
    except _UNREADABLE as error:
        raise InputError(f"{str(path)!r} is corrupt or cannot be read: {_first_line(error)}") from None
    if array.dtype.kind not in "iufc":
        raise InputError(f"{str(path)!r} must hold numbers, but its type is {array.dtype}.")
    return array


def _single(path: Path, key: str | None) -> np.ndarray[Any, Any]:
    if key is not None:
        raise InputError(f"{str(path)!r} holds one array without a name; leave out `key`.")
    return np.asarray(np.load(path, allow_pickle=False))


def _member(path: Path, key: str | None) -> np.ndarray[Any, Any]:
    with np.load(path, allow_pickle=False) as archive:
        names = list(archive.files)
        if key is None and len(names) == 1:
            return np.asarray(archive[names[0]])
        if key is None:
            raise InputError(f"{str(path)!r} holds {len(names)} arrays; say which by `key`: {', '.join(names)}.")
        if key not in names:
            raise InputError(f"{str(path)!r} has no array {key!r}, but {', '.join(names)}.{did_you_mean(key, names)}")
        return np.asarray(archive[key])


def _json(path: Path, key: str | None) -> np.ndarray[Any, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(content, dict) and set(content) != {"real", "imag"}:
        names = list(content)
        if key is None and len(names) == 1:
            key = names[0]
        if key is None:
            raise InputError(f"{str(path)!r} holds {len(names)} arrays; say which by `key`: {', '.join(names)}.")
        if key not in names:
            raise InputError(f"{str(path)!r} has no array {key!r}, but {', '.join(names)}.{did_you_mean(key, names)}")
        content = content[key]
    elif key is not None:
        raise InputError(f"{str(path)!r} holds one array without a name; leave out `key`.")
    if isinstance(content, dict):
        return np.asarray(_numbers(content.get("real")) + 1j * _numbers(content.get("imag")))
    return _numbers(content)


def _numbers(content: Any) -> np.ndarray[Any, Any]:
    """Return nested lists of numbers and of texts such as "1+2j" as an array."""
    if isinstance(content, list):
        return np.array([_numbers(part) for part in content])
    if isinstance(content, bool) or not isinstance(content, (int, float, str)):
        raise ValueError(f"an entry is {type(content).__name__}, not a number")
    return np.asarray(complex(content.replace(" ", "").replace("i", "j")) if isinstance(content, str) else content)


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
