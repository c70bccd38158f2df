"""How figures look: colours that colour-blind readers tell apart, line styles and hatching that survive a copier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "FAINT", "INK", "LINES", "PAPER", "ROLES", "SIZE", "figure_style", "finish_legend", "new_figure"]

INK, FAINT, PAPER = "#1c2026", "#d5d9df", "#ffffff"
#: Inches; small enough that the text stays readable when a telephone shrinks the figure.
SIZE = (6.0, 3.7)
#: Okabe and Ito's palette, without the yellow that paper swallows.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7f87")
#: Line styles, in the same order as the colours, so that neither has to be seen alone.
LINES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (6, 2, 1, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1, 2, 1, 2)), (0, (10, 3)), "-")
#: Quantities that keep their look in every figure.
ROLES: dict[str, dict[str, Any]] = {
    "populations": {"facecolor": "#a6cbe3", "edgecolor": "#0072b2"},
    "coherence": {"facecolor": "#f6d78f", "edgecolor": "#b07800", "hatch": "////"},
    "production": {"color": INK, "linestyle": "-", "linewidth": 1.8},
    "flow": {"color": "#d55e00", "linestyle": (0, (6, 2)), "linewidth": 1.6},
    "entropy": {"color": "#009e73", "linestyle": (0, (6, 2, 1, 2)), "linewidth": 1.6},
    "drive": {"color": "#cc79a7", "linestyle": (0, (6, 2, 1, 2)), "linewidth": 1.6},
    "switching": {"color": "#7a7f87", "linestyle": (0, (1.5, 1.5)), "linewidth": 1.8},
    "chemical": {"color": "#009e73", "linestyle": (0, (6, 2, 1, 2, 1, 2)), "linewidth": 1.6},
}

_SETTINGS: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.facecolor": PAPER,
    "axes.formatter.use_mathtext": True,
    "axes.formatter.limits": (-3, 4),
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "figure.facecolor": PAPER,
    "figure.titlesize": 11.5,
    "figure.titleweight": "bold",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "mathtext.fontset": "dejavusans",
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelsize": 9.5,
    "ytick.color": INK,
    "ytick.labelsize": 9.5,
}


@contextmanager
def figure_style(**settings: Any) -> Iterator[None]:
    """Use the style of the reports inside a ``with`` block, whatever the reader's own matplotlib settings are."""
    from matplotlib import style

    with style.context(["default", {**_SETTINGS, **settings}]):
        yield


def new_figure(title: str) -> tuple[Figure, Axes]:
    """Return a figure with its title and one axes; no window, no pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, x=0.012, ha="left")
    return figure, figure.add_subplot()


def finish_legend(axes: Axes, columns: int = 4) -> None:
    """Put the legend above the axes, where it covers no data."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    axes.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=min(columns, len(handles)),
        borderaxespad=0.2,
        columnspacing=1.4,
        handlelength=2.6,
        handletextpad=0.6,
    )
