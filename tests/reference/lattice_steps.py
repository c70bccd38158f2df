"""Slow twins of the lattice kernels: dense exponentials lifted by minors, and explicit Jordan–Wigner matrices.

Same names and signatures as ``lattice_preparation``, ``givens_lift``, ``lattice_full`` and ``lattice_passes`` of
``loschmidt._kernels``; nothing here is shared with them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.linalg import expm


@cache
def configurations(sites, particles):
    """The occupied sites of each Fock state, (d, N), masks ascending."""
    found = sorted(itertools.combinations(range(sites), particles), key=lambda s: sum(1 << i for i in s))
    return np.array(found, dtype=int).reshape(len(found), particles)


def occupations(sites, particles):
    """Occupation numbers (d, L) of each Fock state."""
    table = np.zeros((len(configurations(sites, particles)), sites))
    for row, occupied in zip(table, configurations(sites, particles), strict=True):
        row[occupied] = 1
    return table


def lifted(unitary, particles):
    """The compound matrix (d, d) of all minors of an (L, L) matrix: what it does to Slater determinants."""
    chosen = configurations(len(unitary), particles)
    return np.linalg.det(unitary[chosen[:, None, :, None], chosen[None, :, None, :]])


@dataclass(frozen=True)
class Rotations:
    unitaries: np.ndarray

    @property
    def sites(self):
        return self.unitaries.shape[1]

    @property
    def columns(self):
        return len(self.unitaries)

    @property
    def nbytes(self):
        return self.unitaries.nbytes


def prepare_rotations(hopping, potentials, time, *, threads=None):
    return Rotations(np.array([expm(-1j * time * (np.asarray(hopping) + np.diag(row))) for row in potentials]))


def apply_to_columns(state, rotations, particles, *, inverse=False, threads=None):
    for y in range(state.shape[1]):
        u = rotations.unitaries[y if rotations.columns > 1 else 0]
        state[:, y] = lifted(u.conj().T if inverse else u, particles) @ state[:, y]


def apply_to_rows(state, rotations, particles, *, inverse=False, threads=None):
    apply_to_columns(state.T, rotations, particles, inverse=inverse)


def apply_to_axis(state, axis, rotations, particles, *, inverse=False, threads=None):
    moved = np.moveaxis(state, axis, 0)
    columns = moved.reshape(state.shape[axis], -1).copy()
    apply_to_columns(columns, rotations, particles, inverse=inverse)
    moved[...] = columns.reshape(moved.shape)


def annihilator(site, sites, hardcore=False):
    """The Jordan–Wigner matrix (2^L, 2^L) of c_i, bit i ↔ site i; without the sign for hard-core bosons."""
    matrix = np.zeros((2**sites, 2**sites))
    for mask in range(2**sites):
        if mask >> site & 1:
            below = bin(mask & ((1 << site) - 1)).count("1")
            matrix[mask ^ (1 << site), mask] = 1.0 if hardcore else (-1.0) ** below
    return matrix


def one_species(hopping, particles, hardcore=False):
    """Σ hopping[i, j] c†_i c_j (d, d) among the N-particle Fock states, masks ascending."""
    sites = len(hopping)
    lower = [annihilator(i, sites, hardcore) for i in range(sites)]
    total = sum(hopping[i, j] * (lower[i].T @ lower[j]) for i in range(sites) for j in range(sites))
    masks = [sum(1 << int(i) for i in occupied) for occupied in configurations(sites, particles)]
    return np.asarray(total)[np.ix_(masks, masks)]


@dataclass(frozen=True)
class FullHamiltonian:
    matrix: np.ndarray
    sites: int
    particles: tuple
    shape: tuple

    @property
    def bounds(self):
        values = np.linalg.eigvalsh(self.matrix)
        return values[0], values[-1]


def full_hamiltonian(hoppings, particles, potentials, interactions, *, hardcore=False):
    count, sites = np.shape(potentials)
    numbers = [occupations(sites, n) for n in particles]
    shape = tuple(len(table) for table in numbers)

    def at(operators):  # the product of operators of species, {species: (d_s, d_s)}
        whole = np.ones((1, 1))
        for s in range(count):
            whole = np.kron(whole, operators.get(s, np.eye(shape[s])))
        return whole

    total = np.zeros((int(np.prod(shape)),) * 2, dtype=complex)
    for s in range(count):
        total += at({s: one_species(np.asarray(hoppings[s]), particles[s], hardcore)})
        total += at({s: np.diag(numbers[s] @ np.asarray(potentials[s]))})
    for s, r in itertools.combinations(range(count), 2):
        for i in range(sites):
            total += interactions[s][r][i] * at({s: np.diag(numbers[s][:, i]), r: np.diag(numbers[r][:, i])})
    return FullHamiltonian(total, sites, tuple(particles), shape)


def apply_full(hamiltonian, state, *, threads=None):
    return (hamiltonian.matrix @ state.ravel()).reshape(state.shape).astype(state.dtype)


def full_energy(hamiltonian, state, *, threads=None):
    return float(np.vdot(state, apply_full(hamiltonian, state)).real)


def evolve_full_to(hamiltonian, state, times, *, tolerance=1e-13, threads=None):
    values, vectors = np.linalg.eigh(hamiltonian.matrix)
    weights = vectors.conj().T @ state.ravel()
    evolved = [vectors @ (np.exp(-1j * values * t) * weights) for t in np.asarray(times)]
    return [vector.reshape(state.shape).astype(state.dtype) for vector in evolved]


def evolve_full(hamiltonian, state, time, *, tolerance=1e-13, threads=None):
    state[...] = evolve_full_to(hamiltonian, state, [time])[0]
    return chebyshev_terms(hamiltonian, time, tolerance)


def chebyshev_terms(hamiltonian, time, tolerance=1e-13):
    low, high = hamiltonian.bounds
    return int(abs(time) * (high - low) / 2) + 20


def probability_pass(state, *, threads=None):
    p = np.abs(state.astype(complex)) ** 2
    axes = range(p.ndim)
    return tuple(p.sum(axis=tuple(a for a in axes if a != axis)) for axis in axes), shannon_entropy(p)


def shannon_entropy(probabilities):
    p = np.asarray(probabilities, dtype=float).ravel()
    p = p[p > 0]
    return 0.0 - float(np.sum(p * np.log(p)))


def phase_pass(state, phases, axis, *, threads=None):
    shape = [1] * state.ndim
    shape[axis] = -1
    state *= np.exp(1j * np.asarray(phases)).reshape(shape).astype(state.dtype)
