"""A walk among two-level systems as one joint density matrix, coherence between pointer states included."""

from __future__ import annotations

import numpy as np


def entropy(matrix):
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 0]
    return float(-(values * np.log(values)).sum())


def trace_out_systems(joint, d):
    k = len(joint) // d
    return np.einsum("imjm->ij", joint.reshape(d, k, d, k))


def trace_out_walker(joint, d):
    k = len(joint) // d
    return np.einsum("imin->mn", joint.reshape(d, k, d, k))


def step_unitary(coins_up, coins_down):
    """Coin at every site, controlled by its two-level system (↑ is 0, site 0 first), then the shift."""
    m = len(coins_up)
    d = 2 * m
    coin = np.zeros((d * 2**m, d * 2**m), dtype=complex)
    for number in range(2**m):
        bits = [int(b) for b in format(number, f"0{m}b")]
        walker = np.zeros((d, d), dtype=complex)
        for x, bit in enumerate(bits):
            walker[2 * x : 2 * x + 2, 2 * x : 2 * x + 2] = (coins_down if bit else coins_up)[x]
        pointer = np.zeros((2**m, 2**m))
        pointer[number, number] = 1
        coin += np.kron(walker, pointer)
    shift = np.zeros((d, d))
    for x in range(m):
        shift[2 * ((x + 1) % m), 2 * x] = 1
        shift[2 * ((x - 1) % m) + 1, 2 * x + 1] = 1
    return np.kron(shift, np.eye(2**m)) @ coin


def reset_one(joint, d, m, x, r, fresh):
    """Replace the system of site x by `fresh` (2, 2) with probability r."""
    before, after = d * 2**x, 2 ** (m - 1 - x)
    blocks = joint.reshape(before, 2, after, before, 2, after)
    traced = np.einsum("asbcsd->abcd", blocks)
    replaced = np.einsum("abcd,st->asbctd", traced, fresh)
    return (1 - r) * joint + r * replaced.reshape(joint.shape)


def dephase_one(joint, d, m, x):
    before, after = d * 2**x, 2 ** (m - 1 - x)
    blocks = joint.reshape(before, 2, after, before, 2, after).copy()
    blocks[:, 0, :, :, 1, :] = 0
    blocks[:, 1, :, :, 0, :] = 0
    return blocks.reshape(joint.shape)


def walk(initial, fresh, coins_up, coins_down, r, steps, dephase=False):
    """Return the walker's states (T + 1, 2M, 2M) and the joint states, memory loss included.

    `fresh` holds the M density matrices (2, 2) of fresh systems, coherent ones included.
    """
    m = len(coins_up)
    d = 2 * m
    joint = np.asarray(initial, dtype=complex)
    for state in fresh:
        joint = np.kron(joint, state)
    unitary = step_unitary(coins_up, coins_down)
    joints = [joint]
    for _ in range(steps):
        joint = unitary @ joint @ unitary.conj().T
        for x in range(m):
            joint = reset_one(joint, d, m, x, r, fresh[x])
            if dephase:
                joint = dephase_one(joint, d, m, x)
        joints.append(joint)
    return np.array([trace_out_systems(joint, d) for joint in joints]), joints
