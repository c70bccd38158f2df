"""Two bars of cells that conduct heat, touch at one end each, and may be taken apart: the classical counterpart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.typing import RealMatrix, RealVector

__all__ = ["ConductingBars", "conducting_bars"]


_LARGEST_RATIO = 1e12


@dataclass(frozen=True, eq=False)
class ConductingBars:
    """Two bars of cells in a row, the last cell of the first against the first of the second.

    Build one with :func:`conducting_bars`.

    Attributes
    ----------
    names : (str, str)
        Of the bars.
    cells : (int, int)
        Cells of each bar.
    heat_capacities : (n,)
        Of all n cells, first bar first.
    conductances : (n - 1,)
        Of the links between neighbours; the one between the bars is the contact.
    cut : float
        From this time on the contact is open; ``inf`` for never.
    """

    names: tuple[str, str]
    cells: tuple[int, int]
    heat_capacities: RealVector
    conductances: RealVector
    cut: float

    @property
    def contact(self) -> int:
        """Index of the link between the bars, and of the last cell of the first bar."""
        return self.cells[0] - 1

    @property
    def bars(self) -> tuple[slice, slice]:
        """The cells of each bar."""
        return slice(0, self.cells[0]), slice(self.cells[0], sum(self.cells))

    @property
    def inside(self) -> tuple[slice, slice]:
        """The links inside each bar."""
        return slice(0, self.cells[0] - 1), slice(self.cells[0], sum(self.cells) - 1)

    def links(self, touching: bool) -> RealVector:
        """Return the conductances (n - 1,), with zero at the contact unless the bars touch."""
        conductances = self.conductances.copy()
        if not touching:
            conductances[self.contact] = 0.0
        return conductances

    def conduction_matrix(self, touching: bool = True) -> RealMatrix:
        """Return the symmetric matrix K (n, n) of c dT/dt = -K T.

        Examples
        --------
        >>> conducting_bars(1, contact_conductance=2.0).conduction_matrix()
        array([[ 2., -2.],
               [-2.,  2.]])
        """
        gradient = np.diff(np.eye(sum(self.cells)), axis=0)
        return np.asarray(gradient.T @ (self.links(touching)[:, None] * gradient))

    def temperatures(self, given: Any, name: str = "state") -> RealVector:
        """Return temperatures (n,) from one number per bar or one per cell.

        Raises
        ------
        InputError and its subclasses
            If there are other than 2 or n numbers, one is not positive, or they are too far apart.

        Examples
        --------
        >>> conducting_bars(2).temperatures([1.0, 2.0])
        array([1., 1., 2., 2.])
        """
        values, n = _real_values(given, name), sum(self.cells)
        if values.shape == (2,):
            values = np.repeat(values, self.cells)
        if values.shape != (n,):
            raise ShapeError(
                f"`{name}` must hold 2 temperatures, one for each bar, or {n}, one for each cell, but its shape is "
                f"{values.shape}."
            )
        if not values.min() > 0:
            at = int(values.argmin())
            raise InputError(f"`{name}` must hold positive temperatures, but that of cell {at} is {values[at]:g}.")
        if not values.max() <= _LARGEST_RATIO * values.min():
            raise InputError(
                f"`{name}` must hold temperatures within a factor of {_LARGEST_RATIO:g}, but they reach from "
                f"{values.min():g} to {values.max():g}: the coldest would be lost in the round-off of the hottest."
            )
        return values


def conducting_bars(
    cells: int | tuple[int, int],
    *,
    heat_capacity: Any = 1.0,
    conductance: Any = 1.0,
    contact_conductance: float = 1.0,
    cut: float | None = None,
    names: tuple[str, str] = ("A", "B"),
) -> ConductingBars:
    r"""Return two bars that conduct heat and touch.

    .. math:: c_i\,\dot T_i = \sum_{j\sim i} k_{ij}\,(T_j - T_i)

    Parameters
    ----------
    cells : int or (int, int)
        Cells of each bar.
    heat_capacity : float, (2,) or (n,)
        Of each cell: the same for all, one for each bar, or one for each cell. It does not depend on temperature.
    conductance : float or (2,)
        Between neighbours inside a bar: the same in both, or one for each bar; positive.
    contact_conductance : float
        Between the bars; zero keeps them apart.
    cut : float, optional
        Time at which the bars are taken apart; by default they touch for ever.
    names : (str, str)
        Of the bars.

    Returns
    -------
    ConductingBars
        Evolve it from temperatures, one per bar or one per cell.

    Raises
    ------
    InputError and its subclasses
        If there are no cells, or a number is not finite or has the wrong sign.

    Notes
    -----
    :cite:t:`degroot1962` for the entropy that conduction produces; the pair of bars is the classical side of Eq. 15 of
    :cite:t:`ahmadi2020`.

    Examples
    --------
    >>> from loschmidt.evolution.evolve import evolve
    >>> evolution = evolve(conducting_bars(4), [1.0, 2.0], [0.0, 2.0])
    >>> evolution.temperatures[-1].round(3)
    array([1.052, 1.104, 1.219, 1.397, 1.603, 1.781, 1.896, 1.948])
    """
    each = (cells, cells) if isinstance(cells, (int, np.integer)) else tuple(cells)
    if len(each) != 2 or not all(isinstance(n, (int, np.integer)) and n >= 1 for n in each):
        raise InputError(f"`cells` must be a positive number of cells, or one for each bar, but it is {cells!r}.")
    labels = tuple(names)
    if len(labels) != 2 or not all(isinstance(name, str) and name for name in labels) or labels[0] == labels[1]:
        raise InputError(f"`names` must be two different names, but they are {names!r}.")
    pair = (int(each[0]), int(each[1]))
    n = sum(pair)
    capacities = _spread(heat_capacity, "heat_capacity", pair, n)
    inside = _spread(conductance, "conductance", pair, n)
    links = inside[:-1].copy()
    links[pair[0] - 1] = as_number(contact_conductance, "contact_conductance", non_negative=True)
    return ConductingBars(
        names=(labels[0], labels[1]),
        cells=pair,
        heat_capacities=capacities,
        conductances=links,
        cut=math.inf if cut is None else as_number(cut, "cut"),
    )


def _spread(given: Any, name: str, cells: tuple[int, int], longest: int) -> RealVector:
    """Return positive numbers (n,), one per cell, from one, one per bar, or one per cell."""
    values = _real_values(given, name)
    if values.shape == ():
        values = np.full(longest, float(values))
    elif values.shape == (2,):
        values = np.repeat(values, cells)
    if values.shape != (longest,) or (name == "conductance" and np.shape(given) not in ((), (2,))):
        more = "" if name == "conductance" else f" or {longest}"
        raise ShapeError(f"`{name}` must be one number or hold 2{more}, but its shape is {np.shape(given)}.")
    if not values.min() > 0:
        raise InputError(f"`{name}` must be positive, but it is {values.min():g} at cell {int(values.argmin())}.")
    return values


def _real_values(given: Any, name: str) -> np.ndarray:
    try:
        values = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"`{name}` must be real numbers, but it is {given!r}.") from None
    if not np.isfinite(values).all():
        raise NotFiniteError(f"`{name}` must be finite, but it is {given!r}.")
    return values
