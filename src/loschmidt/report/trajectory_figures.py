"""The histogram of the entropy production of single trajectories, with the fluctuation theorem drawn over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.accounts import reported
from loschmidt.report.style import COLOURS, INK, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["trajectory_histogram"]


def trajectory_histogram(run: Run) -> Figure | None:
    """Return P_F(σ) as bars and e^σ P_B(-σ) as circles, which must lie on top of them."""
    values, forward = reported(run, "histogram_value"), reported(run, "histogram_forward")
    backward = reported(run, "histogram_backward")
    if values is None or forward is None or backward is None:
        return None
    figure, axes = new_figure("Entropy production of single trajectories")
    nats = run.ledger.data["histogram_value"].values
    span = float(np.ptp(values.values)) or 1.0
    gaps = np.diff(np.sort(values.values))
    width = 0.8 * float(np.min(gaps[gaps > 1e-3 * span], initial=span / 12))
    axes.bar(values.values, forward.values, width=width, color=COLOURS[5], label="P$_F$(σ), forward")
    seen = backward.values > 0
    theorem = (backward.values * np.exp(nats))[seen]
    (circles,) = axes.plot(values.values[seen], theorem, "o", markersize=6, label="e$^σ$ P$_B$(−σ), theorem")
    circles.set(markerfacecolor="none", markeredgecolor=INK)
    mean = reported(run, "trajectory_mean")
    if mean is not None:
        axes.axvline(float(mean.values[0]), color=COLOURS[1], linestyle=(0, (6, 2)), label="mean")
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yscale("log")
    axes.set_xlabel(f"σ ({values.unit or 'nats'})")
    finish_axes(axes, "probability", "1", 3)
    return figure
