"""Chebyshev series of exp(-i H t): Bessel coefficients by downward recurrence, and how many of them are needed."""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt.typing import RealVector

__all__ = ["chebyshev_coefficients", "half_squarings"]

_HUGE = 1e250
_SMALL = 1e-9  # z² is below the rounding of 1


@jit(error_model="numpy")
def _downward(argument, start):  # type: ignore[no-untyped-def]
    # J_n up to a common factor, from n = start down.
    values = np.zeros(start + 2)
    values[start] = 1.0 / _HUGE
    for n in range(start, 0, -1):
        values[n - 1] = 2.0 * n / argument * values[n] - values[n + 1]
        if abs(values[n - 1]) > _HUGE:
            for m in range(n - 1, start + 1):
                values[m] /= _HUGE
    return values


def chebyshev_coefficients(argument: float, tolerance: float) -> RealVector:
    r"""Return (2 - δ_n0) J_n(z) for n = 0, 1, ... until the rest of the series sums to less than `tolerance`.

    .. math:: e^{-izx} = \sum_n (2-\delta_{n0})\,(-i)^n J_n(z)\,T_n(x), \qquad |x| \le 1

    Notes
    -----
    Downward recurrence, normalised by J_0 + 2 ΣJ_2k = 1: every coefficient keeps its digits relative to the largest.
    """
    z = abs(argument)
    if z < _SMALL:
        return np.array([1.0, argument] if z > 0.0 else [1.0])
    # Beyond n ≈ z the coefficients fall faster than exp(-(n - z)^1.5 / z^0.5); 60 more reach 1e-30 at any small z.
    values: RealVector = _downward(z, int(z + 30.0 * z ** (1.0 / 3.0)) + 60)
    values[1:] *= 2.0
    values /= math.fsum(values[::2])
    rest = np.cumsum(np.abs(values[::-1]))[::-1]  # what is lost by stopping before term n
    terms = int(np.count_nonzero(rest > tolerance))
    if argument < 0.0:
        values[1::2] *= -1.0
    return values[: terms if terms > 1 else 1]


def half_squarings(argument: float, longest: float) -> int:
    """Return how often `argument` must be halved to be at most `longest`."""
    count = 0
    while argument > longest:
        argument, count = 0.5 * argument, count + 1
    return count
