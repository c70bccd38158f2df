"""The figures of a report, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from loschmidt.report.bipartite_figures import part_energies, part_entropies, part_rates
from loschmidt.report.channel_figures import criterion, entropy_gain, identity_image, minimal_gain_state
from loschmidt.report.classical_figures import bar_productions, gas_entropies
from loschmidt.report.collision_figures import divisibility, entropy_course
from loschmidt.report.counting_figures import generating_function, heat_noise, uncertainty
from loschmidt.report.energy_figures import currents, energy_balance, particle_currents, populations
from loschmidt.report.entropy_figures import entropy_balance, entropy_production
from loschmidt.report.lattice_figures import densities, echo, lattice_entropies
from loschmidt.report.mixing_figures import coherent_heat, cross_production
from loschmidt.report.style import figure_style
from loschmidt.report.svg import svg_text
from loschmidt.report.temperature_figures import generalised_temperature
from loschmidt.report.thermal_figures import entropy_budget
from loschmidt.report.trajectory_figures import jump_counts, trajectory_histogram

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.studies.run import Run

__all__ = ["FIGURES", "figures", "save_figures"]

FIGURES: dict[str, Callable[[Run], Figure | None]] = {
    "entropy-gain": entropy_gain,
    "identity-image": identity_image,
    "criterion": criterion,
    "minimal-gain-state": minimal_gain_state,
    "entropy-budget": entropy_budget,
    "bar-productions": bar_productions,
    "gas-entropies": gas_entropies,
    "part-entropies": part_entropies,
    "part-energies": part_energies,
    "part-rates": part_rates,
    "entropy-course": entropy_course,
    "divisibility": divisibility,
    "lattice-entropies": lattice_entropies,
    "echo": echo,
    "densities": densities,
    "entropy-production": entropy_production,
    "entropy-balance": entropy_balance,
    "currents": currents,
    "generalised-temperature": generalised_temperature,
    "particle-currents": particle_currents,
    "energy-balance": energy_balance,
    "populations": populations,
    "trajectory-histogram": trajectory_histogram,
    "jump-counts": jump_counts,
    "coherent-heat": coherent_heat,
    "cross-production": cross_production,
    "generating-function": generating_function,
    "heat-noise": heat_noise,
    "uncertainty": uncertainty,
}


def figures(run: Run) -> dict[str, Figure]:
    """Return the figures that apply to a run, by file name.

    Parameters
    ----------
    run : Run
        From :func:`loschmidt.studies.run_model`.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        Attached to no window and no global state; ``savefig`` writes them.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("qubit-relaxation"))
    >>> list(figures(run))
    ['entropy-production', 'entropy-balance', 'currents', 'generalised-temperature', 'energy-balance', 'populations']
    """
    with figure_style():
        drawn = {name: draw(run) for name, draw in FIGURES.items()}
    return {name: figure for name, figure in drawn.items() if figure is not None}


def save_figures(run: Run, directory: str | Path) -> list[Path]:
    """Write every figure as SVG into a folder that exists, and return the paths."""
    paths = []
    for name, figure in figures(run).items():
        path = Path(directory) / f"{name}.svg"
        path.write_text(svg_text(figure, name), encoding="utf-8")
        paths.append(path)
    return paths
