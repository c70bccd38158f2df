"""Slow twin of ``processes.thermal_operations``: dense matrices, projectors from the total Hamiltonian, index loops."""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy.linalg import expm


def total_hamiltonian(hamiltonians):
    """Σ 1 ⊗ … ⊗ H_k ⊗ … ⊗ 1."""
    dims = [len(one) for one in hamiltonians]
    total = np.zeros((math.prod(dims),) * 2, dtype=complex)
    for k, one in enumerate(hamiltonians):
        total += np.kron(np.kron(np.eye(math.prod(dims[:k])), one), np.eye(math.prod(dims[k + 1 :])))
    return total


def projectors(hamiltonian, tolerance=1e-7):
    """Projectors on the eigenspaces."""
    values, vectors = np.linalg.eigh(hamiltonian)
    found = []
    for value in values:
        if not any(abs(value - other) < tolerance for other, _ in found):
            inside = vectors[:, abs(values - value) < tolerance]
            found.append((value, inside @ inside.conj().T))
    return [projector for _, projector in found]


def pinched(state, hamiltonian):
    return sum(p @ state @ p for p in projectors(hamiltonian))


def gibbs(hamiltonian, beta):
    weights = expm(-beta * (hamiltonian - np.linalg.eigvalsh(hamiltonian)[0] * np.eye(len(hamiltonian))))
    return weights / np.trace(weights)


def entropy(state):
    return -sum(x * math.log(x) for x in np.linalg.eigvalsh(state) if x > 1e-300)


def divergence(state, reference):
    """tr ρ(ln ρ - ln σ) for a faithful reference."""
    values, vectors = np.linalg.eigh(reference)
    logarithm = vectors @ np.diag(np.log(values)) @ vectors.conj().T
    return -entropy(state) - np.trace(state @ logarithm).real


def coherence(state, hamiltonian):
    return entropy(pinched(state, hamiltonian)) - entropy(state)


def reduced(state, dims, kept):
    """Partial trace, index by index."""
    size = math.prod(dims[k] for k in kept)
    result = np.zeros((size, size), dtype=complex)
    labels = list(itertools.product(*map(range, dims)))
    rank = {label: at for at, label in enumerate(itertools.product(*(range(dims[k]) for k in kept)))}
    for (a, left), (b, right) in itertools.product(enumerate(labels), repeat=2):
        if all(left[k] == right[k] for k in range(len(dims)) if k not in kept):
            result[rank[tuple(left[k] for k in kept)], rank[tuple(right[k] for k in kept)]] += state[a, b]
    return result


def budget(unitary, system, environments, betas, state):
    """Every account of one state by its definition, from the joint matrix alone."""
    hamiltonians = [system, *environments]
    dims = [len(one) for one in hamiltonians]
    starts = [gibbs(one, beta) for one, beta in zip(environments, betas, strict=True)]
    joint = state
    for start in starts:
        joint = np.kron(joint, start)
    joint = unitary @ joint @ unitary.conj().T
    after = reduced(joint, dims, [0])
    rest = list(range(1, len(dims)))
    environment, parts = reduced(joint, dims, rest), [reduced(joint, dims, [k]) for k in rest]
    whole, outside = total_hamiltonian(hamiltonians), total_hamiltonian(environments)
    local = sum(np.kron(p, q) @ joint @ np.kron(p, q) for p in projectors(system) for q in projectors(outside))
    heat = [np.trace(h @ (s - p)).real for h, s, p in zip(environments, starts, parts, strict=True)]
    flux = -sum(beta * one for beta, one in zip(betas, heat, strict=True))
    energies = [np.trace(system @ one).real for one in (state, after)]
    coherences = coherence(after, system), coherence(environment, outside)
    global_coherence = entropy(pinched(joint, whole)) - entropy(joint)
    populations = [entropy(pinched(one, system)) for one in (state, after)]
    return {
        "system_energy_before": energies[0],
        "system_energy_after": energies[1],
        "system_entropy_before": entropy(state),
        "system_entropy_after": entropy(after),
        "population_entropy_before": populations[0],
        "population_entropy_after": populations[1],
        "system_coherence_before": coherence(state, system),
        "system_coherence_after": coherences[0],
        "heat": heat,
        "work": energies[1] - energies[0] - sum(heat),
        "entropy_flux": flux,
        "entropy_production": entropy(after) - entropy(state) + flux,
        "population_entropy_production": populations[1] - populations[0] + flux,
        "coherence_entropy_production": coherence(state, system) - coherences[0],
        "environment_entropy_before": [entropy(one) for one in starts],
        "environment_entropy_after": [entropy(one) for one in parts],
        "environment_displacement": [divergence(p, s) for p, s in zip(parts, starts, strict=True)],
        "environment_coherence": coherences[1],
        "joint_entropy": entropy(joint),
        "mutual_information": entropy(after) + entropy(environment) - entropy(joint),
        "total_correlation": entropy(after) + sum(map(entropy, parts)) - entropy(joint),
        "joint_coherence": global_coherence,
        "correlated_coherence": global_coherence - sum(coherences),
        "local_correlated_coherence": entropy(local) - entropy(joint) - sum(coherences),
        "degenerate_coherence": entropy(local) - entropy(pinched(joint, whole)),
    }


def kraus_operators(unitary, system, environment, beta):
    """√q_μ ⟨ν|U|μ⟩ between eigenstates of one environment, given in the energy eigenbasis of the system."""
    values, vectors = np.linalg.eigh(environment)
    weights = np.exp(-beta * (values - values[0]))
    weights /= weights.sum()
    levels = np.linalg.eigh(system)[1]
    d, r = len(system), len(environment)
    tensor = unitary.reshape(d, r, d, r)
    operators = []
    for nu, mu in itertools.product(range(r), repeat=2):
        element = np.einsum("m,ambn,n->ab", vectors[:, nu].conj(), tensor, vectors[:, mu])
        operators.append(math.sqrt(weights[mu]) * levels.conj().T @ element @ levels)
    return operators


def transition_probabilities(operators):
    """Q[m, n] = Σ |⟨m|M|n⟩|²."""
    return sum(np.abs(one) ** 2 for one in operators)


def coherence_factors(operators):
    """α[n, m] = Σ ⟨n|M|n⟩⟨m|M†|m⟩."""
    return sum(np.outer(one.diagonal(), one.diagonal().conj()) for one in operators)
