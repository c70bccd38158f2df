"""Few levels at equidistant times in one pass, against the ladder of doubled steps and against closed decay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.physics import seeds

from loschmidt._kernels import secular_grid
from loschmidt._kernels.compile import Compiled
from loschmidt._kernels.secular_grid import coherences_along, motion_along, populations_along
from loschmidt._kernels.uniformisation import along_grid, population_ladder


def follow(rates, rows, start, step, count):
    populations, integrals = np.empty((count, len(start))), np.empty((count, len(rows)))
    halvings = secular_grid.populations_along(rates, rows, start, step, populations, integrals)
    return populations, integrals, halvings


def random_rates(rng, d):
    return np.where(np.eye(d), 0.0, 10.0 ** rng.uniform(-3, 0, (d, d)))


@settings(max_examples=40)
@given(seed=seeds, d=st.integers(2, 8), count=st.integers(2, 60), step=st.floats(1e-4, 100.0))
def test_populations_and_integrals_are_those_of_the_ladder(seed, d, count, step):
    rng = np.random.default_rng(seed)
    rates, rows, start = random_rates(rng, d), rng.normal(size=(3, d)), rng.dirichlet(np.ones(d))
    populations, integrals, _ = follow(rates, rows, start, step, count)
    wanted, sums = along_grid(population_ladder(rates, rows, step * (count - 1), step), start, step, count)
    np.testing.assert_allclose(populations, wanted, rtol=1e-11)
    np.testing.assert_allclose(integrals, sums, atol=1e-12 * (1 + step * count))


def test_the_rarest_level_keeps_its_relative_error():
    # Levels in a row, each step up as rare as e^-20: level 6 is filled at e^-120.
    rates = np.zeros((7, 7))
    for n in range(6):
        rates[n + 1, n], rates[n, n + 1] = np.exp(-20.0), 1.0
    populations, _, _ = follow(rates, np.zeros((0, 7)), np.eye(7)[0], 1.0, 200)
    ratio = populations[-1, 1:] / populations[-1, :-1]
    np.testing.assert_allclose(ratio, np.exp(-20.0), rtol=1e-7)
    assert (populations[1:] > 0).all()


def test_nothing_moves_without_rates():
    populations, integrals, halvings = follow(np.zeros((3, 3)), np.ones((1, 3)), np.array([0.5, 0.3, 0.2]), 2.0, 5)
    np.testing.assert_array_equal(populations, [[0.5, 0.3, 0.2]] * 5)
    np.testing.assert_allclose(integrals[:, 0], 2.0 * np.arange(5), rtol=1e-15)
    assert halvings == 0


@pytest.mark.parametrize("count", [1, 16, 17, 50])
def test_coherences_turn_and_decay(count):
    rng = np.random.default_rng(count)
    initial = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
    exponent = -rng.random((4, 4)) + 1j * rng.normal(size=(4, 4))
    exponent = np.tril(exponent, -1) + np.tril(exponent, -1).conj().T
    populations = rng.random((count, 4))
    components, squares = np.empty((count, 4, 4), dtype=complex), np.empty(count)
    coarse = np.exp(np.multiply.outer(0.3 * np.arange(0, count, 16), exponent))
    fine = np.exp(np.multiply.outer(0.3 * np.arange(16), exponent))
    coherences_along(initial, coarse, fine, populations, components, squares)
    wanted = initial * np.exp(np.multiply.outer(0.3 * np.arange(count), exponent))
    diagonal = np.arange(4)
    wanted[:, diagonal, diagonal] = 0.0
    np.testing.assert_allclose(squares, (np.abs(wanted) ** 2).sum(axis=(1, 2)), rtol=1e-12)
    wanted[:, diagonal, diagonal] = populations
    np.testing.assert_allclose(components, wanted, rtol=1e-12)


@pytest.mark.parametrize("dephased", [True, False])
@pytest.mark.parametrize("count", [2, 16, 33])
def test_states_turn_decay_and_dephase(count, dephased):
    rng = np.random.default_rng(count)
    rates, rows, step = random_rates(rng, 4), rng.normal(size=(2, 4)), 0.3
    initial = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
    levels, dephasing = -rng.random(4) + 1j * rng.normal(size=4), rng.random((4, 4))
    dephasing = dephasing + dephasing.T if dephased else np.empty((0, 0))
    populations, integrals, squares = np.empty((count, 4)), np.empty((count, 2)), np.empty(count)
    components = np.empty((count, 4, 4), dtype=complex)
    found = populations, integrals, components, squares
    halvings = motion_along(rates, rows, levels, dephasing, initial, step, found)
    alone = follow(rates, rows, initial.diagonal().real.copy(), step, count)
    for one, other in zip((populations, integrals, halvings), alone, strict=True):
        np.testing.assert_array_equal(one, other)
    exponent = levels[:, None] + levels.conj()[None, :] - (dephasing if dephased else 0.0)
    wanted = initial * np.exp(np.multiply.outer(step * np.arange(count), exponent))
    diagonal = np.arange(4)
    wanted[:, diagonal, diagonal] = populations
    np.testing.assert_allclose(components, wanted, rtol=1e-12)
    assert squares[-1] == pytest.approx((np.abs(wanted[-1]) ** 2).sum() - (populations[-1] ** 2).sum(), rel=1e-9)


def test_plain_python_is_the_compiled_kernel(monkeypatch):
    rng = np.random.default_rng(5)
    rates, rows, start = random_rates(rng, 3), rng.normal(size=(2, 3)), rng.dirichlet(np.ones(3))
    compiled = follow(rates, rows, start, 0.7, 9)
    for name, kernel in list(vars(secular_grid).items()):
        if isinstance(kernel, Compiled):
            monkeypatch.setattr(secular_grid, name, kernel.py_func)
    for found, wanted in zip(follow(rates, rows, start, 0.7, 9), compiled, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-16)
    assert populations_along is not secular_grid.populations_along
