"""Vectors of 16 numbers inside a compiled kernel, as explicit LLVM vector instructions.

A loop over 16 lanes is vectorised by the compiler only where it can rule out that arrays overlap, which it cannot for
several arrays or several places of one; written with these operations it need not. Vectors are variables like numbers,
live in registers, know ``+``, ``-`` and ``*``, and hold what their array holds: float64 or float32. The code is
portable: LLVM cuts a vector into what the machine has.

The functions here say in NumPy what each operation means, so that a kernel's ``.py_func`` runs; the compiled ones are
in :mod:`loschmidt._kernels.vector_intrinsics`, imported with Numba at a kernel's first call.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from loschmidt._kernels.compile import Compiled

__all__ = [
    "LANES",
    "absolute",
    "broadcast",
    "convert",
    "fused",
    "fused_negative",
    "lane_minimum",
    "lane_sum",
    "load",
    "load_imaginary",
    "load_part",
    "load_real",
    "logarithm",
    "negative",
    "prefetch",
    "quotient",
    "square_root",
    "store",
    "store_pairs",
    "store_part",
    "take_next",
    "times_i",
    "transpose",
    "vector_jit",
    "where_less",
]

#: Numbers in a vector.
LANES = 16


class VectorFunction(Compiled[..., Any]):
    """A function of vectors; compiled kernels call the compiled one, Python runs the plain one."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the NumPy twin."""
        return self.py_func(*args, **kwargs)


class Operation(VectorFunction):
    """A vector operation: an LLVM intrinsic where a kernel is compiled, plain NumPy where it is run as Python."""

    @functools.cached_property
    def dispatcher(self) -> Any:
        """What Numba puts in the place of this object."""
        from loschmidt._kernels import vector_intrinsics

        return getattr(vector_intrinsics, self.py_func.__name__)


def vector_jit(function: Callable[..., Any]) -> VectorFunction:
    """Compile a function that takes or returns vectors; it becomes part of the kernel that calls it."""
    return VectorFunction(function, {"error_model": "numpy", "forceinline": True})


def _operation(function: Callable[..., Any]) -> Operation:
    return Operation(function, {})


@_operation
def load(array, at):  # type: ignore[no-untyped-def]
    """Return array[at : at + 16] of a contiguous real vector."""
    return array[at : at + LANES].copy()


@_operation
def store(array, at, vector):  # type: ignore[no-untyped-def]
    """Write a vector to array[at : at + 16]."""
    array[at : at + LANES] = vector


@_operation
def load_part(array, at, count):  # type: ignore[no-untyped-def]
    """Return array[at : at + count] and zeros, where `count` may be 16 or more, or 0 or less; no other is touched."""
    vector = np.zeros(LANES, dtype=array.dtype)
    count = min(max(count, 0), LANES)
    vector[:count] = array[at : at + count]
    return vector


@_operation
def store_part(array, at, vector, count):  # type: ignore[no-untyped-def]
    """Write the first `count` numbers of a vector to array[at : at + count]; see `load_part`."""
    count = min(max(count, 0), LANES)
    array[at : at + count] = vector[:count]


@_operation
def load_real(array, at):  # type: ignore[no-untyped-def]
    """Return the even ones of array[at : at + 32]: real parts of 16 complex numbers."""
    return array[at : at + 2 * LANES : 2].copy()


@_operation
def load_imaginary(array, at):  # type: ignore[no-untyped-def]
    """Return the odd ones of array[at : at + 32]: imaginary parts of 16 complex numbers."""
    return array[at + 1 : at + 2 * LANES : 2].copy()


@_operation
def store_pairs(array, at, real, imaginary):  # type: ignore[no-untyped-def]
    """Write 16 complex numbers to array[at : at + 32]."""
    array[at : at + 2 * LANES : 2] = real
    array[at + 1 : at + 2 * LANES : 2] = imaginary


@_operation
def prefetch(array, at):  # type: ignore[no-untyped-def]
    """Ask memory for array[at : at + 32], which will be read and written, without waiting; it need not exist."""


@_operation
def transpose(source, at, distance, target, to, step):  # type: ignore[no-untyped-def]
    """Write column k of the 16 rows source[at + row * distance :] to target[to + k * step :]."""
    rows = np.array([source[at + row * distance : at + row * distance + LANES] for row in range(LANES)])
    for k in range(LANES):
        target[to + k * step : to + k * step + LANES] = rows[:, k]


@_operation
def broadcast(number, like):  # type: ignore[no-untyped-def]
    """Return a vector of 16 times `number`, of the type that the array `like` holds."""
    return np.full(LANES, number, dtype=like.dtype)


@_operation
def convert(vector, like):  # type: ignore[no-untyped-def]
    """Return the vector in the type that the array `like` holds."""
    return vector.astype(like.dtype)


@_operation
def fused(a, b, c):  # type: ignore[no-untyped-def]
    """Return a * b + c, rounded once where the machine can."""
    return a * b + c


@_operation
def fused_negative(a, b, c):  # type: ignore[no-untyped-def]
    """Return c - a * b, rounded once where the machine can."""
    return c - a * b


@_operation
def times_i(vector):  # type: ignore[no-untyped-def]
    """Return i times 8 complex numbers that lie as real and imaginary parts in turn."""
    turned = np.empty_like(vector)
    turned[::2], turned[1::2] = -vector[1::2], vector[::2]
    return turned


@_operation
def logarithm(vector):  # type: ignore[no-untyped-def]
    """Return ln x of 16 float64 lane by lane, to 2 units in the last place.

    Any finite number stands for the logarithm of 0, of a number below 2.3e-308, of NaN and of infinity, so that x ln x
    is 0, about 0, NaN and infinite.
    """
    normal = np.isfinite(vector) & (vector > 0.0)
    return np.log(np.where(normal, vector, 1.0))


@_operation
def negative(vector):  # type: ignore[no-untyped-def]
    """Return -x lane by lane."""
    return -vector


@_operation
def absolute(vector):  # type: ignore[no-untyped-def]
    """Return |x| lane by lane."""
    return np.abs(vector)


@_operation
def square_root(vector):  # type: ignore[no-untyped-def]
    """Return the square root lane by lane."""
    return np.sqrt(vector)


@_operation
def quotient(a, b):  # type: ignore[no-untyped-def]
    """Return a / b lane by lane, without a trap."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return a / b


@_operation
def where_less(a, b, chosen, other):  # type: ignore[no-untyped-def]
    """Return `chosen` in the lanes where a < b, `other` in the rest (and where either is NaN)."""
    return np.where(a < b, chosen, other)


@_operation
def lane_sum(vector):  # type: ignore[no-untyped-def]
    """Return the sum of the 16 lanes, halves first: the same order on every machine."""
    while len(vector) > 1:
        vector = vector[: len(vector) // 2] + vector[len(vector) // 2 :]
    return vector[0]


@_operation
def lane_minimum(vector):  # type: ignore[no-untyped-def]
    """Return the smallest of the 16 lanes; a lane that is NaN may be passed over."""
    return np.fmin.reduce(vector)


@_operation
def take_next(counter):  # type: ignore[no-untyped-def]
    """Return counter[0] and add one to it, as one step that no other thread can interrupt."""
    counter[0] += 1
    return counter[0] - 1
