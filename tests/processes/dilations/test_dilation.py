from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import channels, random_hermitian, seeds
from tests.processes.dilations.unitaries import CNOT, SWAP, isolated
from tests.reference.commutators import image_of

from loschmidt.errors import (
    InputError,
    NotAStateError,
    NotFiniteError,
    NotHermitianError,
    NotUnitaryError,
    ShapeError,
)
from loschmidt.information import mutual_information, von_neumann_entropy
from loschmidt.processes.channels import Channel
from loschmidt.processes.dilations import Dilation
from loschmidt.states import partial_trace, random_density_matrix, random_ket, random_unitary

system_dimensions, reservoir_dimensions = st.integers(1, 4), st.integers(1, 4)


def random_dilation(seed, d, r, rank=None, **others):
    rng = np.random.default_rng(seed)
    state = random_density_matrix(r, rng, None if rank is None else min(rank, r))
    return Dilation(random_unitary(d * r, rng), state, (d, r), **others), rng


@given(seed=seeds, d=system_dimensions, r=reservoir_dimensions, rank=st.integers(1, 4))
def test_every_image_is_the_partial_trace_of_the_joint_state(seed, d, r, rank):
    dilation, rng = random_dilation(seed, d, r, rank)
    states = random_density_matrix(d, rng, batch=(2, 3))
    joint = dilation.joint_state(states)
    for at in np.ndindex(2, 3):
        product = np.kron(states[at], dilation.reservoir_state)
        expected = dilation.unitary @ product @ dilation.unitary.conj().T
        np.testing.assert_allclose(joint[at], expected, atol=1e-14)
    np.testing.assert_allclose(dilation.channel(states), partial_trace(joint, (d, r), 0), atol=1e-14)
    np.testing.assert_allclose(dilation.reservoir_output(states), partial_trace(joint, (d, r), 1), atol=1e-14)
    np.testing.assert_allclose(dilation.mutual_information_after(states), mutual_information(joint, (d, r)), atol=1e-11)
    identity = image_of(np.eye(d), dilation.unitary, dilation.reservoir_state, d, r)
    np.testing.assert_allclose(dilation.identity_image, identity, atol=1e-14)
    np.testing.assert_allclose(dilation.channel.identity_image, identity, atol=1e-14)
    assert (dilation.identity_image == dilation.identity_image.conj().T).all()
    if d > 1 and r > 1:
        assert np.abs(joint[0, 0] - joint[1, 2]).max() > 1e-3


@given(seed=seeds, d=system_dimensions, r=reservoir_dimensions)
def test_the_channel_is_that_of_the_channels(seed, d, r):
    dilation, _ = random_dilation(seed, d, r)
    other = Channel.from_unitary(dilation.unitary, dilation.reservoir_state, (d, r))
    np.testing.assert_allclose(dilation.channel.choi, other.choi, atol=1e-14)
    assert len(dilation.kraus_operators) == r * dilation.reservoir_rank


def test_few_kraus_operators_for_a_large_reservoir():
    dilation, rng = random_dilation(3, 2, 12)
    assert len(dilation.kraus_operators) == 144
    assert len(dilation.channel.kraus_operators) <= 4
    state = random_density_matrix(2, rng)
    np.testing.assert_allclose(
        dilation.channel(state), partial_trace(dilation.joint_state(state), (2, 12), 0), atol=1e-13
    )


@given(seed=seeds, d=system_dimensions, r=reservoir_dimensions, rank=st.integers(1, 3))
def test_a_pure_input_leaves_as_much_entropy_here_as_there(seed, d, r, rank):
    dilation, rng = random_dilation(seed, d, r, rank)
    ket = random_ket(d, rng)
    here, there = dilation.channel(ket), dilation.complementary(ket)
    assert dilation.complementary.dimension_out == r * dilation.reservoir_rank
    np.testing.assert_allclose(von_neumann_entropy(here), von_neumann_entropy(there), atol=1e-11)
    # The reservoir alone holds less than the whole environment; tracing out what purifies it gives it back.
    reduced = partial_trace(there, (r, dilation.reservoir_rank), 0)
    np.testing.assert_allclose(reduced, dilation.reservoir_output(ket), atol=1e-13)


