"""Several parts over time: their entropies and correlation, their heats and interaction, their entropy rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loschmidt.report.accounts import reported
from loschmidt.report.panel import Panel
from loschmidt.report.style import COLOURS, INK, LINES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["part_energies", "part_entropies", "part_rates"]

#: The colour of correlations is not that of a part.
_COLOURS = (*COLOURS[:3], *COLOURS[4:6])
#: Looks of what belongs to the whole.
_WHOLE: dict[str, Any] = {"color": INK, "linestyle": "-", "linewidth": 1.8}
_BETWEEN: dict[str, Any] = {"color": "#cc79a7", "linestyle": (0, (1.5, 1.5)), "linewidth": 1.8}
_OUTSIDE: dict[str, Any] = {"color": "#7a7f87", "linestyle": (0, (10, 3)), "linewidth": 1.8}


def part_entropies(run: Run) -> Figure | None:
    """Return the entropy of each part, that of the whole, and the correlation."""
    if "part_entropy" not in run.ledger:
        return None
    panel = Panel(run, "Entropies of the parts and their correlation")
    unit = _parts(run, panel, "part_entropy", "S")
    _one(run, panel, "entropy", "S of the whole", _WHOLE)
    _one(run, panel, "mutual_information", "I correlation", _BETWEEN)
    return panel.finish("entropy", unit)


def part_energies(run: Run) -> Figure | None:
    """Return the heat of each part with what the interaction holds and what came from outside."""
    if "part_heat" not in run.ledger:
        return None
    panel = Panel(run, "Heat into the parts since the start")
    unit = _parts(run, panel, "part_heat", "Q")
    stored = reported(run, "coupling_energy")
    if stored is not None:
        panel.line(stored.values - stored.values[0], "Δ⟨V⟩ interaction", "Δ⟨V⟩", **_BETWEEN)
    _one(run, panel, "work", "W of the drive", _OUTSIDE)
    baths = reported(run, "heat")
    if baths is not None:
        panel.line(baths.values.sum(axis=1), "Q from the baths", "Q of the baths", **_WHOLE)
    return panel.finish("energy", unit)


def part_rates(run: Run) -> Figure | None:
    """Return the entropy rate of each part and their sum, the rate at which correlation grows in a closed whole."""
    rates = reported(run, "part_entropy_rate")
    if rates is None:
        return None
    panel = Panel(run, "Entropy rates of the parts")
    unit = _parts(run, panel, "part_entropy_rate", "Ṡ")
    # Only in a closed whole is the sum what the correlation gains.
    label, symbol = ("İ = sum", "İ") if run.ledger.data.attrs.get("closed", 0) else ("sum", "sum")
    panel.line(rates.values.sum(axis=1), label, symbol, **_BETWEEN)
    return panel.finish("entropy rate", unit)


def _parts(run: Run, panel: Panel, name: str, symbol: str) -> str:
    """Draw one curve per part, and return the unit."""
    account = reported(run, name)
    assert account is not None
    for index, part in enumerate(account.members):
        look = {"color": _COLOURS[index % len(_COLOURS)], "linestyle": LINES[index % len(LINES)]}
        panel.line(account.values[:, index], f"{symbol} of {part}", f"{symbol} of {part}", **look)
    return account.unit


def _one(run: Run, panel: Panel, name: str, label: str, look: dict[str, Any]) -> None:
    account = reported(run, name)
    if account is not None:
        panel.line(account.values, label, label.partition(" ")[0], **look)
