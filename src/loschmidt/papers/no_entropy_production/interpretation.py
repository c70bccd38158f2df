"""What is said about the results: what is quantum in them, where entropy is stored, and what tends to equilibrium."""

from __future__ import annotations

import math

import numpy as np
from scipy.linalg import expm

from loschmidt.information import mutual_information, von_neumann_entropy
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.processes.multipartite import embedded
from loschmidt.states import gibbs_state, partial_trace, product_state
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-10
_CLEARLY = 1e-3
_X, _Z = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])


def _gaussian_entropy(covariance: RealMatrix) -> float:
    """Return -∫ w ln w of a Gaussian density in phase space."""
    sign, logarithm = np.linalg.slogdet(covariance)
    return 0.5 * float(logarithm) + 0.5 * len(covariance) * math.log(2 * math.pi * math.e) if sign > 0 else math.nan


def _liouville_flow(damping: float) -> tuple[float, float, float]:
    """Return ΔS of two classical oscillators, hot and cold, and of each, after t = 1.3 of their coupled motion."""
    stiffness = np.array([[1.5, -0.5], [-0.5, 1.5]])
    zero, one = np.zeros((2, 2)), np.eye(2)
    motion = expm(1.3 * np.block([[zero, one], [-stiffness, -damping * one]]))
    start = np.diag([2.0, 0.5, 2.0, 0.5])
    end = motion @ start @ motion.T
    parts = [np.ix_([k, k + 2], [k, k + 2]) for k in (0, 1)]
    first, second = (_gaussian_entropy(end[part]) - _gaussian_entropy(start[part]) for part in parts)
    return _gaussian_entropy(end) - _gaussian_entropy(start), first, second


def _classical_flow() -> Computed:
    whole, first, second = _liouville_flow(0.0)
    friction = _liouville_flow(0.3)[0]
    value = {"ΔS_AB": whole, "ΔS_A": first, "ΔS_B": second, "I": first + second, "ΔS_AB with friction 0.3": friction}
    reason = (
        f"Liouville's equation keeps the entropy of two classical oscillators as von Neumann's keeps that of a quantum "
        f"pair: ΔS_AB = {whole:.0e} while ΔS_A + ΔS_B = {first + second:.4f} is correlation; friction, which is no "
        f"Hamiltonian motion, changes it by {friction:.4f}."
    )
    same = abs(whole) < _ROUND_OFF and first + second > _CLEARLY and abs(friction) > _CLEARLY
    return Computed(value, ClaimVerdict.REFUTED if same else ClaimVerdict.REPRODUCED, reason)


def _pair(time: float) -> tuple[ComplexMatrix, ComplexMatrix]:
    """Return two qubits, cold and hot, before and after an exchange that also turns them."""
    levels = np.diag([0.0, 1.0])
    start = product_state(gibbs_state(levels, 2.0), gibbs_state(levels, 0.5))
    coupling = np.kron(_X, _X) + 0.4 * np.kron(_Z, _X)
    unitary = expm(-1j * time * (np.kron(levels, np.eye(2)) + np.kron(np.eye(2), 1.3 * levels) + coupling))
    return start, unitary @ start @ unitary.conj().T


def _local_entropies(state: ComplexMatrix) -> RealVector:
    return np.array([float(von_neumann_entropy(partial_trace(state, (2, 2), part))) for part in (0, 1)])


