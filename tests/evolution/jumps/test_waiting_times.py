"""Waiting times are distributed as the norm of the state says, not as a time step allows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.evolution.jumps import ensembles

from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
from loschmidt.processes import davies_generator, gkls_generator, jump_dissipator

COUNT = 20_000
#: Kolmogorov's distance times √n is larger than this once in a thousand.
FAR = 1.95
JUMPS = JumpObservation(exchange=False, states=False, jumps=True)


def first_times(process, ket, stop, seed=1):
    """Return the times of the first jumps, and how many trajectories there are without one."""
    ensemble = jump_trajectories(process, ket, [0.0, stop], COUNT, np.random.default_rng(seed), JUMPS)
    table = np.concatenate(ensemble.records.jumps)
    _, first = np.unique(table["trajectory"], return_index=True)
    return np.sort(table["time"][first]), COUNT - len(first)


def survival(process, ket, times):
    """Return the squared norm of the state that has not jumped, from an integrator."""

    def derivative(t, y):
        generator = process.at(t) if hasattr(process, "at") else process
        operators = (getattr(one, "as_jumps", one) for one in generator.dissipators)
        return -1j * generator.effective_hamiltonian @ y - 0.5 * sum(one.decay for one in operators) @ y

    run = solve_ivp(derivative, (0.0, times[-1]), np.array(ket, complex), t_eval=times, rtol=1e-9, atol=1e-11)
    return (np.abs(run.y) ** 2).sum(axis=0)


@pytest.mark.parametrize(
    ("process", "ket", "stop"),
    [
        (ensembles.qubit(), [0.6, 0.8j], 25.0),
        (ensembles.ladder(), [0.6, 0.48, 0.64], 10.0),
        (ensembles.fluorescence(), [0.6, 0.8j], 14.0),
        (ensembles.driven_fluorescence(), [0.6, 0.8j], 14.0),
        (ensembles.stroke(8.0), [0.6, 0.8j], 8.0),
    ],
    ids=["qubit", "equal gaps", "fluorescence", "driven fluorescence", "stroke"],
)
def test_first_jump(process, ket, stop):
    found, without = first_times(process, ket, stop)
    grid = np.linspace(0.0, stop, 200)
    left = 1 - np.searchsorted(found, grid, side="right") / COUNT
    expected = survival(process, ket, grid)
    assert np.abs(left - expected).max() * np.sqrt(COUNT) < FAR
    spread = np.sqrt(COUNT * expected[-1] * (1 - expected[-1]))
    assert abs(without - COUNT * expected[-1]) < 4.5 * spread


def test_the_distance_sees_a_wrong_rate():
    found, _ = first_times(ensembles.fluorescence(), [0.6, 0.8j], 14.0)
    grid = np.linspace(0.0, 14.0, 200)
    left = 1 - np.searchsorted(found, grid, side="right") / COUNT
    expected = survival(ensembles.fluorescence(), [0.6, 0.8j], grid) ** 1.05
    assert np.abs(left - expected).max() * np.sqrt(COUNT) > FAR


def test_many_cells_between_jumps_are_leapt_over_without_a_trace():
    """A jump that is rare against the motion, looked at once and a hundred times, waits exponentially."""
    h = np.array([[0.0, 3.0], [3.0, 1.0]])
    bath = jump_dissipator("bath", [ensembles.X], [0.004], beta=None)
    process = gkls_generator(h, [bath])
    look = JumpObservation(exchange=False, states=False, jumps=True)
    few, many = (
        jump_trajectories(process, [1, 0], times, 2000, np.random.default_rng(3), look)
        for times in ([0.0, 1000.0], np.linspace(0.0, 1000.0, 101))
    )
    np.testing.assert_array_equal(few.records.counts, many.records.counts)
    np.testing.assert_allclose(few.records.jumps[0]["time"], many.records.jumps[0]["time"], atol=1e-8)
    mean = few.jumps[-1, 0]
    assert abs(mean - 4.0) < 4.5 * few.jumps_error[-1, 0]
    assert few.records.counts.var() == pytest.approx(4.0, rel=0.15)


def test_a_dark_state_never_jumps_and_a_bright_one_always():
    loss = np.zeros((3, 3))
    loss[0, 1], loss[0, 2] = 1.0, 1.0
    bath = jump_dissipator("vacuum", [loss], [2.0], beta=np.inf)
    dark, bright = np.array([0, 1, -1]) / np.sqrt(2), np.array([0, 1, 1]) / np.sqrt(2)
    for h in (np.diag([0.0, 1, 1]), np.array([[0.0, 0, 0], [0, 1, 0.2], [0, 0.2, 1]])):
        process = gkls_generator(h, [bath])
        quiet = jump_trajectories(process, dark, [0.0, 500.0], 500, np.random.default_rng(4), JUMPS)
        assert quiet.records.counts.sum() == 0
        loud = jump_trajectories(process, bright, [0.0, 500.0], 500, np.random.default_rng(4), JUMPS)
        np.testing.assert_array_equal(loud.records.counts, 1)
        half = jump_trajectories(process, [0, 1, 0], [0.0, 500.0], 4000, np.random.default_rng(4), JUMPS)
        assert abs(half.records.counts.sum() - 2000) < 4.5 * np.sqrt(1000)


def test_without_a_bath_nothing_jumps():
    process = gkls_generator(0.7 * ensembles.X, [])
    ensemble = jump_trajectories(process, ensembles.STATE, [0.0, 5.0], 3000, np.random.default_rng(5))
    assert ensemble.jumps.shape == (2, 0)
    apart = np.linalg.norm(ensemble.states[-1] - ensemble.evolution.states[-1])
    assert apart < 4.5 * ensemble.states_error[-1]
    assert ensemble.entropy.production == pytest.approx(0.0, abs=1e-12)
    cold = davies_generator(np.diag([0.0, 1.0]), [])
    assert jump_trajectories(cold, [1, 0], [0.0, 1.0], 10, np.random.default_rng(6)).heat.shape == (2, 0)
