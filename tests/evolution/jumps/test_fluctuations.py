"""The integral fluctuation theorem, absolute irreversibility, and infinite entropy at T = 0."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.evolution.jumps import ensembles

from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
from loschmidt.ledger.build import build_ledger
from loschmidt.processes import (
    Bath,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
)

FAR = 4.5
QUIET = JumpObservation(states=False)


def ensemble_of(process, state, stop=6.0, count=20_000, seed=1):
    return jump_trajectories(process, state, [0.0, stop], count, np.random.default_rng(seed), QUIET)


@pytest.mark.parametrize(
    "process",
    [
        ensembles.qubit(),
        ensembles.stroke(),
        ensembles.fluorescence(),
        ensembles.driven_fluorescence(),
    ],
    ids=["qubit", "stroke", "fluorescence", "driven fluorescence"],
)
def test_integral_theorem(process):
    entropy = ensemble_of(process, ensembles.STATE).entropy
    assert entropy.absolute_irreversibility == pytest.approx(0.0, abs=1e-11)
    assert entropy.balance_defect < 1e-11
    assert abs(entropy.exponential.mean - 1) < FAR * entropy.exponential.error
    assert 100 < entropy.exponential.effective_size < 20_000
    assert entropy.production > 20 * entropy.production_error


@pytest.mark.parametrize("process", [ensembles.qubit(), ensembles.stroke()], ids=["qubit", "stroke"])
def test_pure_start_is_absolutely_irreversible(process):
    entropy = ensemble_of(process, [0.6, 0.8j]).entropy
    weight = entropy.absolute_irreversibility
    assert 0.1 < weight < 0.9
    assert abs(entropy.exponential.mean - (1 - weight)) < FAR * entropy.exponential.error
    assert abs(entropy.exponential.mean - 1) > 20 * entropy.exponential.error
    assert entropy.production > -math.log(1 - weight)


def test_weight_of_absolute_irreversibility_is_that_of_the_reversed_evolution():
    """λ is the probability that ρ_τ, with H and the protocol reversed, ends where no trajectory starts."""
    from loschmidt.evolution.evolve import evolve

    process = ensembles.qubit()
    ket = np.array([0.6, 0.8j])
    found = ensemble_of(process, ket, count=10).entropy.absolute_irreversibility
    final = evolve(process, ket, [0.0, 6.0]).states[-1]
    # Time reversal is complex conjugation here; the reversed process is the same generator.
    back = evolve(process, final.conj(), [0.0, 6.0]).states[-1].conj()
    assert found == pytest.approx(1 - np.vdot(ket, back @ ket).real, abs=1e-12)


def test_parts_add_up_on_each_trajectory_and_differ_with_coherence():
    ensemble = ensemble_of(ensembles.qubit(), [[0.7, 0.4], [0.4, 0.3]])
    records, entropy = ensemble.records, ensemble.entropy
    whole = records.population_production + records.coherence_production
    np.testing.assert_allclose(records.entropy_production, whole, atol=1e-12)
    assert abs(entropy.coherence) > 20 * entropy.coherence_error
    # There is no theorem for this part.
    assert abs(entropy.population_exponential.mean - 1) > 10 * entropy.population_exponential.error
    diagonal = ensemble_of(ensembles.qubit(), np.diag([0.7, 0.3])).entropy
    assert diagonal.coherence == pytest.approx(0.0, abs=1e-12)


def test_entropy_of_each_trajectory_is_that_of_its_jumps_and_ends():
    process = ensembles.qubit()
    ensemble = ensemble_of(process, ensembles.STATE, count=500)
    records = ensemble.records
    start, end = (np.linalg.eigvalsh(ensemble.evolution.states[k]) for k in (0, -1))
    given = records.counts @ np.array([channel.entropy for channel in ensemble.channels])
    expected = np.log(start[records.initial]) - np.log(end[records.final]) + given
    np.testing.assert_allclose(records.entropy_production, expected, atol=1e-11)
    np.testing.assert_allclose(given, -records.heat @ np.array([0.5, 2.0]), atol=1e-12)


def test_broken_detailed_balance_is_seen():
    jumps = [ensembles.LOWER, ensembles.LOWER.T]
    claimed = jump_dissipator("bath", jumps, [0.3, 0.1], beta=2.5, frequencies=[1.0, -1.0])
    entropy = ensemble_of(gkls_generator(np.diag([0.0, 1.0]), [claimed]), np.diag([0.5, 0.5])).entropy
    assert entropy.balance_defect > 0.1
    expected = 1 - entropy.absolute_irreversibility
    assert abs(expected - 1) > 0.05
    assert abs(entropy.exponential.mean - expected) < FAR * entropy.exponential.error


def test_a_bath_without_temperature_has_the_entropy_of_its_reverse_jumps():
    """A squeezed bath: R and R† at γ(n+1) and γn."""
    n, r = 0.8, 0.6
    squeezed = np.cosh(r) * ensembles.LOWER + np.sinh(r) * ensembles.LOWER.T
    bath = jump_dissipator("squeezed", [squeezed, squeezed.T], [0.2 * (n + 1), 0.2 * n])
    process = gkls_generator(np.zeros((2, 2)), [bath])
    ensemble = ensemble_of(process, ensembles.STATE)
    assert [one.entropy for one in ensemble.channels] == pytest.approx([math.log((n + 1) / n), -math.log((n + 1) / n)])
    assert ensemble.entropy.absolute_irreversibility == pytest.approx(0.0, abs=1e-12)
    assert abs(ensemble.entropy.exponential.mean - 1) < FAR * ensemble.entropy.exponential.error


def test_a_bath_without_temperature_and_reverse_jumps_has_no_entropy():
    bath = jump_dissipator("unknown", [ensembles.LOWER], [0.2])
    ensemble = ensemble_of(gkls_generator(np.diag([0.0, 1.0]), [bath]), ensembles.STATE, count=100)
    assert ensemble.entropy is None
    assert np.isnan(ensemble.records.entropy_production).all()
    assert "entropy_production" not in ensemble.histograms
    assert math.isnan(ensemble.channels[0].entropy)
    assert ensemble.channels[0].frequency == pytest.approx(1.0)


@pytest.mark.parametrize("driven", [False, True])
def test_zero_temperature_gives_infinite_entropy_to_those_that_emit(driven):
    bath = Bath("vacuum", math.inf, ensembles.spectrum(), ensembles.X)
    h = np.diag([0.0, 1.0])
    process = davies_generator(h, [bath])
    if driven:
        drive = driven_hamiltonian(h, [(0.1 * ensembles.X, np.sin)])
        process = driven_generator(drive, [bath])
    ensemble = ensemble_of(process, np.diag([0.4, 0.6]), stop=3.0)
    entropy, emitted = ensemble.entropy, ensemble.records.counts.sum(axis=1) > 0
    np.testing.assert_array_equal(np.isinf(ensemble.records.entropy_production), emitted)
    assert entropy.production == entropy.flow[0] == math.inf
    assert entropy.infinite_share == emitted.mean()
    assert ensemble.histograms["entropy_production"].infinite == emitted.sum()
    assert np.isfinite(entropy.coherence)
    weight = entropy.absolute_irreversibility
    assert 0.05 < weight < 1
    assert abs(entropy.exponential.mean - (1 - weight)) < FAR * entropy.exponential.error


@pytest.mark.parametrize("stop", [3.0, 400.0], ids=["some emit", "all emit"])
def test_at_zero_temperature_the_coherent_part_is_the_mean_over_all(stop):
    """ξ is finite on every trajectory, whether or not it emits."""
    bath = Bath("vacuum", math.inf, ensembles.spectrum(), ensembles.X)
    ensemble = ensemble_of(davies_generator(np.diag([0.0, 1.0]), [bath]), [0.6, 0.8j], stop=stop)
    entropy, parts = ensemble.entropy, ensemble.records.coherence_production
    assert 0.1 < entropy.infinite_share < 0.7
    assert np.isfinite(parts).all()
    assert entropy.coherence == pytest.approx(parts.mean(), abs=1e-12)
    book = build_ledger(ensemble.evolution)
    spent = float(book["coherence"].values[0] - book["coherence"].values[-1])
    assert abs(entropy.coherence - spent) < FAR * entropy.coherence_error + 1e-9


def test_where_all_are_infinite_the_rest_is_known():
    bath = Bath("vacuum", math.inf, ensembles.spectrum(), ensembles.X)
    entropy = ensemble_of(davies_generator(np.diag([0.0, 1.0]), [bath]), [0, 1], stop=1000.0, count=200).entropy
    assert entropy.infinite_share == 1
    assert entropy.production == entropy.population == math.inf
    assert entropy.coherence == entropy.coherence_error == 0
    assert entropy.exponential.mean == entropy.exponential.error == 0
    assert entropy.absolute_irreversibility == pytest.approx(1.0, abs=1e-12)


def test_a_reverse_jump_too_rare_for_a_number_is_none():
    """At β ω = 1000 the rate up is zero as a number, and e^{-σ} is that of zero temperature."""
    found = [
        ensemble_of(
            davies_generator(np.diag([0.0, 1.0]), [Bath("cold", beta, ensembles.spectrum(), ensembles.X)]),
            np.diag([0.5, 0.5]),
            stop=2.0,
        ).entropy
        for beta in (1000.0, math.inf)
    ]
    weights = [one.absolute_irreversibility for one in found]
    assert weights[0] == pytest.approx(weights[1], abs=1e-12)
    assert weights[0] > 0.05
    assert abs(found[0].exponential.mean - (1 - weights[0])) < FAR * found[0].exponential.error


def test_zero_temperature_without_emission_is_reversible():
    bath = Bath("vacuum", math.inf, ensembles.spectrum(), ensembles.X)
    ground = ensemble_of(davies_generator(np.diag([0.0, 1.0]), [bath]), [1, 0], count=200).entropy
    assert ground.production == pytest.approx(0.0, abs=1e-12)
    assert ground.infinite_share == 0
    assert ground.absolute_irreversibility == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("process", [ensembles.qubit(), ensembles.stroke()], ids=["qubit", "stroke"])
@pytest.mark.parametrize("state", [ensembles.STATE, [0.6, 0.8j]], ids=["mixed", "pure"])
def test_deviation_of_the_exponential_is_known_without_sampling(process, state):
    entropy = ensemble_of(process, state, stop=3.0, count=40_000).entropy
    assert entropy.rare_weight == pytest.approx(0.0, abs=1e-11)
    sampled = entropy.exponential.error * math.sqrt(40_000)
    assert entropy.exponential_deviation == pytest.approx(sampled, rel=0.15)


def test_what_starts_rarely_is_known_to_be_missing():
    """Almost no trajectory starts excited, but a good part of those backward ends there."""
    almost = np.diag([1 - 1e-9, 1e-9])
    entropy = ensemble_of(ensembles.qubit(), almost, stop=20.0, count=1000).entropy
    pure = ensemble_of(ensembles.qubit(), [1, 0], stop=20.0, count=1000).entropy
    assert entropy.absolute_irreversibility == 0.0
    assert entropy.rare_weight == pytest.approx(pure.absolute_irreversibility, abs=1e-6)
    assert entropy.exponential.mean + entropy.rare_weight == pytest.approx(1.0, abs=0.1)


def test_jumps_too_rare_to_be_met_are_left_out_of_the_deviation():
    cold = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", 25.0, ensembles.spectrum(), ensembles.X)])
    entropy = ensemble_of(cold, np.diag([0.5, 0.5]), stop=1.0, count=1000).entropy
    assert 1e-3 < entropy.rare_weight < 0.5
    assert entropy.exponential_deviation < 2
    assert entropy.exponential.mean + entropy.rare_weight == pytest.approx(1.0, abs=5 * entropy.exponential.error)


def test_stiff_weights_have_no_known_deviation():
    """e^{-2s} of jumps against a strong drive of a cold bath is beyond the cells that the trajectories need."""
    drive = driven_hamiltonian(np.diag([0.0, 1.0]), [(0.4 * ensembles.X, np.sin)])
    jumps = jump_dissipator(
        "bath", [ensembles.LOWER, ensembles.LOWER.T], [3.0, 3.0 * math.exp(-9.0)], beta=9.0, frequencies=[1.0, -1.0]
    )
    process = driven_generator(drive, dissipators=[jumps], energy=np.diag([0.0, 1.0]))
    entropy = ensemble_of(process, np.diag([0.5, 0.5]), stop=40.0, count=20_000).entropy
    assert entropy.exponential_deviation == math.inf
    assert entropy.exponential.mean < 0.5  # and the sample looks as if it were sure of a wrong mean
    assert entropy.exponential.effective_size > 100
