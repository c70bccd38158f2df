from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import channels, seeds
from tests.processes.dilations.unitaries import hamiltonian_of, microscopic

from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.information import von_neumann_entropy
from loschmidt.processes.channels import Channel, amplitude_damping
from loschmidt.processes.dilations import Dilation, occupied_subspace, restricted_unitality
from loschmidt.states import random_density_matrix, random_unitary

ENERGIES = (0.0, 0.0, 1.0, 3.0, 3.0)


def gain(channel, states):
    return von_neumann_entropy(channel(states)) - von_neumann_entropy(states)


def partly_unital(seed, r=2):
    """Levels of 2, 1 and 2 states: the first two unital for every reservoir, the third a swap with a polarised one."""
    rng = np.random.default_rng(seed)
    basis = random_unitary(5, rng)
    unitary = np.zeros((5 * r, 5 * r), dtype=complex)
    unitary[: 2 * r, : 2 * r] = microscopic(rng, 2, r)
    unitary[2 * r : 3 * r, 2 * r : 3 * r] = random_unitary(r, rng)
    unitary[3 * r :, 3 * r :] = np.eye(2 * r).reshape(2, r, 2, r).transpose(1, 0, 2, 3).reshape(2 * r, 2 * r)
    turn = np.kron(basis, np.eye(r))
    reservoir = random_density_matrix(r, rng, 1)
    hamiltonian = hamiltonian_of(ENERGIES, basis)
    return Dilation(turn @ unitary @ turn.conj().T, reservoir, (5, r), hamiltonian), basis, rng


@given(seed=seeds, rank=st.integers(1, 3))
def test_no_state_of_an_invariant_subspace_loses_entropy(seed, rank):
    dilation, basis, rng = partly_unital(seed)
    lower = basis[:, :3]
    # Coherences between the two levels are part of it.
    states = lower @ random_density_matrix(3, rng, rank, batch=(20,)) @ lower.conj().T
    found = restricted_unitality(dilation.channel, state=states[0], hamiltonian=dilation.system_hamiltonian)
    assert found.occupied.occupied.tolist()[-1] is False
    assert found.unital
    assert found.entropy_cannot_fall
    assert found.leak < 1e-13
    assert found.minimal_gain.value == pytest.approx(0, abs=1e-12)
    assert (gain(dilation.channel, states) > -1e-11).all()
    # The whole channel is not unital, and one level above entropy falls.
    whole = restricted_unitality(dilation.channel, np.eye(5))
    assert whole.defect == pytest.approx(dilation.channel.unitality_defect(), abs=1e-13)
    assert not whole.unital
    assert not whole.entropy_cannot_fall
    upper = basis[:, 3:]
    assert gain(dilation.channel, upper @ upper.conj().T / 2) == pytest.approx(-math.log(2), abs=1e-12)
    assert whole.minimal_gain.value <= -math.log(2) + 1e-9
    assert whole.gain_bound == pytest.approx(-math.log(2), abs=1e-12)


@given(seed=seeds)
def test_round_off_is_not_occupation(seed):
    dilation, basis, rng = partly_unital(seed)
    inside = basis[:, :3] @ random_density_matrix(3, rng) @ basis[:, :3].conj().T
    above = np.outer(basis[:, 4], basis[:, 4].conj())
    energy = dilation.system_hamiltonian
    noise = restricted_unitality(dilation.channel, state=inside + 1e-17 * above, hamiltonian=energy)
    assert noise.unital
    assert noise.basis.shape == (5, 3)
    assert noise.occupied.tolerance == 1e-12
    assert abs(noise.occupied.outside) < 1e-15
    real = restricted_unitality(dilation.channel, state=(inside + 1e-6 * above) / (1 + 1e-6), hamiltonian=energy)
    assert real.basis.shape == (5, 5)
    assert not real.unital
    told = restricted_unitality(
        dilation.channel, state=(inside + 1e-6 * above) / (1 + 1e-6), hamiltonian=energy, occupation_tolerance=1e-5
    )
    assert told.unital
    assert told.occupied.outside == pytest.approx(1e-6, rel=1e-5)


