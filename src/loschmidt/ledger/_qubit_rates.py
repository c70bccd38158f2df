"""Entropy accounts of a qubit whose baths jump both ways: all of them from two populations and one coherence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loschmidt.ledger._qubit_coherence import qubit_coherence
from loschmidt.typing import BooleanArray, ComplexMatrix, RealArray, RealMatrix, RealTensor, RealVector

__all__ = ["QubitBaths", "Qubits"]

#: From here on |ρ_01|² / (p_0 p_1) is that of a pure state.
_PURE = 1 - 1e-13


@dataclass(frozen=True, eq=False)
class QubitBaths:
    """What some baths do to a qubit, as linear maps.

    Attributes
    ----------
    flows : (3 + 5 B, 2)
        Of both populations: their difference and sum, the change of p_0, then of each bath the flows 1 → 0 and 0 → 1,
        their difference, and heat and particles.
    production : (1 + B, 3)
        Of 4 |ρ_01|² λ / D and both populations times the excess (:func:`qubit_coherence`): Υ in all, and of each bath.
    """

    flows: RealMatrix
    production: RealMatrix

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float, float]], exchanged: RealTensor) -> QubitBaths:
        """Return the maps of baths with rates 1 → 0 and 0 → 1 and twice the decay of coherence; heat, particles."""
        down, up, loss = np.array(pairs).T
        none = np.zeros(len(pairs))
        jumps = np.array([[none, down], [up, none], [-up, down]]).swapaxes(1, 2).reshape(-1, 2)
        total = [[1.0, -1.0], [1.0, 1.0], [-up.sum(), down.sum()]]
        parts = np.stack([loss / 4, up, -down], axis=1)
        return cls(
            np.concatenate([total, jumps, exchanged.swapaxes(0, 1).reshape(-1, 2)]),
            np.concatenate([parts.sum(axis=0, keepdims=True), parts]),
        )


@dataclass(frozen=True, eq=False)
class Qubits:
    """Populations (2, T) of states, four times their product (T,), and 4 |ρ_01|² (T,)."""

    populations: RealMatrix
    product: RealVector
    square: RealVector

    @classmethod
    def of(cls, states: ComplexMatrix) -> Qubits:
        """Return what matters of states (T, 2, 2)."""
        parts = np.ascontiguousarray(states, dtype=np.complex128).reshape(-1, 4).view(np.float64).T
        populations = parts[::6].copy()
        real, imaginary = parts[2], parts[3]
        square = real * real
        square += imaginary * imaginary
        square *= 4.0
        product = populations[0] * populations[1]
        product *= 4.0
        return cls(populations, product, square)

    def regular(self, empty: RealArray | float) -> BooleanArray | None:
        """Return which states (T,) are neither pure nor without weight on a level, None for all of them."""
        filled, mixed = self.populations > empty, self.square < _PURE * self.product
        if np.count_nonzero(filled) == filled.size and np.count_nonzero(mixed) == mixed.size:
            return None
        return np.asarray(filled[0] & filled[1] & mixed)

    def at(self, chosen: BooleanArray) -> Qubits:
        """Return those at the `chosen` times (T,)."""
        return Qubits(self.populations[:, chosen], self.product[chosen], self.square[chosen])

    def accounts(self, baths: QubitBaths) -> tuple[tuple[RealVector, ...], tuple[RealMatrix, ...]]:
        """Return the accounts of regular states.

        S(ρ), S(Δρ), C, dS(ρ)/dt and dS(Δρ)/dt (T,), then heat, particles, Π_d and Υ (B, T).
        """
        count = len(baths.production) - 1
        flows = baths.flows.dot(self.populations)
        difference, total, moved = flows[0], flows[1], flows[2]
        by_bath = flows[3:].reshape(5, count, -1)
        down, up, change, heat, particles = by_bath[0], by_bath[1], by_bath[2], by_bath[3], by_bath[4]
        # Rounding is monotone: x > y gives x / y ≥ 1 and x - y ≥ 0, so no term (x - y) ln(x / y) is negative.
        logarithms = np.empty((2 + count, len(moved)))
        logarithms[:2] = self.populations
        np.divide(down, up, logarithms[2:])
        np.log(logarithms, logarithms)
        change *= logarithms[2:]
        entropy = self.populations[0] * logarithms[0]
        entropy += self.populations[1] * logarithms[1]
        np.negative(entropy, entropy)
        moved *= logarithms[1] - logarithms[0]
        if np.count_nonzero(self.square) == 0:
            alone = entropy.copy(), entropy, np.zeros_like(entropy), moved.copy(), moved
            return alone, (heat, particles, change, np.zeros_like(change))
        coherence, slope, excess = qubit_coherence(difference, total, self.product, self.square)
        weights = np.empty((3, len(moved)))
        np.multiply(self.square, slope, weights[0])
        np.multiply(self.populations[0], excess, weights[1])
        np.multiply(self.populations[1], excess, weights[2])
        production = baths.production.dot(weights)
        alone = entropy - coherence, entropy, coherence, moved + production[0], moved
        return alone, (heat, particles, change, production[1:])
