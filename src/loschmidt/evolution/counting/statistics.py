"""Everything that is counted in one steady state: cumulants, noise matrix, uncertainty ratios and the symmetry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.counting.cumulants import (
    Covariances,
    Cumulants,
    check_fits,
    check_order,
    covariances_on,
    cumulants_on,
)
from loschmidt.evolution.counting.generating_function import FluctuationSymmetry, symmetry_on
from loschmidt.evolution.counting.groups import JumpGroups, jump_groups
from loschmidt.evolution.counting.space import counting_space
from loschmidt.evolution.counting.spaces import CountingSpace
from loschmidt.evolution.counting.uncertainty import (
    UncertaintyRatios,
    activity_on,
    entropy_production_on,
    production_from,
    ratios_on,
)
from loschmidt.evolution.counting.variables import CountingVariable, counted
from loschmidt.processes.generators import Generator

__all__ = ["CountingStatistics", "chosen_variables", "counting_statistics", "default_variables", "statistics_on"]


@dataclass(frozen=True, eq=False)
class CountingStatistics:
    """What is counted in the steady state of a process.

    Attributes
    ----------
    groups : JumpGroups
        The jumps.
    cumulants : tuple of Cumulants
        One per variable.
    covariances : Covariances
        The noise matrix of all variables.
    ratios : tuple of UncertaintyRatios
        One per variable.
    entropy_production, entropy_production_error : float
        Entropy that the jumps put into the baths per time, in nats.
    activity, activity_error : float
        Jumps per time, without dephasing of non-degenerate levels.
    symmetry : FluctuationSymmetry or None
        Of the entropy that goes into the baths, with affinity 1; None where a jump has no reverse or was not asked for.
    method : str
        Short name of the algorithm.
    """

    groups: JumpGroups
    cumulants: tuple[Cumulants, ...]
    covariances: Covariances
    ratios: tuple[UncertaintyRatios, ...]
    entropy_production: float
    entropy_production_error: float
    activity: float
    activity_error: float
    symmetry: FluctuationSymmetry | None
    method: str


def counting_statistics(
    process: Generator, variables: Sequence[CountingVariable] | None = None, order: int = 4, *, symmetry: bool = True
) -> CountingStatistics:
    """Return all statistics of counted variables in the steady state, from one factorisation of the generator.

    Parameters
    ----------
    process : Generator
        Davies, partial secular, local or GKLS equation with one steady state.
    variables : sequence of CountingVariable, optional
        From :func:`counted`; default: the heat from each bath, or the jumps of a bath whose jumps carry no definite
        heat.
    order : int
        Highest order of the cumulants, at least 2.
    symmetry : bool
        Whether the generating function of the entropy is tested for the fluctuation symmetry.

    Returns
    -------
    CountingStatistics

    Raises
    ------
    InputError, NotUniqueError, ResourceError, ConvergenceError
        As in :func:`cumulants`.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> found = counting_statistics(davies_generator(np.diag([0.0, 1.0]), baths))
    >>> [one.variable.name for one in found.cumulants], found.symmetry.holds
    (['heat from hot', 'heat from cold'], True)
    """
    chosen = chosen_variables(process, variables, order)
    return statistics_on(counting_space(process), chosen, order, symmetry=symmetry)


def statistics_on(
    space: CountingSpace, variables: tuple[CountingVariable, ...], order: int, *, symmetry: bool
) -> CountingStatistics:
    """Return the statistics on a space that is at hand; see :func:`counting_statistics`."""
    for variable in variables:
        check_fits(space, variable)
    found = tuple(cumulants_on(space, variable, order) for variable in variables)
    production, activity = entropy_production_on(space), activity_on(space)
    ratios = tuple(ratios_on(one, production_from(one, production), activity_on(space, one.variable)) for one in found)
    entropies = space.groups.entropies
    tested = symmetry and bool(np.isfinite(entropies).all())
    return CountingStatistics(
        groups=space.groups,
        cumulants=found,
        covariances=covariances_on(space, variables),
        ratios=ratios,
        entropy_production=production.value,
        entropy_production_error=production.error,
        activity=activity.value,
        activity_error=activity.error,
        symmetry=symmetry_on(space, CountingVariable("entropy", space.groups, entropies, "entropy"), 1.0)
        if tested
        else None,
        method=space.method,
    )


def chosen_variables(
    process: Generator, variables: Sequence[CountingVariable] | None, order: int
) -> tuple[CountingVariable, ...]:
    """Return what is counted, after checking that it is something, up to an order that has a noise."""
    check_order(order)
    if order < 2:
        raise InputError("`order` must be at least 2, so that there is a noise.")
    chosen = default_variables(process) if variables is None else tuple(variables)
    if not chosen:
        raise InputError("`variables` must hold at least one variable, but it is empty.")
    return chosen


def default_variables(process: Generator) -> tuple[CountingVariable, ...]:
    """Return the heat from each bath, or the jumps of a bath whose jumps carry no definite heat."""
    groups = jump_groups(process)
    return tuple(
        counted(process, "heat" if np.isfinite(groups.heats[groups.baths == number]).all() else "jumps", name)
        for number, name in enumerate(groups.bath_names)
    )
