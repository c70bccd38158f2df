"""Lattice protocols against QuTiP's fermions: Jordan–Wigner operators on all modes of both species, 2^6 states."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import qutip

from loschmidt.evolution.lattice import evolve_lattice
from loschmidt.processes.lattice import (
    FullStep,
    Lattice,
    fock_state,
    lattice_protocol,
    lattice_system,
    random_phases,
    two_step_echo,
)

SITES = 3
WEIGHTS = [1.0, 0.5 + 0.3j, -0.8]
INTERACTION = [1.0, -0.4, 0.7]
POTENTIALS = [[0.3, 0.0, -0.2], [0.0, 0.9, 0.1]]
HOPPING = (1.0, 0.6)


def operators():
    destroy = [[qutip.fdestroy(2 * SITES, s * SITES + i) for i in range(SITES)] for s in range(2)]
    number = [[one.dag() * one for one in row] for row in destroy]
    interaction = sum(INTERACTION[i] * number[0][i] * number[1][i] for i in range(SITES))
    single = []
    for s in range(2):
        hops = 0
        for (i, j), weight in zip([(0, 1), (1, 2), (0, 2)], WEIGHTS, strict=True):
            hop = weight * destroy[s][i].dag() * destroy[s][j]
            hops = hops + HOPPING[s] * (hop + hop.dag())
        single.append(hops + sum(POTENTIALS[s][i] * number[s][i] for i in range(SITES)))
    return destroy, single, interaction


def fock(destroy, tau, upsilon):
    """c†…c†|0⟩ with the creators of τ first, sites ascending."""
    state = qutip.basis([2] * (2 * SITES), [0] * (2 * SITES))
    for s, chosen in reversed(list(enumerate((tau, upsilon)))):
        for i in reversed(chosen):
            state = destroy[s][i].dag() * state
    return state


def configurations(particles):
    chosen = itertools.combinations(range(SITES), particles)
    return sorted(chosen, key=lambda sites: sum(2**i for i in sites))


@pytest.mark.parametrize("particles", [(1, 1), (2, 1), (2, 2), (1, 0)])
def test_erased_echo_and_full_evolution(particles):
    rng = np.random.default_rng(1)
    lattice = Lattice.from_edges(SITES, [(0, 1), (1, 2), (0, 2)], WEIGHTS)
    system = lattice_system(lattice, particles, hopping=HOPPING, interaction=INTERACTION, potentials=POTENTIALS)
    phases = random_phases(system, "upsilon", rng)
    destroy, single, interaction = operators()
    basis = [[fock(destroy, x, y) for y in configurations(particles[1])] for x in configurations(particles[0])]
    erase = sum(
        np.exp(1j * angle) * state * state.dag()
        for row in basis
        for angle, state in zip(phases.angles(system.dims)[0], row, strict=True)
    )
    steps = [(-1j * 1.7 * (one + interaction)).expm() for one in single]
    first = tuple(range(particles[0])), tuple(range(particles[1]))
    start = fock(destroy, *first)
    end = steps[0].dag() * steps[1].dag() * erase * steps[1] * steps[0] * start
    expected = np.array([[state.overlap(end) for state in row] for row in basis])
    run = evolve_lattice(two_step_echo(system, phases, (1.7, 1.7)), fock_state(system, first))
    np.testing.assert_allclose(run.state, expected, atol=1e-12)
    full = (-0.9j * (single[0] + single[1] + interaction)).expm() * start
    expected = np.array([[state.overlap(full) for state in row] for row in basis])
    run = evolve_lattice(lattice_protocol(system, [FullStep(0.9)], ["end"]), fock_state(system, first))
    np.testing.assert_allclose(run.state, expected, atol=1e-12)
    energy = qutip.expect(single[0] + single[1] + interaction, full)
    assert run.energy[1] == pytest.approx(energy, abs=1e-12)
