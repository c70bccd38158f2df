"""Functions of time as polynomials on pieces, accurate to round-off, so that compiled code can evaluate them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from loschmidt._kernels.chebyshev import fit, largest_deviations, sizes_and_turns, smallest_degrees
from loschmidt.errors import ConvergenceError, InputError
from loschmidt.typing import BooleanArray, IntegerArray, RealArray, RealMatrix, RealVector

__all__ = ["TOLERANCE", "PiecewisePolynomial", "piecewise_polynomial"]

#: How far a polynomial may be from its function, relative to the largest value.
TOLERANCE = 1e-13

_EPS = float(np.finfo(float).eps)
_NARROWEST = 2.0**-40  # of the whole interval: what changes within less than this is a jump
_MOST_PIECES = 20_000
_MOST_ROUNDING = 1e-5  # of the largest value; a larger spread between neighbouring times is a jump
_SCAN_TOLERANCE = 1e3  # tolerances by which a scanned value may miss the polynomial


@dataclass(frozen=True, eq=False)
class PiecewisePolynomial:
    """A real function of time as Chebyshev series on adjacent pieces; outside, the first and last series go on.

    Attributes
    ----------
    breaks : (P + 1,)
        Ends of the pieces, ascending.
    coefficients : (P, n + 1, ...)
        Chebyshev coefficients on each piece, of scalars, vectors or matrices.
    degrees : (P,)
        Degree of each piece; higher coefficients are zero.

    Examples
    --------
    >>> line = PiecewisePolynomial(np.array([0.0, 2.0]), np.array([[1.0, 1.0]]), np.array([1]))
    >>> float(line(np.array(0.5))), float(line.derivative()(np.array(0.5)))
    (0.5, 1.0)
    """

    breaks: RealVector
    coefficients: RealVector
    degrees: IntegerArray

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one value."""
        return tuple(self.coefficients.shape[2:])

    @cached_property
    def largest(self) -> float:
        """Upper bound of the absolute values."""
        return float(np.abs(self.coefficients).sum(axis=1).max(initial=0.0))

    @property
    def jumps(self) -> BooleanArray:
        """Which pieces (P,) are the narrow lines that stand for jumps."""
        first, last = float(self.breaks[0]), float(self.breaks[-1])
        changes = np.abs(self.coefficients[:, 1:]).reshape(len(self.degrees), -1).max(axis=1, initial=0.0) > 0
        return np.asarray(changes & (np.diff(self.breaks) < 2 * _narrowest(first, last)))

    def __call__(self, times: RealArray) -> np.ndarray:
        """Return the values at `times` (...), as (..., *shape)."""
        times = np.asarray(times, dtype=np.float64)
        piece = np.searchsorted(self.breaks[1:-1], times, side="right")
        start, stop = self.breaks[piece], self.breaks[piece + 1]
        return self._values(piece, 2 * (times - start) / (stop - start) - 1)

    def _values(self, piece: Any, place: Any) -> np.ndarray:
        """Return the values at places (...) between -1 and 1 of pieces (...)."""
        local = place[(..., *[None] * len(self.shape))]
        last, previous = np.zeros((2, *place.shape, *self.shape))
        for k in range(self.coefficients.shape[1] - 1, 0, -1):
            last, previous = self.coefficients[piece, k] + 2 * local * last - previous, last
        return np.asarray(self.coefficients[piece, 0] + local * last - previous)

    def on(self, breaks: RealVector) -> PiecewisePolynomial:
        """Return the same function on finer pieces, whose ends (P + 1,) contain those of the present ones.

        Places within a piece are computed without the times, which could not tell them apart across a jump.
        """
        piece = np.searchsorted(self.breaks[1:-1], 0.5 * (breaks[:-1] + breaks[1:]), side="right")
        start, width = self.breaks[piece], np.diff(self.breaks)[piece]
        ends = [2 * (edge - start) / width - 1 for edge in (breaks[:-1], breaks[1:])]
        terms = self.coefficients.shape[1]
        nodes, transform = _chebyshev_transform(max(terms - 1, 1))
        middle, half = 0.5 * (ends[0] + ends[1]), 0.5 * (ends[1] - ends[0])
        places = middle[:, None] + half[:, None] * nodes
        values = self._values(np.broadcast_to(piece[:, None], places.shape), places)
        flat = (transform.T @ values.reshape(*places.shape, math.prod(self.shape)))[:, :terms]
        return PiecewisePolynomial(breaks, flat.reshape(len(piece), terms, *self.shape), self.degrees[piece])

    def derivative(self) -> PiecewisePolynomial:
        """Return the time derivative, piece by piece; jumps between pieces do not count."""
        pieces, terms = self.coefficients.shape[:2]
        flat = (
            self.coefficients.reshape(pieces, terms, math.prod(self.shape)) * (2 / np.diff(self.breaks))[:, None, None]
        )
        matrix = _derivative_matrix(terms)
        rates = (matrix @ flat).reshape(pieces, len(matrix), *self.shape)
        return PiecewisePolynomial(self.breaks, rates, np.where(self.degrees > 0, self.degrees - 1, 0))


