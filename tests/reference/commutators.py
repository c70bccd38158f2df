"""Slow twin of ``processes.dilations``: every residual and every image of the identity, index by index with einsum."""

from __future__ import annotations

import numpy as np


def blocks_of(unitary, d, r, basis=None):
    """⟨ψ_j|U|ψ_i⟩ (d, d, r, r) by contraction with the basis states."""
    basis = np.eye(d) if basis is None else basis
    tensor = np.asarray(unitary).reshape(d, r, d, r)
    return np.einsum("aj,ambn,bi->jimn", basis.conj(), tensor, basis)


def commutators(blocks):
    """[B†_j'i, B_ji] as (i, j, j', r, r)."""
    first = np.einsum("kiba,jibc->ijkac", blocks.conj(), blocks)
    second = np.einsum("jiab,kicb->ijkac", blocks, blocks.conj())
    return first - second


def residuals(blocks, reservoir_state):
    """Each condition's residual, by name."""
    columnwise = commutators(blocks)
    means = np.einsum("ijkab,ba->ijk", columnwise, reservoir_state)
    summed = columnwise.sum(axis=0)
    flat = blocks.reshape(-1, *blocks.shape[-2:])
    everything = [*flat, *flat.conj().transpose(0, 2, 1)]
    return {
        "controlled": max(np.linalg.norm(a @ b - b @ a) for a in everything for b in everything),
        "microscopic": max(np.linalg.norm(one) for one in columnwise.reshape(-1, *blocks.shape[-2:])),
        "collective": max(np.linalg.norm(one) for one in summed.reshape(-1, *blocks.shape[-2:])),
        "macroscopic": np.abs(means).max(),
        "weighted": np.abs(np.linalg.eigvals(means.sum(axis=0))).max(),
    }


def image_of(operator, unitary, reservoir_state, d, r):
    """tr_R U(X ⊗ ρ_R)U† (d, d) with the joint matrix written out."""
    joint = unitary @ np.kron(operator, reservoir_state) @ unitary.conj().T
    return np.einsum("ambm->ab", joint.reshape(d, r, d, r))


def partial_transpose(unitary, d, r):
    """U with the system's indices exchanged."""
    return np.asarray(unitary).reshape(d, r, d, r).transpose(2, 1, 0, 3).reshape(d * r, d * r)
