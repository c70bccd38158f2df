"""Every recorded number against explicit Jordan–Wigner matrices."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.lattices import SYSTEMS, dense, name_of, random_amplitudes, random_graph, random_start, random_system
from tests.reference.lattice_operators import probabilities, shannon, spatial_entropy

from loschmidt.errors import InputError
from loschmidt.evolution.lattice import LatticeRun, Observation, evolve_lattice
from loschmidt.processes.lattice import (
    ExactStep,
    FullStep,
    Lattice,
    built_in_eraser,
    domain_wall,
    fermi_sea,
    given_state,
    lattice_protocol,
    lattice_system,
    superposition,
)


def still(system):
    """A protocol that only looks."""
    return lattice_protocol(system, [], [])


@pytest.mark.parametrize("case", SYSTEMS, ids=name_of)
def test_two_species(case):
    rng = np.random.default_rng(1)
    system = random_system(rng, *case)
    twin, start = dense(system), random_start(rng, system)
    run = evolve_lattice(still(system), start)
    state = start.amplitudes
    p, px, py = probabilities(state)
    assert run.labels == ("start",)
    assert run.norm[0] == pytest.approx(1, abs=1e-14)
    assert run.joint_entropy[0] == pytest.approx(shannon(p), abs=1e-13)
    np.testing.assert_allclose(run.species_entropy[0], [shannon(px), shannon(py)], atol=1e-13)
    assert run.participation[0] == pytest.approx(1 / np.sum(p**2))
    np.testing.assert_allclose(run.species_participation[0], [1 / np.sum(px**2), 1 / np.sum(py**2)])
    for s in range(2):
        np.testing.assert_allclose(run.density[0, s], [twin.mean(n, state).real for n in twin.numbers[s]], atol=1e-13)
        assert run.hopping_energy[0, s] == pytest.approx(twin.mean(twin.hops[s], state).real, abs=1e-13)
        assert run.potential_energy[0, s] == pytest.approx(twin.mean(twin.fields[s], state).real, abs=1e-13)
    doublons = [twin.mean(a @ b, state).real for a, b in zip(*twin.numbers, strict=True)]
    np.testing.assert_allclose(run.double_occupancy[0, 0], doublons, atol=1e-13)
    assert run.interaction_energy[0, 0] == pytest.approx(twin.mean(twin.pairs[0, 1], state).real, abs=1e-13)
    assert run.energy[0] == pytest.approx(twin.mean(twin.hamiltonian, state).real, abs=1e-12)
    low, high = run.energy_range
    energies = np.linalg.eigvalsh(twin.hamiltonian)
    assert low <= energies[0] + 1e-9
    assert high >= energies[-1] - 1e-9
    weights = np.linalg.svd(state, compute_uv=False) ** 2
    np.testing.assert_allclose(run.species_entanglement[0], 2 * [shannon(weights)], atol=1e-11)
    np.testing.assert_allclose(run.purity[0], 2 * [np.sum(weights**2)], atol=1e-13)
    inside = list(range(system.lattice.sites // 2))
    expected = spatial_entropy(state, system.lattice.sites, system.particles, inside)
    assert run.half_chain_entanglement[0] == pytest.approx(expected, abs=1e-11)
    assert run.echo_fidelity[0] == pytest.approx(1, abs=1e-13)


@pytest.mark.parametrize("statistics", ["fermion", "hardcore"])
@pytest.mark.parametrize("cut", [0, 1, 3, 4])
def test_currents_are_what_the_density_loses(statistics, cut):
    rng = np.random.default_rng(2)
    system = random_system(rng, random_graph(rng, 4), (2, 1, 3), statistics=statistics)
    twin, start = dense(system), random_start(rng, system)
    run = evolve_lattice(still(system), start, LatticeRun(observe=Observation(cut=cut)))
    for s in range(3):
        inside = sum(twin.numbers[s][:cut], np.zeros_like(twin.hamiltonian))
        rate = 1j * twin.mean(twin.hamiltonian @ inside - inside @ twin.hamiltonian, start.amplitudes)
        assert run.current[0, s] == pytest.approx(-rate.real, abs=1e-12)
        assert run.hopping_energy[0, s] == pytest.approx(twin.mean(twin.hops[s], start.amplitudes).real, abs=1e-12)
    expected = spatial_entropy(start.amplitudes, 4, (2, 1, 3), list(range(cut)), statistics == "hardcore")
    assert run.half_chain_entanglement[0] == pytest.approx(expected, abs=1e-11)
    assert run.species_entanglement.shape == (1, 3)


def test_a_current_flows_out_of_a_full_half():
    system = lattice_system(Lattice.chain(6), (3, 3), interaction=1.0)
    steps = lattice_protocol(system, [FullStep(0.01)] * 2, ["a", "b"])
    run = evolve_lattice(steps, domain_wall(system))
    left = run.density[:, :, :3].sum(axis=2)
    np.testing.assert_allclose(-(left[2] - left[0]) / 0.02, run.current[1], rtol=1e-3)
    assert (run.current[1] > 0).all()


def test_echo_of_any_initial_state():
    rng = np.random.default_rng(3)
    system = random_system(rng, Lattice.ring(4), (2, 2))
    twin = dense(system)
    starts = [
        domain_wall(system),
        superposition(system, [(([0, 1], [2, 3]), 0.6), (([0, 2], [1, 3]), 0.8j)]),
        fermi_sea(system),
        random_start(rng, system),
    ]
    for start in starts:
        run = evolve_lattice(lattice_protocol(system, [FullStep(0.4)], ["end"]), start)
        first = start.rows(0, 6)
        expected = abs(np.vdot(first, twin.evolve(twin.hamiltonian, 0.4, first))) ** 2
        assert run.echo_fidelity[1] == pytest.approx(expected, abs=1e-12)


def test_echo_of_the_species_that_should_return():
    rng = np.random.default_rng(4)
    system = random_system(rng, Lattice.chain(3), (1, 2, 1))
    twin = dense(system)
    parts = random_amplitudes(rng, (3, 3)), random_amplitudes(rng, (3,))
    product = np.multiply.outer(*parts)
    end = twin.evolve(twin.hamiltonian, 0.7, product)
    expected = np.sum(np.abs(np.einsum("xy,xyz->z", parts[0].conj(), end)) ** 2)
    steps = lattice_protocol(system, [FullStep(0.7)], ["end"], echo_species=["tau", "upsilon"])
    assert evolve_lattice(steps, given_state(system, product)).echo_fidelity[1] == pytest.approx(expected, abs=1e-12)
    middle = lattice_protocol(system, [FullStep(0.7)], ["end"], echo_species=["upsilon"])
    for start in (domain_wall(system), fermi_sea(system)):
        first = start.rows(0, 3)
        vector = np.linalg.svd(np.moveaxis(first, 1, 0).reshape(3, -1))[0][:, 0]
        end = twin.evolve(twin.hamiltonian, 0.7, first)
        expected = np.sum(np.abs(np.einsum("y,xyz->xz", vector.conj(), end)) ** 2)
        assert evolve_lattice(middle, start).echo_fidelity[1] == pytest.approx(expected, abs=1e-12)
    with pytest.raises(InputError, match="must be a product of the species that are meant to return"):
        evolve_lattice(built_in_eraser(system, 1.0), random_start(rng, system))


def test_what_is_looked_at_can_be_chosen():
    system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    steps = lattice_protocol(system, [ExactStep(0, 0.5)] * 4, ["1", "2", "3", "4"])
    rare = evolve_lattice(steps, domain_wall(system), LatticeRun(observe=Observation(every=3)))
    assert rare.entanglement_records.tolist() == [0, 3, 4]
    assert rare.purity.shape == (3, 2)
    few = Observation(species_entanglement=False, purity=False, half_chain_entanglement=False, correlations=False)
    none = evolve_lattice(steps, domain_wall(system), LatticeRun(observe=few))
    assert none.entanglement_records.size == 0
    with pytest.raises(InputError, match="`current` was not computed; there are density,"):
        _ = none.current
    with pytest.raises(InputError, match="`cut` must be from 0 to 4, but it is 5"):
        evolve_lattice(steps, domain_wall(system), LatticeRun(observe=Observation(cut=5)))
    large = lattice_system(Lattice.chain(14), (7, 7), interaction=1.0)
    chosen = Observation().resolved(large)
    assert (chosen.species_entanglement, chosen.correlations, chosen.cut) == (False, True, 7)


def test_errors_of_observables_cover_their_errors():
    rng = np.random.default_rng(5)
    system = random_system(rng, Lattice.ring(6), (3, 3))
    steps = lattice_protocol(system, [ExactStep(0, 1.0), ExactStep(1, 1.0)], ["1", "2"])
    start = random_start(rng, system)
    double, single = (evolve_lattice(steps, start, LatticeRun(precision=one)) for one in ("double", "single"))
    for name, error in (
        ("joint_entropy", single.entropy_error),
        ("half_chain_entanglement", single.entropy_error),
        ("energy", single.energy_error),
        ("echo_fidelity", single.echo_error),
    ):
        assert (np.abs(single[name] - double[name]) <= error).all()
    assert (double.entropy_error < 1e-10).all()
    assert (single.entropy_error < 1e-3).all()
    assert (np.diff(single.state_error) > 0).all()


def test_equilibrium_belongs_to_the_system():
    rng = np.random.default_rng(6)
    system = random_system(rng, Lattice.from_edges(4, [(0, 1)]), (2, 1))
    found = evolve_lattice(still(system), domain_wall(system)).equilibrium
    assert found.uniform_entropy == pytest.approx(math.log(24))
    assert not found.ergodic
    twin = dense(system)
    mean = found.potential_energy.sum() + found.interaction_energy.sum()
    assert mean == pytest.approx(np.trace(twin.hamiltonian).real / 24, abs=1e-13)
