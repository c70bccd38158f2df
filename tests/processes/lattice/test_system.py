from __future__ import annotations

import numpy as np
import pytest
from tests.lattices import SYSTEMS, dense, name_of, random_graph, random_system
from tests.reference.lattice_operators import annihilators, embedding

from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.processes.lattice import Lattice, lattice_system


def test_shape_and_names():
    system = lattice_system(Lattice.chain(6), (3, 2), interaction=1.0)
    assert system.dims == (20, 15)
    assert system.dimension == 300
    assert system.species == ("tau", "upsilon")
    assert system.index("upsilon") == system.index(1) == 1
    assert lattice_system(Lattice.chain(3), (1, 1, 1, 1)).species[3] == "species 4"
    assert system.pairs == ((0, 1),)
    assert lattice_system(Lattice.chain(3), (1, 1, 1)).pairs == ((0, 1), (0, 2), (1, 2))


def test_interactions_by_pair_and_site():
    given = {("upsilon", "tau"): 2.0, (1, 2): [1.0, 0.0, 3.0]}
    system = lattice_system(Lattice.chain(3), (1, 1, 1), interaction=given)
    assert system.interaction[0, 1].tolist() == system.interaction[1, 0].tolist() == [2, 2, 2]
    assert system.interaction[2, 1].tolist() == [1, 0, 3]
    assert not system.interaction[0, 2].any()
    assert system.interacts(0)
    assert not lattice_system(Lattice.chain(3), (1, 1)).interacts(0)


@pytest.mark.parametrize("case", SYSTEMS, ids=name_of)
def test_the_others_make_a_potential(case):
    rng = np.random.default_rng(1)
    system = random_system(rng, *case)
    twin = dense(system)
    for s in range(2):
        rows = system.potential_of_others(s, 0.5)
        n_own = system.bases[s].occupations.astype(float)
        energies = n_own @ rows.T if s == 0 else rows @ n_own.T
        expected = (twin.fields[s] + 0.5 * twin.pairs[0, 1]).diagonal().reshape(system.dims)
        np.testing.assert_allclose(energies, expected, atol=1e-13)
    assert system.potential_of_others(0, 0.0).shape == (1, system.lattice.sites)


def test_three_species_make_a_potential_in_c_order():
    rng = np.random.default_rng(2)
    system = random_system(rng, random_graph(rng, 3), (1, 2, 1))
    twin = dense(system)
    felt = system.potential_of_others(1, 1.0).reshape(3, 3, 3)
    energies = np.einsum("yi,xzi->xyz", system.bases[1].occupations, felt)
    pairs = twin.fields[1] + twin.pairs[0, 1] + twin.pairs[1, 2]
    np.testing.assert_allclose(energies, pairs.diagonal().reshape(system.dims), atol=1e-13)


@pytest.mark.parametrize("particles", [1, 2, 3, 4])
def test_hard_core_particles_on_a_ring_are_fermions_with_another_bond(particles):
    hardcore = lattice_system(Lattice.ring(5), (particles,), statistics="hardcore")
    free = lattice_system(Lattice.from_hopping(hardcore.hopping_matrix(0)), (particles,))
    np.testing.assert_allclose(dense(hardcore).hamiltonian, dense(free).hamiltonian, atol=1e-14)


def test_reversal_spares_every_term_of_the_eraser():
    rng = np.random.default_rng(4)
    system = random_system(rng, Lattice.ring(3), (1, 1, 1))
    twin, turned = dense(system), dense(system.reversed_except(["kappa"]))
    spared = twin.hops[2] + twin.fields[2] + twin.pairs[0, 2] + twin.pairs[1, 2]
    np.testing.assert_allclose(turned.hamiltonian, 2 * spared - twin.hamiltonian, atol=1e-14)
    np.testing.assert_allclose(dense(system.reversed_except()).hamiltonian, -twin.hamiltonian, atol=1e-14)


def test_the_printed_hopping_is_anti_hermitian_for_fermions_only():
    # c†_i c_j + c_i c†_j over the bonds of a chain, as printed in Eq. (4).
    for hardcore, expected in ((False, -1), (True, 1)):
        lower = annihilators(4, hardcore)
        printed = sum(lower[i].T @ lower[i + 1] + lower[i] @ lower[i + 1].T for i in range(3))
        embed = embedding([[one.T for one in lower]], (2,))
        inside = embed.T @ (printed @ embed)
        assert np.abs(inside).max() == 1
        np.testing.assert_array_equal(inside.T, expected * inside)


def test_what_moves():
    system = lattice_system(Lattice.chain(3), (1, 0, 3, 2), hopping=(1.0, 1.0, 1.0, 0.0))
    assert [system.moves(s) for s in range(4)] == [True, False, False, False]
    assert not lattice_system(Lattice.chain(1), (1,)).moves(0)
    assert lattice_system(Lattice.grid((2, 2)), (1,)).moves_freely
    assert not lattice_system(Lattice.grid((2, 3)), (1,), statistics="hardcore").moves_freely


def test_border():
    chain = Lattice.chain(4)
    with pytest.raises(InputError, match="species 'upsilon': `particles` must be from 0 to 4, but it is 5"):
        lattice_system(chain, (2, 5))
    with pytest.raises(InputError, match="must be from 0 to 4, but it is -1"):
        lattice_system(chain, (-1, 2))
    with pytest.raises(TypeError):
        lattice_system(chain, (2.5, 2))
    with pytest.raises(ShapeError, match="at least one, but it is empty"):
        lattice_system(chain, ())
    with pytest.raises(ShapeError, match="`hopping` must be one number or one per species, 2"):
        lattice_system(chain, (1, 1), hopping=[1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="`hopping` must be real"):
        lattice_system(chain, (1, 1), hopping=1j)
    with pytest.raises(NotFiniteError, match="`interaction` must be finite"):
        lattice_system(chain, (1, 1), interaction=np.nan)
    with pytest.raises(ShapeError, match="one per site, 4, but its shape is"):
        lattice_system(chain, (1, 1), interaction=[1.0, 2.0])
    with pytest.raises(InputError, match="different species, but a key is"):
        lattice_system(chain, (1, 1), interaction={("tau", "tau"): 1.0})
    with pytest.raises(InputError, match="stands there twice"):
        lattice_system(chain, (1, 1), interaction={("tau", "upsilon"): 1.0, (1, 0): 1.0})
    with pytest.raises(InputError, match="names the species 'sigma', but there are only tau, upsilon"):
        lattice_system(chain, (1, 1), interaction={("tau", "sigma"): 1.0})
    with pytest.raises(ShapeError, match="`potentials` must be"):
        lattice_system(chain, (1, 1), potentials=np.zeros((3, 4)))
    with pytest.raises(InputError, match="`potentials` must be real, or H would not be Hermitian"):
        lattice_system(chain, (1, 1), potentials=[0, 0, 1j, 0])
    with pytest.raises(InputError, match='"fermion" or "hardcore", but it is \'boson\''):
        lattice_system(chain, (1, 1), statistics="boson")
    with pytest.raises(InputError, match="2 different names"):
        lattice_system(chain, (1, 1), species=("a", "a"))
    with pytest.raises(InputError, match="`species` must be one of tau, upsilon or a number below 2, but it is 2"):
        lattice_system(chain, (1, 1)).index(2)
