"""Cells of time short enough for a polynomial, and the tables that the compiled kernel reads in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.jump_trajectories import NODES, PLACES, CellModel
from loschmidt.errors import ResourceError
from loschmidt.evolution.jumps.nodes import propagators, resampled
from loschmidt.typing import ComplexMatrix, IntegerArray, RealTensor, RealVector

__all__ = [
    "Grid",
    "Rows",
    "cell_model",
    "check_size",
    "grid_between",
    "packed",
    "same_cells",
    "tables_error",
]

#: Largest change of phase or norm in a cell.
CELL_REACH = 0.6
_MOST_CELLS = 5_000_000
_LARGEST_TABLES = 2e9  # bytes


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells between output times.

    Attributes
    ----------
    starts, widths : (M,)
        Where cells are.
    tables : (M,)
        Which propagators each cell uses.
    first : (T,)
        First cell after each output time; the last entry is M.
    """

    starts: RealVector
    widths: RealVector
    tables: IntegerArray
    first: IntegerArray


@dataclass(frozen=True, eq=False)
class Rows:
    """What is integrated along a trajectory: means of Hermitian operators, one row of totals each.

    Attributes
    ----------
    forms : (tables or 1, n or 1, F, d, d)
        Operators at the nodes; the first is the energy observable if any row needs it.
    rows : (R, 2)
        Total r grows at the rate <form rows[r, 0]> + <form rows[r, 1]> <energy>; -1 stands for nothing.
    """

    forms: ComplexMatrix
    rows: IntegerArray

    @classmethod
    def none(cls, dimension: int) -> Rows:
        """Return no rows."""
        forms = np.zeros((1, 1, 0, dimension, dimension), dtype=np.complex128)
        return cls(forms, np.zeros((0, 2), dtype=np.int64))


def same_cells(times: RealVector, rate: float) -> tuple[Grid, RealVector]:
    """Return cells for a generator that stands still, and the widths (tables,) of those that differ.

    `rate` bounds its norm. Cells between the same two output times are alike, and equal intervals share them.
    """
    spans = np.diff(times)
    counts = np.ceil(spans * rate / CELL_REACH).astype(np.int64)
    counts = np.where(counts > 0, counts, 1)
    _check_count(float(counts.sum()))
    widths = spans / counts
    # Intervals that only round-off tells apart are one.
    keys = np.round(widths / (1e-13 * np.abs(times).max() + 1e-13 * widths.max()))
    _, chosen, tables = np.unique(keys, return_index=True, return_inverse=True)
    first = np.concatenate([[0], np.cumsum(counts)])
    inner = np.arange(first[-1]) - np.repeat(first[:-1], counts)
    starts = np.repeat(times[:-1], counts) + inner * np.repeat(widths, counts)
    grid = Grid(starts, np.repeat(widths, counts), np.repeat(tables.reshape(-1), counts), first)
    return grid, widths[chosen]


def grid_between(edges: RealVector, rates: RealVector, times: RealVector) -> Grid:
    """Return cells for a generator that changes: pieces between `edges`, split where their norms (P,) ask for it."""
    spans = np.diff(edges)
    counts = np.ceil(spans * rates / CELL_REACH).astype(np.int64)
    counts = np.where(counts > 0, counts, 1)
    _check_count(float(counts.sum()))
    last = np.cumsum(counts)
    inner = np.arange(last[-1]) - np.repeat(last - counts, counts)
    widths = np.repeat(spans / counts, counts)
    starts = np.repeat(edges[:-1], counts) + inner * widths
    first = np.concatenate([[0], last])[np.searchsorted(edges, times)]
    return Grid(starts, widths, np.arange(len(starts)), first)


def cell_model(grid: Grid, generators: ComplexMatrix, widths: RealVector, rows: Rows, *, leap: bool) -> CellModel:
    """Return the tables of the kernel for A (tables, n, d, d) with dψ/dt = A ψ in cells of the given widths (tables,).

    With `leap`, propagators over powers of two cells are added, for a generator that stands still.
    """
    d = generators.shape[-1]
    check_size(len(widths) * NODES * (2 + rows.forms.shape[2]), d)
    forward = propagators(generators, widths)
    leaps = _leaps(forward[:, -1], _longest(grid) if leap else 1)
    return CellModel(
        first=grid.first,
        tables=grid.tables,
        cells=np.stack([grid.starts, grid.widths], axis=-1),
        propagators=packed(np.concatenate([forward, np.linalg.inv(forward), leaps], axis=1)),
        forms=packed(np.broadcast_to(rows.forms, (len(widths), NODES, *rows.forms.shape[2:]))),
        rows=rows.rows,
    )


def tables_error(generators: ComplexMatrix, widths: RealVector, cells: int) -> float:
    """Return how far tabulated propagators miss those over half cells, added up over `cells` of them.

    Some of the cells (tables, n, d, d) are looked at: those with the largest generators among them.
    """
    sizes = np.abs(generators).max(axis=(1, 2, 3)) * widths
    chosen = np.argsort(sizes)[-8:]
    whole = propagators(generators[chosen], widths[chosen])
    halves = [
        propagators(resampled(generators[chosen], places), widths[chosen] / 2)
        for places in (0.5 * (PLACES - 1), 0.5 * (PLACES + 1))
    ]
    middle = resampled(whole, np.zeros(1))[:, 0]
    inside = np.abs(middle - halves[0][:, -1]).max()
    across = np.abs(whole[:, -1] - halves[1][:, -1] @ halves[0][:, -1]).max()
    return float(inside + cells * across)


def packed(matrices: ComplexMatrix) -> RealTensor:
    """Return matrices (..., d, d) as (..., 2, d, d): real and imaginary parts, columns before rows."""
    turned = matrices.swapaxes(-1, -2)
    return np.ascontiguousarray(np.stack([turned.real, turned.imag], axis=-3))


def check_size(count: int, dimension: int) -> None:
    """Raise if `count` matrices are too many to keep."""
    if (size := 16.0 * count * dimension**2) > _LARGEST_TABLES:
        raise ResourceError(
            f"The propagators between the output times would take {size / 1e9:.1f} GB. Shorten the run, or look at "
            f"fewer things along each trajectory (JumpObservation(exchange=False))."
        )


def _check_count(cells: float) -> None:
    if cells > _MOST_CELLS:
        raise ResourceError(
            f"The run must be divided into at most {_MOST_CELLS} cells, but it needs {cells:.2g}: it is that long "
            f"against the fastest motion. Shorten it, or go to a rotating frame."
        )


def _longest(grid: Grid) -> int:
    return int(np.diff(grid.first).max())


def _leaps(steps: ComplexMatrix, cells: int) -> ComplexMatrix:
    """Return the powers 2, 4, ... up to `cells` of propagators (tables, d, d) as (tables, L, d, d)."""
    powers = [steps]
    while 2 ** len(powers) <= cells:
        powers.append(powers[-1] @ powers[-1])
    return np.stack(powers, axis=1)[:, 1:]
