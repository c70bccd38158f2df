"""Add to the ledger of a master equation what its quantum-jump trajectories say, each mean with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.jumps import JumpHistogram, JumpTrajectories
from loschmidt.evolution.jumps.ends import measurement
from loschmidt.evolution.jumps.result import EntropyStatistics
from loschmidt.ledger.jump_balance import jump_entropy_defects, why_not_reversible
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.merge import with_accounts
from loschmidt.ledger.trajectories import QUANTITIES, STANDARD_ERRORS, add_histogram
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.typing import RealMatrix, RealVector

__all__ = ["with_jump_trajectories"]

#: What is not met once in n trajectories has at most this probability over n, at one chance in two million.
_UNSEEN = 15.0
#: Largest error of an exponential average, against itself, that still tests anything.
_LARGEST_ERROR = 0.5
_MOST = 1e12
_BALANCED = 1e-9
_ROUND_OFF = 1e-9
_THEOREMS = ("absolute_irreversibility", "integral_theorem_residual", "detailed_theorem_defect")


def with_jump_trajectories(ledger: Ledger, ensemble: JumpTrajectories, *, histograms: bool = True) -> Ledger:
    """Return the ledger with the means of trajectories, how well theorems hold, and the histogram of σ.

    Parameters
    ----------
    ledger : Ledger
        Of the same master equation, state and times.
    ensemble : JumpTrajectories
        From :func:`~loschmidt.evolution.jumps.jump_trajectories`.
    histograms : bool
        Whether to keep the histogram of σ.

    Returns
    -------
    Ledger

    Raises
    ------
    InputError
        If the times of both differ, or there is one trajectory only, whose numbers have no error.

    Notes
    -----
    The error of a mean is five standard errors, and what events too rare to be met may add. The means are those of the
    master equation: :cite:t:`horowitz2013`, :cite:t:`manzano2018`.

    Examples
    --------
    >>> from loschmidt import Bath, GlauberSpectrum, audit, build_ledger, davies_generator
    >>> from loschmidt.evolution.jumps import jump_trajectories
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> state = [[0.5, 0.4], [0.4, 0.5]]
    >>> ensemble = jump_trajectories(process, state, [0.0, 20.0], 2000, np.random.default_rng(1))
    >>> found = with_jump_trajectories(build_ledger(ensemble.evolution), ensemble)
    >>> print(audit(found)["trajectory heat"].verdict, audit(found)["integral fluctuation theorem"].verdict)
    TIGHT TIGHT
    """
    if ledger.axis != "time" or not np.array_equal(ledger.data["time"].values, ensemble.times):
        raise InputError("`ledger` and `ensemble` must be at the same times, but their times differ.")
    if ensemble.count < 2:
        raise InputError(
            "`ensemble` must hold at least two trajectories, because the mean of one has no standard error, but it "
            "holds 1. Follow more of them."
        )
    coordinates = {"time": ensemble.times, "bath": list(ensemble.bath_names), "quantity": list(QUANTITIES)}
    builder = LedgerBuilder(ledger.family, coordinates)
    aspects = ["quantum jumps", *_add_exchanges(builder, ensemble), *_add_states(builder, ledger, ensemble)]
    _add_counts(builder, ensemble)
    builder.add("jump_entropy_defect", jump_entropy_defects(ensemble.process, ensemble.times))
    if ensemble.entropy is None:
        builder.leave_out("a bath has neither a temperature nor reverse jumps", "trajectory_mean_residual", *_THEOREMS)
    else:
        _add_entropies(builder, ledger, ensemble, ensemble.entropy)
        lawless = _why_lawless(ledger, ensemble.entropy)
        _add_theorem(builder, ensemble, ensemble.entropy, lawless)
        atoms = _without_round_off(ensemble.histograms["entropy_production"])
        _add_detailed(builder, ensemble, atoms, lawless, keep=histograms)
    return with_accounts(
        ledger,
        builder,
        aspects,
        trajectories=f"{ensemble.count} by quantum jumps",
        trajectory_method=ensemble.method,
        seed=f"key of the trajectories {ensemble.key[0]} {ensemble.key[1]}",
    )


@dataclass(frozen=True)
class _Ranges:
    """By how much one event can change the energies of a trajectory: a jump, and all the work."""

    jump: float
    work: float


def _ranges(ensemble: JumpTrajectories) -> _Ranges:
    process = ensemble.process
    if isinstance(process, DrivenGenerator):
        energies = process.energy_at(ensemble.times)
        steps = np.linalg.norm(np.diff(energies, axis=0), 2, axis=(-2, -1)).sum()
        return _Ranges(float(np.ptp(np.linalg.eigvalsh(energies), axis=-1).max()), 2 * float(steps))
    potentials = [abs(one.chemical_potential or 0.0) for one in process.dissipators]
    return _Ranges(float(np.ptp(np.linalg.eigvalsh(process.energy))) + max(potentials, default=0.0), 0.0)


def _spread(error: RealMatrix | RealVector, rare: float) -> RealMatrix:
    """Return the error of means in time (T, ...): exact at the first time."""
    result = STANDARD_ERRORS * np.asarray(error) + rare
    result[0] = 0.0
    return np.asarray(result)


def _add_exchanges(builder: LedgerBuilder, ensemble: JumpTrajectories) -> list[str]:
    """Add heat, work and quantum heat, and return what this lets laws be about."""
    ranges, unseen = _ranges(ensemble), _UNSEEN / ensemble.count
    aspects = []
    if np.isnan(ensemble.heat).any():
        reason = "jumps without a definite quantum of energy were not followed: set `exchange`"
        builder.leave_out(reason, "trajectory_heat")
    else:
        builder.add("trajectory_heat", ensemble.heat, _spread(ensemble.heat_error, unseen * ranges.jump))
    if ensemble.work is not None and ensemble.work_error is not None:
        builder.add("trajectory_work", ensemble.work, _spread(ensemble.work_error, unseen * ranges.work))
        aspects.append("work of quantum jumps")
    if ensemble.switching_work is not None and ensemble.switching_work_error is not None:
        error = _spread(ensemble.switching_work_error, 2 * unseen * ranges.jump)
        builder.add("trajectory_switching_work", ensemble.switching_work, error)
        aspects.append("switching work of quantum jumps")
    if math.isnan(ensemble.backaction):
        builder.leave_out("work or heat was not followed along trajectories: set `exchange`", "quantum_heat")
    else:
        rare = unseen * (4 * ranges.jump + ranges.work)
        builder.add("quantum_heat", ensemble.backaction, STANDARD_ERRORS * ensemble.backaction_error + rare)
    return aspects


def _add_states(builder: LedgerBuilder, ledger: Ledger, ensemble: JumpTrajectories) -> list[str]:
    if ensemble.states is None:
        return []
    exact = ledger.data["state"].values if "state" in ledger.data else ensemble.evolution.states
    distance = np.linalg.norm(ensemble.states - exact, axis=(-2, -1))
    # Each sample is a projector of norm 1, so that the variance is what the mean lacks of it.
    lacking = np.abs(1 - np.linalg.norm(exact, axis=(-2, -1)) ** 2)
    error = STANDARD_ERRORS * np.sqrt(lacking / ensemble.count) + math.sqrt(2) * _UNSEEN / ensemble.count
    builder.add("trajectory_state_distance", distance, error + float(np.max(ledger.data.attrs.get("error", 0.0))))
    return ["states of quantum jumps"]


def _add_counts(builder: LedgerBuilder, ensemble: JumpTrajectories) -> None:
    found: dict[tuple[str, float], tuple[float, float]] = {}
    for channel, mean, error in zip(ensemble.channels, ensemble.jumps[-1], ensemble.jumps_error[-1], strict=True):
        # NaN is never equal to itself; jumps of a bath without a definite quantum are counted together.
        key = (channel.bath, math.inf if math.isnan(channel.frequency) else channel.frequency)
        old = found.get(key, (0.0, 0.0))
        found[key] = (old[0] + float(mean), old[1] + float(error))
    if not found:
        return
    order = sorted(found, key=lambda key: (ensemble.bath_names.index(key[0]), key[1]))
    labels = [f"{bath}, " + ("any" if math.isinf(omega) else f"ω = {omega:.6g}") for bath, omega in order]
    labels = [label if labels.count(label) == 1 else f"{label} ({k})" for k, label in enumerate(labels)]
    builder.coordinate("jump", labels)
    builder.coordinate("jump_bath", ("jump", [bath for bath, _ in order]))
    builder.coordinate("jump_frequency", ("jump", [math.nan if math.isinf(omega) else omega for _, omega in order]))
    errors = [STANDARD_ERRORS * found[key][1] + _UNSEEN / ensemble.count for key in order]
    builder.add("jump_count", [found[key][0] for key in order], errors)


def _add_entropies(
    builder: LedgerBuilder, ledger: Ledger, ensemble: JumpTrajectories, entropy: EntropyStatistics
) -> None:
    means = np.array([entropy.production, entropy.population, entropy.coherence])
    deviations = np.array([entropy.production_error, entropy.population_error, entropy.coherence_error])
    infinite = np.isinf(means)
    largest = max((abs(c.entropy) for c in ensemble.channels if math.isfinite(c.entropy)), default=0.0)
    # Too rare outcomes and jumps may be missing in the sample; what outcomes say is known without it.
    rare = 2 * _UNSEEN / ensemble.count * largest * np.array([1.0, 1.0, 0.0])
    known_spread = _outcome_deviations(ensemble) / math.sqrt(ensemble.count)
    larger = np.where(deviations > known_spread, deviations, known_spread)
    errors = np.where(infinite, 0.0, STANDARD_ERRORS * larger + rare + _ROUND_OFF)
    builder.add("trajectory_mean", means, errors)
    builder.add("trajectory_variance", np.where(infinite, np.inf, deviations**2 * ensemble.count))
    if entropy.infinite_share > 0:
        builder.add("infinite_share", entropy.infinite_share)
    if "entropy_production" not in ledger:
        reason = str(ledger.data.attrs.get("absent_entropy_production", "there is no entropy production"))
        builder.leave_out(reason, "trajectory_mean_residual")
        return
    total, spent = ledger["entropy_production"].values[-1], -np.diff(ledger["coherence"].values[[0, -1]])[0]
    exact = np.array([total, total - spent, spent])
    known = ledger.error("entropy_production").values[-1], ledger.error("coherence").values[[0, -1]].sum()
    errors = errors + np.array([known[0], sum(known), known[1]])
    both = np.isinf(exact) & infinite
    # A sample that has not met an infinite entropy yet says nothing about an infinite mean.
    errors = np.where(np.isinf(exact) & ~infinite, np.inf, np.where(both, 0.0, errors))
    residual = np.where(np.isinf(exact), 0.0, means - np.where(np.isinf(exact), 0.0, exact))
    builder.add("trajectory_mean_residual", residual, errors)


def _outcome_deviations(ensemble: JumpTrajectories) -> RealVector:
    """Return the standard deviations of what outcomes add to σ, σ_d and ξ (3,), from both states."""
    process, states = ensemble.process, ensemble.evolution.states
    if isinstance(process, DrivenGenerator):
        ends = process.energy_at(ensemble.times[[0, -1]])
    else:
        ends = np.stack([process.energy, process.energy])
    found = [measurement(state, energy) for state, energy in zip(states[[0, -1]], ends, strict=True)]
    whole = sum(_logarithm_variance(one.weights) for one in found)
    levels = sum(_logarithm_variance(one.level_weights) for one in found)
    return np.sqrt([whole, levels, 2 * (whole + levels)])


def _logarithm_variance(weights: RealVector) -> float:
    positive = weights[weights > 0]
    logarithms = np.log(positive)
    return float(positive @ (logarithms - positive @ logarithms) ** 2)


def _why_lawless(ledger: Ledger, entropy: EntropyStatistics) -> str:
    """Return why no fluctuation theorem speaks of σ; empty if theorems do.

    Without detailed balance ⟨e^{-σ}⟩ is still tr(M(Π) ρ_τ), but M no longer keeps 1 or less of the identity, so that
    it is neither 1 nor 1 - λ. A construction that promises detailed balance is not excused.
    """
    if entropy.balance_defect <= _BALANCED or ledger.data.attrs["promises_gibbs"]:
        return ""
    return f"jumps break detailed balance (by {entropy.balance_defect:.2g} of the rates), so that e^(-σ) has no law"


def _add_theorem(builder: LedgerBuilder, ensemble: JumpTrajectories, entropy: EntropyStatistics, lawless: str) -> None:
    exponentials = (entropy.exponential, entropy.population_exponential, entropy.coherence_exponential)
    errors = [STANDARD_ERRORS * one.error for one in exponentials]
    errors[0] = error = _exponential_error(entropy, ensemble.count)
    builder.add("trajectory_exponential", [one.mean for one in exponentials], errors)
    builder.add("effective_sample_size", entropy.exponential.effective_size)
    builder.add("exponential_deviation", entropy.exponential_deviation)
    builder.add("rare_exponential_weight", entropy.rare_weight, _ROUND_OFF)
    expected = 1 - entropy.absolute_irreversibility
    if lawless:
        builder.leave_out(lawless, "absolute_irreversibility", "integral_theorem_residual")
        return
    if entropy.balance_defect > _BALANCED:
        reason = f"jumps break the detailed balance that they promise, by {entropy.balance_defect:.2g} of the rates"
        builder.leave_out(reason, "absolute_irreversibility")
        states = np.linalg.eigvalsh(ensemble.evolution.states[0])
        if states[0] <= len(states) * np.finfo(float).eps or entropy.infinite_share > 0:
            builder.leave_out(reason, "integral_theorem_residual")
            return
        expected = 1.0
    else:
        builder.add("absolute_irreversibility", entropy.absolute_irreversibility, _ROUND_OFF)
    if error > _LARGEST_ERROR * expected > _ROUND_OFF:
        needed = ensemble.count * (error / (0.2 * expected)) ** 2
        size = float(f"{needed:.1g}") if needed < _MOST else 0.0
        much = f"some {size:.0f} trajectories" if size else "more trajectories than can be followed"
        builder.leave_out(
            f"⟨e^(-σ)⟩ is {expected:.2g}, but rests on rare trajectories: it would take {much}",
            "integral_theorem_residual",
        )
        return
    builder.add("integral_theorem_residual", entropy.exponential.mean - expected, error)


def _exponential_error(entropy: EntropyStatistics, count: int) -> float:
    """Return the error of the sampled mean of e^{-σ}.

    Trajectories that carry it may be missing in the sample, of which only the exact deviation knows; others may be
    there by accident, of which only the sample knows.
    """
    deviation = max(entropy.exponential_deviation / math.sqrt(count), entropy.exponential.error)
    return STANDARD_ERRORS * deviation + abs(entropy.rare_weight) + _ROUND_OFF


def _add_detailed(
    builder: LedgerBuilder, ensemble: JumpTrajectories, found: JumpHistogram, lawless: str, *, keep: bool
) -> None:
    reason = why_not_reversible(ensemble.evolution) or lawless
    mirrored = None if reason else _mirrored(found)
    if mirrored is None:
        builder.leave_out(reason or "no trajectory has a finite σ", "detailed_theorem_defect")
    else:
        builder.add("detailed_theorem_defect", *_detailed_defect(found, mirrored, ensemble.count))
    if keep and found.values.size:
        add_histogram(builder, found.values, found.probabilities, mirrored)


def _without_round_off(found: JumpHistogram) -> JumpHistogram:
    """Return the histogram with those values in one that only round-off tells apart, as σ = 0 in equilibrium."""
    if found.width > 0 or not found.values.size:
        return found
    starts = np.concatenate([[0], np.flatnonzero(np.diff(found.values) > _ROUND_OFF) + 1])
    counts = np.add.reduceat(found.counts, starts)
    values = np.add.reduceat(found.values * found.counts, starts) / counts
    return JumpHistogram(values, counts, found.width, found.infinite)


def _mirrored(found: JumpHistogram) -> RealVector | None:
    """Return the probability of -σ for each value (m,)."""
    if not found.values.size:
        return None
    distance = np.abs(found.values[:, None] + found.values)
    tolerance = 0.25 * found.width + 1e-7 * float(np.abs(found.values).max()) + 1e-9
    return np.asarray((distance <= tolerance) @ found.probabilities)


def _detailed_defect(found: JumpHistogram, mirrored: RealVector, count: int) -> tuple[float, float]:
    """Return |P(-σ) - e^{-σ} P(σ)| where it is worst against its error, and that error."""
    upper = found.values >= 0
    values, forward, backward = found.values[upper], found.probabilities[upper], mirrored[upper]
    weights = np.exp(-values)
    defects = np.abs(backward - weights * forward)
    errors = STANDARD_ERRORS * np.sqrt((backward + weights**2 * forward) / count) + _UNSEEN * (1 + weights) / count
    # Inside a bin e^{-σ} is not the same everywhere.
    errors += math.expm1(found.width / 2) * weights * forward + 1e-12
    if not defects.size:
        return 0.0, 1e-12
    at = int((defects - errors).argmax())
    return float(defects[at]), float(errors[at])
