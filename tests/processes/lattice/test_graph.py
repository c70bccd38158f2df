from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import InputError, NotFiniteError, NotHermitianError, ShapeError
from loschmidt.processes.lattice import Lattice


def edges(lattice):
    return [tuple(edge) for edge in lattice.edges.tolist()]


def test_shapes():
    assert edges(Lattice.chain(4)) == [(0, 1), (1, 2), (2, 3)]
    assert edges(Lattice.ring(3)) == [(0, 1), (1, 2), (0, 2)]
    assert len(edges(Lattice.grid((3, 3)))) == 12
    assert len(edges(Lattice.grid((3, 3), periodic=True))) == 18
    assert len(edges(Lattice.grid((3, 4), periodic=(True, False)))) == 3 * 4 + 3 * 3
    assert len(edges(Lattice.grid((2, 2, 2)))) == 12
    np.testing.assert_array_equal(Lattice.grid((5,), periodic=True).adjacency, Lattice.ring(5).adjacency)


def test_short_periodic_directions_add_no_second_bond():
    for length in (1, 2):
        assert edges(Lattice.ring(length)) == edges(Lattice.chain(length))
        assert edges(Lattice.grid((length, 3), periodic=(True, False))) == edges(Lattice.grid((length, 3)))


def test_a_turned_edge_has_the_conjugate_weight():
    one, other = Lattice.from_edges(2, [(0, 1)], 1j), Lattice.from_edges(2, [(1, 0)], -1j)
    np.testing.assert_array_equal(one.adjacency, other.adjacency)
    np.testing.assert_array_equal(one.adjacency, one.adjacency.conj().T)


def test_one_phase_on_every_bond_of_a_ring_is_a_flux():
    flux = 0.7
    ring = Lattice.ring(5, np.exp(1j * flux / 5))
    around = np.prod([ring.adjacency[i, (i + 1) % 5] for i in range(5)])
    assert around == pytest.approx(np.exp(1j * flux), abs=1e-14)
    # On a torus each row of three sites carries the same flux.
    torus = Lattice.grid((3, 3), periodic=True, weights=np.exp(0.2j))
    rows = [np.prod([torus.adjacency[3 * r + i, 3 * r + (i + 1) % 3] for i in range(3)]) for r in range(3)]
    np.testing.assert_allclose(rows, np.exp(0.6j), atol=1e-14)


def test_a_hopping_matrix_is_a_graph():
    matrix = np.array([[0, 2, 0], [2, 0, 1j], [0, -1j, 0]])
    np.testing.assert_array_equal(Lattice.from_hopping(matrix).adjacency, matrix)
    with pytest.raises(NotHermitianError):
        Lattice.from_hopping([[0, 1], [0, 0]])
    with pytest.raises(InputError, match="zero diagonal, but element 1 is 3"):
        Lattice.from_hopping([[0, 1], [1, 3]])


def test_parts_that_no_bond_joins():
    lattice = Lattice.from_edges(5, [(0, 1), (2, 3), (1, 4)], [1.0, 1.0, 0.0])
    assert not lattice.connected
    assert [len(set(lattice.components[list(part)])) for part in ((0, 1), (2, 3))] == [1, 1]
    assert len(set(lattice.components)) == 3
    assert Lattice.chain(5).connected
    assert Lattice.chain(1).connected


def test_where_hard_core_particles_are_free():
    assert Lattice.chain(5).along_a_line
    assert Lattice.ring(5).along_a_line
    assert Lattice.from_edges(4, [(0, 1), (2, 3)]).along_a_line
    assert not Lattice.grid((2, 3)).along_a_line
    assert not Lattice.from_edges(4, [(0, 2), (2, 1), (1, 3)]).along_a_line


def test_border():
    with pytest.raises(InputError, match="edges 0 and 2 both join sites 0 and 1"):
        Lattice.from_edges(3, [(0, 1), (1, 2), (1, 0)])
    with pytest.raises(InputError, match="edge 1 must join two sites, but it leads from site 2 to itself"):
        Lattice.from_edges(3, [(0, 1), (2, 2)])
    with pytest.raises(InputError, match="`a site of edge 0` must be from 0 to 2, but it is 3"):
        Lattice.from_edges(3, [(0, 3)])
    with pytest.raises(TypeError):
        Lattice.from_edges(3, [[0, 1.5]])
    with pytest.raises(InputError, match="`sites` must be from 1 to 62, but it is 63"):
        Lattice.chain(63)
    with pytest.raises(ShapeError, match="one per edge, 2, but its shape is \\(3,\\)"):
        Lattice.chain(3, [1.0, 2.0, 3.0])
    with pytest.raises(NotFiniteError):
        Lattice.chain(3, np.nan)
    with pytest.raises(ShapeError, match="one entry per direction"):
        Lattice.grid((2, 3), periodic=(True,))
    with pytest.raises(ShapeError, match="edge 0 must be a pair"):
        Lattice.from_edges(3, [(0, 1, 2)])
