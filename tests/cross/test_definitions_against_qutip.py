"""Definitions of entropy production in QuTiP's own tensors, partial traces and entropies."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_hermitian, random_state

from loschmidt.evolution import evolve
from loschmidt.information.observational import level_projectors, observational_entropy
from loschmidt.ledger.definitions import compare_definitions
from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation

qutip = pytest.importorskip("qutip")


@pytest.mark.parametrize(("seed", "size", "beta"), [(1, 2, 1.0), (2, 3, 0.4), (3, 4, 2.2)])
def test_any_unitary(seed, size, beta):
    rng = np.random.default_rng(seed)
    own, other = random_hermitian(rng, 2), random_hermitian(rng, size)
    state, coupling = random_state(rng, 2), random_hermitian(rng, 2 * size)
    h_system, h_other = qutip.Qobj(own), qutip.Qobj(other)
    dims = [[2, size], [2, size]]
    total = qutip.tensor(h_system, qutip.qeye(size)) + qutip.tensor(qutip.qeye(2), h_other)
    unitary = (-0.8j * (total + qutip.Qobj(coupling, dims=dims))).expm()
    operation = ThermalOperation(unitary.full(), own, GibbsEnvironment(other, beta), allow_work=True)
    table = compare_definitions(evolve(operation, state))

    rho, thermal = qutip.Qobj(state), (-beta * h_other).expm()
    thermal = thermal / thermal.tr()
    after = unitary * qutip.tensor(rho, thermal) * unitary.dag()
    system, environment = after.ptrace(0), after.ptrace(1)
    gain = qutip.entropy_vn(system) - qutip.entropy_vn(rho)
    assert table[1].value == pytest.approx(gain + beta * qutip.expect(h_other, environment - thermal), abs=1e-11)
    assert table[2].value == pytest.approx(gain - beta * qutip.expect(h_system, system - rho), abs=1e-11)
    distance = qutip.entropy_relative(after, qutip.tensor(system, thermal))
    assert table[4].value == pytest.approx(distance, abs=1e-10)
    assert table[7].value == pytest.approx(qutip.entropy_mutual(after, [0], [1]), abs=1e-11)
    # Observed: eigenstates of the system's own state, and the levels of the environment.
    look = [
        qutip.tensor(one.proj(), level.proj()) for one in system.eigenstates()[1] for level in h_other.eigenstates()[1]
    ]
    seen = np.array([qutip.expect(one, after) for one in look])
    start = qutip.entropy_vn(rho) + qutip.entropy_vn(thermal)
    assert table[8].value == pytest.approx(-(seen * np.log(seen)).sum() - start, abs=1e-11)


def test_observational_entropy_is_that_of_a_measurement():
    rng = np.random.default_rng(4)
    state = random_state(rng, 4)
    projectors = level_projectors(np.diag([0.0, 1.0, 1.0, 2.0]))
    outcomes = [qutip.expect(qutip.Qobj(one), qutip.Qobj(state)) for one in projectors]
    expected = sum(-p * np.log(p / one.trace().real) for p, one in zip(outcomes, projectors, strict=True))
    assert observational_entropy(state, projectors) == pytest.approx(expected, abs=1e-13)
