"""Mean occupations of the last species for every state of the others, in one pass over a state.

Probabilities are added up for each configuration of either half of the lattice, two additions an amplitude, and counted
by sites afterwards. Nothing is checked. Slow twin: the sums over explicit tables in ``tests/kernels``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit, prange
from loschmidt._kernels.lattice_tables import configuration_masks, half_tables
from loschmidt._kernels.threads import workers_for
from loschmidt._kernels.vector_ir import take_next
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["row_occupations"]

_ROWS = 16


@jit(error_model="numpy")
def _row(amplitudes, halves, sums):  # type: ignore[no-untyped-def]
    # Masks ascend, so that the upper half stays the same for a while.
    upper, kept, total, squares = halves[0, 1], 0.0, 0.0, 0.0
    for y in range(len(amplitudes)):
        real, imaginary = np.float64(amplitudes[y].real), np.float64(amplitudes[y].imag)
        p = real * real + imaginary * imaginary
        if halves[y, 1] != upper:
            sums[upper] += kept
            total += kept
            upper, kept = halves[y, 1], 0.0
        sums[halves[y, 0]] += p
        kept += p
        squares += p * p
    sums[upper] += kept
    return total + kept, squares


@jit(error_model="numpy", nogil=True)
def _rows(state, halves, table, totals, occupations, squares, counter):  # type: ignore[no-untyped-def]
    # Blocks of rows are handed out one by one; several threads may run this with the same counter.
    entries, sites = table.shape
    sums = np.zeros(entries)
    block = take_next(counter)
    while block * _ROWS < len(state):
        for row in range(block * _ROWS, min((block + 1) * _ROWS, len(state))):
            sums[:] = 0.0
            totals[row], squares[row] = _row(state[row], halves, sums)
            for entry in range(entries):
                for site in range(sites):
                    occupations[row, site] += sums[entry] * table[entry, site]
        block = take_next(counter)


@jit(error_model="numpy", parallel=True)
def _rows_in_threads(workers, state, halves, table, totals, occupations, squares, counter):  # type: ignore[no-untyped-def]
    for _ in prange(workers):
        _rows(state, halves, table, totals, occupations, squares, counter)


def row_occupations(
    state: ComplexMatrix, sites: int, particles: int, *, threads: int | None = None
) -> tuple[RealVector, RealMatrix, RealVector]:
    """Return Σ_y p, Σ_y p n_i(y) and Σ_y p² of each row, with p = |γ|².

    Parameters
    ----------
    state : (rows, d)
        complex128 or complex64, C-contiguous; the last axis belongs to N particles on L sites.
    sites, particles : int
        L and N.
    threads : int, optional
        As for a step; every number gives the same bits.

    Returns
    -------
    totals : (rows,)
    occupations : (rows, L)
    squares : (rows,)
    """
    halves, parents = half_tables(sites, particles)
    masks, lower = configuration_masks(sites, particles), sites // 2
    occupied = (masks[:, None] >> np.arange(sites) & 1).astype(np.float64)
    table = np.zeros((len(parents), sites))
    table[halves[:, 0], :lower] = occupied[:, :lower]
    table[halves[:, 1], lower:] = occupied[:, lower:]
    totals, occupations, squares = np.zeros(len(state)), np.zeros((len(state), sites)), np.zeros(len(state))
    counter = np.zeros(1, dtype=np.int64)
    workers = workers_for(threads, -(-len(state) // _ROWS), 8.0 * state.size)
    if workers == 1:
        _rows(state, halves, table, totals, occupations, squares, counter)
    else:
        _rows_in_threads(workers, state, halves, table, totals, occupations, squares, counter)
    return totals, occupations, squares
