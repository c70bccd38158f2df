"""Precision and its price: thermodynamic and kinetic uncertainty ratios of a counted current."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.counting.cumulants import Cumulants, check_fits, check_variable, cumulants_on
from loschmidt.evolution.counting.generating_function import conjugate_affinity
from loschmidt.evolution.counting.space import counting_space
from loschmidt.evolution.counting.spaces import CountingSpace, Number
from loschmidt.evolution.counting.variables import CountingVariable
from loschmidt.processes.generators import Generator

__all__ = [
    "UncertaintyRatios",
    "activity_on",
    "entropy_production_on",
    "production_from",
    "ratios_on",
    "uncertainty_ratios",
]

_FIT = 1e-14  # round-off of a fitted affinity, relative to the entropies it is made of


@dataclass(frozen=True, eq=False)
class UncertaintyRatios:
    """Relative noise of a counted variable times what it costs.

    Attributes
    ----------
    variable : CountingVariable
        What is counted.
    mean, mean_error : float
        c_1, per time.
    noise, noise_error : float
        c_2, per time.
    entropy_production, entropy_production_error : float
        Entropy that the jumps put into the baths per time, in nats; infinite for jumps without a reverse.
    activity, activity_error : float
        Jumps per time; dephasing of non-degenerate levels is left out unless the variable counts it.
    thermodynamic, thermodynamic_error : float
        c_2 σ̇ / c_1², at least 2 for classical jumps (TUR). NaN where the variable is no current, that is where a jump
        and its reverse do not count opposite, and where c_1 vanishes within its error, as in equilibrium.
    kinetic, kinetic_error : float
        c_2 K / c_1², at least 1 for classical jumps (KUR). NaN where c_1 vanishes within its error.
    """

    variable: CountingVariable
    mean: float
    mean_error: float
    noise: float
    noise_error: float
    entropy_production: float
    entropy_production_error: float
    activity: float
    activity_error: float
    thermodynamic: float
    thermodynamic_error: float
    kinetic: float
    kinetic_error: float


def uncertainty_ratios(process: Generator, variable: CountingVariable) -> UncertaintyRatios:
    r"""Return the uncertainty ratios of a counted variable in the steady state.

    .. math:: F = c_2\,\dot\sigma / c_1^2 \ge 2, \qquad c_2\,K / c_1^2 \ge 1

    Both bounds hold for classical jump processes, so for Davies equations with non-degenerate levels; coherence may
    break them.

    Parameters
    ----------
    process : Generator
        As for :func:`cumulants`.
    variable : CountingVariable
        From :func:`counted`.

    Returns
    -------
    UncertaintyRatios

    Raises
    ------
    InputError, NotUniqueError, ResourceError, ConvergenceError
        As in :func:`cumulants`.

    Notes
    -----
    Thermodynamic: :cite:t:`barato2015`, proved by :cite:t:`gingrich2016`, and broken by the coherence of a maser in
    :cite:t:`kalaee2021`. Kinetic: :cite:t:`diterlizzi2019`. The entropy production is that of the same jumps, so that a
    local equation is compared with its own.

    Examples
    --------
    >>> from loschmidt.evolution.counting import counted
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> process = davies_generator(np.diag([0.0, 1.0]), baths)
    >>> found = uncertainty_ratios(process, counted(process, "heat", "hot"))
    >>> found.thermodynamic > 2, found.kinetic > 1
    (True, True)
    """
    check_variable(variable)
    space = counting_space(process, variable.groups)
    check_fits(space, variable)
    found = cumulants_on(space, variable, 2)
    production = production_from(found, entropy_production_on(space))
    return ratios_on(found, production, activity_on(space, variable))


def production_from(found: Cumulants, production: Number) -> Number:
    """Return the entropy production, from the mean of a variable that alone decides about it where that is more exact.

    Near equilibrium what each bath gains nearly cancels, but the mean times the affinity does not.
    """
    variable = found.variable
    largest = float(np.abs(variable.weights).max(initial=0.0))
    if not variable.is_current or largest == 0 or not np.isfinite(production.value):
        return production
    try:
        affinity = conjugate_affinity(variable.groups.process, variable)
    except InputError:
        return production
    mean, error = float(found.values[0]), float(found.errors[0])
    entropies = variable.groups.entropies[variable.groups.moving]
    round_off = _FIT * float(np.abs(entropies).max(initial=0.0)) / largest
    other = Number(affinity * mean, abs(affinity) * error + round_off * abs(mean))
    return other if other.error < production.error else production


def ratios_on(found: Cumulants, production: Number, activity: Number) -> UncertaintyRatios:
    """Return the ratios from cumulants, entropy production and activity that are at hand."""
    mean, noise = (Number(float(found.values[k]), float(found.errors[k])) for k in (0, 1))
    thermodynamic = _ratio(noise, production, mean) if found.variable.is_current else Number(np.nan, np.nan)
    kinetic = _ratio(noise, activity, mean)
    return UncertaintyRatios(found.variable, *mean, *noise, *production, *activity, *thermodynamic, *kinetic)


def entropy_production_on(space: CountingSpace) -> Number:
    """Return the entropy that jumps put into the baths per time."""
    entropies = space.groups.entropies
    endless = np.isposinf(entropies)
    lost = space.trace(space.image(space.jumps(endless.astype(np.float64)), space.stationary))
    if lost.value > lost.error:
        return Number(np.inf, 0.0)
    # A jump without a rate has no entry, so that what it would carry does not matter.
    finite = np.where(np.isfinite(entropies), entropies, 0.0)
    return space.trace(space.image(space.jumps(finite), space.stationary))


def activity_on(space: CountingSpace, variable: CountingVariable | None = None) -> Number:
    """Return the jumps per time, without dephasing of non-degenerate levels unless `variable` counts it."""
    acting = space.groups.moving if variable is None else space.groups.moving | (variable.weights != 0)
    return space.trace(space.image(space.jumps(acting.astype(np.float64)), space.stationary))


def _ratio(noise: Number, cost: Number, mean: Number) -> Number:
    if not abs(mean.value) > mean.error:
        return Number(np.nan, np.nan)
    value = noise.value * cost.value / mean.value**2
    if np.isinf(cost.value):
        return Number(value, 0.0)
    spread = noise.error * abs(cost.value) + abs(noise.value) * cost.error
    return Number(value, spread / mean.value**2 + 2 * abs(value) * mean.error / abs(mean.value))
