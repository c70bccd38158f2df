"""Slow twin of ``_kernels.small_ledgers``: the accounts of one state under Davies baths, from definitions."""

from __future__ import annotations

import numpy as np


def accounts_of(state, rates, decay, flows):
    """S(ρ), S(Δρ), C, dS(ρ)/dt, dS(Δρ)/dt, then heat, particles, Π_d and Υ of each bath, of a faithful state (d, d)."""
    values, vectors = np.linalg.eigh(state)
    logarithm = (vectors * np.log(values)) @ vectors.conj().T
    populations = np.diagonal(state).real
    entropy, diagonal_entropy = -(values @ np.log(values)), -(populations @ np.log(populations))
    edges, production, total, diagonal_total = [], [], 0.0, 0.0
    for jumps, loss in zip(rates, decay, strict=True):
        moved = jumps @ populations - jumps.sum(axis=0) * populations
        change = np.diag(moved) - np.where(np.eye(len(state)), 0.0, loss) * state
        full, diagonal = -np.trace(change @ logarithm).real, -(moved @ np.log(populations))
        production.append(full - diagonal)
        total, diagonal_total = total + full, diagonal_total + diagonal
        edges.append(
            sum(edge(jumps[n, m] * populations[m], jumps[m, n] * populations[n]) for n, m in pairs(len(state)))
        )
    exchanged = flows @ populations
    return np.array([
        entropy, diagonal_entropy, diagonal_entropy - entropy, total, diagonal_total,
        *exchanged[:, 0], *exchanged[:, 1], *edges, *production,
    ])  # fmt: skip


def pairs(d):
    """All pairs of levels, the higher first."""
    return [(n, m) for n in range(d) for m in range(n)]


def edge(x, y):
    """(x - y) ln(x / y), zero where neither flows and infinite where one has no reverse."""
    if x == y:
        return 0.0
    return np.inf if 0.0 in (x, y) else (x - y) * np.log(x / y)
