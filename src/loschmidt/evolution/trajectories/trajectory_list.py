"""Trajectories one by one: what was found at each end, and the entropies that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.trajectories.two_point import TwoPointMeasurement
from loschmidt.typing import BooleanArray, IntegerArray, RealVector

__all__ = ["Trajectories", "iterate_trajectories"]


@dataclass(frozen=True, eq=False)
class Trajectories:
    """A list of two-point-measurement trajectories (k,), and what their entropies are.

    Attributes
    ----------
    measurement : TwoPointMeasurement
        To which the indices refer.
    start, end : (k,)
        Eigenstates α of ρ_S and β of ρ'_S.
    environment_start, environment_end : (k,)
        Environment states μ and ν.
    level_start, level_end : (k,)
        Levels n and m of the second record. They are independent draws: E_n + E_μ and E_m + E_ν may differ.

    Examples
    --------
    >>> from loschmidt.evolution.trajectories.two_point import two_point_measurement
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> reset = ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.log(3)))
    >>> (trajectories,) = iterate_trajectories(two_point_measurement(reset, [0, 1]))
    >>> trajectories.entropy_production.round(6), trajectories.forward_probability.round(6)
    (array([1.386294, 1.386294]), array([0.25, 0.75]))
    """

    measurement: TwoPointMeasurement
    start: IntegerArray
    environment_start: IntegerArray
    level_start: IntegerArray
    end: IntegerArray
    environment_end: IntegerArray
    level_end: IntegerArray

    def __len__(self) -> int:
        """Return the number of trajectories."""
        return len(self.start)

    def where(self, chosen: BooleanArray) -> Trajectories:
        """Return those trajectories for which `chosen` (k,) is true."""
        columns = (self.start, self.environment_start, self.level_start, self.end, self.environment_end, self.level_end)
        return Trajectories(self.measurement, *(column[chosen] for column in columns))

    @property
    def entropy_flux(self) -> RealVector:
        """ln(q_μ / q_ν) (k,), in nats; ``inf`` where the environment ends in a state without population."""
        log_q = self.measurement.log_environment
        return np.asarray(log_q[self.environment_start] - log_q[self.environment_end])

    @property
    def entropy_production(self) -> RealVector:
        """σ = ln(p_α q_μ / p'_β q_ν) (k,), in nats."""
        before, after = self.measurement.initial.log_populations, self.measurement.final.log_populations
        return np.asarray(before[self.start] - after[self.end] + self.entropy_flux)

    @property
    def population_entropy_production(self) -> RealVector:
        """σ_d = ln(p_n q_μ / p'_m q_ν) (k,), in nats."""
        before, after = self.measurement.initial.log_level_populations, self.measurement.final.log_level_populations
        return np.asarray(before[self.level_start] - after[self.level_end] + self.entropy_flux)

    @property
    def coherence_entropy_production(self) -> RealVector:
        """ξ = ln(p_α p'_m / p'_β p_n) (k,), in nats."""
        initial, final = self.measurement.initial, self.measurement.final
        before = initial.log_populations[self.start] - initial.log_level_populations[self.level_start]
        after = final.log_populations[self.end] - final.log_level_populations[self.level_end]
        return np.asarray(before - after)

    @property
    def reversible(self) -> BooleanArray:
        """Whether each trajectory (k,) can occur forward: it starts in the supports of ρ_S and of the environment."""
        initial = self.measurement.initial
        inside = initial.occupied[self.start] & initial.occupied_levels[self.level_start]
        possible: BooleanArray = inside & self.measurement.environment_occupied[self.environment_start]
        return possible

    @property
    def forward_probability(self) -> RealVector:
        """Probability (k,) of each trajectory in the forward process, with both records."""
        before = self.measurement.initial.populations[self.start]
        return np.asarray(before * self.measurement.environment[self.environment_start] * self._conditional)

    @property
    def backward_probability(self) -> RealVector:
        """Probability (k,) of each trajectory's reverse in the backward process, with both records."""
        after = self.measurement.final.populations[self.end]
        return np.asarray(after * self.measurement.environment[self.environment_end] * self._conditional)

    @property
    def _conditional(self) -> RealVector:
        """T(βν|αμ) p_{n|α} p'_{m|β} (k,)."""
        initial, final = self.measurement.initial, self.measurement.final
        records = initial.level_given_eigenstate[self.level_start, self.start]
        records = records * final.level_given_eigenstate[self.level_end, self.end]
        starts = np.stack([self.start, self.environment_start])
        unique, inverse = np.unique(starts, axis=1, return_inverse=True)
        outcomes = self.end * self.measurement.dims[1] + self.environment_end
        probabilities = np.empty(len(self))
        order = np.argsort(inverse, kind="stable")
        edges = np.searchsorted(inverse[order], np.arange(unique.shape[1] + 1))
        for states in self.measurement.start_groups(unique.shape[1]):
            rows = self.measurement.outcome_probabilities(unique[0, states], unique[1, states])
            chosen = order[edges[states[0]] : edges[states[-1] + 1]]
            probabilities[chosen] = rows[inverse[chosen] - states[0], outcomes[chosen]]
        return np.asarray(records * probabilities)


def iterate_trajectories(measurement: TwoPointMeasurement, chunk: int = 2**18) -> Iterator[Trajectories]:
    """Return all trajectories that can occur, with both records, in portions.

    Parameters
    ----------
    measurement : TwoPointMeasurement
    chunk : int
        About how many trajectories a portion may have; those from one environment state stay together.

    Raises
    ------
    InputError
        If `chunk` is not positive.

    Notes
    -----
    There are up to d_S⁴ d_E² of them. For sums over all use
    :func:`~loschmidt.evolution.trajectories.enumeration.enumerate_trajectories`, which is d_S² times as fast.
    """
    if chunk < 1:
        raise InputError(f"`chunk` must be at least 1, but it is {chunk}.")
    initial, final = measurement.initial, measurement.final
    d, e = measurement.dims
    states = np.nonzero(measurement.environment_occupied)[0]
    width = max(1, chunk // (d**4 * e))
    for first in range(0, len(states), width):
        members = states[first : first + width]
        probabilities = measurement.transition_probabilities(members)
        possible = (probabilities > 0) & initial.occupied[:, None] & final.occupied[:, None, None, None]
        beta, nu, alpha, at = np.nonzero(possible)
        # Each transition with every pair of levels that its ends can show.
        records = (initial.level_given_eigenstate > 0)[:, alpha].T & initial.occupied_levels
        records_end = (final.level_given_eigenstate > 0)[:, beta].T & final.occupied_levels
        transition, n, m = np.nonzero(records[:, :, None] & records_end[:, None, :])
        yield Trajectories(
            measurement, alpha[transition], members[at[transition]], n, beta[transition], nu[transition], m
        )
