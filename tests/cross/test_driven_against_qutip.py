"""Driven states from QuTiP's solver on the same Hamiltonian and jump operators, and the energy balance they imply."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evolution.test_runge_kutta import chain, random_driven
from tests.physics import random_state

from loschmidt.evolution.evolve import evolve
from loschmidt.processes import driven_generator, driven_hamiltonian

qutip = pytest.importorskip("qutip")

TIGHT = {"atol": 1e-12, "rtol": 1e-10, "method": "vern9", "nsteps": 100_000, "progress_bar": ""}
TIMES = np.linspace(0.0, 6.0, 13)


def theirs(process, state):
    drive = process.hamiltonian
    terms = [[qutip.Qobj(h), f.function] for h, f in zip(drive.operators, drive.coefficients, strict=True)]
    jumps = [
        qutip.Qobj(np.sqrt(rate) * jump)
        for one in process.dissipators
        for rate, jump in zip(one.rates, one.jumps, strict=True)
    ]
    system = qutip.QobjEvo([qutip.Qobj(drive.static), *terms])
    solved = qutip.mesolve(system, qutip.Qobj(state), TIMES, jumps, options=TIGHT)
    return np.stack([one.full() for one in solved.states])


@pytest.mark.parametrize("d", [2, 4, 10])
def test_random_drives(d):
    process, state = random_driven(d, d)
    compare(process, state)


def test_a_chain_between_two_baths():
    bonds, field, ends = chain(4)
    drive = driven_hamiltonian(bonds, [(field, lambda t: 0.5 + 0.2 * np.sin(t))])
    compare(driven_generator(drive, dissipators=ends), random_state(np.random.default_rng(1), 16))


def compare(process, state):
    ours, states = evolve(process, state, TIMES), theirs(process, state)
    np.testing.assert_allclose(ours.states, states, atol=1e-8)
    energy = np.einsum("tab,tba->t", process.energy_at(TIMES), states).real
    np.testing.assert_allclose(ours.work + ours.heat.sum(axis=1), energy - energy[0], atol=1e-7)
