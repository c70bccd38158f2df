"""Which elements of a walker's matrix a walk reaches, and where each is stored: the shift only renumbers them."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealVector

__all__ = ["ElementTable", "Pairs", "Singles", "shifted_positions"]

#: Sites (P, 2), rows of the elements (P, 4), and signs (P, 4), -1 where the conjugate is stored.
Pairs = tuple[IntegerArray, IntegerArray, RealVector]
#: Sites (S,), rows of the elements (S, 3), and sign (S,) of the off-diagonal one.
Singles = tuple[IntegerArray, IntegerArray, RealVector]


def shifted_positions(sites: int) -> IntegerArray:
    """Return where each basis state |x, c> goes: right movers (c = 0) to x + 1, left movers to x - 1.

    Examples
    --------
    >>> shifted_positions(3)
    array([2, 5, 4, 1, 0, 3])
    """
    x, c = np.divmod(np.arange(2 * sites), 2)
    return np.asarray(2 * ((x + 1 - 2 * c) % sites) + c)


class ElementTable:
    """Elements on and above the diagonal that can differ from zero, step by step.

    Parameters
    ----------
    coins : (2, M, 2, 2)
        Coins of each site for ↑ and ↓.
    occupied : (2M, 2M)
        Which elements of the first state differ from zero.

    Examples
    --------
    >>> table = ElementTable(np.broadcast_to(np.eye(2) + 0j, (2, 3, 2, 2)), np.diag([True] + [False] * 5))
    >>> table.advance()[1][0], int(table.reached.argmax())
    (array([0]), 14)
    """

    def __init__(self, coins: ComplexMatrix, occupied: BooleanArray) -> None:
        d = len(occupied)
        self._sites = d // 2
        self._coins: IntegerArray = (coins != 0).astype(np.int64)
        origin = np.argsort(shifted_positions(self._sites))
        self._origin = (d * origin[:, None] + origin).reshape(-1)
        self._either: IntegerArray = self._coins.max(axis=0)
        upper = np.triu_indices(d)
        rows = np.zeros((d, d), dtype=np.int64)
        rows[upper] = np.arange(len(upper[0]))
        self.rows: IntegerArray = np.where(np.tri(d, k=-1, dtype=bool), rows.T, rows)
        self.signs: RealVector = np.where(np.tri(d, k=-1, dtype=bool), -1.0, 1.0)
        self.reached: BooleanArray = occupied | occupied.T

    @property
    def count(self) -> int:
        """How many elements there are on and above the diagonal."""
        return self._sites * (2 * self._sites + 1)

    def occupied(self) -> tuple[IntegerArray, IntegerArray]:
        """Return row and column numbers of the reached elements on and above the diagonal."""
        rows, columns = np.nonzero(np.triu(self.reached))
        return np.asarray(rows), np.asarray(columns)

    def advance(self) -> tuple[Pairs, Singles]:
        """Go one step ahead and return the blocks of elements that its collision touches."""
        m = self._sites
        x, y = np.nonzero(np.triu(self.reached.reshape(m, 2, m, 2).any(axis=(1, 3))))
        off, on = x < y, x == y
        pairs = self._pairs(np.asarray(x[off]), np.asarray(y[off]))
        singles = self._singles(np.asarray(x[on]))
        if not self.reached.all():
            self._collide()
            self.reached = self.reached.reshape(-1)[self._origin].reshape(self.reached.shape)
        self.rows = self.rows.reshape(-1)[self._origin].reshape(self.rows.shape)
        self.signs = self.signs.reshape(-1)[self._origin].reshape(self.signs.shape)
        return pairs, singles

    def touched(self, steps: int) -> int:
        """Return how many stored elements the next `steps` steps touch; the table itself is spent."""
        seen = np.zeros(self.count, dtype=bool)
        seen[self.rows[self.occupied()]] = True
        # The pattern repeats once the walker has been around the ring in both directions and all parities.
        for _ in range(steps if steps < 4 * self._sites else 4 * self._sites):
            if seen.all():
                break
            pairs, singles = self.advance()
            seen[pairs[1]] = True
            seen[singles[1]] = True
        return int(seen.sum())

    def _pairs(self, x: IntegerArray, y: IntegerArray) -> Pairs:
        first = 2 * x[:, None] + np.array([0, 0, 1, 1])
        second = 2 * y[:, None] + np.array([0, 1, 0, 1])
        return np.stack([x, y], axis=1), self.rows[first, second], self.signs[first, second]

    def _singles(self, x: IntegerArray) -> Singles:
        first, second = 2 * x[:, None] + np.array([0, 0, 1]), 2 * x[:, None] + np.array([0, 1, 1])
        return x, self.rows[first, second], self.signs[2 * x, 2 * x + 1]

    def _collide(self) -> None:
        m = self._sites
        blocks = self.reached.reshape(m, 2, m, 2).astype(np.int64)
        left = np.einsum("xac,xcyd->xayd", self._either, blocks)
        mixed = np.einsum("xayd,ybd->xayb", left, self._either)
        site = np.arange(m)
        same = blocks[site, :, site, :]  # both sides meet the same system: the coins of ↑ and ↓ do not mix
        mixed[site, :, site, :] = np.einsum("sxac,xcd,sxbd->xab", self._coins, same, self._coins)
        self.reached = mixed.reshape(2 * m, 2 * m) > 0
