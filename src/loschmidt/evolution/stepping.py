"""Adaptive eighth-order integration with any right-hand side, for systems whose single step outweighs the bookkeeping.

The method and its decisions are those of the compiled :mod:`loschmidt._kernels.adaptive`, whose slow twin this is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from loschmidt._kernels import dop853
from loschmidt.errors import ConvergenceError
from loschmidt.typing import IntegerArray, RealMatrix, RealVector

__all__ = ["Control", "Rates", "Solution", "integrate", "longest_step", "states_between", "too_small_a_step"]

_SAFETY, _SHRINK, _GROW = 0.9, 0.2, 8.0
_REACH = 8  # powers of time that a step follows well
_ROUND_OFF = 1e-15


def _matrix(columns: IntegerArray, weights: RealMatrix) -> RealMatrix:
    rows, width = np.nonzero(columns >= 0)
    full = np.zeros((len(columns), dop853.STAGES))
    full[rows, columns[rows, width]] = weights[rows, width]
    return full


_A = _matrix(dop853.STAGE_COLUMNS, dop853.STAGE_WEIGHTS)
_E = _matrix(dop853.ERROR_COLUMNS, dop853.ERROR_WEIGHTS)
_D = _matrix(dop853.DENSE_COLUMNS, dop853.DENSE_WEIGHTS)


class Rates(Protocol):
    """A right-hand side: first the times of all stages are prepared at once, then each stage is evaluated."""

    def prepare(self, times: RealVector) -> Any:
        """Return whatever the right-hand side needs at these times, indexed by stage."""

    def evaluate(self, prepared: Any, stage: int, vector: RealVector) -> RealVector:
        """Return the rates of change (n + m,) of a vector whose first n entries are the state."""

    def sensitivity(self, prepared: Any) -> RealVector:
        """Return, at stage 0, how fast each exchange (m,) feels an error of the state."""


@dataclass(frozen=True, eq=False)
class Control:
    """Tolerances, and where steps must end.

    Attributes
    ----------
    rtol, atol : float
        Accepted error of a step, relative to the state and absolute.
    length : int
        Number n of coordinates of the state; exchanges follow.
    scales : (m,)
        What the tolerances of the exchanges are relative to.
    growth : float
        How much a later norm of an error can exceed the present one.
    breaks, degrees : (P + 1,), (P,)
        Pieces on which the equation is smooth, and how strongly it bends there.
    """

    rtol: float
    atol: float
    length: int
    scales: RealVector
    growth: float
    breaks: RealVector
    degrees: IntegerArray


@dataclass(eq=False)
class Solution:
    """Values at the output times, their errors, and the accepted steps.

    Attributes
    ----------
    values : (T, n + m)
        States and exchanges.
    errors, exchange_errors : (T,), (T, m)
        Estimated errors of both.
    starts, lengths, states : (k,), (k,), (k, n)
        Accepted steps.
    """

    values: RealMatrix
    errors: RealVector
    exchange_errors: RealMatrix
    starts: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    states: list[RealVector] = field(default_factory=list)


@dataclass(eq=False)
class _Position:
    """Where the integration stands."""

    time: float
    step: float
    vector: RealVector
    error: float
    exchange_error: RealVector
    piece: int = 0
    output: int = 0
    grow: float = _GROW


def integrate(
    rates: Rates, vector: RealVector, times: RealVector, control: Control, report: Callable[[float], None]
) -> Solution:
    """Return the solution that starts with `vector` (n + m,) at the first of `times` (T,).

    Raises
    ------
    ConvergenceError
        If the step had to become smaller than the resolution of the time.
    """
    exchanges = len(control.scales)
    solution = Solution(np.empty((len(times), len(vector))), np.empty(len(times)), np.empty((len(times), exchanges)))
    start = float(times[0])
    slopes = np.zeros((dop853.STAGES, len(vector)))
    slopes[0] = rates.evaluate(rates.prepare(stage_times(control, 0, start, 0.0)[:1]), 0, vector)
    # The first step need not be right: it is corrected within a few trials.
    here = _Position(start, float(times[-1] - times[0]) / 64, vector, 0.0, np.zeros(exchanges))
    while here.piece < len(control.degrees):
        _step(rates, here, times, control, slopes, solution)
        report((here.time - start) / float(times[-1] - start))
    return solution


def too_small_a_step(time: float) -> ConvergenceError:
    """Return the error for a step that cannot become smaller."""
    return ConvergenceError(
        f"RungeKutta must reach its tolerance with steps that change the time, but at t = {time:g} it could not. "
        f"The generator is too large or changes too fast there; check the drive and the rates, or raise `rtol`."
    )


def _step(
    rates: Rates,
    here: _Position,
    times: RealVector,
    control: Control,
    slopes: RealMatrix,
    solution: Solution,
) -> None:
    step, lands = longest_step(control, here.piece, here.time, here.step, _REACH)
    prepared = rates.prepare(stage_times(control, here.piece, here.time, step))
    new = here.vector
    for stage in range(1, 13):
        new = here.vector + step * (_A[stage, :stage] @ slopes[:stage])
        if stage < 12:
            slopes[stage] = rates.evaluate(prepared, stage, new)
    estimates, error = _estimates(slopes, step, new, control)
    if not error <= 1.0:
        here.step = step * (max(_SHRINK, _SAFETY * error**-0.125) if math.isfinite(error) else _SHRINK)
        here.grow = 1.0
        if not here.time + 0.1 * here.step > here.time:
            raise too_small_a_step(here.time)
        return
    slopes[12] = rates.evaluate(prepared, 12, new)
    finishes = lands and here.piece == len(control.degrees) - 1
    if finishes or (here.output < len(times) and times[here.output] <= here.time + step):
        polynomial = dense_polynomial(rates, prepared, step, here.vector, new, slopes)
        _write(here, times, step, new, polynomial, estimates, solution, finishes)
    solution.starts.append(here.time)
    solution.lengths.append(step)
    solution.states.append(here.vector[: control.length].copy())
    sensed = step * here.error * rates.sensitivity(prepared) + _ROUND_OFF * control.scales
    here.exchange_error = here.exchange_error + estimates[1, 1:] + sensed
    here.error += control.growth * float(estimates[1, 0]) + _ROUND_OFF
    wanted = step * (min(here.grow, _SAFETY * error**-0.125) if error > 0 else here.grow)
    here.step = wanted if not lands or wanted > here.step else here.step
    here.vector, here.time, here.grow = new, here.time + step, _GROW
    slopes[0] = slopes[12]
    if lands:
        _enter_next_piece(rates, here, control, slopes)


def _enter_next_piece(rates: Rates, here: _Position, control: Control, slopes: RealMatrix) -> None:
    here.time = float(control.breaks[here.piece + 1])
    here.piece += 1
    if here.piece < len(control.degrees):
        prepared = rates.prepare(stage_times(control, here.piece, here.time, 0.0)[:1])
        slopes[0] = rates.evaluate(prepared, 0, here.vector)


def stage_times(control: Control, piece: int, time: float, step: float) -> RealVector:
    """Return the times of all stages (16,), strictly inside the piece, where the equation is smooth."""
    times = time + dop853.NODES * step
    first = np.nextafter(control.breaks[piece], np.inf)
    last = np.nextafter(control.breaks[piece + 1], -np.inf)
    return np.where(times < first, first, np.where(times > last, last, times))


def dense_polynomial(
    rates: Rates, prepared: Any, step: float, old: RealVector, new: RealVector, slopes: RealMatrix
) -> RealMatrix:
    """Return the coefficients (7, n + m) of the dense output of a step whose slopes 0 to 12 are known."""
    for stage in range(13, dop853.STAGES):
        slopes[stage] = rates.evaluate(prepared, stage, old + step * (_A[stage, :stage] @ slopes[:stage]))
    change = new - old
    first = [change, step * slopes[0] - change, 2 * change - step * (slopes[12] + slopes[0])]
    return np.concatenate([first, step * (_D @ slopes)])


def interpolate(polynomial: RealMatrix, old: RealVector, fractions: RealVector) -> RealMatrix:
    """Return the values (k, n + m) at fractions (k,) of a step."""
    at = fractions[:, None]
    value = np.zeros((len(fractions), polynomial.shape[1]))
    for row in range(6, -1, -1):
        value = (value + polynomial[row]) * (at if row % 2 == 0 else 1 - at)
    return np.asarray(old + value)


def _write(
    here: _Position,
    times: RealVector,
    step: float,
    new: RealVector,
    polynomial: RealMatrix,
    estimates: RealMatrix,
    solution: Solution,
    finishes: bool,
) -> None:
    last = len(times) if finishes else int(np.searchsorted(times, here.time + step, side="right"))
    rows = slice(here.output, last)
    expected = estimates[1]
    fractions = (times[rows] - here.time) / step
    inner = fractions < 1
    solution.values[rows] = new
    solution.values[rows][inner] = interpolate(polynomial, here.vector, fractions[inner])
    missing = _beyond(polynomial, estimates[0])
    errors = fractions[:, None] * expected + np.where(inner, 1.0, 0.0)[:, None] * missing
    solution.errors[rows] = here.error + errors[:, 0]
    solution.exchange_errors[rows] = here.exchange_error + errors[:, 1:]
    here.output = last


def _beyond(polynomial: RealMatrix, expected: RealVector) -> RealVector:
    """Return what outputs inside a step are wrong by (1 + m,): as much as the step, and what interpolation omits.

    The next coefficient is taken to follow in the ratio of the state's last two, and f⁴(1 - f)³ at its largest.
    """
    n = polynomial.shape[1] - len(expected) + 1
    sixth, seventh = np.linalg.norm(polynomial[5:, :n], axis=1)
    ratio = float(seventh / sixth) if seventh < sixth else 1.0
    # That of a single exchange may pass through zero.
    before, last = np.abs(polynomial[5:, n:])
    last = np.where(last > ratio * before, last, ratio * before)
    return np.asarray(expected + ratio * np.concatenate([[seventh], last]) / 119)


def longest_step(control: Control, piece: int, time: float, wanted: float, reach: int) -> tuple[float, bool]:
    """Return the step to try, and whether it ends the piece, which takes as many as its degree / `reach` at least."""
    begin, end = float(control.breaks[piece]), float(control.breaks[piece + 1])
    step, left = wanted, end - time
    if control.degrees[piece] > reach:
        step = min(step, (end - begin) * reach / int(control.degrees[piece]))
    if step >= left * (1 - 1e-9):
        return left, True
    return min(step, 0.5 * left) if step > 0.5 * left else step, False


def _estimates(slopes: RealMatrix, step: float, new: RealVector, control: Control) -> tuple[RealMatrix, float]:
    """Return the errors (2, 1 + m) of state and exchanges, of order 8 and as expected, and their size in tolerances."""
    n = control.length
    parts = step * (_E @ slopes)
    sizes = np.concatenate([np.linalg.norm(parts[:, :n], axis=1)[:, None], np.abs(parts[:, n:])], axis=1)
    exchanges = np.abs(new[n:])
    reach = np.where(exchanges > control.scales, exchanges, control.scales)
    of_state = control.atol + control.rtol * float(np.linalg.norm(new[:n]))
    allowed = np.concatenate([[of_state], control.atol * control.scales + control.rtol * reach])
    low, high = np.linalg.norm(sizes / allowed, axis=1)
    # One factor for all: the error of a single exchange may pass through zero at order 3.
    cautious = float(high / np.sqrt(high**2 + 0.01 * low**2)) if high > 0 else 0.0
    expected = cautious * float((high / low) ** 0.25 if low > high else 1.0)
    return np.stack([cautious * sizes[1], expected * sizes[1]]), cautious * float(high)


def states_between(
    rates: Rates, control: Control, solution: Solution, of_node: IntegerArray, fractions: RealVector
) -> RealMatrix:
    """Return the states (k, n) at the given fractions (k,) of the accepted steps `of_node` (k,)."""
    length, exchanges = control.length, len(control.scales)
    out = np.empty((len(fractions), length))
    slopes = np.zeros((dop853.STAGES, length + exchanges))
    for node in np.unique(of_node):
        start, step = solution.starts[node], solution.lengths[node]
        old = np.concatenate([solution.states[node], np.zeros(exchanges)])
        piece = int(np.searchsorted(control.breaks, start + 0.5 * step)) - 1
        prepared, new = rates.prepare(stage_times(control, piece, start, step)), old
        for stage in range(13):
            new = old + step * (_A[stage, :stage] @ slopes[:stage])
            slopes[stage] = rates.evaluate(prepared, stage, new)
        polynomial = dense_polynomial(rates, prepared, step, old, new, slopes)
        here = of_node == node
        out[here] = interpolate(polynomial, old, fractions[here])[:, :length]
    return out
