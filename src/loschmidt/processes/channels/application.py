"""A map is applied to stacks of operators by matrix products, in whichever representation costs least."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.typing import ComplexMatrix

__all__ = ["apply_kraus", "apply_superoperator", "prefers_superoperator"]

_CHUNK = 2**21  # complex numbers held between the two products: 32 MiB
_SMALL = 2**16  # elements of a superoperator that may be made unasked: 1 MiB
_CHEAP = 2**12  # elements of one whose making is not worth counting
_TINY = 2**10  # elements of one that is faster than any Kraus operators
_KRAUS_OVERHEAD = 1.4  # the smaller products take so much longer than their operations say


def apply_kraus(kraus: ComplexMatrix, operators: ComplexMatrix) -> ComplexMatrix:
    """Return Σ K X K† (..., m, m) of operators X (..., n, n) and Kraus operators (k, m, n).

    Examples
    --------
    >>> apply_kraus(np.array([[[0, 1], [1, 0]]], dtype=complex), np.diag([1, 2]) + 0j).real.diagonal()
    array([2., 1.])
    """
    count, m, n = kraus.shape
    batch = operators.shape[:-2]
    flat = operators.reshape(math.prod(batch), n, n)
    left = np.ascontiguousarray(kraus.swapaxes(0, 1)).reshape(m * count, n)
    right = np.ascontiguousarray(kraus.conj().swapaxes(1, 2)).reshape(count * n, m)
    result = np.empty((len(flat), m, m), dtype=np.complex128)
    step = max(1, _CHUNK // (count * m * n))
    for start in range(0, len(flat), step):
        part = flat[start : start + step]
        # (a k, i) (i, j) → rows (a), columns (k j): the sum over k is part of the second product.
        half = (left @ part).reshape(len(part) * m, count * n)
        result[start : start + step] = (half @ right).reshape(len(part), m, m)
    return result.reshape(*batch, m, m)


def apply_superoperator(superoperator: ComplexMatrix, operators: ComplexMatrix) -> ComplexMatrix:
    """Return the operators (..., m, m) that a superoperator (m², n²) makes of operators (..., n, n).

    Examples
    --------
    >>> apply_superoperator(np.eye(4, dtype=complex), np.diag([1, 2]) + 0j).real.diagonal()
    array([1., 2.])
    """
    n = operators.shape[-1]
    m = round(np.sqrt(len(superoperator)))
    batch = operators.shape[:-2]
    columns = operators.swapaxes(-1, -2).reshape(math.prod(batch), n * n)
    images = (columns @ superoperator.T).reshape(*batch, m, m)
    return np.ascontiguousarray(images.swapaxes(-1, -2))


def prefers_superoperator(shape: tuple[int, int, int], states: int, *, made: bool) -> bool:
    """Return whether a superoperator costs less than Kraus operators of `shape` (k, m, n) for so many states.

    One that is not `made` yet is made unasked only if it is not larger than 1 MiB or than the Kraus operators, and
    then its making counts, unless it is small or replaces a full set of Kraus operators.

    Examples
    --------
    >>> prefers_superoperator((4, 16, 16), 1, made=False), prefers_superoperator((16, 16, 16), 100, made=False)
    (False, True)
    """
    count, m, n = shape
    elements = (m * n) ** 2
    if elements <= _TINY:
        return True
    if not made and elements > max(_SMALL, count * m * n):
        return False
    repaid = elements <= _CHEAP or (elements <= _SMALL and count >= m * n)
    making = 0 if made or repaid else (count + 2) * elements
    return making + states * elements <= _KRAUS_OVERHEAD * states * count * m * n * (m + n)
