"""The scaled cumulant generating function of counted jumps, and the fluctuation symmetry that it must have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.checks import as_number, as_real_values
from loschmidt.errors import InputError, ShapeError
from loschmidt.evolution.counting.bounded import bounded_weights
from loschmidt.evolution.counting.cumulants import check_fits, check_variable
from loschmidt.evolution.counting.space import counting_space
from loschmidt.evolution.counting.spaces import CountingSpace
from loschmidt.evolution.counting.variables import CountingVariable
from loschmidt.processes.generators import Generator
from loschmidt.typing import ArrayLike, RealVector

__all__ = [
    "LARGEST_EXPONENT",
    "FluctuationSymmetry",
    "ScaledGeneratingFunction",
    "conjugate_affinity",
    "fluctuation_symmetry",
    "scaled_generating_function",
    "symmetry_on",
]

_FITS = 1e-12  # a larger misfit of a fitted affinity shows in θ where temperatures are nearly equal
_HOLDS = 1e-9
_ROUND_OFF = 1e-12
_PAIRS = 11
#: e to a larger power times a rate might be no number.
LARGEST_EXPONENT = 600.0


@dataclass(frozen=True, eq=False)
class ScaledGeneratingFunction:
    """θ(s) = lim ln⟨e^{sN}⟩ / t in the steady state.

    Attributes
    ----------
    variable : CountingVariable
        What is counted.
    points : (S,)
        s, in units of one over the weights.
    values, errors : (S,)
        θ, per time, and its estimated error.
    method : str
        Short name of the algorithm.
    """

    variable: CountingVariable
    points: RealVector
    values: RealVector
    errors: RealVector
    method: str


@dataclass(frozen=True, eq=False)
class FluctuationSymmetry:
    """How well θ(s) = θ(-A - s) holds.

    Attributes
    ----------
    variable : CountingVariable
        What is counted.
    affinity : float
        A, in units of one over the weights.
    points : (S,)
        s.
    values, mirrored : (S,)
        θ(s) and θ(-A - s).
    errors : (S,)
        Errors of both together.
    method : str
        Short name of the algorithm.
    """

    variable: CountingVariable
    affinity: float
    points: RealVector
    values: RealVector
    mirrored: RealVector
    errors: RealVector
    method: str

    @property
    def defect(self) -> float:
        """Largest |θ(s) - θ(-A - s)|, per time."""
        return float(np.abs(self.values - self.mirrored).max())

    @property
    def holds(self) -> bool:
        """Whether the difference is nowhere larger than its error or 1e-9 of the largest |θ|."""
        size = _HOLDS * float(np.abs(self.values).max())
        return bool((np.abs(self.values - self.mirrored) <= self.errors + size).all())


def scaled_generating_function(
    process: Generator, variable: CountingVariable, points: ArrayLike
) -> ScaledGeneratingFunction:
    r"""Return the scaled cumulant generating function of a counted variable.

    .. math:: \theta(s) = \lim_{t\to\infty} \tfrac1t \ln \langle e^{sN} \rangle

    It is the eigenvalue with the largest real part of L + Σ (e^{s w_g} - 1) J_g.

    Parameters
    ----------
    process : Generator
        As for :func:`cumulants`.
    variable : CountingVariable
        From :func:`counted`.
    points : (S,)
        Real s, in units of one over the weights.

    Returns
    -------
    ScaledGeneratingFunction

    Raises
    ------
    InputError, NotUniqueError, ResourceError, ConvergenceError
        As in :func:`cumulants`; also if e^{sw} leaves the range of numbers.

    Notes
    -----
    :cite:t:`esposito2009`. Small systems are diagonalised; for large ones the branch that starts at θ(0) = 0 is
    followed and its eigenoperator is checked to be positive.

    Examples
    --------
    Jumps that are independent of each other, as those of pure dephasing, form a Poisson process, θ = γ (e^s - 1):

    >>> from loschmidt.evolution.counting import counted
    >>> from loschmidt.processes import Bath, FlatSpectrum, davies_generator
    >>> process = davies_generator(
    ...     np.diag([0.0, 1.0]),
    ...     [Bath("noise", 1.0, FlatSpectrum(0.1, zero_frequency_rate=0.2), [[1.0, 0.5], [0.5, -1.0]])],
    ... )
    >>> noise = counted(process, lambda energies: np.where(energies == 0, 1.0, 0.0))
    >>> scaled_generating_function(process, noise, [1.0]).values / np.expm1(1.0)
    array([0.2])
    """
    check_variable(variable)
    space = counting_space(process, variable.groups)
    check_fits(space, variable)
    s = _checked_points(points, variable)
    found = space.tilted(s, variable.weights)
    return ScaledGeneratingFunction(
        variable, s, np.array([one.value for one in found]), np.array([one.error for one in found]), space.method
    )


def fluctuation_symmetry(
    process: Generator, variable: CountingVariable, affinity: float | None = None, points: ArrayLike | None = None
) -> FluctuationSymmetry:
    r"""Return how well the generating function has the symmetry of Gallavotti and Cohen.

    .. math:: \theta(s) = \theta(-A - s)

    Parameters
    ----------
    process : Generator
        As for :func:`cumulants`.
    variable : CountingVariable
        From :func:`counted`.
    affinity : float, optional
        A: entropy produced per unit of the variable. Default: found by :func:`conjugate_affinity`.
    points : (S,), optional
        s; default: eleven from -A/2 upwards over a range of |A|.

    Returns
    -------
    FluctuationSymmetry

    Raises
    ------
    InputError
        If no affinity is given and the variable has no single one.
    NotUniqueError, ResourceError, ConvergenceError
        As in :func:`cumulants`.

    Notes
    -----
    :cite:t:`gallavotti1995`, for jump processes :cite:t:`lebowitz1999`.

    Examples
    --------
    >>> from loschmidt.evolution.counting import counted
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> process = davies_generator(np.diag([0.0, 1.0]), baths)
    >>> found = fluctuation_symmetry(process, counted(process, "heat", "hot"))
    >>> round(found.affinity, 12), found.holds
    (1.5, True)
    """
    check_variable(variable)
    space = counting_space(process, variable.groups)
    check_fits(space, variable)
    value = conjugate_affinity(process, variable) if affinity is None else as_number(affinity, "affinity")
    return symmetry_on(space, variable, value, points)


def symmetry_on(
    space: CountingSpace, variable: CountingVariable, affinity: float, points: ArrayLike | None = None
) -> FluctuationSymmetry:
    """Return the symmetry on a space that is at hand; see :func:`fluctuation_symmetry`."""
    if points is None:
        span = abs(affinity) or 1 / (float(np.abs(variable.weights).max(initial=0.0)) or 1.0)
        points = -affinity / 2 + span * np.linspace(0.0, 1.0, _PAIRS)
    s = _checked_points(points, variable)
    mirror = _checked_points(-affinity - s, variable)
    found = space.tilted(np.concatenate([s, mirror]), variable.weights)
    values, errors = np.array([one.value for one in found]), np.array([one.error for one in found])
    count = len(s)
    return FluctuationSymmetry(
        variable, affinity, s, values[:count], values[count:], errors[:count] + errors[count:], space.method
    )


def conjugate_affinity(process: Generator, variable: CountingVariable) -> float:
    """Return the entropy that the baths gain per unit of a variable, if only that variable decides about it.

    Over long times the entropy that jumps put into the baths must be A times the variable, up to what jumps add to
    quantities that the Hamiltonian conserves, such as energy and particles, because these stay bounded. A variable that
    stays bounded itself has θ = 0 and any affinity. Backwards in time a jump is its reverse, so that the variable must
    be a current: in equilibrium, where there is no entropy to decide about, this is all that A = 0 asks for.

    Raises
    ------
    InputError
        If there is no such A, or a jump and its reverse do not count opposite.

    Examples
    --------
    >>> from loschmidt.evolution.counting import counted
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> process = davies_generator(np.diag([0.0, 3.0]), baths)
    >>> round(conjugate_affinity(process, counted(process, "quanta", "hot")), 12)
    4.5
    """
    groups = variable.groups
    counts = groups.moving & np.isfinite(groups.entropies)
    columns = [variable.weights, *bounded_weights(groups)]
    scale = [float(np.abs(column[counts]).max(initial=0.0)) or 1.0 for column in columns]
    matrix = np.stack([column[counts] / unit for column, unit in zip(columns, scale, strict=True)], axis=1)
    target = groups.entropies[counts]
    solution = np.linalg.lstsq(matrix, target)[0]
    misfit = float(np.abs(matrix @ solution - target).max(initial=0.0))
    size = float(np.abs(target).max(initial=0.0))
    complete = bool(np.isfinite(groups.entropies[groups.moving]).all())
    if not (complete and misfit <= _FITS * size):
        raise InputError(
            f"{variable.name!r} must alone decide about the entropy that the baths gain, but it does not, so that its "
            f"generating function need not be symmetric. Give `affinity`, or count 'entropy', whose affinity is 1."
        )
    if not variable.is_current:
        raise InputError(
            f"{variable.name!r} must be a current for its generating function to be symmetric, but a jump and its "
            f"reverse do not count opposite. Count 'heat' or 'quanta'."
        )
    # Round-off of the fit is no affinity: in equilibrium there is none.
    return float(solution[0] / scale[0]) if abs(solution[0]) > _ROUND_OFF * size else 0.0


def _checked_points(points: ArrayLike, variable: CountingVariable) -> RealVector:
    s = as_real_values(points, "`points`")
    if s.ndim != 1 or s.size == 0:
        raise ShapeError(f"`points` must be a vector of at least one s, but its shape is {s.shape}.")
    if not np.isfinite(s).all():
        raise InputError("`points` must be finite, but some are not.")
    largest = float(np.abs(s).max()) * float(np.abs(variable.weights).max(initial=0.0))
    if largest > LARGEST_EXPONENT:
        raise InputError(
            f"`points` times the weights must stay below {LARGEST_EXPONENT:g}, but {largest:.3g} occurs, and e to its "
            f"power is beyond the range of numbers."
        )
    return s
