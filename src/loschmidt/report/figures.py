"""The figures of a report: where entropy comes from, which currents flow, whether the energy adds up, who is occupied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import Reported, reported, times_of
from loschmidt.report.infinities import finite, mark_infinities
from loschmidt.report.style import COLOURS, INK, LINES, ROLES, figure_style, finish_legend, new_figure
from loschmidt.report.svg import svg_text
from loschmidt.typing import RealVector

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["figures", "save_figures"]

#: More levels than this are summed into one curve.
_MOST_LEVELS = 6


def figures(run: Run) -> dict[str, Figure]:
    """Return the figures that apply to a run, by file name, in the order of the report.

    Parameters
    ----------
    run : Run
        From :func:`loschmidt.studies.run_model`.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        Not attached to any window; ``savefig`` writes them.
    """
    drawn: dict[str, Figure] = {}
    with figure_style():
        for name, draw in _FIGURES.items():
            figure = draw(run)
            if figure is not None:
                drawn[name] = figure
    return drawn


def save_figures(run: Run, directory: str | Path) -> list[Path]:
    """Write every figure as SVG into a folder that exists, and return the paths."""
    paths = []
    for name, figure in figures(run).items():
        path = Path(directory) / f"{name}.svg"
        path.write_text(svg_text(figure, name), encoding="utf-8")
        paths.append(path)
    return paths


def _entropy_production(run: Run) -> Figure | None:
    total = reported(run, "entropy_production_rate")
    change = reported(run, "entropy_rate")
    if total is None and change is None:
        return None
    figure, axes = new_figure("Entropy production rate")
    parts = [reported(run, "population_entropy_production_rate"), reported(run, "coherence_entropy_production_rate")]
    lines = [(total, "production", "Π = Ṡ + Φ"), (reported(run, "entropy_flux"), "flow", "Φ to the baths")]
    return _entropy_figure(run, figure, axes, parts, [*lines, (change, "entropy", "Ṡ of the system")], "entropy rate")


def _entropy_balance(run: Run) -> Figure | None:
    total = reported(run, "entropy_production")
    if total is None:
        return None
    figure, axes = new_figure("Entropy produced since the start")
    parts = [reported(run, "population_entropy_production"), reported(run, "coherence_entropy_production")]
    lines = [(total, "production", "Σ = ΔS + ∫Φ"), (reported(run, "entropy_flow"), "flow", "∫Φ dt to the baths")]
    return _entropy_figure(run, figure, axes, parts, [*lines, (_entropy_change(run), "entropy", "ΔS")], "entropy")


def _entropy_figure(
    run: Run,
    figure: Figure,
    axes: Axes,
    parts: list[Reported | None],
    lines: list[tuple[Reported | None, str, str]],
    quantity: str,
) -> Figure:
    times, curves, unit = times_of(run), {}, ""
    labels = {"populations": "populations", "coherence": "coherence"}
    areas = [part for part in parts if part is not None]
    # A stack of parts of both signs would not add up to what the eye sees.
    if len(areas) == 2 and all((finite(area.values)[np.isfinite(area.values)] >= -area.error.max()).all() for area in areas):
        below = np.zeros_like(times)
        for area, role in zip(areas, labels, strict=True):
            above = below + finite(area.values)
            label = f"{area.symbol} {labels[role]}"
            axes.fill_between(times, below, above, label=label, linewidth=0, **ROLES[role])
            curves[area.symbol] = area.values
            below = above
    else:
        for area, role, line in zip(areas, labels, LINES, strict=False):
            label, colour = f"{area.symbol} {labels[role]}", ROLES[role]["edgecolor"]
            axes.plot(times, finite(area.values), label=label, color=colour, linestyle=line)
            curves[area.symbol] = area.values
    for account, role, label in lines:
        if account is not None:
            axes.plot(times, finite(account.values), label=label, **ROLES[role])
            curves[account.symbol] = account.values
            unit = account.unit
    return _finished(run, figure, axes, quantity, unit, curves, columns=3)


def _currents(run: Run) -> Figure | None:
    heat = reported(run, "heat_rate")
    powers = [
        (reported(run, "drive_power"), "drive", "Ẇ drive"),
        (reported(run, "switching_power"), "switching", "Ẇ switching"),
        (reported(run, "chemical_power"), "chemical", "Ẇ chemical"),
    ]
    if heat is None:
        return None
    figure, axes = new_figure("Heat currents and power")
    times = times_of(run)
    curves = _plot_members(axes, times, heat, "Q̇ from ")
    for power, role, label in powers:
        if power is not None and not power.negligible:
            axes.plot(times, finite(power.values), label=label, **ROLES[role])
            curves[power.symbol] = power.values
    return _finished(run, figure, axes, "energy per time into the system", heat.unit, curves)


def _particle_currents(run: Run) -> Figure | None:
    current = reported(run, "particle_current")
    if current is None or current.negligible:
        return None
    figure, axes = new_figure("Particle currents")
    curves = _plot_members(axes, times_of(run), current, "from ")
    return _finished(run, figure, axes, "particles per time into the system", current.unit, curves)


def _energy_balance(run: Run) -> Figure | None:
    heat, energy = reported(run, "heat"), reported(run, "energy")
    if heat is None or energy is None:
        return None
    figure, axes = new_figure("Energy balance since the start")
    times = times_of(run)
    change = energy.values - energy.values[0]
    total = np.asarray(heat.values).sum(axis=1)
    curves = _plot_members(axes, times, heat, "Q from ")
    for name, role, label in (
        ("work", "drive", "W drive"),
        ("switching_work", "switching", "W switching"),
        ("chemical_work", "chemical", "W chemical"),
    ):
        work = reported(run, name)
        if work is not None and not work.negligible:
            axes.plot(times, finite(work.values), label=label, **ROLES[role])
            total = total + work.values
    axes.plot(times, total, label="sum of these", color=INK, linewidth=1.4)
    shown = _spread_out(run, times, 14)
    check = {"marker": "o", "linestyle": "none", "markerfacecolor": "none", "markeredgecolor": INK, "markersize": 5.5}
    axes.plot(times[shown], change[shown], label="ΔU of the states", **check)
    return _finished(run, figure, axes, "energy into the system", heat.unit, curves)


def _populations(run: Run) -> Figure | None:
    populations = reported(run, "populations")
    if populations is None:
        return None
    figure, axes = new_figure("Populations of the energy levels")
    times, values = times_of(run), np.asarray(populations.values)
    order = np.argsort(-values.max(axis=0), kind="stable")
    shown = sorted(order[:_MOST_LEVELS])
    for place, index in enumerate(shown):
        label = f"level {populations.members[index]}"
        axes.plot(times, values[:, index], label=label, color=COLOURS[place], linestyle=LINES[place])
    if len(shown) < values.shape[1]:
        others = values[:, order[_MOST_LEVELS:]].sum(axis=1)
        label = f"{values.shape[1] - len(shown)} others together"
        axes.plot(times, others, label=label, color=COLOURS[-1], linestyle=LINES[-1])
    axes.set_ylim(-0.02, max(0.5, 1.06 * float(values.max())))
    return _finished(run, figure, axes, "probability", "", {})


def _entropy_change(run: Run) -> Reported | None:
    return reported(run, "entropy_change")


def _plot_members(axes: Axes, times: RealVector, account: Reported, label: str) -> dict[str, RealVector]:
    """Draw one curve a bath, each with its own colour and line style, and return the curves by label."""
    curves = {}
    for index, member in enumerate(account.members):
        values = np.asarray(account.values)[:, index]
        style: dict[str, Any] = {"color": COLOURS[index % len(COLOURS)], "linestyle": LINES[index % len(LINES)]}
        axes.plot(times, finite(values), label=f"{label}{member}", **style)
        curves[f"{label}{member}"] = values
    return curves


def _finished(
    run: Run, figure: Figure, axes: Axes, quantity: str, unit: str, curves: dict[str, RealVector], columns: int = 4
) -> Figure:
    times, time_unit = times_of(run), run.units.label("time")
    axes.set_xlabel(f"time t ({time_unit})" if time_unit else "time t (dimensionless)")
    axes.set_ylabel(f"{quantity} ({unit})" if unit else quantity if quantity == "probability" else f"{quantity} (dimensionless)")
    if _is_logarithmic(times):
        axes.set_xscale("log")
        axes.set_xlim(float(times[times > 0][0]), float(times[-1]))
    else:
        axes.set_xlim(float(times[0]), float(times[-1]))
    if quantity != "probability":
        axes.axhline(0, color=INK, linewidth=0.8, zorder=1)
    mark_infinities(axes, times, curves, time_unit)
    finish_legend(axes, columns)
    return figure


def _is_logarithmic(times: RealVector) -> bool:
    """Return whether times after zero grow by factors rather than by steps."""
    positive = times[times > 0]
    if positive.size < 4 or positive.size < times.size - 1 or positive[-1] < 100 * positive[0]:
        return False
    factors, steps = np.diff(np.log(positive)), np.diff(positive)
    return bool(np.std(factors) / np.mean(factors) < np.std(steps) / np.mean(steps))


def _spread_out(run: Run, times: RealVector, number: int) -> Any:
    """Return indices of about `number` times, evenly spread over the axis on which they are drawn."""
    if not _is_logarithmic(times):
        return np.unique(np.searchsorted(times, np.linspace(times[0], times[-1], number)))
    positive = times[times > 0]
    return np.unique(np.searchsorted(times, np.geomspace(positive[0], positive[-1], number) * (1 - 1e-12)))


_FIGURES: dict[str, Callable[[Run], Figure | None]] = {
    "entropy-production": _entropy_production,
    "entropy-balance": _entropy_balance,
    "currents": _currents,
    "particle-currents": _particle_currents,
    "energy-balance": _energy_balance,
    "populations": _populations,
}