@given(channel=channels(d_in=4, d_out=4), seed=seeds, rank=st.integers(1, 4))
def test_the_bounds_hold_inside_any_subspace(channel, seed, rank):
    rng = np.random.default_rng(seed)
    state = random_density_matrix(4, rng, rank)
    found = restricted_unitality(channel, state=state)
    assert found.basis.shape == (4, rank)
    projector = found.basis @ found.basis.conj().T
    image = channel(projector)
    assert found.leak == pytest.approx(np.trace(image - projector @ image).real, abs=1e-12)
    assert found.defect == pytest.approx(np.linalg.norm(image - projector, 2), abs=1e-12)
    assert found.excess == pytest.approx(np.linalg.eigvalsh(image)[-1] - 1, abs=1e-12)
    assert gain(channel, state) >= found.state_bound - 1e-10
    assert found.state_bound >= found.gain_bound - 1e-10
    assert found.channel is None or rank == 4
    # The bound is an equality where the state is the projector.
    mixed = restricted_unitality(channel, state=projector / rank)
    assert gain(channel, projector / rank) == pytest.approx(mixed.state_bound, abs=1e-10)


def leaving():
    """0 and 1 move to 2 and 3 unchanged, 2 and 3 fall to 2: nothing in {0, 1} stays, and nothing there is lost."""
    move, first, second = np.zeros((3, 4, 4))
    move[2, 0] = move[3, 1] = first[2, 2] = second[2, 3] = 1
    return Channel.from_kraus([move, first, second])


def test_leaving_without_losing():
    channel = leaving()
    found = restricted_unitality(channel, np.eye(4)[:, :2])
    assert found.leak == pytest.approx(2)
    assert found.defect == pytest.approx(1)
    assert not found.unital
    assert found.entropy_cannot_fall
    assert found.excess == pytest.approx(0, abs=1e-15)
    assert found.channel is None
    assert found.minimal_gain is None
    states = np.zeros((10, 4, 4), dtype=complex)
    states[:, :2, :2] = random_density_matrix(2, np.random.default_rng(1), batch=(10,))
    np.testing.assert_allclose(gain(channel, states), 0, atol=1e-13)
    assert restricted_unitality(channel, np.eye(4)[:, 2:]).gain_bound == pytest.approx(-math.log(2))


def test_values_of_decay():
    decay = amplitude_damping(0.36)
    ground, excited = restricted_unitality(decay, [[1], [0]]), restricted_unitality(decay, [[0], [1]])
    assert ground.unital
    assert excited.leak == pytest.approx(0.36, abs=1e-15)
    assert excited.channel is None
    whole = restricted_unitality(decay, np.eye(2), gain=False)
    assert whole.excess == pytest.approx(0.36, abs=1e-15)
    assert whole.gain_bound == pytest.approx(-math.log(1.36), abs=1e-15)
    assert whole.minimal_gain is None
    assert restricted_unitality(amplitude_damping(0.5), np.eye(2)).minimal_gain.value == pytest.approx(
        -math.log((1 + math.sqrt(2)) / 2), abs=1e-9
    )


def test_occupied_levels():
    energy = np.diag([2.0, 0.0, 2.0])
    found = occupied_subspace([1, 0, 0], energy)
    np.testing.assert_allclose(found.occupations, [0, 1])
    assert found.occupied.tolist() == [False, True]
    np.testing.assert_array_equal(found.basis, np.eye(3)[:, [0, 2]])
    alone = occupied_subspace([1, 0, 0])
    assert alone.basis.shape == (3, 1)
    assert alone.occupations.tolist() == [1, 0, 0]
    plain = restricted_unitality(amplitude_damping(0.3), state=[1, 0]).as_dict()
    assert plain["unital"] is plain["entropy_cannot_fall"] is True
    assert plain["minimal_gain"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, InputError, "needs either `basis` or `state`"),
        ({"basis": np.eye(2), "state": [1, 0]}, InputError, "exactly one"),
        ({"basis": np.eye(2), "hamiltonian": np.eye(2)}, InputError, "there is no `state`"),
        ({"basis": np.ones((2, 1))}, InputError, "orthonormal"),
        ({"basis": np.eye(3)}, ShapeError, "`basis` must be"),
        ({"state": np.eye(2)}, NotAStateError, "`state` must have trace 1"),
        ({"state": np.eye(2)[None] / 2}, ShapeError, "`state` must be one state"),
        ({"state": [1, 0], "hamiltonian": np.eye(3)}, ShapeError, "`system_hamiltonian` must be 2 × 2"),
        ({"state": np.eye(2) / 2, "occupation_tolerance": 0.6}, InputError, "below the largest probability"),
        ({"state": [1, 0], "tolerance": 0.0}, InputError, "`tolerance` must be positive"),
    ],
)
def test_border(options, error, message):
    with pytest.raises(error, match=message):
        restricted_unitality(amplitude_damping(0.3), **options)


def test_a_map_between_spaces_has_no_common_subspace():
    with pytest.raises(ShapeError):
        restricted_unitality(Channel.from_kraus([[[1, 0]], [[0, 1]]]), [[1], [0]])
