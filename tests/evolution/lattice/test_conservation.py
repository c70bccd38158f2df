"""What each stage of a lattice protocol must keep, on random systems and states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lattices import dense, random_amplitudes, random_graph, random_start, random_system

from loschmidt.evolution.lattice import evolve_lattice
from loschmidt.evolution.lattice.exact_steps import ExactSteps
from loschmidt.processes.lattice import (
    Erase,
    ExactStep,
    FullStep,
    Lattice,
    deterministic_phases,
    domain_wall,
    given_state,
    lattice_protocol,
    lattice_system,
    local_phases,
    phase_operator,
    random_phases,
    two_step_echo,
)
from loschmidt.states.fock import FockBasis

seeds = st.integers(0, 2**32 - 1)
times = st.floats(0.1, 4.0)


def drawn(seed):
    rng = np.random.default_rng(seed)
    sites = int(rng.integers(2, 6))
    particles = tuple(int(n) for n in rng.integers(0, sites + 1, 2))
    system = random_system(rng, random_graph(rng, sites), particles)
    return rng, system, random_start(rng, system)


def run(system, start, *stages):
    return evolve_lattice(lattice_protocol(system, stages, [str(k) for k in range(len(stages))]), start)


@given(seed=seeds, time=times)
def test_norm_and_particles(seed, time):
    rng, system, start = drawn(seed)
    stages = [ExactStep(0, time), ExactStep(1, -time), FullStep(time), Erase(random_phases(system, [0, 1], rng))]
    seen = run(system, start, *stages)
    np.testing.assert_allclose(seen.norm, 1, atol=1e-12)
    np.testing.assert_allclose(seen.density.sum(axis=2), np.tile(system.particles, (5, 1)), atol=1e-12)


@given(seed=seeds)
def test_particles_of_each_part_of_a_lattice(seed):
    rng = np.random.default_rng(seed)
    lattice = Lattice.from_edges(5, [(0, 3), (1, 2), (2, 4), (1, 4)], rng.normal(size=4))
    system = random_system(rng, lattice, (2, 3))
    seen = run(system, random_start(rng, system), FullStep(2.0), ExactStep(0, 1.0))
    parts = seen.density[:, :, [0, 3]].sum(axis=2)
    np.testing.assert_allclose(parts, np.tile(parts[0], (3, 1)), atol=1e-12)
    assert not seen.equilibrium.ergodic


@given(seed=seeds, time=times)
def test_energy_under_the_full_hamiltonian(seed, time):
    _, system, start = drawn(seed)
    seen = run(system, start, FullStep(time), FullStep(-2 * time))
    assert (np.abs(np.diff(seen.energy)) <= seen.energy_error[1:] + 1e-12).all()
    assert seen.energy[2] == pytest.approx(seen.energy[0], abs=1e-11)


def test_energy_is_not_kept_by_single_species_steps():
    rng = np.random.default_rng(1)
    system = random_system(rng, Lattice.ring(5), (2, 3))
    seen = run(system, random_start(rng, system), ExactStep(0, 1.0), Erase(random_phases(system, 1, rng)))
    assert (np.abs(np.diff(seen.energy)) > 1e-2).all()


@given(seed=seeds)
def test_erasing_changes_no_fock_entropy_and_no_species_entanglement_by_itself(seed):
    rng, system, start = drawn(seed)
    for species in (0, 1):
        seen = run(system, start, Erase(random_phases(system, species, rng)))
        for name in ("joint_entropy", "species_entropy", "density", "double_occupancy", "species_entanglement"):
            np.testing.assert_allclose(seen[name][1], seen[name][0], atol=1e-11)
    joint = run(system, start, Erase(random_phases(system, [0, 1], rng, joint=True)))
    np.testing.assert_allclose(joint.joint_entropy[1], joint.joint_entropy[0], atol=1e-12)


@given(seed=seeds)
def test_local_phases_change_no_entanglement_at_all(seed):
    rng, system, start = drawn(seed)
    site = int(rng.integers(0, system.lattice.sites))
    seen = run(system, start, Erase(local_phases(system, site, {"tau": 1.1, "upsilon": rng.normal()})))
    for name in ("species_entanglement", "half_chain_entanglement"):
        np.testing.assert_allclose(seen[name][1], seen[name][0], atol=1e-10)


def test_joint_phases_do_change_entanglement():
    rng = np.random.default_rng(2)
    system = lattice_system(Lattice.chain(4), (2, 2))
    seen = run(system, given_state(system, np.full(36, 1 / 6)), Erase(random_phases(system, [0, 1], rng, joint=True)))
    assert seen.species_entanglement[1, 0] > seen.species_entanglement[0, 0] + 0.5


@given(seed=seeds, time=times)
def test_without_interaction_the_species_do_not_know_of_each_other(seed, time):
    rng = np.random.default_rng(seed)
    system = random_system(rng, Lattice.ring(4), (2, 1), interaction=0.0)
    start = random_start(rng, system)
    one, other = ExactStep(0, time), ExactStep(1, 1.7 * time)
    states = [run(system, start, *steps).state for steps in ((one, other), (other, one))]
    np.testing.assert_allclose(*states, atol=1e-12)
    erased = evolve_lattice(two_step_echo(system, random_phases(system, 1, rng), (time, time)), start)
    assert erased.species_entropy[-1, 0] == pytest.approx(erased.species_entropy[0, 0], abs=1e-11)


@given(seed=seeds, time=times)
def test_real_hamiltonians_turn_with_time_reversal(seed, time):
    rng = np.random.default_rng(seed)
    system = random_system(rng, Lattice.ring(5), (2, 2))
    state = random_amplitudes(rng, system.dims)
    forward, mirrored = state.copy(), state.conj()
    mover = ExactSteps(system)
    for species in (0, 1):
        mover.apply(forward, ExactStep(species, time))
        mover.apply(mirrored, ExactStep(species, -time))
    np.testing.assert_allclose(forward.conj(), mirrored, atol=1e-12)


def test_a_flux_breaks_time_reversal():
    system = lattice_system(Lattice.ring(4, np.exp(0.3j)), (1, 1), interaction=1.0)
    state = random_amplitudes(np.random.default_rng(3), system.dims)
    forward, mirrored = state.copy(), state.conj()
    ExactSteps(system).apply(forward, ExactStep(0, 1.0))
    ExactSteps(system).apply(mirrored, ExactStep(0, -1.0))
    assert np.abs(forward.conj() - mirrored).max() > 1e-2


@given(seed=seeds, time=times)
def test_reflection(seed, time):
    rng = np.random.default_rng(seed)
    sites = 5
    system = random_system(rng, Lattice.chain(sites), (2, 3), interaction=1.3, potentials=None)
    # |x⟩ → |mirrored x⟩ turns the order of N creators, which costs the same sign for every configuration.
    places = []
    for basis in system.bases:
        mirrored = (basis.occupations[:, ::-1].astype(np.int64) << np.arange(sites)).sum(axis=1)
        places.append(basis.rank(mirrored))
    state = random_amplitudes(rng, system.dims)
    here, there = state.copy(), state[np.ix_(*places)].copy()
    for array in (here, there):
        ExactSteps(system).apply(array, ExactStep(0, time))
    np.testing.assert_allclose(here[np.ix_(*places)], there, atol=1e-12)


def test_particles_and_holes():
    """On a chain, N particles from one end spread as L − N do: the entropies after an erased echo are the same."""
    found = []
    for n in (2, 4):
        system = lattice_system(Lattice.chain(6), (n, n), interaction=1.0)
        # Holes of υ in reversed order: the masks of complements descend.
        phases = np.random.default_rng(4).uniform(0, 7, 15)
        phases = phase_operator(system, phases if n == 2 else phases[::-1], "upsilon")
        start = domain_wall(system, from_right=() if n == 2 else ("tau", "upsilon"))
        found.append(evolve_lattice(two_step_echo(system, phases), start))
    np.testing.assert_allclose(found[0].joint_entropy, found[1].joint_entropy, atol=1e-10)
    np.testing.assert_allclose(found[0].species_entropy, found[1].species_entropy, atol=1e-10)


@given(seed=seeds)
def test_entropies_rise_on_average_over_the_phases(seed):
    """The provable second law: averaged over uniform phases, undoing H₂ maps p row by row bistochastically."""
    rng = np.random.default_rng(seed)
    system = random_system(rng, Lattice.ring(4), (1, 2))
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    steps = ExactSteps(system)
    matrix = np.zeros((system.dims[0], system.dims[1], system.dims[1]))
    for y in range(system.dims[1]):
        column = np.zeros(system.dims, dtype=complex)
        column[:, y] = 1.0
        steps.apply(column, ExactStep(1, -1.3))
        matrix[:, :, y] = np.abs(column) ** 2
    np.testing.assert_allclose(matrix.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(matrix.sum(axis=2), 1, atol=1e-12)
    before = np.abs(state) ** 2
    averaged = np.einsum("xzy,xy->xz", matrix, before)
    sampled = np.zeros(system.dims)
    for _ in range(200):
        turned = np.exp(1j * rng.uniform(0, 2 * np.pi, system.dims[1])) * state
        sampled += np.abs(twin.evolve(twin.step(1), -1.3, turned)) ** 2 / 200
    assert np.abs(sampled - averaged).max() < 0.1
    # Majorised: no sum of the largest k grows.
    largest = [np.cumsum(np.sort(p.reshape(-1))[::-1]) for p in (averaged, before)]
    assert (largest[0] <= largest[1] + 1e-12).all()
    assert entropy(averaged) >= entropy(before) - 1e-12


def entropy(p):
    return -float(np.sum(p * np.log(p)))


@pytest.mark.parametrize("particles", [(2, 0), (2, 4), (0, 2), (4, 4)])
def test_a_full_or_empty_species_erases_nothing(particles):
    system = lattice_system(Lattice.ring(4), particles, interaction=1.0)
    last = evolve_lattice(two_step_echo(system, deterministic_phases(system, "upsilon")), domain_wall(system))
    if particles[1] in {0, 4}:
        assert last.echo_fidelity[-1] == pytest.approx(1, abs=1e-13)
        np.testing.assert_allclose(last.joint_entropy[-1], last.joint_entropy[0], atol=1e-12)
    lonely = [s for s, n in enumerate(particles) if n in {0, 4}]
    np.testing.assert_allclose(last.species_entropy[:, lonely], 0, atol=1e-13)
    assert FockBasis(4, particles[1]).dimension == system.dims[1]


def entropies_by_name(run, record):
    return {
        "both": run.joint_entropy[record],
        "τ": run.species_entropy[record, 0],
        "υ": run.species_entropy[record, 1],
    }


def test_identities_of_the_echo():
    system = lattice_system(Lattice.ring(6), (3, 3), interaction=1.0)
    start, phases = domain_wall(system), deterministic_phases(system, "upsilon")
    assert evolve_lattice(two_step_echo(system), start).echo_fidelity[-1] == pytest.approx(1, abs=1e-13)
    erased = evolve_lattice(two_step_echo(system, phases), start)
    assert erased.echo_fidelity[-1] < 0.05
    place = erased.place
    # p_y is kept while τ moves, p_x while υ moves, and all of it under the phases.
    for before, after, name in (
        ("φ0", "φ1", "υ"),
        ("φ1", "φ2", "τ"),
        ("φ2", "φ2'", "both"),
        ("φ2'", "φ1'", "τ"),
        ("φ1'", "φ0'", "υ"),
    ):
        first, last = (entropies_by_name(erased, place(label)) for label in (before, after))
        assert last[name] == pytest.approx(first[name], abs=1e-12)
    everywhere = phase_operator(system, np.full((1, 1), 0.7))
    assert evolve_lattice(two_step_echo(system, everywhere), start).echo_fidelity[-1] == pytest.approx(1, abs=1e-13)
    nothing = evolve_lattice(two_step_echo(system, phases, (0.0, 0.0)), start)
    np.testing.assert_allclose(nothing.joint_entropy, 0, atol=1e-13)
