"""What a channel does to the entropy, what it does to the identity, and why: for ledgers of channels and dilations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loschmidt.report.accounts import reported
from loschmidt.report.bars import horizontal_bars
from loschmidt.report.numbers import format_size
from loschmidt.report.style import COLOURS, INK, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["criterion", "entropy_gain", "identity_image", "minimal_gain_state"]

_GAINS = (
    ("entropy_change", "ΔS of the input"),
    ("identity_image_bound", "bound by Φ(1)"),
    ("recovery_bound", "recovery bound"),
    ("reservoir_bound", "reservoir bound"),
    ("minimal_entropy_gain", "G, least over all inputs"),
)
#: A residual below this is drawn at the edge: on a logarithmic axis zero has no place.
_SMALLEST_RESIDUAL = 1e-17
_LARGEST_DRAWN_STATE = 64


def entropy_gain(run: Run) -> Figure | None:
    """Return ΔS of the input beside its lower bounds and the least gain over all inputs."""
    found = [(label, account) for name, label in _GAINS if (account := reported(run, name)) is not None]
    if len(run.ledger.data[run.ledger.axis]) != 2 or "minimal_entropy_gain" not in run.ledger:
        return None
    figure, axes = new_figure("Entropy gained, and how little it could have been")
    values = [float(account.values[-1]) for _, account in found]
    unit = found[0][1].unit
    colours = [INK if label == "ΔS of the input" else COLOURS[0] for label, _ in found]
    horizontal_bars(axes, [label for label, _ in found], values, colours)
    axes.set_xlabel(f"entropy ({unit or 'nats'})")
    axes.axvline(0, color=INK, linewidth=0.8)
    return figure


def identity_image(run: Run) -> Figure | None:
    """Return the spectrum of Φ(1) beside the line at one."""
    spectrum = reported(run, "identity_image_spectrum")
    if spectrum is None:
        return None
    figure, axes = new_figure("Spectrum of Φ(1)")
    places = np.arange(1, spectrum.values.size + 1)
    axes.bar(places, spectrum.values, width=0.6, color=COLOURS[0], label="eigenvalues of Φ(1)")
    axes.axhline(1, color=INK, linewidth=1.2, linestyle=(0, (6, 2)), label="1: unital")
    axes.set_xlabel("number of the eigenvalue")
    if spectrum.values.size <= 20:
        axes.set_xticks(places)
    finish_axes(axes, "eigenvalue", "1", 2)
    return figure


def criterion(run: Run) -> Figure | None:
    """Return how far each sufficient condition for unitality is from being met."""
    residuals = reported(run, "criterion_residual")
    if residuals is None or "criterion" not in run.ledger["criterion_residual"].dims:
        return None
    figure, axes = new_figure("Why the channel is unital, or is not")
    shown = np.where(residuals.values < _SMALLEST_RESIDUAL, _SMALLEST_RESIDUAL, residuals.values)
    axes.set_xscale("log")
    horizontal_bars(
        axes, list(residuals.members), list(shown), [COLOURS[0]] * shown.size, list(residuals.values), format_size
    )
    axes.axvline(1e-10, color=INK, linewidth=1.2, linestyle=(0, (6, 2)))
    axes.set_xlim(_SMALLEST_RESIDUAL / 3, max(30.0, 30 * float(shown.max())))
    axes.set_xlabel("residual of the condition; left of the dashed line it holds")
    return figure


def minimal_gain_state(run: Run) -> Figure | None:
    """Return the moduli of the elements of the state that loses most entropy."""
    if "minimal_gain_state" not in run.ledger.data:
        return None
    state = np.abs(run.ledger.data["minimal_gain_state"].values)
    if len(state) > _LARGEST_DRAWN_STATE:
        return None
    figure, axes = new_figure("State that loses most entropy")
    image = axes.imshow(state, cmap="Blues", vmin=0)
    axes.grid(visible=False)
    axes.set_xlabel("column")
    axes.set_ylabel("row")
    if len(state) <= 8:
        axes.set_xticks(range(len(state)))
        axes.set_yticks(range(len(state)))
        for (row, column), value in np.ndenumerate(state):
            ink = "white" if value > 0.6 * state.max() else INK
            axes.text(column, row, format_size(float(value)), ha="center", va="center", color=ink, fontsize=9)
    figure.colorbar(image, ax=axes, label="|ρ_ij|".replace("_ij", "$_{ij}$"))
    return figure
