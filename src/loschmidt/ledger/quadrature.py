"""Time integrals of rates by adaptive Gauss–Kronrod panels, cumulative at the output times and with their error."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from loschmidt.typing import IntegerArray, RealMatrix, RealVector

__all__ = ["cumulative_integral"]

_LARGEST_DEPTH = 60
_EPSILON = float(np.finfo(float).eps)
_MOST_PANELS = 100_000
_OLDEST = 5.0  # times the age of its start that an interval may last before it is looked at more closely
_STEPS = 4  # steps of a method in a panel to begin with


def cumulative_integral(
    rates: Callable[[RealVector], RealMatrix | tuple[RealMatrix, RealMatrix]],
    times: RealVector,
    relative_tolerance: float = 1e-11,
    fastest: float = 0.0,
    round_off: RealVector | float = 0.0,
    report: Callable[[float], None] | None = None,
    *,
    steps: RealVector | None = None,
) -> tuple[RealMatrix, RealMatrix]:
    """Return ∫ rates dt from the first time to each time, and an error estimate.

    Every interval between output times is halved until its 3-point Gauss and 7-point Kronrod values agree, so a
    logarithmic start or a narrow pulse is resolved where it is.

    Parameters
    ----------
    rates : callable
        Maps times (n,) to values (n, k), or to these and to how far each of them may be round-off: no panel is halved
        to resolve that.
    times : (T,)
        Ascending.
    relative_tolerance : float
        Of each integral's total variation over the whole span.
    fastest : float
        Largest rate of change to expect. An interval that is long beside the time before it starts with panels that
        grow geometrically, the first of all with one shorter than this inverse, so that no coarse rule agrees with
        another by missing what decays there.
    round_off : (k,) or float
        Size of differences of rates that mean nothing, as in equilibrium, where the rates are round-off themselves.
    report : callable, optional
        Takes the fraction of the span that is settled, now and then.
    steps : (k,), optional
        Ascending times at which an adaptive method stopped on its way to the rates. No panel begins with more than a
        few of these inside, so that a short pulse in a long interval is seen.

    Returns
    -------
    integrals, errors : (T, k)
        Both zero at the first time.

    Notes
    -----
    :cite:t:`piessens1983`.

    Examples
    --------
    >>> value, error = cumulative_integral(lambda t: np.cos(t)[:, None], np.array([0.0, np.pi / 2]))
    >>> round(float(value[-1, 0]), 12)
    1.0
    """
    count = len(times) - 1
    left, width, owner = _first_panels(times, fastest, steps)
    total, spread, variation = np.zeros((3, count, 1))
    added = np.zeros(count)
    for depth in range(_LARGEST_DEPTH):
        values, errors, sizes, noise = _panels(rates, left, width)
        if depth == 0:
            total, spread, variation = np.zeros((3, count, values.shape[1]))
        # Measured anew at each depth: a pulse that the first pass missed counts once it is seen.
        scale = sizes.sum(axis=0) + variation.sum(axis=0)
        share = width / (times[-1] - times[0])
        # A panel may use its share of the budget, or a tiny fixed part of it however short it is.
        budget = relative_tolerance * scale * (share[:, None] + 1.0 / (64 + count))
        budget = budget + np.outer(width, np.atleast_1d(round_off)) + noise
        shortest = width <= 1e-15 * np.abs(left + width)
        exhausted = depth == _LARGEST_DEPTH - 1 or len(left) > _MOST_PANELS
        done = (errors <= budget).all(axis=1) | shortest | exhausted
        np.add.at(total, owner[done], values[done])
        np.add.at(variation, owner[done], sizes[done])
        np.add.at(spread, owner[done], errors[done])
        added += np.bincount(owner[done], minlength=count)
        if report is not None:
            report(1 - float(share[~done].sum()))
        if done.all():
            break
        left, width, owner = _halves(left[~done], width[~done] / 2, owner[~done])
    # Panels are added one by one, and each sum may round.
    spread += _EPSILON * added[:, None] * variation
    return _up_to_each_time(total), _up_to_each_time(spread)


def _halves(left: RealVector, half: RealVector, owner: IntegerArray) -> tuple[RealVector, RealVector, IntegerArray]:
    return np.concatenate([left, left + half]), np.tile(half, 2), np.tile(owner, 2)


def _up_to_each_time(parts: RealMatrix) -> RealMatrix:
    return np.concatenate([np.zeros((1, parts.shape[1])), np.cumsum(parts, axis=0)])


def _first_panels(
    times: RealVector, fastest: float, steps: RealVector | None
) -> tuple[RealVector, RealVector, IntegerArray]:
    """Return left ends, widths and owners (interval numbers) of the panels to begin with."""
    widths = np.diff(times)
    # What still lives at the start of an interval decays no faster than that start is old, up to a factor.
    old, quick = _OLDEST * (times[:-1] - times[0]), 0.1 / fastest if fastest > 0 else np.inf
    shortest = np.where(old > quick, old, quick)
    levels = np.ceil(np.log2(np.where(widths > shortest, widths / shortest, 1.0)) / 2)
    inner = [times[n] + widths[n] * 4.0 ** np.arange(-levels[n], 0) for n in np.flatnonzero(levels)]
    if steps is not None:
        inner.append(steps[_STEPS::_STEPS])
    edges = np.unique(np.concatenate([times, *inner]))
    edges = edges[(edges >= times[0]) & (edges <= times[-1])]
    left, width = edges[:-1], np.diff(edges)
    return left, width, np.searchsorted(times, left, side="right") - 1


def _panels(
    rates: Callable[[RealVector], RealMatrix | tuple[RealMatrix, RealMatrix]],
    left: RealVector,
    width: RealVector,
) -> tuple[RealMatrix, RealMatrix, RealMatrix, RealMatrix]:
    """Return the integrals (P, k) over panels, their errors, those of the absolute values, and of the round-off."""
    nodes, kronrod, gauss = _rule()
    points = (left[:, None] + width[:, None] * nodes).reshape(-1)
    found = rates(points)
    values, noise = found if isinstance(found, tuple) else (found, np.zeros_like(found))
    samples, doubts = (one.reshape(len(left), len(nodes), -1) for one in (values, noise))
    fine = width[:, None] * np.einsum("n,pnk->pk", kronrod, samples)
    coarse = width[:, None] * np.einsum("n,pnk->pk", gauss, samples)
    sizes = width[:, None] * np.einsum("n,pnk->pk", kronrod, np.abs(samples))
    # Beside a logarithm the plain difference falls short of the error, by up to one half.
    return fine, 2 * np.abs(fine - coarse), sizes, width[:, None] * np.einsum("n,pnk->pk", kronrod, doubts)


@cache
def _rule() -> tuple[RealVector, RealVector, RealVector]:
    """Return the 7 Kronrod nodes on [0, 1] with Kronrod weights and the embedded Gauss weights (0 elsewhere)."""
    nodes = np.array([0.96049126870802028342, 0.77459666924148337704, 0.43424374934680255800, 0.0])
    kronrod = np.array([0.10465622602646726519, 0.26848808986833344073, 0.40139741477596222291, 0.45091653865847414235])
    gauss = np.array([0.0, 5 / 9, 0.0, 8 / 9])
    order = np.concatenate([-nodes[:-1], nodes[::-1]])
    both = [np.concatenate([x[:-1], x[::-1]]) for x in (kronrod, gauss)]
    return (order + 1) / 2, both[0] / 2, both[1] / 2
