from __future__ import annotations

import math

import numpy as np
import pytest

from loschmidt.errors import NotAStateError, NotFiniteError
from loschmidt.information import (
    gibbs_relative_entropy,
    mutual_information,
    pinching,
    relative_entropy,
    von_neumann_entropy,
)
from loschmidt.states import gibbs_state, partial_trace, product_state, random_density_matrix, random_hamiltonian

qutip = pytest.importorskip("qutip")


@pytest.mark.parametrize("d", [2, 3, 4, 8, 16])
def test_entropies(d):
    rng = np.random.default_rng(d)
    rho, sigma = random_density_matrix(d, rng, batch=(5,)), random_density_matrix(d, rng, batch=(5,))
    theirs = [qutip.Qobj(state) for state in rho], [qutip.Qobj(state) for state in sigma]
    np.testing.assert_allclose(von_neumann_entropy(rho), [qutip.entropy_vn(state) for state in theirs[0]], atol=1e-12)
    expected = [qutip.entropy_relative(*pair) for pair in zip(*theirs, strict=True)]
    np.testing.assert_allclose(relative_entropy(rho, sigma), expected, rtol=1e-8)
    for state, value in zip(theirs[0], von_neumann_entropy(rho), strict=True):
        assert von_neumann_entropy(state) == pytest.approx(value, abs=1e-14)


def test_mutual_information_and_partial_trace_read_the_dims_of_a_qobj():
    dims = [2, 3, 2]
    matrix = random_density_matrix(12, np.random.default_rng(1))
    theirs = qutip.Qobj(matrix, dims=[dims, dims])
    np.testing.assert_allclose(partial_trace(theirs, keep=[0, 2]), theirs.ptrace([0, 2]).full(), atol=1e-14)
    expected = qutip.entropy_mutual(theirs, 0, [1, 2])
    assert mutual_information(matrix, (2, 6)) == pytest.approx(expected, abs=1e-12)
    bell = qutip.bell_state("00")
    assert mutual_information(bell) == pytest.approx(2 * math.log(2), abs=1e-12)


def test_products_and_thermal_states():
    rng = np.random.default_rng(2)
    first, second = random_density_matrix(2, rng), random_density_matrix(3, rng)
    tensor = qutip.tensor(qutip.Qobj(first), qutip.Qobj(second))
    np.testing.assert_allclose(product_state(qutip.Qobj(first), second), tensor.full(), atol=1e-15)
    hamiltonian = random_hamiltonian(4, rng)
    exponential = (-0.7 * qutip.Qobj(hamiltonian)).expm()
    np.testing.assert_allclose(
        gibbs_state(qutip.Qobj(hamiltonian), 0.7), (exponential / exponential.tr()).full(), atol=1e-12
    )
    state = random_density_matrix(4, rng)
    np.testing.assert_array_equal(pinching(qutip.Qobj(state), qutip.Qobj(hamiltonian)), pinching(state, hamiltonian))


def test_a_cold_bath_is_finite_here_and_infinite_there():
    state, hamiltonian = np.array([[0.6, 0.1], [0.1, 0.4]]), np.diag([0.0, 28.0])
    thermal = gibbs_state(hamiltonian, 1.0)
    assert qutip.entropy_relative(qutip.Qobj(state), qutip.Qobj(thermal)) == math.inf
    assert relative_entropy(state, thermal) == pytest.approx(10.5474040, abs=1e-7)
    assert gibbs_relative_entropy(state, hamiltonian, 1.0) == pytest.approx(10.5474040, abs=1e-7)


@pytest.mark.parametrize(
    ("matrix", "error"), [([[1.2, 0], [0, -0.2]], NotAStateError), ([[np.nan, 0], [0, 1]], NotFiniteError)]
)
def test_what_is_no_state_has_no_entropy(matrix, error):
    with pytest.raises(error):
        von_neumann_entropy(qutip.Qobj(np.array(matrix, dtype=complex)))
