"""What is counted: one weight per group of jumps, by name, by function, or as a sum of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from loschmidt.checks import as_number, as_real_values
from loschmidt.errors import InputError, ShapeError
from loschmidt.evolution.counting.groups import JumpGroups, jump_groups
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ArrayLike, IntegerArray, RealVector

__all__ = ["CountedQuantity", "CountingVariable", "counted"]

CountedQuantity = Literal["heat", "energy", "particles", "quanta", "jumps", "entropy"]


@dataclass(frozen=True, eq=False)
class CountingVariable:
    """N = Σ w_g N_g with N_g the number of jumps of group g; build one with :func:`counted`, and add and scale them.

    Attributes
    ----------
    name : str
        What reports call it.
    groups : JumpGroups
        The jumps of the process.
    weights : (G,)
        What one jump of each group adds.
    unit : {"energy", "entropy", "1"}
        Kind of unit of the weights; "1" for numbers of jumps, quanta or particles, and for weights of one's own.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> process = davies_generator(np.diag([0.0, 1.0]), baths)
    >>> through = 0.5 * (counted(process, "heat", "hot") - counted(process, "heat", "cold"))
    >>> through.weights
    array([ 0.5, -0.5, -0.5,  0.5])
    """

    name: str
    groups: JumpGroups
    weights: RealVector
    unit: str = "1"

    @property
    def is_current(self) -> bool:
        """Whether the reverse of every counted jump counts with the opposite sign."""
        partners = self.groups.partners
        reverse = np.where(partners >= 0, self.weights[partners], 0.0)
        counts = self.weights != 0
        scale = 1e-12 * float(np.abs(self.weights).max(initial=0.0))
        return bool((partners[counts] >= 0).all() and (np.abs(self.weights + reverse)[counts] <= scale).all())

    def named(self, name: str) -> CountingVariable:
        """Return the same variable with another name."""
        return replace(self, name=name)

    def __add__(self, other: CountingVariable) -> CountingVariable:
        if not isinstance(other, CountingVariable):
            return NotImplemented
        if len(other.weights) != len(self.weights):
            raise ShapeError(
                f"Variables that are added must count the jumps of one process, but {self.name!r} has "
                f"{len(self.weights)} groups of jumps and {other.name!r} has {len(other.weights)}."
            )
        unit = self.unit if self.unit == other.unit else "1"
        return CountingVariable(f"{self.name} + {other.name}", self.groups, self.weights + other.weights, unit)

    def __sub__(self, other: CountingVariable) -> CountingVariable:
        return (self + (-1.0) * other).named(f"{self.name} - {other.name}")

    def __rmul__(self, factor: float) -> CountingVariable:
        value = as_number(factor, "factor")
        return CountingVariable(f"{value:g} ({self.name})", self.groups, value * self.weights, self.unit)

    def __neg__(self) -> CountingVariable:
        return -1.0 * self


def counted(
    process: Generator, what: CountedQuantity | Callable[[RealVector], ArrayLike] | ArrayLike, bath: str | None = None
) -> CountingVariable:
    """Return a variable that counts the jumps of a process.

    Parameters
    ----------
    process : Generator
        Davies, partial secular, local or GKLS equation.
    what : str, callable or (G,)
        ``"heat"`` or ``"energy"`` that a jump brings into the system, ``"particles"`` that it brings, ``"quanta"``
        (+1 for a jump that brings energy, -1 for one that takes some), ``"jumps"`` (+1 for every one), ``"entropy"``
        that it puts into the bath; a function that turns the energies (g,) of the jumps of the chosen baths into
        weights; or one weight for each of their groups, in the order of :func:`jump_groups`.
    bath : str, optional
        Count the jumps of this bath only; default: of all.

    Raises
    ------
    InputError, ShapeError
        If what a jump carries is not definite, or the number of weights does not fit.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> counted(davies_generator(np.diag([0.0, 3.0]), [bath]), "quanta").weights
    array([ 1., -1.])
    """
    check_static(process)
    groups = jump_groups(process)
    chosen = np.ones(groups.count, dtype=bool)
    if bath is not None:
        if bath not in groups.bath_names:
            raise InputError(f"`bath` must be one of {', '.join(groups.bath_names)}, but it is {bath!r}.")
        chosen = groups.baths == groups.bath_names.index(bath)
    weights = np.zeros(groups.count)
    weights[chosen] = _weights(groups, chosen, what)
    label = what if isinstance(what, str) else "count"
    unit = {"heat": "energy", "energy": "energy", "entropy": "entropy"}.get(label, "1")
    return CountingVariable(label if bath is None else f"{label} from {bath}", groups, weights, unit)


def check_static(process: Generator) -> None:
    """Raise if counting statistics of the steady state do not apply to a process."""
    if isinstance(process, DrivenGenerator):
        raise InputError(
            "`process` must be a static Generator, but it is driven, so that nothing is counted at a steady rate. "
            "Take a snapshot with `process.at(time)`, or count the jumps of trajectories."
        )
    if not isinstance(process, Generator):
        raise InputError(f"`process` must be a static Generator, but it is a {type(process).__name__}.")


def _weights(groups: JumpGroups, chosen: np.ndarray, what: object) -> RealVector:
    if isinstance(what, str):
        if what not in get_args(CountedQuantity):
            raise InputError(f"`what` must be one of {', '.join(get_args(CountedQuantity))}, but it is {what!r}.")
        found = _quantity(groups, what)[chosen]
        _check_definite(groups, np.flatnonzero(chosen), what, found)
        return np.asarray(found)
    if callable(what):
        found = as_real_values(what(_quantity(groups, "energy")[chosen]), "`what`")
    else:
        found = as_real_values(what, "`what`")
    if found.shape != (int(chosen.sum()),):
        raise ShapeError(
            f"`what` must give one weight for each of the {int(chosen.sum())} groups of jumps, but its shape is "
            f"{found.shape}."
        )
    if not np.isfinite(found).all():
        raise InputError(f"`what` must be finite, but weight {int((~np.isfinite(found)).argmax())} is not.")
    return found


def _check_definite(groups: JumpGroups, members: IntegerArray, what: str, found: RealVector) -> None:
    if np.isfinite(found).all():
        return
    at = int((~np.isfinite(found)).argmax())
    bath = groups.bath_names[groups.baths[members[at]]]
    if np.isnan(found[at]):
        raise InputError(
            f"{what!r} of bath {bath!r} must be definite for each jump, but jump {members[at]} changes the energy "
            f"observable by no definite amount, [E, L] ≠ e L. Let `energy` be the Hamiltonian that the bath was built "
            f"on, or count 'jumps', or give weights."
        )
    raise InputError(
        f"{what!r} of bath {bath!r} must be finite for each jump, but jump {members[at]} has no reverse, or the bath "
        f"is at zero temperature. Count 'heat' or 'jumps' instead."
    )


def _quantity(groups: JumpGroups, what: str) -> RealVector:
    match what:
        case "heat":
            return groups.heats
        case "energy":
            return groups.energies
        case "particles":
            return groups.particles.astype(np.float64)
        case "quanta":
            return np.asarray(np.sign(groups.energies))
        case "jumps":
            return np.ones(groups.count)
        case _:
            return groups.entropies
