from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import entropies as reference

from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.states import partial_trace, product_state, random_density_matrix

seeds = st.integers(0, 2**32 - 1)


@given(dims=st.lists(st.integers(1, 3), min_size=1, max_size=4), seed=seeds, data=st.data())
def test_partial_trace_is_its_slow_twin(dims, seed, data):
    keep = data.draw(st.lists(st.integers(0, len(dims) - 1), unique=True))
    d = int(np.prod(dims))
    rng = np.random.default_rng(seed)
    stack = rng.normal(size=(2, d, d)) + 1j * rng.normal(size=(2, d, d))
    reduced = partial_trace(stack, dims, keep)
    for matrix, result in zip(stack, reduced, strict=True):
        np.testing.assert_allclose(result, reference.partial_trace(matrix, dims, keep), atol=1e-13)


@given(seed=seeds)
def test_partial_trace_undoes_the_product(seed):
    rng = np.random.default_rng(seed)
    factors = [random_density_matrix(d, rng, batch=(3,)) for d in (2, 3, 2)]
    product = product_state(*factors)
    assert product.shape == (3, 12, 12)
    for part, factor in enumerate(factors):
        np.testing.assert_allclose(partial_trace(product, (2, 3, 2), part), factor, atol=1e-14)
    np.testing.assert_allclose(
        partial_trace(product, (2, 3, 2), (2, 0)), product_state(factors[0], factors[2]), atol=1e-14
    )


def test_first_factor_varies_slowest():
    np.testing.assert_array_equal(product_state([0, 1], [1, 0, 0]).real.diagonal(), [0, 0, 0, 1, 0, 0])


def test_batches_broadcast_and_arguments_stay():
    rng = np.random.default_rng(1)
    one, many = random_density_matrix(2, rng), random_density_matrix(2, rng, batch=(4,))
    before = many.copy()
    assert product_state(one, many).shape == (4, 4, 4)
    partial_trace(product_state(one, many), (2, 2), 0)[:] = 0
    np.testing.assert_array_equal(many, before)


@pytest.mark.parametrize(
    ("dims", "keep", "error", "text"),
    [
        (None, 0, InputError, "`dims` must name"),
        ((2, 3), 0, ShapeError, "multiply to 4, but 2 × 3"),
        ((2, -2), 0, InputError, "positive integers"),
        ((2, 2), 2, InputError, "`keep` must name parts from 0 to 1"),
        ((2, 2), -1, InputError, "`keep` must name parts from 0 to 1"),
        ((2, 2), (0, 0), InputError, "each once"),
    ],
)
def test_border_of_the_partial_trace(dims, keep, error, text):
    with pytest.raises(error, match=text):
        partial_trace(np.eye(4), dims, keep)


def test_border_of_the_product():
    with pytest.raises(InputError, match="at least one"):
        product_state()
    with pytest.raises(NotAStateError, match=r"states\[1\]"):
        product_state([1, 0], np.eye(2))
    rng = np.random.default_rng(1)
    with pytest.raises(ShapeError, match="broadcast"):
        product_state(random_density_matrix(2, rng, batch=(2,)), random_density_matrix(2, rng, batch=(3,)))
