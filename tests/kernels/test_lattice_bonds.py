from __future__ import annotations

import numpy as np
import pytest
from tests.lattices import dense, random_amplitudes, random_graph, random_system

from loschmidt._kernels.lattice_bonds import bond_correlations
from loschmidt.states.fock import FockBasis


def tables(basis, bonds):
    """Moves, signs and where each bond begins."""
    moves = [basis.hops(i, j) for i, j in bonds]
    pairs = np.concatenate([np.stack(move[:2], axis=1) for move in moves])
    return pairs, np.concatenate([move[2] for move in moves]).astype(float), np.cumsum([0, *(len(m[0]) for m in moves)])


@pytest.mark.parametrize("particles", [(2, 1), (1, 3), (2, 0), (2, 2, 1)])
@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
def test_against_explicit_matrices(particles, dtype):
    rng = np.random.default_rng(1)
    system = random_system(rng, random_graph(rng, 4), particles)
    twin, state = dense(system), random_amplitudes(rng, system.dims)
    bonds = [(0, 1), (3, 1), (0, 3), (2, 0)]
    for s, basis in enumerate(system.bases):
        if basis.particles in {0, 4}:
            continue
        found = bond_correlations(state.astype(dtype), s, *tables(basis, bonds))
        expected = [twin.mean(twin.bilinear(s, i, j), state) for i, j in bonds]
        np.testing.assert_allclose(found, expected, atol=1e-14 if dtype == np.complex128 else 1e-7)


def test_every_number_of_threads_gives_the_same_bits():
    rng = np.random.default_rng(2)
    bases = [FockBasis(9, 4), FockBasis(9, 5)]
    state = random_amplitudes(rng, (126, 126))
    for axis, basis in enumerate(bases):
        arguments = tables(basis, [(i, i + 1) for i in range(8)])
        one, two = (bond_correlations(state, axis, *arguments, threads=k) for k in (1, 2))
        np.testing.assert_array_equal(one, two)
        block = np.ascontiguousarray(state[:, :20]) if axis == 0 else state[:20]
        view = state[:, :20] if axis == 0 else state[:20]
        np.testing.assert_array_equal(
            bond_correlations(block, axis, *arguments), bond_correlations(view, axis, *arguments)
        )


def test_no_bonds():
    empty = np.zeros((0, 2), dtype=np.int64), np.zeros(0), np.zeros(1, dtype=np.int64)
    assert bond_correlations(np.ones((2, 2), dtype=complex), 0, *empty).shape == (0,)
