"""The maps of a history from its runs: one run for each operator of a Hermitian basis."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loschmidt.typing import ComplexMatrix

__all__ = ["superoperators_from_runs"]


def superoperators_from_runs(
    run: Callable[[ComplexMatrix], ComplexMatrix], dimension: int, report: Callable[[float], None] | None
) -> ComplexMatrix:
    """Return superoperators (T, d², d²) on column-stacked matrices, of a linear `run` from (d, d) to (T, d, d).

    `run` is asked for Hermitian operators only: |i><i|, |i><j| + |j><i| and i|i><j| - i|j><i|.

    Examples
    --------
    >>> superoperators_from_runs(lambda operator: operator[None], 2, None)[0].real.diagonal()
    array([1., 1., 1., 1.])
    """
    d = dimension
    columns: list[ComplexMatrix | None] = [None] * (d * d)
    for i in range(d):
        for j in range(i + 1):
            unit = np.zeros((d, d), dtype=np.complex128)
            unit[i, j] = 1
            if i == j:
                columns[i + d * j] = run(unit)
            else:
                even, odd = run(unit + unit.T), run(1j * unit - 1j * unit.T)
                columns[i + d * j] = (even - 1j * odd) / 2
                columns[j + d * i] = (even + 1j * odd) / 2
        if report is not None:
            report((i + 1) * (i + 2) / (d * (d + 1)))
    stack = np.array(columns)  # (column, T, d, d)
    return np.ascontiguousarray(stack.transpose(1, 3, 2, 0)).reshape(-1, d * d, d * d)
