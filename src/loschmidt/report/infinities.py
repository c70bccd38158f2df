"""Curves with infinite points: a gap in the line, an arrow at the edge and a word, instead of a broken scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.numbers import format_size
from loschmidt.report.style import INK
from loschmidt.typing import RealVector

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["finite", "mark_infinities"]

#: With more infinite times than this the word says it for all of them.
_MOST_ARROWS = 3


def finite(values: RealVector) -> RealVector:
    """Return values with infinities turned into gaps of a plotted line."""
    return np.where(np.isfinite(values), values, np.nan)


def mark_infinities(axes: Axes, times: RealVector, curves: Mapping[str, RealVector], unit: str) -> None:
    """Say at which times curves are infinite, with arrows at the edge of the axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Must hold the finite parts already.
    times : (T,)
        Times, as plotted.
    curves : mapping of str to (T,)
        Symbol and values of each curve.
    unit : str
        Of time, for the word.
    """
    for sign, word, edge in ((1, "∞", 1.0), (-1, "−∞", 0.0)):
        where = {symbol: np.nonzero(values == sign * np.inf)[0] for symbol, values in curves.items()}
        where = {symbol: indices for symbol, indices in where.items() if indices.size}
        if where:
            _leave_room(axes, edge)
            _mark(axes, times, where, f"= {word}", edge, unit)


def _mark(axes: Axes, times: RealVector, where: Mapping[str, RealVector], word: str, edge: float, unit: str) -> None:
    indices = np.unique(np.concatenate(list(where.values())))
    place = _place(times, indices, unit)
    first, last = axes.get_xlim()
    if indices.size <= _MOST_ARROWS:
        # A time that a logarithmic axis cannot show is marked at the left edge.
        at = [float(times[i]) if times[i] >= first else first for i in indices]
        marker = "^" if edge else "v"
        axes.plot(at, [edge] * len(at), marker, color=INK, ms=6, transform=axes.get_xaxis_transform(), clip_on=False)
    else:
        at = [first]
    axes.annotate(
        f"{', '.join(where)} {word} {place}",
        (at[0] if at[0] < 0.6 * last + 0.4 * first else first, edge),
        xycoords=axes.get_xaxis_transform(),
        xytext=(9, -4 if edge else 4),
        textcoords="offset points",
        ha="left",
        va="top" if edge else "bottom",
        fontsize=9.5,
    )


def _place(times: RealVector, indices: RealVector, unit: str) -> str:
    if indices.size == times.size:
        return "at every time"
    if indices.size == 1:
        return f"at t = {format_size(float(times[indices[0]]))} {unit}".rstrip()
    if np.array_equal(indices, np.arange(1, times.size)):
        return "after the first time"
    return f"at {indices.size} of {times.size} times"


def _leave_room(axes: Axes, edge: float) -> None:
    """Move the data away from the edge at which the word stands."""
    bottom, top = axes.get_ylim()
    room = 0.14 * (top - bottom)
    axes.set_ylim(bottom if edge else bottom - room, top + room if edge else top)
