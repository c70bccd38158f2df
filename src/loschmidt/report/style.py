"""How figures look: colours that colour-blind readers tell apart, line styles and hatching that survive a copier."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from loschmidt.report.numbers import power_of_ten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "FAINT",
    "INK",
    "LINES",
    "PAPER",
    "ROLES",
    "SIZE",
    "figure_style",
    "finish_axes",
    "name_decades",
    "new_figure",
]

INK, FAINT, PAPER = "#1c2026", "#d5d9df", "#ffffff"
#: Inches; small enough that the text stays readable when a telephone shrinks the figure.
SIZE = (6.0, 3.7)
#: Okabe and Ito's palette, without the yellow that paper swallows.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7f87")
#: Line styles, in the same order as the colours, so that neither has to be seen alone.
LINES: tuple[Any, ...] = (
    "-",
    (0, (6, 2)),
    (0, (6, 2, 1, 2)),
    (0, (1.5, 1.5)),
    (0, (6, 2, 1, 2, 1, 2)),
    (0, (10, 3)),
    "-",
)
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
    "axes.formatter.useoffset": False,
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
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=SIZE, layout=ConstrainedLayoutEngine(w_pad=0.09, h_pad=0.06))
    FigureCanvasAgg(figure)
    figure.suptitle(title, x=0.016, ha="left")
    return figure, figure.add_subplot()


def finish_axes(axes: Axes, label: str, unit: str, columns: int) -> None:
    """Name the vertical axis above its top, and put the legend above that, where neither covers data.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Must hold the data already.
    label, unit : str
        Quantity and unit of the vertical axis; powers of ten that the ticks leave out go before the unit.
    columns : int
        Columns of the legend, fewer where the labels are long.
    """
    from matplotlib.transforms import ScaledTranslation

    figure = axes.get_figure(root=True)
    assert figure is not None
    factor = _scaled_ticks(axes)
    scale = " ".join(filter(None, [factor, unit if unit != "1" else ""]))
    axes.set_ylabel(f"{label} ({scale})" if scale else label, rotation=0, ha="left", va="bottom")
    above = axes.transAxes + ScaledTranslation(0, 7 / 72, figure.dpi_scale_trans)
    axes.yaxis.set_label_coords(0, 1, transform=above)
    handles, labels = axes.get_legend_handles_labels()
    place = axes.transAxes + ScaledTranslation(-4 / 72, 21 / 72, figure.dpi_scale_trans)
    for rows in range(1, len(handles) + 1):
        if (number := math.ceil(len(handles) / rows)) > columns:
            continue
        legend = axes.legend(
            handles,
            labels,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            bbox_transform=place,
            ncols=number,
            borderaxespad=0,
            columnspacing=1.4,
            handlelength=2.6,
            handletextpad=0.6,
        )
        if legend.get_window_extent().width < 0.88 * figure.bbox.width:
            break


def name_decades(axes: Axes) -> None:
    """Label a logarithmic time axis by powers of ten."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(round(math.log10(value)))))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _scaled_ticks(axes: Axes) -> str:
    """Divide the tick labels by a power of ten where they would be long, and return that power."""
    from matplotlib.ticker import FuncFormatter

    largest = max(abs(edge) for edge in axes.get_ylim())
    exponent = math.floor(math.log10(largest)) if largest > 0 else 0
    if -2 <= exponent <= 3:
        return ""
    # Powers of a thousand: the numbers of a table and of a figure then differ by a familiar factor.
    exponent = 3 * (exponent // 3)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 10.0**exponent:.10g}".replace("-", "−")))
    return power_of_ten(exponent)
