"""Equilibrium references against sampling of Haar-random states; limits are exact."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.lattices import dense, random_amplitudes, random_system

from loschmidt.errors import InputError, ShapeError
from loschmidt.information.equilibrium import (
    haar_entropy,
    infinite_temperature_energy,
    lattice_equilibrium,
    page_entropy,
    spatial_page_entropy,
)
from loschmidt.information.fock import fock_entropies
from loschmidt.information.fock_entanglement import spatial_entanglement_of, species_entanglement
from loschmidt.processes.lattice import Lattice
from loschmidt.states.fock import FockBasis

SAMPLES = 3000


def agrees(values, mean, spread=None):
    """Whether sampled values have this mean and, if given, this spread, within five standard errors."""
    error = np.std(values) / math.sqrt(len(values))
    close = abs(np.mean(values) - mean) < 5 * error
    if spread is None:
        return close
    return close and abs(np.std(values) / spread - 1) < 5 * math.sqrt(1.5 / len(values))


@pytest.mark.parametrize(("rows", "columns"), [(4, 6), (6, 4), (5, 5), (3, 1)])
def test_haar_and_page_against_sampling(rows, columns):
    rng = np.random.default_rng(1)
    found = [fock_entropies(random_amplitudes(rng, (rows, columns))) for _ in range(SAMPLES)]
    joint, species = haar_entropy(rows * columns), haar_entropy(rows, columns)
    assert agrees([one.joint for one in found], joint.mean, joint.spread)
    assert agrees([one.species[0] for one in found], species.mean, species.spread)
    page = page_entropy(rows, columns)
    if columns > 1:
        sampled = [species_entanglement(random_amplitudes(rng, (rows, columns))) for _ in range(SAMPLES)]
        assert agrees(sampled, page.mean, page.spread)
        # Not just anything passes: a percent off is seen.
        assert not agrees(sampled, 1.02 * page.mean)
    else:
        assert page.mean == 0


def test_spatial_page_against_sampling():
    rng = np.random.default_rng(2)
    bases = [FockBasis(4, 2), FockBasis(4, 1)]
    sampled = [spatial_entanglement_of(random_amplitudes(rng, (6, 4)), bases, (0, 1), True) for _ in range(1500)]
    assert agrees(sampled, spatial_page_entropy(4, 2, (2, 1)))
    assert spatial_page_entropy(4, 0, (2, 1)) == 0
    # Without conserved numbers' sectors, that is with one sector, it is Page's.
    assert spatial_page_entropy(5, 5, (2, 2)) == pytest.approx(0, abs=1e-14)


def test_limits():
    assert haar_entropy(1) == haar_entropy(1, 7) == type(haar_entropy(1))(0.0, 0.0)
    assert page_entropy(1, 9).mean == 0
    large = 10**9
    assert haar_entropy(large).mean == pytest.approx(math.log(large) - 1 + np.euler_gamma, abs=1e-8)
    assert haar_entropy(large).spread * math.sqrt(large) == pytest.approx(math.sqrt(math.pi**2 / 3 - 3), rel=1e-5)
    assert page_entropy(10, large).mean == pytest.approx(math.log(10), abs=1e-7)
    assert page_entropy(3432, 3432).mean == pytest.approx(math.log(3432) - 0.5, abs=1e-6)
    assert page_entropy(4, 9) == page_entropy(9, 4)
    # Fluctuations fall as d^(-1/2).
    assert haar_entropy(400).spread / haar_entropy(100).spread == pytest.approx(0.5, rel=0.02)


def test_values_of_the_source_sizes():
    # Half filling: Haar means of S and S_τ for L = 6 and 8, Page for two halves of L = 10 particles of two species.
    assert haar_entropy(400).mean == pytest.approx(5.570, abs=5e-4)
    assert haar_entropy(20, 20).mean == pytest.approx(2.97, abs=5e-3)
    assert haar_entropy(4900).mean == pytest.approx(8.074, abs=5e-4)
    assert haar_entropy(70, 70).mean == pytest.approx(4.241, abs=5e-4)
    assert spatial_page_entropy(10, 5, (5, 5)) == pytest.approx(6.265, abs=5e-4)


def test_infinite_temperature_is_the_mean_over_all_states():
    rng = np.random.default_rng(3)
    system = random_system(rng, Lattice.ring(4), (2, 1, 3), interaction={(0, 1): rng.normal(size=4), (1, 2): 0.4})
    twin = dense(system)
    potential, interaction = infinite_temperature_energy(system.particles, system.potentials, system.interaction)
    mean = np.trace(twin.hamiltonian).real / system.dimension
    assert potential.sum() + interaction.sum() == pytest.approx(mean, abs=1e-13)
    np.testing.assert_allclose(potential, [np.trace(one) / system.dimension for one in twin.fields], atol=1e-13)
    np.testing.assert_allclose(
        interaction, [np.trace(one) / system.dimension for one in twin.pairs.values()], atol=1e-13
    )


def test_all_references_of_a_system():
    found = lattice_equilibrium((2, 1), np.zeros((2, 4)), np.zeros((2, 2, 4)), connected=False)
    assert found.uniform_entropy == pytest.approx(math.log(24))
    np.testing.assert_allclose(found.uniform_species_entropy, np.log([6, 4]))
    assert found.haar == haar_entropy(24)
    assert found.haar_species == (haar_entropy(6, 4), haar_entropy(4, 6))
    assert found.species_entanglement[0] == found.species_entanglement[1] == page_entropy(4, 6)
    np.testing.assert_array_equal(found.densities, [[0.5] * 4, [0.25] * 4])
    assert not found.ergodic


def test_border():
    with pytest.raises(InputError, match="`outcomes` must be from 1"):
        haar_entropy(0)
    with pytest.raises(TypeError):
        page_entropy(2.5, 2)
    with pytest.raises(InputError, match="`subsystem` must be from 0 to 4, but it is 5"):
        spatial_page_entropy(4, 5, (2,))
    with pytest.raises(ShapeError, match="one number per row"):
        lattice_equilibrium((2,), np.zeros((2, 4)), np.zeros((2, 2, 4)))
