from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels import Channel, amplitude_damping, erasure_channel, random_channel
from loschmidt.states import random_density_matrix, random_hamiltonian, random_unitary

qutip = pytest.importorskip("qutip")

SHAPES = [((2,), (2,)), ((2, 3), (2, 3)), ((2,), (3,)), ((2, 2), (3,)), ((4,), (2, 3))]


def with_factors(into, out, seed=0, kraus=None):
    channel = random_channel(int(np.prod(into)), int(np.prod(out)), np.random.default_rng(seed), kraus)
    return Channel.from_kraus(channel.kraus_operators, (into, out))


def theirs(channel):
    dims = [list(channel.dims_out), list(channel.dims_in)]
    return [qutip.Qobj(k, dims=dims) for k in channel.kraus_operators]


def their_superoperator(channel):
    # Not qutip.kraus_to_super, which (5.3.1) confuses input and output of rectangular maps.
    return sum(qutip.sprepost(k, k.dag()) for k in theirs(channel))


@pytest.mark.parametrize(("into", "out"), SHAPES)
def test_the_same_matrices(into, out):
    channel = with_factors(into, out)
    superoperator = their_superoperator(channel)
    assert channel.to_qutip() == superoperator
    assert channel.to_qutip().dims == superoperator.dims
    np.testing.assert_allclose(channel.superoperator, superoperator.full(), atol=1e-14)
    np.testing.assert_allclose(channel.choi, qutip.to_choi(superoperator).full(), atol=1e-14)
    state = random_density_matrix(channel.dimension_in, np.random.default_rng(1))
    as_qobj = qutip.Qobj(state, dims=[list(into), list(into)])
    np.testing.assert_allclose(channel(as_qobj), superoperator(as_qobj).full(), atol=1e-14)
    assert channel.to_qutip().iscptp


@pytest.mark.parametrize(("into", "out"), SHAPES)
def test_objects_come_in(into, out):
    channel = with_factors(into, out, 1)
    superoperator = their_superoperator(channel)
    for value in (theirs(channel), superoperator, qutip.to_choi(superoperator), channel.to_qutip()):
        read = Channel.from_qutip(value)
        np.testing.assert_allclose(read.choi, channel.choi, atol=1e-14)
        assert (read.dims_in, read.dims_out) == (into, out)


def test_chi_matrices_and_operators_come_in():
    rng = np.random.default_rng(2)
    pair = with_factors((2, 2), (2, 2), 2)
    np.testing.assert_allclose(Channel.from_qutip(qutip.to_chi(their_superoperator(pair))).choi, pair.choi, atol=1e-13)
    unitary = random_unitary(3, rng)
    read = Channel.from_qutip(qutip.Qobj(unitary))
    state = random_density_matrix(3, rng)
    np.testing.assert_allclose(read(state), unitary @ state @ unitary.conj().T, atol=1e-14)
    isometry = Channel.from_qutip(qutip.Qobj(unitary[:, :2]))
    assert (isometry.dims_in, isometry.dims_out) == ((2,), (3,))


def test_a_channel_in_time():
    rng = np.random.default_rng(3)
    liouvillian = qutip.liouvillian(
        qutip.Qobj(random_hamiltonian(3, rng)), [qutip.Qobj(rng.normal(size=(3, 3))) for _ in range(2)]
    )
    channel = Channel.from_generator(liouvillian, 0.7)
    np.testing.assert_allclose(channel.superoperator, (0.7 * liouvillian).expm().full(), atol=1e-12)


def test_dilations_and_products():
    channel, other = with_factors((3,), (3,), 4, 2), with_factors((2,), (2,), 5, 2)
    product = qutip.super_tensor(channel.to_qutip(), other.to_qutip())
    np.testing.assert_allclose(channel.tensor(other).to_qutip().full(), product.full(), atol=1e-14)
    wider = with_factors((2,), (3,), 6, 2)
    np.testing.assert_allclose(
        (channel @ wider).superoperator, (channel.to_qutip() * wider.to_qutip()).full(), atol=1e-13
    )
    np.testing.assert_allclose(channel.adjoint_map.superoperator, channel.to_qutip().dag().full(), atol=1e-14)
    assert channel.adjoint_map.to_qutip().istp is channel.is_unital() is False
    their_unital = qutip.kraus_to_super([qutip.sigmax() * np.sqrt(0.3), qutip.sigmaz() * np.sqrt(0.7)])
    assert their_unital.dag().istp is Channel.from_qutip(their_unital).is_unital() is True
    left, right = qutip.to_stinespring(channel.to_qutip())
    assert left == right
    blocks = left.full().reshape(3, -1, 3).swapaxes(0, 1)
    np.testing.assert_allclose(Channel.from_kraus(blocks).choi, channel.choi, atol=1e-12)


def test_kraus_operators_are_as_few_as_theirs():
    channel = erasure_channel(2, 0.3)
    assert len(channel.minimal_kraus_operators) == len(qutip.to_kraus(channel.to_qutip())) == 3


def test_transposition_is_not_a_channel_here_or_there():
    swap = np.eye(4)[[0, 2, 1, 3]]
    turned = qutip.Qobj(swap, dims=[[[2], [2]], [[2], [2]]], superrep="super")
    assert not turned.iscp
    with pytest.raises(InputError, match="completely positive"):
        Channel.from_qutip(turned)
    assert Channel.from_qutip(turned, check="tp").completely_positive_defect() == pytest.approx(1)


def test_what_is_not_a_channel_of_qutip_is_refused():
    with pytest.raises(InputError, match=r"qutip\.Qobj"):
        Channel.from_qutip(np.eye(2))
    with pytest.raises(InputError, match="an entry is not"):
        Channel.from_qutip([qutip.qeye(2), np.eye(2)])
    with pytest.raises(InputError, match="an entry is not"):
        Channel.from_qutip([])
    with pytest.raises(ShapeError, match="equal dims"):
        Channel.from_qutip([qutip.qeye(4), qutip.qeye([2, 2])])
    with pytest.raises(ShapeError, match="plain factors"):
        Channel.from_qutip([amplitude_damping(0.1).to_qutip()])
    with pytest.raises(ShapeError, match="square operators"):
        Channel.from_qutip(qutip.sprepost(qutip.basis(2, 0), qutip.qeye(2)))
