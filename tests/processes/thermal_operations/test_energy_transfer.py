from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import channels, random_davies, random_hermitian, seeds
from tests.processes.thermal_operations.operations import (
    SPECTRA,
    conserving,
    environments,
    exchanging,
    names,
    rotated,
    some_states,
    temperatures,
    working,
)
from tests.reference import thermal_operations as slow

from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels import Channel, amplitude_damping, random_channel, unitary_channel
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    energy_transfer,
    random_thermal_operation,
)
from loschmidt.states import gibbs_state, random_density_matrix, random_unitary

QUBIT = np.diag([0.0, 1.0])
QUTRIT = np.diag([0.0, 1.0, 2.0])
HADAMARD = np.array([[1, 1], [1, -1]]) / math.sqrt(2)

single = st.sampled_from(["two qubits", "oscillators", "no equal gaps", "degenerate environment"])


@given(name=single, seed=seeds, beta=temperatures, conserve=st.booleans())
def test_probabilities_and_factors_are_sums_over_kraus_operators(name, seed, beta, conserve):
    operation, _ = (conserving if conserve else working)(name, seed, [beta])
    (bath,) = operation.environments
    operators = slow.kraus_operators(operation.unitary, operation.system_hamiltonian, bath.hamiltonian, beta)
    transfer = energy_transfer(operation)
    np.testing.assert_allclose(transfer.probabilities, slow.transition_probabilities(operators), atol=1e-13)
    # Phases of the eigenvectors do not matter to α, which relates each coherence to itself.
    np.testing.assert_allclose(transfer.coherence_factors, slow.coherence_factors(operators), atol=1e-13)
    np.testing.assert_allclose(sum(one.conj().T @ one for one in operators), np.eye(operation.dims[0]), atol=1e-13)


@given(name=names, seed=seeds, betas=st.lists(temperatures, min_size=3, max_size=3), conserve=st.booleans())
def test_both_ways_to_the_elements_agree(name, seed, betas, conserve):
    operation, rng = (conserving if conserve else working)(name, seed, betas)
    ours = energy_transfer(operation)
    theirs = energy_transfer(operation.channel, operation.system_hamiltonian)
    for one in ("probabilities", "coherence_factors", "elements"):
        np.testing.assert_allclose(getattr(ours, one), getattr(theirs, one), atol=1e-13)
    levels = operation.frame.system
    state = some_states(operation, rng, 1)[0]
    expected = levels.to_eigenbasis(operation.channel(state))
    found = np.einsum("nmkl,kl->nm", ours.elements, levels.to_eigenbasis(state))
    np.testing.assert_allclose(found, expected, atol=1e-13)


@given(name=names, seed=seeds, betas=st.lists(temperatures, min_size=3, max_size=3))
def test_a_thermal_operation_keeps_frequencies_apart(name, seed, betas):
    operation, _ = conserving(name, seed, betas)
    transfer = energy_transfer(operation)
    assert transfer.covariance_defect < 1e-13
    assert transfer.dephasing_defect < 1e-13
    assert transfer.normalisation_defect < 1e-13
    assert transfer.probabilities.min() >= 0
    if not operation.frame.system.degenerate:
        assert transfer.population_mixing < 1e-13


@given(seed=seeds, d=st.integers(2, 4))
def test_other_maps_mix_them(seed, d):
    rng = np.random.default_rng(seed)
    transfer = energy_transfer(random_channel(d, d, rng, 2), random_hermitian(rng, d))
    assert transfer.covariance_defect > 1e-3
    assert transfer.dephasing_defect > 1e-3
    assert transfer.population_mixing > 1e-3


@given(seed=seeds, name=exchanging, beta=temperatures)
def test_environments_of_one_temperature_keep_the_gibbs_state(seed, name, beta):
    rng = np.random.default_rng(seed)
    system = rotated(SPECTRA[name][0], rng)
    operation = random_thermal_operation(system, environments(name, rng, [beta] * 3), rng)
    transfer = energy_transfer(operation)
    assert transfer.gibbs_defect(beta) < 1e-13
    thermal = gibbs_state(operation.system_hamiltonian, beta)
    np.testing.assert_allclose(operation.channel(thermal), thermal, atol=1e-13)
    assert transfer.gibbs_defect(beta + 1) > 1e-9
    if operation.dims[0] == 2:
        assert transfer.detailed_balance_defect(beta) < 1e-13


def test_three_levels_need_not_have_detailed_balance():
    rng = np.random.default_rng(1)
    operation = random_thermal_operation(QUTRIT, GibbsEnvironment(QUTRIT, 1.0), rng)
    transfer = energy_transfer(operation)
    assert transfer.gibbs_defect(1.0) < 1e-14
    assert transfer.detailed_balance_defect(1.0) > 1e-3


@given(name=names, seed=seeds, betas=st.lists(temperatures, min_size=3, max_size=3), conserve=st.booleans())
def test_the_bound_of_what_is_kept(name, seed, betas, conserve):
    operation, _ = (conserving if conserve else working)(name, seed, betas)
    transfer = energy_transfer(operation)
    assert transfer.bound_margin.min() > -1e-14
    np.testing.assert_allclose(transfer.bound_margin.diagonal(), 0, atol=1e-14)
    np.testing.assert_allclose(
        transfer.retention_bound**2 - np.abs(transfer.coherence_factors) ** 2, transfer.bound_margin, atol=1e-14
    )


