"""A pseudospin that meets the same flip systems lap after lap, and how fast they must forget for entropy to grow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.collisions._border import as_count, as_probability
from loschmidt.processes.collisions.chain import CollisionChain, collision_chain
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["LapModel", "ReturnThreshold", "lap_model", "return_threshold"]

_ROUND_OFF = 1e-12


@dataclass(frozen=True)
class ReturnThreshold:
    """How much a two-level system must have forgotten at the first return for the entropy not to fall.

    Attributes
    ----------
    memory : float
        Largest (1 - r)^n, the probability that the system has not been replaced.
    reset : float
        r*, the smallest loss of memory per step.
    time_ratio : float
        Smallest t_ret/τ_m, return time over memory time; ``inf`` where only fresh systems will do.

    Examples
    --------
    >>> round(return_threshold(0.2).time_ratio, 6)
    0.980829
    """

    memory: float
    reset: float
    time_ratio: float


def return_threshold(p_up: float, returns_after: int = 1) -> ReturnThreshold:
    r"""Return the loss of memory from which on the entropy of a walker that returns to a flip system cannot fall.

    .. math:: (1-r)^n \le \frac{|\mu|}{1+|\mu|},\quad \mu = 1-2p
        \quad\Longleftrightarrow\quad \frac{t_{ret}}{\tau_m} \ge \ln\frac{2(1-p)}{1-2p}\quad(p<\tfrac12)

    Parameters
    ----------
    p_up : float
        Probability p that a fresh system is ↑ and flips the pseudospin; ↓ leaves it alone.
    returns_after : int
        Steps n between two visits of the same system, each with the loss r.

    Returns
    -------
    ReturnThreshold
        Memory 0 and r* = 1 at p = ½, where one visit erases all; the same for p and 1 - p, because a flip that always
        happens is a rotation; any memory will do at p = 0 and p = 1, where nothing is random.

    Raises
    ------
    InputError, NotFiniteError
        If p is no probability or n no positive whole number.

    Notes
    -----
    The map between the first visit and the first return multiplies the polarisation across the flip by
    ((1 - q)μ² + q)/μ with q = (1 - r)^n. It is completely positive, and unital, as long as that is at most 1 in size:
    then no state can lose entropy. Later returns obey f_{j+1} = (1 - q)μ + q/f_j with f_0 = μ, a sequence that
    approaches its fixed point from alternating sides, so that the first return is the strictest. The condition makes
    "faster than the return time" of :cite:t:`lesovik2016` a number. At r* = 1 - (…)^{1/n} equality holds.

    Examples
    --------
    >>> round(return_threshold(0.2, 3).reset, 6)
    0.278875
    """
    p, n = as_probability(p_up, "p_up"), as_count(returns_after, "returns_after")
    mu = abs(1 - 2 * p)
    if mu == 1:
        return ReturnThreshold(1.0, 0.0, 0.0)
    memory = mu / (1 + mu)
    if memory == 0:
        return ReturnThreshold(0.0, 1.0, math.inf)
    return ReturnThreshold(memory, -math.expm1(math.log(memory) / n), -math.log(memory))


@dataclass(frozen=True)
class LapModel:
    r"""A pseudospin on a circular track past M flip systems, one a step; build it with :func:`lap_model`.

    Attributes
    ----------
    systems : int
        M, also the number of steps until the pseudospin returns.
    p_up : float
        Probability that a fresh system is ↑ and flips it.
    reset : float
        Probability r with which each system is replaced by a fresh one after every step.

    Examples
    --------
    >>> lap = lap_model(2, p_up=0.2, reset=0.0)
    >>> lap.entropies(4).round(6) + 0.0
    array([0.      , 0.500402, 0.626869, 0.500402, 0.      ])
    """

    systems: int
    p_up: float
    reset: float

    @property
    def threshold(self) -> ReturnThreshold:
        """From which loss of memory on the entropy cannot fall."""
        return return_threshold(self.p_up, self.systems)

    @property
    def is_monotone(self) -> bool:
        """Whether the entropy of no state can fall, at the first return or any later one."""
        return (1 - self.reset) ** self.systems <= self.threshold.memory * (1 + _ROUND_OFF)

    def polarisations(self, steps: int) -> RealVector:
        """Return Π(t) (T + 1,), by which the polarisation across the flip has shrunk after each step.

        Each system makes a product over its visits of signs that are correlated through its memory q = (1 - r)^M; the
        mean over j visits obeys a_{j+1} = (1 - q)μ a_j + q a_{j-1}. Systems are independent, so the means multiply.
        """
        count, m = as_count(steps, "steps"), self.systems
        mu, q = 1 - 2 * self.p_up, (1 - self.reset) ** self.systems
        means = [1.0, mu]
        while len(means) < count // m + 2:
            means.append((1 - q) * mu * means[-1] + q * means[-2])
        laps, rest = np.divmod(np.arange(count + 1), m)
        by_visits = np.array(means)
        return np.asarray(by_visits[laps + 1] ** rest * by_visits[laps] ** (m - rest))

    def entropies(self, steps: int) -> RealVector:
        """Return S(t) = h((1 - Π)/2) (T + 1,) of a pseudospin that starts polarised along z, in nats."""
        polarisation = self.polarisations(steps)
        return np.asarray(entropy_of_spectrum(np.stack([(1 - polarisation) / 2, (1 + polarisation) / 2], axis=-1)))

    def maps(self, steps: int) -> ComplexMatrix:
        """Return the dynamical maps Φ_0, …, Φ_T as superoperators (T + 1, 4, 4) on column-stacked states.

        Φ = (1 + Π)/2 · ρ + (1 - Π)/2 · σ_x ρ σ_x.
        """
        kept = (1 + self.polarisations(steps)) / 2
        return kept[:, None, None] * np.eye(4) + (1 - kept)[:, None, None] * np.eye(4, dtype=np.complex128)[::-1]

    @cached_property
    def chain(self) -> CollisionChain:
        """The same as an exact collision chain on the joint state of pseudospin and systems."""
        one = self.dilation
        return collision_chain(one.unitary, one.reservoir_state, memory=self.reset, ancillas=self.systems)

    @cached_property
    def dilation(self) -> Dilation:
        """One collision: σ_x on the pseudospin if the system is ↑."""
        flip = np.kron([[0, 1], [1, 0]], np.diag([1, 0])) + np.kron(np.eye(2), np.diag([0, 1]))
        return Dilation(flip, np.diag([self.p_up, 1 - self.p_up]), (2, 2))

    @property
    def channel(self) -> Channel:
        """What one collision with a fresh system does."""
        return self.dilation.channel


def lap_model(systems: int, *, p_up: float, reset: float) -> LapModel:
    """Return the model of a pseudospin that circulates past flip systems; see :class:`LapModel`.

    Parameters
    ----------
    systems : int
        M, at least 1.
    p_up : float
        From 0 to 1.
    reset : float
        r from 0 (the systems remember everything) to 1 (fresh systems).

    Raises
    ------
    InputError, NotFiniteError
        If an argument is not what it must be.

    Notes
    -----
    :cite:t:`lesovik2016`, after Fig. 3, reduced to what returns: the polarisation and the memory.

    Examples
    --------
    >>> lap_model(1, p_up=0.2, reset=0.63).is_monotone, lap_model(1, p_up=0.2, reset=0.62).is_monotone
    (True, False)
    """
    return LapModel(as_count(systems, "systems"), as_probability(p_up, "p_up"), as_probability(reset, "reset"))
