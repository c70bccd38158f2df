"""Several parts: what they are made of, how they move, and one clear error for each thing that does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.physics import random_hermitian, seeds

from loschmidt.errors import InputError, NotHermitianError, ShapeError
from loschmidt.processes import (
    Bath,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    jump_dissipator,
    local_generator,
)
from loschmidt.processes.multipartite import embedded, multipartite_system, total_hamiltonian

QUBIT = np.diag([0.0, 1.0])
X = np.array([[0.0, 1.0], [1.0, 0.0]])
XX = np.kron(X, X)
PAIR = {"A": QUBIT, "B": 0.8 * QUBIT}


@given(seed=seeds)
def test_the_whole_is_its_parts_and_their_interaction(seed):
    rng = np.random.default_rng(seed)
    a, b, c = (random_hermitian(rng, d) for d in (2, 3, 2))
    coupling = random_hermitian(rng, 12)
    system = multipartite_system({"a": a, "b": b, "c": c}, coupling)
    one, two, three = np.eye(2), np.eye(3), np.eye(2)
    free = np.kron(np.kron(a, two), three) + np.kron(np.kron(one, b), three) + np.kron(np.kron(one, two), c)
    np.testing.assert_allclose(system.dynamics.hamiltonian, free + coupling, atol=1e-14)
    np.testing.assert_allclose(system.free_at(np.zeros(2)), np.stack([free, free]), atol=1e-14)
    assert system.dims == (2, 3, 2)
    assert system.dimension == 12
    assert system.is_closed
    assert not system.is_driven


def test_drives_of_a_part_and_of_the_interaction_add_up():
    moving = driven_hamiltonian(QUBIT, [(X, np.sin)])
    coupling = driven_hamiltonian(0.1 * XX, [(XX, np.cos)])
    system = multipartite_system({"A": moving, "B": QUBIT}, coupling)
    times = np.array([0.3, 1.1])
    whole = system.dynamics.hamiltonian.at(times)
    np.testing.assert_allclose(whole, system.free_at(times) + system.interaction_at(times), atol=1e-15)
    expected = embedded(QUBIT + np.sin(0.3) * X, (2, 2), 0) + embedded(QUBIT, (2, 2), 1) + (0.1 + np.cos(0.3)) * XX
    np.testing.assert_allclose(whole[0], expected, atol=1e-15)
    np.testing.assert_allclose(system.local_rate_at(0, times), np.cos(times)[:, None, None] * X, atol=1e-12)
    assert not system.local_rate_at(1, times).any()
    assert system.moves_locally


def test_hamiltonians_may_be_functions_of_time():
    by_function = driven_hamiltonian(lambda t: QUBIT + t * X)
    system = multipartite_system({"A": by_function, "B": QUBIT}, XX)
    same = multipartite_system({"A": driven_hamiltonian(QUBIT, [(X, lambda t: t)]), "B": QUBIT}, XX)
    np.testing.assert_allclose(system.dynamics.hamiltonian.at(0.7), same.dynamics.hamiltonian.at(0.7), atol=1e-15)
    back = system.undoing(2.0)
    np.testing.assert_allclose(back.dynamics.hamiltonian.at(0.5), -system.dynamics.hamiltonian.at(1.5), atol=1e-15)


def test_what_undoes_runs_backwards():
    drive = driven_hamiltonian(0.1 * XX, [(XX, np.sin)])
    back = multipartite_system(PAIR, drive, betas={"A": 2.0}).undoing(3.0)
    np.testing.assert_allclose(back.interaction_at(1.0), -(0.1 + np.sin(2.0)) * XX, atol=1e-15)
    np.testing.assert_allclose(back.dynamics.hamiltonian.rate_at(1.0), np.cos(2.0) * XX, atol=1e-12)
    assert back.betas == (2.0, None)


def test_three_ways_to_say_baths():
    bath = Bath("hot", 0.5, OhmicSpectrum(0.01), np.kron(X, np.eye(2)))
    total = total_hamiltonian(list(PAIR.values()), 0.3 * XX)
    by_bath = multipartite_system(PAIR, 0.3 * XX, baths=[bath])
    given_dynamics = multipartite_system(PAIR, 0.3 * XX, dynamics=davies_generator(total, [bath], dims=(2, 2)))
    state = np.diag([0.4, 0.3, 0.2, 0.1]).astype(complex)
    np.testing.assert_allclose(by_bath.dynamics.apply(state), given_dynamics.dynamics.apply(state), atol=1e-15)
    assert not by_bath.is_closed
    decay = jump_dissipator("cold", [embedded([[0, 1], [0, 0]], (2, 2), 1)], [0.1])
    assert multipartite_system(PAIR, 0.3 * XX, dissipators=[decay]).dynamics.bath_names == ("cold",)
    free = total_hamiltonian(list(PAIR.values()), np.zeros((4, 4)))
    local = local_generator(total, [bath], free_hamiltonian=free, energy=free, dims=(2, 2))
    assert multipartite_system(PAIR, 0.3 * XX, dynamics=local).dynamics is local


BATH = Bath("hot", 0.5, OhmicSpectrum(0.01), np.kron(X, np.eye(2)))
FAULTS = {
    "one part": (lambda: multipartite_system({"A": QUBIT}, X), InputError, "at least two"),
    "empty name": (lambda: multipartite_system({"": QUBIT, "B": QUBIT}), InputError, "names"),
    "not Hermitian": (lambda: multipartite_system({"A": [[0, 1], [0, 0]], "B": QUBIT}), NotHermitianError, "parts"),
    "wrong size": (lambda: multipartite_system(PAIR, np.eye(3)), ShapeError, "dimension 4"),
    "unknown temperature": (lambda: multipartite_system(PAIR, betas={"C": 1.0}), InputError, "'C'"),
    "not a number": (lambda: multipartite_system(PAIR, betas={"A": np.nan}), InputError, "betas"),
    "two kinds of baths": (
        lambda: multipartite_system(PAIR, baths=[BATH], dynamics=davies_generator(np.diag([0.0, 1, 2, 3]), [BATH])),
        InputError,
        "one of",
    ),
    "another Hamiltonian": (
        lambda: multipartite_system(PAIR, XX, dynamics=davies_generator(np.diag([0.0, 1, 2, 3]), [BATH])),
        InputError,
        "total_hamiltonian",
    ),
    "another dimension": (
        lambda: multipartite_system(PAIR, dynamics=davies_generator(QUBIT, [Bath("c", 1.0, OhmicSpectrum(0.1), X)])),
        ShapeError,
        "dimension",
    ),
    "driven or not": (
        lambda: multipartite_system(PAIR, dynamics=driven_generator(driven_hamiltonian(XX), dissipators=[])),
        InputError,
        "driven",
    ),
    "unknown part": (lambda: multipartite_system(PAIR).index("C"), InputError, "A, B"),
    "undoing a bath": (lambda: multipartite_system(PAIR, XX, baths=[BATH]).undoing(1.0), InputError, "bath"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_told(name):
    make, kind, said = FAULTS[name]
    with pytest.raises(kind, match=said):
        make()