@given(seed=seeds, d=system_dimensions, r=reservoir_dimensions)
def test_order_of_the_factors(seed, d, r):
    dilation, rng = random_dilation(seed, d, r)
    turned = dilation.unitary.reshape(d, r, d, r).transpose(1, 0, 3, 2).reshape(d * r, d * r)
    other = Dilation(turned, dilation.reservoir_state, (d, r), order="RS")
    np.testing.assert_array_equal(other.unitary, dilation.unitary)
    factors = random_unitary(d, rng), random_unitary(r, rng)
    ours = Dilation(np.kron(*factors), np.eye(r) / r, (d, r))
    theirs = Dilation(np.kron(*factors[::-1]), np.eye(r) / r, (d, r), order="RS")
    np.testing.assert_allclose(ours.unitary, theirs.unitary, atol=1e-15)
    # A copy is not turned a second time.
    np.testing.assert_array_equal(dataclasses.replace(theirs).unitary, theirs.unitary)


@given(seed=seeds, d=st.integers(2, 4), r=st.integers(2, 3))
def test_energy_goes_where_the_states_say(seed, d, r):
    rng = np.random.default_rng(seed)
    energies = random_hermitian(rng, d), random_hermitian(rng, r)
    dilation, rng = random_dilation(seed, d, r, None, system_hamiltonian=energies[0], reservoir_hamiltonian=energies[1])
    states = random_density_matrix(d, rng, batch=(4,))
    exchange = dilation.energy_exchange(states)
    system = np.trace((dilation.channel(states) - states) @ energies[0], axis1=1, axis2=2).real
    reservoir = np.trace((dilation.reservoir_output(states) - dilation.reservoir_state) @ energies[1], axis1=1, axis2=2)
    np.testing.assert_allclose(exchange.system, system, atol=1e-12)
    np.testing.assert_allclose(exchange.reservoir, reservoir.real, atol=1e-12)
    np.testing.assert_allclose(exchange.total, system + reservoir.real, atol=1e-12)
    total = np.kron(energies[0], np.eye(r)) + np.kron(np.eye(d), energies[1])
    expected = np.linalg.norm(dilation.unitary @ total - total @ dilation.unitary)
    assert dilation.conservation_defect == pytest.approx(expected, rel=1e-12)
    assert expected > 1e-3


def test_a_resonant_swap_conserves_energy_and_one_that_is_not_does_not():
    energy = np.diag([0.0, 1.0])
    resonant = Dilation(SWAP, [1, 0], (2, 2), energy, energy)
    assert resonant.conservation_defect == 0
    assert resonant.energy_exchange([0, 1]).total == pytest.approx(0, abs=1e-15)
    detuned = Dilation(SWAP, [1, 0], (2, 2), energy, 1.5 * energy)
    assert detuned.conservation_defect == pytest.approx(math.sqrt(2) / 2, rel=1e-12)
    assert detuned.energy_exchange([0, 1]).total == pytest.approx(0.5, rel=1e-12)
    assert Dilation(SWAP, [1, 0], (2, 2), energy).energy_exchange([0, 1]).total is None
    assert Dilation(SWAP, [1, 0], (2, 2), None, energy).energy_exchange([0, 1]).system is None


def test_an_isolated_unitary_exchanges_no_energy():
    rng = np.random.default_rng(5)
    basis = random_unitary(3, rng)
    hamiltonian = (basis * np.array([0.0, 0.0, 1.0])) @ basis.conj().T
    dilation = Dilation(isolated(rng, (2, 1), 3, basis), random_density_matrix(3, rng), (3, 3), hamiltonian)
    assert np.abs(dilation.energy_exchange(random_density_matrix(3, rng, batch=(5,))).system).max() < 1e-14


