"""Slow twin of ``processes.scattering``: the joint unitary of particle and all spins, and the spins traced out."""

from __future__ import annotations

import numpy as np


def joint_unitary(s, transitions):
    """Σ s_βα |β⟩⟨α| ⊗ F_βα, the tensor product over the parts of transitions (N, n, n, d, d) written out."""
    n = len(s)
    blocks = [[None] * n for _ in range(n)]
    for out in range(n):
        for into in range(n):
            move = np.eye(1)
            for part in transitions:
                move = np.kron(move, part[out, into])
            blocks[out][into] = s[out, into] * move
    return np.block(blocks)


def reservoir_state(states):
    """Tensor product of the states (N, d, d)."""
    product = np.eye(1)
    for state in states:
        product = np.kron(product, state)
    return product


def scattered(s, transitions, states, particle):
    """The particle's state after the joint unitary acted on it and on a reservoir that starts in the product state."""
    unitary, reservoir = joint_unitary(s, transitions), reservoir_state(states)
    joint = unitary @ np.kron(particle, reservoir) @ unitary.conj().T
    n, d = len(s), len(reservoir)
    return np.einsum("imjm->ij", joint.reshape(n, d, n, d))


def averages(transitions, states):
    """⟨F†_{β'α'} F_βα⟩ and ⟨[F†_{j'i}, F_ji]⟩ from the operators on the whole reservoir."""
    n = transitions.shape[1]
    reservoir, whole = reservoir_state(states), {}
    for out in range(n):
        for into in range(n):
            move = np.eye(1)
            for part in transitions:
                move = np.kron(move, part[out, into])
            whole[out, into] = move
    correlations = np.empty((n,) * 4, dtype=complex)
    commutators = np.empty((n,) * 3, dtype=complex)
    for (out, into), first in whole.items():
        for (other, origin), second in whole.items():
            adjoint = second.conj().T
            correlations[out, into, other, origin] = np.trace(reservoir @ adjoint @ first)
            if into == origin:
                commutators[out, other, into] = np.trace(reservoir @ (adjoint @ first - first @ adjoint))
    return correlations, commutators
