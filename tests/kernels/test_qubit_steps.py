"""Steps of a driven qubit side by side against the series of one step after the other, and against exponentials."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.evolution.test_runge_kutta import FINE, X, Y, Z, random_dissipator, random_driven
from tests.physics import random_hermitian, random_state, seeds

from loschmidt._kernels import qubit_series, qubit_steps
from loschmidt._kernels.compile import Compiled
from loschmidt._kernels.vector_ir import LANES, VectorFunction
from loschmidt.evolution import integrated_equation, runge_kutta
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.processes import TabulatedCoefficient, driven_generator, driven_hamiltonian, gkls_generator

TIMES = np.concatenate([np.linspace(0, 0.5, 40), [0.9, 4.0, 7.5, 11.0]])


def three_axes(rng):
    terms = [(X, np.cos), (Y, lambda t: np.sin(0.7 * t) ** 2), (0.3 * Z, lambda t: np.exp(-((t - 4) ** 2)))]
    return driven_generator(driven_hamiltonian(Z, terms), dissipators=[random_dissipator(rng, 2, "a")])


def fixed_energy(rng):
    drive = driven_hamiltonian(Z, [(random_hermitian(rng, 2), np.sin)])
    return driven_generator(drive, dissipators=[random_dissipator(rng, 2, "a")], energy=Z + 0.2 * X)


def table(rng):
    grid = np.linspace(0, 11, 30)
    drive = driven_hamiltonian(0.5 * Z, [(Y, TabulatedCoefficient(tuple(grid), tuple(rng.normal(size=30))))])
    return driven_generator(drive, dissipators=[random_dissipator(rng, 2, "a"), random_dissipator(rng, 2, "b")])


def jump(rng):
    drive = driven_hamiltonian(Z, [(X, lambda t: np.where(t < 3.3, 0.2, 0.9)), (Y, np.cos)])
    return driven_generator(drive, dissipators=[random_dissipator(rng, 2, "a")])


def function(rng):
    a, b = random_hermitian(rng, 2), random_hermitian(rng, 2)
    whole = driven_hamiltonian(lambda t: a * np.cos(t) + b)
    return driven_generator(whole, dissipators=[random_dissipator(rng, 2, "a")])


def nothing_driven(rng):
    return gkls_generator(random_hermitian(rng, 2), [random_dissipator(rng, 2, "a")], energy=random_hermitian(rng, 2))


def closed(rng):
    return driven_generator(driven_hamiltonian(Z, [(random_hermitian(rng, 2), np.cos)]), dissipators=[])


@pytest.mark.parametrize("make", [three_axes, fixed_energy, table, jump, function, nothing_driven, closed])
def test_the_general_series_gives_the_same(make, monkeypatch):
    state = random_state(np.random.default_rng(1), 2)
    ours = evolve(make(np.random.default_rng(2)), state, TIMES, FINE)
    monkeypatch.setattr(integrated_equation, "_QUBIT", 0)
    general = evolve(make(np.random.default_rng(2)), state, TIMES, FINE)
    for ledger in ("states", "heat", "work", "switching_work"):
        assert np.abs(getattr(ours, ledger) - getattr(general, ledger)).max(initial=0.0) < 1e-11
    assert np.abs(ours.states - state).max() > 1e-2


@given(seed=seeds, rtol=st.sampled_from([1e-4, 1e-7, 1e-10, 1e-15]))
def test_errors_at_outputs_inside_steps_are_honest(seed, rtol):
    process, state = random_driven(seed, 2)
    run, fine = evolve(process, state, TIMES, RungeKutta(rtol=rtol)), evolve(process, state, TIMES, RungeKutta(1e-13))
    assert (np.linalg.norm(run.states - fine.states, axis=(1, 2)) <= run.error + 1e-13).all()
    exchanged = np.abs(np.column_stack([run.heat - fine.heat, run.work - fine.work])).max(axis=1)
    assert (exchanged <= run.exchange_error + 1e-13).all()
    assert run.error[-1] < 100 * rtol + 1e-11
    assert run.error[0] == 0
    assert run.states[0] == pytest.approx(state, abs=1e-15)


def test_dense_output_between_the_times():
    process, state = random_driven(3, 2)
    run = evolve(process, state, [0.0, 10.0])
    between = np.array([7.1, 0.0, 3.3, 10.0, 3.3, 9.99])
    order = np.unique(between)
    direct = evolve(process, state, order)
    assert np.abs(run.dense(between) - direct.states[np.searchsorted(order, between)]).max() < 1e-9


def test_propagators_in_a_constant_field_are_exponentials():
    rng = np.random.default_rng(0)
    fixed, field = rng.normal(size=(3, 4)), rng.normal(size=3)
    rate = fixed + np.array([[0, 0, -field[2], field[1]], [0, field[2], 0, -field[0]], [0, -field[1], field[0], 0]])
    whole = np.concatenate([np.zeros((1, 4)), rate])
    halves, order = np.linspace(0.0, 0.15, LANES), qubit_series.ORDER
    powers = np.zeros((3, qubit_series.POWERS + 1, LANES))
    powers[:, 0] = field[:, None]
    sizes = np.zeros((qubit_series.POWERS + 1, LANES))
    sizes[0] = np.linalg.norm(field)
    matrices, norms, ends = np.empty((order + 1) * 12 * LANES), np.empty((order + 2) * LANES), np.empty(24 * LANES)
    system = (fixed, float(np.linalg.norm(fixed, 2)), (True, True, True))
    work = (matrices, norms, powers.reshape(-1), sizes.reshape(-1))
    found = qubit_series.series(system, 0, halves, 1e-17, work)
    qubit_series.propagators(matrices, found, ends)
    ends = ends.reshape(2, 4, 3, LANES)
    for lane in range(LANES):
        for which, factor in enumerate((1, 2)):
            wanted = expm(factor * halves[lane] * whole)[1:]
            np.testing.assert_allclose(ends[which, :, :, lane].T, wanted, atol=1e-13)


def test_the_bound_of_the_first_coefficient_left_out_holds():
    process, state = three_axes(np.random.default_rng(3)), np.diag([0.7, 0.3]).astype(complex)
    coarse, fine = (evolve(process, state, [0.0, 9.0], RungeKutta(rtol=rtol)) for rtol in (1e-4, 1e-12))
    assert 0 < np.linalg.norm(coarse.states[-1] - fine.states[-1]) < coarse.error[-1] < 1e-2


def test_plain_python_is_the_compiled_kernel(monkeypatch):
    drive = driven_hamiltonian(Z, [(X, np.cos), (Y, lambda t: np.exp(-((t - 1) ** 2)))])
    process = driven_generator(drive, dissipators=[random_dissipator(np.random.default_rng(0), 2, "a")])
    state, times = np.diag([0.7, 0.3]).astype(complex), np.linspace(0, 3, 8)
    compiled = evolve(process, state, times)
    for module in (qubit_series, qubit_steps):
        for name, kernel in list(vars(module).items()):
            if isinstance(kernel, Compiled) and not isinstance(kernel, VectorFunction):
                monkeypatch.setattr(module, name, kernel.py_func)
    monkeypatch.setattr(runge_kutta, "advance_qubit", qubit_steps.advance_qubit)
    plain = evolve(process, state, times)
    assert np.abs(plain.states - compiled.states).max() < 1e-14
    assert np.abs(plain.heat - compiled.heat).max() < 1e-14
    np.testing.assert_allclose(plain.error, compiled.error, rtol=0.01)
