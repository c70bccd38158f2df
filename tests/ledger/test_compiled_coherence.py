"""Long runs take compiled ways to the same numbers: real forms of small states, secular equations of pure starts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.physics import random_davies, random_hermitian, random_state, seeds

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.ledger.davies_rates import davies_rates
from loschmidt.processes import Bath, OhmicSpectrum, davies_generator

TIMES = np.linspace(0.0, 400.0, 120)
FIELDS = ("entropy", "coherence", "entropy_rate", "population_production", "coherence_production", "heat_rate")


def without_dephasing(seed, d, *, rotated=False):
    """Two baths whose couplings have no diagonal in the energy basis."""
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(d, d)))[0] if rotated else np.eye(d)
    baths = []
    for name, beta in (("hot", 0.5), ("cold", 2.0)):
        coupling = random_hermitian(rng, d) / np.sqrt(d)
        np.fill_diagonal(coupling, 0.0)
        baths.append(Bath(name, beta, OhmicSpectrum(0.01), basis @ coupling @ basis.T))
    return davies_generator(basis @ np.diag(np.sort(rng.uniform(0.0, 3.0, d))) @ basis.T, baths)


def ket(rng, d, empty=0.0):
    amplitudes = rng.normal(size=d) + 1j * rng.normal(size=d)
    amplitudes[1:] = np.where(rng.random(d - 1) < empty, 0.0, amplitudes[1:])
    return amplitudes / np.linalg.norm(amplitudes)


def assert_as_one_by_one(components, dissipators, tolerance=1e-12):
    """The rates of a long run against those of short stacks, which LAPACK or closed forms decide."""
    together = davies_rates(components, dissipators)
    pieces = [davies_rates(components[k : k + 40], dissipators) for k in range(0, len(components), 40)]
    for name in FIELDS:
        wanted = np.concatenate([getattr(piece, name) for piece in pieces])
        np.testing.assert_allclose(getattr(together, name), wanted, rtol=1e-8, atol=tolerance, err_msg=name)


@settings(max_examples=25)
@given(seed=seeds, d=st.integers(3, 40), empty=st.sampled_from([0.0, 0.4]), rotated=st.booleans())
def test_pure_starts(seed, d, empty, rotated):
    process = without_dephasing(seed, d, rotated=rotated)
    start = ket(np.random.default_rng(seed + 1), d, empty)
    run = evolve(process, start, TIMES, SecularPropagator())
    # One-sided limits of the pure state itself are compared elsewhere.
    assert_as_one_by_one(run.components[1:], process.dissipators)


def test_a_pure_start_produces_without_bound_at_first_and_finitely_afterwards():
    process = without_dephasing(5, 12)
    run = evolve(process, ket(np.random.default_rng(1), 12), TIMES, SecularPropagator())
    found = davies_rates(run.components, process.dissipators)
    assert np.isinf(found.coherence_production[0]).all()
    assert found.entropy[0] == pytest.approx(0.0, abs=1e-12)
    assert np.isfinite(found.coherence_production[1:]).all()
    assert (found.coherence_production[1:] >= 0).all()


def test_a_pure_start_keeps_the_relative_accuracy_of_small_coherences():
    # Both ways meet at the smallest coherences that the dense one still knows well.
    process = without_dephasing(6, 14)
    times = np.concatenate([[0.0], np.geomspace(1e3, 2e4, 150)])
    components = evolve(process, ket(np.random.default_rng(2), 14), times, SecularPropagator()).components[1:]
    together = davies_rates(components, process.dissipators)
    single = davies_rates(components[-1:], process.dissipators)
    assert together.coherence[-1] < 1e-12
    np.testing.assert_allclose(together.coherence[-1:], single.coherence, rtol=1e-9)
    np.testing.assert_allclose(together.coherence_production[-1:], single.coherence_production, rtol=1e-9)


@settings(max_examples=25)
@given(seed=seeds, d=st.integers(3, 8), real=st.booleans())
def test_small_systems(seed, d, real):
    process = random_davies(seed, d, (0.5, 2.0))
    state = random_state(np.random.default_rng(seed + 1), d, 2 * d)
    if real:
        state = process.levels.from_eigenbasis(state.real.astype(complex))
    run = evolve(process, state, TIMES, SecularPropagator())
    assert_as_one_by_one(run.components, process.dissipators)


@pytest.mark.parametrize("size", [1e-12, 1e-9, 1e-7, 1e-4, 0.05])
def test_small_real_coherences_keep_their_relative_error(size):
    process = without_dephasing(7, 4)
    state = np.diag([0.4, 0.3, 0.2, 0.1]) + size * (np.ones((4, 4)) - np.eye(4))
    components = np.repeat(state[None].astype(complex), 120, axis=0)
    together, single = davies_rates(components, process.dissipators), davies_rates(components[:1], process.dissipators)
    tolerance = max(1e-11, 1e-16 / size**2) if size > 1e-6 else 1e-6
    np.testing.assert_allclose(together.coherence[:1], single.coherence, rtol=tolerance)
    np.testing.assert_allclose(together.coherence_production[:1], single.coherence_production, rtol=tolerance)


def test_kernels_among_small_systems():
    process = without_dephasing(8, 3)
    components = np.repeat(np.diag([0.5, 0.3, 0.2])[None].astype(complex), 120, axis=0)
    components[3] = np.ones((3, 3)) / 3
    components[7] = np.diag([1.0, 0.0, 0.0])
    components[9] = [[0.5, 0.2, 0], [0.2, 0.5, 0], [0, 0, 0]]
    assert_as_one_by_one(components, process.dissipators)


def test_qubits_some_of_which_are_pure():
    process = without_dephasing(9, 2)
    run = evolve(process, ket(np.random.default_rng(3), 2), TIMES, SecularPropagator())
    components = run.components.copy()
    components[5] = np.diag([1.0, 0.0])
    components[6] = np.eye(2) / 2
    found = davies_rates(components, process.dissipators)
    for k in (0, 1, 5, 6, 60):
        alone = davies_rates(components[k : k + 1], process.dissipators)
        for name in FIELDS:
            np.testing.assert_allclose(getattr(found, name)[k], getattr(alone, name)[0], rtol=1e-12, err_msg=name)
    assert np.isinf(found.coherence_production[0]).all()
    assert np.isinf(found.population_production[5]).all()
    assert found.coherence[6] == 0
