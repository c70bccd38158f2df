"""Slow twins of ``_kernels.rate_equation``: exact fractions, sums over elements, and paths by matrix powers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np


def stationary_populations(rates):
    """Populations of an irreducible rate matrix (m → n), by Gauss elimination in exact fractions."""
    d = len(rates)
    exact = [[Fraction(float(rates[n, m])) for m in range(d)] for n in range(d)]
    system = [
        [exact[n][m] if n != m else -sum(exact[k][m] for k in range(d) if k != m) for m in range(d)] for n in range(d)
    ]
    system[0] = [Fraction(1)] * d
    target = [Fraction(1)] + [Fraction(0)] * (d - 1)
    for column in range(d):
        pivot = next(row for row in range(column, d) if system[row][column] != 0)
        system[column], system[pivot] = system[pivot], system[column]
        target[column], target[pivot] = target[pivot], target[column]
        for row in range(d):
            if row != column and system[row][column] != 0:
                factor = system[row][column] / system[column][column]
                system[row] = [a - factor * b for a, b in zip(system[row], system[column], strict=True)]
                target[row] -= factor * target[column]
    return np.array([float(target[n] / system[n][n]) for n in range(d)])


def irreducible(rates):
    """Whether every level reaches every other one."""
    reach = np.linalg.matrix_power((rates > 0).astype(float) + np.eye(len(rates)), len(rates))
    return bool((reach > 0).all())


def davies_rates(couplings, class_rates, labels):
    """W[n, m] = Σ γ_ij(ω) A_i[n, m]* A_j[n, m] off the diagonal."""
    d = labels.shape[0]
    rates = np.zeros((d, d))
    for n in range(d):
        for m in range(d):
            if n != m:
                element = couplings[:, n, m]
                rates[n, m] = (element.conj() @ class_rates[labels[n, m]] @ element).real
    return rates


def energy_current(rates, energies, populations):
    """d/dt of the mean energy, from the rate equation."""
    change = rates @ populations - rates.sum(axis=0) * populations
    return float(energies @ change)
