"""The outcome of an ensemble of trajectories: means with standard errors, histograms, and the fluctuation theorem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.jumps.channels import JumpChannel
from loschmidt.evolution.jumps.records import JumpRecords
from loschmidt.evolution.jumps.statistics import JumpHistogram
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["EntropyStatistics", "ExponentialAverage", "JumpTrajectories"]


@dataclass(frozen=True)
class ExponentialAverage:
    """The mean of e^{-x} over trajectories.

    Attributes
    ----------
    mean, error : float
        With its standard error, which is itself poorly known where few trajectories carry the mean.
    effective_size : float
        (Σ w)² / Σ w² for the weights w = e^{-x}: how many trajectories carry the mean.

    Examples
    --------
    >>> ExponentialAverage(mean=0.99, error=0.01, effective_size=1200.0).error
    0.01
    """

    mean: float
    error: float
    effective_size: float


@dataclass(frozen=True, eq=False)
class EntropyStatistics:
    """Entropy production of the trajectories, in nats.

    Attributes
    ----------
    production, production_error : float
        Mean of σ = ln p_α - ln p'_β + Σ s, with its standard error: what the state lost in surprise, plus what jumps
        gave to the baths. ``inf`` if some trajectory has an infinite σ.
    population, population_error, coherence, coherence_error : float
        Means of the parts σ_d and ξ = σ - σ_d, from energy records at both ends.
    flow, flow_error : (n_baths,)
        Mean entropy given to each bath.
    infinite_share : float
        Share of trajectories with an infinite σ, those with a jump whose reverse is impossible.
    exponential : ExponentialAverage
        Mean of e^{-σ}, which the integral fluctuation theorem says is 1 - λ.
    population_exponential, coherence_exponential : ExponentialAverage
        Means of e^{-σ_d} and e^{-ξ}, for which there is no theorem with coherence.
    absolute_irreversibility : float
        λ, computed without sampling: the probability that the reversed process leads to where no trajectory starts.
    rare_weight : float
        Part of 1 - λ, computed without sampling, that rests on first outcomes or on channels met fewer than 50 times:
        what the sampled mean of e^{-σ} may lack.
    exponential_deviation : float
        Standard deviation of e^{-σ} without these, computed without sampling; ``inf`` where it is beyond computing. It
        says how many trajectories it takes, which the sample itself does not know.
    balance_defect : float
        By how much the jumps break local detailed balance, relative to the largest rate; the theorem needs zero.

    Examples
    --------
    >>> from loschmidt.evolution.jumps import jump_trajectories
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> pure = jump_trajectories(process, [0, 1], [0.0, 5.0], 500, np.random.default_rng(1)).entropy
    >>> 0 < pure.absolute_irreversibility < 1
    True
    """

    production: float
    production_error: float
    population: float
    population_error: float
    coherence: float
    coherence_error: float
    flow: RealVector
    flow_error: RealVector
    infinite_share: float
    exponential: ExponentialAverage
    population_exponential: ExponentialAverage
    coherence_exponential: ExponentialAverage
    absolute_irreversibility: float
    rare_weight: float
    exponential_deviation: float
    balance_defect: float


@dataclass(frozen=True, eq=False)
class JumpTrajectories:
    """An ensemble of quantum-jump trajectories; made by :func:`~loschmidt.evolution.jumps.jump_trajectories`.

    Energies in the unit of the Hamiltonian; heat and work are positive when they enter the system. Every mean comes
    with its standard error, which is zero at the first time.

    Attributes
    ----------
    process : Generator or DrivenGenerator
        What happened.
    evolution : Evolution
        The master equation's solution at the same times, whose numbers the means estimate.
    times : (T,)
        Output times.
    count : int
        Number of trajectories.
    key : tuple of int
        The two words that, with the number of a trajectory, fix all its random numbers.
    method : str
        Short name of the algorithm.
    error : float
        Largest error of the tabulated propagators, by which jump times are off; zero where none are needed.
    channels : tuple of JumpChannel
        What is counted.
    heat, heat_error : (T, n_baths)
        Heat that entered from each bath since the first time; NaN where it was not computed.
    work, work_error : (T,) or None
        Work ∫ <dE/dt> dt done by the drive; None without a drive or where it was not computed.
    switching_work, switching_work_error : (T,) or None
        Energy that entered because E is not conserved by the Hamiltonian; None where it is, or was not computed.
    particles, particles_error : (T, n_baths)
        Particles that entered from each bath; the error is an upper bound.
    jumps, jumps_error : (T, C)
        Number of jumps in each channel.
    energy_change, energy_change_error : float
        Mean energy of the last outcome less that of the first.
    backaction, backaction_error : float
        What heat, work, switching work and chemical work leave of it: the energy that measurement moves when there is
        coherence. Its mean is zero; NaN where a part was not computed.
    states : (T, d, d) or None
        Mean projectors on the states, if they were asked for.
    states_error : (T,) or None
        Standard error of each, as a Frobenius norm.
    entropy : EntropyStatistics or None
        None where a bath has neither a temperature nor reverse jumps.
    histograms : mapping from str to JumpHistogram
        Of ``entropy_production``, ``population_production``, ``coherence_production``, ``work`` and
        ``heat from <bath>``, as far as they are known.
    records : JumpRecords or None
        The numbers of each trajectory, if they were asked for.

    Examples
    --------
    >>> from loschmidt.evolution.jumps import jump_trajectories
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> ensemble = jump_trajectories(process, [0, 1], [0.0, 5.0], 500, np.random.default_rng(1))
    >>> ensemble.heat.shape, list(ensemble.jumps_of("cold")), len(ensemble.records)
    ((2, 1), [-1.0, 1.0], 500)
    """

    process: OpenSystem
    evolution: Evolution
    times: RealVector
    count: int
    key: tuple[int, int]
    method: str
    error: float
    channels: tuple[JumpChannel, ...]
    heat: RealMatrix
    heat_error: RealMatrix
    work: RealVector | None
    work_error: RealVector | None
    switching_work: RealVector | None
    switching_work_error: RealVector | None
    particles: RealMatrix
    particles_error: RealMatrix
    jumps: RealMatrix
    jumps_error: RealMatrix
    energy_change: float
    energy_change_error: float
    backaction: float
    backaction_error: float
    states: ComplexMatrix | None
    states_error: RealVector | None
    entropy: EntropyStatistics | None
    histograms: Mapping[str, JumpHistogram]
    records: JumpRecords | None

    @property
    def bath_names(self) -> tuple[str, ...]:
        """Names of the baths, in order."""
        return self.process.bath_names

    def jumps_of(self, bath: str) -> dict[float, float]:
        """Return the mean number of jumps until the last time by the quantum that each takes to `bath`."""
        found: dict[float, float] = {}
        for channel, number in zip(self.channels, self.jumps[-1], strict=True):
            if channel.bath == bath:
                found[channel.frequency] = found.get(channel.frequency, 0.0) + float(number)
        return dict(sorted(found.items(), key=lambda pair: (np.isnan(pair[0]), pair[0])))
