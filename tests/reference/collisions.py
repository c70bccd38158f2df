"""Collision chains written out: every unitary and every channel on the full joint space, by Kronecker products."""

from __future__ import annotations

import numpy as np


def on_ancilla(operator, position, dims):
    """Return an operator of one part (0 is the system) on the whole space."""
    factors = [operator if k == position else np.eye(d) for k, d in enumerate(dims)]
    whole = np.eye(1)
    for factor in factors:
        whole = np.kron(whole, factor)
    return whole


def pair_unitary(unitary, position, dims):
    """Return a unitary on system ⊗ ancilla `position` on the whole space."""
    system, ancilla = dims[0], dims[position]
    whole = 0
    for i in range(ancilla):
        for j in range(ancilla):
            block = unitary.reshape(system, ancilla, system, ancilla)[:, i, :, j]
            unit = np.zeros((ancilla, ancilla))
            unit[i, j] = 1
            whole = whole + on_ancilla(block, 0, dims) @ on_ancilla(unit, position, dims)
    return whole


def chain(initial, unitaries, fresh, visits, kraus, steps):
    """Return the joint states after each step, memory loss included, and those right after each collision.

    `kraus` holds the Kraus operators of the memory channel of each ancilla.
    """
    dims = [len(initial), *[len(state) for state in fresh]]
    joint = np.asarray(initial, dtype=complex)
    for state in fresh:
        joint = np.kron(joint, state)
    after_steps, after_collisions = [joint], []
    for step in range(steps):
        unitary = pair_unitary(unitaries[step % len(unitaries)], 1 + visits[step % len(visits)], dims)
        joint = unitary @ joint @ unitary.conj().T
        after_collisions.append(joint)
        for number, operators in enumerate(kraus):
            lifted = [on_ancilla(k, 1 + number, dims) for k in operators]
            joint = sum(k @ joint @ k.conj().T for k in lifted)
        after_steps.append(joint)
    return after_steps, after_collisions


def reset_kraus(reset, fresh):
    """Return the Kraus operators of replacement by `fresh` with a probability."""
    values, vectors = np.linalg.eigh(fresh)
    d = len(fresh)
    operators = [np.sqrt(1 - reset) * np.eye(d)]
    for value, vector in zip(values, vectors.T, strict=True):
        for k in range(d):
            unit = np.zeros(d)
            unit[k] = 1
            operators.append(np.sqrt(reset * max(value, 0.0)) * np.outer(vector, unit))
    return operators
