"""Series of packed states against the operators written out, sparse and dense, compiled and as plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_bath, random_hermitian, random_state

from loschmidt._kernels.packed_series import LANES, extend_series, unpack
from loschmidt.evolution.dense_rates import product_rates
from loschmidt.evolution.linear_form import LinearForm, linear_form
from loschmidt.evolution.packed_states import pack, packed_size, unpacked
from loschmidt.evolution.sparse_rates import sparse_rates
from loschmidt.processes import (
    Bath,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    jump_dissipator,
    redfield_generator,
)

ORDER = 5
STEP = 0.4


def scattered(rng, d, count):
    """A complex matrix with a few elements anywhere, and two runs along diagonals, one with gaps."""
    matrix = np.zeros((d, d), dtype=complex)
    matrix[rng.integers(d, size=count), rng.integers(d, size=count)] = rng.normal(size=count) + 1j * rng.normal(
        size=count
    )
    for offset, every in ((1, 1), (-3, 2)):
        row = np.arange(max(offset, 0), d + min(offset, 0), every)
        matrix[row, row - offset] = rng.normal(size=len(row))
    return matrix


def sparse_process(d, *, real):
    rng = np.random.default_rng(d)
    jumps = [scattered(rng, d, 3) for _ in range(3)]
    if real:
        jumps = [jump.real.astype(complex) for jump in jumps]
    bath = jump_dissipator("b", jumps, [0.3, 0.1, -0.02], negative_rates=True)
    h = [one + one.conj().T for one in (scattered(rng, d, 5) for _ in range(3))]
    drive = driven_hamiltonian(h[0], [(h[1], np.cos), (h[2], np.sin)])
    return driven_generator(drive, dissipators=[bath, jump_dissipator("other", [jumps[0].T], [0.2])])


def powers_of_weights(rng, terms):
    """Weights of some degrees, the first of which is one."""
    degrees = np.array([0, 3, 2, 1, 0, 12][:terms])
    powers = np.where(np.arange(16) <= degrees[:, None], rng.normal(size=(terms, 16)), 0.0)
    powers[0, 0] = 1.0
    return powers, degrees


def written_out(form: LinearForm, powers, state):
    """The coefficients by complex matrix products."""
    series = [state]
    for k in range(ORDER):
        mixed = [sum(powers[j, i] * series[k - i] for i in range(k + 1)) for j in range(len(powers))]
        change = sum(-1j * (h @ v - v @ h) for h, v in zip(form.hamiltonians, mixed, strict=True))
        change = change + sum(one.apply(mixed[0]) for one in form.dissipators)
        series.append(change * STEP / (k + 1))
    return np.array(series)


def extended(rates, powers, degrees, state, cut=2):
    series = np.full((ORDER + 1, packed_size(len(state))), np.nan)
    series[0] = pack(state)
    rates.extend(powers, degrees, STEP, 0, cut, series)
    rates.extend(powers, degrees, STEP, cut, ORDER, series)
    return unpacked(series, np.empty((ORDER + 1, *state.shape), dtype=complex))


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("d", [5, 16, 21, 33])
def test_sparse_and_dense_series_are_those_of_the_operators(d, real):
    form, rng = linear_form(sparse_process(d, real=real)), np.random.default_rng(1)
    state = random_state(rng, d)
    powers, degrees = powers_of_weights(rng, len(form.hamiltonians))
    expected = written_out(form, powers, state)
    for rates in (sparse_rates(form), product_rates(form)):
        found = extended(rates, powers, degrees, state)
        assert np.abs(found - expected).max() < 1e-13 * np.abs(expected).max()


@pytest.mark.parametrize("kind", ["davies", "redfield", "few jumps"])
def test_dense_series_of_baths_with_couplings(kind):
    rng = np.random.default_rng(3)
    h = random_hermitian(rng, 10)
    if kind == "redfield":
        process = redfield_generator(h, [Bath("b", 1.0, OhmicSpectrum(0.02, 5.0), random_hermitian(rng, 10))])
    elif kind == "davies":
        process = davies_generator(h, [random_bath(rng, 10, "a", 1.0), random_bath(rng, 10, "b", 0.3)])
    else:
        ladder = np.diag(np.ones(9), 1)
        process = davies_generator(np.diag(np.arange(10.0)), [Bath("b", 1.0, OhmicSpectrum(0.02), ladder + ladder.T)])
    form, state = linear_form(process), random_state(rng, 10)
    powers, degrees = powers_of_weights(rng, 1)
    expected = written_out(form, powers, state)
    assert np.abs(extended(product_rates(form), powers, degrees, state) - expected).max() < 1e-13


def test_the_plain_kernels_are_the_compiled_ones():
    form, rng = linear_form(sparse_process(17, real=False)), np.random.default_rng(2)
    rates, state = sparse_rates(form), random_state(rng, 17)
    powers, degrees = powers_of_weights(rng, rates.moving)
    one, other = np.zeros((2, 3, packed_size(17)))
    one[0] = other[0] = pack(state)
    extend_series(rates.sandwich, (powers, degrees), STEP, 0, 2, one)
    extend_series.py_func(rates.sandwich, (powers, degrees), STEP, 0, 2, other)
    assert np.abs(one - other).max() < 1e-15
    states, others = np.empty((2, 3, 17, 17), dtype=complex)
    unpack(one, states.view(float))
    unpack.py_func(one, others.view(float))
    assert (states == others).all()


def test_a_jump_that_is_zero_and_energies_that_are():
    rng, none = np.random.default_rng(5), np.zeros((9, 9))
    bath = jump_dissipator("b", [none, scattered(rng, 9, 2), none], [0.1, 0.2, 0.3])
    form = linear_form(driven_generator(driven_hamiltonian(none, []), dissipators=[bath]))
    state, (powers, degrees) = random_state(rng, 9), powers_of_weights(rng, 1)
    expected = written_out(form, powers, state)
    for rates in (sparse_rates(form), product_rates(form)):
        assert np.abs(extended(rates, powers, degrees, state) - expected).max() < 1e-13


def test_a_process_without_baths():
    rng = np.random.default_rng(4)
    h = scattered(rng, 12, 4)
    form = linear_form(driven_generator(driven_hamiltonian(h + h.conj().T, [(np.eye(12), np.cos)]), dissipators=[]))
    state = random_state(rng, 12)
    powers, degrees = powers_of_weights(rng, len(form.hamiltonians))
    expected = written_out(form, powers, state)
    for rates in (sparse_rates(form), product_rates(form)):
        assert np.abs(extended(rates, powers, degrees, state) - expected).max() < 1e-13


@pytest.mark.parametrize("d", [1, 3, LANES, LANES + 1, 40])
def test_packing_keeps_states_and_norms(d):
    state = random_state(np.random.default_rng(d), d)
    packed = pack(state)
    assert packed.shape == (packed_size(d),)
    assert np.linalg.norm(packed) == pytest.approx(np.linalg.norm(state), rel=1e-14)
    back = unpacked(packed[None], np.empty((1, d, d), dtype=complex))[0]
    assert np.abs(back - state).max() < 1e-16
    assert (back == back.conj().T).all()
    assert (pack(np.stack([state, 2 * state])) == np.stack([packed, 2 * packed])).all()
