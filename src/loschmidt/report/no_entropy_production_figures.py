"""The claims of Ahmadi et al. 2020 in figures: conduction between classical bars and between chains of qubits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import expm

from loschmidt.evolution.evolve import evolve
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.definitions import compare_definitions
from loschmidt.ledger.temperature_poles import temperature_poles
from loschmidt.papers.no_entropy_production._qubits import thermal_qubit
from loschmidt.papers.no_entropy_production.quantum_bars import conducting_qubits
from loschmidt.processes.heat_conduction import conducting_bars
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    thermal_operation_by_exchange,
)
from loschmidt.report.style import COLOURS, INK, LINES, PAPER, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["classical_and_quantum", "definitions", "temperature"]

_BAR_CUT, _CHAIN_CUT = 2.0, 0.8
_QUBIT = np.diag([0.0, 1.0])
_PLAIN: dict[str, Any] = {"facecolor": COLOURS[0]}
_HATCHED: dict[str, Any] = {"facecolor": PAPER, "edgecolor": COLOURS[1], "hatch": "//////"}
_CELLS = {"color": INK, "linestyle": LINES[0], "linewidth": 1.8}
_BODIES = {"color": COLOURS[0], "linestyle": LINES[1], "linewidth": 1.8}
_WHOLE = {"color": COLOURS[1], "linestyle": LINES[3], "linewidth": 2.2}


def classical_and_quantum() -> Figure:
    """Return the entropy gained by two bars beside that of two chains of qubits, seen finely and coarsely."""
    figure, first = new_figure("Two bodies touch, and are taken apart")
    first.remove()
    left, right = figure.subplots(1, 2)
    times = np.linspace(0.0, 8.0, 161)
    ledger = build_ledger(evolve(conducting_bars(4, cut=_BAR_CUT), [1.0, 2.0], times))
    left.plot(times, ledger["entropy_change"], label="sum over cells, Σ c ln T", **_CELLS)
    left.plot(times, ledger["interface_production"], label="made at the contact", **_BODIES)
    times = np.linspace(0.0, 4.0, 161)
    chains = conducting_qubits(times, _CHAIN_CUT)
    for values, label, look in (
        (chains.coarse.sum(axis=1), "sum over qubits, Σ S$_i$", _CELLS),
        (chains.fine.sum(axis=1), "both chains, S$_A$ + S$_B$", _BODIES),
        (chains.whole, "all as one, S$_{AB}$", _WHOLE),
    ):
        right.plot(times, values - values[0], label=label, **look)
    _finish(left, "classical bars: ΔS", _BAR_CUT, 8.0)
    _finish(right, "qubits: ΔS", _CHAIN_CUT, 4.0)
    return figure


def temperature() -> Figure:
    """Return T and β_gen of an inverted qubit that relaxes, without and with coherence, with the poles of T."""
    figure, first = new_figure("A qubit relaxes through infinite temperature")
    first.remove()
    left, right = figure.subplots(1, 2)
    times, bath = np.linspace(0.0, 6.0, 1201), thermal_qubit(1.0)
    for start, label, colour, line in (
        (np.diag([0.1, 0.9]), "populations only", COLOURS[0], LINES[0]),
        (np.array([[0.3, 0.42], [0.42, 0.7]]), "with coherence", COLOURS[1], LINES[1]),
    ):
        evolution = evolve(bath, start, times)
        beta = build_ledger(evolution, keep_states=False)["generalised_inverse_temperature"].values
        visible = np.where(np.abs(beta) > 0.05, beta, np.nan)
        left.plot(times, 1 / visible, label=label, color=colour, linestyle=line, linewidth=1.8)
        right.plot(times, beta, color=colour, linestyle=line, linewidth=1.8)
        poles = temperature_poles(evolution).poles
        look = {"marker": "o", "linestyle": "none", "markerfacecolor": PAPER, "markeredgecolor": colour}
        right.plot(poles, np.zeros(len(poles)), markersize=6, zorder=4, **look)
    for axes, label, limits in ((left, "T = Q̇ / Ṡ", (-12.0, 15.0)), (right, "1/T, circles: poles of T", (-2.0, 1.5))):
        axes.axhline(1.0, color=INK, linewidth=1.2, linestyle=LINES[3], label="bath" if axes is left else None)
        axes.axhline(0, color=INK, linewidth=0.8, zorder=1)
        axes.set_ylim(*limits)
        axes.set_xlim(0, 6)
        axes.set_xlabel("time t")
        finish_axes(axes, label, "1", 1)
    return figure


def definitions() -> Figure:
    """Return what ten definitions of entropy production say of a process that does work and of one that does not."""
    figure, axes = new_figure("Ten definitions, two processes")
    places = np.arange(1, 11)
    for operation, label, shift, look in (
        (_exchange(), "exchange of a quantum", -0.19, _PLAIN),
        (_collision(), "unitary that does work", 0.19, _HATCHED),
    ):
        table = compare_definitions(evolve(operation, [[0.3, 0.2], [0.2, 0.7]]))
        rows = [table[number] for number in places.tolist()]
        values = [0.0 if row.value is None else row.value for row in rows]
        axes.barh(places + shift, values, height=0.36, label=label, **look)
        axes.set_yticks(places, [f"{row.name}  #{row.number}" for row in rows], fontsize=9)
        for row, value in zip(rows, values, strict=True):
            if abs(value) < 1e-3:
                said, at = "does not apply" if row.value is None else "0", (0.0, row.number + shift)
                axes.annotate(said, at, (3, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.set_xlim(0, 0.85)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("entropy production (nats)")
    figure.legend(loc="outside lower right", ncols=2)
    return figure


def _exchange() -> ThermalOperation:
    return thermal_operation_by_exchange(_QUBIT, GibbsEnvironment(_QUBIT, 1.0), 0.7)


def _collision() -> ThermalOperation:
    """Return a coupling that turns over a qubit and its environment of another frequency."""
    environment, flip = 1.4 * _QUBIT, np.array([[0.0, 1.0], [1.0, 0.0]])
    total = np.kron(_QUBIT, np.eye(2)) + np.kron(np.eye(2), environment) + 0.7 * np.kron(flip, flip)
    return ThermalOperation(expm(-1.3j * total), _QUBIT, GibbsEnvironment(environment, 1.0), allow_work=True)


def _finish(axes: Axes, label: str, cut: float, end: float) -> None:
    """Mark the cut, leave room at the top for its name, and name the axes."""
    axes.axvline(cut, color=INK, linewidth=0.9, linestyle=(0, (2, 3)))
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -0.02 * high), 1.12 * high)
    axes.annotate("cut", (cut, 1.10 * high), xytext=(4, 0), textcoords="offset points", va="top", fontsize=9.5)
    axes.axhline(0, color=INK, linewidth=0.8, zorder=1)
    axes.locator_params(axis="y", nbins=4)
    axes.set_xlim(0, end)
    axes.set_xlabel("time t")
    finish_axes(axes, label, "nats", 1)
