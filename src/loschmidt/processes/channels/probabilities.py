"""The border of named channels: probabilities and dimensions, refused with the range that is allowed."""

from __future__ import annotations

import numpy as np

from loschmidt.checks import as_number, as_real_values
from loschmidt.errors import InputError, ShapeError
from loschmidt.typing import ArrayLike, RealVector

__all__ = ["PROBABILITY_TOLERANCE", "as_dimension", "as_fraction", "as_probabilities", "as_probability"]

PROBABILITY_TOLERANCE = 1e-12


def as_probability(value: float, name: str) -> float:
    """Return a number from 0 to 1.

    Raises
    ------
    InputError, NotFiniteError
        If it is not.

    Examples
    --------
    >>> as_probability(0.5, "gamma")
    0.5
    """
    return as_fraction(value, name, 1.0)


def as_fraction(value: float, name: str, largest: float) -> float:
    """Return a number from 0 to `largest`.

    Raises
    ------
    InputError, NotFiniteError
        If it is not.

    Examples
    --------
    >>> as_fraction(1.2, "probability", 4 / 3)
    1.2
    """
    number = as_number(value, name)
    if not 0 <= number <= largest:
        raise InputError(f"`{name}` must be from 0 to {largest:.12g}, but it is {number:.12g}.")
    return number


def as_probabilities(values: ArrayLike, count: int) -> RealVector:
    """Return `count` probabilities that sum to one within 1e-12.

    Raises
    ------
    ShapeError, InputError
        If their number is another, one is negative, or the sum differs from one.

    Examples
    --------
    >>> as_probabilities([0.25, 0.75], 2)
    array([0.25, 0.75])
    """
    weights = as_real_values(values, "`probabilities`")
    if weights.shape != (count,):
        raise ShapeError(f"`probabilities` must have the shape ({count},), but it is {weights.shape}.")
    if not (weights >= 0).all() or not abs(weights.sum() - 1) <= PROBABILITY_TOLERANCE:
        raise InputError(
            f"`probabilities` must not be negative and sum to 1, but they sum to {weights.sum():.15g} and the smallest "
            f"is {weights.min():.3g}. Divide them by their sum if that is what you mean."
        )
    return weights


def as_dimension(value: int, name: str) -> int:
    """Return a positive whole number.

    Raises
    ------
    InputError
        If it is not.

    Examples
    --------
    >>> as_dimension(3, "dimension")
    3
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise InputError(f"`{name}` must be a positive whole number, but it is {value!r}.")
    return int(value)
