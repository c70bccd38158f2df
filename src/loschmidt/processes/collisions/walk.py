"""A walker among two-level systems that remember: entropy flows back as long as they do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from loschmidt.checks import as_density_matrix, as_real_values, as_unitary
from loschmidt.errors import InputError, ResourceError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.collisions._border import MEMORY_LIMIT, as_count, as_probability, check_memory
from loschmidt.processes.collisions._superoperators import superoperators_from_runs
from loschmidt.processes.collisions._walk_elements import ElementTable, shifted_positions
from loschmidt.processes.collisions._walk_states import (
    FreshWalk,
    PartialWalk,
    RetainedWalk,
    WalkParameters,
    WalkState,
)
from loschmidt.processes.collisions.walk_run import WalkRun, follow_walk
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.typing import ArrayLike, ComplexMatrix, OperatorLike, RealVector, StateLike

__all__ = ["TwoLevelWalk", "two_level_walk"]

_LARGEST_JOINT = 1024
_MANY_SITES = 40

Method = Literal["fresh", "retained", "partial"]

_SIZES: dict[Method, str] = {
    "fresh": "The walk on {0} sites, a matrix {1} × {1},",
    "retained": "The walk on {0} sites with retained systems, one for each of their 2^{0} configurations,",
    "partial": "The walk on {0} sites with partial memory, resolved by 2^{0} configurations,",
}
_REMEDIES: dict[Method, str] = {
    "fresh": "Use fewer sites",
    "retained": "Use fewer sites, or fresh systems (reset = 1), whose cost grows as the square of the sites",
    "partial": "Use fewer sites; or correlations=False, for half the memory; or fresh systems (reset = 1), whose cost "
    "grows as the square of the sites",
}


@dataclass(frozen=True, eq=False)
class TwoLevelWalk:
    """A quantum walk on a ring whose coin at each site is set by a two-level system; see :func:`two_level_walk`.

    Attributes
    ----------
    coins_up, coins_down : (M, 2, 2)
        Coin of each site while its system is ↑ or ↓.
    p_up : (M,)
        Probability of ↑ in a fresh system.
    reset : float
        Probability r with which a system is replaced by a fresh one after a step.

    Examples
    --------
    >>> walk = two_level_walk(3, reset=0.0)
    >>> walk.run(12).entropies.round(3)[[1, 2, 4, 12]] + 0.0
    array([0.693, 1.386, 1.213, 0.   ])
    """

    coins_up: ComplexMatrix
    coins_down: ComplexMatrix
    p_up: RealVector
    reset: float

    @property
    def sites(self) -> int:
        """Number M of sites."""
        return len(self.p_up)

    @property
    def dimension(self) -> int:
        """Dimension 2M of the walker; basis state 2x + c is at site x and moves right (c = 0) or left (c = 1)."""
        return 2 * self.sites

    @property
    def memory_time(self) -> float:
        """τ_m in steps, from r = 1 - e^{-1/τ_m}: 0 for fresh, ``inf`` for retained systems."""
        if self.reset == 1:
            return 0.0
        return float("inf") if self.reset == 0 else float(-1 / np.log1p(-self.reset))

    def run(
        self,
        steps: int,
        initial: StateLike | None = None,
        *,
        correlations: bool = True,
        keep_states: bool = False,
        memory_limit: float = MEMORY_LIMIT,
        report: Callable[[float], None] | None = None,
    ) -> WalkRun:
        """Follow the walker exactly, its entropy and its correlation with the two-level systems.

        Parameters
        ----------
        steps : int
            Number of steps, at least 1.
        initial : (2M, 2M) or ket (2M,), optional
            State of the walker, uncorrelated with the systems; at site 0 moving right if not given.
        correlations : bool
            Whether to compute the mutual information, for partial memory the longer part of a run.
        keep_states : bool
            Whether to keep the walker's density matrix after each step.
        memory_limit : float
            Bytes that the run may take.
        report : callable, optional
            Called with the finished fraction after each step.

        Returns
        -------
        WalkRun

        Raises
        ------
        ResourceError
            If the run would take more memory, with the estimate and what to do.
        NotAStateError, ShapeError, InputError
            If an argument is not what it must be.

        Notes
        -----
        Fresh systems (r = 1) cost (2M)² a step. Retained ones (r = 0) are one pure walk per configuration, 2^M·2M
        amplitudes for each state in the mixture that the walker starts in. In between, each element of ρ is resolved
        by configuration: at most 2^M·M(2M + 1) numbers, one quarter of them on an even ring that the walker enters at
        one site, and 60 operations a number and step.
        """
        count = as_count(steps, "steps")
        state = self._initial(initial)
        kept = 16 * (count + 1) * self.dimension**2 if keep_states else 0
        walk = self._start(state, count, memory_limit, kept, correlations=correlations)
        memory_entropy = self._parameters.memory_entropy
        return follow_walk(walk, self.dimension, count, memory_entropy if correlations else None, keep_states, report)

    def maps(
        self, steps: int, *, memory_limit: float = MEMORY_LIMIT, report: Callable[[float], None] | None = None
    ) -> ComplexMatrix:
        """Return the dynamical maps Φ_0, …, Φ_T as superoperators (T + 1, 4M², 4M²) on column-stacked states.

        Raises
        ------
        ResourceError, InputError
            As :meth:`run`; the maps themselves take 256 M⁴ bytes each.

        Examples
        --------
        >>> two_level_walk(1, reset=1.0).maps(1)[1].real.diagonal()
        array([0.5, 0.5, 0.5, 0.5])
        """
        count, d = as_count(steps, "steps"), self.dimension
        kept = 2 * 16 * (count + 1) * d**4

        def run(operator: ComplexMatrix) -> ComplexMatrix:
            walk = self._start(operator, count, memory_limit, kept, correlations=False)
            states = [walk.matrix()]
            for _ in range(count):
                walk.advance()
                states.append(walk.matrix())
            return np.array(states)

        return superoperators_from_runs(run, d, report)

    @cached_property
    def channel(self) -> Channel:
        """What one step does to a walker that is not correlated with the systems."""
        # Nothing has been met twice yet, so the memory does not matter.
        return Channel.from_superoperator(replace(self, reset=1.0).maps(1)[1])

    @cached_property
    def dilation(self) -> Dilation:
        """One step as a unitary on the walker and all systems, ↑ first, site 0 first; up to 1024 dimensions.

        Raises
        ------
        ResourceError
            Beyond.
        """
        configurations = 2**self.sites
        if (size := self.dimension * configurations) > _LARGEST_JOINT:
            raise ResourceError(
                f"The joint unitary of {self.sites} sites has {size} dimensions (at most {_LARGEST_JOINT} are "
                f"accepted). Use fewer sites, or `run`, which never makes it."
            )
        unitary = np.zeros((self.dimension, configurations, self.dimension, configurations), dtype=np.complex128)
        target, coins = shifted_positions(self.sites), self._parameters.coins
        for number in range(configurations):
            for x in range(self.sites):
                pair = slice(2 * x, 2 * x + 2)
                unitary[target[pair], number, pair, number] = coins[number >> (self.sites - 1 - x) & 1, x]
        state = np.ones(1)
        for site in self._parameters.probabilities.T:
            state = np.multiply.outer(state, site).reshape(-1)
        size = self.dimension * configurations
        return Dilation(unitary.reshape(size, size), np.diag(state), (self.dimension, configurations))

    def method(self, initial: StateLike | None = None) -> Method:
        """Return which algorithm :meth:`run` takes, by the memory and by the rank of the first state."""
        return self._method(self._initial(initial))

    def memory_bytes(self, steps: int, initial: StateLike | None = None, *, correlations: bool = True) -> float:
        """Return an estimate of what :meth:`run` takes, in bytes.

        Examples
        --------
        >>> two_level_walk(12, reset=0.1).memory_bytes(100, correlations=False) / 2**20
        3.03125
        """
        return self._bytes(self._initial(initial), as_count(steps, "steps"), correlations=correlations)

    @cached_property
    def _parameters(self) -> WalkParameters:
        coins, p_up = np.stack([self.coins_up, self.coins_down]), self.p_up
        return WalkParameters(coins, np.stack([p_up, 1 - p_up]), self.reset)

    def _initial(self, initial: StateLike | None) -> ComplexMatrix:
        if initial is None:
            first = np.zeros((self.dimension, self.dimension), dtype=np.complex128)
            first[0, 0] = 1
            return first
        state = as_density_matrix(initial, "initial", self.dimension)
        if state.ndim != 2:
            raise ShapeError(f"`initial` must be one state ({self.dimension}, {self.dimension}), not {state.shape}.")
        return state

    def _method(self, state: ComplexMatrix) -> Method:
        if self.reset == 1:
            return "fresh"
        return "retained" if self.reset == 0 and self._rank(state) <= self.sites else "partial"

    def _rank(self, state: ComplexMatrix) -> int:
        # Where 2^M is out of reach whatever the rank, it is not worth finding.
        return int(np.linalg.matrix_rank(state, hermitian=True)) if self.sites <= _MANY_SITES else 1

    def _start(
        self, state: ComplexMatrix, steps: int, memory_limit: float, kept: int, *, correlations: bool
    ) -> WalkState:
        method = self._method(state)
        needed = kept + self._bytes(state, steps, correlations=correlations)
        remedy = _REMEDIES[method] if kept < needed / 2 else "Ask for fewer steps, or keep no states or maps"
        check_memory(needed, memory_limit, _SIZES[method].format(self.sites, self.dimension), remedy)
        kinds: dict[Method, Callable[[WalkParameters, ComplexMatrix], WalkState]]
        kinds = {"fresh": FreshWalk, "retained": RetainedWalk, "partial": PartialWalk}
        return kinds[method](self._parameters, state)

    def _bytes(self, state: ComplexMatrix, steps: int, *, correlations: bool) -> float:
        method = self._method(state)
        if method == "fresh":
            return 5 * 16.0 * self.dimension**2
        configurations = 2.0**self.sites if self.sites < sys.float_info.max_exp else float("inf")
        if method == "retained":
            return 16 * configurations * (self.dimension * self._rank(state) + 2)
        elements = self.dimension
        if self.sites <= _MANY_SITES:
            elements = ElementTable(self._parameters.coins, state != 0).touched(steps)
        return 16 * configurations * ((2 if correlations else 1) * elements + 0.5)


def two_level_walk(
    sites: int,
    *,
    reset: float,
    p_up: ArrayLike = 0.5,
    coin_up: OperatorLike | None = None,
    coin_down: OperatorLike | None = None,
) -> TwoLevelWalk:
    r"""Return a walk on a ring with a two-level system at every site.

    One step: the coin :math:`S_\uparrow` or :math:`S_\downarrow` acts on the walker's direction, as the system at its
    site says; right movers go one site up, left movers one down; each system is replaced by a fresh one with
    probability r.

    Parameters
    ----------
    sites : int
        M, at least 1. A walker that starts at one site does not feel that the line is closed for (M - 1)/2 steps.
    reset : float
        r from 0 (the systems remember everything) to 1 (fresh systems). For a memory time τ_m it is
        :math:`1-e^{-\Delta t/\tau_m}`, for a partial swap with a fresh system :math:`\sin^2\varphi`.
    p_up : float or (M,)
        Probability of ↑ in a fresh system.
    coin_up, coin_down : (2, 2) or (M, 2, 2), optional
        Unitary coins; a mirror σ_x for ↑ and nothing for ↓ if not given.

    Returns
    -------
    TwoLevelWalk

    Raises
    ------
    InputError, NotUnitaryError, ShapeError, NotFiniteError
        If an argument is not what it must be.

    Notes
    -----
    The model of :cite:t:`lesovik2016`, Fig. 3, on a ring. Each coin is controlled by its system, so coherence between
    ↑ and ↓ never reaches the walker, and dephasing the systems changes nothing; only loss of their *population* does.

    Examples
    --------
    >>> fresh = two_level_walk(8, reset=1.0).run(30)
    >>> fresh.is_monotone(), round(float(fresh.entropies[-1] - np.log(8)), 6)
    (True, -0.0)
    """
    m = as_count(sites, "sites")
    probabilities = np.asarray(as_real_values(p_up, "`p_up`"))
    if probabilities.shape not in ((), (m,)):
        raise ShapeError(f"`p_up` must be one probability or {m} of them, but its shape is {probabilities.shape}.")
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise InputError(f"`p_up` must be from 0 to 1, but it is {probabilities.tolist()}.")
    memory = as_probability(reset, "reset", ends=", retained to fresh")
    mirror, nothing = [[0, 1], [1, 0]], [[1, 0], [0, 1]]
    return TwoLevelWalk(
        _as_coins(mirror if coin_up is None else coin_up, "coin_up", m),
        _as_coins(nothing if coin_down is None else coin_down, "coin_down", m),
        np.broadcast_to(probabilities, (m,)).copy(),
        memory,
    )


def _as_coins(value: OperatorLike, name: str, sites: int) -> ComplexMatrix:
    coins = as_unitary(value, name, 2)
    if coins.shape not in ((2, 2), (sites, 2, 2)):
        raise ShapeError(f"`{name}` must be (2, 2) or ({sites}, 2, 2), but its shape is {coins.shape}.")
    return np.broadcast_to(coins, (sites, 2, 2)).copy()
