"""Populations of energy levels: rates of a Davies bath, elimination without subtraction, and the currents.

Slow twins: ``tests/reference/rate_equation.py``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["davies_rates", "eliminate", "energy_current", "flows", "irreducible", "population_change", "settle"]

_LARGE = 1e150


@jit(error_model="numpy")
def davies_rates(couplings, class_rates, labels):  # type: ignore[no-untyped-def]
    """Return the rates W[n, m] of the jump m → n, (d, d) with zero diagonal, of one Davies bath.

    `couplings` (k, d, d) are in the energy eigenbasis, element (n, m) belongs to Bohr class ``labels[n, m]``, and
    `class_rates` (n_classes, k, k) are the rates. Elements that are round-off of the change of basis give no rate.
    """
    count, d, _ = couplings.shape
    largest = 0.0
    for i in range(count):
        for n in range(d):
            for m in range(d):
                largest = max(largest, abs(couplings[i, n, m]))
    smallest = 4 * d * np.finfo(np.float64).eps * largest
    rates = np.zeros((d, d))
    for n in range(d):
        for m in range(d):
            if n == m:
                continue
            coupled = False
            for i in range(count):
                coupled = coupled or abs(couplings[i, n, m]) > smallest
            if not coupled:
                continue
            label = labels[n, m]
            for i in range(count):
                for j in range(count):
                    product = couplings[i, n, m].conjugate() * couplings[j, n, m]
                    rates[n, m] += class_rates[label, i, j] * product.real
    return rates


@jit(error_model="numpy")
def irreducible(rates):  # type: ignore[no-untyped-def]
    """Return whether every state of rates[n, m] (m → n) reaches every other one."""
    d = rates.shape[0]
    seen = np.zeros(d, dtype=np.bool_)
    stack = np.empty(d, dtype=np.int64)
    for direction in range(2):
        seen[:] = False
        seen[0] = True
        stack[0] = 0
        size = 1
        found = 1
        while size > 0:
            size -= 1
            at = stack[size]
            for other in range(d):
                rate = rates[other, at] if direction == 0 else rates[at, other]
                if rate > 0.0 and not seen[other]:
                    seen[other] = True
                    stack[size] = other
                    size += 1
                    found += 1
        if found < d:
            return False
    return True


@jit(error_model="numpy")
def eliminate(rates):  # type: ignore[no-untyped-def]
    """Return the stationary populations of irreducible rates[n, m] (m → n) by GTH elimination, O(d³).

    Only sums, products and quotients of non-negative numbers occur, so every population is right to a few units of
    round-off relative to itself.
    """
    d = rates.shape[0]
    flow = rates.T.copy()
    for last in range(d - 1, 0, -1):
        out = 0.0
        for j in range(last):
            out += flow[last, j]
        for i in range(last):
            flow[i, last] /= out
            weight = flow[i, last]
            if weight > 0.0:
                for j in range(last):
                    flow[i, j] += weight * flow[last, j]
    populations = np.zeros(d)
    populations[0] = 1.0
    for n in range(1, d):
        total = 0.0
        for i in range(n):
            total += populations[i] * flow[i, n]
        populations[n] = total
        if total > _LARGE:
            populations[: n + 1] /= total
    return populations / populations.sum()


@jit(error_model="numpy")
def energy_current(rates, energies, populations):  # type: ignore[no-untyped-def]
    """Return Σ (E_n - E_m) W[n, m] p_m, opposite flows subtracted first so that a small current is not lost."""
    total = 0.0
    for n in range(len(energies)):
        for m in range(n):
            total += (energies[n] - energies[m]) * (rates[n, m] * populations[m] - rates[m, n] * populations[n])
    return total


@jit(error_model="numpy")
def population_change(rates, populations):  # type: ignore[no-untyped-def]
    """Return the norm of dp/dt, and the largest rate at which a level is left."""
    d = len(populations)
    square = 0.0
    fastest = 0.0
    for n in range(d):
        out = 0.0
        change = 0.0
        for m in range(d):
            out += rates[m, n]
            change += rates[n, m] * populations[m]
        change -= out * populations[n]
        square += change * change
        fastest = max(fastest, out)
    return np.sqrt(square), fastest


@jit(error_model="numpy")
def flows(rates, total, energies, populations):  # type: ignore[no-untyped-def]
    """Return the energy current (B,) of each bath, then the norm of dp/dt and the largest rate, of all baths together.

    `rates` (B, d, d) are those of each bath and `total` (d, d) is their sum.
    """
    currents = np.empty(len(rates))
    for b in range(len(rates)):
        currents[b] = energy_current(rates[b], energies, populations)
    change, fastest = population_change(total, populations)
    return currents, change, fastest


@jit(error_model="numpy")
def settle(rates, energies):  # type: ignore[no-untyped-def]
    """Return the sum (d, d) of the baths' `rates` (B, d, d), whether it is irreducible, and what it settles into.

    That is the stationary populations (d,), zero if it is not irreducible, and their :func:`flows`.
    """
    d = len(energies)
    total = np.zeros((d, d))
    for b in range(len(rates)):
        for n in range(d):
            for m in range(d):
                total[n, m] += rates[b, n, m]
    single = irreducible(total)
    populations = eliminate(total) if single else np.zeros(d)
    return total, single, populations, flows(rates, total, energies, populations)
