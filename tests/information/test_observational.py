"""Observational entropy: between the entropy of the state and that of ignorance, and less the finer one looks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import dimensions, random_state, seeds

from loschmidt.information import relative_entropy, shannon_entropy, von_neumann_entropy
from loschmidt.information.observational import (
    coarse_grained_state,
    joint_projectors,
    level_projectors,
    observational_entropy,
    observational_entropy_in_basis,
)
from loschmidt.states import random_unitary

PLUS = np.full((2, 2), 0.5)


def coarse_graining(rng: np.random.Generator, d: int) -> tuple[np.ndarray, np.ndarray]:
    """A random basis and random labels of its states, each label used."""
    labels = rng.integers(0, d, d)
    return np.asarray(random_unitary(d, rng)), np.unique(labels, return_inverse=True)[1]


def projectors_of(basis: np.ndarray, labels: np.ndarray) -> np.ndarray:
    columns = [basis[:, labels == label] for label in range(labels.max() + 1)]
    return np.stack([one @ one.conj().T for one in columns])


def test_known_values():
    energies = level_projectors(np.diag([0.0, 1.0, 1.0]))
    assert observational_entropy(np.diag([0.5, 0.5, 0.0]), energies) == pytest.approx(1.5 * np.log(2))
    assert observational_entropy(PLUS, level_projectors(np.diag([0.0, 1.0]))) == pytest.approx(np.log(2))
    assert observational_entropy(PLUS, level_projectors(PLUS)) == pytest.approx(0.0, abs=1e-15)
    assert observational_entropy(PLUS, np.eye(2)) == pytest.approx(np.log(2))


@given(seed=seeds, d=dimensions)
def test_it_lies_between_the_entropy_and_ignorance(seed, d):
    rng = np.random.default_rng(seed)
    states = np.stack([random_state(rng, d), random_state(rng, d, 1)])
    projectors = projectors_of(*coarse_graining(rng, d))
    entropy = observational_entropy(states, projectors)
    assert (entropy >= von_neumann_entropy(states) - 1e-12).all()
    assert (entropy <= np.log(d) + 1e-12).all()


@given(seed=seeds, d=dimensions)
def test_its_excess_is_the_distance_from_the_coarse_grained_state(seed, d):
    rng = np.random.default_rng(seed)
    state, projectors = random_state(rng, d), projectors_of(*coarse_graining(rng, d))
    spread = coarse_grained_state(state, projectors)
    excess = observational_entropy(state, projectors) - von_neumann_entropy(state)
    assert excess == pytest.approx(float(relative_entropy(state, spread)), abs=1e-11)
    assert von_neumann_entropy(spread) == pytest.approx(float(observational_entropy(state, projectors)), abs=1e-12)


@given(seed=seeds, d=st.integers(3, 6))
def test_a_finer_look_never_raises_it(seed, d):
    rng = np.random.default_rng(seed)
    basis, labels = coarse_graining(rng, d)
    merged = np.unique(np.where(labels == labels.max(), 0, labels), return_inverse=True)[1]
    states = np.stack([random_state(rng, d) for _ in range(4)])
    fine, coarse = (observational_entropy(states, projectors_of(basis, one)) for one in (labels, merged))
    finest = observational_entropy(states, projectors_of(basis, np.arange(d)))
    assert (finest <= fine + 1e-12).all()
    assert (fine <= coarse + 1e-12).all()


def test_merging_raises_it_where_the_merged_parts_were_told_apart():
    # Or the property above would hold of a function that does not look at the state.
    state = np.diag([0.9, 0.1])
    assert observational_entropy(state, np.eye(2)) - observational_entropy(state, level_projectors(state)) > 0.3


@given(seed=seeds, d=dimensions)
def test_labels_of_a_basis_give_the_same_as_projectors(seed, d):
    rng = np.random.default_rng(seed)
    basis, labels = coarse_graining(rng, d)
    states = np.stack([random_state(rng, d), random_state(rng, d)])
    np.testing.assert_allclose(
        observational_entropy_in_basis(states, basis, labels),
        observational_entropy(states, projectors_of(basis, labels)),
        atol=1e-12,
    )


def test_products_of_projectors_look_at_both_parts():
    fine = level_projectors(np.diag([0.0, 1.0]))
    state = np.kron(np.diag([0.7, 0.3]), np.diag([0.5, 0.25, 0.25]))
    projectors = joint_projectors(fine, level_projectors(np.diag([0.0, 1.0, 1.0])))
    expected = shannon_entropy([0.7, 0.3]) + shannon_entropy([0.5, 0.5]) + 0.5 * np.log(2)
    assert projectors.shape == (4, 6, 6)
    assert observational_entropy(state, projectors) == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("projectors", "words"),
    [
        ([np.eye(2) / 2, np.eye(2) / 2], "equal to their squares, but number 0"),
        ([np.diag([1.0, 0.0])], "add up to the identity"),
        ([np.eye(2), np.zeros((2, 2))], "must not be zero, but number 1"),
        ([np.eye(3)], "must be 2 × 2"),
        ([[[0, 1], [0, 0]]], "must be Hermitian"),
    ],
)
def test_what_is_no_measurement_is_refused(projectors, words):
    with pytest.raises(ValueError, match=words):
        observational_entropy(PLUS, projectors)


def test_no_parts_are_refused():
    with pytest.raises(ValueError, match="at least one part"):
        joint_projectors()
