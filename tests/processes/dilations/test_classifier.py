from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import random_hermitian, seeds
from tests.processes.dilations.unitaries import (
    CNOT,
    SWAP,
    collective,
    controlled_by_reservoir,
    controlled_by_system,
    isolated,
    microscopic,
    swap,
)
from tests.reference.commutators import blocks_of, partial_transpose, residuals

from loschmidt.errors import InputError, NotFiniteError
from loschmidt.processes.dilations import Dilation, UnitalityLabel, classify
from loschmidt.states import random_density_matrix, random_ket, random_unitary

NAMES = ["controlled", "microscopic", "collective", "macroscopic", "weighted"]
IMPLIES = {
    "controlled": ["microscopic", "collective", "macroscopic", "weighted"],
    "microscopic": ["collective", "macroscopic", "weighted"],
    "collective": ["weighted"],
    "macroscopic": ["weighted"],
    "weighted": [],
}
FAMILIES = {
    "controlled": controlled_by_reservoir,
    "microscopic": microscopic,
    "collective": collective,
    "non-unital": lambda rng, d, r: random_unitary(d * r, rng),
}
sizes = st.integers(2, 4)


def weighted(rng):
    """One part collective, another macroscopic: of the whole only the weighted sum vanishes."""
    first, second = collective(rng, 2, 2), swap(2)
    whole = np.kron(first, second).reshape([2] * 8).transpose(0, 2, 1, 3, 4, 6, 5, 7).reshape(16, 16)
    return Dilation(whole, np.kron(random_density_matrix(2, rng), np.eye(2) / 2), (4, 4))


@pytest.mark.parametrize("label", FAMILIES)
@given(seed=seeds, d=sizes, r=sizes)
def test_each_family_has_its_label(label, seed, d, r):
    rng = np.random.default_rng(seed)
    dilation = Dilation(FAMILIES[label](rng, d, r), random_density_matrix(r, rng), (d, r))
    found = classify(dilation)
    assert found.label == label
    assert found.unital == dilation.channel.is_unital() == (label != "non-unital")
    assert found.unital_for_every_reservoir_state == (label != "non-unital")
    assert [found.holds[name] for name in NAMES] == [name == label or name in IMPLIES.get(label, []) for name in NAMES]


def test_the_remaining_labels():
    rng = np.random.default_rng(7)
    found = classify(weighted(rng))
    assert found.label is UnitalityLabel.WEIGHTED
    assert found.unital
    assert not found.unital_for_every_reservoir_state
    assert classify(Dilation(CNOT, [1, 0], (2, 2))).label is UnitalityLabel.CONTROLLED
    assert classify(Dilation(SWAP, [1, 0], (2, 2))).label is UnitalityLabel.NON_UNITAL
    assert classify(Dilation(random_unitary(3, rng), [1], (3, 1))).label is UnitalityLabel.CONTROLLED


@given(seed=seeds, d=sizes, r=sizes)
def test_an_unpolarised_reservoir_is_macroscopic_for_every_unitary(seed, d, r):
    unitary = random_unitary(d * r, np.random.default_rng(seed))
    assert classify(Dilation(unitary, np.eye(r) / r, (d, r))).label is UnitalityLabel.MACROSCOPIC


@given(seed=seeds, d=st.integers(1, 4), r=st.integers(1, 4), rank=st.integers(1, 4), label=st.sampled_from([*FAMILIES]))
def test_residuals_against_the_slow_twin(seed, d, r, rank, label):
    rng = np.random.default_rng(seed)
    unitary, state = FAMILIES[label](rng, d, r), random_density_matrix(r, rng, min(rank, r))
    found = classify(Dilation(unitary, state, (d, r)))
    expected = residuals(blocks_of(unitary, d, r), state)
    for name in NAMES:
        assert found.residuals[name] == pytest.approx(expected[name], rel=1e-10, abs=1e-13)
    assert found.bounds == ()