@given(channel=channels(d_in=3, d_out=3))
def test_a_channel_has_a_dilation(channel):
    dilation = Dilation.from_channel(channel)
    np.testing.assert_allclose(dilation.channel.choi, channel.choi, atol=1e-13)
    assert dilation.reservoir_rank == 1


def test_values_of_gates():
    # A controlled NOT learns the basis of the system: full dephasing, ln 2 in the reservoir, 2 ln 2 of correlation.
    cnot = Dilation(CNOT, [1, 0], (2, 2))
    plus = np.array([1, 1]) / math.sqrt(2)
    np.testing.assert_allclose(cnot.channel(plus), np.eye(2) / 2, atol=1e-15)
    np.testing.assert_allclose(cnot.reservoir_output(plus), np.eye(2) / 2, atol=1e-15)
    assert cnot.mutual_information_after(plus) == pytest.approx(2 * math.log(2), abs=1e-14)
    assert cnot.mutual_information_after([1, 0]) == pytest.approx(0, abs=1e-14)
    swapped = Dilation(SWAP, np.diag([0.75, 0.25]), (2, 2))
    np.testing.assert_allclose(swapped.identity_image, np.diag([1.5, 0.5]), atol=1e-15)


def test_round_off_is_not_a_state_of_the_reservoir():
    dilation = Dilation(SWAP, np.diag([1 - 1e-16, 1e-17]), (2, 2))
    assert dilation.reservoir_rank == 1


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.diag([1, 1, 1, 0.9]), [1, 0], (2, 2)), NotUnitaryError, "`unitary` must be unitary.*1.9e-01.*element"),
        ((np.diag([1, 1, 1, np.nan]), [1, 0], (2, 2)), NotFiniteError, "`unitary` must be finite"),
        ((np.eye(4), [1, 1], (2, 2)), NotAStateError, "`reservoir_state` is a ket and must have norm 1"),
        ((np.eye(4), np.diag([1.2, -0.2]), (2, 2)), NotAStateError, "`reservoir_state` must be positive"),
        ((np.eye(4), np.eye(3) / 3, (2, 2)), ShapeError, "`reservoir_state` must be 2 × 2"),
        ((np.eye(4), np.eye(2)[None] / 2, (2, 2)), ShapeError, "`reservoir_state` must be one matrix"),
        ((np.eye(4)[None], [1, 0], (2, 2)), ShapeError, "`unitary` must be one matrix"),
        ((np.eye(4), [1, 0], (3, 2)), ShapeError, "`dims` must multiply to 4"),
        ((np.eye(4), [1, 0], (4, -1)), InputError, "`dims` must hold positive integers"),
        ((np.eye(8), [1, 0], (2, 2, 2)), InputError, "`dims` must be two integers"),
        ((np.eye(4), [1, 0], (4,)), InputError, "`dims` must be two integers"),
        ((np.eye(4), [1, 0], (2, 2), [[0, 1], [0, 0]]), NotHermitianError, "`system_hamiltonian` must be Hermitian"),
        ((np.eye(4), [1, 0], (2, 2), None, np.eye(3)), ShapeError, "`reservoir_hamiltonian` must be 2 × 2"),
        ((np.eye(4), [1, 0], (2, 2), None, None, "sr"), InputError, "`order` must be 'SR'"),
    ],
)
def test_border(arguments, error, message):
    with pytest.raises(error, match=message):
        Dilation(*arguments)


def test_border_of_methods():
    dilation = Dilation(SWAP, [1, 0], (2, 2))
    with pytest.raises(InputError, match="needs a Hamiltonian"):
        dilation.energy_exchange([1, 0])
    with pytest.raises(NotAStateError, match="`state` must have trace 1"):
        dilation.joint_state(np.eye(2))
    with pytest.raises(ShapeError, match="`state` must be 2 × 2"):
        dilation.mutual_information_after(np.eye(3) / 3)
    with pytest.raises(ShapeError, match="must map a space to itself"):
        Dilation.from_channel(Channel.from_kraus([[[1, 0]], [[0, 1]]]))
