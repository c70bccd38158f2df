"""Read an operator from a NumPy file without running anything that the file may hold."""

from __future__ import annotations

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
    """Return the numeric array of a .npy file, or the array `key` of a .npz file.

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
        else:
            raise InputError(f"{str(path)!r} is not a NumPy file (.npy or .npz). Write one with numpy.save.")
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


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
