"""Fermions on a lattice by explicit Jordan–Wigner matrices on the whole Fock space, and everything dense.

Independent of the package and of ``lattice_steps.py``: annihilators are Kronecker products of 2 × 2 matrices over all
modes of all species, Fock states are made from the vacuum by applying creators, and a reduced state is a partial trace.
"""

from __future__ import annotations

import itertools
from functools import reduce

import numpy as np
from scipy.linalg import expm
from scipy.sparse import csr_array, kron

LOWER = csr_array([[0.0, 1.0], [0.0, 0.0]])
PARITY = csr_array([[1.0, 0.0], [0.0, -1.0]])
ONE = csr_array([[1.0, 0.0], [0.0, 1.0]])


def annihilators(modes: int, hardcore: bool = False) -> list[csr_array]:
    """c_m (2^M, 2^M) of each mode; those of hard-core particles commute on different modes."""
    string = ONE if hardcore else PARITY
    factors = [[string] * m + [LOWER] + [ONE] * (modes - m - 1) for m in range(modes)]
    return [reduce(lambda a, b: kron(a, b, format="csr"), one) for one in factors]


def creators(species: int, sites: int, hardcore: bool = False, order: list[int] | None = None) -> list[list[csr_array]]:
    """c†_si by species and site; `order` is the place of mode s L + i in the Jordan–Wigner string."""
    lower = annihilators(species * sites, hardcore)
    places = list(range(species * sites)) if order is None else order
    return [[lower[place].T.tocsr() for place in places[s * sites : (s + 1) * sites]] for s in range(species)]


def configurations(sites: int, particles: int) -> list[tuple[int, ...]]:
    """Occupied sites, in ascending order of Σ 2^site."""
    return sorted(itertools.combinations(range(sites), particles), key=lambda chosen: sum(2**i for i in chosen))


def embedding(create: list[list[csr_array]], particles: tuple[int, ...]) -> np.ndarray:
    """The Fock states of given particle numbers as columns (2^M, d), the last species fastest."""
    species, sites = len(create), len(create[0])
    vacuum = np.zeros(create[0][0].shape[0])
    vacuum[0] = 1.0
    columns = []
    for chosen in itertools.product(*(configurations(sites, n) for n in particles)):
        operators = [create[s][i] for s in range(species) for i in chosen[s]]
        columns.append(reduce(lambda vector, operator: operator @ vector, reversed(operators), vacuum))
    return np.array(columns).T


class DenseLattice:
    """Dense operators of a system within its particle numbers, ordered as the amplitudes of the package."""

    def __init__(self, edges, weights, particles, hopping, interaction, potentials, hardcore=False):
        species, sites = np.shape(potentials)
        self.create = creators(species, sites, hardcore)
        self.embed = csr_array(embedding(self.create, tuple(particles)))
        self.shape = tuple(len(configurations(sites, n)) for n in particles)
        self.hops = [
            hopping[s] * sum((w * self.bilinear(s, i, j) for (i, j), w in zip(edges, weights, strict=True)), 0)
            for s in range(species)
        ]
        zero = np.zeros((self.embed.shape[1],) * 2)
        self.hops = [zero + hop + np.conj(np.transpose(hop)) for hop in self.hops]
        self.numbers = [[self.bilinear(s, i, i) for i in range(sites)] for s in range(species)]
        self.fields = [sum(v * n for v, n in zip(potentials[s], self.numbers[s], strict=True)) for s in range(species)]
        self.pairs = {
            (s, r): sum(interaction[s][r][i] * self.numbers[s][i] @ self.numbers[r][i] for i in range(sites))
            for s, r in itertools.combinations(range(species), 2)
        }
        self.hamiltonian = sum(self.hops) + sum(self.fields) + sum(self.pairs.values(), zero)

    def bilinear(self, s, i, j):
        """c†_si c_sj among the states of fixed particle numbers."""
        return (self.embed.T @ (self.create[s][i] @ (self.create[s][j].T @ self.embed))).toarray()

    def step(self, s, weight=1.0):
        """H_s: hopping and field of one species, and its interactions `weight` times."""
        felt = sum((pair for key, pair in self.pairs.items() if s in key), np.zeros_like(self.hops[s]))
        return self.hops[s] + self.fields[s] + weight * felt

    def evolve(self, generator, time, state):
        """exp(−i G t) on amplitudes of the package's shape."""
        return (expm(-1j * time * generator) @ np.asarray(state).reshape(-1)).reshape(self.shape)

    def mean(self, operator, state):
        """⟨A⟩."""
        vector = np.asarray(state).reshape(-1)
        return np.vdot(vector, operator @ vector)


def spatial_entropy(state, sites, particles, inside, hardcore=False):
    """Entanglement entropy of the modes of some sites, which come first in the Jordan–Wigner string."""
    species, outside = len(particles), [i for i in range(sites) if i not in inside]
    modes = [(s, i) for i in inside for s in range(species)] + [(s, i) for i in outside for s in range(species)]
    order = [modes.index((s, i)) for s in range(species) for i in range(sites)]
    vector = embedding(creators(species, sites, hardcore, order), tuple(particles)) @ np.asarray(state).reshape(-1)
    weights = np.linalg.svd(vector.reshape(2 ** (species * len(inside)), -1), compute_uv=False) ** 2
    weights = weights[weights > 0]
    return -float(np.sum(weights * np.log(weights)))


def gaussian_entropy(orbitals_of_species, inside):
    """Entanglement entropy of Slater determinants, from their correlation matrices."""
    total = 0.0
    for orbitals in orbitals_of_species:
        block = (orbitals @ orbitals.conj().T)[np.ix_(inside, inside)]
        for filling in np.linalg.eigvalsh(block):
            for p in (filling, 1 - filling):
                total -= p * np.log(p) if p > 1e-14 else 0.0
    return total


def probabilities(state):
    """p, p_x, p_y of a state of two species."""
    p = np.abs(state) ** 2
    return p, p.sum(axis=1), p.sum(axis=0)


def shannon(p):
    """−Σ p ln p."""
    p = p[p > 0]
    return -float(np.sum(p * np.log(p)))
