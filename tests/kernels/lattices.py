"""Lattices and states for the tests of the lattice kernels."""

from __future__ import annotations

from math import comb

import numpy as np


def chain(sites):
    return np.diag(np.ones(sites - 1), 1) + np.diag(np.ones(sites - 1), -1)


def ring(sites):
    return chain(sites) + np.eye(sites, k=sites - 1) + np.eye(sites, k=1 - sites)


def ladder(sites):
    """2 × L/2 sites, numbered along the rungs."""
    matrix = np.zeros((sites, sites))
    for i in range(sites):
        for j in [i + 2] + [i + 1] * (i % 2 == 0):
            if j < sites:
                matrix[i, j] = matrix[j, i] = 1
    return matrix


def flux(sites):
    """A ring that takes a particle once round with a phase that is not real."""
    phases = np.exp(0.7j * np.arange(sites))
    upper = np.diag(phases[: sites - 1], 1) + phases[-1] * np.eye(sites, k=sites - 1)
    return upper + upper.conj().T


def random_graph(sites):
    """Complex weights, some sites without bonds, a diagonal."""
    rng = np.random.default_rng(sites)
    matrix = rng.normal(size=(sites, sites)) + 1j * rng.normal(size=(sites, sites))
    matrix *= rng.random((sites, sites)) < 0.4
    return matrix + matrix.conj().T


GRAPHS = {"chain": chain, "ring": ring, "ladder": ladder, "flux": flux, "random": random_graph}


def random_state(shape, seed=0, dtype=np.complex128):
    rng = np.random.default_rng(seed)
    state = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    return (state / np.linalg.norm(state)).astype(dtype)


def dimension(sites, particles):
    return comb(sites, particles)
