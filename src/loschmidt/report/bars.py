"""Horizontal bars, each with its name and its number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.numbers import format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["horizontal_bars"]


def horizontal_bars(
    axes: Axes,
    labels: list[str],
    values: list[float],
    colours: list[Any],
    told: list[float] | None = None,
    write: Callable[[float], str] = format_number,
) -> None:
    """Draw horizontal bars, first on top, each with its number."""
    places = np.arange(len(labels))[::-1]
    finite = [value if math.isfinite(value) else 0.0 for value in values]
    axes.barh(places, finite, height=0.55, color=colours)
    axes.set_yticks(places, labels)
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.26)
    for place, value, number in zip(places, finite, told or values, strict=True):
        side = "right" if value < 0 else "left"
        axes.annotate(
            write(float(number)),
            (value, place),
            xytext=(-5 if value < 0 else 5, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=9.5,
        )
