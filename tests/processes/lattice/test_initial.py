from __future__ import annotations

import numpy as np
import pytest
from tests.lattices import dense, random_system

from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.processes.lattice import (
    Lattice,
    configurations_within,
    domain_wall,
    fermi_sea,
    fock_state,
    given_state,
    lattice_system,
    random_lattice_state,
    slater_state,
    superposition,
)
from loschmidt.states import random_unitary

SYSTEM = lattice_system(Lattice.chain(4), (2, 1))


def whole(state):
    return state.rows(0, state.shape[0])


def test_fock_states():
    state = whole(fock_state(SYSTEM, {"upsilon": [3], "tau": [2, 0]}))
    assert state[1, 3] == 1
    assert np.count_nonzero(state) == 1
    np.testing.assert_array_equal(state, whole(fock_state(SYSTEM, [[0, 2], [3]])))
    assert whole(domain_wall(SYSTEM))[0, 0] == 1
    assert whole(domain_wall(SYSTEM, from_right=["upsilon", "tau"]))[-1, -1] == 1
    empty = lattice_system(Lattice.chain(3), (0, 3))
    assert whole(domain_wall(empty)).tolist() == [[1]]


def test_superpositions():
    state = whole(superposition(SYSTEM, [(([0, 1], [0]), 0.6), (([1, 2], [3]), 0.8j)]))
    assert state[0, 0] == 0.6
    assert state[2, 3] == 0.8j
    same = superposition(SYSTEM, [(([0, 1], [0]), 3), (([1, 2], [3]), 4j)], normalize=True)
    np.testing.assert_allclose(whole(same), state, atol=1e-15)


def test_products_of_slater_determinants():
    orbitals = [random_unitary(4, np.random.default_rng(s))[:, :n] for s, n in enumerate(SYSTEM.particles)]
    state = slater_state(SYSTEM, orbitals)
    np.testing.assert_allclose(whole(state)[:, 2], state.factors[0] * orbitals[1][2, 0], atol=1e-15)
    assert np.linalg.norm(whole(state)) == pytest.approx(1, abs=1e-13)


def test_the_fermi_sea_is_the_ground_state_without_interaction():
    rng = np.random.default_rng(5)
    system = random_system(rng, Lattice.ring(5), (2, 3), interaction=0.0)
    energies, vectors = np.linalg.eigh(dense(system).hamiltonian)
    assert abs(np.vdot(vectors[:, 0], whole(fermi_sea(system)).reshape(-1))) == pytest.approx(1, abs=1e-12)
    assert energies[1] > energies[0]


def test_random_states_stay_in_their_subspace():
    rng = np.random.default_rng(6)
    inside = configurations_within(SYSTEM, "tau", [0, 1, 2]) & configurations_within(SYSTEM, "upsilon", [1, 2])
    state = whole(random_lattice_state(SYSTEM, rng, inside))
    assert inside.sum() == 6
    assert np.count_nonzero(state) == 6
    assert not state[~np.broadcast_to(inside, SYSTEM.dims)].any()
    assert np.linalg.norm(state) == pytest.approx(1, abs=1e-14)
    # Haar: the mean of each probability is 1/d.
    mean = np.mean([np.abs(whole(random_lattice_state(SYSTEM, rng))) ** 2 for _ in range(2000)], axis=0)
    np.testing.assert_allclose(mean, 1 / 24, atol=5 / 24 / np.sqrt(2000))


def test_given_states():
    vector = np.arange(24) + 1.0
    state = given_state(SYSTEM, vector, normalize=True)
    assert whole(state)[1, 0] == pytest.approx(5 / np.linalg.norm(vector))
    vector[0] = 99.0
    assert whole(state)[0, 0] < 1
    with pytest.raises(NotAStateError, match=r"norm 1, but ⟨γ\|γ⟩ = 4\. Pass normalize=True"):
        given_state(SYSTEM, np.full((6, 4), np.sqrt(1 / 6)))
    with pytest.raises(NotAStateError, match=r"⟨γ\|γ⟩ = 0"):
        given_state(SYSTEM, np.zeros((6, 4)), normalize=True)
    with pytest.raises(ShapeError, match=r"must have shape \(6, 4\) or \(24,\), but its shape is \(4, 6\)"):
        given_state(SYSTEM, np.ones((4, 6)))
    with pytest.raises(NotFiniteError):
        given_state(SYSTEM, np.full(24, np.nan))


def test_border():
    with pytest.raises(InputError, match="`sites of tau` must name 2 occupied sites, but it names 1"):
        fock_state(SYSTEM, [[0], [1]])
    with pytest.raises(InputError, match="must name the sites of every species, but upsilon is missing"):
        fock_state(SYSTEM, {"tau": [0, 1]})
    with pytest.raises(ShapeError, match="one list of sites per species, 2, but it has 1"):
        fock_state(SYSTEM, [[0, 1]])
    with pytest.raises(InputError, match=r"places \(0, 0\) of the bases come twice"):
        superposition(SYSTEM, [(([0, 1], [0]), 0.6), (([1, 0], [0]), 0.8)])
    with pytest.raises(NotAStateError):
        superposition(SYSTEM, [(([0, 1], [0]), 0.5)])
    with pytest.raises(NotFiniteError):
        superposition(SYSTEM, [(([0, 1], [0]), np.nan)])
    with pytest.raises(InputError, match="at least one Fock state, but it is empty"):
        random_lattice_state(SYSTEM, np.random.default_rng(1), np.zeros((6, 1)))
    with pytest.raises(ShapeError, match="`subspace` must broadcast"):
        random_lattice_state(SYSTEM, np.random.default_rng(1), np.ones(5))
    with pytest.raises(ShapeError, match="one array per species, 2, but it has 1"):
        slater_state(SYSTEM, [np.eye(4)[:, :2]])
    with pytest.raises(ShapeError, match=r"`orbitals` of upsilon must have shape \(4, 1\), but it is \(4, 2\)"):
        slater_state(SYSTEM, [np.eye(4)[:, :2], np.eye(4)[:, :2]])
    hardcore = lattice_system(Lattice.grid((2, 3)), (2, 1), statistics="hardcore")
    with pytest.raises(InputError, match="hard-core particles on a 2 × 3 grid are not"):
        fermi_sea(hardcore)
