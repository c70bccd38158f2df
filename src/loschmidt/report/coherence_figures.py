"""The claims of Santos et al. 2019 in figures: budget over the swap angle, sign of C_cc, averages, detailed theorem."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.evolution.trajectories import enumerate_trajectories, fluctuation_averages, two_point_measurement
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    entropy_budget,
    thermal_operation_by_exchange,
)
from loschmidt.report.style import COLOURS, INK, LINES, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["averages", "budget", "correlated", "detailed"]

_QUBIT = np.diag([0.0, 1.0])
_BETA = 6.0


def budget() -> Figure:
    """Return Σ_d and Ξ stacked over the angle of an exchange, and the coherence that Ξ becomes."""
    figure, axes = new_figure("Exchange with a cold qubit, from nothing to a swap")
    angles = np.linspace(0.0, math.pi / 2, 61)
    found = [entropy_budget(_exchange(angle), _pure(0.16)) for angle in angles]
    populations = np.array([float(one.population_entropy_production) for one in found])
    coherence = np.array([float(one.coherence_entropy_production) for one in found])
    axes.fill_between(angles, 0, populations, facecolor="#a6cbe3", label="Σ$_d$ populations", linewidth=0)
    axes.fill_between(
        angles,
        populations,
        populations + coherence,
        facecolor="#f6d78f",
        hatch="////",
        label="Ξ coherence",
        linewidth=0,
    )
    for values, label, colour, line in (
        ([float(one.environment_coherence) for one in found], "C(ρ'$_E$)", COLOURS[1], LINES[1]),
        ([float(one.correlated_coherence) for one in found], "C$_{cc}$", COLOURS[2], LINES[2]),
    ):
        axes.plot(angles, values, color=colour, linestyle=line, label=label)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("angle of the exchange (π/2: swap)")
    axes.set_xlim(0, math.pi / 2)
    finish_axes(axes, "entropy", "nats", 4)
    return figure


def correlated() -> Figure:
    """Return the map of the correlated coherence over the angle and the initial population, negative where hatched."""
    figure, axes = new_figure("Correlated coherence C$_{cc}$: its sign")
    angles, weights = np.linspace(0.02, math.pi / 2 - 0.02, 41), np.linspace(0.02, 0.98, 41)
    states = np.stack([_pure(weight) for weight in weights])
    densities = np.einsum("wi,wj->wij", states, states)
    table = np.stack([np.asarray(entropy_budget(_exchange(angle), densities).correlated_coherence) for angle in angles])
    limit = float(np.abs(table).max())
    image = axes.pcolormesh(angles, weights, table.T, cmap="RdBu", vmin=-limit, vmax=limit, shading="gouraud")
    axes.contourf(angles, weights, table.T, levels=[-limit, 0], hatches=["////"], colors="none")
    axes.contour(angles, weights, table.T, levels=[0], colors=INK, linewidths=1)
    axes.set_xlabel("angle of the exchange")
    axes.set_ylabel("initial population of the upper level")
    axes.grid(visible=False)
    figure.colorbar(image, ax=axes, label="C$_{cc}$ (nats), negative where hatched")
    return figure


def averages() -> Figure:
    """Return the three exponential averages over the initial coherence."""
    figure, axes = new_figure("Only the whole obeys the integral theorem")
    operation = _exchange(0.76)
    shares = np.linspace(0.0, 0.98, 50)
    found = [fluctuation_averages(two_point_measurement(operation, _mixed(share))) for share in shares]
    for values, label, colour, line in (
        ([one.exponential for one in found], "⟨e$^{−σ}$⟩", INK, LINES[0]),
        ([one.population_exponential for one in found], "⟨e$^{−σ_d}$⟩", COLOURS[0], LINES[1]),
        ([one.coherence_exponential for one in found], "⟨e$^{−ξ}$⟩", COLOURS[1], LINES[2]),
    ):
        axes.plot(shares, values, color=colour, linestyle=line, label=label)
    axes.set_xlabel("coherence of the initial state, as a share of the largest possible")
    finish_axes(axes, "average over trajectories", "1", 3)
    return figure


def detailed() -> Figure:
    """Return the distribution of σ with coherence in the initial state, and what the detailed theorem makes of it."""
    figure, axes = new_figure("Detailed theorem with initial coherence: P$_F$(σ) = e$^σ$ P$_B$(−σ)")
    measurement = two_point_measurement(_exchange(0.76, beta=1.0), _mixed(0.6))
    found = enumerate_trajectories(measurement).histogram
    assert found is not None
    seen, tiny = found.forward > 1e-12, found.backward > 1e-12
    axes.vlines(found.values[seen], 1e-4, found.forward[seen], color=COLOURS[5], linewidth=5, label="P$_F$(σ), forward")
    theorem = found.backward[tiny] * np.exp(found.values[tiny])
    (circles,) = axes.plot(found.values[tiny], theorem, "o", markersize=6, label="e$^σ$ P$_B$(−σ), theorem")
    circles.set(markerfacecolor="none", markeredgecolor=INK)
    axes.axvline(float(found.mean), color=COLOURS[1], linestyle=LINES[1], label="mean Σ")
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yscale("log")
    axes.set_xlabel("entropy production σ of a trajectory (nats)")
    finish_axes(axes, "probability", "1", 3)
    return figure


def _exchange(angle: float, beta: float = _BETA) -> ThermalOperation:
    return thermal_operation_by_exchange(_QUBIT, GibbsEnvironment(_QUBIT, beta), float(angle))


def _pure(weight: float) -> np.ndarray:
    return np.array([math.sqrt(1 - weight), math.sqrt(weight)])


def _mixed(share: float) -> np.ndarray:
    """Return a qubit with populations 0.7 and 0.3 and this share of the largest coherence."""
    coherence = share * math.sqrt(0.21)
    return np.array([[0.7, coherence], [coherence, 0.3]])
