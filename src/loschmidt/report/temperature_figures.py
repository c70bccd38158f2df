"""How hot the system looks to its baths: the generalised inverse temperature, with the poles of T on its zero line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import Reported, reported
from loschmidt.report.panel import Panel
from loschmidt.report.style import COLOURS, INK, LINES, PAPER
from loschmidt.typing import RealVector

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["generalised_temperature"]

#: How far beyond the coldest bath the axis reaches; β_gen has no bounds where heat stands still.
_REACH = 1.6
#: Places of :class:`~loschmidt.information.temperatures.TemperatureStatus`.
_REGULAR, _POLE = 0, 2


def generalised_temperature(run: Run) -> Figure | None:
    """Return β_gen with the β of the baths, where it changes sign; elsewhere the entropy production says as much."""
    found, status = reported(run, "generalised_inverse_temperature"), reported(run, "generalised_temperature_status")
    if found is None or status is None:
        return None
    signs = status.values[status.values <= _POLE]
    if not ((signs == _REGULAR).any() and (signs != _REGULAR).any()):
        return None
    panel = Panel(run, "Generalised inverse temperature")
    shares, baths = reported(run, "generalised_inverse_temperature_by_bath"), reported(run, "inverse_temperature")
    reach = _reach(found.values, baths)
    if shares is not None and len(shares.members) > 1:
        for index, name in enumerate(shares.members):
            look: dict[str, Any] = {"color": COLOURS[index % len(COLOURS)], "linestyle": LINES[index % len(LINES)]}
            panel.line(_broken(shares.values[:, index], reach), f"from {name}", f"from {name}", **look)
    panel.line(_broken(found.values, reach), "β_gen = Ṡ / Q̇", "β_gen", color=INK, linewidth=1.8)
    if baths is not None:
        _draw_baths(panel, baths)
    poles = _crossings(panel.times, found.values, reach)
    if len(poles):
        look = {
            "marker": "o",
            "linestyle": "none",
            "markerfacecolor": PAPER,
            "markeredgecolor": INK,
            "markersize": 6,
        }
        panel.axes.plot(poles, np.zeros(len(poles)), label="pole, T = ±∞", clip_on=False, zorder=4, **look)
    panel.axes.set_ylim(-reach, reach)
    return panel.finish("inverse temperature", found.unit, columns=4)


def _draw_baths(panel: Panel, baths: Reported) -> None:
    for index, (name, beta) in enumerate(zip(baths.members, baths.values, strict=True)):
        if np.isfinite(beta):
            label, colour = f"β of {name}", COLOURS[index % len(COLOURS)]
            panel.line(np.full(panel.times.shape, beta), label, label, linestyle=(0, (1.5, 1.5)), color=colour)


def _broken(values: RealVector, reach: float) -> RealVector:
    """Return the curve with gaps where it passes through infinity, which is a zero of T and no line."""
    gaps = values.copy()
    with np.errstate(invalid="ignore"):
        outside = (values[:-1] * values[1:] < 0) & ((np.abs(values[:-1]) > reach) | (np.abs(values[1:]) > reach))
    left = np.nonzero(outside & np.isfinite(values[:-1]) & np.isfinite(values[1:]))[0]
    larger = left + (np.abs(values[left + 1]) > np.abs(values[left]))
    gaps[larger] = np.nan
    return gaps


def _reach(values: RealVector, baths: Reported | None) -> float:
    """Return the largest |β| that is shown."""
    known = np.abs(values[np.isfinite(values)])
    levels = np.zeros(0) if baths is None else np.abs(baths.values[np.isfinite(baths.values)])
    largest = float(levels.max(initial=0.0))
    # Without a bath to compare with, what is typical.
    return _REACH * (largest if largest > 0 else float(np.median(known)) if known.any() else 1.0)


def _crossings(times: RealVector, values: RealVector, reach: float) -> RealVector:
    """Return where the curve passes through zero inside the frame, between neighbours of opposite sign."""
    first, second = values[:-1], values[1:]
    with np.errstate(invalid="ignore"):
        # A jump from one edge to the other is a zero of T, not a pole.
        small = (np.abs(first) <= reach) & (np.abs(second) <= reach)
        turns = np.nonzero(small & (first != 0) & (first * second <= 0))[0]
    share = first[turns] / (first[turns] - second[turns])
    return np.asarray(times[turns] + share * (times[turns + 1] - times[turns]))
