"""Means over trajectories are the master equation's numbers, with coherence and with drives that do not commute."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evolution.jumps import ensembles

from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
)

FAR = 4.5
TIMES = [0.0, 3.0, 10.0]
THREE = np.array([[0.3, 0.2, 0.1j], [0.2, 0.5, 0.1], [-0.1j, 0.1, 0.2]])
PRODUCT = np.kron([[0.5, 0.4], [0.4, 0.5]], [[0.7, 0.2j], [-0.2j, 0.3]])
CASES = {
    "qubit": (ensembles.qubit(), ensembles.STATE),
    "equal gaps": (ensembles.ladder(), THREE),
    "stroke": (ensembles.stroke(), ensembles.STATE),
    "rotating frame": (ensembles.fluorescence(np.diag([0.0, 1.0])), ensembles.STATE),
    "two qubits, free": (ensembles.two_qubits("free"), PRODUCT),
}
#: Jumps here move no definite quantum of the energy observable, so that entropy and heat refer to different energies.
INDEFINITE = {
    "fluorescence": (ensembles.fluorescence(), ensembles.STATE),
    "driven fluorescence": (ensembles.driven_fluorescence(), ensembles.STATE),
    "two qubits, full": (ensembles.two_qubits("full"), PRODUCT),
}


@pytest.mark.parametrize("name", CASES)
def test_exchanges_and_entropies_are_the_ledgers(name):
    process, state = CASES[name]
    ensemble = jump_trajectories(process, state, TIMES, 40_000, np.random.default_rng(5))
    found = ensembles.deviations(ensemble) | ensembles.entropy_deviations(ensemble)
    assert max(map(abs, found.values())) < FAR, found
    assert ensemble.error < 1e-11


@pytest.mark.parametrize("name", INDEFINITE)
def test_heat_without_a_definite_quantum_has_the_right_mean(name):
    process, state = INDEFINITE[name]
    ensemble = jump_trajectories(process, state, TIMES, 10_000, np.random.default_rng(6))
    found = ensembles.deviations(ensemble)
    assert max(map(abs, found.values())) < FAR, found


@pytest.mark.parametrize("driven", [False, True])
def test_heat_and_work_of_each_trajectory_are_its_energy_change(driven):
    """All trajectories end in one dark state, where the last measurement moves no energy."""
    h = np.diag([0.0, 0.8, 1.5]).astype(complex)
    loss = np.zeros((3, 3))
    loss[0, 1], loss[0, 2] = 1.0, 0.7
    bath = jump_dissipator("vacuum", [loss], [1.5], beta=np.inf)
    process = gkls_generator(h, [bath])
    if driven:
        drive = driven_hamiltonian(h, [(np.diag([0.5, -0.2, 0.4]), lambda t: np.sin(0.7 * t))])
        process = driven_generator(drive, dissipators=[bath])
    state = np.array([[0.1, 0.1, 0], [0.1, 0.5, 0.3], [0, 0.3, 0.4]])
    ensemble = jump_trajectories(process, state, [0.0, 120.0], 1000, np.random.default_rng(13))
    assert set(ensemble.records.final) == {2}
    assert np.ptp(ensemble.records.heat) > 0.5
    balance = ensemble.records.energy_change - ensemble.records.work - ensemble.records.heat.sum(axis=1)
    np.testing.assert_allclose(balance, 0.0, atol=5e-9)
    assert (np.ptp(ensemble.records.work) > 0.1) == driven


@pytest.mark.parametrize("follows", [False, True])
def test_first_law_holds_on_each_trajectory_without_coherence(follows):
    """The quantum of a jump is that of its time, and work is done on whatever level there is."""
    drive = driven_hamiltonian(0.5 * ensembles.Z, [(0.5 * ensembles.Z, lambda t: 0.6 * np.sin(1.3 * t))])
    if follows:
        process = driven_generator(drive, [Bath("cold", 1.0, ensembles.spectrum(), ensembles.X)])
    else:
        bath = jump_dissipator("cold", [ensembles.LOWER, ensembles.LOWER.T], [0.1, 0.3])
        process = driven_generator(drive, dissipators=[bath])
    ensemble = jump_trajectories(process, np.diag([0.3, 0.7]), [0.0, 3.0, 9.0], 2000, np.random.default_rng(14))
    records = ensemble.records
    assert np.ptp(records.work) > 1
    assert len(np.unique(records.heat.round(9))) > 500
    np.testing.assert_allclose(records.energy_change, records.work + records.heat[:, 0], atol=1e-9)
    found = ensembles.deviations(ensemble)
    assert max(abs(found[name]) for name in found if name != "backaction") < FAR, found


def test_coherent_start_without_drive_has_heat_and_no_work():
    process, plus = ensembles.qubit((2.0, 2.0)), [[0.5, 0.5], [0.5, 0.5]]
    ensemble = jump_trajectories(process, plus, [0.0, 30.0], 40_000, np.random.default_rng(7))
    change = ensemble.evolution.states[-1][1, 1].real - 0.5
    assert ensemble.work is None
    assert abs(ensemble.heat[-1].sum() - change) < FAR * np.hypot(*ensemble.heat_error[-1])
    # Counting the change of the mean energy without jumps as work would leave a third of the heat.
    assert abs(ensemble.heat[-1].sum()) > 0.95 * abs(change)
    assert abs(ensemble.backaction) < FAR * ensemble.backaction_error
    assert ensemble.backaction_error > 1e-4


def test_a_sudden_change_of_the_hamiltonian_is_work():
    drive = driven_hamiltonian(0.5 * ensembles.X, [(ensembles.Z, lambda t: np.where(t < 5, 0.1, 0.8))])
    bath = Bath("cold", 1.0, ensembles.spectrum(), ensembles.Z + 0.3 * ensembles.X)
    process = driven_generator(drive, [bath])
    ensemble = jump_trajectories(process, ensembles.STATE, [0.0, 4.0, 10.0], 20_000, np.random.default_rng(8))
    found = ensembles.deviations(ensemble) | ensembles.entropy_deviations(ensemble)
    assert max(map(abs, found.values())) < FAR, found
    assert ensemble.work[1] == ensemble.work_error[1] == 0.0
    assert abs(ensemble.work[2]) > 10 * ensemble.work_error[2]


def test_a_function_as_hamiltonian_gives_the_same_trajectories():
    drive = ensembles.driven_fluorescence().hamiltonian
    parts = ensembles.driven_fluorescence().dissipators
    function = driven_generator(lambda t: drive.at(float(t)), dissipators=parts)
    terms = driven_generator(drive, dissipators=parts)
    first, second = (
        jump_trajectories(process, ensembles.STATE, [0.0, 4.0], 300, np.random.default_rng(9))
        for process in (function, terms)
    )
    np.testing.assert_array_equal(first.records.counts, second.records.counts)
    np.testing.assert_allclose(first.records.work, second.records.work, atol=1e-9)
    np.testing.assert_allclose(first.records.heat, second.records.heat, atol=1e-9)


def test_particles_are_counted_and_leave_the_chemical_work():
    number = np.diag([0.0, 1.0])
    annihilate = ensembles.LOWER
    leads = [
        Bath(name, 1.0, FermionicSpectrum(0.2), annihilate, chemical_potential=mu)
        for name, mu in (("left", 1.5), ("right", 0.2))
    ]
    process = davies_generator(0.8 * number, leads, number=number)
    ensemble = jump_trajectories(process, [1, 0], [0.0, 20.0], 20_000, np.random.default_rng(10))
    exact = ensemble.evolution
    apart = np.abs(ensemble.particles[-1] - exact.particles[-1])
    assert (apart < FAR * ensemble.particles_error[-1]).all()
    assert abs(ensemble.particles[-1, 0]) > 20 * ensemble.particles_error[-1, 0]
    assert (np.abs(ensemble.heat[-1] - exact.heat[-1]) < FAR * ensemble.heat_error[-1]).all()
    # Energy and particles are definite at all times, so that the balance holds on each trajectory.
    np.testing.assert_allclose(ensemble.backaction, 0.0, atol=1e-12)
    np.testing.assert_allclose(ensemble.backaction_error, 0.0, atol=1e-12)


def test_counts_by_bath_and_frequency_are_the_integrated_rates():
    process = ensembles.ladder()
    times = np.linspace(0.0, 8.0, 401)
    ensemble = jump_trajectories(process, THREE, [0.0, 8.0], 40_000, np.random.default_rng(11))
    jumps = process.dissipators[0].as_jumps
    exact = jump_trajectories(process, THREE, times, 1, np.random.default_rng(0)).evolution.states
    found = ensemble.jumps_of("cold")
    assert list(found) == [-1.0, 1.0]
    for k, (frequency, mean) in enumerate(found.items()):
        one = jumps.jumps[list(jumps.frequencies).index(frequency)]
        rates = jumps.rates[list(jumps.frequencies).index(frequency)] * np.einsum(
            "ba,bc,tca->t", one.conj(), one, exact, optimize=True
        )
        assert mean == pytest.approx(np.trapezoid(rates.real, times), abs=FAR * ensemble.jumps_error[-1, k])


def test_what_is_not_looked_at_is_left_out():
    look = JumpObservation(exchange=False, states=False, records=False)
    ensemble = jump_trajectories(
        ensembles.driven_fluorescence(), ensembles.STATE, TIMES, 500, np.random.default_rng(12), look
    )
    assert ensemble.work is ensemble.states is ensemble.records is None
    assert np.isnan(ensemble.heat).all()
    assert np.isnan(ensemble.backaction)
    whole = jump_trajectories(ensembles.driven_fluorescence(), ensembles.STATE, TIMES, 500, np.random.default_rng(12))
    np.testing.assert_array_equal(ensemble.jumps, whole.jumps)
