from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import dimensions, random_hermitian, random_state, seeds

from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.evolution.evolve import evolve
from loschmidt.information import von_neumann_entropy
from loschmidt.processes.von_neumann_gas import von_neumann_gas
from loschmidt.states import random_unitary


@given(seed=seeds, d=dimensions, atoms=st.integers(1, 10**6), temperature=st.floats(0.01, 100.0))
def test_work_is_the_entropy_of_the_state(seed, d, atoms, temperature):
    rng = np.random.default_rng(seed)
    state = random_state(rng, d, int(rng.integers(1, d + 1)))
    evolution = evolve(von_neumann_gas(atoms, temperature), state)
    entropy = float(von_neumann_entropy(state))
    assert evolution.work / (atoms * temperature) == pytest.approx(entropy * np.array([0, 0, 1, 1]), abs=1e-13)
    assert evolution.gas_entropy / atoms == pytest.approx(entropy * np.array([1, 1, 0, 0]), abs=1e-13)
    assert evolution.component_work.min() >= -1e-14 * atoms * temperature
    assert evolution.volumes.sum() == pytest.approx(1.0, rel=1e-12)


def test_values_per_step():
    evolution = evolve(von_neumann_gas(10, 2.0), np.diag([0.5, 0.3, 0.2]))
    entropy = -sum(p * np.log(p) for p in (0.5, 0.3, 0.2))
    assert evolution.heat == pytest.approx([0, 0, -20 * entropy, -20 * entropy], rel=1e-13)
    assert evolution.reservoir_entropy == pytest.approx([0, 0, 10 * entropy, 10 * entropy], rel=1e-13)
    assert evolution.component_work == pytest.approx([-20 * p * np.log(p) for p in (0.5, 0.3, 0.2)], rel=1e-13)


@given(seed=seeds, d=dimensions)
def test_levels_with_energy_take_work_in_the_last_step(seed, d):
    rng = np.random.default_rng(seed)
    hamiltonian, state = random_hermitian(rng, d), random_state(rng, d)
    evolution = evolve(von_neumann_gas(7, 1.5, hamiltonian=hamiltonian), state)
    frequent = np.linalg.eigh(state)[1][:, -1]
    change = 7 * float((frequent.conj() @ hamiltonian @ frequent - np.trace(hamiltonian @ state)).real)
    assert evolution.energy[3] - evolution.energy[0] == pytest.approx(change, abs=1e-10)
    assert evolution.work[3] - evolution.work[2] == pytest.approx(change, abs=1e-10)
    assert evolution.heat[3] == evolution.heat[2]


def test_equal_populations_end_in_the_lowest_level():
    rng = np.random.default_rng(3)
    basis = random_unitary(3, rng)
    hamiltonian = basis @ np.diag([2.0, 0.5, 1.0]) @ basis.conj().T
    evolution = evolve(von_neumann_gas(1, 1.0, hamiltonian=hamiltonian), np.eye(3) / 3)
    assert evolution.energy[3] == pytest.approx(0.5, abs=1e-13)


def test_states_without_atoms_are_left_out():
    evolution = evolve(von_neumann_gas(4, 1.0), np.diag([0.75, 0.0, 0.25]))
    assert len(evolution.components.populations) == 2
    assert np.isfinite(evolution.work).all()
    pure = evolve(von_neumann_gas(4, 1.0), [0, 1])
    assert pure.work.tolist() == [0.0] * 4


@given(seed=seeds, d=dimensions, factor=st.floats(0.1, 10.0))
def test_work_scales_with_temperature(seed, d, factor):
    state = random_state(np.random.default_rng(seed), d)
    one, other = (evolve(von_neumann_gas(3, temperature), state) for temperature in (1.0, factor))
    assert other.work == pytest.approx(factor * one.work, rel=1e-12)
    assert other.gas_entropy == pytest.approx(one.gas_entropy, rel=1e-12)


def test_walls_along_the_eigenvectors_change_nothing():
    state = np.diag([0.2, 0.5, 0.3])
    chosen = von_neumann_gas(2, 1.0, walls=np.eye(3)[[2, 0, 1]])
    assert evolve(chosen, state).work == pytest.approx(evolve(von_neumann_gas(2, 1.0), state).work, rel=1e-13)


def test_states_that_are_not_orthogonal_cannot_be_separated():
    tilted = [[1.0, 0.0], [np.sqrt(0.5), np.sqrt(0.5)]]
    with pytest.raises(InputError, match=r"kets 0 and 1 overlap by 0.707. No wall"):
        von_neumann_gas(2, 1.0, walls=tilted)


def test_walls_that_would_measure_are_refused():
    gas = von_neumann_gas(2, 1.0, walls=np.array([[1, 1], [1, -1]]) / np.sqrt(2))
    with pytest.raises(InputError, match=r"between kets 0 and 1 it has coherence 0.25. Such walls measure"):
        evolve(gas, np.diag([0.75, 0.25]))
    with pytest.raises(InputError, match=r"they hold 0.75 of it"):
        evolve(von_neumann_gas(2, 1.0, walls=[[1.0, 0.0]]), np.diag([0.75, 0.25]))


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"atoms": 0}, InputError, "`atoms` must be a positive whole number"),
        ({"temperature": 0.0}, InputError, "`temperature` must be positive"),
        ({"hamiltonian": np.zeros((2, 2, 2))}, ShapeError, "`hamiltonian` must be one operator"),
        ({"walls": [1.0, 0.0]}, ShapeError, "`walls` must be kets"),
        ({"walls": [[1.0, 0.0]], "hamiltonian": np.eye(3)}, ShapeError, "with d = 3"),
        ({"walls": [[2.0, 0.0]]}, InputError, "norm 1, but ⟨ψ|ψ⟩ of ket 0 is 4"),
        ({"walls": [[np.nan, 0.0]]}, NotFiniteError, "`walls` must be finite"),
        ({"walls": "none"}, InputError, "`walls` must be kets"),
    ],
)
def test_wrong_gases_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        von_neumann_gas(**{"atoms": 2, "temperature": 1.0, **arguments})


def test_wrong_states_are_refused():
    with pytest.raises(NotAStateError):
        evolve(von_neumann_gas(2, 1.0), np.diag([0.7, 0.4]))
    with pytest.raises(ShapeError, match="one state"):
        evolve(von_neumann_gas(2, 1.0), np.stack([np.eye(2) / 2] * 2))
    with pytest.raises(InputError, match="`times` must be left out"):
        evolve(von_neumann_gas(2, 1.0), np.eye(2) / 2, [0.0, 1.0])
