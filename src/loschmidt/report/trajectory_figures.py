"""Figures of single trajectories: how entropy production is spread, with the theorems over it, and counted jumps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.accounts import bath_names, in_units, reported
from loschmidt.report.bars import horizontal_bars
from loschmidt.report.style import COLOURS, INK, finish_axes, new_figure
from loschmidt.report.trajectories import jump_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["jump_counts", "trajectory_histogram"]

_MOST = 24  # bars


def trajectory_histogram(run: Run) -> Figure | None:
    """Return P(σ) as bars; its mean, which the integral theorem bounds; and, where known, e^σ P_B(-σ) as circles."""
    values, forward = reported(run, "histogram_value"), reported(run, "histogram_forward")
    if values is None or forward is None:
        return None
    figure, axes = new_figure("Entropy production of single trajectories")
    width = _bar_width(values.values)
    seen = forward.values > 0
    axes.bar(values.values[seen], forward.values[seen], width=width, color=COLOURS[5], label="P(σ), forward")
    backward = reported(run, "histogram_backward")
    if backward is not None:
        known = backward.values > 0
        nats = run.ledger.data["histogram_value"].values
        theorem = (backward.values * np.exp(nats))[known]
        (circles,) = axes.plot(values.values[known], theorem, "o", markersize=6, label="e$^σ$ P$_B$(−σ), theorem")
        circles.set(markerfacecolor="none", markeredgecolor=INK)
    _theorem_lines(run, axes)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yscale("log")
    axes.set_xlabel(f"σ ({values.unit or 'nats'})")
    finish_axes(axes, "probability", "1", 2)
    return figure


def jump_counts(run: Run) -> Figure | None:
    """Return how often a trajectory jumps, by bath and by quantum."""
    account = reported(run, "jump_count")
    if account is None or not account.values.any():
        return None
    figure, axes = new_figure("Jumps of one trajectory")
    baths, of = bath_names(run), run.ledger["jump_count"]["jump_bath"].values
    found = [
        (label, float(value), COLOURS[baths.index(str(bath)) % len(COLOURS)])
        for label, value, bath in zip(jump_labels(run), account.values, of, strict=True)
        if value > 0
    ][:_MOST]
    labels, values, colours = map(list, zip(*found, strict=True))
    horizontal_bars(axes, labels, values, colours)
    axes.set_xlabel("mean number")
    return figure


def _bar_width(values: np.ndarray) -> float:
    span = float(np.ptp(values)) or 1.0
    gaps = np.diff(np.sort(values))
    return 0.8 * float(np.min(gaps[gaps > 4e-3 * span], initial=span / 12))


def _theorem_lines(run: Run, axes: Axes) -> None:
    mean, weight = reported(run, "trajectory_mean"), reported(run, "absolute_irreversibility")
    average = reported(run, "trajectory_exponential")
    if mean is not None and math.isfinite(mean.values[0]):
        label = f"mean ⟨σ⟩ = {mean.values[0]:.3g}".replace("-", "−")
        axes.axvline(float(mean.values[0]), color=COLOURS[1], linestyle=(0, (6, 2)), label=label)
    if weight is None or average is None:
        return
    left = 1 - float(weight.values[0])
    told = f"−ln(1 − λ); ⟨e$^{{−σ}}$⟩ = {float(average.values[0]):.3g}, theory {left:.3g}"
    if left > 1e-9:
        bound = float(in_units(-math.log(left), run.units, "entropy")[0])
        axes.axvline(bound, color=COLOURS[2], linestyle=(0, (1.5, 1.5)), linewidth=1.8, label=told)
