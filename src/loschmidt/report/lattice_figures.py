"""What became of a lattice: entropies and entanglement stage by stage, where the particles are, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import reported, stages_of
from loschmidt.report.style import COLOURS, INK, LINES, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["densities", "echo", "lattice_entropies"]

#: Names of stages are written out up to this many; numbers beyond.
_MOST_NAMES = 12


def lattice_entropies(run: Run) -> Figure | None:
    """Return the Fock entropies and the entanglement after each stage, with the means of random states."""
    joint, species = reported(run, "fock_entropy"), reported(run, "species_fock_entropy")
    if joint is None or species is None:
        return None
    figure, axes = new_figure("Entropies, stage by stage")
    steps = np.arange(joint.values.size)
    marker = "o" if steps.size <= 2 * _MOST_NAMES else ""
    look: dict[str, Any] = {"marker": marker, "markersize": 3.5}
    axes.plot(steps, joint.values, color=INK, linewidth=1.8, label="S joint", **look)
    for index, member in enumerate(species.members):
        axes.plot(
            steps,
            species.values[:, index],
            color=COLOURS[index],
            linestyle=LINES[index + 1],
            label=f"S {member}",
            **look,
        )
    _entanglement(run, axes)
    unerased = reported(run, "unerased_fock_entropy")
    if unerased is not None:
        axes.plot(steps, unerased.values, color=COLOURS[6], linestyle=LINES[3], label="S, nothing erased")
    haar = reported(run, "haar_entropy")
    if haar is not None:
        axes.axhline(float(haar.values[0]), color=INK, linewidth=0.8, linestyle=(0, (2, 3)), label="⟨S⟩ random states")
    _name_stages(run, axes)
    finish_axes(axes, "entropy", joint.unit, 4)
    return figure


def _entanglement(run: Run, axes: Axes) -> None:
    for name, label, colour in (
        ("species_entanglement", "entanglement of species", COLOURS[3]),
        ("half_chain_entanglement", "entanglement of halves", COLOURS[4]),
    ):
        account = reported(run, name)
        if account is not None:
            values = account.values if account.values.ndim == 1 else account.values[:, 0]
            places = run.ledger.data["entangled_step"].values
            axes.plot(places, values, color=colour, linestyle=LINES[4], marker="s", markersize=3, label=label)


def densities(run: Run) -> Figure | None:
    """Return the mean number of particles at each site after each stage, one map for each species."""
    density = reported(run, "density")
    if density is None or density.values.shape[0] < 2:
        return None
    figure, axes = new_figure("Where the particles are")
    figure.delaxes(axes)
    names = [str(name) for name in run.ledger.data["species"].values]
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for index, (panel, name) in enumerate(zip(panels, names, strict=True)):
        values = density.values[:, index]
        image = panel.imshow(values, aspect="auto", origin="upper", cmap="Blues", vmin=0, vmax=1)
        panel.grid(visible=False)
        panel.set_title(name, fontsize=10)
        panel.set_xlabel("site")
        labels = stages_of(run)
        if len(labels) <= _MOST_NAMES:
            panel.set_yticks(range(len(labels)), labels)
    figure.colorbar(image, ax=list(panels), label="mean number of particles")
    return figure


def echo(run: Run) -> Figure | None:
    """Return how much of the initial state is there after each stage, erased and not."""
    erased, plain = reported(run, "echo_fidelity"), reported(run, "unerased_echo_fidelity")
    if erased is None:
        return None
    figure, axes = new_figure("How much of the initial state is there")
    steps = np.arange(erased.values.size)
    label = "erased" if plain is not None else "echo"
    axes.plot(steps, erased.values, color=COLOURS[1], linestyle=LINES[1], marker="o", markersize=4, label=label)
    if plain is not None:
        axes.plot(steps, plain.values, color=COLOURS[0], marker="s", markersize=4, label="nothing erased")
    axes.set_ylim(-0.03, 1.05)
    _name_stages(run, axes)
    finish_axes(axes, "echo fidelity F", "1", 2)
    return figure


def _name_stages(run: Run, axes: Axes) -> None:
    labels = stages_of(run)
    if len(labels) <= _MOST_NAMES:
        axes.set_xticks(range(len(labels)), labels)
    axes.set_xlabel("stage")