@given(seed=seeds, time=st.floats(0.1, 50), beta=st.floats(0.1, 3))
def test_the_bound_holds_for_davies_maps_too(seed, time, beta):
    generator = random_davies(seed, 3, (beta,))
    transfer = energy_transfer(Channel.from_generator(generator, time), generator.hamiltonian)
    assert transfer.bound_margin.min() > -1e-13
    assert transfer.covariance_defect < 1e-11
    assert transfer.gibbs_defect(beta) < 1e-11
    off = ~np.eye(3, dtype=bool)
    assert (np.abs(transfer.coherence_factors[off]) < 1).all()


def test_without_equal_gaps_each_coherence_is_alone():
    operation, rng = conserving("no equal gaps", 4, [1.0])
    transfer = energy_transfer(operation)
    assert transfer.mode_mixing < 1e-13
    levels = operation.frame.system
    state = random_density_matrix(3, rng)
    after, before = levels.to_eigenbasis(operation.channel(state)), levels.to_eigenbasis(state)
    off = ~np.eye(3, dtype=bool)
    np.testing.assert_allclose(after[off], (transfer.coherence_factors * before)[off], atol=1e-14)
    np.testing.assert_allclose(after.diagonal(), transfer.probabilities @ before.diagonal(), atol=1e-14)
    assert (np.abs(after[off]) <= transfer.retention_bound[off] * np.abs(before[off])).all()


def test_equal_gaps_feed_one_another():
    operation, _ = conserving("oscillators", 4, [1.0])
    transfer = energy_transfer(operation)
    assert transfer.mode_mixing > 0.01
    # ⟨0|ρ'|1⟩ takes from ⟨1|ρ|2⟩ and not from ⟨0|ρ|2⟩, which turns twice as fast.
    assert abs(transfer.elements[0, 1, 1, 2]) > 0.01
    assert abs(transfer.elements[0, 1, 0, 2]) < 1e-14


def test_inside_a_level_populations_feel_coherence():
    operation, _ = conserving("degenerate system", 4, [1.0])
    transfer = energy_transfer(operation)
    assert transfer.population_mixing > 0.01
    assert transfer.dephasing_defect < 1e-13


def test_small_probabilities_keep_their_digits():
    operation = ThermalOperation(np.eye(4)[[0, 2, 1, 3]], QUBIT, GibbsEnvironment(QUBIT, 80.0))
    assert energy_transfer(operation).probabilities[1, 0] == pytest.approx(math.exp(-80), rel=1e-13)


def test_an_incoherent_operation_can_make_populations_of_coherence():
    # Measure X and write the result into Z: each Kraus operator maps energy states to energy states.
    operators = [np.outer([1, 0], HADAMARD[0]), np.outer([0, 1], HADAMARD[1])]
    transfer = energy_transfer(Channel.from_kraus(operators), QUBIT)
    assert transfer.dephasing_defect == pytest.approx(0.5)
    assert transfer.population_mixing == pytest.approx(0.5)


def test_values():
    transfer = energy_transfer(amplitude_damping(0.19), QUBIT)
    assert transfer.coherence_factors[0, 1] == pytest.approx(0.9)
    np.testing.assert_allclose(transfer.bound_margin, 0, atol=1e-15)
    assert transfer.gibbs_defect(math.inf) < 1e-15
    turned = energy_transfer(unitary_channel(HADAMARD), QUBIT)
    np.testing.assert_allclose(turned.probabilities, np.full((2, 2), 0.5), atol=1e-15)
    assert turned.coherence_factors[0, 1] == pytest.approx(-0.5)
    np.testing.assert_allclose(energy_transfer(unitary_channel(HADAMARD), -QUBIT).probabilities, 0.5, atol=1e-15)


@given(channel=channels(d_in=3, d_out=3), seed=seeds)
def test_a_channel_in_any_basis(channel, seed):
    basis = random_unitary(3, np.random.default_rng(seed))
    energy = (basis * np.array([0.0, 1.0, 2.5])) @ basis.conj().T
    transfer = energy_transfer(channel, (energy + energy.conj().T) / 2)
    images = [channel(np.outer(v, v.conj())) for v in basis.T]
    expected = [[np.vdot(v, image @ v).real for image in images] for v in basis.T]
    np.testing.assert_allclose(transfer.probabilities, expected, atol=1e-13)


def test_border():
    operation, _ = conserving("two qubits", 1, [1.0])
    with pytest.raises(InputError, match="must not be given for a thermal operation"):
        energy_transfer(operation, QUBIT)
    with pytest.raises(InputError, match="must be given for a channel"):
        energy_transfer(amplitude_damping(0.5))
    with pytest.raises(ShapeError, match="`hamiltonian` must be 2 × 2"):
        energy_transfer(amplitude_damping(0.5), QUTRIT)
    with pytest.raises(ShapeError, match="`hamiltonian` must be one matrix"):
        energy_transfer(amplitude_damping(0.5), QUBIT[None])
    with pytest.raises(ShapeError, match="must map a space to itself"):
        energy_transfer(Channel.from_kraus([[[1, 0]], [[0, 1]]]), QUBIT)
