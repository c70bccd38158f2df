"""Free energy and relative entropy to the Gibbs state of each bath, in the form that stays exact when cold."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.clausius import ClausiusAccounts, energy_error
from loschmidt.ledger.frames import Frames
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["add_free_energies"]


def add_free_energies(builder: LedgerBuilder, evolution: Evolution, seen: Frames, accounts: ClausiusAccounts) -> None:
    """Add F = U - S/β where every β is positive, and S(ρ‖ρ_β) = β tr(E ρ) + ln Z - S."""
    process = evolution.process
    known = process.betas if isinstance(process, DrivenGenerator) else tuple(x.beta for x in process.dissipators)
    betas = np.array([np.nan if beta is None else beta for beta in known])
    if not len(betas) or np.isnan(betas).any():
        builder.leave_out("a bath has no temperature", "free_energy", "gibbs_relative_entropy")
        return
    spread = energy_error(seen, evolution.error)
    if (betas > 0).all():
        mean = np.einsum("nab,nba->n", seen.energy, seen.states, optimize=True).real
        free = mean[:, None] - accounts.entropy[:, None] / betas
        builder.add("free_energy", free, spread[:, None] + accounts.entropy_error[:, None] / betas)
    else:
        builder.leave_out("a bath has no positive temperature", "free_energy")
    columns, errors = [], []
    for b, beta in enumerate(betas):
        columns.append(
            _relative_entropy(
                seen.states, _grand_energy(process, seen, b), float(beta), accounts.entropy, evolution.error
            )
        )
        errors.append(accounts.entropy_error + (0.0 if np.isinf(beta) else abs(beta)) * spread)
    builder.add("gibbs_relative_entropy", np.stack(columns, axis=-1), np.stack(errors, axis=-1))


def _grand_energy(process: Generator | DrivenGenerator, seen: Frames, bath: int) -> ComplexMatrix:
    """Return E - μ N (n, d, d) in the energy eigenbasis of each time."""
    if isinstance(process, DrivenGenerator) or process.number is None:
        return seen.energy
    potential = process.dissipators[bath].chemical_potential
    moved = 0.0 if potential is None else potential * process.levels.to_eigenbasis(process.number)
    return np.broadcast_to(seen.energy[0] - moved, seen.energy.shape)


def _relative_entropy(
    states: ComplexMatrix, energy: ComplexMatrix, beta: float, entropy: RealVector, error: RealVector
) -> RealVector:
    standing = energy.strides[0] == 0
    # A static Hamiltonian is one matrix seen at every time: one eigensystem serves them all.
    values, vectors = np.linalg.eigh(energy[:1] if standing else energy)
    rotated = vectors.conj().swapaxes(-1, -2) @ states @ vectors
    weights = np.diagonal(rotated, axis1=-2, axis2=-1).real
    above = values - values[:, :1] if beta >= 0 else values - values[:, -1:]
    if np.isinf(beta):
        ground = above <= 1e-9 * (values[:, -1:] - values[:, :1])
        outside = np.where(ground, 0.0, weights).sum(axis=-1)
        inside = np.log(ground.sum(axis=-1)) - entropy
        return np.where(outside > error + 1e-14, np.inf, inside)
    partition = np.log(np.exp(-beta * above).sum(axis=-1))
    return np.asarray(beta * (above * weights).sum(axis=-1) + partition - entropy)
