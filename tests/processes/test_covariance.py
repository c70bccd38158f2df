"""Populations and coherences: which baths keep them apart, and what heat the latter carry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.physics import betas, dimensions, random_bath, random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import ResourceError
from loschmidt.processes import Bath, OhmicSpectrum, davies_generator, gkls_generator, redfield_generator
from loschmidt.processes.covariance import covariance_defects, heat_split
from loschmidt.processes.nonthermal import squeezed_dissipator


def redfield(seed, d, temperatures):
    rng = np.random.default_rng(seed)
    baths = [random_bath(rng, d, f"bath {k}", beta) for k, beta in enumerate(temperatures)]
    return redfield_generator(random_hermitian(rng, d), baths)


@given(seed=seeds, d=dimensions, beta=betas)
def test_davies_baths_keep_populations_and_coherences_apart(seed, d, beta):
    process = random_davies(seed, d, (beta, 1.0))
    assert max(covariance_defects(process)) < 1e-9
    split = heat_split(process, random_state(np.random.default_rng(seed), d))
    assert np.abs(split.coherences).max() <= 1e-12 * np.abs(split.populations).max() + 1e-14


@given(seed=seeds, d=dimensions, beta=betas)
def test_coherences_carry_heat_without_the_secular_approximation(seed, d, beta):
    process = redfield(seed, d, (beta, 1.0))
    defects = covariance_defects(process)
    assert defects.coherences_to_populations > 1e-3
    assert defects.dephasing == pytest.approx(
        np.hypot(defects.coherences_to_populations, defects.populations_to_coherences)
    )
    rho = random_state(np.random.default_rng(seed), d)
    split = heat_split(process, rho)
    whole = [np.trace(process.energy @ one.apply(rho)).real for one in process.dissipators]
    assert split.populations + split.coherences == pytest.approx(np.array(whole), abs=1e-12)
    # What populations carry is what a Davies equation says.
    davies = random_davies(seed, d, (beta, 1.0))
    expected = [np.trace(davies.energy @ one.apply(rho)).real for one in davies.dissipators]
    assert split.populations == pytest.approx(np.array(expected), rel=1e-8, abs=1e-10)
    assert np.abs(split.coherences).max() > 1e-8


def test_a_squeezed_bath_is_covariant_under_dephasing_only():
    bath = squeezed_dissipator("s", [[0, 1], [0, 0]], 0.1, beta=1.0, frequency=1.0, squeezing=0.5)
    process = gkls_generator(np.zeros((2, 2)), [bath], energy=np.diag([0.0, 1.0]))
    defects = covariance_defects(process)
    assert defects.dephasing < 1e-14
    assert defects.time_translation > 0.1


def test_degenerate_levels_are_one_population():
    coupling = np.array([[0, 1.0, 0.6], [1, 0, 0], [0.6, 0, 0]])
    process = davies_generator(np.diag([0.0, 1.0, 1.0]), [Bath("cold", 1.0, OhmicSpectrum(0.05, 5.0), coupling)])
    rho = np.diag([0.2, 0.4, 0.4]).astype(complex)
    rho[1, 2] = rho[2, 1] = 0.3
    assert covariance_defects(process).dephasing < 1e-12
    split = heat_split(process, rho)
    assert split.coherences == pytest.approx([0.0], abs=1e-15)
    rho[1, 2] = rho[2, 1] = 0
    assert heat_split(process, rho).populations[0] != pytest.approx(split.populations[0], rel=1e-2)


def test_large_systems_are_refused_with_the_size():
    process = davies_generator(
        np.diag(np.arange(25.0)), [Bath("cold", 1.0, OhmicSpectrum(0.05, 5.0), np.ones((25, 25)))]
    )
    with pytest.raises(ResourceError, match=r"0.0 GB"):
        covariance_defects(process)
