"""Where the entropy production of a thermal operation comes from, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.accounts import reported
from loschmidt.report.bars import horizontal_bars
from loschmidt.report.style import COLOURS, INK, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["entropy_budget"]

#: Account, label, and which of three groups it belongs to: the whole, its parts, where coherence went.
_BARS = (
    ("entropy_production", "Σ produced", INK),
    ("population_entropy_production", "Σ_d by populations", COLOURS[0]),
    ("coherence_entropy_production", "Ξ by coherence", COLOURS[0]),
    ("environment_displacement", "displacement of environments", COLOURS[2]),
    ("total_correlation", "total correlation", COLOURS[2]),
    ("environment_coherence", "coherence of environments", COLOURS[1]),
    ("correlated_coherence", "correlated coherence C_cc", COLOURS[1]),
    ("local_correlated_coherence", "the same, local pinchings", COLOURS[3]),
    ("degenerate_coherence", "degenerate coherence", COLOURS[3]),
)


def entropy_budget(run: Run) -> Figure | None:
    """Return Σ with its two splittings, and the coherence that Ξ has turned into."""
    if "correlated_coherence" not in run.ledger:
        return None
    found = [(label, account, colour) for name, label, colour in _BARS if (account := reported(run, name)) is not None]
    figure, axes = new_figure("Budget of the entropy production")
    values = [float(np.sum(account.values[-1])) for _, account, _ in found]
    labels = [label.replace("_d", "$_d$").replace("_cc", "$_{cc}$") for label, _, _ in found]
    horizontal_bars(axes, labels, values, [colour for *_, colour in found])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel(f"entropy ({found[0][1].unit or 'nats'})")
    return figure
