"""Linear master equations of any size by power series in time, exchanges with the baths under the same control.

Within a step the weights of the operators are polynomials, so that each coefficient of the solution follows from the
ones before it; the series is the dense output too. This is the method of the compiled
:func:`loschmidt._kernels.adaptive.advance_series` where one product with the generator outweighs the bookkeeping.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from loschmidt._kernels.linear_rates import HISTORY, ORDER, POWERS, time_series
from loschmidt.evolution.packed_states import packed_size, unpacked
from loschmidt.evolution.series_systems import SeriesSystem
from loschmidt.evolution.stepping import Control, longest_step, too_small_a_step
from loschmidt.processes.piecewise import PiecewisePolynomial
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["SeriesSolution", "integrate_series", "series_states"]

_GROW = 8.0
_TARGET = 0.05  # tolerances that a step takes: errors add up, and smaller ones cost little
_LOWEST, _MORE = 6, 4  # orders to begin with at least, and how many are added at a time
_BLOCK = 2**19  # numbers that are evaluated together
_LARGEST_STORE = 5e8  # bytes of accepted steps kept for states between the output times
_EPS = float(np.finfo(float).eps)


@dataclass(eq=False)
class SeriesSolution:
    """What was found at the output times, and the accepted steps.

    Attributes
    ----------
    states, exchanges : (T, d, d), (T, m)
        States, and what was exchanged.
    errors, exchange_errors : (T,), (T, m)
        Estimated errors of both.
    starts, lengths, nodes : (k,), (k,), (k, size)
        Accepted steps; fewer `nodes` than steps if there were too many to keep.
    """

    states: ComplexMatrix
    exchanges: RealMatrix
    errors: RealVector
    exchange_errors: RealMatrix
    starts: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    nodes: list[RealVector] = field(default_factory=list)


@dataclass(eq=False)
class _Position:
    """Where the integration stands."""

    time: float
    step: float
    vector: RealVector
    exchanged: RealVector
    error: float
    exchange_error: RealVector
    piece: int = 0
    output: int = 0
    order: int = ORDER


@dataclass(frozen=True, eq=False)
class _Expansion:
    """The series of one step, and what it is wrong by.

    Attributes
    ----------
    series, exchanges : (K + 1, size), (K + 1, m)
        Coefficients of state and exchanges.
    sizes : (K + 1,)
        Norms of the coefficients of the state.
    cut, missed : (1 + m,)
        What is left out of the series, and what the weights leave out.
    senses : (m,)
        How fast each exchange feels an error of the state, at most.
    allowed : (1 + m,)
        Accepted errors.
    """

    series: RealMatrix
    exchanges: RealMatrix
    sizes: RealVector
    cut: RealVector
    missed: RealVector
    senses: RealVector
    allowed: RealVector

    def errors(self, fraction: float) -> RealVector:
        """Return the errors (1 + m,) of a step shorter by a fraction."""
        return np.asarray(fraction ** len(self.series) * self.cut + fraction * self.missed)


class _Room:
    """Arrays that every step uses again."""

    def __init__(self, pieces: PiecewisePolynomial, size: int) -> None:
        count = pieces.coefficients.shape[2]
        self.pieces = (pieces.breaks, pieces.degrees, pieces.coefficients)
        self.powers, self.degrees = np.zeros((count, HISTORY + 1)), np.zeros(count, dtype=np.int64)
        self.limits = np.zeros((2, count))
        table = np.empty((pieces.coefficients.shape[1] + 1, POWERS + 1))
        self.work = self.powers, self.degrees, self.limits, np.empty(POWERS + 1), table, np.empty(POWERS + 1)
        self.series = np.zeros((ORDER + 1, size))


def integrate_series(
    system: SeriesSystem,
    pieces: PiecewisePolynomial,
    state: RealVector,
    times: RealVector,
    control: Control,
    report: Callable[[float], None],
) -> SeriesSolution:
    """Return the solution that starts with a packed `state` (size,) at the first of `times` (T,).

    Raises
    ------
    ConvergenceError
        If the step had to become smaller than the resolution of the time.
    """
    count, exchanges, d = len(times), len(control.scales), system.dimension
    states = np.empty((count, d, d), dtype=np.complex128)
    solution = SeriesSolution(states, np.empty((count, exchanges)), np.empty(count), np.empty((count, exchanges)))
    start, none = float(times[0]), np.zeros(exchanges)
    # The first step need not be right: it is corrected within a few trials.
    here = _Position(start, float(times[-1] - start) / 64, state, none, 0.0, none)
    room = _Room(pieces, packed_size(d))
    while here.output < count:
        _step(system, room, here, times, control, solution)
        report((here.time - start) / float(times[-1] - start))
    return solution


def series_states(
    system: SeriesSystem,
    pieces: PiecewisePolynomial,
    control: Control,
    solution: SeriesSolution,
    of_node: IntegerArray,
    fractions: RealVector,
) -> ComplexMatrix:
    """Return the states (k, d, d) at the given fractions (k,) of the accepted steps `of_node` (k,)."""
    out = np.empty((len(fractions), system.dimension, system.dimension), dtype=np.complex128)
    room = _Room(pieces, packed_size(system.dimension))
    for node in np.unique(of_node):
        start, step, vector = solution.starts[node], solution.lengths[node], solution.nodes[node]
        piece = int(np.searchsorted(control.breaks, start + 0.5 * step)) - 1
        found = _expand(system, room, control, (piece, start, step), vector, np.zeros(len(control.scales)), ORDER)
        here = np.nonzero(of_node == node)[0]
        part = np.empty((len(here), *out.shape[1:]), dtype=np.complex128)
        out[here] = unpacked(_powers(fractions[here], found.series) @ found.series, part)
    return out


@np.errstate(over="ignore", invalid="ignore")  # a step that is much too long
def _step(
    system: SeriesSystem,
    room: _Room,
    here: _Position,
    times: RealVector,
    control: Control,
    solution: SeriesSolution,
) -> None:
    step, lands = longest_step(control, here.piece, here.time, here.step, POWERS)
    found = _expand(system, room, control, (here.piece, here.time, step), here.vector, here.exchanged, here.order)
    cut, missed = _norm(found.cut / found.allowed), _norm(found.missed / found.allowed)
    accepted = cut < 1e100 and missed <= 0.5
    # What is left out shrinks at least with this power of the step: one that is too long need not be repeated.
    best = min((_TARGET / cut) ** (1 / len(found.series)) if cut > 0 else _GROW, _GROW) if accepted else 0.5
    fraction = min(best, 1.0)
    if not here.time + 0.1 * fraction * step > here.time:
        raise too_small_a_step(here.time)
    if not accepted:
        here.step, here.order = fraction * step, ORDER
        return
    lands = lands and fraction == 1.0
    _write(here, found, times, (step, fraction), lands and here.piece == len(control.degrees) - 1, solution)
    wanted = min(best * ORDER / (len(found.series) - 1), (0.1 / missed) ** (1 / POWERS) if missed > 0 else _GROW) * step
    here.step = wanted if not lands or wanted > here.step else here.step
    _advance(here, found, (step, fraction), control, solution)
    if lands:
        here.time = float(control.breaks[here.piece + 1])
        here.piece += 1


def _expand(
    system: SeriesSystem,
    room: _Room,
    control: Control,
    place: tuple[int, float, float],
    vector: RealVector,
    exchanged: RealVector,
    order: int,
) -> _Expansion:
    """Return the series at a piece, time and step, from that of some order on until it is accurate or the longest."""
    step, series = place[2], room.series
    time_series(room.pieces, *place, max(4e-16, 1e-3 * control.rtol), room.work)
    series[0] = vector
    size, allowed = _norm(vector), np.empty(len(system.norms))
    allowed[0] = control.atol + control.rtol * size
    allowed[1:] = control.atol * control.scales + control.rtol * np.fmax(np.abs(exchanged), control.scales)
    known = 0
    while True:
        system.rates.extend(room.powers, room.degrees, step, known, order, series)
        sizes = np.sqrt(np.vecdot(series[: order + 1], series[: order + 1]))
        cut = system.norms @ (np.abs(room.powers[:, : POWERS + 1]) @ (_integrals(order) @ sizes)) * step
        if order == ORDER or not _norm(cut / allowed) > _TARGET:
            break
        known, order = order, min(order + _MORE, ORDER)
    missed, senses = system.norms @ (room.limits[1] * (step * size)), system.norms[1:] @ room.limits[0]
    exchanges = system.exchange_series(room.powers, step, series[: order + 1])
    exchanges[0] = exchanged
    return _Expansion(series[: order + 1], exchanges, sizes, cut, missed, senses, allowed)


def _write(
    here: _Position,
    found: _Expansion,
    times: RealVector,
    taken: tuple[float, float],
    finishes: bool,
    solution: SeriesSolution,
) -> None:
    """Fill the outputs inside the step, `taken` being its length and the fraction of it that is used."""
    step, fraction = taken
    last = len(times) if finishes else int(np.searchsorted(times, here.time + fraction * step, side="right"))
    block = 1 + _BLOCK // found.series.shape[1]
    for first in range(here.output, last, block):
        rows = slice(first, min(first + block, last))
        parts = (times[rows] - here.time) / step
        parts = np.where(parts < fraction, parts, fraction)
        powers = _powers(parts, found.series)
        unpacked(powers @ found.series, solution.states[rows])
        solution.exchanges[rows] = powers @ found.exchanges
        errors = (parts / fraction)[:, None] * found.errors(fraction)
        solution.errors[rows] = here.error + errors[:, 0]
        solution.exchange_errors[rows] = here.exchange_error + errors[:, 1:]
        solution.exchange_errors[rows] += (parts * step)[:, None] * (here.error + errors[:, :1]) * found.senses
    here.output = last


def _advance(
    here: _Position, found: _Expansion, taken: tuple[float, float], control: Control, solution: SeriesSolution
) -> None:
    step, fraction = taken[0] * taken[1], taken[1]
    if 8.0 * len(here.vector) * len(solution.nodes) < _LARGEST_STORE:
        solution.nodes.append(here.vector)
    solution.starts.append(here.time)
    solution.lengths.append(step)
    powers = _powers(np.array([fraction]), found.series)[0]
    errors = found.errors(fraction)
    rounding = _EPS * float(powers @ found.sizes)
    here.exchange_error = here.exchange_error + errors[1:] + step * (here.error + errors[0]) * found.senses
    here.exchange_error += rounding * control.scales
    here.error += control.growth * errors[0] + rounding
    here.vector, here.exchanged = powers @ found.series, powers @ found.exchanges
    here.time += step
    needed = np.nonzero(found.sizes > 0.1 * _TARGET * found.allowed[0])[0].max(initial=0)
    here.order = min(max(int(needed) + 1, _LOWEST), ORDER)


def _powers(fractions: RealVector, series: RealMatrix) -> RealMatrix:
    powers = np.empty((len(fractions), len(series)))
    powers[:, 0], powers[:, 1:] = 1.0, fractions[:, None]
    np.multiply.accumulate(powers, axis=1, out=powers)
    return powers


def _norm(vector: RealVector) -> float:
    return math.sqrt(vector @ vector)


@lru_cache(maxsize=ORDER)
def _integrals(order: int) -> RealMatrix:
    """Return what multiplies a power l of a weight and a coefficient k in the integral of all that is left out.

    The series obeys the equation up to the products of power k + l at and beyond its order, and an evolution that
    brings states closer together turns these into an error of at most their integral, 1 / (k + l + 1) of each.
    """
    total = np.arange(POWERS + 1)[:, None] + np.arange(order + 1)
    return np.where(total >= order, 1.0 / (total + 1), 0.0)
