"""The claims of Guo 2025 in figures: the erased echo, what it needs of the interaction, and repeated erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loschmidt.evolution.lattice import LatticeRun, Observation, evolve_lattice
from loschmidt.processes.lattice import (
    Lattice,
    LatticeProtocol,
    LatticeSystem,
    deterministic_phases,
    domain_wall,
    lattice_system,
    local_phases,
    random_phases,
    repeated_erasure,
    two_step_echo,
)
from loschmidt.report.style import COLOURS, INK, LINES, finish_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from loschmidt.evolution.lattice import LatticeEvolution

__all__ = ["echo", "interaction", "repetitions"]

_TIMES = (3.0, 3.0)
_CHEAP = LatticeRun(observe=Observation(False, False, False, False))


def echo() -> Figure:
    """Return the Fock entropies along the two-step echo, erased and not."""
    system = _chain(8, 1.0)
    erased = _run(two_step_echo(system, deterministic_phases(system, "upsilon"), _TIMES))
    plain = _run(two_step_echo(system, None, _TIMES))
    figure, axes = new_figure("Two-step echo on eight sites, at half filling")
    steps = np.arange(len(erased.labels))
    for values, label, colour, line in (
        (erased.joint_entropy, "S erased", INK, LINES[0]),
        (erased.species_entropy[:, 0], "S$_τ$ erased", COLOURS[0], LINES[1]),
        (erased.species_entropy[:, 1], "S$_υ$ erased", COLOURS[1], LINES[2]),
        (plain.joint_entropy, "S, nothing erased", COLOURS[2], LINES[3]),
    ):
        axes.plot(steps, values, color=colour, linestyle=line, marker="o", markersize=3.5, label=label)
    axes.axhline(erased.equilibrium.haar.mean, color=INK, linewidth=0.8, linestyle=(0, (2, 3)), label="random states")
    axes.set_xticks(steps, erased.labels)
    axes.set_xlabel("stage")
    finish_axes(axes, "entropy", "nats", 3)
    return figure


def interaction() -> Figure:
    """Return the entropy after the erased echo over the interaction, as a share of that of random states."""
    strengths = np.array([0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0])
    figure, axes = new_figure("How much is irreversible, over the interaction")
    for sites, colour, line in ((4, COLOURS[0], LINES[1]), (6, COLOURS[1], LINES[2]), (8, INK, LINES[0])):
        shares = [_share(_chain(sites, float(strength))) for strength in strengths]
        label = f"{sites} sites"
        axes.plot(strengths, shares, color=colour, linestyle=line, marker="o", markersize=3, label=label)
    axes.set_xscale("symlog", linthresh=0.5)
    axes.set_xlabel("interaction U / J")
    finish_axes(axes, "S' over the mean of random states", "1", 3)
    return figure


def repetitions() -> Figure:
    """Return the entropy over repeated erasure, with phases on a species or at one site, fixed or fresh."""
    system, count = _chain(6, 1.0), 24
    rng = np.random.default_rng(1)
    one_site, whole = local_phases(system, 3, {"tau": 2.0}), deterministic_phases(system, "upsilon")
    fresh = [(random_phases(system, "upsilon", rng), 2.0) for _ in range(count)]
    figure, axes = new_figure("Repeated erasure on six sites")
    for protocol, label, colour, line in (
        (repeated_erasure(system, fresh), "all of υ, fresh", INK, LINES[0]),
        (repeated_erasure(system, [(whole, 2.0)], repetitions=count), "all of υ, fixed", COLOURS[0], LINES[1]),
        (repeated_erasure(system, [(one_site, 2.0)], repetitions=count), "τ at one site", COLOURS[1], LINES[2]),
        (
            repeated_erasure(system, [(one_site, 2.0)], repetitions=count, include_inverse=False),
            "the same without O†",
            COLOURS[2],
            LINES[3],
        ),
    ):
        axes.plot(_run(protocol).joint_entropy, color=colour, linestyle=line, label=label)
    mean = _run(two_step_echo(system)).equilibrium.haar.mean
    axes.axhline(mean, color=INK, linewidth=0.8, linestyle=(0, (2, 3)), label="random states")
    axes.set_xlabel("repetition")
    axes.set_xlim(0, count)
    finish_axes(axes, "S", "nats", 3)
    return figure


def _chain(sites: int, strength: float) -> LatticeSystem:
    return lattice_system(Lattice.chain(sites), (sites // 2, sites // 2), interaction=strength)


def _run(protocol: LatticeProtocol) -> LatticeEvolution:
    return evolve_lattice(protocol, domain_wall(protocol.system), _CHEAP)


def _share(system: LatticeSystem) -> float:
    run = _run(two_step_echo(system, deterministic_phases(system, "upsilon"), _TIMES))
    return float(run.joint_entropy[-1] / run.equilibrium.haar.mean)
