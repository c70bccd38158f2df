"""How the entropy of a system and its correlation with the ancillas go from collision to collision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loschmidt.report.accounts import reported
from loschmidt.report.panel import Panel
from loschmidt.report.style import COLOURS, INK, LINES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["divisibility", "entropy_course"]

_CURVES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("entropy", "S of the system", {"color": INK, "linestyle": "-", "linewidth": 1.8}),
    ("mutual_information", "I with the ancillas", {"color": COLOURS[1], "linestyle": LINES[1]}),
    ("entropy_backflow", "B given back so far", {"color": COLOURS[0], "linestyle": LINES[2]}),
)


def entropy_course(run: Run) -> Figure | None:
    """Return S, the correlation and the entropy given back, step by step."""
    if "entropy_backflow" not in run.ledger:
        return None
    panel, unit = Panel(run, "Entropy and correlation, step by step"), ""
    for name, label, style in _CURVES:
        account = reported(run, name)
        if account is not None:
            panel.line(account.values, label, label.partition(" ")[0], **style)
            unit = account.unit
    return panel.finish("entropy", unit, columns=3)


def divisibility(run: Run) -> Figure | None:
    """Return the lowest Choi eigenvalue of each step's own map; below zero the step is no channel."""
    account = reported(run, "intermediate_choi_minimum")
    if account is None or account.negligible:
        return None
    panel = Panel(run, "Is each step a channel of its own?")
    # A nearly singular map before a step makes its eigenvalues huge; what matters is the sign.
    panel.axes.set_yscale("symlog", linthresh=1e-3)
    look = {"color": COLOURS[0], "linestyle": "-", "marker": ".", "markersize": 4}
    panel.line(account.values, "lowest Choi eigenvalue", "λ", **look)
    return panel.finish("lowest Choi eigenvalue of the step's map", "1", columns=1)
