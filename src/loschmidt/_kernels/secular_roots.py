"""The roots of 1 = Σ w_m / (λ - δ_m) with poles δ ascending, sixteen of them side by side.

The roots interlace with the poles. Each is found as a distance from the nearer pole by rational steps inside a bracket,
so that differences λ - δ keep their relative accuracy; the weights are then made those for which the roots are exact
(:cite:t:`gu1994`). Slow twin: dense eigenvalues, and ``.py_func``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit
from loschmidt._kernels.vector_ir import (
    LANES,
    absolute,
    broadcast,
    fused,
    lane_sum,
    load,
    quotient,
    square_root,
    store,
    vector_jit,
    where_less,
)

__all__ = ["solve", "solver_scratch"]

_EPSILON = 2.0**-52
_STEPS = 300
_LAST_STEP = 1e-9
_AT, _POINT, _LOW, _HIGH, _LEFT, _NEAR, _FAR, _FOUND, _SCRATCH = 0, 16, 32, 48, 64, 80, 96, 112, 176


@vector_jit
def _where_positive(condition, chosen, other, like):  # type: ignore[no-untyped-def]
    return where_less(broadcast(0.0, like), condition, chosen, other)


@jit(error_model="numpy")
def _values(poles, weights, first, count, room):  # type: ignore[no-untyped-def]
    # f = 1 + Σ w / (δ - point), its derivative from poles up to the left one and beyond, and the size of the terms.
    zero, one = broadcast(0.0, room), broadcast(1.0, room)
    at, point, left = load(room, _AT), load(room, _POINT), load(room, _LEFT)
    low, below, high, above = zero, zero, zero, zero
    for m in range(count):
        inverse = quotient(one, (broadcast(poles[m], room) - at) - point)
        share = broadcast(weights[m], room) * inverse
        if m <= first:
            low = low + share
            below = fused(share, inverse, below)
        elif m >= first + LANES:
            high = high + share
            above = fused(share, inverse, above)
        else:
            beyond, square = where_less(left, broadcast(float(m), room), share, zero), share * inverse
            high, low = high + beyond, low + (share - beyond)
            further = where_less(left, broadcast(float(m), room), square, zero)
            above, below = above + further, below + (square - further)
    store(room, _FOUND, (one + low) + high)
    store(room, _FOUND + LANES, below)
    store(room, _FOUND + 2 * LANES, above)
    store(room, _FOUND + 3 * LANES, (one - low) + high)


@vector_jit
def _rational_step(room, point):  # type: ignore[no-untyped-def]
    # To the root of c + s / (x_left - ·) + S / (x_right - ·) that shares value and both derivatives.
    zero, four = broadcast(0.0, room), broadcast(4.0, room)
    f, below, above = load(room, _FOUND), load(room, _FOUND + LANES), load(room, _FOUND + 2 * LANES)
    at = load(room, _AT)
    near, far = (load(room, _NEAR) - at) - point, (load(room, _FAR) - at) - point
    constant = (f - near * below) - far * above
    linear = (near + far) * f - near * far * (below + above)
    product = near * far * f
    square = linear * linear - four * product * constant
    root = square_root(where_less(zero, square, square, zero))
    rising = where_less(zero, linear, product + product, linear - root)
    return quotient(rising, where_less(zero, linear, linear + root, constant + constant))


@vector_jit
def _halved(low, high, like):  # type: ignore[no-untyped-def]
    # Inside a bracket that does not hold 0: by orders of magnitude, since the root may lie close to the pole at 0.
    zero = broadcast(0.0, like)
    inner, outer = where_less(low, zero, zero - high, low), where_less(low, zero, zero - low, high)
    size = where_less(zero, inner, square_root(inner) * square_root(outer), broadcast(1e-3, like) * outer)
    return where_less(low, zero, zero - size, size)


@jit(error_model="numpy")
def _start(poles, weights, first, count, room):  # type: ignore[no-untyped-def]
    # In the middle between two poles, and from there to the nearer one. Lanes beyond the end repeat the last root.
    for lane in range(LANES):
        left = min(first + lane, count - 2)
        room[_LEFT + lane], room[_NEAR + lane], room[_FAR + lane] = left, poles[left], poles[left + 1]
        room[_AT + lane], room[_POINT + lane] = poles[left], 0.5 * (poles[left + 1] - poles[left])
    _values(poles, weights, first, count, room)
    f, half, zero = load(room, _FOUND), load(room, _POINT), broadcast(0.0, room)
    store(room, _AT, where_less(f, zero, load(room, _FAR), load(room, _NEAR)))
    store(room, _POINT, where_less(f, zero, zero - half, half))
    store(room, _LOW, where_less(f, zero, zero - half, zero))
    store(room, _HIGH, where_less(f, zero, zero, half))


@jit(error_model="numpy")
def _side_by_side(poles, weights, first, count, room):  # type: ignore[no-untyped-def]
    # The nearer poles and the signed distances from them of the roots above poles[first], poles[first + 1], ...
    _start(poles, weights, first, count, room)
    zero, running = broadcast(0.0, room), broadcast(1.0, room)
    for _ in range(_STEPS):
        f, point = load(room, _FOUND), load(room, _POINT)
        reached = broadcast(2.0 * _EPSILON, room) * load(room, _FOUND + 3 * LANES)
        running = where_less(reached, absolute(f), running, zero)
        low, high = where_less(f, zero, point, load(room, _LOW)), where_less(f, zero, load(room, _HIGH), point)
        wanted = point + _rational_step(room, point)
        halved = _halved(low, high, room)
        wanted = where_less(low, wanted, where_less(wanted, high, wanted, halved), halved)
        running = where_less(low, wanted, where_less(wanted, high, running, zero), zero)
        step, point = wanted - point, _where_positive(running, wanted, point, room)
        store(room, _LOW, low)
        store(room, _HIGH, high)
        store(room, _POINT, point)
        # Convergence is quadratic: what is left is the square of this, relative to the distance from the pole.
        running = where_less(broadcast(_LAST_STEP, room) * absolute(point), absolute(step), running, zero)
        if lane_sum(running) == 0.0:
            break
        _values(poles, weights, first, count, room)


@jit(error_model="numpy")
def _uppermost(poles, weights, count):  # type: ignore[no-untyped-def]
    # The distance of the root above all poles from the last one.
    total = 0.0
    for m in range(count):
        total += weights[m]
    low, high, point = 0.0, total * (1.0 + 4.0 * count * _EPSILON), weights[count - 1]
    for _ in range(_STEPS):
        f, slope, size = 1.0, 0.0, 1.0
        for m in range(count):
            inverse = 1.0 / ((poles[m] - poles[count - 1]) - point)
            f += weights[m] * inverse
            size -= weights[m] * inverse
            slope += weights[m] * inverse * inverse
        if abs(f) <= 2.0 * _EPSILON * size:
            break
        low, high = (point, high) if f < 0.0 else (low, point)
        constant = f + point * slope
        wanted = point * point * slope / constant if constant > 0.0 else np.nan
        if not low < wanted < high:
            wanted = np.sqrt(low) * np.sqrt(high) if low > 0.0 else 1e-3 * high
        if not low < wanted < high:
            break
        step, point = wanted - point, wanted
        if abs(step) <= _LAST_STEP * abs(point):
            break
    return point


@jit(error_model="numpy")
def _exact_weights(poles, count, gaps, weights):  # type: ignore[no-untyped-def]
    zero, one = broadcast(0.0, poles), broadcast(1.0, poles)
    for first in range(0, count, LANES):
        here, product = load(poles, first), one
        for i in range(count):
            apart = broadcast(poles[i], poles) - here
            # Poles differ: only that of the root's own number is at no distance.
            product = product * quotient(load(gaps[i], first), where_less(zero, absolute(apart), apart, one))
        store(weights, first, product)


@jit(error_model="numpy")
def solver_scratch(d):  # type: ignore[no-untyped-def]
    """Return what :func:`solve` works in for up to `d` poles: gaps, roots, nearest poles, distances, room."""
    padded = LANES * (d // LANES + 2)
    return np.zeros((d, padded)), np.zeros(padded), np.zeros(padded), np.zeros(padded), np.zeros(_SCRATCH)


@jit(error_model="numpy")
def solve(poles, weights, count, scratch):  # type: ignore[no-untyped-def]
    """Fill in the roots and what they are apart from the poles, and make the weights those for which they are exact.

    Parameters
    ----------
    poles, weights : (P,)
        Ascending distinct poles and positive weights in the first `count` places of 16 more than that.
    count : int
        Number of poles.
    scratch : tuple
        From :func:`solver_scratch`: gaps[i, m] = roots[i] - poles[m], roots, the pole near each root, the distance from
        that, and room.
    """
    gaps, roots, nearest, distances, room = scratch
    for first in range(0, count - 1, LANES):
        _side_by_side(poles, weights, first, count, room)
        store(nearest, first, load(room, _AT))
        store(distances, first, load(room, _POINT))
    nearest[count - 1], distances[count - 1] = poles[count - 1], _uppermost(poles, weights, count)
    for i in range(count):
        roots[i] = nearest[i] + distances[i]
        at, distance = broadcast(nearest[i], poles), broadcast(distances[i], poles)
        for first in range(0, count, LANES):
            store(gaps[i], first, distance - (load(poles, first) - at))
    _exact_weights(poles, count, gaps, weights)