def piecewise_polynomial(
    function: Callable[[RealVector], RealVector],
    start: float,
    stop: float,
    *,
    tolerance: float = TOLERANCE,
    breaks: Sequence[float] | RealVector = (),
    samples: int = 4096,
    degree: int = 32,
    componentwise: bool = False,
    continuous: bool = True,
) -> PiecewisePolynomial:
    """Return a piecewise polynomial that is equal to `function` between `start` and `stop` up to `tolerance`.

    Parameters
    ----------
    function : callable
        Maps times (k,) to real values (k, ...): scalars, vectors or matrices.
    start, stop : float
        The interval, start < stop.
    tolerance : float
        Accepted error as a fraction of the largest absolute value of all components; where rounding of the times alone
        changes the values by more, that is accepted instead.
    breaks : sequence of float
        Times inside the interval where a piece must end, such as kinks, jumps or the knots of a spline.
    samples : int
        Number of evenly spread times at which the result is compared with `function`. What happens entirely between two
        of them, and away from `breaks`, can be missed.
    degree : int
        Largest degree of a piece.
    componentwise : bool
        Measure the error of each component by the largest value of that component instead.
    continuous : bool
        Evaluate the function at the ends of the pieces too, so that they join, by a narrow line across a jump.
        Otherwise values at single points where a piece happens to end do not count.

    Returns
    -------
    PiecewisePolynomial
        A jump is a straight line across less than 1e-12 of the interval.

    Raises
    ------
    InputError
        If the interval is empty.
    ConvergenceError
        If the function is too rough for any reasonable number of pieces.

    Notes
    -----
    Bisection with a test of the last Chebyshev coefficients, as in :cite:t:`pachon2010`.

    Examples
    --------
    >>> wave = piecewise_polynomial(np.cos, 0.0, 100.0)
    >>> bool(abs(wave(np.array(50.0)) - np.cos(50.0)) < 1e-12)
    True
    """
    if not (math.isfinite(start) and math.isfinite(stop) and start < stop):
        raise InputError(f"`start` must be smaller than `stop`, but they are {start:g} and {stop:g}.")
    scan = _scan_times(start, stop, samples)
    seen = np.asarray(function(scan), dtype=np.float64)
    search = _Search(function, tolerance, degree, start, stop, seen.shape[1:], componentwise, continuous)
    sizes, turns = sizes_and_turns(seen.reshape(samples, search.scale.size))
    search.widen_scale(sizes)
    search.resolve(_first_pieces(start, stop, breaks, min(turns / (0.16 * degree), samples / 8)))
    search.compare(scan, seen)
    return search.result()


