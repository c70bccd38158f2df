"""The semigroup e^{tA} on a ladder of doubled steps: any time is a sum of rungs, so it costs a few small products.

For a matrix of jump rates the ladder holds non-negative numbers only (uniformisation, :cite:t:`jensen1953`), and
every column sums to one: sums and products of such numbers keep the relative error of the smallest probability. Linear
functionals are integrated on the same ladder. Plain arrays, no checks; slow twin: ``tests/reference/semigroup.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, factorial, log2
from typing import Any

import numpy as np

from loschmidt.typing import RealVector

__all__ = ["Ladder", "advance", "along_grid", "general_ladder", "population_ladder", "two_level_weights"]

Matrix = np.ndarray[Any, Any]

_LARGEST_STEP = 0.5  # norm of the generator times the lowest rung
_TERMS = 15  # 0.5^16 / 16! < 1e-18
_MOST_TERMS = 160
_STACKED = 96  # above this size the powers of the generator are not kept side by side
_INVERSE_FACTORIALS = np.array([1 / factorial(k) for k in range(_MOST_TERMS + 2)])


@dataclass(frozen=True, eq=False)
class Ladder:
    """Propagators over `step` · 2^k, and the integrals of linear functionals over the same times.

    Attributes
    ----------
    series : (n, n)
        M with A = scale · (M - shift), shift 1 for populations and 0 otherwise.
    functionals : (f, n)
        Rows that are integrated over time.
    scale : float
        One over time.
    poisson : bool
        Whether the shift is 1, so that e^{tA} is a Poisson average of powers of M.
    step : float
        Time of the lowest rung.
    terms : int
        Powers of M that a step needs.
    rungs : tuple of ((n, n), (f, n))
        Propagator and integrated functionals of each rung.
    """

    series: Matrix
    functionals: Matrix
    scale: float
    poisson: bool
    step: float
    terms: int
    rungs: tuple[tuple[Matrix, Matrix], ...]


def population_ladder(rates: Matrix, functionals: Matrix, span: float, grid_step: float | None = None) -> Ladder:
    """Return the ladder of the rate equation with rates[n, m] of the jump m → n.

    Parameters
    ----------
    rates : (n, n)
        Non-negative, zero diagonal.
    functionals : (f, n)
        Rows to integrate.
    span : float
        Longest time.
    grid_step : float, optional
        A time that shall be one of the rungs.
    """
    out = rates.sum(axis=0)
    # Twice the fastest rate keeps the diagonal of M at ½ or more, so it carries no cancellation.
    scale = 2 * float(out.max(initial=0.0))
    series = rates / scale if scale > 0 else np.zeros_like(rates)
    np.fill_diagonal(series, 1 - out / scale if scale > 0 else 1.0)
    step, count = _lowest_step(scale, span, grid_step)
    terms = _TERMS
    while True:
        first = _first_rung(series, functionals, scale, step, terms, poisson=True)
        # Far states are reached in many jumps only: go on until their probabilities have converged, too.
        if first[2] or terms >= _MOST_TERMS:
            break
        terms = min(2 * terms + 1, _MOST_TERMS)
    rungs = [(first[0] / first[0].sum(axis=0), first[1])]
    for _ in range(count - 1):
        propagator, integral = rungs[-1]
        squared = propagator @ propagator
        squared /= squared.sum(axis=0)
        rungs.append((squared, integral + integral @ propagator))
    return Ladder(series, functionals, scale, True, step, terms, tuple(rungs))


def general_ladder(
    generator: Matrix,
    functionals: Matrix,
    span: float,
    grid_step: float | None = None,
    diagonal: Matrix | None = None,
) -> Ladder:
    """Return the ladder of any matrix A.

    Parameters
    ----------
    generator : (n, n)
        A, real or complex.
    functionals : (f, n)
        Rows to integrate.
    span : float
        Longest time.
    grid_step : float, optional
        A time that shall be one of the rungs.
    diagonal : (k,), optional
        Positions whose sum A conserves (a trace); round-off in it is not allowed to grow from rung to rung.
    """
    scale = float(np.abs(generator).sum(axis=0).max(initial=0.0))
    series = generator / scale if scale > 0 else np.zeros_like(generator)
    step, count = _lowest_step(scale, span, grid_step)
    propagator, integral, _ = _first_rung(series, functionals, scale, step, _TERMS, poisson=False)
    rungs = [(_conserve(propagator, diagonal), integral)]
    for _ in range(count - 1):
        propagator, integral = rungs[-1]
        rungs.append((_conserve(propagator @ propagator, diagonal), integral + integral @ propagator))
    return Ladder(series, functionals, scale, False, step, _TERMS, tuple(rungs))


def advance(ladder: Ladder, start: Matrix, offsets: RealVector) -> tuple[Matrix, Matrix]:
    """Return the vectors (T, n) after the times `offsets` (T,), none beyond the span, and the integrals (T, f)."""
    whole = np.floor(offsets / ladder.step)
    states, integrals = _remainder(ladder, start, offsets - whole * ladder.step)
    digits = whole.astype(np.int64)
    for k, (propagator, integral) in enumerate(ladder.rungs):
        chosen = np.nonzero((digits >> k) & 1)[0]
        if len(chosen):
            before = states[chosen]
            integrals[chosen] += before @ integral.T
            states[chosen] = before @ propagator.T
    return states, integrals


def along_grid(ladder: Ladder, start: Matrix, grid_step: float, count: int) -> tuple[Matrix, Matrix]:
    """Return the vectors (count, n) and integrals (count, f) at 0, 1, 2, … times `grid_step`, a time of some rung."""
    rung = round(log2(grid_step / ladder.step))
    increments = ladder.rungs[rung][1]
    states = np.empty((count, len(start)), dtype=np.result_type(start, ladder.series))
    states[0] = start
    filled = 1
    while filled < count:
        more = min(filled, count - filled)
        np.matmul(states[:more], ladder.rungs[rung][0].T, out=states[filled : filled + more])
        filled += more
        rung += 1
    integrals = np.zeros((count, len(increments)), dtype=np.result_type(states, increments))
    np.cumsum(states[:-1] @ increments.T, axis=0, out=integrals[1:])
    return states, integrals


def two_level_weights(
    rates: tuple[float, float], functionals: list[list[float]], start: tuple[float, float]
) -> tuple[list[float], list[float], list[float]]:
    """Return the closed solution of a two-level rate equation as weights of e^{-wt}, e^{-wt} - 1 and t.

    Weights are those of both populations followed, except for e^{-wt}, by those of the integrals; for t they are those
    of the integrals alone. All weights of a population have equal signs, so that its relative error stays small.

    Parameters
    ----------
    rates : (up, down)
        Of the jumps 0 → 1 and 1 → 0; w is their sum.
    functionals : (f, 2)
        Rows to integrate.
    start : (2,)
        Initial populations.
    """
    up, down = rates
    total = up + down
    if total == 0:
        return list(start), [0.0] * (2 + len(functionals)), [a * start[0] + b * start[1] for a, b in functionals]
    share = (start[0] + start[1]) / total
    rest = down * share, up * share
    early = (down / total * start[1] - up / total * start[0]) / total
    moved = [-rest[0], -rest[1], *((a - b) * early for a, b in functionals)]
    return list(start), moved, [a * rest[0] + b * rest[1] for a, b in functionals]


def _lowest_step(scale: float, span: float, grid_step: float | None) -> tuple[float, int]:
    longest = span if grid_step is None else grid_step
    halvings = max(0, ceil(log2(longest * scale / _LARGEST_STEP))) if longest * scale > 0 else 0
    step = longest / 2.0**halvings
    # One rung more than the span needs, since its last digit may round up.
    return step, int(span / step * (1 + 1e-12)).bit_length() + 1


def _first_rung(
    series: Matrix, functionals: Matrix, scale: float, step: float, terms: int, *, poisson: bool
) -> tuple[Matrix, Matrix, bool]:
    weights, integral_weights = _weights(np.array([scale * step]), terms, poisson=poisson)
    weight = weights[0]
    # At scale 0 nothing moves and the integral is the time itself.
    moments = integral_weights[0] / scale if scale > 0 else np.append(step, np.zeros(terms))
    one = np.eye(len(series))
    if len(series) <= _STACKED:
        powers = series[None]
        while len(powers) < terms:
            powers = np.concatenate([powers, powers @ powers[-1]])
        flat = powers[:terms].reshape(terms, -1)
        summed = (np.stack([weight[1:], moments[1:]]) @ flat).reshape(2, *series.shape)
        propagator, integrator = weight[0] * one + summed[0], moments[0] * one + summed[1]
        last = powers[terms - 1]
    else:
        last, propagator, integrator = one, weight[0] * one, moments[0] * one
        for k in range(1, terms + 1):
            last = last @ series
            propagator = propagator + weight[k] * last
            integrator = integrator + moments[k] * last
    converged = bool((weight[-1] * np.abs(last) <= np.finfo(float).eps / 8 * np.abs(propagator)).all())
    return propagator, functionals @ integrator, converged


def _weights(steps: RealVector, terms: int, *, poisson: bool) -> tuple[Matrix, Matrix]:
    """Return the weights of the powers of M in e^{tA} and in scale · ∫ e^{tA} dt, for scale · t = `steps` (T,)."""
    monomials = steps[:, None] ** np.arange(terms + 2) * _INVERSE_FACTORIALS[: terms + 2]
    if not poisson:
        return monomials[:, :-1], monomials[:, 1:]
    weights = np.exp(-steps)[:, None] * monomials
    # Summed from the smallest, so that no digit of a tail is lost.
    tails = np.cumsum(weights[:, :0:-1], axis=1)[:, ::-1]
    return weights[:, :-1], tails


def _remainder(ladder: Ladder, start: Matrix, rest: RealVector) -> tuple[Matrix, Matrix]:
    weights, moments = _weights(ladder.scale * rest, ladder.terms, poisson=ladder.poisson)
    vectors = np.empty((ladder.terms + 1, len(start)), dtype=np.result_type(start, ladder.series))
    vectors[0] = start
    for k in range(ladder.terms):
        vectors[k + 1] = ladder.series @ vectors[k]
    rows = vectors @ ladder.functionals.T
    if ladder.scale == 0:
        return np.repeat(vectors[:1], len(rest), axis=0), rest[:, None] * rows[:1]
    return weights @ vectors, moments @ rows / ladder.scale


def _conserve(propagator: Matrix, diagonal: Matrix | None) -> Matrix:
    if diagonal is None or len(diagonal) == 0:
        return propagator
    defect = propagator[diagonal].sum(axis=0)
    defect[diagonal] -= 1
    share = propagator[np.ix_(diagonal, diagonal)].sum(axis=1)
    propagator[diagonal] -= np.multiply.outer(share / share.sum(), defect)
    return propagator
