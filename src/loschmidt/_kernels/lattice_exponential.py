r"""exp(-iht) of 16 one-particle Hamiltonians side by side, by a sparse Chebyshev recurrence and squarings.

The 16 Hamiltonians share their hopping and differ in their diagonals. With :math:`W_n = (-i)^n T_n(\tilde h)` the
recurrence is :math:`W_{n+1} = W_{n-1} - 2i\tilde h W_n`; for real hopping :math:`W_n` is real or imaginary in turn and
symmetric, so that one triangle of real numbers is kept. A matrix element is 16 real parts, then 16 imaginary parts.
"""

from __future__ import annotations

from loschmidt._kernels.compile import jit
from loschmidt._kernels.vector_ir import LANES, broadcast, fused, fused_negative, load, store

__all__ = ["exponential_complex", "exponential_real", "squared"]

_PAIR = 2 * LANES


@jit(error_model="numpy")
def _triangle(row, column):  # type: ignore[no-untyped-def]
    # Position of an element of a symmetric matrix whose lower triangle is kept row by row.
    return row * (row + 1) // 2 + column if row >= column else column * (column + 1) // 2 + row


@jit(error_model="numpy")
def _step_real(hops, weights, diagonal, sign, current, before):  # type: ignore[no-untyped-def]
    # before += sign * 2h · current, for symmetric matrices; the recurrence runs in place.
    first, other = hops
    sites = len(first) - 1
    sign_of = broadcast(sign, current)
    for row in range(sites):
        own = sign_of * load(diagonal, row * LANES)
        for column in range(row + 1):
            at = _triangle(row, column) * LANES
            total = fused(own, load(current, at), load(before, at))
            for hop in range(first[row], first[row + 1]):
                weight = broadcast(sign * weights[hop].real, current)
                total = fused(weight, load(current, _triangle(other[hop], column) * LANES), total)
            store(before, at, total)


@jit(error_model="numpy")
def exponential_real(hops, weights, diagonal, series, work, unitary):  # type: ignore[no-untyped-def]
    """Write Σ series[n] W_n (L, L, 32) to `unitary`, for real hopping.

    ``hops = first, other`` lists the neighbours of each site, `weights` are 2 h_ij over the radius, `diagonal` (L, 16)
    is 2 (h_ii - centre) over the radius; `work` holds 4 triangles.
    """
    sites = len(hops[0]) - 1
    size = sites * (sites + 1) // 2 * LANES
    current, before, real, imaginary = work[:size], work[size : 2 * size], work[2 * size : 3 * size], work[3 * size :]
    work[:] = 0.0
    for row in range(sites):
        at = _triangle(row, row) * LANES
        current[at : at + LANES] = 1.0
        real[at : at + LANES] = series[0]
    sign = -0.5  # W_1 = -ih: half of the later steps
    for n in range(1, len(series)):
        _step_real(hops, weights, diagonal, sign, current, before)
        current, before = before, current
        sign = 1.0 if n % 2 == 1 else -1.0
        part = imaginary if n % 2 == 1 else real
        weight = broadcast(series[n], work)
        for at in range(0, size, LANES):
            store(part, at, fused(weight, load(current, at), load(part, at)))
    for row in range(sites):
        for column in range(sites):
            at, to = _triangle(row, column) * LANES, (row * sites + column) * _PAIR
            store(unitary, to, load(real, at))
            store(unitary, to + LANES, load(imaginary, at))


@jit(error_model="numpy")
def _step_complex(hops, weights, diagonal, factor, current, before):  # type: ignore[no-untyped-def]
    # before += factor * (-2ih) · current.
    first, other = hops
    sites = len(first) - 1
    factor_of = broadcast(factor, current)
    for row in range(sites):
        own = factor_of * load(diagonal, row * LANES)
        for column in range(sites):
            at = (row * sites + column) * _PAIR
            real = fused(own, load(current, at + LANES), load(before, at))
            imaginary = fused_negative(own, load(current, at), load(before, at + LANES))
            for hop in range(first[row], first[row + 1]):
                x = broadcast(factor * weights[hop].real, current)
                y = broadcast(factor * weights[hop].imag, current)
                source = (other[hop] * sites + column) * _PAIR
                a, b = load(current, source), load(current, source + LANES)
                real = fused(y, a, fused(x, b, real))
                imaginary = fused_negative(x, a, fused(y, b, imaginary))
            store(before, at, real)
            store(before, at + LANES, imaginary)


@jit(error_model="numpy")
def exponential_complex(hops, weights, diagonal, series, work, unitary):  # type: ignore[no-untyped-def]
    """Write Σ series[n] W_n (L, L, 32) to `unitary`, for complex hopping; `work` holds two such matrices."""
    sites = len(hops[0]) - 1
    size = sites * sites * _PAIR
    current, before = work[:size], work[size : 2 * size]
    work[:] = 0.0
    unitary[:] = 0.0
    for row in range(sites):
        at = row * (sites + 1) * _PAIR
        current[at : at + LANES] = 1.0
        unitary[at : at + LANES] = series[0]
    factor = 0.5
    for n in range(1, len(series)):
        _step_complex(hops, weights, diagonal, factor, current, before)
        current, before = before, current
        factor = 1.0
        weight = broadcast(series[n], work)
        for at in range(0, size, LANES):
            store(unitary, at, fused(weight, load(current, at), load(unitary, at)))


@jit(error_model="numpy")
def squared(sites, matrix, product):  # type: ignore[no-untyped-def]
    """Write matrix · matrix (L, L, 32) to `product`."""
    row_size = sites * _PAIR
    for row in range(sites):
        for column in range(sites):
            real, imaginary = broadcast(0.0, matrix), broadcast(0.0, matrix)
            for j in range(sites):
                left, right = row * row_size + j * _PAIR, j * row_size + column * _PAIR
                a, b = load(matrix, left), load(matrix, left + LANES)
                c, d = load(matrix, right), load(matrix, right + LANES)
                real = fused_negative(b, d, fused(a, c, real))
                imaginary = fused(b, c, fused(a, d, imaginary))
            at = row * row_size + column * _PAIR
            store(product, at, real)
            store(product, at + LANES, imaginary)
