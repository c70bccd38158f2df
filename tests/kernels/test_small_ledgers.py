"""The compiled ledger of small states against definitions, and what it leaves to others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.physics import random_state, seeds
from tests.reference.small_ledgers import accounts_of

from loschmidt._kernels import small_ledgers
from loschmidt._kernels.compile import Compiled
from loschmidt._kernels.small_ledgers import COMPLEX, DONE, EMPTY, SINGULAR, TINY
from loschmidt._kernels.vector_ir import LANES


def turned(rng, state):
    """The state with other phases of the basis."""
    phases = np.exp(2j * np.pi * rng.random(len(state)))
    return phases[:, None] * state * phases.conj()


def random_tables(rng, d, baths=2):
    rates = np.where(np.eye(d), 0.0, rng.random((baths, d, d)))
    decay = rng.random((baths, d, d))
    return rates, decay + decay.swapaxes(1, 2), rng.normal(size=(baths, 2, d))


def run(states, tables, empty=0.0):
    """Both passes, as `loschmidt.ledger._small_rates` makes them."""
    count, d = states.shape[:2]
    groups, baths = -(-count // LANES), len(tables[0])
    logarithms = np.empty((groups, LANES * (d + baths * d * (d - 1) // 2)))
    slopes, space = np.empty((groups, LANES * d * d)), np.empty((groups, LANES * (2 * d + 2 * d * d)))
    result, status = np.empty((groups, LANES * (5 + 4 * baths))), np.empty(count, dtype=np.int64)
    small_ledgers.decompose(states, np.full(count, empty), tables[0], logarithms, slopes, space, status)
    small_ledgers.accounts(tables, np.log(logarithms), np.log1p(slopes), space, result)
    return result.reshape(groups, -1, LANES).transpose(1, 0, 2).reshape(5 + 4 * baths, -1)[:, :count], status


@settings(max_examples=30)
@given(seed=seeds, d=st.integers(3, 8), count=st.integers(1, 40), baths=st.integers(1, 3))
def test_accounts_are_those_of_the_definitions(seed, d, count, baths):
    rng = np.random.default_rng(seed)
    tables = random_tables(rng, d, baths)
    states = np.array([turned(rng, random_state(rng, d, 2 * d).real) for _ in range(count)])
    found, status = run(states, tables)
    assert (status == DONE).all()
    wanted = np.array([accounts_of(state, *tables) for state in states]).T
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("size", [1e-3, 1e-5, 1e-7])
def test_small_coherences_are_quadratic(size):
    rng = np.random.default_rng(1)
    tables, base, off = random_tables(rng, 4), np.diag([0.4, 0.3, 0.2, 0.1]), np.ones((4, 4)) - np.eye(4)
    states = np.array([base + sign * x * off for x in (size, 1e-4) for sign in (1, -1)]).astype(complex)
    found, status = run(states, tables)
    assert (status == DONE).all()
    # What is of third order goes away between the signs.
    scaled = found[[2, 11, 12]].reshape(3, 2, 2).mean(axis=2) / np.array([size, 1e-4]) ** 2
    np.testing.assert_allclose(scaled[:, 0], scaled[:, 1], rtol=max(1e-6, 100 * size**2))


def test_what_cannot_be_done_is_said_and_spoils_nothing_else():
    rng = np.random.default_rng(2)
    good = turned(rng, random_state(rng, 3, 6).real)
    pure, empty, tiny = np.full((3, 3), 1 / 3), np.diag([0.6, 0.4, 0.0]), np.diag([0.5, 0.3, 0.2])
    tiny = tiny + 1e-10 * (np.ones((3, 3)) - np.eye(3))
    crossed = np.diag([0.4, 0.3, 0.3]) + 0.1 * np.array([[0, 1, 1], [1, 0, 1j], [1, -1j, 0]])
    states = np.array([good, pure, empty, tiny, crossed, np.diag([0.5, 0.3, 0.2]), good], dtype=complex)
    tables = random_tables(rng, 3)
    found, status = run(states, tables)
    np.testing.assert_array_equal(status, [DONE, SINGULAR, EMPTY, TINY, COMPLEX, DONE, DONE])
    wanted = np.array([accounts_of(states[t], *tables) for t in (0, 5, 6)]).T
    np.testing.assert_allclose(found[:, [0, 5, 6]], wanted, rtol=1e-10, atol=1e-13)
    assert found[2, 5] == 0.0
    assert run(states[:1], tables, empty=0.9)[1][0] == EMPTY


def test_one_way_jumps_produce_without_bound():
    rng = np.random.default_rng(3)
    rates, decay, flows = random_tables(rng, 3)
    rates[0, 1, 0] = 0.0
    rates[1, 2, 0] = rates[1, 0, 2] = 0.0
    state = turned(rng, random_state(rng, 3, 6).real)
    found, _ = run(state[None], (rates, decay, flows))
    np.testing.assert_allclose(found[:, 0], accounts_of(state, rates, decay, flows), rtol=1e-10)
    assert found[9, 0] == np.inf
    assert np.isfinite(found[10, 0])


def test_plain_python_is_the_compiled_kernel(monkeypatch):
    rng = np.random.default_rng(4)
    tables = random_tables(rng, 3)
    states = np.array([turned(rng, random_state(rng, 3, 6).real) for _ in range(3)])
    compiled = run(states, tables)[0]
    for name, kernel in list(vars(small_ledgers).items()):
        if isinstance(kernel, Compiled):
            monkeypatch.setattr(small_ledgers, name, kernel.py_func)
    np.testing.assert_allclose(run(states, tables)[0], compiled, rtol=1e-11, atol=1e-14)
