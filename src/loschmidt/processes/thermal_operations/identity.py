"""An identity of the theory: both its sides, each computed in its own way, and the difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.typing import RealArray

__all__ = ["Identity"]


@dataclass(frozen=True, eq=False)
class Identity:
    """Two numbers that theory says are equal.

    Attributes
    ----------
    left, right : (...)
        Both sides.

    Examples
    --------
    >>> Identity(np.array([1.0, np.inf]), np.array([0.75, np.inf])).residual
    array([0.25, 0.  ])
    """

    left: RealArray
    right: RealArray

    @property
    def residual(self) -> RealArray:
        """Left minus right (...), zero where both are the same infinity; NaN stays NaN."""
        same = np.isinf(self.left) & (self.left == self.right)
        with np.errstate(invalid="ignore"):
            residual: RealArray = np.where(same, 0.0, np.asarray(self.left) - np.asarray(self.right))[()]
        return residual
