"""Anderson acceleration: the next iterate is extrapolated from where the last few residuals were heading."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import RealMatrix, RealVector

__all__ = ["AndersonHistory"]

_DAMPING = 1e-14  # of the normal equations, relative to their diagonal: round-off of the Gram matrix


class AndersonHistory:
    r"""The last `depth` steps of a fixed-point iteration x ← x + f(x), and the point that they point to.

    Parameters
    ----------
    depth : int
        Number of differences that are kept.
    size : int
        Length of the iterates.

    Notes
    -----
    :cite:t:`walker2011`. What lies outside the span of the kept residuals is stepped along by β f with the
    :cite:t:`barzilai1988` length of the last step, β = −⟨Δx, Δf⟩/⟨Δf, Δf⟩ ≥ 1, instead of f: where the map is nearly
    the identity, f is as short as the map is weak, and a unit step would take the inverse of that many iterations.

    Examples
    --------
    >>> history = AndersonHistory(depth=2, size=1)
    >>> x = np.array([0.0])
    >>> for _ in range(3):
    ...     history.push(x, 1 - x / 2)
    ...     x = x + 1 - x / 2 if history.proposal() is None else history.proposal()
    >>> round(float(x[0]), 12)
    2.0
    """

    def __init__(self, depth: int, size: int) -> None:
        self._steps = np.zeros((depth, size))
        self._changes = np.zeros((depth, size))
        self._gram = np.zeros((depth, depth))
        self._count = 0
        self._stretch = 1.0
        self._last: tuple[RealVector, RealVector] | None = None

    def push(self, iterate: RealVector, residual: RealVector) -> None:
        """Remember an accepted iterate x (size,) and its residual f(x) (size,)."""
        if self._last is not None:
            self._remember(iterate - self._last[0], residual - self._last[1])
        self._last = iterate, residual

    def proposal(self) -> RealVector | None:
        """Return the extrapolated next iterate (size,), None before there are two."""
        kept = min(self._count, len(self._steps))
        if not kept or self._last is None:
            return None
        iterate, residual = self._last
        changes, steps = self._changes[:kept], self._steps[:kept]
        weights = _least_squares(self._gram[:kept, :kept], changes @ residual)
        stretch = self._stretch
        return np.asarray(iterate + stretch * residual - weights @ steps - (stretch * weights) @ changes)

    def _remember(self, step: RealVector, change: RealVector) -> None:
        size = float(change @ change)
        if not size > 0:
            return
        slot = self._count % len(self._steps)
        self._steps[slot], self._changes[slot] = step, change
        self._count += 1
        kept = min(self._count, len(self._steps))
        row = self._changes[:kept] @ change
        self._gram[slot, :kept] = row
        self._gram[:kept, slot] = row
        length = -float(step @ change) / size
        self._stretch = length if length > 1 else 1.0


def _least_squares(gram: RealMatrix, right: RealVector) -> RealVector:
    """Solve the normal equations with columns scaled to length one, damped where directions are round-off."""
    scale = 1 / np.sqrt(np.diagonal(gram))
    damped = gram * scale[:, None] * scale + len(gram) * _DAMPING * np.eye(len(gram))
    return np.asarray(scale * np.linalg.solve(damped, scale * right))
