"""Named splitters and spin helpers: unitary, with the probabilities their names promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import seeds

from loschmidt.errors import InputError
from loschmidt.processes.scattering import (
    balanced_splitter,
    bloch_states,
    buttiker_splitter,
    paper_rotations,
    spin_rotations,
    symmetric_splitter,
    two_lead_splitter,
)
from loschmidt.processes.scattering.spin_states import PAULI_MATRICES


@pytest.mark.parametrize("make", [symmetric_splitter, balanced_splitter])
@pytest.mark.parametrize("leads", [1, 2, 3, 4, 7])
def test_splitters_are_symmetric_and_unitary(make, leads):
    s = make(leads)
    assert np.abs(s.conj().T @ s - np.eye(leads)).max() < 1e-14
    assert np.abs(s - s.T).max() == 0


def test_probabilities():
    assert np.allclose(np.abs(symmetric_splitter(3)) ** 2, np.full((3, 3), 4 / 9) - np.eye(3) / 3)
    assert np.allclose(np.abs(symmetric_splitter(4)) ** 2, 1 / 4)
    assert np.allclose(np.abs(balanced_splitter(5)) ** 2, 1 / 5)
    assert np.allclose(buttiker_splitter() @ buttiker_splitter(), np.eye(3))
    assert abs(buttiker_splitter()[0, 0]) == 0


@given(transmission=st.floats(0, 1), phase=st.floats(-7, 7))
def test_barrier(transmission, phase):
    s = two_lead_splitter(transmission, phase)
    assert np.abs(s.conj().T @ s - np.eye(2)).max() < 1e-15
    assert abs(s[0, 1]) ** 2 == pytest.approx(transmission, abs=1e-15)
    assert s[0, 1] == s[1, 0]


@given(seed=seeds)
def test_rotations_are_exponentials(seed):
    vector = np.random.default_rng(seed).normal(size=3) * 3
    expected = expm(-0.5j * np.einsum("a,aij->ij", vector, PAULI_MATRICES))
    assert np.abs(spin_rotations(vector) - expected).max() < 1e-13


def test_small_and_no_rotation():
    assert (spin_rotations([0, 0, 0]) == np.eye(2)).all()
    assert spin_rotations([1e-200, 0, 0])[0, 1] == pytest.approx(-0.5e-200j)


def test_paper_rotations_are_turns_by_half_a_circle():
    turns = spin_rotations(-math.pi * np.concatenate([np.zeros((1, 3)), np.eye(3)]))
    assert np.abs(paper_rotations(4) - turns).max() < 1e-15


@given(seed=seeds)
def test_bloch_states_have_the_mean_values(seed):
    vector = np.random.default_rng(seed).uniform(-0.5, 0.5, 3)
    state = bloch_states(vector)
    means = np.einsum("aij,ji->a", PAULI_MATRICES, state)
    assert np.abs(means - vector).max() < 1e-15
    assert np.trace(state) == 1


def test_the_border():
    for make in (symmetric_splitter, balanced_splitter, paper_rotations):
        with pytest.raises(InputError, match="leads"):
            make(0)
    with pytest.raises(InputError, match="from 1 to 4"):
        paper_rotations(5)
    with pytest.raises(ValueError, match="read-only"):
        PAULI_MATRICES[0, 0, 0] = 1
