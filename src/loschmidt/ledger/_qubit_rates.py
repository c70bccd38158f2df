"""Entropy accounts of a qubit whose baths jump both ways: all of them from two populations and one coherence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.ledger._qubit_coherence import qubit_coherence
from loschmidt.typing import BooleanArray, ComplexMatrix, RealArray, RealMatrix, RealTensor, RealVector

__all__ = ["Qubits"]

#: From here on |ρ_01|² / (p_0 p_1) is that of a pure state.
_PURE = 1 - 1e-13


@dataclass(frozen=True, eq=False)
class Qubits:
    """Populations (2, T) of states, the larger and the smaller one (T,), and |ρ_01|² (T,)."""

    populations: RealMatrix
    larger: RealVector
    smaller: RealVector
    square: RealVector

    @classmethod
    def of(cls, states: ComplexMatrix) -> Qubits:
        """Return what matters of states (T, 2, 2)."""
        parts = np.ascontiguousarray(states, dtype=np.complex128).reshape(-1, 4).view(np.float64).T
        populations = np.ascontiguousarray(parts[::6])
        _, _, real, imaginary = parts[:4]
        return cls(populations, populations.max(axis=0), populations.min(axis=0), real * real + imaginary * imaginary)

    def regular(self, empty: RealArray | float) -> BooleanArray | None:
        """Return which states (T,) are neither pure nor without weight on a level, None for all of them."""
        regular = self.square < _PURE * self.larger * self.smaller
        regular &= self.smaller > empty
        return None if regular.all() else regular

    def at(self, chosen: BooleanArray) -> Qubits:
        """Return those at the `chosen` times (T,)."""
        return Qubits(self.populations[:, chosen], self.larger[chosen], self.smaller[chosen], self.square[chosen])

    def accounts(
        self, jumps: RealTensor, losses: RealMatrix
    ) -> tuple[RealVector, RealVector, RealVector, RealMatrix, RealMatrix]:
        """Return S(Δρ), C and dS(Δρ)/dt (T,), then Π_d and Υ (B, T), of regular states.

        `jumps` (2, B, 1) are the rates of 1 → 0 and 0 → 1 of each bath, `losses` (B, 1) twice those of the coherence.
        """
        # Rounding is monotone: x > y gives x / y ≥ 1, so no term (x - y) ln(x / y) is negative.
        down, up = jumps * self.populations[::-1, None]
        change = down - up
        logarithms = np.empty((2 + len(change), len(self.square)))
        logarithms[:2] = self.populations
        np.divide(down, up, out=logarithms[2:])
        np.log(logarithms, out=logarithms)
        edges = change * logarithms[2:]
        entropy = self.populations * logarithms[:2]
        entropy = -(entropy[0] + entropy[1])
        rate = np.add.reduce(change) * (logarithms[1] - logarithms[0])
        if not self.square.any():
            return entropy, np.zeros_like(entropy), rate, edges, np.zeros_like(edges)
        coherence, slope, excess = qubit_coherence(
            self.populations[0] - self.populations[1], self.larger, self.smaller, self.square
        )
        production = losses * (self.square * slope)
        change *= excess
        production -= change
        return entropy, coherence, rate, edges, production