class _Search:
    """Pieces found so far, and how to find more of them."""

    def __init__(
        self,
        function: Callable[[RealVector], RealVector],
        tolerance: float,
        degree: int,
        start: float,
        stop: float,
        shape: tuple[int, ...],
        componentwise: bool,
        continuous: bool,
    ) -> None:
        self.function, self.tolerance, self.shape = function, tolerance, shape
        self.nodes, self.transform = _chebyshev_transform(degree) if continuous else _inner_transform(degree)
        self.continuous = continuous
        self.componentwise = componentwise
        self.scale = np.zeros(math.prod(shape))
        self.narrowest = _narrowest(start, stop)
        self.starts: list[RealVector] = []
        self.stops: list[RealVector] = []
        self.coefficients: list[RealVector] = []
        self.count, self.stop = 0, stop

    def widen_scale(self, largest: RealVector) -> None:
        """Take note of the largest absolute value of each component."""
        self.scale = np.fmax(self.scale, largest if self.componentwise else largest.max(initial=0.0))

    def resolve(self, ends: RealVector) -> None:
        """Bisect the pieces between `ends` until each is a polynomial."""
        left, right = ends[:-1], ends[1:]
        while left.size:
            self._check_count(left)
            values = self._sample(left, right)
            coefficients, tails = fit(values, self.transform, not self.componentwise, self.scale)
            if tails.max() <= 0.1 * self.tolerance:
                self._keep(left, right, coefficients)
                return
            good = tails <= 0.1 * self._allowed(left, right, self._size(coefficients))
            narrow = ~good & (right - left < 2 * self.narrowest)
            coefficients[narrow] = _straight(values[narrow])
            done = good | narrow
            self._keep(left[done], right[done], coefficients[done])
            left, right = _halves(left[~done], right[~done])

    def compare(self, times: RealVector, values: RealVector) -> None:
        """Bisect the pieces that miss a scanned value, which a narrow feature between the nodes can cause."""
        breaks, coefficients = self._sorted()
        # Coefficients far below what the comparison can see are left out of it.
        negligible = 1e-2 * _SCAN_TOLERANCE * self.tolerance
        seen = values.reshape(len(times), self.scale.size)
        deviations = largest_deviations(breaks, coefficients, self.scale, negligible, times, seen)
        if deviations.max(initial=0.0) <= _SCAN_TOLERANCE * self.tolerance:
            return
        left, right = breaks[:-1], breaks[1:]
        allowed = _SCAN_TOLERANCE * self._allowed(left, right, self._size(coefficients))
        missed = (deviations > allowed) & (right - left >= 2 * self.narrowest)
        if not missed.any():
            return
        self.starts, self.stops, self.coefficients = [left[~missed]], [right[~missed]], [coefficients[~missed]]
        self.count = int((~missed).sum())
        for a, b in zip(left[missed], right[missed], strict=True):
            # A cell around each scanned time makes sure that the feature is looked at where it was seen.
            inside = times[(times > a) & (times < b)]
            self.resolve(np.unique(np.concatenate([[a], inside, [b]])))

    def result(self) -> PiecewisePolynomial:
        """Return all pieces in order, each with the smallest degree that is accurate enough."""
        breaks, coefficients = self._sorted()
        degrees = smallest_degrees(coefficients, self.scale, 0.25 * self.tolerance)
        highest = int(degrees.max())
        trimmed = coefficients[:, : highest + 1].copy()
        if degrees.min() < highest:
            trimmed[np.arange(highest + 1) > degrees[:, None]] = 0.0
        return PiecewisePolynomial(breaks, trimmed.reshape(*trimmed.shape[:2], *self.shape), degrees)

    def _sample(self, left: RealVector, right: RealVector) -> RealVector:
        middle = 0.5 * (left + right)
        times = middle[:, None] + (right - middle)[:, None] * self.nodes
        if self.continuous:
            times[:, 0], times[:, -1] = left, right
        values = np.asarray(self.function(times.reshape(-1)), dtype=np.float64)
        return np.ascontiguousarray(values).reshape(*times.shape, self.scale.size)

    def _size(self, coefficients: RealVector) -> RealMatrix:
        """Return the largest component of each coefficient (P, n + 1), relative to the scale."""
        size = np.abs(coefficients) / np.where(self.scale > 0, self.scale, 1.0)
        return np.asarray(size.max(axis=2, initial=0.0))

    def _allowed(self, left: RealVector, right: RealVector, size: RealMatrix) -> RealVector:
        # Rounding of a time t by eps |t| changes the value by that times the slope, whatever the method.
        slope = 2 / (right - left) * (size @ np.arange(size.shape[1]))
        rounding = 2 * _EPS * np.fmax(np.abs(left), np.abs(right)) * slope
        return self.tolerance + np.where(rounding < _MOST_ROUNDING, rounding, _MOST_ROUNDING)

    def _keep(self, left: RealVector, right: RealVector, coefficients: RealVector) -> None:
        self.starts.append(left)
        self.stops.append(right)
        self.coefficients.append(coefficients)
        self.count += len(left)

    def _sorted(self) -> tuple[RealVector, RealVector]:
        """Return the ends of all pieces (P + 1,) and their coefficients (P, n + 1, m)."""
        if len(self.starts) == 1:
            return np.concatenate([self.starts[0], self.stops[0][-1:]]), self.coefficients[0]
        left = np.concatenate(self.starts)
        order = np.argsort(left)
        return np.append(left[order], self.stop), np.concatenate(self.coefficients)[order]

    def _check_count(self, left: RealVector) -> None:
        if self.count + left.size > _MOST_PIECES:
            raise ConvergenceError(
                f"A function of time must be piecewise smooth, but it still is not resolved to {self.tolerance:g} by "
                f"{self.count + left.size} pieces, near t = {float(left[0]):g} for instance. Remove noise from it "
                f"(a TabulatedCoefficient joins samples smoothly), or split the run at its jumps."
            )


