"""Entropy accounts of three to eight levels over many times: the arrays between the passes of the compiled ledger."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import BooleanArray, ComplexMatrix, RealArray, RealMatrix, RealTensor

__all__ = ["small_accounts"]


def small_accounts(
    components: ComplexMatrix, tables: tuple[RealTensor, RealTensor, RealTensor], empty: RealArray | float
) -> tuple[RealMatrix, BooleanArray]:
    """Return the accounts of states (T, d, d) and which of these could be done (T,).

    `tables` are rates (B, d, d), decay rates of coherences (B, d, d), heat and particles per population (B, 2, d). The
    accounts (5 + 4 B, T) are S(ρ), S(Δρ), C, dS(ρ)/dt, dS(Δρ)/dt, then heat, particles, Π_d and Υ of each bath.
    """
    from loschmidt._kernels.small_ledgers import DONE, accounts, decompose
    from loschmidt._kernels.vector_ir import LANES

    count, d = components.shape[:2]
    groups, baths = -(-count // LANES), len(tables[0])
    logarithms = np.empty((groups, LANES * (d + baths * (d * (d - 1) // 2))))
    slopes, space = np.empty((groups, LANES * d * d)), np.empty((groups, LANES * (2 * d + 2 * d * d)))
    result, status = np.empty((groups, LANES * (5 + 4 * baths))), np.empty(count, dtype=np.int64)
    states = np.ascontiguousarray(components, dtype=np.complex128)
    threshold = np.empty(count)
    threshold[:] = empty
    decompose(states, threshold, tables[0], logarithms, slopes, space, status)
    np.log(logarithms, out=logarithms)
    np.log1p(slopes, out=slopes)
    accounts(tables, logarithms, slopes, space, result)
    rows = result.reshape(groups, -1, LANES).transpose(1, 0, 2).reshape(5 + 4 * baths, -1)
    return rows[:, :count], status == DONE
