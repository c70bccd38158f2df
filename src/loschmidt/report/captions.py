"""What to see in each figure, and what those who do not see it should know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loschmidt.report import bipartite_captions, classical_captions
from loschmidt.report.accounts import Reported, reported, times_of
from loschmidt.report.numbers import format_number, typographic

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["Caption", "captions"]


@dataclass(frozen=True)
class Caption:
    """Words for a figure.

    Attributes
    ----------
    title, text : str
        What it shows and what to look for.
    description : str
        The figure in words and numbers, for screen readers.
    """

    title: str
    text: str
    description: str


def captions(run: Run) -> dict[str, Caption]:
    """Return the caption of every figure, by the names of :func:`~loschmidt.report.figures.figures`."""
    return {
        name: Caption(title, text, typographic(f"{title}. {_span(run, accounts)}{_course(run, accounts)}"))
        for name, (title, accounts, text) in ((name, write(run)) for name, write in _WRITERS.items())
    }


def _span(run: Run, names: tuple[str, ...]) -> str:
    """Return from when to when the figure goes; nothing for one without such an axis."""
    axis = run.ledger.axis
    if not any(name in run.ledger and axis in run.ledger[name].dims for name in names):
        return ""
    times, unit = times_of(run), run.units.label("time") if axis == "time" else ""
    span = f"{axis.title()} from {format_number(times[0])} to {format_number(times[-1])} {unit}".rstrip()
    return f"{span}. "


_Words = tuple[str, tuple[str, ...], str]


def _entropy_production(run: Run) -> _Words:
    accounts = (
        "entropy_production_rate",
        "population_entropy_production_rate",
        "coherence_entropy_production_rate",
        "entropy_flux",
        "entropy_rate",
    )
    if "entropy_production_rate" not in run.ledger:
        return "Entropy rate", accounts, "How fast the entropy of the system changes; a bath has no temperature."
    split = "Shaded: its parts, from populations (plain) and from coherence (hatched). " if _splits(run) else ""
    return (
        "Entropy production rate",
        accounts,
        f"Π is the entropy that is created at each time. {split}"
        "It splits into what flows to the baths (Φ, dashed) and what stays in the system (Ṡ, dash-dotted).",
    )


def _entropy_balance(run: Run) -> _Words:
    accounts = (
        "entropy_production",
        "population_entropy_production",
        "coherence_entropy_production",
        "entropy_flow",
        "entropy_change",
    )
    return (
        "Entropy produced since the start",
        accounts,
        "The same, added up over time. By the second law Σ never falls. Where ΔS is below zero, the system lost "
        "entropy, and the baths received more than it lost.",
    )


def _currents(run: Run) -> _Words:
    drive = reported(run, "drive_power")
    driven = " Power of the drive counts in the same way." if drive is not None and not drive.negligible else ""
    return (
        "Heat currents and power",
        ("heat_rate", "drive_power", "switching_power", "chemical_power"),
        f"Above zero, energy flows into the system; below, out of it.{driven} "
        "In a steady state the curves are flat and add up to zero.",
    )


def _generalised_temperature(run: Run) -> _Words:
    return (
        "Generalised inverse temperature",
        ("generalised_inverse_temperature", "inverse_temperature"),
        "β_gen is the entropy that the system gains per heat. What it lacks to the β of a bath, times the heat from "
        "that bath, is the entropy production. At a circle heat flows and the entropy stands still: T passes through "
        "±∞. Where the curve leaves the frame the heat vanishes, and T passes through zero.",
    )


def _particle_currents(run: Run) -> _Words:
    return (
        "Particle currents",
        ("particle_current",),
        "Above zero, particles enter the system. In a steady state the curves are flat and add up to zero.",
    )


def _energy_balance(run: Run) -> _Words:
    return (
        "Energy balance since the start",
        ("heat", "work", "switching_work", "chemical_work", "energy"),
        "A check of the first law: the circles (change of energy, read off the states) must lie on the grey band "
        "(heat and work together, integrated along with the dynamics).",
    )


def _populations(run: Run) -> _Words:
    return (
        "Populations of the energy levels",
        ("populations",),
        "Probability of each level of the energy observable; levels are numbered from the lowest energy up.",
    )


def _entropy_gain(run: Run) -> _Words:
    return (
        "Entropy gained, and how little it could have been",
        ("entropy_change", "identity_image_bound", "recovery_bound", "reservoir_bound", "minimal_entropy_gain"),
        "ΔS of the input cannot be below any of its bounds, and no input gains less than G. Where G is below zero, "
        "some state loses entropy.",
    )


def _identity_image(run: Run) -> _Words:
    return (
        "Spectrum of Φ(1)",
        ("identity_image_spectrum",),
        "A channel is unital where every eigenvalue is 1; then no entropy can fall. The largest eigenvalue says by how "
        "much it may: at most by its logarithm.",
    )


def _criterion(run: Run) -> _Words:
    return (
        "Why the channel is unital, or is not",
        ("criterion_residual",),
        "Each condition on the operators that the reservoir feels makes the channel unital; controlled is the "
        "strongest, weighted the criterion itself. A condition holds where its residual is left of the dashed line.",
    )


def _minimal_gain_state(run: Run) -> _Words:
    return (
        "State that loses most entropy",
        ("minimal_entropy_gain",),
        "Moduli of the elements of the input for which ΔS = G. For a unital channel any state that keeps its entropy "
        "may stand here.",
    )


def _entropy_course(run: Run) -> _Words:
    return (
        "Entropy and correlation, step by step",
        ("entropy", "mutual_information", "entropy_backflow"),
        "Where S falls, the ancillas give back what the system left in them: never more than the correlation that "
        "there was before the step.",
    )


def _divisibility(run: Run) -> _Words:
    return (
        "Is each step a channel of its own?",
        ("intermediate_choi_minimum",),
        "Below zero, the map from one step to the next is no channel, so the system meets something that remembers it. "
        "Where the map before it is nearly singular the number is large; its sign is what counts.",
    )


def _lattice_entropies(run: Run) -> _Words:
    return (
        "Entropies, stage by stage",
        ("fock_entropy", "species_fock_entropy", "species_entanglement", "half_chain_entanglement"),
        "S counts the Fock states over which the particles are spread. Phases change no entropy by themselves; what "
        "they erase shows when the motion is reversed. The dotted line is the mean of random states.",
    )


def _echo(run: Run) -> _Words:
    return (
        "How much of the initial state is there",
        ("echo_fidelity", "unerased_echo_fidelity"),
        "Reversed without erasure the state comes back completely. Erased, it does not, though nothing was dissipated.",
    )


def _densities(run: Run) -> _Words:
    return (
        "Where the particles are",
        ("particle_number_defect",),
        "Mean number of particles at each site, after each stage from top to bottom.",
    )


def _entropy_budget(run: Run) -> _Words:
    return (
        "Budget of the entropy production",
        (
            "entropy_production",
            "population_entropy_production",
            "coherence_entropy_production",
            "environment_displacement",
            "total_correlation",
            "environment_coherence",
            "correlated_coherence",
        ),
        "Σ splits by origin, into populations and coherence, and by destination, into the displacement of the "
        "environments and correlations. Ξ is the coherence of the environments plus correlated coherence, which may "
        "be negative.",
    )


def _trajectory_histogram(run: Run) -> _Words:
    theorem = (
        "By the detailed fluctuation theorem the circles, taken from backward trajectories, lie on the bars. "
        if "histogram_backward" in run.ledger
        else ""
    )
    bound = "The mean is not left of the dotted line at -ln(1 - λ). " if "quantum jumps" in run.ledger.aspects else ""
    return (
        "Entropy production of single trajectories",
        ("trajectory_mean", "integral_theorem_residual"),
        f"Single trajectories may consume entropy; the mean may not. {theorem}{bound}".rstrip(),
    )


def _jump_counts(run: Run) -> _Words:
    return (
        "Jumps of one trajectory",
        ("jump_count",),
        "Mean number of jumps by bath and by the energy ω that each takes out of the system: where it is negative, the "
        "bath gives a quantum.",
    )


def _coherent_heat(run: Run) -> _Words:
    return (
        "Heat carried by coherences",
        ("coherent_heat_rate",),
        "The part of each heat current that would vanish if the state lost its coherences; a Davies equation, which "
        "keeps populations and coherences apart, has none.",
    )


def _cross_production(run: Run) -> _Words:
    return (
        "Cross production of populations and coherences",
        ("cross_entropy_production_rate",),
        "The part of the entropy production of each bath in which populations feed coherences, or coherences "
        "populations. It has no sign of its own, and neither have Π_d and Υ where it is not zero.",
    )


def _generating_function(run: Run) -> _Words:
    return (
        "Scaled cumulant generating function",
        ("fluctuation_symmetry_defect",),
        "Slope and curvature at s = 0 are mean and variance. Where entropy decides about what flows, θ is symmetric "
        "about the dotted line: the circles, θ of the mirrored argument, must lie on the curves.",
    )


def _heat_noise(run: Run) -> _Words:
    return (
        "Noise of the heat currents",
        ("counted_heat_current",),
        "Variance of the heat from each bath, and covariance of each pair. What enters from one bath leaves into the "
        "others, so where no drive takes a share the covariances of a bath add up to zero.",
    )


def _uncertainty(run: Run) -> _Words:
    return (
        "What precision costs",
        ("thermodynamic_uncertainty", "kinetic_uncertainty"),
        "Variance over squared mean, times entropy production (TUR) or activity (KUR), over the least value that "
        "classical jumps can reach. A bar left of the dashed line needs coherence.",
    )


_WRITERS: dict[str, Callable[[Run], _Words]] = {
    "bar-productions": classical_captions.bar_productions,
    "gas-entropies": classical_captions.gas_entropies,
    "part-entropies": bipartite_captions.part_entropies,
    "part-energies": bipartite_captions.part_energies,
    "part-rates": bipartite_captions.part_rates,
    "coherent-heat": _coherent_heat,
    "cross-production": _cross_production,
    "generating-function": _generating_function,
    "heat-noise": _heat_noise,
    "uncertainty": _uncertainty,
    "trajectory-histogram": _trajectory_histogram,
    "jump-counts": _jump_counts,
    "entropy-budget": _entropy_budget,
    "lattice-entropies": _lattice_entropies,
    "echo": _echo,
    "densities": _densities,
    "entropy-course": _entropy_course,
    "divisibility": _divisibility,
    "entropy-gain": _entropy_gain,
    "identity-image": _identity_image,
    "criterion": _criterion,
    "minimal-gain-state": _minimal_gain_state,
    "entropy-production": _entropy_production,
    "entropy-balance": _entropy_balance,
    "currents": _currents,
    "generalised-temperature": _generalised_temperature,
    "particle-currents": _particle_currents,
    "energy-balance": _energy_balance,
    "populations": _populations,
}


#: Single numbers that are told with their names.
_BY_MEMBER = (
    "criterion_residual",
    "trajectory_mean",
    "jump_count",
    "counted_heat_current",
    "fluctuation_symmetry_defect",
    "thermodynamic_uncertainty",
    "kinetic_uncertainty",
)


def _splits(run: Run) -> bool:
    return "coherence_entropy_production_rate" in run.ledger


def _course(run: Run, names: tuple[str, ...]) -> str:
    """Return where each curve starts and ends."""
    found = [account for name in names if (account := reported(run, name)) is not None and not account.negligible]
    return "; ".join(_told(run, account) for account in found) + "."


def _told(run: Run, account: Reported) -> str:
    if account.places or run.ledger.axis in run.ledger[account.name].dims:
        return _ends(account)
    numbers = [_with_unit(value, account) for value in account.values]
    if account.name in _BY_MEMBER:
        return ", ".join(f"{member} {number}" for member, number in zip(account.members, numbers, strict=True))
    return f"{account.symbol} = {', '.join(numbers[:20])}"


def _ends(account: Reported) -> str:
    values = account.values
    if values.ndim == 1:
        return f"{account.symbol} goes from {_with_unit(values[0], account)} to {_with_unit(values[-1], account)}"
    ends = [
        f"{member} from {_with_unit(first, account)} to {_with_unit(last, account)}"
        for member, first, last in zip(account.members, values[0], values[-1], strict=True)
    ]
    return f"{account.symbol} goes for {', for '.join(ends)}"


def _with_unit(value: float, account: Reported) -> str:
    return f"{format_number(float(value))} {account.unit}".rstrip()
