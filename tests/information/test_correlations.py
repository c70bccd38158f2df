from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.information import mutual_information, relative_entropy
from loschmidt.states import partial_trace, product_state, random_density_matrix

seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds, dims=st.sampled_from([(2, 2), (2, 3), (3, 2), (2, 2, 2), (1, 4)]))
def test_it_is_the_entropy_relative_to_the_product(seed, dims):
    states = random_density_matrix(math.prod(dims), np.random.default_rng(seed), batch=(2,))
    product = product_state(*(partial_trace(states, dims, part) for part in range(len(dims))))
    values = mutual_information(states, dims)
    np.testing.assert_allclose(values, relative_entropy(states, product), atol=1e-10)
    np.testing.assert_allclose(mutual_information(product, dims), 0, atol=1e-12)


def test_exact_values():
    bell = np.array([1, 0, 0, 1]) / math.sqrt(2)
    classical = np.diag([0.5, 0, 0, 0.5])
    ghz = np.array([1, 0, 0, 0, 0, 0, 0, 1]) / math.sqrt(2)
    assert mutual_information(bell, (2, 2)) == pytest.approx(2 * math.log(2), abs=1e-14)
    assert mutual_information(classical, (2, 2)) == pytest.approx(math.log(2), abs=1e-15)
    assert mutual_information(ghz, (2, 2, 2)) == pytest.approx(3 * math.log(2), abs=1e-14)
    assert mutual_information(ghz, (2, 4)) == pytest.approx(2 * math.log(2), abs=1e-14)
    assert mutual_information(np.eye(6) / 6, (2, 3)) == pytest.approx(0, abs=1e-15)


def test_stacks_short_and_long():
    states = random_density_matrix(4, np.random.default_rng(1), batch=(2, 300))
    values = mutual_information(states, (2, 2))
    assert values.shape == (2, 300)
    np.testing.assert_allclose(values[1, :5], mutual_information(states[1, :5], (2, 2)), atol=1e-13)


def test_border():
    with pytest.raises(ShapeError, match="multiply to 4"):
        mutual_information(np.eye(4) / 4, (2, 3))
    with pytest.raises(InputError, match="at least two"):
        mutual_information(np.eye(4) / 4, (4,))
    with pytest.raises(InputError, match="`dims` must name"):
        mutual_information(np.eye(4) / 4)
    with pytest.raises(NotAStateError):
        mutual_information(np.eye(4), (2, 2))
