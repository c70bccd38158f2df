"""Exact steps against exponentials of explicit Jordan–Wigner matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lattices import SYSTEMS, dense, name_of, random_amplitudes, random_graph, random_system

from loschmidt.evolution.lattice.exact_steps import ExactSteps, commuting_steps, rotation_bytes
from loschmidt.processes.lattice import ExactStep, Lattice, lattice_system

seeds = st.integers(0, 2**32 - 1)


def stepped(system, state, *steps):
    result, mover = state.copy(), ExactSteps(system)
    for step in steps:
        mover.apply(result, step)
    return result


@pytest.mark.parametrize("case", SYSTEMS, ids=name_of)
@pytest.mark.parametrize("species", [0, 1])
@pytest.mark.parametrize(("time", "weight"), [(1.3, 1.0), (-0.8, 0.5), (40.0, 0.0)])
def test_a_step_is_the_exponential(case, species, time, weight):
    rng = np.random.default_rng(7)
    system = random_system(rng, *case)
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    moved = stepped(system, state, ExactStep(species, time, weight))
    np.testing.assert_allclose(moved, twin.evolve(twin.step(species, weight), time, state), atol=1e-12)


@given(seed=seeds, sites=st.integers(2, 4), time=st.floats(-5, 5), weight=st.floats(-1, 2))
def test_any_graph_with_complex_weights(seed, sites, time, weight):
    rng = np.random.default_rng(seed)
    particles = tuple(int(n) for n in rng.integers(0, sites + 1, 2))
    system = random_system(rng, random_graph(rng, sites), particles)
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    for species in range(2):
        moved = stepped(system, state, ExactStep(species, time, weight))
        np.testing.assert_allclose(moved, twin.evolve(twin.step(species, weight), time, state), atol=1e-12)


@given(seed=seeds, time=st.floats(-50, 50))
def test_steps_keep_what_they_must(seed, time):
    rng = np.random.default_rng(seed)
    system = random_system(rng, Lattice.ring(5), (2, 3))
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    for species in range(2):
        moved = stepped(system, state, ExactStep(species, time))
        assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-13)
        # The other species' Fock probabilities, and the energy that drives the step.
        np.testing.assert_allclose(
            (np.abs(moved) ** 2).sum(axis=species), (np.abs(state) ** 2).sum(axis=species), atol=1e-14
        )
        energy = twin.step(species)
        assert twin.mean(energy, moved).real == pytest.approx(twin.mean(energy, state).real, abs=1e-11)
        back = stepped(system, moved, ExactStep(species, -time))
        np.testing.assert_allclose(back, state, atol=1e-13)


@pytest.mark.parametrize("species", [0, 1, 2])
def test_three_species(species):
    rng = np.random.default_rng(8)
    strengths = {(0, 1): rng.normal(size=4), (1, 2): 0.7, (0, 2): -1.1}
    system = random_system(rng, Lattice.ring(4), (2, 1, 3), interaction=strengths)
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    moved = stepped(system, state, ExactStep(species, 1.1))
    np.testing.assert_allclose(moved, twin.evolve(twin.step(species), 1.1, state), atol=1e-12)


def test_one_species():
    rng = np.random.default_rng(9)
    system = random_system(rng, Lattice.grid((2, 2)), (2,), interaction=0.0)
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    moved = stepped(system, state, ExactStep(0, 2.0))
    np.testing.assert_allclose(moved, twin.evolve(twin.hamiltonian, 2.0, state), atol=1e-12)


@pytest.mark.parametrize("particles", [(1, 2), (2, 3), (3, 4)])
@pytest.mark.parametrize("lattice", [Lattice.chain(5), Lattice.ring(5)], ids=lambda one: one.name)
def test_hard_core_particles_on_lines(lattice, particles):
    rng = np.random.default_rng(10)
    system = random_system(rng, lattice, particles, statistics="hardcore")
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    for species in range(2):
        moved = stepped(system, state, ExactStep(species, 1.7))
        np.testing.assert_allclose(moved, twin.evolve(twin.step(species), 1.7, state), atol=1e-12)


def test_reversed_and_other_systems():
    rng = np.random.default_rng(11)
    system = random_system(rng, Lattice.ring(4), (2, 2))
    state = random_amplitudes(rng, system.dims)
    turned = ExactStep(0, 1.4, 1.0, system.reversed_except())
    np.testing.assert_allclose(stepped(system, state, ExactStep(0, 1.4), turned), state, atol=1e-13)


def test_limits_in_time():
    rng = np.random.default_rng(12)
    system = random_system(rng, Lattice.chain(6), (3, 3))
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    np.testing.assert_array_equal(stepped(system, state, ExactStep(0, 0.0)), state)
    late = stepped(system, state, ExactStep(0, 1000.0))
    energies, vectors = np.linalg.eigh(twin.step(0))
    weights = np.exp(-1000j * energies) * (vectors.conj().T @ state.reshape(-1))
    np.testing.assert_allclose(late.reshape(-1), vectors @ weights, atol=2e-11)
    frozen = random_system(rng, Lattice.chain(4), (2, 2), hopping=0.0)
    moved = stepped(frozen, random_amplitudes(rng, frozen.dims), ExactStep(0, 3.0))
    assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize(("time", "dtype"), [(0.3, np.complex128), (300.0, np.complex128), (1.0, np.complex64)])
def test_the_estimated_error_covers_the_error(time, dtype):
    rng = np.random.default_rng(13)
    system = random_system(rng, Lattice.ring(7), (3, 4))
    state = random_amplitudes(rng, system.dims)
    moved = state.astype(dtype)
    estimate = ExactSteps(system).apply(moved, ExactStep(0, time))
    h = system.hopping_matrix(0)
    exact = np.empty_like(state)
    for y, felt in enumerate(system.potential_of_others(0, 1.0)):
        energies, vectors = np.linalg.eigh(h + np.diag(felt))
        u = (vectors * np.exp(-1j * energies * time)) @ vectors.conj().T
        chosen = system.bases[0].positions
        exact[:, y] = np.linalg.det(u[chosen[:, None, :, None], chosen[None, :, None, :]]) @ state[:, y]
    error = np.linalg.norm(moved - exact)
    assert error <= estimate <= 1000 * error


def test_preparations_are_kept_for_the_way_back():
    system = random_system(np.random.default_rng(14), Lattice.chain(5), (2, 2))
    mover, state = ExactSteps(system), random_amplitudes(np.random.default_rng(1), system.dims)
    for step in (ExactStep(0, 1.0), ExactStep(0, -1.0), ExactStep(1, 2.0), ExactStep(0, 1.0)):
        mover.apply(state, step)
    assert len(mover.prepared) == 2
    found = next(iter(mover.prepared.values())).nbytes
    assert found <= rotation_bytes(system, 0) <= 1.3 * found


def test_steps_that_commute_are_the_whole_evolution():
    rng = np.random.default_rng(15)
    ring = Lattice.ring(4)
    strengths = {("tau", "upsilon"): 0.9, ("upsilon", "kappa"): rng.normal(size=4), ("tau", "kappa"): 1.3}
    free = random_system(rng, ring, (2, 1), interaction=0.0)
    resting = random_system(rng, ring, (2, 1), hopping=(1.0, 0.0))
    three = random_system(rng, ring, (2, 1, 2), hopping=(0.0, 1.0, 0.0), interaction=strengths)
    still = random_system(rng, ring, (2, 1, 2), hopping=0.0, interaction=strengths)
    full = random_system(rng, ring, (2, 4))
    for system in (free, resting, three, still, full):
        state, twin = random_amplitudes(rng, system.dims), dense(system)
        moved = stepped(system, state, *commuting_steps(system, 1.9))
        np.testing.assert_allclose(moved, twin.evolve(twin.hamiltonian, 1.9, state), atol=1e-12)
    assert commuting_steps(random_system(rng, ring, (2, 1)), 1.0) is None
    hardcore = lattice_system(Lattice.grid((2, 3)), (2, 1), statistics="hardcore")
    assert commuting_steps(hardcore, 1.0) is None