@given(
    seed=seeds,
    d=sizes,
    r=sizes,
    label=st.sampled_from([*FAMILIES]),
    perturbation=st.sampled_from([0.0, 1e-13, 3e-12, 1e-11, 3e-11, 1e-10, 1e-9, 1e-3]),
)
def test_implications(seed, d, r, label, perturbation):
    rng = np.random.default_rng(seed)
    unitary = FAMILIES[label](rng, d, r) @ expm(1j * perturbation * random_hermitian(rng, d * r))
    found = classify(Dilation(unitary, random_density_matrix(r, rng), (d, r)))
    for name, implied in IMPLIES.items():
        assert not found.holds[name] or all(found.holds[other] for other in implied)
        assert not found.holds[name] or found.residuals[name] <= found.tolerance
    size = found.residuals
    slack = 1e-13
    assert size["microscopic"] <= size["controlled"] + slack
    assert size["macroscopic"] <= size["microscopic"] + slack
    assert size["collective"] <= d * size["microscopic"] + slack
    assert size["weighted"] <= d * size["collective"] + slack
    assert size["weighted"] <= d**2 * size["macroscopic"] + slack


@given(seed=seeds, d=sizes, r=sizes, label=st.sampled_from([*FAMILIES]))
def test_collective_means_that_the_partial_transpose_is_unitary(seed, d, r, label):
    rng = np.random.default_rng(seed)
    unitary = FAMILIES[label](rng, d, r)
    transposed = partial_transpose(unitary, d, r)
    defect = np.abs(transposed.conj().T @ transposed - np.eye(d * r)).max()
    assert classify(Dilation(unitary, np.eye(r) / r, (d, r))).holds["collective"] == (defect < 1e-10)
    # … and that the channel is unital whatever state the reservoir is in.
    defects = [Dilation(unitary, random_ket(r, rng), (d, r)).channel.unitality_defect() for _ in range(4)]
    assert (max(defects) < 1e-10) == (defect < 1e-10)


def test_partial_transpose_of_a_swap_is_far_from_unitary():
    assert classify(Dilation(SWAP, np.eye(2) / 2, (2, 2))).residuals["collective"] == pytest.approx(2)


@given(seed=seeds, d=sizes, r=sizes)
def test_only_a_controlled_reservoir_may_be_used_twice(seed, d, r):
    rng = np.random.default_rng(seed)
    state = random_ket(r, rng)
    once = controlled_by_reservoir(rng, d, r)
    assert classify(Dilation(once @ once @ once, state, (d, r))).label is UnitalityLabel.CONTROLLED
    once = microscopic(rng, d, r)
    assert classify(Dilation(once, state, (d, r))).unital
    assert not classify(Dilation(once @ once, state, (d, r))).unital


@given(seed=seeds, d=sizes, r=sizes)
def test_what_the_reservoir_does_afterwards_changes_the_reason_but_not_the_channel(seed, d, r):
    rng = np.random.default_rng(seed)
    unitary, state = controlled_by_reservoir(rng, d, r), random_density_matrix(r, rng)
    later = np.kron(np.eye(d), random_unitary(r, rng)) @ unitary
    before, after = Dilation(unitary, state, (d, r)), Dilation(later, state, (d, r))
    np.testing.assert_allclose(before.channel.choi, after.channel.choi, atol=1e-13)
    assert classify(before).label is UnitalityLabel.CONTROLLED
    assert classify(after).label is UnitalityLabel.COLLECTIVE


@given(seed=seeds, d=sizes, r=sizes)
def test_conditions_i_and_ii_depend_on_which_states_come_in(seed, d, r):
    rng = np.random.default_rng(seed)
    unitary, state = microscopic(rng, d, r), random_density_matrix(r, rng)
    basis = random_unitary(d, rng)
    turn = np.kron(basis, np.eye(r))
    dilation = Dilation(turn @ unitary @ turn.conj().T, state, (d, r))
    assert classify(dilation).label is UnitalityLabel.COLLECTIVE
    found = classify(dilation, basis=basis)
    assert found.label is UnitalityLabel.MICROSCOPIC
    other = classify(dilation)
    for name in ("collective", "weighted"):
        assert found.holds[name]
        assert other.residuals[name] < 1e-12


@given(seed=seeds, r=sizes)
def test_levels_of_one_state_are_microscopic(seed, r):
    # Pure dephasing: in the energy basis nothing is left that could fail to commute.
    rng = np.random.default_rng(seed)
    basis = random_unitary(3, rng)
    hamiltonian = (basis * np.arange(3)) @ basis.conj().T
    dilation = Dilation(isolated(rng, (1, 1, 1), r, basis), random_density_matrix(r, rng), (3, r), hamiltonian)
    assert classify(dilation).label is UnitalityLabel.MICROSCOPIC


