from __future__ import annotations

import numpy as np
import pytest

from loschmidt.processes.collisions import collision_chain, divisibility, lap_model, two_level_walk
from loschmidt.states import random_density_matrix, random_unitary

qutip = pytest.importorskip("qutip")


def losses(reset, p_up, position, dims):
    """Kraus operators of the replacement of one two-level system."""
    parts = [np.sqrt(1 - reset) * qutip.qeye(2)]
    for a, weight in enumerate((p_up, 1 - p_up)):
        parts += [np.sqrt(reset * weight) * qutip.basis(2, a) * qutip.basis(2, b).dag() for b in range(2)]
    return [qutip.tensor([part if k == position else qutip.qeye(d) for k, d in enumerate(dims)]) for part in parts]


@pytest.mark.parametrize("reset", [0.0, 0.35, 1.0])
def test_walk(reset):
    rng = np.random.default_rng(8)
    coins, p_up, dims = random_unitary(2, rng, batch=(2, 3)), [0.3, 0.6, 0.8], [6, 2, 2, 2]
    walk = two_level_walk(3, reset=reset, p_up=p_up, coin_up=coins[0], coin_down=coins[1])
    state = random_density_matrix(6, rng, rank=2)
    joint = qutip.tensor([qutip.Qobj(state), *[qutip.Qobj(np.diag([p, 1 - p])) for p in p_up]])
    sites, sides = [qutip.basis(3, x) for x in range(3)], [qutip.basis(2, c) for c in range(2)]
    shift = sum(
        qutip.tensor(sites[(x + 1 - 2 * c) % 3] * sites[x].dag(), sides[c] * sides[c].dag())
        for x in range(3)
        for c in range(2)
    )
    unitary = 0
    for x in range(3):
        for pointer in range(2):
            here = qutip.tensor(sites[x] * sites[x].dag(), qutip.Qobj(coins[pointer, x]))
            places = [sides[pointer] * sides[pointer].dag() if k == x else qutip.qeye(2) for k in range(3)]
            unitary = unitary + qutip.tensor(qutip.Qobj((shift * here).full()), *places)
    run = walk.run(4, state, keep_states=True)
    for step in range(1, 5):
        joint = unitary * joint * unitary.dag()
        for position, p in enumerate(p_up, start=1):
            joint = sum(k * joint * k.dag() for k in losses(reset, p, position, dims))
        walker, systems = joint.ptrace(0), joint.ptrace([1, 2, 3])
        np.testing.assert_allclose(run.states[step], walker.full(), atol=1e-14)
        information = qutip.entropy_vn(walker) + qutip.entropy_vn(systems) - qutip.entropy_vn(joint)
        assert run.mutual_information[step] == pytest.approx(information, abs=1e-10)


def test_maps_are_superoperators_of_qutip():
    rng = np.random.default_rng(9)
    unitary, ancilla, state = random_unitary(6, rng), random_density_matrix(3, rng), random_density_matrix(2, rng)
    chain = collision_chain(unitary, ancilla, memory="fresh")
    found = qutip.Qobj(chain.maps(1)[1], dims=[[[2], [2]]] * 2, superrep="super")
    joint = qutip.Qobj(unitary, dims=[[2, 3]] * 2)
    expected = (joint * qutip.tensor(qutip.Qobj(state), qutip.Qobj(ancilla)) * joint.dag()).ptrace(0)
    np.testing.assert_allclose(found(qutip.Qobj(state)).full(), expected.full(), atol=1e-14)


def test_choi_eigenvalues_are_those_of_qutip():
    history = lap_model(1, p_up=0.2, reset=0.1).maps(3)
    found = divisibility(history)
    for step, intermediate in enumerate(found.intermediate):
        choi = qutip.to_choi(qutip.Qobj(intermediate, dims=[[[2], [2]]] * 2, superrep="super"))
        assert found.smallest_choi_eigenvalues[step] == pytest.approx(choi.eigenenergies()[0], abs=1e-13)
        assert bool(choi.iscp) is not bool(found.violations[step])
