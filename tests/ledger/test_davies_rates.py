"""Rates of Davies baths: the definitions, their one-sided limits, and numbers far below round-off of one."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_davies, random_state, seeds
from tests.reference.qubit import coherence_and_production

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.evolution.secular_structure import elementwise_decay
from loschmidt.ledger.davies_rates import applies, davies_rates, edge_production
from loschmidt.ledger.entropy_rates import entropy_rates
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
)

X = np.array([[0, 1], [1, 0]])
ALL = np.ones((3, 3)) - np.eye(3)


def qubit(beta=2.0, rate=0.1):
    return davies_generator(np.diag([0.0, 1.0]), [Bath("b", beta, GlauberSpectrum(rate), X)])


def qutrit(beta=2.0, top=2.3):
    return davies_generator(np.diag([0.0, 1.0, top]), [Bath("b", beta, GlauberSpectrum(0.1), ALL)])


def harmonic(levels=4):
    lowering = np.diag(np.sqrt(np.arange(1, levels)), 1)
    bath = Bath("b", 0.8, OhmicSpectrum(0.1), lowering + lowering.T)
    return davies_generator(np.diag(1.0 * np.arange(levels)), [bath])


def by_definition(process, state):
    """Π_d, Υ, heat rate per bath, then S and S(Δρ), of one faithful state in the energy eigenbasis."""
    levels, rows = process.levels, []
    logarithm, pinched = scipy.linalg.logm(state), np.diag(np.log(np.diagonal(state).real))
    for bath in process.dissipators:
        original = levels.from_eigenbasis(state)
        change = levels.to_eigenbasis(bath.apply(original))
        heat = np.trace(np.diag(levels.energies) @ change).real
        if bath.chemical_potential is not None:
            heat -= bath.chemical_potential * bath.particle_rate(original)
        coherent = -np.trace(change @ (logarithm - pinched)).real
        rows.append((-np.trace(change @ pinched).real - bath.beta * heat, coherent, heat))
    entropies = -np.trace(state @ logarithm).real, -np.trace(state @ pinched).real
    return *(np.array(column) for column in zip(*rows, strict=True)), *entropies


def assert_by_definition(process, states, tolerance=1e-12):
    found = davies_rates(states, process.dissipators)
    for k, state in enumerate(states):
        populations, coherent, heat, entropy, diagonal = by_definition(process, state)
        np.testing.assert_allclose(found.population_production[k], populations, atol=tolerance, rtol=1e-9)
        np.testing.assert_allclose(found.coherence_production[k], coherent, atol=tolerance, rtol=1e-9)
        np.testing.assert_allclose(found.entropy_production[k], populations + coherent, atol=tolerance, rtol=1e-9)
        np.testing.assert_allclose(found.heat_rate[k], heat, atol=tolerance)
        assert found.entropy[k] == pytest.approx(entropy, abs=1e-13)
        assert found.diagonal_entropy[k] == pytest.approx(diagonal, abs=1e-13)
        assert found.coherence[k] == pytest.approx(diagonal - entropy, abs=1e-13)


@given(seed=seeds, d=st.integers(2, 12))
def test_definitions(seed, d):
    process = random_davies(seed, d, (0.4, 2.0))
    rng = np.random.default_rng(seed)
    states = np.stack([random_state(rng, d, 3 * d) for _ in range(2)])
    assert applies(process)
    assert_by_definition(process, states)


@given(seed=seeds)
def test_definitions_where_gaps_are_equal(seed):
    rng = np.random.default_rng(seed)
    assert_by_definition(harmonic(), np.stack([random_state(rng, 4, 12) for _ in range(2)]))


def test_definitions_with_particles():
    lowering = np.array([[0, 1], [0, 0]])
    left, right = np.kron(lowering, np.eye(2)), np.kron(np.diag([1.0, -1.0]), lowering)
    number = left.T @ left + right.T @ right
    baths = [
        Bath("L", 1.0, FermionicSpectrum(0.02), left, chemical_potential=0.4),
        Bath("R", 2.0, FermionicSpectrum(0.03), right, chemical_potential=-0.2),
    ]
    process = davies_generator(left.T @ left + 1.7 * right.T @ right, baths, number=number)
    state = random_state(np.random.default_rng(2), 4, 12)
    assert_by_definition(process, state[None])
    found = davies_rates(state[None], process.dissipators)
    wanted = [bath.particle_rate(process.levels.from_eigenbasis(state)) for bath in process.dissipators]
    np.testing.assert_allclose(found.particle_rate[0], wanted, atol=1e-14)


@given(seed=seeds, d=st.integers(2, 10))
def test_parts_are_never_negative(seed, d):
    process = random_davies(seed, d, (0.3, 3.0))
    state = random_state(np.random.default_rng(seed), d)
    run = evolve(process, state, np.linspace(0.0, 500.0, 12), SecularPropagator())
    found = davies_rates(run.components, process.dissipators)
    assert (found.population_production >= 0).all()
    assert (found.coherence_production >= -1e-13).all()
    assert (found.coherence >= -1e-13).all()


@given(seed=seeds, d=st.integers(2, 8))
def test_edges_add_up(seed, d):
    process = random_davies(seed, d, (0.3, 3.0))
    populations = np.random.default_rng(seed).dirichlet(np.ones(d), size=3)
    states = np.einsum("tn,nm->tnm", populations, np.eye(d)).astype(complex)
    found = davies_rates(states, process.dissipators)
    for b, bath in enumerate(process.dissipators):
        pairs, terms = edge_production(populations, bath)
        assert (terms >= 0).all()
        assert (pairs[:, 0] < pairs[:, 1]).all()
        np.testing.assert_allclose(terms.sum(axis=1), found.population_production[:, b], rtol=1e-12)


def test_the_sum_over_levels_hands_over_to_the_edges():
    # Enough states for the fast form; close to equilibrium it would return noise.
    process = random_davies(3, 8, (1.0,))
    run = evolve(
        process, random_state(np.random.default_rng(1), 8), np.linspace(0.0, 3000.0, 1200), SecularPropagator()
    )
    found = davies_rates(run.components, process.dissipators).population_production[:, 0]
    populations = np.diagonal(run.components, axis1=1, axis2=2).real
    _, terms = edge_production(populations, process.dissipators[0])
    np.testing.assert_allclose(found, terms.sum(axis=1), rtol=1e-11, atol=1e-300)
    assert found.min() < 1e-25


def test_equal_gaps_need_their_own_jump_operator():
    state = np.diag([0.4, 0.3, 0.2, 0.1]).astype(complex)
    state += 0.1 * (np.eye(4, k=1) + np.eye(4, k=-1))
    process = harmonic()
    found = davies_rates(state[None], process.dissipators).coherence_production[0, 0]
    logarithm = scipy.linalg.logm(state)
    np.fill_diagonal(logarithm, np.diagonal(logarithm) - np.log(np.diagonal(state)))
    change = process.dissipators[0].apply(state)
    alone = -elementwise_decay(process.dissipators[0]) * state
    np.fill_diagonal(alone, np.diagonal(change))
    without_feed = -np.trace(alone @ logarithm).real
    assert found == pytest.approx(-np.trace(change @ logarithm).real, rel=1e-12)
    assert abs(found - without_feed) > 0.05 * found


@pytest.mark.parametrize(
    "populations",
    [
        (0.6, 0.4),
        (0.5, 0.5),
        (0.5 + 1e-9, 0.5 - 1e-9),
        (0.502, 0.498),
        (0.51, 0.49),
        (0.53, 0.47),
        (1.0, 1e-30),
        (0.3, 0.7),
    ],
)
@pytest.mark.parametrize("share", [1e-25, 1e-12, 1e-8, 1e-5, 1e-3, 0.3, 0.9, 0.999])
def test_qubit_coherence_keeps_its_relative_error(populations, share):
    process = qubit(beta=2.0)
    p, q = populations
    off = share * np.sqrt(p * q)
    state = np.array([[[p, off], [off, q]]], dtype=complex)
    found = davies_rates(state, process.dissipators)
    rates, decay = process.dissipators[0].pauli_rates(), elementwise_decay(process.dissipators[0])[0, 1]
    change = rates[0, 1] * q - rates[1, 0] * p
    wanted = coherence_and_production(populations, off, decay, change)
    # 1 - share² is all that is left of the smaller eigenvalue.
    tolerance = 1e-12 / (1 - share**2)
    assert found.coherence[0] == pytest.approx(wanted[0], rel=tolerance)
    assert found.coherence_production[0, 0] == pytest.approx(wanted[1], rel=tolerance)


@pytest.mark.parametrize("size", [1e-20, 1e-10, 3e-9, 1e-7, 1e-5, 1e-3])
def test_small_coherences_scale_quadratically(size):
    # C and Υ are even in the coherence up to third order, which is removed by averaging over its sign.
    process, values = qutrit(), []
    base = np.diag([0.5, 0.3, 0.2]).astype(complex)
    for scale in (size, 1e-6):
        states = np.stack([base + sign * scale * np.triu(ALL, 1) for sign in (1, -1)])
        states = np.tril(states.swapaxes(1, 2), -1) + states
        found = davies_rates(states, process.dissipators)
        values.append((found.coherence.mean() / scale**2, found.coherence_production[:, 0].mean() / scale**2))
    np.testing.assert_allclose(values[0], values[1], rtol=max(1e-6, 100 * size**2))


def test_cold_coherent_states():
    # A qubit embedded in three levels, the third empty of coherence: the general method meets the closed form.
    p, off = 1e-25, 0.5 * np.sqrt(1e-25)
    big = np.diag([1 - p - 1e-20, p, 1e-20]).astype(complex)
    big[0, 1] = big[1, 0] = off
    process = qutrit(beta=55.0)
    found = davies_rates(big[None], process.dissipators)
    decay = elementwise_decay(process.dissipators[0])[0, 1]
    rates = process.dissipators[0].pauli_rates()
    change = rates @ np.diagonal(big).real - rates.sum(axis=0) * np.diagonal(big).real
    relative, production = coherence_and_production((1 - p, p), off, decay, 0.0)
    _, moving = coherence_and_production((1 - p, p), off, decay, change[1] * -1)
    assert found.coherence[0] == pytest.approx(relative, rel=1e-9)
    assert found.coherence_production[0, 0] == pytest.approx(moving, rel=1e-6)
    assert production > 0


class TestKernels:
    """The limits t → 0⁺ of section 3 of the definitions."""

    def rates(self, process, state):
        return davies_rates(np.asarray(state, dtype=complex)[None], process.dissipators)

    def test_pure_superposition(self):
        found = self.rates(qubit(), np.full((2, 2), 0.5))
        assert found.coherence_production[0, 0] == np.inf
        assert np.isfinite(found.population_production[0, 0])
        assert found.entropy_rate[0] == np.inf
        assert found.coherence[0] == pytest.approx(np.log(2), rel=1e-14)

    @pytest.mark.parametrize("level", [0, 1])
    def test_energy_eigenstate(self, level):
        found = self.rates(qubit(), np.diag(np.eye(2)[level]))
        assert found.coherence_production[0, 0] == 0
        assert found.population_production[0, 0] == np.inf
        assert found.diagonal_entropy_rate[0] == np.inf

    def test_zero_temperature(self):
        cold = qubit(beta=np.inf)
        found = self.rates(cold, [[0.6, 0.2], [0.2, 0.4]])
        assert found.population_production[0, 0] == np.inf
        assert np.isfinite(found.coherence_production[0, 0])
        assert np.isfinite(found.entropy_rate[0])
        ground = self.rates(cold, np.diag([1.0, 0.0]))
        assert ground.population_production[0, 0] == ground.coherence_production[0, 0] == ground.entropy_rate[0] == 0

    def test_common_kernel(self):
        # Both entropies diverge alike, and the coherence part is finite: the value shortly after agrees.
        process = qutrit()
        state = np.array([[0.5, 0.2, 0], [0.2, 0.5, 0], [0, 0, 0]])
        found = self.rates(process, state)
        run = evolve(process, state, [0.0, 1e-9], SecularPropagator())
        after = davies_rates(run.components, process.dissipators)
        assert found.population_production[0, 0] == np.inf
        assert found.entropy_rate[0] == np.inf
        assert found.coherence_production[0, 0] == pytest.approx(after.coherence_production[1, 0], rel=1e-6)

    def test_partly_pure(self):
        # A pure superposition of three levels mixed with nothing: ρ has a kernel that Δρ has not.
        found = self.rates(qutrit(), np.ones((3, 3)) / 3)
        assert found.coherence_production[0, 0] == np.inf
        assert np.isfinite(found.population_production[0, 0])

    def test_unreachable_kernel(self):
        bath = Bath("b", np.inf, GlauberSpectrum(0.1), ALL)
        process = davies_generator(np.diag([0.0, 1.0, 2.3]), [bath])
        state = np.array([[0.5, 0.2, 0], [0.2, 0.5, 0], [0, 0, 0]])
        found = self.rates(process, state)
        alone = self.rates(qubit(beta=np.inf), state[:2, :2])
        assert found.coherence_production[0, 0] == pytest.approx(alone.coherence_production[0, 0], rel=1e-12)

    def test_no_nan_anywhere(self):
        states = [np.diag(np.eye(3)[k]) for k in range(3)] + [np.ones((3, 3)) / 3, np.diag([0.5, 0.5, 0])]
        for beta in (0.0, 1.0, 200.0, np.inf):
            process = qutrit(beta=beta)
            for state in states:
                run = evolve(process, state, [0.0, 1e-12, 1.0, 1e3, 1e6], SecularPropagator())
                found = davies_rates(run.components, process.dissipators)
                for name in found.__dataclass_fields__:
                    assert not np.isnan(getattr(found, name)).any(), name

    def test_populations_known_to_round_off(self):
        state = np.diag([1.0 - 1e-17, 1e-17])
        assert np.isfinite(self.rates(qubit(), state).population_production[0, 0])
        found = davies_rates(state[None].astype(complex), qubit().dissipators, empty=1e-15)
        assert found.population_production[0, 0] == np.inf


@pytest.mark.parametrize("make", [qutrit, harmonic, lambda: random_davies(5, 5, (0.4, 2.0))])
def test_agrees_with_the_general_formulas(make):
    process = make()
    d = process.dimension
    states = np.stack([random_state(np.random.default_rng(k), d, 3 * d) for k in range(3)])
    changes = np.stack([bath.apply_in_eigenbasis(states) for bath in process.dissipators])
    general = entropy_rates(states, changes, process.levels.labels, 0.1)
    found = davies_rates(states, process.dissipators)
    np.testing.assert_allclose(found.coherence_production, general.coherence_production_rate, atol=1e-13)
    np.testing.assert_allclose(found.entropy_rate, general.entropy_rate.sum(axis=1), atol=1e-13)
    np.testing.assert_allclose(found.diagonal_entropy_rate, general.diagonal_entropy_rate.sum(axis=1), atol=1e-13)


@pytest.mark.parametrize("d", [2, 4])
def test_a_bath_keeps_different_company(d):
    # Tables are kept with the first bath; with other partners they must be made anew.
    process = random_davies(7, d, (0.4, 1.0, 2.0))
    first, second, third = process.dissipators
    states = np.stack([random_state(np.random.default_rng(k), d, 3 * d) for k in range(120)])
    for baths in ((first, second), (first,), (first, third), (first, third, second)):
        found = davies_rates(states, list(baths))
        for b, bath in enumerate(baths):
            alone = davies_rates(states, (bath,))
            for name in ("heat_rate", "population_production", "coherence_production"):
                np.testing.assert_allclose(getattr(found, name)[:, b], getattr(alone, name)[:, 0], rtol=1e-9)
    other = davies_rates(states, process.dissipators, energies=2 * process.levels.energies)
    plain = davies_rates(states, process.dissipators)
    np.testing.assert_allclose(other.heat_rate, 2 * plain.heat_rate, rtol=1e-12)


def test_opposite_flows_of_a_qubit_never_produce_less_than_nothing():
    # Populations one unit of round-off apart around equilibrium: flows and their ratio must be rounded alike.
    process = qubit(beta=1.7, rate=0.3)
    levels = process.dissipators[0].pauli_rates()
    balance = levels[0, 1] / (levels[0, 1] + levels[1, 0])
    upper = balance * (1 + np.arange(-200, 201) * 2.0**-53)
    states = np.zeros((len(upper), 2, 2), dtype=complex)
    states[:, 0, 0], states[:, 1, 1] = upper, 1 - balance
    states[:, 0, 1] = states[:, 1, 0] = 0.1
    assert (davies_rates(states, process.dissipators).population_production >= 0).all()


def test_where_it_applies():
    assert applies(qutrit())
    assert applies(harmonic())
    degenerate = davies_generator(np.diag([0.0, 1.0, 1.0]), [Bath("b", 1.0, GlauberSpectrum(0.1), ALL)])
    assert not applies(degenerate)
    assert not applies(gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("b", [X], [0.1])]))
