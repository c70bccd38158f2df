"""The claims of Lesovik et al. 2016 in four figures: one demon, many spins, memory, and the Debye energy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.processes.collisions import two_level_walk
from loschmidt.processes.electron_phonon import debye_ladder
from loschmidt.processes.gains import minimal_entropy_gain
from loschmidt.processes.scattering import (
    Scatterer,
    balanced_splitter,
    buttiker_splitter,
    half_line_scatterer,
    n_lead_scatterer,
    paper_rotations,
    symmetric_splitter,
)
from loschmidt.report.style import COLOURS, INK, LINES, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["debye", "demon", "memory", "spins"]

_PRINTED = -0.05
_DIAGONAL, _MIXTURE, _UP = (1 / math.sqrt(3),) * 3, (1 / 3,) * 3, (0.0, 0.0, 1.0)


def demon() -> Figure:
    """Return how much entropy a particle can lose to one spin, in every reading of the paper and at best."""
    cases: tuple[tuple[str, Scatterer], ...] = (
        ("s = 2/3, pure spin", _leads(symmetric_splitter(3), _DIAGONAL)),
        ("s = 2/3, ⟨σ⟩ = 1/3", _leads(symmetric_splitter(3), _MIXTURE)),
        ("|s|² = 1/3, pure spin", _leads(balanced_splitter(3), _DIAGONAL)),
        ("|s|² = 1/3, ⟨σ⟩ = 1/3", _leads(balanced_splitter(3), _MIXTURE)),
        ("Büttiker, spin ∥ z", _leads(buttiker_splitter(), _UP)),
        ("four leads, spin ∥ z", _leads(symmetric_splitter(4), _UP)),
    )
    figure, axes = new_figure("Entropy that a scattered particle loses to one spin")
    places = np.arange(len(cases))[::-1]
    mixed = [scatterer.maximally_mixed_gain for _, scatterer in cases]
    least = [minimal_entropy_gain(scatterer.channel).value for _, scatterer in cases]
    axes.barh(places + 0.19, mixed, height=0.36, color=COLOURS[0], label="ΔS, mixed")
    axes.barh(places - 0.19, least, height=0.36, color=COLOURS[5], hatch="//", label="G, worst")
    axes.axvline(_PRINTED, color=COLOURS[1], linestyle=LINES[1], label="printed")
    axes.axvline(-math.log(2), color=INK, linestyle=LINES[3], label="−ln 2")
    axes.set_yticks(places, [name for name, _ in cases])
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("entropy gained (nats): ΔS of the mixed state, G of the worst one")
    finish_axes(axes, "", "1", 2)
    return figure


def spins() -> Figure:
    """Return how far the channel is from unital among more and more spins."""
    figure, axes = new_figure("Three leads in a cloud of spins")
    for strength, numbers, colour, line in (
        (1.0, (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64), COLOURS[0], LINES[0]),
        (0.3, (1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192), COLOURS[1], LINES[1]),
    ):
        found = [half_line_scatterer(symmetric_splitter(3), number, strength, _UP) for number in numbers]
        defects = [float(np.abs(np.linalg.eigvalsh(one.defect)).max()) for one in found]
        label = f"turns of {strength:g} rad"
        axes.plot(numbers, defects, color=colour, linestyle=line, marker="o", markersize=3.5, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("number N of spins")
    finish_axes(axes, "‖Φ(1) − 1‖", "1", 2)
    return figure


def memory() -> Figure:
    """Return the entropy of a walker among two-level systems that remember for more or less time."""
    figure, axes = new_figure("Walk on a ring of four two-level systems")
    steps = 40
    for reset, colour, line in zip((0.0, 0.02, 0.1, 1.0), COLOURS, LINES, strict=False):
        run = two_level_walk(4, reset=reset, p_up=0.4).run(steps, correlations=False)
        axes.plot(range(steps + 1), run.entropies, color=colour, linestyle=line, label=f"r = {reset:g}")
    axes.set_xlabel("step")
    axes.set_xlim(0, steps)
    finish_axes(axes, "S", "nats", 4)
    return figure


def debye() -> Figure:
    """Return the entropy of an electron that falls down a ladder, and how much of it is below the Debye energy."""
    figure, axes = new_figure("An electron above and below the Debye energy")
    ladder = debye_ladder(6.0, temperature=0.0, levels=60, spacing=1.0)
    start = np.zeros(60)
    start[30:50] = 1 / 20
    times = np.linspace(0.0, 12.0, 121)
    below = ladder.populations(start, times)[:, ladder.energies < ladder.debye_energy].sum(axis=-1)
    axes.plot(times, ladder.entropies(start, times), color=INK, label="S (nats)")
    axes.plot(times, below, color=COLOURS[1], linestyle=LINES[1], label="probability below the Debye energy")
    axes.set_xlabel("time t (1/coupling)")
    axes.set_xlim(0, 12)
    finish_axes(axes, "S and probability", "1", 2)
    return figure


def _leads(splitter: np.ndarray, spin: tuple[float, float, float]) -> Scatterer:
    return n_lead_scatterer(splitter, paper_rotations(len(splitter)), bloch_vectors=spin)
