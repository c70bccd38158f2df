"""Classical processes: what two bars produce over time, and how entropy moves from a gas to its reservoir."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loschmidt.report.accounts import reported, stages_of
from loschmidt.report.panel import Panel
from loschmidt.report.style import COLOURS, INK, LINES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["bar_productions", "gas_entropies"]

_WHOLE: dict[str, Any] = {"color": INK, "linestyle": "-", "linewidth": 1.8}
_CONTACT: dict[str, Any] = {"color": COLOURS[1], "linestyle": LINES[3], "linewidth": 1.8}


def bar_productions(run: Run) -> Figure | None:
    """Return the entropy that two bars gained, and what was produced inside each and at their contact."""
    total, inside, contact = (
        reported(run, name) for name in ("entropy_change", "interior_production", "interface_production")
    )
    if total is None or inside is None or contact is None:
        return None
    panel = Panel(run, "Entropy produced by two bars")
    panel.line(total.values, "ΔS of both", "ΔS", **_WHOLE)
    panel.line(contact.values, "at the contact", "ΔS_int", **_CONTACT)
    for index, (name, place) in enumerate(zip(inside.members, (0, 2), strict=True)):
        look = {"color": COLOURS[place], "linestyle": LINES[place // 2 + 1]}
        panel.line(inside.values[:, index], f"inside {name}", "ΔS_i", **look)
    return panel.finish("entropy", total.unit)


def gas_entropies(run: Run) -> Figure | None:
    """Return the entropy of von Neumann's gas, that of its reservoir, and their sum, step by step."""
    gas, reservoir = reported(run, "gas_entropy"), reported(run, "reservoir_entropy_change")
    if gas is None or reservoir is None:
        return None
    panel = Panel(run, "From the gas to the reservoir")
    panel.line(gas.values + reservoir.values, "both together", "ΔS", **_WHOLE)
    for account, label, place in ((gas, "gas", 0), (reservoir, "reservoir", 1)):
        look = {"color": COLOURS[place], "linestyle": LINES[place + 1], "marker": "o", "markersize": 4}
        panel.line(account.values, label, account.symbol, **look)
    figure = panel.finish("entropy", gas.unit)
    names = stages_of(run)
    panel.axes.set_xticks(range(len(names)), names)
    panel.axes.set_xlabel("stage")
    return figure
