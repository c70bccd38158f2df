"""Cumulants of counted jumps in the steady state, to any order, and the covariances of several variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.counting.space import counting_space
from loschmidt.evolution.counting.spaces import CountingSpace, Estimated, Number, combination
from loschmidt.evolution.counting.variables import CountingVariable
from loschmidt.processes.generators import Generator
from loschmidt.typing import RealMatrix, RealVector

__all__ = [
    "Covariances",
    "Cumulants",
    "check_fits",
    "check_order",
    "check_variable",
    "covariances",
    "covariances_on",
    "cumulants",
    "cumulants_on",
]

_HIGHEST = 40


@dataclass(frozen=True, eq=False)
class Cumulants:
    """Cumulants per time of N in the steady state.

    Attributes
    ----------
    variable : CountingVariable
        What is counted.
    values : (M,)
        c_1 (mean rate), c_2 (variance per time), c_3, …, in units of the weights to the order per time.
    errors : (M,)
        Bounds on round-off, the error of the steady state included; estimates where a solution is iterative.
    method : str
        Short name of the algorithm.
    """

    variable: CountingVariable
    values: RealVector
    errors: RealVector
    method: str

    @property
    def fano_factor(self) -> float:
        """c_2 / |c_1|, 1 for a Poisson process that counts single jumps; NaN where c_1 vanishes within its error."""
        if abs(self.values[0]) <= self.errors[0] or len(self.values) < 2:
            return float("nan")
        return float(self.values[1] / abs(self.values[0]))


@dataclass(frozen=True, eq=False)
class Covariances:
    """The noise matrix of several variables in the steady state.

    Attributes
    ----------
    variables : tuple of CountingVariable
        What is counted.
    means, mean_errors : (V,)
        Mean rates.
    values, errors : (V, V)
        Covariances per time, cross-correlations off the diagonal.
    method : str
        Short name of the algorithm.
    """

    variables: tuple[CountingVariable, ...]
    means: RealVector
    mean_errors: RealVector
    values: RealMatrix
    errors: RealMatrix
    method: str


def cumulants(process: Generator, variable: CountingVariable, order: int = 4) -> Cumulants:
    r"""Return the cumulants per time of a counted variable in the steady state.

    .. math:: c_m = \lim_{t\to\infty} \langle\langle N^m \rangle\rangle / t = \theta^{(m)}(0)

    Parameters
    ----------
    process : Generator
        Davies, partial secular, local or GKLS equation with one steady state.
    variable : CountingVariable
        From :func:`counted`.
    order : int
        Highest order M.

    Returns
    -------
    Cumulants

    Raises
    ------
    InputError
        If the variable counts another process, or the process has no jumps.
    NotUniqueError
        If the steady state is not unique.
    ResourceError, ConvergenceError
        If the process is too large, or an iteration fails.

    Notes
    -----
    Recursion of :cite:t:`flindt2008`: L r_m = Σ_j (m over j) (c_j - L⁽ʲ⁾) r_{m-j} with tr r_m = 0. Davies equations
    with non-degenerate levels are counted on populations, by elimination without subtractions; others on the real
    coordinates that populations reach, with one factorisation or, for large systems, by a Krylov method on the chain
    of jumps.

    Examples
    --------
    A level that is emptied as soon as it is filled passes particles like a Poisson process:

    >>> from loschmidt.evolution.counting import counted
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> loss = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [1e6])
    >>> gain = jump_dissipator("pump", [[[0, 0], [1, 0]]], [1.0])
    >>> process = gkls_generator(np.diag([0.0, 1.0]), [loss, gain])
    >>> cumulants(process, counted(process, "jumps", "pump"), 3).values.round(4)
    array([1., 1., 1.])
    """
    check_order(order)
    check_variable(variable)
    space = counting_space(process, variable.groups)
    check_fits(space, variable)
    return cumulants_on(space, variable, order)


def covariances(process: Generator, variables: Sequence[CountingVariable]) -> Covariances:
    r"""Return the noise matrix of several counted variables in the steady state.

    .. math:: C_{ab} = \lim_{t\to\infty} \langle\langle N_a N_b \rangle\rangle / t

    Parameters
    ----------
    process : Generator
        As for :func:`cumulants`.
    variables : sequence of CountingVariable
        From :func:`counted`.

    Returns
    -------
    Covariances

    Raises
    ------
    InputError, NotUniqueError, ResourceError, ConvergenceError
        As in :func:`cumulants`.

    Examples
    --------
    What enters from one bath leaves into the other:

    >>> from loschmidt.evolution.counting import counted
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> process = davies_generator(np.diag([0.0, 1.0]), baths)
    >>> noise = covariances(process, [counted(process, "heat", name) for name in process.bath_names])
    >>> bool(abs(noise.values.sum()) < 1e-15)
    True
    """
    if not variables:
        raise InputError("`variables` must hold at least one variable, but it is empty.")
    check_variable(variables[0])
    space = counting_space(process, variables[0].groups)
    for variable in variables:
        check_fits(space, variable)
    return covariances_on(space, tuple(variables))


def cumulants_on(space: CountingSpace, variable: CountingVariable, order: int) -> Cumulants:
    """Return the cumulants on a space that is at hand; see :func:`cumulants`."""
    unit = float(np.abs(variable.weights).max(initial=0.0)) or 1.0
    weights = variable.weights / unit
    jumps = [space.jumps(weights**j) for j in range(1, order + 1)]
    responses: list[Estimated] = [space.stationary]
    images: list[list[Estimated]] = []
    found: list[Number] = []
    for m in range(1, order + 1):
        images.append([space.image(one, responses[m - 1]) for one in jumps[: order - m + 1]])
        # images[k][j - 1] is L⁽ʲ⁾ r_k.
        parts = [(comb(m, j), images[m - j][j - 1]) for j in range(1, m + 1)]
        traces = [(factor, space.trace(image)) for factor, image in parts]
        found.append(
            Number(sum(f * t.value for f, t in traces), sum(f * (t.error + 1e-16 * abs(t.value)) for f, t in traces))
        )
        if m < order:
            coefficients = [Number(-float(factor), 0.0) for factor, _ in parts]
            coefficients += [Number(comb(m, j) * c.value, comb(m, j) * c.error) for j, c in enumerate(found, 1)]
            vectors = [image for _, image in parts] + [responses[m - j] for j in range(1, m + 1)]
            responses.append(space.solve(combination(coefficients, vectors)))
    scale = unit ** np.arange(1, order + 1)
    return Cumulants(
        variable,
        scale * np.array([c.value for c in found]),
        scale * np.array([c.error for c in found]),
        space.method,
    )


def covariances_on(space: CountingSpace, variables: tuple[CountingVariable, ...]) -> Covariances:
    """Return the noise matrix on a space that is at hand; see :func:`covariances`."""
    units = np.array([float(np.abs(one.weights).max(initial=0.0)) or 1.0 for one in variables])
    weights = [one.weights / unit for one, unit in zip(variables, units, strict=True)]
    jumps = [space.jumps(one) for one in weights]
    images = [space.image(one, space.stationary) for one in jumps]
    means = [space.trace(image) for image in images]
    responses = [
        space.solve(combination([mean, Number(-1.0, 0.0)], [space.stationary, image]))
        for mean, image in zip(means, images, strict=True)
    ]
    count = len(variables)
    values, errors = np.zeros((count, count)), np.zeros((count, count))
    for a in range(count):
        for b in range(a, count):
            both = space.trace(space.image(space.jumps(weights[a] * weights[b]), space.stationary))
            later = [space.trace(space.image(jumps[x], responses[y])) for x, y in ((a, b), (b, a))]
            values[a, b] = values[b, a] = both.value + later[0].value + later[1].value
            errors[a, b] = errors[b, a] = both.error + later[0].error + later[1].error
    return Covariances(
        variables,
        units * np.array([one.value for one in means]),
        units * np.array([one.error for one in means]),
        np.multiply.outer(units, units) * values,
        np.multiply.outer(units, units) * errors,
        space.method,
    )


def check_fits(space: CountingSpace, variable: CountingVariable) -> None:
    """Raise if a variable counts the jumps of another process."""
    check_variable(variable)
    own, other = space.groups, variable.groups
    if own is other:
        return
    if own.bath_names != other.bath_names or own.count != other.count or (own.baths != other.baths).any():
        raise InputError(
            f"The variable {variable.name!r} must count the jumps of this process ({own.count} groups), but it was "
            f"made for another one ({other.count} groups). Make it with counted(process, ...)."
        )


def check_variable(variable: CountingVariable) -> None:
    """Raise if something is no variable."""
    if not isinstance(variable, CountingVariable):
        raise InputError(f"A variable must come from counted(), but one is a {type(variable).__name__}.")


def check_order(order: int) -> None:
    """Raise if an order of cumulants is not a whole number in range."""
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or not 1 <= order <= _HIGHEST:
        raise InputError(f"`order` must be a whole number from 1 to {_HIGHEST}, but it is {order!r}.")