def _narrowest(start: float, stop: float) -> float:
    return max(_NARROWEST * (stop - start), 16 * _EPS * max(abs(start), abs(stop)))


def _first_pieces(start: float, stop: float, breaks: Sequence[float] | RealVector, count: float) -> RealVector:
    """Return the ends of about `count` pieces, or of those between the `breaks`."""
    if len(breaks):
        given = np.asarray(breaks, dtype=np.float64)
        inside = given[(given > start) & (given < stop)]
        if inside.size:
            return np.concatenate([[start], np.unique(inside), [stop]])
    ends = start + np.arange(max(1, math.ceil(count)) + 1) * ((stop - start) / max(1, math.ceil(count)))
    ends[-1] = stop
    return np.asarray(ends)


def _scan_times(start: float, stop: float, samples: int) -> RealVector:
    return np.asarray(start + _scan_places(samples) * ((stop - start) / samples))


@lru_cache(maxsize=4)
def _scan_places(samples: int) -> RealVector:
    # Spread unevenly within even cells, so that no periodic function hides between them.
    number = np.arange(samples)
    return np.asarray(number + np.modf(0.5 + number * 0.6180339887498949)[0])


@lru_cache(maxsize=4)
def _chebyshev_transform(degree: int) -> tuple[RealVector, RealMatrix]:
    """Return Chebyshev points in [-1, 1], ascending, and the matrix from a row of values there to coefficients."""
    nodes = -np.cos(np.pi * np.arange(degree + 1) / degree)
    # The nodes are symmetric, so that 0 is met exactly where it is one of them.
    nodes = 0.5 * (nodes - nodes[::-1])
    transform = np.cos(np.pi * np.outer(np.arange(degree + 1), np.arange(degree, -1, -1)) / degree) * (2 / degree)
    transform[:, [0, -1]] *= 0.5
    transform[[0, -1]] *= 0.5
    return nodes, np.ascontiguousarray(transform.T)


@lru_cache(maxsize=4)
def _inner_transform(degree: int) -> tuple[RealVector, RealMatrix]:
    """Return the same for Chebyshev points that leave out the ends."""
    angles = np.pi * (np.arange(degree, -1, -1) + 0.5) / (degree + 1)
    transform = np.cos(np.outer(np.arange(degree + 1), angles)) * (2 / (degree + 1))
    transform[0] *= 0.5
    return np.cos(angles), np.ascontiguousarray(transform.T)


@lru_cache(maxsize=64)
def _derivative_matrix(terms: int) -> RealMatrix:
    """Return the matrix from Chebyshev coefficients (terms,) to those of the derivative (terms - 1,), at least one."""
    rows = max(terms - 1, 1)
    row, column = np.indices((rows, terms))
    matrix = np.where((column > row) & ((column - row) % 2 == 1), 2.0 * column, 0.0)
    matrix[0] *= 0.5
    return matrix


def _straight(values: RealVector) -> Any:
    """Return coefficients of the straight line through the first and last of the values (B, n + 1, ...)."""
    line = np.zeros_like(values)
    line[:, 0] = 0.5 * (values[:, 0] + values[:, -1])
    line[:, 1] = 0.5 * (values[:, -1] - values[:, 0])
    return line


def _halves(left: RealVector, right: RealVector) -> tuple[RealVector, RealVector]:
    middle = 0.5 * (left + right)
    return np.concatenate([left, middle]), np.concatenate([middle, right])
