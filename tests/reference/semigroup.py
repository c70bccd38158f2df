"""Slow twin of ``_kernels.uniformisation``: the rate equation in decimal arithmetic of any length."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np

DIGITS = 120


def populations(rates, start, time):
    """Probabilities (n,) after a time as floats, right to the last digit however small."""
    with localcontext() as context:
        context.prec = DIGITS
        generator = _generator(rates)
        propagator = _exponential(generator, Decimal(float(time)))
        first = [Decimal(float(x)) for x in start]
        return np.array([float(sum(x * y for x, y in zip(row, first, strict=True))) for row in propagator])


def _generator(rates):
    # Decimals of W - diag(out), so that columns sum to zero exactly.
    result = np.array([[Decimal(float(x)) for x in row] for row in rates], dtype=object)
    for m in range(len(rates)):
        result[m, m] = -sum(result[n, m] for n in range(len(rates)) if n != m)
    return result


def _exponential(generator, time):
    n = len(generator)
    a = [[generator[i, j] * time for j in range(n)] for i in range(n)]
    size = max(sum(abs(a[i][j]) for i in range(n)) for j in range(n))
    halvings = 0
    while size > Decimal("0.01"):
        size /= 2
        halvings += 1
    a = [[x / 2**halvings for x in row] for row in a]
    total = term = [[Decimal(int(i == j)) for j in range(n)] for i in range(n)]
    for k in range(1, 60):
        term = [[x / k for x in row] for row in _product(term, a)]
        total = [[x + y for x, y in zip(left, right, strict=True)] for left, right in zip(total, term, strict=True)]
    for _ in range(halvings):
        total = _product(total, total)
    return total


def _product(left, right):
    columns = list(zip(*right, strict=True))
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in left]
