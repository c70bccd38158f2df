from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import InputError
from loschmidt.processes.collisions import divisibility, lap_model, largest_entropy_drop, return_threshold

probabilities = st.floats(0.01, 0.99).filter(lambda p: abs(p - 0.5) > 0.02)


def test_published_threshold():
    found = return_threshold(0.2)
    assert found.time_ratio == pytest.approx(math.log(2 * 0.8 / 0.6), abs=1e-14)
    assert found.time_ratio == pytest.approx(0.981, abs=5e-4)
    assert found.reset == pytest.approx(0.625, abs=1e-14)
    assert found.memory == pytest.approx(0.375, abs=1e-14)


@pytest.mark.parametrize("p", [0.05, 0.2, 0.35])
def test_retained_intermediate_map(p):
    found = divisibility(lap_model(1, p_up=p, reset=0.0).maps(2))
    # Of the Choi state, of trace 1; the Choi matrix has trace 2.
    assert found.smallest_choi_eigenvalues[1] / 2 == pytest.approx(-p / (1 - 2 * p), abs=1e-13)
    assert found.violations.tolist() == [False, True]


@given(p=probabilities, n=st.integers(1, 3), shift=st.sampled_from([-1e-3, 1e-3]))
def test_threshold_decides_for_the_first_return_and_all_later_ones(p, n, shift):
    reset = return_threshold(p, n).reset + shift
    if not 0 <= reset <= 1:
        return
    lap = lap_model(n, p_up=p, reset=reset)
    drop = largest_entropy_drop(lap.entropies(40))
    found = divisibility(lap.maps(n + 1), tolerance=1e-8)
    assert lap.is_monotone is (shift > 0)
    if shift > 0:
        assert drop < 1e-13
        assert found.is_cp_divisible is True
    else:
        assert found.is_cp_divisible is False
        assert np.flatnonzero(found.violations).tolist() == [n]
        assert drop > 0


@given(p=probabilities, n=st.integers(1, 5), reset=st.floats(0.01, 0.99))
def test_later_returns_are_never_stricter(p, n, reset):
    lap = lap_model(n, p_up=p, reset=reset)
    polarisations = np.abs(lap.polarisations(6 * n))
    growth = polarisations[1:] / polarisations[:-1]
    first = growth[n]
    assert growth.max() <= 1 + 1e-9 or growth.max() <= first * (1 + 1e-9)


@pytest.mark.parametrize("reset", [0.0, 0.2, 0.7, 1.0])
@pytest.mark.parametrize(("systems", "p"), [(1, 0.2), (2, 0.35), (3, 0.6), (2, 0.5)])
def test_against_the_exact_chain(systems, p, reset):
    lap = lap_model(systems, p_up=p, reset=reset)
    run = lap.chain.run(9, [1, 0])
    np.testing.assert_allclose(lap.entropies(9), run.entropies, atol=1e-13)
    np.testing.assert_allclose(lap.maps(9), lap.chain.maps(9), atol=1e-14)
    np.testing.assert_allclose(lap.polarisations(9), 2 * run.states[:, 0, 0].real - 1, atol=1e-14)


def test_systems_that_remember_undo_their_flips():
    lap = lap_model(4, p_up=0.3, reset=0.0)
    entropies = lap.entropies(16)
    np.testing.assert_allclose(entropies[[0, 8, 16]], 0, atol=1e-15)
    np.testing.assert_allclose(entropies[:9], entropies[8::-1], atol=1e-15)


@given(p=probabilities, n=st.integers(1, 20))
def test_time_and_probability_say_the_same(p, n):
    found, mirrored = return_threshold(p, n), return_threshold(1 - p, n)
    assert (1 - found.reset) ** n == pytest.approx(found.memory, rel=1e-10)
    assert math.exp(-found.time_ratio) == pytest.approx(found.memory, rel=1e-12)
    assert mirrored.reset == pytest.approx(found.reset, rel=1e-9)


def test_edges():
    assert return_threshold(0.5).reset == 1
    assert return_threshold(0.5).time_ratio == math.inf
    for p in (0.0, 1.0):
        assert return_threshold(p).reset == 0
        np.testing.assert_allclose(lap_model(2, p_up=p, reset=0.0).entropies(9), 0, atol=1e-15)
        assert lap_model(2, p_up=p, reset=0.0).is_monotone
    # Fair flips erase all at once, and any memory brings something back.
    fair = lap_model(1, p_up=0.5, reset=0.99)
    assert not fair.is_monotone
    assert fair.entropies(2)[1] - fair.entropies(2)[2] > 0
    assert lap_model(1, p_up=0.5, reset=1.0).is_monotone


def test_border():
    with pytest.raises(InputError, match="`p_up` must be from 0 to 1"):
        return_threshold(1.5)
    with pytest.raises(InputError, match="`returns_after`"):
        return_threshold(0.2, 0)
    with pytest.raises(InputError, match="`systems`"):
        lap_model(0, p_up=0.2, reset=0.5)
    with pytest.raises(InputError, match="`reset` must be from 0 to 1"):
        lap_model(1, p_up=0.2, reset=-0.5)
    with pytest.raises(InputError, match="`steps`"):
        lap_model(1, p_up=0.2, reset=0.5).entropies(0)
