"""Stationary states: right, unique or said not to be, at every size, scale and temperature."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import betas, dimensions, random_bath, random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import ConvergenceError, InputError, NotAStateError, NotUniqueError
from loschmidt.evolution import _steady_solve, steady
from loschmidt.evolution.steady import stationary_count, steady_state
from loschmidt.processes import (
    Bath,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
    local_generator,
    partial_secular_generator,
    redfield_generator,
)
from loschmidt.processes.diagnostics import population_rates
from loschmidt.states.gibbs import gibbs_state

X, Z, ONE = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0]), np.eye(2)
LOWER = np.array([[0.0, 0.0], [1.0, 0.0]])  # from the first to the second level


def on_site(operator, site, count):
    return np.kron(np.kron(np.eye(2**site), operator), np.eye(2 ** (count - site - 1)))


def chain(count, field=0.0, **changes):
    """A chain of qubits with exchange coupling between two baths, as a local generator."""
    free = sum((1 + 0.1 * k) / 2 * on_site(Z, k, count) for k in range(count))
    hop = sum(on_site(LOWER, k, count) @ on_site(LOWER.T, k + 1, count) for k in range(count - 1))
    coupled = free + 0.2 * (hop + hop.T) + field * sum(on_site(X, k, count) for k in range(count))
    betas_of = {"hot": 0.5, "cold": 1.0} | changes
    sites = {"hot": 0, "cold": count - 1}
    baths = [
        Bath(name, beta, FlatSpectrum(0.02, 0.0), on_site(X, sites[name], count)) for name, beta in betas_of.items()
    ]
    return local_generator(coupled, baths, free_hamiltonian=free, energy=free)


def random_gkls(seed, d, count=2):
    rng = np.random.default_rng(seed)
    jumps = rng.normal(size=(2 * count, d, d)) + 1j * rng.normal(size=(2 * count, d, d))
    baths = [jump_dissipator(f"{k}", jumps[2 * k : 2 * k + 2], rng.random(2) + 0.1) for k in range(count)]
    return gkls_generator(random_hermitian(rng, d), baths)


def null_state(process):
    """The independent answer: one equation of the full superoperator gives way to the trace."""
    d = process.dimension
    matrix, target = process.superoperator(), np.zeros(d * d)
    scale = np.abs(matrix).max()
    matrix[0] = scale * np.eye(d).reshape(-1)
    target[0] = scale
    return np.linalg.solve(matrix, target).reshape(d, d, order="F")


def late_state(process, start):
    """The state after a time that is long against every decay, by squaring of the propagator."""
    matrix = process.superoperator()
    rates = -np.linalg.eigvals(matrix).real
    slowest = rates[rates > 1e-10 * np.abs(matrix).max()].min()
    propagator = expm(matrix * (40 / slowest))
    return (propagator @ start.reshape(-1, order="F")).reshape(start.shape, order="F")


def check(process, tolerance=1e-10):
    settled = steady_state(process)
    expected = null_state(process)
    assert settled.unique is True
    assert settled.oscillating is False or process.equation == "redfield"
    assert settled.state == pytest.approx(expected, abs=tolerance)
    assert np.abs(settled.state - expected).max() <= 10 * settled.error + 1e-12
    assert settled.residual < 1e-12
    heat = [np.trace(process.energy @ one.apply(expected)).real for one in process.dissipators]
    assert settled.heat_rates == pytest.approx(heat, abs=tolerance * np.abs(process.energy).max())
    balance = settled.heat_rates.sum() + settled.switching_power
    assert balance == pytest.approx(0, abs=1e-12 * np.abs(process.energy).max())
    return settled


@given(seed=seeds, d=dimensions, hot=betas, cold=betas)
def test_random_davies(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    settled = check(process, 1e-9)
    start = random_state(np.random.default_rng(seed), d)
    assert settled.state == pytest.approx(late_state(process, start), abs=1e-8)


@given(seed=seeds, d=dimensions)
def test_random_gkls(seed, d):
    process = random_gkls(seed, d)
    settled = check(process)
    assert settled.state == pytest.approx(late_state(process, np.eye(d) / d), abs=1e-9)


@given(seed=seeds, d=dimensions, beta=betas)
def test_random_local(seed, d, beta):
    rng = np.random.default_rng(seed)
    free = np.diag(np.sort(rng.normal(size=d)))
    baths = [random_bath(rng, d, "hot", 0.3, 0.1), random_bath(rng, d, "cold", beta, 0.1)]
    process = local_generator(free + 0.2 * random_hermitian(rng, d), baths, free_hamiltonian=free, energy=free)
    check(process, 1e-9)


@given(seed=seeds, d=dimensions, beta=st.floats(0.05, 2.0))
def test_random_redfield_and_partial_secular(seed, d, beta):
    rng = np.random.default_rng(seed)
    h = random_hermitian(rng, d)
    baths = [random_bath(rng, d, "hot", 0.3, 0.01), random_bath(rng, d, "cold", beta, 0.01)]
    check(redfield_generator(h, baths), 1e-8)
    check(partial_secular_generator(h, baths, cluster_width=0.3), 1e-8)


@given(seed=seeds, d=st.integers(2, 6), beta=st.floats(0.0, 5.0))
def test_one_bath_leads_to_its_gibbs_state(seed, d, beta):
    rng = np.random.default_rng(seed)
    h = random_hermitian(rng, d)
    bath = Bath("bath", beta, GlauberSpectrum(0.1), random_hermitian(rng, d))
    settled = steady_state(davies_generator(h, [bath]))
    assert settled.state == pytest.approx(gibbs_state(h, beta), abs=1e-12)
    assert settled.heat_rates == pytest.approx([0.0], abs=1e-14)


@settings(max_examples=3)
@given(seed=seeds)
@pytest.mark.parametrize(("d", "method"), [(12, "one matrix"), (20, "jump chain")])
def test_larger_generators(seed, d, method):
    settled = check(random_gkls(seed, d, 1))
    assert settled.method == method


@pytest.mark.parametrize(("count", "field"), [(2, 0.0), (2, 0.05), (4, 0.0), (4, 0.05), (5, 0.0)])
def test_all_algorithms_agree_on_a_chain(count, field, monkeypatch):
    process = chain(count, field)
    expected = null_state(process)
    states = [steady_state(process).state]
    monkeypatch.setattr(_steady_solve, "_SMALL", 0)
    states.append(steady_state(process).state)
    monkeypatch.setattr(_steady_solve, "_DENSE_SECTOR", 0)
    settled = steady_state(process)
    assert settled.method == "jump chain"
    for state in [*states, settled.state]:
        assert state == pytest.approx(expected, abs=1e-12)
    assert settled.error < 1e-12


@pytest.mark.parametrize("ratio", [1e-4, 1e-8])
def test_jump_chain_at_weak_coupling(ratio, monkeypatch):
    # The weaker the baths, the nearer to the rate equation between the levels of the full Hamiltonian.
    monkeypatch.setattr(_steady_solve, "_SMALL", 0)
    monkeypatch.setattr(_steady_solve, "_DENSE_SECTOR", 0)
    free, exchange = np.diag([1.0, 0.1, -0.1, -1.0]), np.zeros((4, 4))
    exchange[1, 2] = exchange[2, 1] = 0.3
    baths = [Bath(name, 1.0, GlauberSpectrum(ratio), on_site(X, k, 2)) for k, name in enumerate("ab")]
    process = local_generator(free + exchange, baths, free_hamiltonian=free, energy=free)
    settled = steady_state(process)
    assert settled.unique is True
    assert settled.method == "jump chain"
    levels = np.linalg.eigh(process.hamiltonian)[1]
    rates = sum(population_rates(one, levels) for one in process.dissipators)
    equations = np.vstack([(rates - np.diag(rates.sum(axis=0)))[1:] / ratio, np.ones(4)])
    populations = np.linalg.solve(equations, [0, 0, 0, 1])
    found = np.diagonal(levels.T @ settled.state @ levels).real
    assert found == pytest.approx(populations, abs=10 * ratio)


def test_a_chain_of_seven_qubits():
    process = chain(7)
    settled = steady_state(process)
    assert settled.unique is True
    assert np.linalg.norm(process.apply(settled.state)) < 1e-14
    assert np.trace(settled.state).real == pytest.approx(1, abs=1e-14)
    assert settled.heat_rates[0] > 0 > settled.heat_rates[1]


@pytest.mark.parametrize("hot", [0.5, np.inf])
def test_a_field_leaves_no_symmetry(hot):
    # Without adjoints of all jumps, at zero temperature, uniqueness follows from the no-jump motion instead.
    process = chain(4, 0.05, hot=hot, cold=hot)
    settled = check(process)
    assert settled.method == "jump chain"


def test_strong_coupling_is_solved_where_the_free_motion_says_little():
    free = sum((1 + 0.1 * k) / 2 * on_site(Z, k, 4) for k in range(4))
    hop = sum(on_site(LOWER, k, 4) @ on_site(LOWER.T, k + 1, 4) for k in range(3))
    baths = [Bath(f"{k}", k + 0.5, FlatSpectrum(5.0, 0.0), on_site(X, 3 * k, 4)) for k in range(2)]
    h = free + 0.2 * (hop + hop.T) + 0.3 * sum(on_site(X, k, 4) for k in range(4))
    check(local_generator(h, baths, free_hamiltonian=free, energy=free))


def test_what_the_chain_does_not_reach_is_left_to_one_matrix(monkeypatch):
    def fail(terms, frame):
        raise ConvergenceError("not reached")

    monkeypatch.setattr(_steady_solve, "solve_jump_chain", fail)
    assert check(chain(4, 0.05)).method == "one matrix"
    with pytest.raises(ConvergenceError, match="not reached"):
        steady_state(chain(6, 0.05))


@pytest.mark.parametrize("leak", [1e-6, 1e-10, 1e-12, 1e-18, 1e-30])
def test_parts_that_hardly_exchange_are_known_as_well_as_it_says_or_refused(leak):
    def jump(to, start):
        return np.outer(np.eye(4)[to], np.eye(4)[start])

    fast = jump_dissipator("fast", [jump(0, 1), jump(1, 0), jump(2, 3), jump(3, 2)], [1, np.exp(-1), 1, np.exp(-1)])
    slow = jump_dissipator("slow", [jump(1, 2), jump(2, 1)], [leak, leak * np.exp(-3)])
    process = gkls_generator(np.diag([0.0, 1.0, 2.0, 3.0]), [fast, slow])
    populations = np.exp([0.0, -1.0, -4.0, -5.0])
    try:
        found = steady_state(process)
    except ConvergenceError:
        assert leak < 1e-12
    else:
        assert leak >= 1e-12
        assert np.linalg.norm(found.state - np.diag(populations / populations.sum())) <= found.error


def test_a_complex_hamiltonian_of_a_chain():
    # A phase on the exchange makes the frame complex; the field keeps it from being gauged away.
    free = sum((1 + 0.1 * k) / 2 * on_site(Z, k, 4) for k in range(4))
    hop = sum(np.exp(0.7j * k) * on_site(LOWER, k, 4) @ on_site(LOWER.T, k + 1, 4) for k in range(3))
    baths = [Bath(f"{k}", k + 0.5, FlatSpectrum(0.02, 0.0), on_site(X, 3 * k, 4)) for k in range(2)]
    h = free + 0.2 * (hop + hop.conj().T) + 0.05 * sum(on_site(X, k, 4) for k in range(4))
    assert check(local_generator(h, baths, free_hamiltonian=free, energy=free)).method == "jump chain"


def test_degenerate_davies_with_many_levels():
    count = 5
    h = sum(on_site(Z, k, count) for k in range(count)) / 2
    baths = [Bath(f"{k}", 0.3 * (k + 1), GlauberSpectrum(0.1), on_site(X, k, count)) for k in range(count)]
    settled = steady_state(davies_generator(h, baths))
    expected = np.ones((1, 1))
    for k in range(count):
        expected = np.kron(expected, gibbs_state(Z / 2, 0.3 * (k + 1)))
    assert settled.unique is True
    assert settled.state == pytest.approx(expected, abs=1e-13)


# ── several stationary states ────────────────────────────────────────────────────────────────────────────────────────


def degenerate_v():
    """One ground and two equal excited levels that decay through one operator: a combination of them is dark."""
    coupling = np.array([[0, 1.0, 0.5], [1.0, 0, 0], [0.5, 0, 0]])
    return davies_generator(np.diag([0.0, 1.0, 1.0]), [Bath("bath", 1.0, GlauberSpectrum(0.1), coupling)])


def test_dark_state_of_a_degenerate_v():
    process = degenerate_v()
    assert stationary_count(process) == (2, False)
    with pytest.raises(NotUniqueError, match=r"2 independent ones.*initial state"):
        steady_state(process)
    dark = np.array([0, -0.5, 1.0]) / np.sqrt(1.25)
    kept = steady_state(process, dark)
    assert kept.state == pytest.approx(np.outer(dark, dark), abs=1e-12)
    assert kept.heat_rates == pytest.approx([0], abs=1e-14)
    start = random_state(np.random.default_rng(3), 3)
    assert steady_state(process, start).state == pytest.approx(late_state(process, start), abs=1e-10)


def test_pure_dephasing_keeps_populations():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("noise", 1.0, GlauberSpectrum(0.1), Z)])
    assert stationary_count(process) == (2, False)
    start = np.array([[0.3, 0.4], [0.4, 0.7]])
    settled = steady_state(process, start)
    assert settled.state == pytest.approx(np.diag([0.3, 0.7]), abs=1e-15)
    assert settled.oscillating is False


def test_dephasing_that_spares_one_coherence_oscillates():
    process = davies_generator(np.diag([0.0, 1.0, 3.0]), [Bath("noise", 1.0, GlauberSpectrum(0.1), np.diag([1, 1, 2]))])
    assert stationary_count(process) == (3, True)
    ket = np.ones(3) / np.sqrt(3)
    settled = steady_state(process, ket)
    assert settled.oscillating is True
    assert settled.state == pytest.approx(np.eye(3) / 3, abs=1e-15)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_no_bath_at_all(scale):
    process = davies_generator(scale * np.diag([0.0, 1.0, 1.0]), [])
    assert stationary_count(process) == (5, True)
    start = random_state(np.random.default_rng(1), 3)
    expected = start.copy()
    expected[0, 1:] = expected[1:, 0] = 0
    settled = steady_state(process, start)
    assert settled.state == pytest.approx(expected, abs=1e-13)
    assert settled.heat_rates.shape == (0,)


def test_decoherence_free_qubit_oscillates():
    # One qubit decays, the other one is free: its coherence never dies.
    process = local_generator(
        np.kron(Z, ONE) + 0.5 * np.kron(ONE, Z),
        [Bath("bath", 1.0, GlauberSpectrum(0.1), np.kron(X, ONE))],
        free_hamiltonian=np.kron(Z, ONE),
        energy=np.kron(Z, ONE),
    )
    assert stationary_count(process) == (2, True)
    start = random_state(np.random.default_rng(5), 4)
    settled = steady_state(process, start)
    free = np.einsum("ikil->kl", start.reshape(2, 2, 2, 2))
    expected = np.kron(gibbs_state(Z, 1.0), np.diag(np.diagonal(free)))
    assert settled.state == pytest.approx(expected, abs=1e-12)
    assert settled.oscillating is True


def test_large_systems_count_their_stationary_states():
    # Six qubits without coupling, the last one outside every bath: 2 levels × 2 levels commute with everything.
    count = 6
    h = sum((1 + 0.13 * k) * on_site(Z, k, count) for k in range(count))
    baths = [Bath(f"{k}", 1.0, GlauberSpectrum(0.1), on_site(X, k, count)) for k in range(count - 1)]
    process = local_generator(h, baths, free_hamiltonian=h, energy=h)
    assert stationary_count(process).multiplicity == 2
    with pytest.raises(NotUniqueError, match="2 independent"):
        steady_state(process)


def test_reducible_chain_ends_where_it_is_absorbed():
    # From the top level the two cold baths lead into different ground levels.
    couplings = np.zeros((2, 4, 4))
    couplings[0, 0, 3] = couplings[0, 3, 0] = 1.0
    couplings[1, 1, 2] = couplings[1, 2, 1] = couplings[1, 1, 3] = couplings[1, 3, 1] = 0.7
    h = np.diag([0.0, 0.3, 1.7, 2.9])
    baths = [Bath(f"{k}", np.inf, FlatSpectrum(0.1, 0.0), couplings[k]) for k in range(2)]
    process = davies_generator(h, baths)
    assert stationary_count(process).multiplicity == 2
    start = random_state(np.random.default_rng(2), 4)
    settled = steady_state(process, start)
    into = 1 / (1 + 0.49)
    expected = [start[0, 0] + into * start[3, 3], start[1, 1] + start[2, 2] + (1 - into) * start[3, 3]]
    assert np.diagonal(settled.state)[:2] == pytest.approx(np.real(expected), abs=1e-13)
    assert np.diagonal(settled.state)[2:] == pytest.approx([0, 0], abs=1e-15)
    assert settled.oscillating is True  # no bath acts on the coherence of two ground levels


def test_a_state_is_not_needed_where_there_is_one():
    process = random_davies(1, 3, (1.0, 2.0))
    start = random_state(np.random.default_rng(1), 3)
    assert steady_state(process, start).state == pytest.approx(steady_state(process).state, abs=1e-15)


# ── cold, small, large ───────────────────────────────────────────────────────────────────────────────────────────────


def test_zero_temperature_ends_in_the_ground_state():
    settled = steady_state(davies_generator(np.diag([0.0, 1.0]), [Bath("cold", np.inf, OhmicSpectrum(0.1), X)]))
    assert settled.unique is True
    assert settled.state == pytest.approx(np.diag([1.0, 0.0]), abs=0)
    local = steady_state(chain(5, hot=np.inf, cold=np.inf))
    assert local.unique is True
    assert local.state[-1, -1].real == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("levels", [2, 5, 9])
def test_cold_populations_are_right_relative_to_themselves(levels):
    energies = np.arange(levels) * 1.0 + 0.01 * np.arange(levels) ** 2
    coupling = np.diag(np.ones(levels - 1), 1)
    process = davies_generator(np.diag(energies), [Bath("cold", 70.0, OhmicSpectrum(0.01), coupling + coupling.T)])
    populations = np.diagonal(steady_state(process).components).real
    weights = np.exp(-70.0 * energies)
    assert weights.min() < 1e-30
    assert populations == pytest.approx(weights / weights.sum(), rel=1e-12, abs=0)


def test_two_baths_both_cold():
    # Total rates, not a mixture of Gibbs states: p_1/p_0 = Σ up / Σ down, even at 1e-40.
    baths = [Bath("a", 90.0, GlauberSpectrum(0.2), X), Bath("b", 120.0, GlauberSpectrum(0.1), X)]
    populations = np.diagonal(steady_state(davies_generator(np.diag([0.0, 1.0]), baths)).components).real
    up = 0.2 / (1 + np.exp(90.0)) + 0.1 / (1 + np.exp(120.0))
    down = 0.2 / (1 + np.exp(-90.0)) + 0.1 / (1 + np.exp(-120.0))
    assert populations[1] == pytest.approx(up / down, rel=1e-13, abs=0)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
@pytest.mark.parametrize("make", ["davies", "local", "degenerate", "jump chain"])
def test_scaled_energies_are_the_same_physics(scale, make, monkeypatch):
    def process(unit):
        if make in ("local", "jump chain"):
            h, free = np.diag([1.2, 0.2, -0.2, -1.2]), np.diag([1.2, 0.2, -0.2, -1.2])
            h[1, 2] = h[2, 1] = 0.1
        else:
            h = np.diag([0.0, 1.0, 1.0, 2.0]) if make == "degenerate" else np.diag([0.0, 1.0, 1.3, 2.6])
        baths = [
            Bath(name, beta / unit, FlatSpectrum(0.01 * unit, 0.0), on_site(X, k, 2))
            for k, (name, beta) in enumerate({"hot": 0.5, "cold": 2.0}.items())
        ]
        if make in ("local", "jump chain"):
            return local_generator(unit * h, baths, free_hamiltonian=unit * free, energy=unit * free)
        return davies_generator(unit * h, baths)

    if make == "jump chain":
        monkeypatch.setattr(_steady_solve, "_SMALL", 0)
        monkeypatch.setattr(_steady_solve, "_DENSE_SECTOR", 0)
    one, scaled = steady_state(process(1.0)), steady_state(process(scale))
    assert scaled.unique is True
    assert scaled.method == one.method
    assert scaled.state == pytest.approx(one.state, abs=1e-12)
    assert scaled.heat_rates / scale**2 == pytest.approx(one.heat_rates, rel=1e-10, abs=1e-15)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_driven_process_is_refused():
    driven = driven_generator(
        driven_hamiltonian(np.diag([0.0, 1.0]), [(X, np.cos)]), [Bath("cold", 2.0, GlauberSpectrum(0.1), X)]
    )
    with pytest.raises(InputError, match="static Generator, but it is a DrivenGenerator"):
        steady_state(driven)
    with pytest.raises(InputError, match="evolve"):
        stationary_count(driven)
    assert steady_state(driven.at(0.0)).unique is True


def test_a_state_that_is_none_is_refused():
    process = random_davies(1, 2, (1.0,))
    with pytest.raises(NotAStateError):
        steady_state(process, np.diag([0.7, 0.7]))
    with pytest.raises(InputError, match="one state"):
        steady_state(process, np.array([np.eye(2) / 2] * 3))


def test_large_redfield_is_undecided_not_guessed():
    d = 36
    ladder = np.diag(np.sqrt(np.arange(1, d)), 1)
    h = np.diag(np.arange(d) * 1.0)
    baths = [Bath(f"{b}", b, OhmicSpectrum(0.001, 10.0), ladder + ladder.T + 0.1 * h) for b in (0.5, 1.0)]
    process = redfield_generator(h, baths)
    settled = steady_state(process)
    assert settled.unique is None
    assert settled.oscillating is None
    assert np.linalg.norm(process.apply(settled.state)) < 1e-12
    assert steady.stationary_count(process) == (None, None)
