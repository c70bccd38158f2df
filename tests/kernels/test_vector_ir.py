from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest

from loschmidt._kernels.compile import jit
from loschmidt._kernels.vector_ir import (
    LANES,
    absolute,
    broadcast,
    convert,
    fused,
    fused_negative,
    lane_sum,
    load,
    load_imaginary,
    load_part,
    load_real,
    logarithm,
    quotient,
    square_root,
    store,
    store_pairs,
    store_part,
    take_next,
    times_i,
    transpose,
    where_less,
)


@jit()
def _arithmetic(x, y, number, result):
    a, b = load(x, 0), load(y, 1)
    found = (
        a + b,
        a - b,
        a * b,
        fused(a, b, a),
        fused_negative(a, b, b),
        absolute(a),
        square_root(absolute(b)),
        quotient(a, b),
        where_less(a, b, b, broadcast(number, x)),
        times_i(a),
    )
    at = 0
    for vector in found:
        store(result, at, vector)
        at += LANES
    return lane_sum(a)


@jit()
def _moves(x, result, count):
    store_pairs(result, 0, load_real(x, 3), load_imaginary(x, 3))
    store(result, 32, convert(load(x, 5), result))
    store_part(result, 48, load_part(result, 0, count), count + 2)
    transpose(result, 1, 2, result, 400, 17)


@jit()
def _logarithms(x, result):
    for at in range(0, len(x), LANES):
        store(result, at, logarithm(load(x, at)))


@jit(nogil=True)
def _count(counter, last, found):
    number = take_next(counter)
    while number < last:
        found[number] += 1
        number = take_next(counter)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_arithmetic_is_that_of_numpy(kind):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=20).astype(kind), rng.normal(size=20).astype(kind)
    compiled, plain = np.zeros((2, 10 * LANES), dtype=kind)
    total = _arithmetic(x, y, 0.1, compiled)
    assert total == pytest.approx(_arithmetic.py_func(x, y, 0.1, plain), rel=1e-6)
    np.testing.assert_allclose(compiled, plain, rtol=0, atol=8 * np.finfo(kind).eps * np.abs(plain).max())


@pytest.mark.parametrize("count", [-3, 0, 5, 14, 16, 20])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_numbers_move_where_numpy_moves_them(kind, count):
    x = np.arange(100).astype(kind)
    compiled, plain = np.zeros((2, 700), dtype=kind)
    _moves(x, compiled, count)
    _moves.py_func(x, plain, count)
    np.testing.assert_array_equal(compiled, plain)


def test_logarithm_is_right_to_two_units_in_the_last_place():
    rng = np.random.default_rng(2)
    near_one = 1 + rng.uniform(-1, 1, 8000) * 10.0 ** rng.uniform(-15, -0.4, 8000)
    x = np.concatenate([10.0 ** rng.uniform(-307, 308, 8000), near_one])
    found = np.empty_like(x)
    _logarithms(x, found)
    exact = np.log(x.astype(np.longdouble))
    assert (np.abs(found - exact) / np.spacing(np.abs(exact).astype(float))).max() <= 2


def test_logarithm_keeps_x_ln_x_right_at_the_ends():
    x = np.array([0.0, 1.0, np.nan, np.inf, 1e-310, 5e-324] + 10 * [0.5])
    found = np.empty_like(x)
    _logarithms(x, found)
    product = x * found
    assert product[0] == 0
    assert product[1] == 0
    assert np.isnan(product[2])
    assert product[3] == np.inf
    assert (np.abs(product[4:6]) < 1e-300).all()


def test_every_number_is_handed_out_once():
    counter, found = np.zeros(1, dtype=np.int64), np.zeros(200_000, dtype=np.int64)
    threads = [threading.Thread(target=_count, args=(counter, len(found), found)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(found, 1)


def test_importing_the_lattice_kernels_does_not_import_numba():
    code = """
import sys
from loschmidt._kernels import givens_lift, lattice_full, lattice_passes, lattice_preparation
assert not {"numba", "llvmlite"} & set(sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
