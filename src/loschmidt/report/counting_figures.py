"""Generating functions with their mirror images, and the price of precision of each counted variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import reported
from loschmidt.report.bars import horizontal_bars
from loschmidt.report.style import COLOURS, INK, LINES, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["generating_function", "heat_noise", "uncertainty"]

#: More curves cannot be told apart.
_MOST = 6
_BARS = 12
#: Ratios that differ by more are drawn on a logarithmic axis.
_DECADE = 10.0


def generating_function(run: Run) -> Figure | None:
    """Return θ(s) of each variable as a curve, with the mirror image as circles, which must lie on it."""
    found = reported(run, "generating_function")
    if found is None:
        return None
    mirrored = reported(run, "mirrored_generating_function")
    data = run.ledger["generating_function"]
    names = [str(name) for name in data.coords["curve"].values]
    symmetric = [] if mirrored is None else [str(x) for x in run.ledger[mirrored.name].coords["symmetric_curve"].values]
    fraction = data.coords["fraction"].values
    figure, axes = new_figure("Scaled cumulant generating function")
    for at, name in enumerate(names[:_MOST]):
        label = name.replace("$", r"\$")
        axes.plot(fraction, found.values[at], color=COLOURS[at], linestyle=LINES[at], label=label)
        if mirrored is not None and name in symmetric:
            own = mirrored.values[symmetric.index(name)]
            look: dict[str, Any] = {"markersize": 5.5, "markerfacecolor": "none", "markeredgecolor": COLOURS[at]}
            axes.plot(fraction, own, "o", label="mirror image" if at == 0 else None, **look)
    if symmetric:
        axes.axvline(-0.5, color=INK, linewidth=0.8, linestyle=(0, (1.5, 1.5)))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("s in units of |A|, or of one over the largest weight")
    finish_axes(axes, "θ(s)", found.unit or "model units", 3)
    return figure


def uncertainty(run: Run) -> Figure | None:
    """Return the uncertainty ratios of every variable as bars over the bound of classical jumps."""
    bars = []
    for name, axis, bound, colour, short in (
        ("thermodynamic_uncertainty", "counted_current", 2.0, COLOURS[0], "TUR"),
        ("kinetic_uncertainty", "counted_mean", 1.0, COLOURS[1], "KUR"),
    ):
        if name in run.ledger:
            data = run.ledger[name]
            members = zip(data.coords[axis].values, data.values, strict=True)
            bars += [(f"{short} of {member}", float(value), float(value) / bound, colour) for member, value in members]
    shown = [bar for bar in bars if np.isfinite(bar[1])][:_BARS]
    if not shown:
        return None
    figure, axes = new_figure("What precision costs, over the least that classical jumps pay")
    labels = [bar[0].replace("$", r"\$") for bar in shown]
    horizontal_bars(axes, labels, [bar[2] for bar in shown], [bar[3] for bar in shown])
    sizes = [bar[2] for bar in shown]
    if max(sizes) > _DECADE * min(sizes):
        axes.set_xscale("log")
        axes.set_xlim(0.5 * min(*sizes, 1.0), 3 * max(sizes))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.axvline(1, color=INK, linewidth=1.2, linestyle=(0, (6, 2)))
    axes.set_xlabel("thermodynamic ratio (TUR) over 2, kinetic ratio (KUR) over 1")
    return figure


def heat_noise(run: Run) -> Figure | None:
    """Return the covariances of the heat from each pair of baths, as bars."""
    found = reported(run, "heat_noise")
    if found is None or len(found.members) < 2:
        return None
    names = found.members
    pairs = [(a, b) for a in range(len(names)) for b in range(a, len(names))]
    figure, axes = new_figure("Noise of the heat currents")
    labels = [(names[a] if a == b else f"{names[a]}, {names[b]}").replace("$", r"\$") for a, b in pairs]
    values = [float(found.values[a, b]) for a, b in pairs]
    horizontal_bars(axes, labels, values, [COLOURS[0] if a == b else COLOURS[1] for a, b in pairs])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel(f"covariance of the heat from baths, per time ({found.unit or 'model units'})")
    return figure
