"""Entropy rates of the parts of a whole, -tr[ρ̇_X ln ρ_X], with a bound where a population is too small to be known.

A part need not obey an equation of its own: what enters is ρ̇_X = tr_rest[ρ̇]. In the motion of a closed whole an empty
level of a part fills like t², never like t, so its entropy rate is finite at every time. For any smooth motion of a
positive state f(s) = ⟨k|ρ_X(t + s)|k⟩ ≥ 0 before t as after it, so f ≥ f'² / (2 max f''): a population that round-off
hides is bounded from below by the speed at which it changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.typing import BooleanArray, ComplexMatrix, RealMatrix, RealTensor, RealVector

__all__ = ["PartRates", "part_rates"]

#: Populations up to this are not told from round-off.
_UNRESOLVED = 1e-14
#: One-sided feeding of an empty level slower than this fraction of the largest rate counts as none.
_FEEDING = 1e-12
_DEEPEST_LOGARITHM = 60.0


@dataclass(frozen=True, eq=False)
class PartRates:
    """Entropy rate (T,) of one part, its absolute error (T,), and the lowest eigenvalue (T,) of its states."""

    rate: RealVector
    error: RealVector
    lowest: RealVector


def part_rates(
    states: ComplexMatrix,
    changes: ComplexMatrix,
    spread: RealVector,
    speed: float,
    elapsed: RealVector | None,
) -> PartRates:
    """Return the entropy rates of one part.

    Parameters
    ----------
    states, changes : (T, d, d)
        ρ_X and ρ̇_X.
    spread : (T,)
        Frobenius norm of the error of each state.
    speed : float
        How fast anything can change: the norm of the joint generator, at least.
    elapsed : (T,) or None
        Time for which the motion has gone on; None for a motion that can be followed back for ever, as that of a closed
        whole. At time zero of an open one the limit is one-sided, and infinite where an empty level is being filled.
    """
    values, vectors = np.linalg.eigh(states)
    inner = vectors.conj().swapaxes(-1, -2) @ changes @ vectors
    noise = speed * spread
    unresolved = values <= (_UNRESOLVED + 4 * spread)[:, None]
    logarithms = np.log(np.where(unresolved, 1.0, values))
    diagonal = np.diagonal(inner, axis1=-2, axis2=-1).real
    rate = -(np.where(unresolved, 0.0, diagonal) * logarithms).sum(axis=-1)
    error = _sensitivity(values, ~unresolved, logarithms, inner) * spread
    error = error + 2 * noise * (np.linalg.norm(logarithms, axis=-1) + _DEEPEST_LOGARITHM)
    for t in np.nonzero(unresolved.any(axis=-1))[0]:
        hidden = unresolved[t]
        growth = np.linalg.eigvalsh(inner[t][np.ix_(hidden, hidden)])
        # What is found to be that small can be as large as this.
        ceiling = float(_UNRESOLVED + 5 * spread[t])
        if elapsed is not None and elapsed[t] == 0:
            threshold = _FEEDING * speed + 4 * float(noise[t])
            rate[t] += _one_sided(growth, threshold)
            error[t] += len(growth) * threshold * _DEEPEST_LOGARITHM
            continue
        if not growth.any():
            continue
        past = np.inf if elapsed is None else float(elapsed[t])
        lower, upper = _bounds(growth, speed, past, ceiling)
        rate[t] += -(growth * (lower + upper)).sum() / 2
        error[t] += (np.abs(growth) * (upper - lower)).sum() / 2
    return PartRates(rate, error, values[:, 0])


def _one_sided(growth: RealVector, threshold: float) -> float:
    """Return what an empty level adds at the first moment: ±∞ if it is being filled or drained, otherwise nothing."""
    if growth.max() > threshold:
        return float(np.inf)
    return float(-np.inf) if growth.min() < -threshold else 0.0


def _bounds(growth: RealVector, speed: float, past: float, ceiling: float) -> tuple[RealVector, RealVector]:
    """Return logarithms of the least and the largest population that may hide behind round-off."""
    size = np.abs(growth)
    moving = size > 0
    safe = np.where(moving, size, 1.0)
    # Over a past too short for the curve to bend, the population is at least half of what it grew by.
    least = np.where(safe > speed**2 * past, safe * (past if np.isfinite(past) else 1.0) / 2, (safe / speed) ** 2 / 2)
    lower = np.where(moving, np.log(np.where(moving, least, 1.0)), 0.0)
    upper = np.where(moving, np.where(least > ceiling, lower, np.log(ceiling)), 0.0)
    return lower, upper


def _sensitivity(values: RealMatrix, support: BooleanArray, logarithms: RealMatrix, inner: ComplexMatrix) -> RealTensor:
    """Return |tr[X d(ln ρ)]| per Frobenius norm of dρ, by divided differences of ln in the eigenbasis."""
    both = support[:, :, None] & support[:, None, :]
    left = np.where(both, values[:, :, None], 1.0)
    right = np.where(both, values[:, None, :], 1.0)
    gap = left - right
    close = np.abs(gap) <= 1e-6 * (left + right)
    divided = np.where(close, 2 / (left + right), np.log(left / right) / np.where(close, 1.0, gap))
    return np.asarray(np.linalg.norm(np.where(both, inner * divided, 0), axis=(-2, -1)))
