"""The secular propagator: blocks, phases, exchanges, and relative accuracy of small populations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.physics import random_davies, random_hermitian, random_state, seeds, two_level
from tests.reference.semigroup import populations

from loschmidt.errors import InputError, NotAStateError, NotFiniteError
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.exchange import exchange_operators, rows_of
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    local_generator,
    partial_secular_generator,
)

X = np.array([[0, 1], [1, 0]])
V = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
LOG_TIMES = np.concatenate([[0.0], np.geomspace(1e-3, 80.0, 25)])
GRIDS = [np.linspace(0.0, 80.0, 30), LOG_TIMES, np.array([3.0, 3.5, 80.0])]


def ladder(levels=4):
    lowering = np.diag(np.sqrt(np.arange(1, levels)), 1)
    return davies_generator(
        np.diag(np.arange(levels) * 1.0), [Bath("b", 0.7, OhmicSpectrum(0.02), lowering + lowering.T)]
    )


def dark():
    return davies_generator(np.diag([0.0, 1.0, 1.0]), [Bath("b", 0.7, OhmicSpectrum(0.02), V)])


def nearly_dark():
    baths = [Bath("b", 0.7, OhmicSpectrum(0.02), V)]
    return partial_secular_generator(np.diag([0.0, 1.0, 1.003]), baths, cluster_width=0.02)


def two_qubits():
    z, one = np.diag([1.0, -1.0]), np.eye(2)
    together = np.kron(X, one) + np.kron(one, X)
    baths = [Bath("h", 0.5, OhmicSpectrum(0.02), together), Bath("c", 2.0, OhmicSpectrum(0.01), np.kron(X, one))]
    return davies_generator((np.kron(z, one) + np.kron(one, z)) / 2, baths)


def dots():
    lowering, z = np.array([[0, 1], [0, 0]]), np.diag([1.0, -1.0])
    left, right = np.kron(lowering, np.eye(2)), np.kron(z, lowering)
    number = left.T @ left + right.T @ right
    h = left.T @ left + 1.7 * right.T @ right + 0.5 * (left.T @ right + right.T @ left)
    baths = [
        Bath("L", 1.0, FermionicSpectrum(0.02), left, chemical_potential=0.4),
        Bath("R", 2.0, FermionicSpectrum(0.03), right, chemical_potential=-0.2),
    ]
    return davies_generator(h, baths, number=number)


MODELS = {
    "random 3": lambda: random_davies(1, 3, (0.5, 2.0)),
    "random 5": lambda: random_davies(2, 5, (0.5, 2.0)),
    "equal gaps": ladder,
    "dark state": dark,
    "partial secular": nearly_dark,
    "two qubits": two_qubits,
    "dots": dots,
}


def shifted(process, seed):
    """The same process with some Lamb shift that commutes with the Hamiltonian."""
    levels = process.levels
    same = levels.labels[:, None] == levels.labels[None, :]
    shift = np.where(same, random_hermitian(np.random.default_rng(seed), process.dimension), 0)
    return replace(process, lamb_shift=levels.from_eigenbasis(0.3 * shift))


@pytest.mark.parametrize("times", GRIDS, ids=["even", "logarithmic", "uneven"])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("lamb", [False, True])
def test_agrees_with_the_superoperator(name, lamb, times):
    process = MODELS[name]()
    if lamb and process.equation == "davies":
        process = shifted(process, 9)
    state = random_state(np.random.default_rng(4), process.dimension)
    assert SecularPropagator.applies_to(process)
    found = evolve(process, state, times, SecularPropagator())
    wanted = evolve(process, state, times, MatrixExponential())
    np.testing.assert_allclose(found.states, wanted.states, atol=1e-12)
    np.testing.assert_allclose(found.heat, wanted.heat, atol=1e-11)
    np.testing.assert_allclose(found.particles, wanted.particles, atol=1e-11)
    assert not found.work.any()
    assert not found.switching_work.any()
    apart = np.linalg.norm(found.states - wanted.states, axis=(1, 2))
    assert (apart <= found.error + wanted.error).all()
    assert (np.abs(found.heat - wanted.heat) <= (found.exchange_error + wanted.exchange_error)[:, None]).all()
    assert found.error.max() < 1e-12


@pytest.mark.parametrize("name", MODELS)
def test_dense_output_is_the_same_evolution(name):
    process = MODELS[name]()
    state = random_state(np.random.default_rng(5), process.dimension)
    found = evolve(process, state, np.linspace(1.0, 61.0, 7), SecularPropagator())
    between = np.array([1.0, 1.0001, 17.3, 40.0, 61.0])
    again = evolve(process, state, np.append(between[:-1], 61.0), SecularPropagator())
    np.testing.assert_allclose(found.dense(between - 1.0), again.components, atol=1e-13)
    with pytest.raises(InputError, match="between 0 and 60"):
        found.dense(np.array([62.0]))


@given(seed=seeds, d=st.integers(2, 5))
def test_heat_is_the_change_of_energy(seed, d):
    process = random_davies(seed, d, (0.3, 3.0))
    state = random_state(np.random.default_rng(seed + 1), d)
    found = evolve(process, state, LOG_TIMES, SecularPropagator())
    energy = np.einsum("ab,tba->t", process.energy, found.states).real
    defect = np.abs(energy - energy[0] - found.heat.sum(axis=1))
    assert defect.max() <= 1e-12 * process.levels.width
    np.testing.assert_allclose(np.trace(found.components, axis1=1, axis2=2), 1.0, atol=1e-14)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
@pytest.mark.parametrize("name", ["random 5", "equal gaps", "dark state"])
def test_units_do_not_matter(name, scale):
    process = MODELS[name]()
    (one, *_), h = process.dissipators, process.hamiltonian
    coupling = one.levels.from_eigenbasis(one.couplings)
    state = random_state(np.random.default_rng(6), process.dimension)
    results = []
    for unit in (1.0, scale):
        bath = Bath("b", 0.7 / unit, OhmicSpectrum(0.02), list(coupling))
        results.append(evolve(davies_generator(h * unit, [bath]), state, LOG_TIMES / unit, SecularPropagator()))
    np.testing.assert_allclose(results[1].states, results[0].states, atol=1e-12)
    np.testing.assert_allclose(results[1].heat / scale, results[0].heat, atol=1e-12)


@pytest.mark.parametrize("beta", [30.0, 60.0])
def test_small_populations_keep_their_relative_error(beta):
    coupling = np.ones((4, 4)) - np.eye(4)
    process = davies_generator(np.diag([0.0, 1.0, 2.3, 3.1]), [Bath("b", beta, GlauberSpectrum(0.1), coupling)])
    rates = process.dissipators[0].pauli_rates()
    start = np.array([1.0, 0.0, 0.0, 0.0])
    times = np.array([0.0, 1e-3, 1.0, 100.0, 1e5])
    found = evolve(process, np.diag(start), times, SecularPropagator())
    for k, time in enumerate(times[1:], 1):
        wanted = populations(rates, start, time)
        assert wanted[-1] < 1e-30
        np.testing.assert_allclose(np.diagonal(found.components[k]).real, wanted, rtol=1e-12)


def test_a_population_that_nothing_feeds_decays_for_ever():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("b", np.inf, GlauberSpectrum(0.5), X)])
    end = evolve(process, np.diag([0.0, 1.0]), [0.0, 400.0], SecularPropagator()).components[-1]
    assert end[1, 1].real == pytest.approx(np.exp(-200.0), rel=1e-13)


def test_phases_are_right_after_a_long_time():
    process = davies_generator(np.diag([5.0, 6.0, 9.0]), [Bath("b", 1.0, GlauberSpectrum(1e-9), np.diag([0, 1.0, 0]))])
    state = np.full((3, 3), 1 / 3)
    time = 1e6
    found = evolve(process, state, [0.0, time], SecularPropagator())
    energies = np.array([5.0, 6.0, 9.0])
    dephasing = 0.25e-9 * time * np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    wanted = np.exp(-1j * (energies[:, None] - energies[None, :]) * time - dephasing) / 3
    apart = np.linalg.norm(found.states[-1] - wanted)
    assert apart <= found.error[-1] < 1e-8


def test_equal_gaps_feed_coherence_into_coherence():
    process = ladder(3)
    state = np.zeros((3, 3), dtype=complex)
    state[np.diag_indices(3)] = [0.2, 0.3, 0.5]
    state[1, 2] = state[2, 1] = 0.3
    found = evolve(process, state, [0.0, 1.0], SecularPropagator()).components[-1]
    # dρ_01/dt = γ √1 √2 ρ_12 - …: to second order in t the feed is there and nowhere else.
    assert abs(found[0, 1]) > 1e-3
    assert abs(found[0, 2]) == 0


def test_a_dark_state_stays():
    state = np.zeros((3, 3))
    state[1:, 1:] = [[0.5, -0.5], [-0.5, 0.5]]
    found = evolve(dark(), state, [0.0, 1e4], SecularPropagator())
    np.testing.assert_allclose(found.states[-1], state, atol=1e-12)


def test_what_it_does_not_take():
    free = np.diag([0.0, 1.0])
    local = local_generator(
        free + 0.1 * X, [Bath("b", 1.0, OhmicSpectrum(0.01), X)], free_hamiltonian=free, energy=free
    )
    assert not SecularPropagator.applies_to(local)
    with pytest.raises(InputError, match="Davies"):
        evolve(local, np.eye(2) / 2, [0.0, 1.0], SecularPropagator())


def test_one_level_has_nothing_to_do():
    process = davies_generator([[2.0]], [Bath("b", 1.0, GlauberSpectrum(0.1), [[1.0]])])
    found = evolve(process, [[1.0]], [0.0, 1.0], SecularPropagator())
    np.testing.assert_array_equal(found.components, np.ones((2, 1, 1)))
    np.testing.assert_array_equal(found.heat, np.zeros((2, 1)))


@pytest.mark.parametrize("name", ["equal gaps", "dark state", "partial secular", "two qubits", "dots"])
def test_the_error_of_the_heat_stays_informative_after_a_long_time(name):
    process = MODELS[name]()
    state = random_state(np.random.default_rng(8), process.dimension)
    span = 1e8
    found = evolve(process, state, [0.0, span], SecularPropagator())
    # The same in more digits than a float has.
    d, exchange = process.dimension, exchange_operators(process)
    size, halvings = d * d, 28
    generator = np.zeros((size + len(exchange.heat),) * 2, dtype=np.clongdouble)
    generator[:size, :size] = process.superoperator()
    generator[size:, :size] = rows_of(exchange.heat)
    step, power = generator * (np.longdouble(span) / 2**halvings), np.eye(len(generator), dtype=np.clongdouble)
    total = power.copy()
    for k in range(1, 22):
        power = power @ step / k
        total += power
    trace = np.arange(d) * (d + 1)
    for _ in range(halvings):
        total = total @ total
        total[0, :size] -= total[trace, :size].sum(axis=0) - np.isin(np.arange(size), trace)
    wanted = (total @ np.append(state.T.reshape(-1), np.zeros(len(exchange.heat))))[size:].real.astype(float)
    apart = np.abs(found.heat[-1] - wanted).max()
    assert apart <= found.exchange_error[-1]
    assert found.exchange_error[-1] < 1e-6


def test_a_qubit_with_dephasing_and_without_any_rate():
    still = davies_generator(np.diag([0.0, 1.0]), [Bath("b", 1.0, GlauberSpectrum(0.3), np.diag([1.0, -1.0]))])
    state = np.array([[0.7, 0.2 - 0.1j], [0.2 + 0.1j, 0.3]])
    found = evolve(still, state, np.linspace(0.0, 5.0, 6), SecularPropagator())
    wanted = evolve(still, state, np.linspace(0.0, 5.0, 6), MatrixExponential())
    np.testing.assert_allclose(found.states, wanted.states, atol=1e-14)
    np.testing.assert_array_equal(found.heat, np.zeros((6, 1)))


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ([[0.5, 0.1], [0.2, 0.5]], "Hermitian"),
        ([[0.5 + 1e-9j, 0], [0, 0.5]], "Hermitian"),
        ([[0.5, 0], [0, 0.5 + 1e-9]], "trace"),
        ([[0.5, 0.5 + 1e-9], [0.5 + 1e-9, 0.5]], "positive"),
        ([[1.5, 0], [0, -0.5]], "positive"),
    ],
)
def test_what_is_no_qubit_state_is_refused(state, message):
    with pytest.raises(NotAStateError, match=message):
        evolve(two_level(), state, [0.0, 1.0])


@pytest.mark.parametrize("at", [(0, 0), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1j * np.inf])
def test_a_qubit_state_must_be_finite(at, bad):
    state = np.eye(2, dtype=complex) / 2
    state[at] = bad
    with pytest.raises(NotFiniteError, match="finite"):
        evolve(two_level(), state, [0.0, 1.0])


def test_an_infinite_coherence_is_no_coherence():
    with pytest.raises(NotFiniteError, match="finite"):
        evolve(two_level(), np.array([[0.5, np.inf], [np.inf, 0.5]]), [0.0, 1.0])


def test_round_off_of_a_qubit_state_is_accepted():
    rounded = np.array([[0.5, 0.5 + 1e-12], [0.5 + 1e-12, 0.5 + 1e-12]])
    np.testing.assert_array_equal(evolve(two_level(), rounded, [0.0, 1.0]).components[0], rounded)


@pytest.mark.parametrize(
    ("times", "error", "message"),
    [
        ([0.0, 1.0, 1.0], InputError, "increase"),
        ([0.0, np.nan, 1.0], NotFiniteError, "finite"),
        ([-np.inf, 0.0], NotFiniteError, "finite"),
        ([0.0, np.inf], NotFiniteError, "finite"),
    ],
)
def test_times_are_checked(times, error, message):
    with pytest.raises(error, match=message):
        evolve(two_level(), [0, 1], np.array(times))


@settings(max_examples=15)
@given(seed=seeds, d=st.integers(3, 8), span=st.floats(1.0, 1e4), start=st.sampled_from([0.0, 3.7, -1e3]))
def test_long_runs_over_a_grid_are_those_of_single_times(seed, d, span, start):
    process, state = random_davies(seed, d, (0.5, 2.0)), random_state(np.random.default_rng(seed), d)
    times = start + np.linspace(0.0, span, 120)
    together, alone = evolve(process, state, times), evolve(process, state, times[[0, 17, 64, 119]])
    slack = together.error[[0, 17, 64, 119]] + alone.error
    apart = np.linalg.norm(together.components[[0, 17, 64, 119]] - alone.components, axis=(1, 2))
    assert (apart <= slack).all()
    exchanged = np.abs(together.heat[[0, 17, 64, 119]] - alone.heat).max(axis=1)
    assert (exchanged <= together.exchange_error[[0, 17, 64, 119]] + alone.exchange_error).all()
    between = times[:-1] + 0.3 * np.diff(times)
    dense = together.dense(between - times[0])
    np.testing.assert_allclose(dense, alone.dense(between - times[0]), atol=float(slack.max()))
