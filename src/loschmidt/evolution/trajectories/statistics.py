"""What trajectories average to: means with their errors, exponential averages, and how many samples carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loschmidt.evolution.trajectories.histogram import TrajectoryHistogram

__all__ = ["TrajectoryAverage", "TrajectoryStatistics"]


@dataclass(frozen=True)
class TrajectoryAverage:
    """Mean of a quantity over trajectories.

    Attributes
    ----------
    value : float
        The mean; ``inf`` where a trajectory of infinite value has a probability.
    variance : float
        Of a single trajectory; ``inf`` where it exceeds what a number can hold.
    error : float
        Standard error of a sampled mean, bound of the round-off of an exact one.
    effective_samples : float
        (Σ w)²/Σ w² of a sampled exponential average with the weights w = e^{-σ}, :cite:t:`kish1965`: how many samples
        carry it. Where that is of the order of ten, the standard error is not to be trusted. For other sampled means
        the number of samples, for exact ones ``inf``.
    """

    value: float
    variance: float
    error: float
    effective_samples: float


@dataclass(frozen=True, eq=False)
class TrajectoryStatistics:
    """Statistics of two-point-measurement trajectories, in nats.

    Attributes
    ----------
    method : str
        "enumeration" or "sampling".
    trajectories : int
        Trajectories (α, μ, n, β, ν, m) that can occur, all of them summed, or samples drawn.
    probability : float
        Sum of the probabilities of all enumerated trajectories, 1 up to round-off; 1 for samples.
    infinite_probability : float
        Probability of σ = ∞: an environment at β = ∞ that ends outside its ground level.
    entropy_production : TrajectoryAverage
        σ = ln(p_α q_μ / p'_β q_ν).
    population_entropy_production : TrajectoryAverage
        σ_d = ln(p_n q_μ / p'_m q_ν).
    coherence_entropy_production : TrajectoryAverage
        ξ = ln(p_α p'_m / p'_β p_n) = σ - σ_d.
    exponential, population_exponential, coherence_exponential : TrajectoryAverage
        e^{-σ}, e^{-σ_d} and e^{-ξ}.
    histogram, population_histogram, coherence_histogram : TrajectoryHistogram or None
        Of σ, σ_d and ξ, if asked for.
    """

    method: str
    trajectories: int
    probability: float
    infinite_probability: float
    entropy_production: TrajectoryAverage
    population_entropy_production: TrajectoryAverage
    coherence_entropy_production: TrajectoryAverage
    exponential: TrajectoryAverage
    population_exponential: TrajectoryAverage
    coherence_exponential: TrajectoryAverage
    histogram: TrajectoryHistogram | None
    population_histogram: TrajectoryHistogram | None
    coherence_histogram: TrajectoryHistogram | None

    @classmethod
    def of(
        cls,
        method: str,
        trajectories: int,
        probabilities: tuple[float, float],
        means: Sequence[TrajectoryAverage],
        exponentials: Sequence[TrajectoryAverage],
        histograms: Sequence[TrajectoryHistogram | None],
    ) -> TrajectoryStatistics:
        """Return the statistics, given total and infinite probability, then each for σ, σ_d and ξ."""
        return cls(
            method=method,
            trajectories=trajectories,
            probability=probabilities[0],
            infinite_probability=probabilities[1],
            entropy_production=means[0],
            population_entropy_production=means[1],
            coherence_entropy_production=means[2],
            exponential=exponentials[0],
            population_exponential=exponentials[1],
            coherence_exponential=exponentials[2],
            histogram=histograms[0],
            population_histogram=histograms[1],
            coherence_histogram=histograms[2],
        )