def _stored_entropy() -> Computed:
    misfit, largest, smallest = 0.0, -math.inf, math.inf
    for time in (0.3, 0.9, 1.7):
        start, end = _pair(time)
        gains = _local_entropies(end) - _local_entropies(start)
        needed = float(von_neumann_entropy(end) - von_neumann_entropy(start)) - float(gains.sum())
        misfit = max(misfit, abs(needed + float(mutual_information(end, (2, 2)))))
        largest, smallest = max(largest, needed), min(smallest, needed)
    value = {"dS_C that Eq. (16) needs, largest": largest, "smallest": smallest, "misfit with -I": misfit}
    reason = (
        f"S_C is not defined in the paper; what Eq. (16) needs is minus the mutual information, within {misfit:.0e}, "
        f"between {smallest:.4f} and {largest:.4f} here: entropy is missing from correlations, not stored in them."
    )
    if misfit > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if largest < -_CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _closed_chain(sites: int, times: RealVector) -> tuple[float, float, float]:
    """Return how far, after a while, the first spin of a closed chain is from its mean on average, and from its start.

    Third comes the distance of the whole state from its own mean. The chain is a tilted Ising chain in a product state.
    """
    x, z = ([embedded(one, (2,) * sites, k).real for k in range(sites)] for one in (_X, _Z))
    hamiltonian = sum(0.9045 * one for one in x) + sum(0.809 * one for one in z)
    hamiltonian = hamiltonian + sum(z[k] @ z[k + 1] for k in range(sites - 1))
    energies, basis = np.linalg.eigh(hamiltonian)
    ket: RealVector = np.ones(1)
    for k in range(sites):
        angle = 0.25 * math.pi * (1 + 0.3 * math.cos(3 * k))
        ket = np.kron(ket, [math.cos(angle), math.sin(angle)])
    weights = basis.T @ ket
    kets = (np.exp(-1j * np.outer(times, energies)) * weights) @ basis.T
    halves = kets.reshape(len(times), 2, -1)
    local = np.einsum("tia,tja->tij", halves, halves.conj())
    mean = local.mean(axis=0)
    first = np.einsum("ia,ja->ij", ket.reshape(2, -1), ket.reshape(2, -1))
    apart = 0.5 * np.abs(np.linalg.eigvalsh(local - mean)).sum(axis=1)
    start = 0.5 * float(np.abs(np.linalg.eigvalsh(first - mean)).sum())
    # The mean of a pure state without degenerate gaps has the weights |⟨E|ψ⟩|²; the overlap bounds the distance.
    overlap = float((weights**4).sum())
    return float(apart.mean()), start, 1 - overlap


def _equilibration() -> Computed:
    times = np.linspace(20.0, 220.0, 201)
    sizes = (4, 6, 8)
    found = [_closed_chain(sites, times) for sites in sizes]
    local, start, whole = (list(column) for column in zip(*found, strict=True))
    value = {
        "sites": list(sizes),
        "mean distance of one spin from its mean": local,
        "its distance at the start": start,
        "distance of the whole from its mean, at least": whole,
    }
    reason = (
        f"In closed chains of {', '.join(map(str, sizes))} spins one spin is "
        f"{', '.join(f'{one:.3f}' for one in local)} from its mean, closer the longer the chain, after "
        f"{start[-1]:.2f} at the start; the state of the whole stays pure, {whole[-1]:.2f} or more from its mean: the "
        f"statement is true of the whole, not of its parts."
    )
    if min(whole) < 0.5:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    settles = local == sorted(local, reverse=True) and local[-1] < 0.25 * start[-1]
    return Computed(value, ClaimVerdict.CORRECTED if settles else ClaimVerdict.REPRODUCED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "quantum-interior",
        "Eqs. (11), (13) and (16), text",
        "That the Hamiltonian motion produces no entropy sets quantum systems apart from classical ones.",
        None,
        ClaimVerdict.REFUTED,
        _classical_flow,
    ),
    Claim(
        "entropy-in-correlations",
        "Eq. (16), text",
        "When two parts of a closed system exchange heat, entropy S_C is stored in their correlations.",
        None,
        ClaimVerdict.CORRECTED,
        _stored_entropy,
    ),
    Claim(
        "no-equilibration",
        "Eq. (16), text",
        "Closed quantum systems never tend to equilibrium.",
        None,
        ClaimVerdict.CORRECTED,
        _equilibration,
    ),
)
