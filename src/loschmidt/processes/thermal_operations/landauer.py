"""Landauer's principle for any unitary with a Gibbs reservoir: the equality, and what a finite reservoir costs more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from loschmidt.checks import as_real_values
from loschmidt.errors import InputError
from loschmidt.processes.thermal_operations.entropy_budget import EntropyBudget, entropy_budget
from loschmidt.processes.thermal_operations.identity import Identity
from loschmidt.processes.thermal_operations.operation import ThermalOperation
from loschmidt.typing import RealArray, StateLike

__all__ = [
    "LandauerBudget",
    "finite_size_excess",
    "landauer_budget",
    "landauer_budget_of",
    "largest_surprisal_variance",
    "simple_finite_size_excess",
]


@dataclass(frozen=True, eq=False)
class LandauerBudget:
    r"""What it costs to take entropy out of a system, in nats, one number for each initial state.

    Attributes
    ----------
    entropy_decrease : (...)
        :math:`\Delta S_{RW} = S(\rho_S) - S(\rho_S')`, Landauer's bound on `cost`.
    cost : (...)
        :math:`\sum_\alpha\beta_\alpha\Delta E_\alpha`, heat into the reservoir times β; ``inf`` where one of β = inf is
        excited.
    mutual_information : (...)
        I(S:R) after.
    displacement : (...)
        S(ρ'_R‖ρ_R) of all environments together.
    equality : Identity
        :math:`\beta\Delta Q = \Delta S_{RW} + I + S(\rho_R'\|\rho_R)`, both sides computed apart.
    finite_size_bound : (...)
        ΔS_RW with what a reservoir of this dimension adds, see :func:`finite_size_excess`.
    simple_bound : (...)
        The same with :func:`simple_finite_size_excess`, which is smaller.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
    >>> qubit = np.diag([0.0, 1.0])
    >>> operation = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, 2.0), 0.9)
    >>> budget = landauer_budget(operation, np.eye(2) / 2)
    >>> [round(float(one), 6) for one in (budget.excess, budget.mutual_information, budget.displacement)]
    [0.353755, 0.170305, 0.183449]
    """

    entropy_decrease: RealArray
    cost: RealArray
    mutual_information: RealArray
    displacement: RealArray
    equality: Identity
    finite_size_bound: RealArray
    simple_bound: RealArray

    @property
    def excess(self) -> RealArray:
        """How far the cost is above Landauer's bound (...): the entropy production."""
        return self.cost - self.entropy_decrease


def landauer_budget(operation: ThermalOperation, state: StateLike) -> LandauerBudget:
    """Return the cost of taking entropy out of a system, and every bound on it.

    Parameters
    ----------
    operation : ThermalOperation
        Any unitary with one or several Gibbs environments; ``allow_work=True`` where it does not conserve energy.
    state : (..., d_S, d_S) or ket (d_S,)
        Initial states of the system, uncorrelated with the environments.

    Returns
    -------
    LandauerBudget

    Raises
    ------
    NotAStateError, ShapeError, NotFiniteError
        If the state is not one of the system.

    Notes
    -----
    :cite:t:`reeb2014`. Entropy counts as taken out of the system, and heat as going into the reservoir: minus the signs
    of :class:`~loschmidt.processes.thermal_operations.EntropyBudget`. Needed are the product start, the Gibbs state of
    the reservoir and the unitary; not weak coupling, nor that energy is conserved.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> frozen = ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.inf))
    >>> float(landauer_budget(frozen, np.eye(2) / 2).cost)
    inf
    """
    return landauer_budget_of(entropy_budget(operation, state), math.prod(operation.dims[1:]))


def landauer_budget_of(budget: EntropyBudget, dimension: int) -> LandauerBudget:
    """Return :func:`landauer_budget` of a known entropy budget with a reservoir of that dimension.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, random_thermal_operation
    >>> qubit, rng = np.diag([0.0, 1.0]), np.random.default_rng(2)
    >>> budget = entropy_budget(random_thermal_operation(qubit, GibbsEnvironment(qubit, 1.0), rng), [0.6, 0.8])
    >>> bool(abs(landauer_budget_of(budget, 2).equality.residual) < 1e-13)
    True
    """
    decrease = budget.system_entropy_before - budget.system_entropy_after
    # What the environments have in common with each other is part of how far they are from their product together.
    among = budget.total_correlation - budget.mutual_information
    return LandauerBudget(
        entropy_decrease=decrease,
        cost=budget.entropy_flux,
        mutual_information=budget.mutual_information,
        displacement=budget.environment_displacement.sum(axis=-1) + among,
        equality=budget.laws.reeb_wolf,
        finite_size_bound=decrease + finite_size_excess(decrease, dimension),
        simple_bound=decrease + simple_finite_size_excess(decrease, dimension),
    )


