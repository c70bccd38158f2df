"""Divided differences of the logarithm, to relative accuracy for equal, close and far arguments."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import RealArray

__all__ = ["divided_logarithm", "second_divided_logarithm"]


def divided_logarithm(left: RealArray, right: RealArray) -> RealArray:
    """Return (ln a - ln b) / (a - b) of positive numbers, 1 / a where they are equal."""
    low = np.where(left < right, left, right)
    gap = np.abs(left - right)
    # Below gap / low = 2 the difference of two floats is exact, and log1p keeps what it says.
    near = gap <= low
    relative = np.where(near, gap, low) / low
    slope = np.where(near, np.log1p(relative), np.log((low + gap) / low))
    return np.asarray(np.where(gap == 0, 1.0, slope) / np.where(gap == 0, low, gap))


def second_divided_logarithm(left: RealArray, right: RealArray) -> RealArray:
    """Return ln[a, a, b] = -g((b - a) / a) / a² with g(x) = (x - ln(1 + x)) / x² and g(0) = ½."""
    x = (right - left) / left
    near = np.abs(x) < 0.03
    series = np.zeros_like(x)
    small = np.where(near, x, 0.0)
    for k in range(12, -1, -1):
        series = 1 / (k + 2) - small * series
    other = np.where(near, 1.0, x)
    direct = (other - np.log(np.where(near, 2.0, right / left))) / other**2
    return np.asarray(-np.where(near, series, direct) / left**2)
