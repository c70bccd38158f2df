from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import InputError
from loschmidt.processes.channels import Channel, amplitude_damping, dephasing, random_channel, unitary_channel
from loschmidt.states import random_density_matrix, random_unitary

information = pytest.importorskip("qiskit.quantum_info")
KINDS = [information.Kraus, information.SuperOp, information.Choi, information.Stinespring]


def theirs(channel, into=None, out=None):
    return information.Kraus(list(channel.kraus_operators), input_dims=into, output_dims=out)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "m"), [(2, 2), (3, 3), (2, 3), (4, 2)])
def test_the_same_matrices(kind, n, m):
    channel = random_channel(n, m, np.random.default_rng(n + m), 3)
    their = kind(theirs(channel))
    read = Channel.from_qiskit(their)
    np.testing.assert_allclose(read.choi, channel.choi, atol=1e-14)
    np.testing.assert_allclose(channel.choi, information.Choi(their).data, atol=1e-14)
    np.testing.assert_allclose(channel.superoperator, information.SuperOp(their).data, atol=1e-14)
    state = random_density_matrix(n, np.random.default_rng(1))
    np.testing.assert_allclose(read(state), information.DensityMatrix(state).evolve(their).data, atol=1e-14)


@pytest.mark.parametrize("kind", [information.PTM, information.Chi])
def test_qubit_representations(kind):
    channel = random_channel(4, 4, np.random.default_rng(7), 3)
    np.testing.assert_allclose(Channel.from_qiskit(kind(theirs(channel))).choi, channel.choi, atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_little_endian_factors(kind):
    # Qiskit: the first argument of tensor() is the last subsystem; matrices are Kronecker products in the same order.
    first, last = amplitude_damping(0.3), random_channel(3, 3, np.random.default_rng(1), 2)
    their = kind(theirs(first).tensor(theirs(last)))
    assert their.input_dims() == (3, 2)
    as_it_stands, turned = Channel.from_qiskit(their), Channel.from_qiskit(their, reverse=True)
    assert as_it_stands.dims_in == as_it_stands.dims_out == (2, 3)
    np.testing.assert_allclose(as_it_stands.choi, first.tensor(last).choi, atol=1e-14)
    assert turned.dims_in == turned.dims_out == (3, 2)
    np.testing.assert_allclose(turned.choi, last.tensor(first).choi, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_factors_of_rectangular_maps(kind):
    rng = np.random.default_rng(3)
    first, last = random_channel(2, 3, rng, 2), random_channel(3, 2, rng, 2)
    turned = Channel.from_qiskit(kind(theirs(first).tensor(theirs(last))), reverse=True)
    assert (turned.dims_in, turned.dims_out) == ((3, 2), (2, 3))
    np.testing.assert_allclose(turned.choi, last.tensor(first).choi, atol=1e-14)


def test_operators_and_circuits():
    from qiskit import QuantumCircuit

    unitary = random_unitary(2, np.random.default_rng(4))
    np.testing.assert_allclose(
        Channel.from_qiskit(information.Operator(unitary)).choi, unitary_channel(unitary).choi, atol=1e-14
    )
    circuit = QuantumCircuit(2)
    circuit.x(0)
    flip = np.array([[0, 1], [1, 0]])
    np.testing.assert_allclose(
        Channel.from_qiskit(circuit).choi, unitary_channel(np.kron(np.eye(2), flip)).choi, atol=1e-14
    )
    np.testing.assert_allclose(
        Channel.from_qiskit(circuit, reverse=True).choi, unitary_channel(np.kron(flip, np.eye(2))).choi, atol=1e-14
    )


def test_unitality_agrees():
    for channel, unital in ((amplitude_damping(0.2), False), (dephasing(2, 0.2), True)):
        assert bool(theirs(channel).adjoint().is_tp()) is channel.is_unital() is unital


def test_maps_that_are_not_channels():
    transposition = information.SuperOp(np.eye(4)[[0, 2, 1, 3]])
    for value in (transposition, information.Kraus(transposition), information.Stinespring(transposition)):
        assert not value.is_cp()
        with pytest.raises(InputError, match="completely positive"):
            Channel.from_qiskit(value)
        assert Channel.from_qiskit(value, check="tp").completely_positive_defect() == pytest.approx(1)


def test_what_qiskit_does_not_know_is_refused():
    with pytest.raises(InputError, match="object of Qiskit"):
        Channel.from_qiskit(np.eye(2))
    with pytest.raises(InputError, match="turn into a SuperOp"):
        Channel.from_qiskit(information.SparsePauliOp("Z").paulis)
