"""Entropy accounts of a qubit whose baths jump both ways: all of them from two populations and one coherence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.ledger._qubit_coherence import qubit_coherence
from loschmidt.typing import BooleanArray, ComplexMatrix, RealArray, RealMatrix, RealVector

__all__ = ["Qubits"]

#: From here on |ρ_01|² / (p_0 p_1) is that of a pure state.
_PURE = 1 - 1e-13


@dataclass(frozen=True, eq=False)
class Qubits:
    """Populations (2, T) of states and |ρ_01|² (T,)."""

    populations: RealMatrix
    square: RealVector

    @classmethod
    def of(cls, states: ComplexMatrix) -> Qubits:
        """Return what matters of states (T, 2, 2)."""
        parts = np.ascontiguousarray(states, dtype=np.complex128).reshape(-1, 4).view(np.float64)
        off = parts[:, 2:4]
        return cls(np.ascontiguousarray(parts[:, ::6].T), np.einsum("ti,ti->t", off, off))

    def regular(self, empty: RealArray | float) -> BooleanArray | None:
        """Return which states (T,) are neither pure nor without weight on a level, None for all of them."""
        first, second = self.populations
        regular = self.square < _PURE * (first * second)
        regular &= first > empty
        regular &= second > empty
        return None if regular.all() else regular

    def at(self, chosen: BooleanArray) -> Qubits:
        """Return those at the `chosen` times (T,)."""
        return Qubits(self.populations[:, chosen], self.square[chosen])

    def accounts(self, rates: RealMatrix) -> tuple[RealVector, RealVector, RealVector, RealMatrix, RealMatrix]:
        """Return S(Δρ), C and dS(Δρ)/dt (T,), then Π_d and Υ (B, T), of regular states.

        `rates` (3, B, 1) are those of the jumps 1 → 0 and 0 → 1, and twice the decay of the coherence, of each bath.
        """
        logarithms = np.log(self.populations)
        # Rounding is monotone: x > y gives x / y ≥ 1, so no term (x - y) ln(x / y) is negative.
        down, up = rates[0] * self.populations[1], rates[1] * self.populations[0]
        change = down - up
        edges = np.log(down / up)
        edges *= change
        entropy = -np.add.reduce(self.populations * logarithms)
        rate = np.add.reduce(change) * (logarithms[1] - logarithms[0])
        if not self.square.any():
            return entropy, np.zeros_like(entropy), rate, edges, np.zeros_like(edges)
        coherence, slope, excess = qubit_coherence(self.populations, logarithms, self.square)
        return entropy, coherence, rate, edges, rates[2] * (self.square * slope) - change * excess
