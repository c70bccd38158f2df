"""What textbooks teach of open systems, in figures: the parts of Π, a maser against its drive, three equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loschmidt.evolution.counting import counted, uncertainty_ratios
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.steady import steady_state
from loschmidt.ledger.build import build_ledger
from loschmidt.papers.textbook.systems import ENERGIES, generic_bath, maser
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.generators import Generator
from loschmidt.processes.local import local_generator
from loschmidt.processes.redfield import redfield_generator
from loschmidt.processes.spectra import OhmicSpectrum
from loschmidt.report.style import COLOURS, INK, LINES, ROLES, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["equations", "maser_drive", "production"]


def production() -> Figure:
    """Return Π_d and Υ stacked over time, with the flux into the bath, of a three-level system that loses coherence."""
    figure, axes = new_figure("Entropy production of populations and of coherence")
    times = np.linspace(0.0, 25.0, 161)
    amplitudes = np.array([0.2, 0.5, 0.7], dtype=np.complex128)
    amplitudes /= np.linalg.norm(amplitudes)
    state = 0.9 * np.outer(amplitudes, amplitudes.conj()) + 0.1 * np.eye(3) / 3
    ledger = build_ledger(evolve(davies_generator(ENERGIES, [generic_bath("bath", 1.0, 1)]), state, times))
    populations = ledger["population_entropy_production_rate"].values
    coherence = ledger["coherence_entropy_production_rate"].values
    axes.fill_between(times, 0, populations, label="Π$_d$ populations", **ROLES["populations"])
    axes.fill_between(times, populations, populations + coherence, label="Υ coherence", **ROLES["coherence"])
    axes.plot(times, ledger["entropy_production_rate"].values, label="Π = Ṡ + Φ", **ROLES["production"])
    axes.plot(times, ledger["entropy_flux"].values, label="Φ to the bath", **ROLES["flow"])
    axes.set_xlabel("time")
    axes.set_xlim(0, times[-1])
    finish_axes(axes, "entropy rate", "nats per time", 4)
    return figure


def maser_drive() -> Figure:
    """Return flux, share of coherence in the entropy production and uncertainty ratio of a maser over its drive."""
    figure, axes = new_figure("Three-level maser against its drive")
    drives = np.geomspace(2e-3, 0.3, 45)
    fluxes, shares, ratios = np.array([_maser_numbers(float(drive)) for drive in drives]).T
    for values, label, colour, line in (
        (fluxes / _maser_numbers(30.0)[0], "flux, of its largest", COLOURS[0], LINES[0]),
        (shares, "Υ / Π", COLOURS[1], LINES[1]),
        (ratios / 2, "c$_2$ Π / 2c$_1^2$", COLOURS[2], LINES[2]),
    ):
        axes.plot(drives, values, color=colour, linestyle=line, label=label)
    axes.axhline(1, color=INK, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlabel("drive λ; below 1 the last curve breaks the classical uncertainty relation")
    axes.set_ylim(0, None)
    finish_axes(axes, "ratio", "1", 3)
    return figure


def equations() -> Figure:
    """Return the heat from the hot bath over the coupling of two qubits, under four accounts of the same machine."""
    figure, axes = new_figure("Heat from the hot bath, by equation")
    strengths = np.linspace(0.005, 0.35, 70)
    heats = np.array([_hot_heats(float(strength)) for strength in strengths]).T
    labels = ("global", "Redfield", "local, free energy", "local, full energy")
    for values, label, colour, line in zip(heats, labels, COLOURS, LINES, strict=False):
        axes.plot(strengths, values, color=colour, linestyle=line, label=label)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("coupling g of the qubits; energy gaps 1.4 (hot) and 1, temperatures 1.2 and 1")
    axes.set_xlim(0, strengths[-1])
    finish_axes(axes, "heat rate", "energy per time", 2)
    return figure


def _maser_numbers(drive: float) -> tuple[float, float, float]:
    """Return the flux of quanta, the share of coherence in the entropy production, and the uncertainty ratio."""
    process = maser(drive)
    state = steady_state(process).state
    ledger = build_ledger(evolve(process, state, [0.0, 1e-3, 2e-3]))
    share = ledger["coherence_entropy_production_rate"][0] / ledger["entropy_production_rate"][0]
    found = uncertainty_ratios(process, counted(process, "quanta", "hot"))
    heat = float(ledger["heat_rate"].sel(bath="hot")[0])
    return heat / 3.0, float(share), found.thermodynamic


def _hot_heats(coupling: float) -> list[float]:
    """Return the steady heat from the hot bath under the global, the Redfield and the local equation, twice."""
    raising = np.kron([[0, 1], [0, 0]], np.eye(2)), np.kron(np.eye(2), [[0, 1], [0, 0]])
    free = sum(gap * (up @ up.T) for gap, up in zip((1.4, 1.0), raising, strict=True))
    full = free + coupling * (raising[0] @ raising[1].T + raising[0].T @ raising[1])
    baths = [
        Bath(name, 1 / temperature, OhmicSpectrum(0.01, 20.0), up + up.T)
        for name, temperature, up in zip(("hot", "cold"), (1.2, 1.0), raising, strict=True)
    ]
    processes: list[Generator] = [davies_generator(full, baths), redfield_generator(full, baths)]
    processes += [local_generator(full, baths, free_hamiltonian=free, energy=energy) for energy in (free, full)]
    return [float(steady_state(process).heat_rates[0]) for process in processes]
