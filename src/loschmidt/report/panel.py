"""One figure with one pair of axes: curves over time, named with units, infinities marked, legend outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import Reported, times_of
from loschmidt.report.infinities import finite, mark_infinities
from loschmidt.report.numbers import subscripts
from loschmidt.report.style import COLOURS, INK, LINES, finish_axes, name_decades, new_figure
from loschmidt.typing import IntegerArray, RealVector

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["Panel"]

#: A longer name of a bath would push the legend out of the figure.
_LONGEST_NAME = 28


class Panel:
    """A figure in the making: add curves, then :meth:`finish` it.

    Parameters
    ----------
    run : Run
        Gives the times and their unit.
    title : str
        Stands above the figure.
    """

    def __init__(self, run: Run, title: str) -> None:
        self.figure, self.axes = new_figure(title)
        self.times: RealVector = times_of(run)
        self.axis = run.ledger.axis
        self.time_unit = run.units.label("time") if self.axis == "time" else ""
        self.logarithmic = self.axis == "time" and _is_logarithmic(self.times)
        self._infinite: dict[str, RealVector] = {}

    def line(self, values: RealVector, label: str, symbol: str, **style: Any) -> None:
        """Draw a curve; infinities become gaps, and are told by its symbol."""
        self._infinite[_typeset(symbol)] = values
        if self._is_visible(values):
            self.axes.plot(self.times, finite(values), label=_typeset(label), **style)

    def area(self, below: RealVector, values: RealVector, label: str, symbol: str, **style: Any) -> RealVector:
        """Draw values as an area on top of `below`, and return its upper edge; `below` itself if nothing is finite."""
        self._infinite[_typeset(symbol)] = values
        if not self._is_visible(values):
            return below
        above: RealVector = below + finite(values)
        self.axes.fill_between(self.times, below, above, label=_typeset(label), linewidth=0, **style)
        return above

    def _is_visible(self, values: RealVector) -> bool:
        # One finite point among infinities, such as the zero with which a sum starts, makes no curve.
        return int(np.isfinite(values).sum()) >= min(2, self.times.size)

    def members(self, account: Reported, label: str) -> None:
        """Draw one curve per bath, each bath with the same colour and line style in every figure."""
        for index, member in enumerate(account.members):
            look: dict[str, Any] = {"color": COLOURS[index % len(COLOURS)], "linestyle": LINES[index % len(LINES)]}
            name = f"{label} from {_shortened(member)}"
            self.line(account.values[:, index], name, name, **look)

    def spread_out(self, number: int) -> IntegerArray:
        """Return indices of about `number` times, evenly spread over the axis on which they are drawn."""
        shown = self.times > 0 if self.logarithmic else np.full(self.times.shape, True)
        places = np.log(self.times[shown]) if self.logarithmic else self.times
        wanted = np.linspace(places[0], places[-1], number)
        nearest = np.abs(places[:, None] - wanted).argmin(axis=0)
        return np.unique(np.nonzero(shown)[0][nearest])

    def finish(self, quantity: str, unit: str, columns: int = 4, *, zero_line: bool = True) -> Figure:
        """Name the axes with their units, mark infinities, add the legend, and return the figure."""
        axes, times = self.axes, self.times
        axes.set_xlabel(f"time t ({self.time_unit or 'model units'})" if self.axis == "time" else "step")
        first = times[times > 0][0] if self.logarithmic else times[0]
        if self.logarithmic:
            axes.set_xscale("log")
            name_decades(axes)
        if first < times[-1]:
            axes.set_xlim(float(first), float(times[-1]))
        if zero_line:
            axes.axhline(0, color=INK, linewidth=0.8, zorder=1)
        mark_infinities(axes, times, self._infinite, self.time_unit)
        finish_axes(axes, quantity, unit or "model units", columns)
        return self.figure


def _typeset(text: str) -> str:
    # A dollar sign would switch matplotlib to formulas; only subscripts are meant to be one.
    return subscripts(text.replace("$", r"\$"), r"$_{\mathrm{", "}}$") if "_" in text else text.replace("$", r"\$")


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _is_logarithmic(times: RealVector) -> bool:
    """Return whether times after zero grow by factors rather than by steps."""
    positive = times[times > 0]
    if positive.size < 4 or positive.size < times.size - 1 or positive[-1] < 100 * positive[0]:
        return False
    factors, steps = np.diff(np.log(positive)), np.diff(positive)
    return bool(np.std(factors) / np.mean(factors) < np.std(steps) / np.mean(steps))
