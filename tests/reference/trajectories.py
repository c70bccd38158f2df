"""Two-point-measurement trajectories one by one in plain loops: the slow twin of the enumeration."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Event:
    """One trajectory with both records: its probabilities and entropies."""

    forward: float
    backward: float
    total: float
    population: float
    coherence: float


def events(unitary, state, hamiltonian, log_q, environment_basis=None):
    """Return every trajectory of a start `state` with an environment of eigenvalues e^{log_q}.

    The levels are the eigenstates of the pinched state, which are those of the energy if none is degenerate.
    """
    d, e = len(state), len(log_q)
    basis = np.eye(e) if environment_basis is None else environment_basis
    environment = basis @ np.diag(np.exp(log_q)) @ basis.conj().T
    joint = unitary @ np.kron(state, environment) @ unitary.conj().T
    after = np.trace(joint.reshape(d, e, d, e), axis1=1, axis2=3)
    (p, kets), (p_end, kets_end) = np.linalg.eigh(state), np.linalg.eigh(after)
    (r, levels), (r_end, levels_end) = (np.linalg.eigh(pinched(x, hamiltonian)) for x in (state, after))
    cut = 8 * d * np.finfo(float).eps
    found = []
    for a, mu, b, nu in itertools.product(range(d), range(e), range(d), range(e)):
        if p[a] <= cut or p_end[b] <= cut or log_q[mu] == -np.inf:
            continue
        start, end = np.kron(kets[:, a], basis[:, mu]), np.kron(kets_end[:, b], basis[:, nu])
        transition = abs(np.vdot(end, unitary @ start)) ** 2
        for n, m in itertools.product(range(d), range(d)):
            records = abs(np.vdot(levels[:, n], kets[:, a])) ** 2 * abs(np.vdot(levels_end[:, m], kets_end[:, b])) ** 2
            if r[n] <= cut or r_end[m] <= cut or transition * records < 1e-26:
                continue
            flux = log_q[mu] - log_q[nu]
            found.append(
                Event(
                    transition * records * p[a] * np.exp(log_q[mu]),
                    transition * records * p_end[b] * np.exp(log_q[nu]),
                    np.log(p[a]) - np.log(p_end[b]) + flux,
                    np.log(r[n]) - np.log(r_end[m]) + flux,
                    np.log(p[a] * r_end[m] / (p_end[b] * r[n])),
                )
            )
    return found


def pinched(state, hamiltonian):
    energies, basis = np.linalg.eigh(hamiltonian)
    groups = np.split(basis, np.nonzero(np.diff(energies) > 1e-9)[0] + 1, axis=1)
    return sum(x @ x.conj().T @ state @ x @ x.conj().T for x in groups)


def means(found):
    """Return mean and variance of σ, σ_d, ξ and of their exponentials, as a (6, 2) array."""
    forward = np.array([one.forward for one in found])
    rows = [np.array([getattr(one, name) for one in found]) for name in ("total", "population", "coherence")]
    rows += [np.exp(-row) for row in rows]
    first = [forward @ row for row in rows]
    return np.array([[mean, forward @ row**2 - mean**2] for mean, row in zip(first, rows, strict=True)])
