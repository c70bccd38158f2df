"""The border: what is accepted comes back unchanged, what is not is one error that names argument, rule and size."""

from __future__ import annotations

import math

import numpy as np
import pytest

from loschmidt.checks import (
    as_density_matrix,
    as_hermitian,
    as_inverse_temperature,
    as_number,
    as_operator,
    as_real_values,
    as_times,
    as_unitary,
)
from loschmidt.errors import (
    InputError,
    NotAStateError,
    NotFiniteError,
    NotHermitianError,
    NotUnitaryError,
    ShapeError,
)


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_hermiticity_is_judged_against_the_largest_element(scale):
    matrix = scale * np.array([[1, 1j], [-1j, 2]])
    assert np.array_equal(as_hermitian(matrix), matrix)
    with pytest.raises(NotHermitianError, match=r"`hamiltonian` must be Hermitian, but element \[0, 1\]"):
        as_hermitian(matrix + scale * np.array([[0, 1e-6], [0, 0]]))


def test_unitaries_pass_and_others_say_how_far_off_they_are():
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]])
    assert np.array_equal(as_unitary(turn), turn)
    with pytest.raises(NotUnitaryError, match="differs from the identity by"):
        as_unitary(1.001 * turn)


def test_kets_become_projectors_and_states_are_not_touched():
    np.testing.assert_allclose(as_density_matrix([0.6, 0.8j]), [[0.36, -0.48j], [0.48j, 0.64]])
    state = np.array([[0.5, 0.1], [0.1, 0.5]], dtype=complex)
    assert np.array_equal(as_density_matrix(state), state)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (np.diag([1.2, -0.2]), "lowest eigenvalue is -2.0e-01"),
        (np.diag([0.5, 0.4]), "its trace is 0.9"),
        ([[0.5, 0.1], [0.2, 0.5]], "must be Hermitian"),
        ([1.0, 1.0], "must have norm 1"),
        (np.stack([np.eye(2) / 2, np.diag([1.5, -0.5])]), r"at batch index \[1\]"),
        (np.diag([1.1, 0.1, -0.2]), "lowest eigenvalue"),
    ],
)
def test_what_is_no_state_is_refused_with_the_reason(state, message):
    with pytest.raises(NotAStateError, match=message):
        as_density_matrix(state)


@pytest.mark.parametrize("d", [3, 4, 9])
def test_larger_states_are_accepted_up_to_round_off(d):
    rng = np.random.default_rng(d)
    factor = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    pure = np.outer(factor[0], factor[0].conj()) / np.vdot(factor[0], factor[0]).real
    mixed = factor @ factor.conj().T / np.trace(factor @ factor.conj().T).real
    lowest = np.diag([1.0 + 9e-11, *np.zeros(d - 2), -9e-11])
    for state in (pure, mixed, lowest, lowest + 4e-11j * np.eye(d, k=1)):
        np.testing.assert_array_equal(as_density_matrix(state, dimension=d), state)


@pytest.mark.parametrize(
    ("at", "value", "error"),
    [
        ((0, 1), np.inf, NotFiniteError),
        ((1, 1), np.inf, NotFiniteError),
        ((2, 0), np.nan, NotFiniteError),
        ((0, 1), 0.4, NotAStateError),
        ((1, 1), 0.3 + 1e-9j, NotAStateError),
        ((1, 1), -0.1, NotAStateError),
    ],
)
def test_larger_states_with_one_bad_element_are_refused(at, value, error):
    state = np.diag([0.5, 0.3, 0.2]).astype(complex)
    state[at] = value
    if np.isinf(value):
        state[at[::-1]] = value
    with pytest.raises(error):
        as_density_matrix(state)


def test_a_state_of_another_shape_is_refused():
    for value in (np.array(1.0), np.zeros((0, 0)), np.ones((2, 3)) / 2, np.eye(4) / 4):
        with pytest.raises(ShapeError):
            as_density_matrix(value, dimension=3)
    slightly_too_low = np.diag([1.0 + 1.2e-10, 0.0, -1.2e-10])
    with pytest.raises(NotAStateError, match=r"lowest eigenvalue is -1\.2e-10"):
        as_density_matrix(slightly_too_low)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (None, InputError),
        ("abc", InputError),
        ([[1, 2, 3]], ShapeError),
        (np.zeros((0, 0)), ShapeError),
        ([[1, np.nan], [0, 1]], NotFiniteError),
        ([[np.inf, 0], [0, 1]], NotFiniteError),
    ],
)
def test_what_is_no_operator_is_refused(value, error):
    with pytest.raises(error, match="`coupling`"):
        as_operator(value, "coupling")


def test_an_operator_of_another_dimension_is_refused():
    with pytest.raises(ShapeError, match="must be 3 × 3"):
        as_operator(np.eye(2), "coupling", 3)


@pytest.mark.parametrize("times", [[0, 1, 1], [1, 0], [0, np.nan], [0], [[0, 1]], [0, 1j]])
def test_times_must_increase_and_be_finite(times):
    with pytest.raises(InputError):
        as_times(times)


def test_numbers_and_inverse_temperatures():
    assert as_number(np.float32(2), "rate") == 2.0
    assert as_inverse_temperature(-1) == -1.0
    assert as_inverse_temperature(math.inf) == math.inf
    for bad in (math.nan, -math.inf, "1", None, True):
        with pytest.raises(InputError):
            as_inverse_temperature(bad)
    with pytest.raises(InputError, match="must not be negative"):
        as_number(-1, "rate", non_negative=True)
    with pytest.raises(InputError, match="complex"):
        as_real_values([1j], "A drive")
