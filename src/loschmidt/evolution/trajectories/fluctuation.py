"""Fluctuation theorems: averages over all trajectories as traces of operators, and what the theorems demand of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, support_tolerance
from loschmidt.evolution.trajectories.measured_state import MeasuredState
from loschmidt.evolution.trajectories.statistics import TrajectoryAverage, TrajectoryStatistics
from loschmidt.evolution.trajectories.two_point import TwoPointMeasurement
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["FluctuationAverages", "FluctuationTheorems", "fluctuation_averages", "fluctuation_theorems"]

_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class FluctuationAverages:
    """Averages over all trajectories from closed formulas, in nats.

    Attributes
    ----------
    entropy_flux : float
        Mean of ln(q_μ / q_ν), the entropy that flows to the environment; -Σ β_α Q_α for Gibbs environments.
    entropy_production, population_entropy_production, coherence_entropy_production : float
        ⟨σ⟩ = ΔS(ρ_S) + flux, ⟨σ_d⟩ = ΔS(Δρ_S) + flux and ⟨ξ⟩ = -ΔC(ρ_S). The first is ``inf``, and so is the second, if
        the environment ends where it cannot start.
    exponential, population_exponential, coherence_exponential : float
        ⟨e^{-σ}⟩, ⟨e^{-σ_d}⟩ and ⟨e^{-ξ}⟩.
    absolute_irreversibility : float
        λ, the probability of backward trajectories that end where no forward one starts.
    mean_error, population_error, coherence_error : float
        Round-off of ⟨e^{-σ}⟩ and of the three means, of ⟨e^{-σ_d}⟩, and of ⟨e^{-ξ}⟩. The last two grow with the inverse
        of the smallest occupied level, which they divide by.
    """

    entropy_flux: float
    entropy_production: float
    population_entropy_production: float
    coherence_entropy_production: float
    exponential: float
    population_exponential: float
    coherence_exponential: float
    absolute_irreversibility: float
    mean_error: float
    population_error: float
    coherence_error: float

    @property
    def least_entropy_production(self) -> float:
        """-ln(1 - λ), which ⟨σ⟩ is not below; ``inf`` if no backward trajectory has a forward one."""
        return -math.log1p(-self.absolute_irreversibility) if self.absolute_irreversibility < 1 else math.inf


def fluctuation_averages(measurement: TwoPointMeasurement) -> FluctuationAverages:
    r"""Return the averages over all trajectories without visiting any.

    .. math::
        \langle e^{-\sigma}\rangle &= \mathrm{tr}[(\rho'_S\otimes\rho_E)\,U(\Pi_S\otimes\Pi_E)U^\dagger] = 1 - \lambda\\
        \langle e^{-\sigma_d}\rangle &= \mathrm{tr}[(B\otimes\rho_E)\,U(A\otimes\Pi_E)U^\dagger],\qquad
        A = \rho_S\,D[(\Delta\rho_S)^{-1}],\quad B = D'[\Delta\rho'_S]\\
        \langle e^{-\xi}\rangle &= \mathrm{tr}[(B'\otimes 1)\,U(A'\otimes\rho_E)U^\dagger],\qquad
        A' = \Pi_S\,D[\Delta\rho_S],\quad B' = \rho'_S\,D'[(\Delta\rho'_S)^{-1}]

    Π_S and Π_E project on the supports of the starts, D and D' keep the diagonal in the eigenbases of ρ_S and ρ'_S that
    are measured, Δ keeps what is inside the energy levels, and inverses are those on the support.

    Parameters
    ----------
    measurement : TwoPointMeasurement

    Notes
    -----
    :cite:t:`santos2019`, Eqs. (22) to (25) for the means. That ⟨e^{-σ}⟩, printed as 1 in Eq. (40), falls short of it by
    λ is the absolute irreversibility of :cite:t:`murashita2014` and :cite:t:`funo2015`. The two last averages are not
    in the literature cited here.

    Examples
    --------
    >>> from loschmidt.evolution.trajectories.two_point import two_point_measurement
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> reset = ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.log(3)))
    >>> averages = fluctuation_averages(two_point_measurement(reset, [0, 1]))
    >>> round(averages.entropy_production, 6), round(averages.absolute_irreversibility, 6)
    (1.386294, 0.75)
    """
    initial, final, q = measurement.initial, measurement.final, measurement.environment
    occupied = measurement.environment_occupied.astype(np.float64)
    ones = np.ones_like(q)
    support, kernel = _diagonal(initial, initial.occupied), _diagonal(initial, ~initial.occupied)
    joint = _environment_transfer(measurement, np.eye(initial.dimension), initial.state)
    flux, mean_error = _flux(measurement, joint @ q)
    entropies = [_entropy(one) for one in (initial.state, final.state, initial.pinched, final.pinched)]
    backward = _environment_transfer(measurement, final.state, support)
    lost = q @ _environment_transfer(measurement, final.state, kernel) @ ones + q @ backward @ (1 - occupied)
    before, after = _mean_in_eigenstates(initial), _mean_in_eigenstates(final)
    a, b = initial.populations * _inverse_in_eigenstates(initial), after
    populations = _environment_transfer(measurement, _diagonal(final, b), _diagonal(initial, a * initial.occupied))
    a, b = before, final.populations * _inverse_in_eigenstates(final)
    coherences = _environment_transfer(
        measurement, _diagonal(final, b * final.occupied), _diagonal(initial, a * initial.occupied)
    )
    population_exponential, coherence_exponential = float(q @ populations @ occupied), float((coherences @ q).sum())
    return FluctuationAverages(
        entropy_flux=flux,
        entropy_production=entropies[1] - entropies[0] + flux,
        population_entropy_production=entropies[3] - entropies[2] + flux,
        coherence_entropy_production=entropies[2] - entropies[0] - entropies[3] + entropies[1],
        exponential=float(q @ backward @ occupied),
        population_exponential=population_exponential,
        coherence_exponential=coherence_exponential,
        absolute_irreversibility=float(lost),
        mean_error=mean_error,
        population_error=_round_off(measurement) * (1 + population_exponential / _smallest_level(initial)),
        coherence_error=_round_off(measurement) * (1 + coherence_exponential / _smallest_level(final)),
    )


@dataclass(frozen=True)
class FluctuationTheorems:
    """How well trajectories obey the theorems: each residual is zero within its error, each margin not negative.

    Attributes
    ----------
    integral_residual, integral_error : float
        ⟨e^{-σ}⟩ - (1 - λ), the average from trajectories and λ from operators.
    detailed_defect, detailed_error : float or None
        Distance of the histogram of σ from P_F(σ) = e^σ P_B(-σ), see
        :attr:`~loschmidt.evolution.trajectories.histogram.TrajectoryHistogram.detailed_defect`. A sampled defect is not
        zero, but of the size of its error.
    mean_residual, population_mean_residual, coherence_mean_residual : float
        ⟨σ⟩, ⟨σ_d⟩ and ⟨ξ⟩ less their closed forms; 0 where both are infinite.
    mean_error, population_mean_error, coherence_mean_error : float
        Of these.
    population_exponential_residual, coherence_exponential_residual : float
        ⟨e^{-σ_d}⟩ and ⟨e^{-ξ}⟩ less their closed forms.
    population_exponential_error, coherence_exponential_error : float
        Of these.
    second_law_margin : float
        Σ + ln(1 - λ), not negative; from the closed forms.
    """

    integral_residual: float
    integral_error: float
    detailed_defect: float | None
    detailed_error: float | None
    mean_residual: float
    mean_error: float
    population_mean_residual: float
    population_mean_error: float
    coherence_mean_residual: float
    coherence_mean_error: float
    population_exponential_residual: float
    population_exponential_error: float
    coherence_exponential_residual: float
    coherence_exponential_error: float
    second_law_margin: float


def fluctuation_theorems(statistics: TrajectoryStatistics, averages: FluctuationAverages) -> FluctuationTheorems:
    """Return what the theorems say of trajectories, enumerated or sampled, given the closed forms of the same process.

    Notes
    -----
    :cite:t:`santos2019`, Eqs. (39) to (44). There is no theorem for σ_d or ξ alone: of their exponential averages only
    the closed forms of :func:`fluctuation_averages` are known.

    Examples
    --------
    >>> from loschmidt.evolution.trajectories.enumeration import enumerate_trajectories
    >>> from loschmidt.evolution.trajectories.two_point import two_point_measurement
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
    >>> qubit = np.diag([0.0, 1.0])
    >>> operation = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, 1.0), 0.5)
    >>> measurement = two_point_measurement(operation, [[0.6, 0.3], [0.3, 0.4]])
    >>> theorems = fluctuation_theorems(enumerate_trajectories(measurement), fluctuation_averages(measurement))
    >>> abs(theorems.integral_residual) < theorems.integral_error, theorems.second_law_margin > 0
    (True, True)
    """
    means = (
        (statistics.entropy_production, averages.entropy_production),
        (statistics.population_entropy_production, averages.population_entropy_production),
        (statistics.coherence_entropy_production, averages.coherence_entropy_production),
    )
    residuals = [_difference(found.value, exact) for found, exact in means]
    errors = [_sum(found, averages.mean_error) for found, _ in means]
    histogram = statistics.histogram
    least = averages.least_entropy_production
    return FluctuationTheorems(
        integral_residual=statistics.exponential.value + averages.absolute_irreversibility - 1,
        integral_error=_sum(statistics.exponential, averages.mean_error),
        detailed_defect=None if histogram is None else float(histogram.detailed_defect),
        detailed_error=None if histogram is None else float(histogram.detailed_error),
        mean_residual=residuals[0],
        mean_error=errors[0],
        population_mean_residual=residuals[1],
        population_mean_error=errors[1],
        coherence_mean_residual=residuals[2],
        coherence_mean_error=errors[2],
        population_exponential_residual=statistics.population_exponential.value - averages.population_exponential,
        population_exponential_error=_sum(statistics.population_exponential, averages.population_error),
        coherence_exponential_residual=statistics.coherence_exponential.value - averages.coherence_exponential,
        coherence_exponential_error=_sum(statistics.coherence_exponential, averages.coherence_error),
        second_law_margin=_difference(averages.entropy_production, least) if least < math.inf else math.inf,
    )


def _environment_transfer(measurement: TwoPointMeasurement, after: ComplexMatrix, before: ComplexMatrix) -> RealMatrix:
    """Return tr{B ⟨ν|U|μ⟩ A ⟨ν|U|μ⟩†} (d_E, d_E) of operators B after and A before, both (d_S, d_S)."""
    d, e = measurement.dims
    result = np.zeros((e, e))
    for states in measurement.all_chunks():
        blocks = measurement.unitary[..., states]
        right = before.T @ blocks.reshape(d * e, d, -1)
        both = (after @ right.reshape(d, -1)).reshape(blocks.shape)
        result[:, states] = np.einsum("mvnk,mvnk->vk", both.real, blocks.real)
        result[:, states] += np.einsum("mvnk,mvnk->vk", both.imag, blocks.imag)
    return result


def _flux(measurement: TwoPointMeasurement, final: RealVector) -> tuple[float, float]:
    """Return the mean of ln(q_μ/q_ν) for final populations (d_E,) of the environment, and the error of all means."""
    q, occupied = measurement.environment, measurement.environment_occupied
    logarithms = np.where(occupied, measurement.log_environment, 0.0)
    error = _round_off(measurement) * (1 + float((q + np.abs(final)) @ np.abs(logarithms)))
    if float(final[~occupied].sum()) > support_tolerance(math.prod(measurement.dims)):
        return math.inf, error
    return float((q - final) @ logarithms), error


def _diagonal(state: MeasuredState, values: RealVector) -> ComplexMatrix:
    """Return the operator (d, d) with these eigenvalues (d,) in the measured eigenstates of a state."""
    return np.asarray((state.eigenstates * values) @ state.eigenstates.conj().T)


def _mean_in_eigenstates(state: MeasuredState) -> RealVector:
    """Return ⟨ψ_α|Δρ|ψ_α⟩ (d,)."""
    return np.asarray((state.eigenstates.conj() * (state.pinched @ state.eigenstates)).sum(axis=0).real)


def _inverse_in_eigenstates(state: MeasuredState) -> RealVector:
    """Return ⟨ψ_α|(Δρ)⁻¹|ψ_α⟩ (d,), the inverse being that on the support."""
    values, vectors = np.linalg.eigh(state.pinched)
    occupied = values > support_tolerance(state.dimension)
    inverses = np.where(occupied, 1 / np.where(occupied, values, 1.0), 0.0)
    return np.asarray(inverses @ np.abs(vectors.conj().T @ state.eigenstates) ** 2)


def _smallest_level(state: MeasuredState) -> float:
    return float(state.level_populations[state.occupied_levels].min())


def _entropy(state: ComplexMatrix) -> float:
    return float(entropy_of_spectrum(np.linalg.eigvalsh(state)))


def _round_off(measurement: TwoPointMeasurement) -> float:
    d, e = measurement.dims
    return 16 * _EPSILON * (d + math.sqrt(d * e))


def _difference(found: float, exact: float) -> float:
    return 0.0 if found == exact else found - exact


def _sum(found: TrajectoryAverage, error: float) -> float:
    return found.error + error
