"""Entropy accounts of a qubit whose baths jump both ways: all of them from two populations and one coherence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loschmidt.ledger._qubit_coherence import qubit_coherence
from loschmidt.typing import BooleanArray, ComplexMatrix, RealArray, RealMatrix, RealVector

__all__ = ["QubitAccounts", "QubitTable", "qubit_accounts", "regular_qubits"]

#: From here on |ρ_01|² / (p_0 p_1) is that of a pure state.
_PURE = 1 - 1e-13


@dataclass(frozen=True, eq=False)
class QubitTable:
    """Rates of B baths, (B, 1) each: of the jumps 1 → 0 and 0 → 1, and twice the decay of the coherence."""

    down: RealMatrix
    up: RealMatrix
    loss: RealMatrix


@dataclass(frozen=True, eq=False)
class QubitAccounts:
    """See :class:`~loschmidt.ledger.davies_rates.DaviesRates`; per bath as (B, T)."""

    populations: RealMatrix
    diagonal_entropy: RealVector
    coherence: RealVector
    diagonal_entropy_rate: RealVector
    population_production: RealMatrix
    coherence_production: RealMatrix


def regular_qubits(states: ComplexMatrix, empty: RealArray | float) -> BooleanArray | None:
    """Return which states (T, 2, 2) are neither pure nor without weight on a level, None for all of them."""
    flat = states.reshape(-1, 4)
    first, second = flat[:, 0].real, flat[:, 3].real
    product = first * second
    coherence = np.abs(flat[:, 1])
    regular = (first > empty) & (second > empty) & (coherence * coherence < _PURE * product)
    return None if regular.all() else regular


def qubit_accounts(states: ComplexMatrix, table: QubitTable) -> QubitAccounts:
    """Return the accounts of states (T, 2, 2) that :func:`regular_qubits` accepts."""
    flat = states.reshape(-1, 4)
    populations = np.empty((2, len(flat)))
    populations[0], populations[1] = flat[:, 0].real, flat[:, 3].real
    logarithms = np.log(populations)
    first, second = populations
    # Rounding is monotone: x > y gives x / y ≥ 1, so no term (x - y) ln(x / y) is negative.
    down, up = table.down * second, table.up * first
    change = down - up
    ratio = down / up
    edges = np.log(ratio, out=ratio)
    edges *= change
    total = change[0] if len(change) == 1 else np.add.reduce(change)
    slope = logarithms[1] - logarithms[0]
    entropy = -np.einsum("nt,nt->t", populations, logarithms)
    off = flat[:, 1]
    if off.any():
        size = np.abs(off)
        square = size * size
        coherence, steep, excess = qubit_coherence(populations, logarithms, square)
        square *= steep
        production = table.loss * square
        production -= change * excess
    else:
        coherence, production = np.zeros(len(flat)), np.zeros_like(change)
    return QubitAccounts(populations, entropy, coherence, total * slope, edges, production)
