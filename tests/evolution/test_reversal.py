"""Undoing a motion: exact from the whole, off by the correlations from the parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.physics import random_hermitian, random_state, seeds

from loschmidt import Bath, OhmicSpectrum, evolve
from loschmidt.errors import InputError
from loschmidt.evolution.reversal import reversal_test
from loschmidt.information import mutual_information, von_neumann_entropy
from loschmidt.processes import driven_hamiltonian
from loschmidt.processes.multipartite import multipartite_system
from loschmidt.states import gibbs_state, partial_trace, product_state

QUBIT = np.diag([0.0, 1.0])
X = np.array([[0.0, 1.0], [1.0, 0.0]])
EXCHANGE = np.zeros((4, 4))
EXCHANGE[1, 2] = EXCHANGE[2, 1] = 1.0


def test_numbers_of_the_page():
    start = product_state(gibbs_state(QUBIT, 2.0), gibbs_state(QUBIT, 0.5))
    test = reversal_test(evolve(multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE), start, [0.0, 0.3, 0.6]))
    assert test.distance < 1e-14
    assert test.distance_without == pytest.approx(0.13488, abs=5e-6)
    assert test.entropy_gain_without == pytest.approx(0.081108, abs=5e-7)
    np.testing.assert_allclose(test.energies[[0, 1, 3], 0], [0.1192, 0.2016, 0.2314], atol=5e-5)


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_what_is_left_over_is_the_mutual_information(seed):
    rng = np.random.default_rng(seed)
    dims = [(2, 2), (2, 3), (2, 2, 2)][int(rng.integers(3))]
    d = int(np.prod(dims))
    parts = {f"p{k}": random_hermitian(rng, n) for k, n in enumerate(dims)}
    done = evolve(
        multipartite_system(parts, random_hermitian(rng, d)),
        random_state(rng, d, int(rng.integers(1, d + 1))),
        [0.0, 0.8, 1.5],
    )
    for at in (1, -1):
        test = reversal_test(done, at)
        assert test.distance < 1e-12
        assert test.entropy_gain_without == pytest.approx(float(mutual_information(done.states[at], dims)), abs=1e-11)
        assert abs(test.entropy_gain) < 1e-11


def test_a_driven_motion_is_undone_too():
    coupling = driven_hamiltonian(0.2 * np.kron(X, X), [(np.kron(X, X), lambda t: np.sin(2 * t))])
    system = multipartite_system({"A": driven_hamiltonian(QUBIT, [(X, np.cos)]), "B": 0.7 * QUBIT}, coupling)
    done = evolve(system, [0, 1, 0, 0], np.linspace(0.4, 2.4, 5))
    test = reversal_test(done)
    assert test.distance < 1e-9
    np.testing.assert_allclose(test.returned, done.states[0], atol=1e-9)
    product = np.kron(*(partial_trace(done.states[-1], (2, 2), k) for k in (0, 1)))
    gain = float(von_neumann_entropy(product) - von_neumann_entropy(done.states[0]))
    assert test.entropy_gain_without == pytest.approx(gain, abs=1e-8)
    assert test.distance_without > 0.1


def test_what_cannot_be_undone_is_told():
    bath = Bath("hot", 0.5, OhmicSpectrum(0.05), np.kron(X, np.eye(2)))
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE, baths=[bath])
    with pytest.raises(InputError, match="bath"):
        reversal_test(evolve(system, [0, 1, 0, 0], [0.0, 1.0]))
    closed = evolve(multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE), [0, 1, 0, 0], [0.0, 1.0])
    for at in (0, 2, -2, 0.5):
        with pytest.raises(InputError, match="`at`"):
            reversal_test(closed, at)
    with pytest.raises(InputError, match="several parts"):
        reversal_test(closed.joint)
