"""The Krylov exponential agrees with the matrix exponential, and its error estimate is honest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evolution.test_runge_kutta import X, Z, chain, random_dissipator, random_driven, site
from tests.physics import random_bath, random_hermitian, random_state, seeds

from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.krylov import Krylov
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.processes import Bath, OhmicSpectrum, davies_generator, gkls_generator, redfield_generator

LEDGERS = ("heat", "work", "switching_work", "particles")


def agree(process, state, times, tolerance=1e-9, other=None):
    ours, exact = evolve(process, state, times, Krylov()), evolve(process, state, times, other or MatrixExponential())
    assert np.abs(ours.states - exact.states).max() < tolerance
    for ledger in LEDGERS:
        assert np.abs(getattr(ours, ledger) - getattr(exact, ledger)).max() < tolerance
    return ours, exact


@given(seed=seeds, d=st.integers(2, 5))
def test_small_systems(seed, d):
    rng = np.random.default_rng(seed)
    baths = [random_dissipator(rng, d, "a"), random_dissipator(rng, d, "b")]
    process = gkls_generator(random_hermitian(rng, d), baths, energy=random_hermitian(rng, d))
    ours, exact = agree(process, random_state(rng, d), np.linspace(0, 20, 5))
    true = np.linalg.norm(ours.states - exact.states, axis=(1, 2))
    assert (true <= 10 * ours.error + 1e-13).all()
    assert ours.error.max() < 1e-8


def test_sparse_chain():
    bonds, field, ends = chain(4)
    process = gkls_generator(bonds + field, ends)
    ours, _ = agree(process, random_state(np.random.default_rng(0), 16), np.linspace(0, 30, 31))
    between = np.array([29.0, 0.2, 0.0, 30.0, 11.1])
    exact = evolve(process, ours.states[0], np.unique(between), MatrixExponential())
    assert np.abs(ours.dense(between) - exact.states[np.searchsorted(np.unique(between), between)]).max() < 1e-9


def test_dense_jumps_of_many_levels():
    rng = np.random.default_rng(1)
    process = gkls_generator(random_hermitian(rng, 12), [random_dissipator(rng, 12, "a")])
    agree(process, random_state(rng, 12), np.linspace(0, 5, 4))


def test_redfield_and_davies():
    rng = np.random.default_rng(2)
    h, state = random_hermitian(rng, 10), random_state(rng, 10)
    agree(davies_generator(h, [random_bath(rng, 10, "a", 1.0)]), state, np.linspace(0, 10, 3))
    bath = Bath("b", 1.0, OhmicSpectrum(0.01, 5.0), random_hermitian(rng, 10))
    agree(redfield_generator(h, [bath]), state, np.linspace(0, 10, 3))


def test_beyond_superoperators_the_first_law_holds():
    bonds, field, ends = chain(6)
    process = gkls_generator(bonds + field, ends)
    state = np.zeros((64, 64))
    state[5, 5] = 1.0
    ours = evolve(process, state, [0.0, 1.0, 3.0], Krylov())
    energy = np.einsum("ab,tba->t", process.energy, ours.states).real
    assert np.abs(energy - energy[0] - ours.heat.sum(axis=1)).max() < 1e-9
    assert np.abs(ours.heat).max() > 1e-2
    fine = evolve(process, state, [0.0, 1.0, 3.0], RungeKutta(rtol=1e-11))
    assert np.abs(ours.states - fine.states).max() < 1e-9


def test_long_times_reach_the_steady_state():
    decay = site(2, 0, np.array([[0, 0], [1, 0]]))
    process = gkls_generator(site(2, 0, Z) + 0.5 * site(2, 1, X), [random_dissipator(np.random.default_rng(0), 4, "b")])
    ours, _ = agree(process, decay @ decay.T / 2, [0.0, 1e3])
    assert np.abs(process.apply(ours.states[-1])).max() < 1e-9


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_units_do_not_matter(unit):
    bonds, field, _ = chain(3)
    bath = random_dissipator(np.random.default_rng(3), 8, "b")
    scaled = random_dissipator(np.random.default_rng(3), 8, "b", rate=0.05 * unit)
    state = np.diag(np.arange(1, 9) / 36.0)
    one = evolve(gkls_generator(bonds + field, [bath]), state, [0.0, 2.0], Krylov())
    other = evolve(gkls_generator(unit * (bonds + field), [scaled]), state, [0.0, 2.0 / unit], Krylov())
    assert np.abs(one.states - other.states).max() < 1e-11
    assert np.abs(one.heat - other.heat / unit).max() < 1e-11


def test_a_state_that_does_not_move():
    process = gkls_generator(np.diag([0.0, 1.0]), [random_dissipator(np.random.default_rng(0), 2, "b", rate=0.0)])
    ours = evolve(process, [1, 0], [0.0, 5.0], Krylov())
    assert ours.states[-1] == pytest.approx(ours.states[0], abs=1e-15)


def test_an_interrupt_reaches_the_caller():
    bonds, field, ends = chain(4)

    def interrupting(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Krylov().evolve(gkls_generator(bonds + field, ends), np.eye(16) / 16, np.array([0.0, 1.0]), interrupting)


def test_a_drive_is_refused():
    process, state = random_driven(0, 2)
    with pytest.raises(InputError, match="use RungeKutta"):
        evolve(process, state, [0.0, 1.0], Krylov())


def test_what_does_not_fit_is_refused_with_the_number():
    process = gkls_generator(np.zeros((256, 256)), [])
    with pytest.raises(ResourceError, match=r"need \d+ GB"):
        Krylov().evolve(process, np.eye(256) / 256, np.linspace(0, 1, 10_000), lambda fraction: None)
