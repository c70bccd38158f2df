from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import channels, random_hermitian, seeds
from tests.processes.dilations.test_restricted import leaving, partly_unital
from tests.processes.dilations.unitaries import CNOT, SWAP, hamiltonian_of, isolated

from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.information import von_neumann_entropy
from loschmidt.processes.channels import Channel, amplitude_damping, dephasing, reset_channel
from loschmidt.processes.dilations import Dilation, HTheoremVerdict, h_theorem
from loschmidt.states import random_density_matrix, random_unitary

SCATTERER = 2 / 3 - np.eye(3)


def three_leads(spin):
    """A particle that is scattered between three leads and turns a spin by iσ_x or iσ_y in two of them."""
    turns = [np.eye(2), np.array([[0, 1j], [1j, 0]]), np.array([[0, 1.0], [-1.0, 0]])]
    gauge = np.zeros((3, 2, 3, 2), dtype=complex)
    for lead, turn in enumerate(turns):
        gauge[lead, :, lead, :] = turn
    gauge = gauge.reshape(6, 6)
    return Dilation(gauge @ np.kron(SCATTERER, np.eye(2)) @ gauge.conj().T, spin, (3, 2), np.zeros((3, 3)))


def test_an_isolated_scatterer_that_lowers_entropy():
    paulis = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    spin = (np.eye(2) + paulis.sum(axis=0) / math.sqrt(3)) / 2
    report = h_theorem(three_leads(spin), state=np.eye(3) / 3)
    assert report.verdict is HTheoremVerdict.FAILS
    assert report.isolated
    assert report.isolation_defect == 0
    assert report.energy_exchange == pytest.approx(0, abs=1e-15)
    assert report.defect == pytest.approx(8 / 9, abs=1e-13)
    assert report.minimal_gain.value == pytest.approx(-0.514141, abs=1e-6)
    assert report.entropy_change == pytest.approx(-0.319059, abs=1e-6)
    (level,) = report.blocks
    assert level.classification.label == report.classification.label == "non-unital"
    assert level.unitality.defect == pytest.approx(8 / 9, abs=1e-13)
    assert level.occupation == pytest.approx(1)
    assert report.words == (
        "Entropy can fall: the channel is not unital (‖Φ(1) - 1‖ = 0.89), and some state changes its entropy by "
        "−0.5141 nats. The process keeps the energy of the system (largest element of U between levels 0). "
        "The given state changes its entropy by −0.3191 nats."
    )
    unpolarised = h_theorem(three_leads(np.eye(2) / 2))
    assert unpolarised.verdict is HTheoremVerdict.HOLDS
    assert unpolarised.blocks[0].classification.label == "macroscopic"
    assert unpolarised.minimal_gain.value == pytest.approx(0, abs=1e-12)
    assert "macroscopic: the mean commutators vanish in this reservoir state" in unpolarised.words


@given(seed=seeds, degeneracies=st.sampled_from([(1, 2), (2, 2), (3,), (1, 1, 2)]), r=st.integers(1, 3))
def test_levels_of_an_isolated_process(seed, degeneracies, r):
    rng = np.random.default_rng(seed)
    d = sum(degeneracies)
    basis = random_unitary(d, rng)
    energies = [2.0 * label for label, count in enumerate(degeneracies) for _ in range(count)]
    state = random_density_matrix(d, rng)
    hamiltonian = hamiltonian_of(energies, basis)
    dilation = Dilation(isolated(rng, degeneracies, r, basis), random_density_matrix(r, rng), (d, r))
    report = h_theorem(dilation, hamiltonian, state=state)
    assert report.isolated
    assert report.largest_interblock_element < 1e-13
    assert report.energy_exchange < 1e-12
    assert report.unital == (report.defect < 1e-10) == (max(b.unitality.defect for b in report.blocks) < 1e-10)
    # Between levels Φ(1) has no elements, so the largest defect is that of the worst level.
    assert report.defect == pytest.approx(max(block.unitality.defect for block in report.blocks), abs=1e-12)
    assert sum(block.occupation for block in report.blocks) == pytest.approx(1)
    for block in report.blocks:
        assert block.unitality.leak < 1e-12
        assert (block.classification.label == "non-unital") == (not block.unitality.unital)
        assert block.classification.residuals["weighted"] == pytest.approx(block.unitality.defect, abs=1e-12)
        assert report.minimal_gain.lower_bound <= block.unitality.minimal_gain.value + 1e-9
    change = von_neumann_entropy(dilation.channel(state)) - von_neumann_entropy(state)
    assert report.entropy_change == pytest.approx(float(change), abs=1e-12)
    assert report.entropy_change >= report.minimal_gain.lower_bound - 1e-10


def test_the_theorem_where_the_state_is():
    dilation, basis, rng = partly_unital(11)
    inside = basis[:, :3] @ random_density_matrix(3, rng) @ basis[:, :3].conj().T
    report = h_theorem(dilation, state=inside)
    assert report.verdict is HTheoremVerdict.HOLDS_WHERE_OCCUPIED
    assert not report.unital
    assert report.entropy_change > 0
    # Condition (i) holds for the states that the level was written in, and others have a weaker reason.
    assert [block.classification.label.value for block in report.blocks] == ["collective", "controlled", "non-unital"]
    told = h_theorem(dilation, basis=basis).blocks
    assert [block.classification.label.value for block in told] == ["microscopic", "controlled", "non-unital"]
    assert [block.unitality.unital for block in report.blocks] == [True, True, False]
    assert "not from the 3 of 5 dimensions that the state occupies, and stays there" in report.words
    assert h_theorem(dilation, state=np.eye(5) / 5).verdict is HTheoremVerdict.FAILS
    assert h_theorem(dilation).verdict is HTheoremVerdict.FAILS


