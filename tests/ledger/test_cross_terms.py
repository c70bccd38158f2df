"""Entropy production by what feeds what: the terms add up, vanish for Davies baths, and survive kernels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.physics import betas, dimensions, random_bath, random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import InputError
from loschmidt.ledger.cross_terms import production_terms
from loschmidt.processes import Bath, OhmicSpectrum, davies_generator, redfield_generator


def redfield(seed, d, temperatures):
    rng = np.random.default_rng(seed)
    baths = [random_bath(rng, d, f"bath {k}", beta) for k, beta in enumerate(temperatures)]
    return redfield_generator(random_hermitian(rng, d), baths)


def logarithm(state):
    values, vectors = np.linalg.eigh(state)
    return (vectors * np.log(values)) @ vectors.conj().T


@given(seed=seeds, d=dimensions, beta=betas)
def test_terms_are_their_definition(seed, d, beta):
    process = redfield(seed, d, (beta, 1.0))
    states = np.stack([random_state(np.random.default_rng(seed + k), d) for k in range(2)])
    found = production_terms(process, states)
    assert found.terms.shape == (2, 2, 2, 2)
    levels = process.levels

    def pinched(operator):
        return levels.from_eigenbasis(np.diag(np.diag(levels.to_eigenbasis(operator))))

    parts = (pinched, lambda operator: operator - pinched(operator))
    for t, rho in enumerate(states):
        for b, (bath, inverse) in enumerate(zip(process.dissipators, (beta, 1.0), strict=True)):
            kernel = logarithm(rho) + inverse * process.energy
            expected = [[-np.trace(x(bath.apply(y(rho))) @ kernel).real for y in parts] for x in parts]
            assert found.terms[t, b] == pytest.approx(np.array(expected), rel=1e-8, abs=1e-10)
            assert found.total[t, b] == pytest.approx(np.sum(expected), rel=1e-8, abs=1e-10)
    assert np.abs(found.cross).max() > 1e-9


@given(seed=seeds, d=dimensions, beta=betas)
def test_davies_baths_have_no_cross_term(seed, d, beta):
    process = random_davies(seed, d, (beta,))
    found = production_terms(process, random_state(np.random.default_rng(seed), d))
    assert np.abs(found.cross).max() <= 1e-10 * np.abs(found.terms).max()
    assert found.total.min() > 0


def test_the_sum_is_negative_near_pure_states_of_a_redfield_equation():
    baths = [Bath("cold", 1.0, OhmicSpectrum(0.05, 5.0), [[1.0, 0.8], [0.8, -1.0]])]
    process = redfield_generator(np.diag([0.0, 1.0]), baths)
    angles = np.linspace(0, np.pi, 31)
    kets = np.stack([[np.cos(a / 2), np.sin(a / 2) * np.exp(1j * p)] for a in angles for p in (0.0, 1.5, 3.0, 4.5)])
    states = 0.9999 * kets[:, :, None] * kets[:, None, :].conj() + 0.0001 * np.eye(2) / 2
    assert production_terms(process, states).total.min() < -0.01
    davies = davies_generator(np.diag([0.0, 1.0]), baths)
    assert production_terms(davies, states).total.min() > 0


def test_terms_of_a_pure_state_are_infinite_or_finite_but_their_sum_is_a_limit():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", 1.0, OhmicSpectrum(0.05, 5.0), [[0, 1], [1, 0]])])
    found = production_terms(process, np.full((2, 2), 0.5))
    assert found.total[0, 0] == np.inf
    assert found.terms[0, 0, 1, 1] == np.inf


def test_baths_without_a_finite_temperature_are_refused():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", np.inf, OhmicSpectrum(0.05, 5.0), [[0, 1], [1, 0]])])
    with pytest.raises(InputError, match="finite temperature"):
        production_terms(process, np.eye(2) / 2)
