"""From one-particle Hamiltonians, one for each column of a state, to rotations of neighbouring sites.

The propagator u = exp(-iht) of one particle is the product G_1† G_2† ... G_M† D of M = L(L-1)/2 rotations of
neighbouring sites and phases D, for any graph and any time; lifted to N particles it moves a column
(:mod:`loschmidt._kernels.givens_lift`). 16 columns are prepared side by side, in one group. Nothing is checked. Slow
twin: ``tests/reference/lattice_steps.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from loschmidt._kernels.compile import jit, prange
from loschmidt._kernels.lattice_exponential import exponential_complex, exponential_real, squared
from loschmidt._kernels.lattice_series import chebyshev_coefficients, half_squarings
from loschmidt._kernels.lattice_shears import COEFFICIENTS, EXCHANGE, IDENTITY, SHEARS, THREE_SHEARS
from loschmidt._kernels.threads import workers_for
from loschmidt._kernels.vector_ir import (
    LANES,
    broadcast,
    fused,
    fused_negative,
    lane_minimum,
    lane_sum,
    load,
    negative,
    quotient,
    square_root,
    store,
    take_next,
    vector_jit,
    where_less,
)
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealTensor

__all__ = ["Rotations", "prepare_rotations"]

_PAIR = 2 * LANES
_LONGEST_SERIES = 24.0  # radius times time; beyond, squaring is cheaper than more terms
_LONGEST_SQUARING = 2.0**14  # each squaring doubles the rounding, eigenvectors only rotate phases
_SERIES_TOLERANCE = 1e-17
_GROUPS_AT_ONCE = 64
_LEAST = 0.01  # squared cosine or sine of form 1 or 2: rounding grows at most tenfold, for one rotation
_NONE = 1e-280  # squares of elements up to this much have lost digits, and are taken for zero

_Arrays: TypeAlias = tuple[RealTensor, IntegerArray, RealTensor]


@dataclass(frozen=True, eq=False)
class Rotations:
    """Rotations and phases of each column of a state, in groups of 16 columns.

    Attributes
    ----------
    sites, columns : int
        One column means the same rotations for every column of a state.
    shears : (groups, 32 L(L-1))
        Four coefficients of each rotation, in the order in which they are applied; see ``lattice_shears``.
    forms : (groups, L(L-1)/2)
        What each rotation is made of.
    scales : (groups, 32 L)
        Real and imaginary parts of the scale that each occupied site ends with; the phases D are among its factors.
    """

    sites: int
    columns: int
    shears: RealTensor
    forms: IntegerArray
    scales: RealTensor

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.shears.nbytes + self.forms.nbytes + self.scales.nbytes


@jit(error_model="numpy")
def _rotate_rows(unitary, upper, lower, start, stop, rotation):  # type: ignore[no-untyped-def]
    # Elements start to stop of two rows: (a, b) → (c a + s b, c b - s* a).
    c, x, y = load(rotation, 0), load(rotation, LANES), load(rotation, 2 * LANES)
    for column in range(start, stop):
        p, q = upper + column * _PAIR, lower + column * _PAIR
        ar, ai, br, bi = load(unitary, p), load(unitary, p + LANES), load(unitary, q), load(unitary, q + LANES)
        store(unitary, p, fused_negative(y, bi, fused(x, br, c * ar)))
        store(unitary, p + LANES, fused(y, br, fused(x, bi, c * ai)))
        store(unitary, q, fused_negative(y, ai, fused_negative(x, ar, c * br)))
        store(unitary, q + LANES, fused(y, ar, fused_negative(x, ai, c * bi)))


@jit(error_model="numpy")
def _eliminate(unitary, p, q, rotation):  # type: ignore[no-untyped-def]
    # The rotation that makes element q vanish against element p; p becomes its phase times the norm of both.
    ar, ai, br, bi = load(unitary, p), load(unitary, p + LANES), load(unitary, q), load(unitary, q + LANES)
    zero, one, none = broadcast(0.0, unitary), broadcast(1.0, unitary), broadcast(_NONE, unitary)
    square = fused(ar, ar, ai * ai)
    both = square + fused(br, br, bi * bi)
    size, norm = square_root(square), square_root(both)
    # Phase of a, 1 where a is nothing; then c = |a| / r and s = phase b* / r, the identity where both are nothing.
    ur, ui = where_less(square, none, one, quotient(ar, size)), where_less(square, none, zero, quotient(ai, size))
    cosine = where_less(both, none, one, where_less(square, none, zero, quotient(size, norm)))
    store(rotation, 0, cosine)
    store(rotation, LANES, where_less(both, none, zero, quotient(fused(ur, br, ui * bi), norm)))
    store(rotation, 2 * LANES, where_less(both, none, zero, quotient(fused_negative(ur, bi, ui * br), norm)))
    store(unitary, p, ur * norm)
    store(unitary, p + LANES, ui * norm)


@jit(error_model="numpy")
def _decompose(sites, unitary, shift, angles, scales):  # type: ignore[no-untyped-def]
    # G_M ... G_1 u = D; `shift` is the phase that u still lacks. Cosines and sines of G_1 to G_M; D in `scales`.
    at = 0
    for k in range(sites - 1):
        for p in range(sites - 2, k - 1, -1):
            upper, lower = p * sites * _PAIR, (p + 1) * sites * _PAIR
            rotation = angles[at : at + 3 * LANES]
            _eliminate(unitary, upper + k * _PAIR, lower + k * _PAIR, rotation)
            _rotate_rows(unitary, upper, lower, k + 1, sites, rotation)
            at += 3 * LANES
    x, y = broadcast(shift.real, unitary), broadcast(shift.imag, unitary)
    for k in range(sites):
        at = k * (sites + 1) * _PAIR
        a, b = load(unitary, at), load(unitary, at + LANES)
        norm = square_root(fused(a, a, b * b))
        store(scales, k * _PAIR, quotient(fused_negative(y, b, x * a), norm))
        store(scales, k * _PAIR + LANES, quotient(fused(y, a, x * b), norm))


@vector_jit
def _shear(rotation, scales, p, shears, at):  # type: ignore[no-untyped-def]
    # The shears of G† = [[c, z], [-z*, c]] with z = -s on sites p and p + 1, whose scales d and e they change.
    c, x, y = load(rotation, 0), negative(load(rotation, LANES)), negative(load(rotation, 2 * LANES))
    square = fused(x, x, y * y)
    least_cosine, least_sine = lane_minimum(c * c), lane_minimum(square)
    if lane_sum(square) == 0.0:
        return IDENTITY
    dx, dy = load(scales, p * _PAIR), load(scales, p * _PAIR + LANES)
    ex, ey = load(scales, (p + 1) * _PAIR), load(scales, (p + 1) * _PAIR + LANES)
    crossed_x, crossed_y = fused(dx, ex, dy * ey), fused_negative(dy, ex, dx * ey)
    forward, backward = fused(dx, dx, dy * dy), fused(ex, ex, ey * ey)
    # u = z e/d, and v = z* d/e.
    ux, uy = quotient(crossed_x, forward), quotient(crossed_y, forward)
    ux, uy = fused_negative(y, uy, x * ux), fused(x, uy, y * ux)
    vx, vy = quotient(crossed_x, backward), negative(quotient(crossed_y, backward))
    vx, vy = fused(y, vy, x * vx), fused_negative(y, vx, x * vy)
    one = broadcast(1.0, shears)
    if least_cosine < _LEAST and least_sine < _LEAST:
        form, a, b, scale = THREE_SHEARS, quotient(one, one + c), negative(one), one
    elif least_cosine >= least_sine:
        form, a, b = SHEARS, quotient(one, c), negative(c)
        scale = quotient(one, c)
        _store_pair(scales, p * _PAIR, c * dx, c * dy)
        _store_pair(scales, (p + 1) * _PAIR, scale * ex, scale * ey)
    else:
        form, a, b = EXCHANGE, quotient(c, square), c
        ux, uy, vx, vy = vx, vy, ux, uy
        _store_pair(scales, p * _PAIR, fused_negative(y, ey, x * ex), fused(x, ey, y * ex))
        dx, dy = quotient(dx, square), quotient(dy, square)
        _store_pair(scales, (p + 1) * _PAIR, fused(y, dy, x * dx), fused_negative(y, dx, x * dy))
    _store_pair(shears, at, a * ux, a * uy)
    _store_pair(shears, at + _PAIR, b * vx, b * vy)
    return form


@vector_jit
def _store_pair(array, at, real, imaginary):  # type: ignore[no-untyped-def]
    store(array, at, real)
    store(array, at + LANES, imaginary)


@jit(error_model="numpy")
def _into_shears(sites, angles, shears, forms, scales):  # type: ignore[no-untyped-def]
    # What is applied are the rotations backwards, G_M† first.
    number, last = 0, len(forms) - 1
    for k in range(sites - 2, -1, -1):
        for p in range(k, sites - 1):
            rotation = angles[(last - number) * 3 * LANES : (last - number + 1) * 3 * LANES]
            forms[number] = _shear(rotation, scales, p, shears, number * COEFFICIENTS)
            number += 1


@jit(error_model="numpy")
def _exponentiate(group, task, work):  # type: ignore[no-untyped-def]
    # Leaves u in the first third of `work`, without its common phase.
    potentials, first, other, weights, series, centre, factor, squarings, is_real = task
    hops = first, other
    sites = potentials.shape[1]
    size = sites * sites * _PAIR
    unitary, rest, diagonal = work[:size], work[size : 3 * size], work[3 * size :]
    for lane in range(LANES):
        column = group * LANES + lane
        column = column if column < len(potentials) else len(potentials) - 1
        for site in range(sites):
            diagonal[site * LANES + lane] = factor * (potentials[column, site] - centre)
    if is_real:
        exponential_real(hops, weights, diagonal, series, rest[: 2 * sites * (sites + 1) * LANES], unitary)
    else:
        exponential_complex(hops, weights, diagonal, series, rest, unitary)
    for _ in range(squarings):
        squared(sites, unitary, rest)
        for at in range(0, size, LANES):
            store(unitary, at, load(rest, at))


@jit(error_model="numpy", nogil=True)
def _prepare(task, shift, shears, forms, scales, counter):  # type: ignore[no-untyped-def]
    # Groups are handed out one by one; several threads may run this with the same counter.
    sites = task[0].shape[1]
    work, angles = np.empty(3 * sites * sites * _PAIR + sites * LANES), np.empty(forms.shape[1] * 3 * LANES)
    group = take_next(counter)
    while group < len(forms):
        _exponentiate(group, task, work)
        _decompose(sites, work[: sites * sites * _PAIR], shift, angles, scales[group])
        _into_shears(sites, angles, shears[group], forms[group], scales[group])
        group = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _prepare_in_threads(workers, task, shift, shears, forms, scales, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _prepare(task, shift, shears, forms, scales, counter)


@jit(error_model="numpy", nogil=True)
def _decompose_unitaries(first, unitaries, shears, forms, scales):  # type: ignore[no-untyped-def]
    # Groups from `first` on; unitaries (n, L, L) are those of their columns, lanes beyond the end repeat the last.
    count, sites = unitaries.shape[0], unitaries.shape[1]
    work, angles = np.empty(sites * sites * _PAIR), np.empty(forms.shape[1] * 3 * LANES)
    for group in range((count + LANES - 1) // LANES):
        for lane in range(LANES):
            column = group * LANES + lane
            matrix = unitaries[column if column < count else count - 1]
            for row in range(sites):
                for k in range(sites):
                    work[(row * sites + k) * _PAIR + lane] = matrix[row, k].real
                    work[(row * sites + k) * _PAIR + LANES + lane] = matrix[row, k].imag
        at = first + group
        _decompose(sites, work, 1.0 + 0.0j, angles, scales[at])
        _into_shears(sites, angles, shears[at], forms[at], scales[at])


def prepare_rotations(
    hopping: ComplexMatrix | RealMatrix, potentials: RealMatrix, time: float, *, threads: int | None = None
) -> Rotations:
    """Return the rotations of u_y = exp(-i t (hopping + diag(potentials[y]))) for every column y.

    Parameters
    ----------
    hopping : (L, L)
        Hermitian; element (i, j) multiplies c†_i c_j. Its diagonal is added to the potentials.
    potentials : (columns, L)
        What each column adds to the diagonal. One row prepares one u for every column of a state.
    time : float
        Any sign and size; the error of u is about ε‖h‖t. Its inverse needs no other rotations.
    threads : int, optional
        Numba's number if left out; 1 runs in the calling thread, without the interpreter's lock.
    """
    columns, sites = potentials.shape
    groups = -(-columns // LANES)
    count = sites * (sites - 1) // 2
    prepared = (
        np.empty((groups, count * COEFFICIENTS)),
        np.empty((groups, count), dtype=np.int64),
        np.empty((groups, sites * _PAIR)),
    )
    own = np.asarray(hopping).diagonal()
    off = np.asarray(hopping, dtype=np.complex128) - np.diag(own)
    total = np.ascontiguousarray(potentials + own.real)
    levels = np.linalg.eigvalsh(off)
    low, high = levels[0] + total.min(), levels[-1] + total.max()
    radius = 0.5 * (high - low)
    if radius * abs(time) > _LONGEST_SERIES * _LONGEST_SQUARING:
        _by_eigenvectors(off, total, time, prepared)
    else:
        _by_series(off, total, time, (0.5 * (low + high), radius if radius > 0.0 else 1.0), prepared, threads)
    return Rotations(sites, columns, *prepared)


def _by_series(
    off: ComplexMatrix,
    potentials: RealMatrix,
    time: float,
    interval: tuple[float, float],
    prepared: _Arrays,
    threads: int | None,
) -> None:
    centre, radius = interval
    squarings = half_squarings(radius * abs(time), _LONGEST_SERIES)
    series = chebyshev_coefficients(radius * time / 2**squarings, _SERIES_TOLERANCE)
    rows, other = np.nonzero(off)
    first, factor = np.searchsorted(rows, np.arange(len(off) + 1)), 2.0 / radius
    hops = first, np.ascontiguousarray(other), factor * off[rows, other]
    task = potentials, *hops, series, centre, factor, squarings, not off.imag.any()
    shift, counter = complex(np.exp(-1j * centre * time)), np.zeros(1, dtype=np.int64)
    workers = workers_for(threads, len(prepared[0]), 100.0 * off.size * len(off) * len(potentials))
    if workers == 1:
        _prepare(task, shift, *prepared, counter)
    else:
        _prepare_in_threads(workers, task, shift, *prepared, counter)


def _by_eigenvectors(off: ComplexMatrix, potentials: RealMatrix, time: float, prepared: _Arrays) -> None:
    # In pieces, so that the matrices of many columns never lie side by side.
    for first in range(0, len(prepared[0]), _GROUPS_AT_ONCE):
        some = potentials[first * LANES : (first + _GROUPS_AT_ONCE) * LANES]
        energies, vectors = np.linalg.eigh(off + some[:, :, None] * np.eye(len(off)))
        unitaries = vectors * np.exp(-1j * time * energies)[:, None, :] @ vectors.conj().swapaxes(1, 2)
        _decompose_unitaries(first, unitaries, *prepared)