def largest_surprisal_variance(dimension: int) -> float:
    r"""Return the largest variance of -ln p that any distribution over so many outcomes has, in nats squared.

    .. math:: N_d = \max_r r(1-r)\ln^2\frac{(1-r)(d-1)}{r}

    Parameters
    ----------
    dimension : int
        d ≥ 1.

    Raises
    ------
    InputError
        If it is not a positive whole number.

    Notes
    -----
    :cite:t:`reeb2014`, :cite:t:`reeb2015`. One outcome has the probability 1 - r and the others share r evenly; at the
    maximum (1 - 2r) ln[(1-r)(d-1)/r] = 2, which has one root below r = 1/2. N_d ≤ ln²(d-1)/4 + 1.

    Examples
    --------
    >>> [round(largest_surprisal_variance(d), 7) for d in (1, 2, 3, 4, 8)]
    [0.0, 0.4392288, 0.7618022, 1.0234906, 1.776574]
    """
    if isinstance(dimension, bool) or not isinstance(dimension, (int, np.integer)) or dimension < 1:
        raise InputError(f"`dimension` must be a positive whole number, but it is {dimension!r}.")
    if dimension == 1:
        return 0.0
    others = math.log(dimension - 1)
    # In x = ln[(1-r)/r], so that nothing is lost for r near 0: tanh(x/2) (x + ln(d-1)) = 2.
    root = brentq(lambda x: math.tanh(x / 2) * (x + others) - 2, 0.0, 4.0, xtol=1e-15, rtol=1e-15)
    return float((root + others) ** 2 / (2 * math.cosh(root / 2)) ** 2)


def finite_size_excess(entropy_decrease: Any, dimension: int) -> RealArray:
    r"""Return the least S(ρ'_R‖ρ_R) of a reservoir of that dimension that has taken so much entropy, in nats.

    .. math:: S(\rho_R'\|\rho_R) \ge \frac{(\Delta S)^2}{2N_d}\quad\text{for}\quad \Delta S\ge 0

    Parameters
    ----------
    entropy_decrease : (...)
        ΔS of the system; where it is negative, the bound is zero.
    dimension : int
        d of the reservoir.

    Returns
    -------
    (...)
        ``inf`` where a reservoir of one state is to take entropy.

    Notes
    -----
    :cite:t:`reeb2014`, :cite:t:`reeb2015`. The reservoir's own entropy grows by ΔS + I ≥ ΔS. On the way from ρ_R to the
    Gibbs state of that entropy, the nearest one, dS(ρ'‖ρ)/dS = 1/s - 1 and -d(ln s)/dS = 1/V with the variance
    V ≤ N_d. This gives even N(e^{ΔS/N} - ΔS/N - 1), of which the bound is the first term.

    Examples
    --------
    >>> finite_size_excess(np.array([0.5, -0.5]), 2).round(6)
    array([0.28459, 0.     ])
    """
    return _quadratic(entropy_decrease, 2 * largest_surprisal_variance(dimension))


def simple_finite_size_excess(entropy_decrease: Any, dimension: int) -> RealArray:
    r"""Return the bound of :func:`finite_size_excess` without a root to find, in nats.

    .. math:: S(\rho_R'\|\rho_R) \ge \frac{2(\Delta S)^2}{\ln^2(d-1) + 4}\quad\text{for}\quad \Delta S\ge 0

    Examples
    --------
    >>> simple_finite_size_excess(np.array([0.5, -0.5]), 2).round(6)
    array([0.125, 0.   ])
    """
    largest_surprisal_variance(dimension)  # for its check
    return _quadratic(entropy_decrease, 0.0 if dimension == 1 else (math.log(dimension - 1) ** 2 + 4) / 2)


def _quadratic(decrease: Any, divisor: float) -> RealArray:
    taken = np.asarray(as_real_values(decrease, "`entropy_decrease`"))
    taken = np.where(taken > 0, taken, 0.0)
    if divisor == 0:
        # Round-off of an entropy is not entropy that one state could not take.
        return np.asarray(np.where(taken > 1e-12, np.inf, 0.0))[()]
    return np.asarray(taken**2 / divisor)[()]
