"""A whole count from one factorisation: statistics, the noise between baths, and generating functions with mirrors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.counting.cumulants import Covariances, covariances_on
from loschmidt.evolution.counting.generating_function import LARGEST_EXPONENT, conjugate_affinity, symmetry_on
from loschmidt.evolution.counting.groups import JumpGroups
from loschmidt.evolution.counting.reversal import irreversibility, is_classical
from loschmidt.evolution.counting.space import counting_space
from loschmidt.evolution.counting.spaces import CountingSpace
from loschmidt.evolution.counting.statistics import CountingStatistics, chosen_variables, statistics_on
from loschmidt.evolution.counting.variables import CountingVariable, counted
from loschmidt.processes.generators import Generator
from loschmidt.typing import RealVector

__all__ = ["CountingRecord", "GeneratingCurve", "record_counting"]

_SPAN = (-1.5, 0.5)
_DECADES = 250.0  # powers of weights beyond these are no numbers
_NOT_ALONE = "it does not alone decide about the entropy that the baths gain"
_NO_CURRENT = "a jump and its reverse do not count opposite"
_NO_REVERSE = "a jump has no reverse, or its bath is at zero temperature"


@dataclass(frozen=True, eq=False)
class GeneratingCurve:
    """θ(s) of one variable over a grid, with its mirror image where it must have one.

    Attributes
    ----------
    variable : CountingVariable
        What is counted.
    scale : float
        Size of s for one step of the grid of fractions: |A|, or one over the largest weight where A is zero or unknown.
    points, values, errors : (S,)
        s, θ(s) and its error, per time.
    mirrored, mirrored_errors : (S,) or None
        θ(-A - s); None where the variable has no affinity of its own.
    affinity : float or None
        A.
    reason : str
        Why there is no mirror image.
    """

    variable: CountingVariable
    scale: float
    points: RealVector
    values: RealVector
    errors: RealVector
    mirrored: RealVector | None
    mirrored_errors: RealVector | None
    affinity: float | None
    reason: str


@dataclass(frozen=True, eq=False)
class CountingRecord:
    """What a ledger keeps of a count.

    Attributes
    ----------
    process : Generator
        Whose jumps were counted.
    statistics : CountingStatistics
        Cumulants, covariances and ratios of the chosen variables.
    heat, energy : Covariances or None
        Between the baths; None where the jumps of a bath carry no definite heat.
    reason : str
        Why there are none.
    curves : tuple of GeneratingCurve
        Generating functions.
    absent : str
        Why that of the entropy is not among them.
    fractions : (S,)
        The grid that all curves share, s over the scale of each.
    classical : bool
        Whether the jumps are those of a rate equation, for which the uncertainty relations are proved.
    irreversible : str
        Why the fluctuation symmetry is not guaranteed; empty if it is.
    """

    process: Generator
    statistics: CountingStatistics
    heat: Covariances | None
    energy: Covariances | None
    reason: str
    curves: tuple[GeneratingCurve, ...]
    absent: str
    fractions: RealVector
    classical: bool
    irreversible: str


def record_counting(
    process: Generator,
    variables: Sequence[CountingVariable] | None = None,
    order: int = 4,
    *,
    generating: Sequence[CountingVariable] = (),
    points: int = 21,
    span: tuple[float, float] = _SPAN,
    symmetry: bool = True,
) -> CountingRecord:
    """Count everything that a report needs in the steady state of a process.

    Parameters
    ----------
    process : Generator
        Davies, partial secular, local or GKLS equation with one steady state.
    variables : sequence of CountingVariable, optional
        From :func:`counted`; default: the heat from each bath.
    order : int
        Highest order of the cumulants, at least 2.
    generating : sequence of CountingVariable
        Whose generating function is computed, beside that of the entropy.
    points : int
        Points of the grid of s, at least 2.
    span : (float, float)
        First and last s, in units of |A|, or of one over the largest weight where there is no affinity A. The default
        is symmetric about -A/2, the centre of the fluctuation symmetry.
    symmetry : bool
        Whether the entropy that goes to the baths is among the generating functions, to test the symmetry.

    Returns
    -------
    CountingRecord

    Raises
    ------
    InputError, RateError, NotUniqueError, ResourceError, ConvergenceError
        As in :func:`counting_statistics`.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> found = record_counting(davies_generator(np.diag([0.0, 1.0]), baths), points=5)
    >>> found.classical, found.irreversible, [one.variable.name for one in found.curves]
    (True, '', ['entropy'])
    """
    chosen = chosen_variables(process, variables, order)
    if not (points >= 2 and span[0] < span[1]):
        raise InputError(f"The grid of s must have two points or more, from low to high, but it is {points} on {span}.")
    space = counting_space(process)
    for one in (*chosen, *generating):
        _check_powers(one, order)
    found = statistics_on(space, chosen, order, symmetry=False)
    heat = _between_baths(space, process, "heat")
    fractions = np.linspace(span[0], span[1], points)
    absent = _no_entropy(space.groups, fractions) if symmetry else "the symmetry was not asked for"
    wanted = list(generating)
    if not absent:
        wanted.insert(0, CountingVariable("entropy", space.groups, space.groups.entropies, "entropy"))
    return CountingRecord(
        process,
        found,
        heat=heat,
        energy=_between_baths(space, process, "energy"),
        reason="" if heat is not None else "the jumps of some bath carry no definite heat",
        curves=tuple(_curve(space, one, _affinity(process, one), fractions) for one in wanted),
        absent=absent,
        fractions=fractions,
        classical=is_classical(process),
        irreversible=irreversibility(space.groups),
    )


def _check_powers(variable: CountingVariable, order: int) -> None:
    largest = float(np.abs(variable.weights).max(initial=0.0))
    if largest > 0 and order * abs(np.log10(largest)) > _DECADES:
        raise InputError(
            f"The weights of {variable.name!r} to the power {order} must be within 1e±{_DECADES:.0f}, but the largest "
            f"weight is {largest:.3g}. Count in other units, or lower `order`."
        )


def _between_baths(space: CountingSpace, process: Generator, what: Literal["heat", "energy"]) -> Covariances | None:
    try:
        chosen = tuple(counted(process, what, name) for name in space.groups.bath_names)
    except InputError:
        return None
    return covariances_on(space, chosen)


def _no_entropy(groups: JumpGroups, fractions: RealVector) -> str:
    """Return why the generating function of the entropy cannot be computed; empty if it can."""
    if not np.isfinite(groups.entropies).all():
        return _NO_REVERSE
    reach = float(np.abs(np.concatenate([fractions, 1 + fractions])).max())
    if reach * float(np.abs(groups.entropies).max(initial=0.0)) > LARGEST_EXPONENT:
        return "a jump carries so much entropy that its exponential is beyond the range of numbers"
    return ""


def _affinity(process: Generator, variable: CountingVariable) -> float | None:
    entropies = variable.groups.entropies
    if np.array_equal(variable.weights, entropies) and entropies.any():
        return 1.0
    try:
        return conjugate_affinity(process, variable)
    except InputError:
        return None


def _why_no_affinity(variable: CountingVariable) -> str:
    if not np.isfinite(variable.groups.entropies[variable.groups.moving]).all():
        return _NO_REVERSE
    return _NOT_ALONE if variable.is_current else _NO_CURRENT


def _curve(
    space: CountingSpace, variable: CountingVariable, affinity: float | None, fractions: RealVector
) -> GeneratingCurve:
    largest = float(np.abs(variable.weights).max(initial=0.0)) or 1.0
    if affinity is None:
        points = fractions / largest
        found = space.tilted(points, variable.weights)
        return GeneratingCurve(
            variable,
            1 / largest,
            points,
            np.array([one.value for one in found]),
            np.array([one.error for one in found]),
            None,
            None,
            None,
            _why_no_affinity(variable),
        )
    # In the direction of the affinity, so that the centre of every curve is at -1/2.
    scale = affinity if affinity else 1 / largest
    points = scale * (fractions if affinity else fractions + 0.5)
    both = symmetry_on(space, variable, affinity, points)
    return GeneratingCurve(
        variable, abs(scale), points, both.values, both.errors, both.mirrored, both.errors, affinity, ""
    )
