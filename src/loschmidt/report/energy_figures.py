"""Which currents flow, whether the energy adds up, and which levels are occupied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import reported
from loschmidt.report.panel import Panel
from loschmidt.report.style import COLOURS, INK, LINES, ROLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["currents", "energy_balance", "particle_currents", "populations"]

#: More levels than this are summed into one curve.
_MOST_LEVELS = 6
#: Circles that compare the change of energy with the sum of heat and work.
_CIRCLES = 14
_CIRCLE: dict[str, Any] = {
    "marker": "o",
    "linestyle": "none",
    "markerfacecolor": "none",
    "markeredgecolor": INK,
    "markersize": 5.5,
    "clip_on": False,
}
#: Drawn below the other curves, so that it does not hide the only one there is.
_BAND: dict[str, Any] = {"color": COLOURS[-1], "linewidth": 6.5, "alpha": 0.35}
_POWERS = (
    ("drive_power", "drive", "Ẇ drive"),
    ("switching_power", "switching", "Ẇ switching"),
    ("chemical_power", "chemical", "Ẇ chemical"),
)
_WORKS = (
    ("work", "drive", "W drive"),
    ("switching_work", "switching", "W switching"),
    ("chemical_work", "chemical", "W chemical"),
)


def currents(run: Run) -> Figure | None:
    """Return the heat current from each bath, and powers where they are not zero."""
    heat = reported(run, "heat_rate")
    if heat is None:
        return None
    panel = Panel(run, "Heat currents and power")
    panel.members(heat, "Q̇")
    for name, role, label in _POWERS:
        power = reported(run, name)
        if power is not None and not power.negligible:
            panel.line(power.values, label, label, **ROLES[role])
    return panel.finish("energy current into the system", heat.unit)


def particle_currents(run: Run) -> Figure | None:
    """Return the particle current from each bath."""
    current = reported(run, "particle_current")
    if current is None or current.negligible:
        return None
    panel = Panel(run, "Particle currents")
    panel.members(current, "J")
    return panel.finish("particle current into the system", current.unit)


def energy_balance(run: Run) -> Figure | None:
    """Return heat and work since the start, their sum, and the change of energy that it must equal."""
    heat, energy = reported(run, "heat"), reported(run, "energy")
    if heat is None or energy is None or run.ledger.axis != "time":
        return None
    panel = Panel(run, "Energy balance since the start")
    works = [(work, role, label) for name, role, label in _WORKS if (work := reported(run, name)) is not None]
    total = heat.values.sum(axis=1) + sum(work.values for work, _, _ in works)
    panel.line(total, "sum of all", "sum", **_BAND)
    panel.members(heat, "Q")
    for work, role, label in works:
        if not work.negligible:
            panel.line(work.values, label, label, **ROLES[role])
    change, shown = energy.values - energy.values[0], panel.spread_out(_CIRCLES)
    panel.axes.plot(panel.times[shown], change[shown], label="ΔU of the states", **_CIRCLE)
    return panel.finish("energy into the system", heat.unit)


def populations(run: Run) -> Figure | None:
    """Return the probability of each level, or of the most occupied ones and the rest together."""
    account = reported(run, "populations")
    if account is None:
        return None
    panel, values = Panel(run, "Populations of the energy levels"), account.values
    order = np.argsort(-values.max(axis=0), kind="stable")
    shown = sorted(order[:_MOST_LEVELS])
    names = account.members or tuple(str(index) for index in range(values.shape[1]))
    for place, index in enumerate(shown):
        label = f"level {names[index]}"
        panel.line(values[:, index], label, label, color=COLOURS[place], linestyle=LINES[place])
    if rest := values.shape[1] - len(shown):
        label = f"{rest} other level{'s together' if rest > 1 else ''}"
        panel.line(values[:, order[_MOST_LEVELS:]].sum(axis=1), label, label, color=COLOURS[-1], linestyle=LINES[-1])
    highest = float(values.max())
    panel.axes.set_ylim(-0.02, 1.04 * highest if highest > 0.5 else 0.5)
    return panel.finish("probability", "1", zero_line=False)
