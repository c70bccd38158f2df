from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import rate_equation as slow_rates
from tests.reference import stationary as slow

from loschmidt._kernels.rate_equation import (
    davies_rates,
    eliminate,
    energy_current,
    irreducible,
    population_change,
    settle,
)
from loschmidt._kernels.stationary import (
    bath_losses,
    connected_blocks,
    davies_elements,
    jump_pairs,
    real_sector,
    real_sector_matrix,
    sort_by_column,
    state_of_coordinates,
)

dimensions = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def random_rates(rng, d, spread=30.0, density=1.0):
    rates = np.exp(spread * rng.normal(size=(d, d))) * (rng.random((d, d)) < density)
    np.fill_diagonal(rates, 0)
    return rates


@given(d=st.integers(2, 8), seed=seeds)
def test_elimination_is_right_relative_to_each_population(d, seed):
    rates = random_rates(np.random.default_rng(seed), d)
    expected = slow_rates.stationary_populations(rates)
    assert eliminate(rates) == pytest.approx(expected, rel=1e-13, abs=0)


@given(d=dimensions, seed=seeds, density=st.floats(0.1, 0.6))
def test_irreducible(d, seed, density):
    rates = random_rates(np.random.default_rng(seed), d, 1.0, density)
    assert irreducible(rates) == slow_rates.irreducible(rates)


@given(d=dimensions, seed=seeds, count=st.integers(1, 2))
def test_rates_and_currents_of_a_davies_bath(d, seed, count):
    rng = np.random.default_rng(seed)
    couplings = rng.normal(size=(count, d, d)) + 1j * rng.normal(size=(count, d, d))
    labels = rng.integers(0, 3, size=(d, d))
    mixing = rng.normal(size=(3, count, count))
    class_rates = mixing @ mixing.swapaxes(-1, -2)
    rates = davies_rates(couplings, class_rates, labels)
    assert rates == pytest.approx(slow_rates.davies_rates(couplings, class_rates, labels), rel=1e-12)
    energies, populations = rng.normal(size=d), rng.dirichlet(np.ones(d))
    expected = slow_rates.energy_current(rates, energies, populations)
    assert energy_current(rates, energies, populations) == pytest.approx(expected, abs=1e-12)
    change, fastest = population_change(rates, populations)
    assert fastest == pytest.approx(rates.sum(axis=0).max(initial=0))
    assert change == pytest.approx(np.linalg.norm(rates @ populations - rates.sum(axis=0) * populations), abs=1e-12)


@given(d=dimensions, seed=seeds, baths=st.integers(1, 3), density=st.floats(0.2, 1.0))
def test_what_some_baths_settle_into(d, seed, baths, density):
    rng = np.random.default_rng(seed)
    rates = np.array([random_rates(rng, d, 1.0, density) for _ in range(baths)])
    energies, wanted = rng.normal(size=d), rates.sum(axis=0)
    total, single, populations, (currents, change, fastest) = settle(rates, energies)
    assert total == pytest.approx(wanted, rel=1e-15)
    assert single == slow_rates.irreducible(wanted)
    assert fastest == pytest.approx(wanted.sum(axis=0).max(initial=0))
    if single:
        assert populations == pytest.approx(slow_rates.stationary_populations(wanted), rel=1e-13, abs=0)
        assert change <= 1e-14 * max(1.0, fastest)
    else:
        assert not populations.any()
    expected = [slow_rates.energy_current(one, energies, populations) for one in rates]
    assert currents == pytest.approx(expected, abs=1e-12 * max(1.0, fastest))
    plain = settle.plain(rates, energies)
    assert plain[2] == pytest.approx(populations, rel=1e-14)
    assert plain[3][0] == pytest.approx(currents, abs=1e-13 * max(1.0, fastest))


def random_terms(rng, d):
    """A sparse generator: its no-jump part, its jumps, and the arrays of the kernels."""
    h = rng.normal(size=(d, d)) * (rng.random((d, d)) < 0.4)
    jumps = [np.where(rng.random((d, d)) < 0.3, rng.normal(size=(d, d)) + 1j, 0) for _ in range(2)]
    rates = rng.random(2) + 0.1
    elements = [np.nonzero(jump) for jump in jumps]
    starts = np.concatenate([[0], np.cumsum([len(n) for n, _ in elements])])
    rows, columns = (np.concatenate([one[k] for one in elements]) for k in (0, 1))
    values = np.concatenate([jump[where] for jump, where in zip(jumps, elements, strict=True)])
    pairs = jump_pairs(starts, rates, np.arange(2), rows, columns, values, d)
    losses = bath_losses(*pairs, 2, d)
    return -1j * (h + h.T) + losses.sum(axis=0), jumps, rates, pairs, losses


@given(d=dimensions, seed=seeds)
def test_sectors_of_a_generator(d, seed):
    rng = np.random.default_rng(seed)
    no_jump, jumps, rates, pairs, losses = random_terms(rng, d)
    for jump, rate, loss in zip(jumps, rates, losses, strict=True):
        assert loss == pytest.approx(-0.5 * rate * jump.conj().T @ jump, abs=1e-13)
    columns = sort_by_column(*pairs[:3], d * d)
    members = real_sector(no_jump, *columns, np.array([0]), 2 * d * d)
    assert set(members.tolist()) == slow.reached(no_jump, jumps, rates, [0])
    expected = slow.real_matrix(no_jump, jumps, rates, members)
    assert real_sector_matrix(no_jump, *columns, members) == pytest.approx(expected, abs=1e-12)


@given(d=dimensions, seed=seeds)
def test_state_of_coordinates(d, seed):
    basis = slow.hermitian_basis(d)
    members = np.array(sorted(basis))
    values = np.random.default_rng(seed).normal(size=len(members))
    expected = sum(value * basis[x] for value, x in zip(values, members.tolist(), strict=True))
    assert state_of_coordinates(values, members, d) == pytest.approx(expected, abs=1e-14)


@given(d=dimensions, seed=seeds)
def test_elements_of_a_davies_bath_sum_to_its_coupling(d, seed):
    rng = np.random.default_rng(seed)
    coupling = np.where(rng.random((d, d)) < 0.7, rng.normal(size=(d, d)) + 0j, 0)
    labels, level = rng.integers(0, 3, size=(d, d)), np.sort(rng.integers(0, 2, size=d))
    starts, rates, rows, columns, values = davies_elements(coupling, labels, np.array([0.0, 1.0, 2.0]), level)
    total = np.zeros((d, d), dtype=complex)
    total[rows, columns] = values
    assert total == pytest.approx(np.where(labels > 0, coupling, 0), abs=0)
    for k, rate in enumerate(rates):
        own = slice(starts[k], starts[k + 1])
        assert set(labels[rows[own], columns[own]].tolist()) == {int(rate)}
        assert len(set(level[columns[own]].tolist())) == 1


def test_connected_blocks():
    operator = np.zeros((4, 4), dtype=complex)
    operator[0, 2] = operator[3, 1] = 1
    assert connected_blocks(operator).tolist() == [0, 1, 0, 1]
