"""Joint unitaries of every label, and those that keep the energy of a system."""

from __future__ import annotations

import numpy as np

from loschmidt.states import random_unitary

CNOT = np.eye(4)[[0, 1, 3, 2]]
SWAP = np.eye(4)[[0, 2, 1, 3]]
BELL = np.array([1, 0, 0, 1]) / np.sqrt(2)


def swap(d):
    """Exchange of two systems of equal dimension."""
    return np.eye(d * d).reshape(d, d, d, d).transpose(1, 0, 2, 3).reshape(d * d, d * d)


def joint(blocks):
    """The unitary (d r, d r) of block operators (d, d, r, r)."""
    d, r = blocks.shape[0], blocks.shape[-1]
    return blocks.transpose(0, 2, 1, 3).reshape(d * r, d * r)


def controlled_by_system(rng, d, r):
    """Σ |i⟩⟨i| ⊗ R_i."""
    return joint(np.einsum("ji,iab->jiab", np.eye(d), random_unitary(r, rng, (d,))))


def controlled_by_reservoir(rng, d, r):
    """Σ s_m ⊗ |m⟩⟨m| in a random basis of the reservoir."""
    basis = random_unitary(r, rng)
    return joint(np.einsum("mji,am,bm->jiab", random_unitary(d, rng, (r,)), basis, basis.conj()))


def microscopic(rng, d, r):
    """(s ⊗ 1) Σ |i⟩⟨i| ⊗ R_i: first the system tells the reservoir where it is, then it is scattered."""
    return np.kron(random_unitary(d, rng), np.eye(r)) @ controlled_by_system(rng, d, r)


def collective(rng, d, r):
    """Σ |j⟩⟨j| ⊗ R_j (s ⊗ 1): first scattered, then telling the reservoir where it went."""
    return controlled_by_system(rng, d, r) @ np.kron(random_unitary(d, rng), np.eye(r))


def isolated(rng, degeneracies, r, basis):
    """Haar random inside each level, whose states are consecutive columns of `basis`."""
    d = sum(degeneracies)
    unitary = np.zeros((d * r, d * r), dtype=complex)
    start = 0
    for degeneracy in degeneracies:
        part = slice(start * r, (start + degeneracy) * r)
        unitary[part, part] = random_unitary(degeneracy * r, rng)
        start += degeneracy
    turn = np.kron(basis, np.eye(r))
    return turn @ unitary @ turn.conj().T


def hamiltonian_of(energies, basis):
    """Σ E_i |ψ_i⟩⟨ψ_i|, exactly Hermitian."""
    matrix = (basis * np.asarray(energies)) @ basis.conj().T
    return (matrix + matrix.conj().T) / 2