@given(seed=seeds, d=sizes, r=sizes, label=st.sampled_from([*FAMILIES, "macroscopic", "weighted"]))
def test_a_label_does_not_depend_on_what_may_be_spent(seed, d, r, label):
    rng = np.random.default_rng(seed)
    if label == "weighted":
        dilation = weighted(rng)
    elif label == "macroscopic":
        dilation = Dilation(random_unitary(d * r, rng), np.eye(r) / r, (d, r))
    else:
        dilation = Dilation(FAMILIES[label](rng, d, r), random_density_matrix(r, rng), (d, r))
    dear, cheap = classify(dilation), classify(dilation, cost_limit=0.0)
    assert dear.label == cheap.label == label
    for name in NAMES:
        value = cheap.residuals[name]
        if value is None:
            assert not dear.holds[name]
        elif name not in cheap.bounds:
            assert value == dear.residuals[name]
        elif cheap.holds[name]:
            assert dear.residuals[name] <= value + 1e-14 <= 1e-10
        else:
            assert 1e-10 < value <= dear.residuals[name] + 1e-14


@given(seed=seeds, d=sizes)
def test_controlled_reservoirs_with_repeated_unitaries_are_recognised_cheaply(seed, d):
    # Joint eigenspaces of dimension 3, 2 and 1, and a fourth that differs by a phase only.
    rng = np.random.default_rng(seed)
    scatterers = random_unitary(d, rng, (3,))
    chosen = np.stack([scatterers[k] for k in (0, 0, 0, 1, 1, 2)] + [np.exp(1e-4j) * scatterers[2]])
    basis = random_unitary(7, rng)
    blocks = np.einsum("mji,am,bm->jiab", chosen, basis, basis.conj())
    unitary = blocks.transpose(0, 2, 1, 3).reshape(7 * d, 7 * d)
    found = classify(Dilation(unitary, random_density_matrix(7, rng), (d, 7)), cost_limit=0.0)
    assert found.label is UnitalityLabel.CONTROLLED
    assert "controlled" in found.bounds


def test_joint_eigenspaces_that_one_combination_does_not_separate():
    # Mirror images about the phase of the first combination, whose real parts agree although the numbers differ.
    mirror = -2 * np.pi * 0.6180339887498949
    phases = mirror + np.array([-2.5, -1.0, -0.3, 0.3, 1.0, 2.5])
    basis = random_unitary(6, np.random.default_rng(5))
    unitary = (basis * np.exp(1j * phases)) @ basis.conj().T
    found = classify(Dilation(unitary, np.eye(6) / 6, (1, 6)), cost_limit=0.0)
    assert found.label is UnitalityLabel.CONTROLLED
    assert found.bounds == ("controlled",)


def test_undecided_is_said():
    # Commutators between the two bounds: not proven to be controlled, and not refuted.
    rng = np.random.default_rng(3)
    unitary = controlled_by_reservoir(rng, 3, 4) @ expm(1e-11j * np.kron(np.eye(3), random_hermitian(rng, 4)))
    found = classify(Dilation(unitary, random_density_matrix(4, rng), (3, 4)), 1e-10, cost_limit=0.0)
    assert found.holds["controlled"] is None
    assert found.label is UnitalityLabel.MICROSCOPIC
    assert classify(Dilation(unitary, random_density_matrix(4, rng), (3, 4)), 1e-10).holds["controlled"] is not None


def test_as_dict_is_plain():
    found = classify(Dilation(CNOT, [1, 0], (2, 2)), cost_limit=0.0)
    read = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert read["label"] == "controlled"
    assert set(read["residuals"]) == set(read["holds"]) == set(NAMES)
    assert read["bounds"] == ["controlled"]


def test_a_label_is_said_for_systems_that_only_steer():
    rng = np.random.default_rng(1)
    found = classify(Dilation(controlled_by_system(rng, 3, 3), random_ket(3, rng), (3, 3)))
    assert found.label is UnitalityLabel.MICROSCOPIC


@pytest.mark.parametrize(
    ("tolerance", "error", "message"),
    [
        (0.0, InputError, "`tolerance` must be positive"),
        (-1.0, InputError, "`tolerance` must be positive"),
        (np.nan, NotFiniteError, "`tolerance` must be finite"),
    ],
)
def test_border(tolerance, error, message):
    with pytest.raises(error, match=message):
        classify(Dilation(CNOT, [1, 0], (2, 2)), tolerance)
