"""Channels for the tests of entropy gains, and the gain of a state by code of their own."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from loschmidt.processes.channels import Channel
from loschmidt.states import random_unitary

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def damping(gamma):
    return np.array([[[1, 0], [0, (1 - gamma) ** 0.5]], [[0, gamma**0.5], [0, 0]]])


def binary(p):
    return -p * np.log(p) - (1 - p) * np.log1p(-p)


def damping_minimum(gamma):
    """The minimum over diagonal states, by golden sections: min_p h((1 − γ)p) − h(p)."""
    found = minimize_scalar(
        lambda p: binary((1 - gamma) * p) - binary(p),
        bounds=(1e-9, 1 - 1e-9),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return found.fun


def random_kraus(rng, n, m, count):
    return random_unitary(count * m, rng)[:, :n].reshape(count, m, n)


def direct_sum(*summands, coherent=False):
    """Kraus operators on orthogonal subspaces: one summand each, or the k-th of all summands together."""
    n, m = (sum(kraus.shape[axis] for kraus in summands) for axis in (2, 1))
    count = max(map(len, summands)) if coherent else sum(map(len, summands))
    total = np.zeros((count, m, n), dtype=complex)
    first = row = column = 0
    for kraus in summands:
        total[first : first + len(kraus), row : row + kraus.shape[1], column : column + kraus.shape[2]] = kraus
        first += 0 if coherent else len(kraus)
        row, column = row + kraus.shape[1], column + kraus.shape[2]
    return total


def rotated(kraus, rng):
    """The same channel between unitaries, so that no structure shows in the basis."""
    return random_unitary(kraus.shape[1], rng) @ kraus @ random_unitary(kraus.shape[2], rng)


def three_leads(scattering, spin):
    """A particle that leaves in lead β what it entered in lead α, with a spin turned by U_β U_α†, U = 1, iσ_x, iσ_y."""
    turns = np.array([np.eye(2), 1j * PAULI[0], 1j * PAULI[1]])
    joint = np.einsum("ba,bmr,anr->bman", scattering, turns, turns.conj()).reshape(6, 6)
    return Channel.from_unitary(joint, spin, (3, 2))


def partial_swap(angle, populations):
    d = len(populations)
    swap = np.einsum("il,jk->ijkl", np.eye(d), np.eye(d)).reshape(d * d, d * d)
    unitary = np.cos(angle) * np.eye(d * d) - 1j * np.sin(angle) * swap
    return Channel.from_unitary(unitary, np.diag(populations), (d, d))


def plain_entropy(matrix):
    values = np.linalg.eigvalsh(matrix)
    return -sum(x * np.log(x) for x in values if x > 0)


def plain_gain(kraus, state):
    return plain_entropy(sum(one @ state @ one.conj().T for one in kraus)) - plain_entropy(state)


def brute_force(kraus, rng, starts=3):
    """Minimise over ρ = AA†/tr AA†, every element of A being free."""
    n = kraus.shape[-1]

    def objective(x):
        factor = (x[: n * n] + 1j * x[n * n :]).reshape(n, n)
        state = factor @ factor.conj().T
        return plain_gain(kraus, state / np.trace(state).real)

    options = {"gtol": 1e-9}
    return min(minimize(objective, rng.normal(size=2 * n * n), options=options).fun for _ in range(starts))
