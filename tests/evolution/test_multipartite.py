"""Several parts over time: the joint motion is that of any generator, seen part by part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.linalg import expm
from tests.physics import random_hermitian, random_state, seeds

from loschmidt import RungeKutta, evolve
from loschmidt.errors import InputError, NotAStateError
from loschmidt.processes.multipartite import multipartite_system
from loschmidt.states import partial_trace


@settings(max_examples=15)
@given(seed=seeds)
def test_closed_parts_move_by_the_unitary_of_the_whole(seed):
    rng = np.random.default_rng(seed)
    parts = {"a": random_hermitian(rng, 2), "b": random_hermitian(rng, 3)}
    system = multipartite_system(parts, random_hermitian(rng, 6))
    state = random_state(rng, 6, int(rng.integers(1, 7)))
    done = evolve(system, state, [0.0, 0.7, 1.9])
    unitary = expm(-1.9j * system.dynamics.hamiltonian)
    expected = unitary @ state @ unitary.conj().T
    np.testing.assert_allclose(done.states[-1], expected, atol=1e-12)
    np.testing.assert_allclose(done.reduced("b")[-1], partial_trace(expected, (2, 3), 1), atol=1e-12)


def test_methods_and_errors_are_those_of_any_generator():
    qubit = np.diag([0.0, 1.0])
    pair = multipartite_system({"A": qubit, "B": qubit}, np.kron(qubit, [[0, 1], [1, 0]]))
    done = evolve(pair, [0, 0, 1, 0], [0.0, 1.0], RungeKutta())
    assert done.joint.method == RungeKutta()
    assert done.joint.heat.shape == (2, 0)
    with pytest.raises(NotAStateError):
        evolve(pair, 2 * np.eye(4), [0.0, 1.0])
    with pytest.raises(InputError, match="method"):
        evolve(pair, [1, 0, 0, 0], [0.0, 1.0], "fast")