def test_the_weaker_condition_where_the_state_leaves():
    report = h_theorem(leaving(), state=np.diag([0.75, 0.25, 0, 0]))
    assert report.verdict is HTheoremVerdict.HOLDS_WHERE_OCCUPIED
    assert report.entropy_change == pytest.approx(0, abs=1e-14)
    assert "that the state occupies, although it leaves (‖Φ(P) - P‖ = 1)" in report.words


@given(seed=seeds, d=st.integers(2, 3), r=st.integers(2, 3))
def test_a_process_that_is_not_isolated_is_reported(seed, d, r):
    rng = np.random.default_rng(seed)
    hamiltonian = random_hermitian(rng, d)
    dilation = Dilation(random_unitary(d * r, rng), np.eye(r) / r, (d, r), hamiltonian)
    report = h_theorem(dilation, gain=False)
    # Unital all the same: isolation is not what keeps entropy from falling.
    assert report.verdict is HTheoremVerdict.HOLDS
    assert report.isolated is False
    assert report.isolation_defect > 1e-3
    assert all(block.classification is None for block in report.blocks)
    assert max(block.unitality.leak for block in report.blocks) > 1e-6
    assert "does not keep the energy" in report.words
    heisenberg = dilation.channel.adjoint(hamiltonian) - hamiltonian
    assert report.energy_exchange == pytest.approx(np.abs(np.linalg.eigvalsh(heisenberg)).max(), abs=1e-12)


def test_channels_have_levels_too():
    decay = h_theorem(amplitude_damping(0.36), np.diag([0.0, 2.0]), state=[1, 0])
    assert decay.verdict is HTheoremVerdict.HOLDS_WHERE_OCCUPIED
    assert decay.isolated is False
    assert decay.classification is decay.isolation_defect is decay.largest_interblock_element is None
    assert decay.energy_exchange == pytest.approx(0.72)
    assert [block.unitality.leak for block in decay.blocks] == pytest.approx([0, 0.36], abs=1e-15)
    assert "(largest leak of a level 0.36)" in decay.words
    quiet = h_theorem(dephasing(2, 0.5), np.diag([0.0, 2.0]))
    assert quiet.isolated
    assert quiet.energy_exchange == pytest.approx(0, abs=1e-15)
    reset = h_theorem(reset_channel([1, 0, 0]))
    assert reset.isolated is None
    assert reset.blocks == ()
    assert reset.minimal_gain.value == pytest.approx(-math.log(3), abs=1e-9)


@given(channel=channels(d_in=3, d_out=3))
def test_a_verdict_is_what_some_state_does(channel):
    report = h_theorem(channel)
    change = von_neumann_entropy(channel(np.eye(3) / 3)) - math.log(3)
    if report.verdict is HTheoremVerdict.HOLDS:
        assert report.minimal_gain.value > -1e-10
    else:
        assert report.minimal_gain.value <= change + 1e-10 < 1e-10


def test_ambiguous_levels_are_said():
    report = h_theorem(dephasing(3, 0.5), np.diag([0.0, 1e-7, 1.0]))
    assert report.ambiguous_levels
    assert "nearly degenerate" in report.words
    assert not h_theorem(dephasing(3, 0.5), np.diag([0.0, 1e-12, 1.0])).ambiguous_levels


def test_json_is_strict_and_complete():
    report = h_theorem(Dilation(CNOT, [1, 0], (2, 2), np.diag([0.0, 1.0])), state=[0.6, 0.8])
    read = json.loads(report.to_json())
    assert read == json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert read["verdict"] == "entropy cannot fall"
    assert read["isolated"] is read["unital"] is True
    assert read["classification"]["label"] == "controlled"
    assert len(read["blocks"]) == 2
    assert read["blocks"][1]["occupation"] == pytest.approx(0.64)
    assert read["occupied"]["dimension"] == 2
    assert read["words"] == report.words
    assert json.loads(h_theorem(dephasing(2, 0.1), gain=False).to_json(indent=None))["minimal_gain"] is None


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((Channel.from_kraus([[[1, 0]], [[0, 1]]]),), {}, ShapeError, "from a space to itself|a space to itself"),
        ((Dilation(SWAP, [1, 0], (2, 2), np.eye(2)), np.eye(2)), {}, InputError, "must not be given for a dilation"),
        ((Dilation(SWAP, [1, 0], (2, 2)), np.eye(3)), {}, ShapeError, "`system_hamiltonian` must be 2 × 2"),
        ((dephasing(2, 0.1),), {"state": np.eye(2)}, NotAStateError, "`state` must have trace 1"),
        ((dephasing(2, 0.1),), {"state": np.eye(2)[None] / 2}, ShapeError, "must be one state"),
        ((dephasing(2, 0.1),), {"tolerance": -1.0}, InputError, "`tolerance` must be positive"),
    ],
)
def test_border(arguments, options, error, message):
    with pytest.raises(error, match=message):
        h_theorem(*arguments, **options)
