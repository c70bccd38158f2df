"""Where entropy comes from and where it goes: at each time, and added up since the start."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.accounts import Reported, reported
from loschmidt.report.panel import Panel
from loschmidt.report.style import LINES, ROLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["entropy_balance", "entropy_production"]

#: Account, look and label of each curve.
_Curve = tuple[str, str, str]

_RATES: tuple[_Curve, ...] = (
    ("entropy_production_rate", "production", "Π = Ṡ + Φ"),
    ("entropy_flux", "flow", "Φ to the baths"),
    ("entropy_rate", "entropy", "Ṡ of the system"),
)
_SUMS: tuple[_Curve, ...] = (
    ("entropy_production", "production", "Σ = ΔS + ∫Φ dt"),
    ("entropy_flow", "flow", "∫Φ dt to the baths"),
    ("entropy_change", "entropy", "ΔS of the system"),
)
_PARTS_OF_RATE: tuple[_Curve, ...] = (
    ("population_entropy_production_rate", "populations", "Π_d populations"),
    ("coherence_entropy_production_rate", "coherence", "Υ coherence"),
)
_PARTS_OF_SUM: tuple[_Curve, ...] = (
    ("population_entropy_production", "populations", "Σ_d populations"),
    ("coherence_entropy_production", "coherence", "Ξ coherence"),
)


def entropy_production(run: Run) -> Figure | None:
    """Return the stacked parts of Π with Π itself, the flow to the baths and the entropy rate of the system."""
    if "entropy_rate" not in run.ledger:
        return None
    produced = "entropy_production_rate" in run.ledger
    panel = Panel(run, "Entropy production rate" if produced else "Entropy rate")
    return _drawn(run, panel, _PARTS_OF_RATE, _RATES, "entropy rate")


def entropy_balance(run: Run) -> Figure | None:
    """Return the same, added up over time."""
    if "entropy_production" not in run.ledger or run.ledger.axis != "time":
        return None
    return _drawn(run, Panel(run, "Entropy produced since the start"), _PARTS_OF_SUM, _SUMS, "entropy")


def _drawn(run: Run, panel: Panel, parts: tuple[_Curve, ...], curves: tuple[_Curve, ...], quantity: str) -> Figure:
    areas = [(reported(run, name), role, label) for name, role, label in parts]
    told = [(account, role, label) for account, role, label in areas if account is not None]
    if told and all(_is_stackable(account) for account, _, _ in told):
        below = np.zeros_like(panel.times)
        for account, role, label in told:
            below = panel.area(below, account.values, label, _symbol(label), **ROLES[role])
    else:
        # Parts of both signs would not add up to what the eye sees in a stack.
        for (account, role, label), (_, style) in zip(told, pairwise(LINES), strict=False):
            panel.line(account.values, label, _symbol(label), color=ROLES[role]["edgecolor"], linestyle=style)
    unit = ""
    for name, role, label in curves:
        total = reported(run, name)
        if total is not None:
            panel.line(total.values, label, _symbol(label), **ROLES[role])
            unit = total.unit
    return panel.finish(quantity, unit, columns=3)


def _is_stackable(account: Reported) -> bool:
    known = np.isfinite(account.values)
    return bool((account.values[known] >= -account.error[known]).all())


def _symbol(label: str) -> str:
    return label.partition(" = ")[0].partition(" dt")[0].partition(" ")[0]
