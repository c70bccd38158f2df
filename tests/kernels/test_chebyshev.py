"""Chebyshev series of pieces against NumPy's, and their degrees against sums of coefficients."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial.chebyshev import chebval, chebvander

from loschmidt._kernels.chebyshev import fit, largest_deviations, sizes_and_turns, smallest_degrees


def test_coefficients_are_those_of_the_values():
    rng = np.random.default_rng(0)
    nodes = -np.cos(np.pi * np.arange(9) / 8)
    wanted = rng.normal(size=(5, 9, 2))
    values = np.einsum("ik,pkm->pim", chebvander(nodes, 8), wanted)
    scale = np.zeros(2)
    found, tails = fit(values, np.ascontiguousarray(np.linalg.inv(chebvander(nodes, 8)).T), False, scale)
    np.testing.assert_allclose(found, wanted, atol=1e-13)
    np.testing.assert_allclose(scale, np.abs(values).max(axis=(0, 1)), rtol=0)
    np.testing.assert_allclose(tails, (np.abs(wanted) / scale)[:, -3:].max(axis=(1, 2)), rtol=1e-10)
    fit(values, np.eye(9), True, scale)
    assert scale.tolist() == [np.abs(values).max()] * 2


def test_what_is_no_number_is_not_small():
    values = np.ones((1, 5, 1))
    values[0, 2, 0] = np.nan
    assert fit(values, np.eye(5), False, np.zeros(1))[1][0] == np.inf


def test_degrees_leave_out_what_adds_up_to_the_tolerance():
    coefficients = np.array([[1.0, 0.5, 0.3, 0.06, 0.05], [0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0, 0.2]])
    assert smallest_degrees(coefficients[:, :, None], np.ones(1), 0.1).tolist() == [3, 0, 4]
    assert smallest_degrees(coefficients[:, :, None], np.array([2.0]), 0.1).tolist() == [2, 0, 0]


@pytest.mark.parametrize("count", [1, 31, 32, 700, 3000])
def test_deviations_are_those_of_the_worst_sample_of_each_piece(count):
    rng = np.random.default_rng(count)
    breaks, scale = np.array([0.0, 1.0, 1.5, 4.0]), np.array([1.0, 10.0])
    coefficients, times = rng.normal(size=(3, 7, 2)), np.sort(rng.uniform(0, 4, count))
    values, wanted = rng.normal(size=(count, 2)), np.zeros(3)
    for i, time in enumerate(times):
        piece = int(np.searchsorted(breaks[1:-1], time, side="right"))
        local = 2 * (time - breaks[piece]) / (breaks[piece + 1] - breaks[piece]) - 1
        apart = np.abs(chebval(local, coefficients[piece]) - values[i]) / scale
        wanted[piece] = max(wanted[piece], apart.max())
    found = largest_deviations(breaks, coefficients, scale, 0.0, times, values)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_coefficients_that_are_negligible_are_left_out():
    coefficients, times = np.array([[[1.0], [1e-3], [1e-9]]]), np.array([0.5])
    found = largest_deviations(np.array([0.0, 1.0]), coefficients, np.ones(1), 1e-6, times, np.ones((1, 1)))
    assert found[0] == 0.0


def test_turns_are_counted_without_rounding():
    times = np.linspace(0, 10, 2001)
    waves = np.stack([3 * np.cos(2 * np.pi * times), 1.0 + 1e-9 * np.cos(40 * times), times], axis=-1)
    sizes, turns = sizes_and_turns(waves)
    np.testing.assert_allclose(sizes, np.abs(waves).max(axis=0), rtol=0)
    assert turns == 19
    assert sizes_and_turns(waves[:, 1:])[1] == 0
