"""Slow twins of ``_kernels.jump_chain`` and its layout: complex matrices, and superoperators built column by column."""

from __future__ import annotations

import numpy as np


def packed(state):
    """Re ρ + Im ρ of a Hermitian matrix, row-stacked."""
    return (state.real + state.imag).reshape(-1)


def unpacked(vector):
    """The Hermitian matrix of a packed one."""
    d = round(len(vector) ** 0.5)
    both = vector.reshape(d, d)
    return (both + both.T) / 2 + 1j * (both - both.T) / 2


def generator_in_basis(no_jump, jumps, rates, vectors):
    """V†L(VYV†)V as a matrix on packed vectors."""
    columns = []
    for unit in np.eye(vectors.size):
        state = vectors @ unpacked(unit) @ vectors.conj().T
        image = no_jump @ state + state @ no_jump.conj().T
        for rate, jump in zip(rates, jumps, strict=True):
            image = image + rate * jump @ state @ jump.conj().T
        columns.append(packed(vectors.conj().T @ image @ vectors))
    return np.array(columns).T


def jump_rates(jumps, rates, vectors):
    """Σ γ |V†LV|²."""
    inside = [vectors.conj().T @ jump @ vectors for jump in jumps]
    return sum(rate * np.abs(one) ** 2 for rate, one in zip(rates, inside, strict=True))


def closed_under_adjoint(jumps):
    """Whether each adjoint is parallel to some jump."""

    def parallel(a, b):
        rest = b - a * (np.vdot(a, b) / np.vdot(a, a))
        return np.linalg.norm(rest) <= 1e-12 * np.linalg.norm(b)

    return all(any(parallel(one.conj().T, other) for other in jumps) for one in jumps)
