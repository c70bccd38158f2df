"""Driven evolution: closed solutions, the first law from independent pieces, pulses and jumps, and honest errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from tests.physics import random_bath, random_hermitian, random_state, seeds

from loschmidt.errors import ConvergenceError, InputError
from loschmidt.evolution import integrated_equation
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    FlatSpectrum,
    OhmicSpectrum,
    TabulatedCoefficient,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
    redfield_generator,
)

X = np.array([[0, 1], [1, 0]], dtype=complex)
Y = np.array([[0, -1j], [1j, 0]])
Z = np.diag([1.0, -1.0]).astype(complex)
LOWER = np.array([[0, 0], [1, 0]], dtype=complex)
FINE = RungeKutta(rtol=1e-12)


def random_dissipator(rng, d, name, rate=0.05, count=2):
    jumps = [random_hermitian(rng, d) + 1j * random_hermitian(rng, d) for _ in range(count)]
    return jump_dissipator(name, jumps, rate / d * rng.uniform(0.5, 1.5, count))


def random_driven(seed, d, baths=2):
    rng = np.random.default_rng(seed)
    a, b, c = rng.uniform(0.3, 2.0, 3)
    terms = [
        (random_hermitian(rng, d) / 2, lambda t: np.cos(a * t + b)),
        (random_hermitian(rng, d) / 3, lambda t: np.exp(-((t - 3 * c) ** 2))),
    ]
    drive = driven_hamiltonian(random_hermitian(rng, d), terms)
    fixed = [random_dissipator(rng, d, f"bath {k}") for k in range(baths)]
    return driven_generator(drive, dissipators=fixed), random_state(rng, d)


def energies(run):
    return np.einsum("tab,tba->t", run.process.energy_at(run.times), run.states).real


def site(count, place, operator):
    whole = np.eye(1)
    for k in range(count):
        whole = np.kron(whole, operator if k == place else np.eye(2))
    return whole


def chain(count):
    bonds = [site(count, k, p) @ site(count, k + 1, p) for k in range(count - 1) for p in (X, Y)]
    ends = [
        jump_dissipator(
            f"end {k}", [site(count, k, LOWER), site(count, k, LOWER.T), site(count, k, Y + Z)], [0.1, 0.05, 0.02]
        )
        for k in (0, count - 1)
    ]
    return 0.3 * sum(bonds), sum(site(count, k, Z) for k in range(count)), ends


def test_rabi_oscillation_in_a_rotating_field():
    omega, g, times = 2.0, 0.3, np.linspace(0, 50, 101)
    field = driven_hamiltonian(
        0.5 * omega * Z, [(g * X, lambda t: np.cos(omega * t)), (g * Y, lambda t: np.sin(omega * t))]
    )
    run = evolve(driven_generator(field, dissipators=[]), [1, 0], times, FINE)
    assert np.abs(run.states[:, 0, 0].real - np.cos(g * times) ** 2).max() < 1e-10
    # All energy is work here: U = (ω/2) cos 2gt, since the field stays perpendicular to the Bloch vector's plane.
    assert np.abs(run.work - omega / 2 * (np.cos(2 * g * times) - 1)).max() < 1e-9


def test_landau_zener():
    g, speed = 0.3, 1.0
    sweep = driven_hamiltonian(g * X, [(0.5 * speed * Z, lambda t: t)])
    run = evolve(driven_generator(sweep, dissipators=[]), [1, 0], [-150.0, 150.0])
    assert abs(run.states[-1, 0, 0].real - np.exp(-2 * np.pi * g**2 / speed)) < 3 * g / 150
    assert run.error[-1] < 1e-7


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_damped_qubit_in_any_unit(unit):
    rate, omega, times = 0.1 * unit, unit, np.linspace(0, 30, 31) / unit
    process = gkls_generator(omega * np.diag([1.0, 0.0]), [jump_dissipator("vacuum", [LOWER], [rate])])
    run = evolve(process, np.full((2, 2), 0.5), times, FINE)
    assert np.abs(run.states[:, 0, 0] - 0.5 * np.exp(-rate * times)).max() < 1e-10
    assert np.abs(run.states[:, 0, 1] - 0.5 * np.exp(-rate * times / 2 - 1j * omega * times)).max() < 1e-10
    assert np.abs(run.heat[:, 0] - 0.5 * omega * (np.exp(-rate * times) - 1)).max() < 1e-10 * unit
    assert run.exchange_error.max() < 1e-9 * unit


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_a_drive_in_any_unit(unit):
    def process(scale):
        drive = driven_hamiltonian(scale * Z, [(0.4 * scale * X, lambda t: np.cos(1.7 * scale * t))])
        return driven_generator(drive, dissipators=[jump_dissipator("b", [LOWER], [0.1 * scale])])

    times = np.linspace(0, 20, 11)
    plain = evolve(process(1.0), [1, 0], times)
    scaled = evolve(process(unit), [1, 0], times / unit)
    assert np.abs(plain.states - scaled.states).max() < 1e-10
    assert np.abs(plain.work - scaled.work / unit).max() < 1e-10
    assert np.abs(plain.heat - scaled.heat / unit).max() < 1e-10


@given(seed=seeds, d=st.integers(2, 4))
def test_first_law_from_independent_pieces(seed, d):
    process, state = random_driven(seed, d)
    run = evolve(process, state, np.linspace(0, 8, 9))
    gained = energies(run) - energies(run)[0]
    assert np.abs(gained - run.work - run.heat.sum(axis=1)).max() < 1e-9
    assert np.abs(run.work).max() > 1e-3


@given(seed=seeds, d=st.integers(2, 4))
def test_reported_errors_are_honest(seed, d):
    process, state = random_driven(seed, d)
    times = np.linspace(0, 12, 25)
    run, fine = evolve(process, state, times), evolve(process, state, times, RungeKutta(rtol=1e-13, atol=1e-15))
    true = np.linalg.norm(run.states - fine.states, axis=(1, 2))
    assert (true <= 2 * run.error + 1e-14).all()
    exchanged = np.abs(np.column_stack([run.heat - fine.heat, run.work - fine.work])).max(axis=1)
    assert (exchanged <= 2 * run.exchange_error + 1e-13).all()
    assert run.error.max() < 1e-8
    assert run.exchange_error.max() < 1e-7
    assert run.error[0] == 0


@pytest.mark.parametrize("rtol", [1e-5, 1e-7, 1e-9, 1e-11])
def test_the_error_follows_the_tolerance(rtol):
    process, state = random_driven(5, 3)
    run = evolve(process, state, [0.0, 20.0], RungeKutta(rtol=rtol))
    fine = evolve(process, state, [0.0, 20.0], RungeKutta(rtol=1e-13, atol=1e-15))
    true = np.linalg.norm(run.states[-1] - fine.states[-1])
    assert 1e-3 * run.error[-1] < true + 1e-13
    assert true < 10 * run.error[-1]
    assert run.error[-1] < 1000 * rtol


@pytest.mark.parametrize("d", [2, 3, 8])
def test_static_gkls_against_the_matrix_exponential(d):
    rng = np.random.default_rng(d)
    process = gkls_generator(
        random_hermitian(rng, d),
        [random_dissipator(rng, d, "a"), random_dissipator(rng, d, "b")],
        energy=random_hermitian(rng, d),
    )
    agrees_with_the_matrix_exponential(process, random_state(rng, d))


def agrees_with_the_matrix_exponential(process, state):
    times = np.linspace(0, 10, 6)
    ours, exact = evolve(process, state, times, FINE), evolve(process, state, times, MatrixExponential())
    assert np.abs(ours.states - exact.states).max() < 1e-10
    for ledger in ("heat", "work", "switching_work", "particles"):
        assert np.abs(getattr(ours, ledger) - getattr(exact, ledger)).max() < 1e-10
    between = np.array([9.9, 0.05, 3.3])
    assert np.abs(ours.dense(between) - exact.dense(between)).max() < 1e-10


def test_static_redfield_against_the_matrix_exponential():
    rng = np.random.default_rng(1)
    for d in (3, 10):
        bath = Bath("b", 1.0, OhmicSpectrum(0.02, 5.0), random_hermitian(rng, d))
        agrees_with_the_matrix_exponential(redfield_generator(random_hermitian(rng, d), [bath]), random_state(rng, d))


def test_static_davies_of_many_levels_against_the_matrix_exponential():
    rng = np.random.default_rng(2)
    baths = [random_bath(rng, 10, name, beta) for name, beta in (("cold", 2.0), ("hot", 0.5))]
    agrees_with_the_matrix_exponential(davies_generator(random_hermitian(rng, 10), baths), random_state(rng, 10))


def test_static_chain_against_the_matrix_exponential():
    bonds, field, ends = chain(4)
    state = random_state(np.random.default_rng(0), 16)
    agrees_with_the_matrix_exponential(gkls_generator(bonds + field, ends), state)


def test_a_bath_with_particles_against_the_matrix_exponential():
    lower, number = np.array([[0, 1], [0, 0]]), np.diag([0.0, 1.0])
    leads = [
        Bath("left", 2.0, FermionicSpectrum(0.05), lower, chemical_potential=0.7),
        Bath("right", 1.0, FermionicSpectrum(0.05), lower, chemical_potential=-0.2),
    ]
    process = davies_generator(1.3 * number, leads, number=number)
    agrees_with_the_matrix_exponential(process, np.diag([0.9, 0.1]))
    assert np.abs(evolve(process, np.diag([0.9, 0.1]), [0.0, 9.0], FINE).particles[-1]).min() > 1e-2


@pytest.mark.parametrize("count", [4, 5])
def test_sparse_and_dense_products_agree(count, monkeypatch):
    bonds, field, ends = chain(count)
    drive = driven_hamiltonian(bonds, [(field, lambda t: 0.5 + 0.2 * np.sin(t))])
    state, times = random_state(np.random.default_rng(1), 2**count), np.linspace(0, 5, 6)
    sparse = evolve(driven_generator(drive, dissipators=ends), state, times)
    monkeypatch.setattr(integrated_equation, "is_sparse", lambda form: False)
    dense = evolve(driven_generator(drive, dissipators=ends), state, times)
    assert np.abs(sparse.states - dense.states).max() < 1e-12
    assert np.abs(sparse.heat - dense.heat).max() < 1e-12
    assert np.abs(sparse.work - dense.work).max() < 1e-12
    assert sparse.error == pytest.approx(dense.error, rel=1e-3, abs=1e-14)


def test_negative_rates_in_sparse_form():
    bonds, field, _ = chain(4)
    jumps = [site(4, 0, LOWER), site(4, 0, Z)]
    bath = jump_dissipator("b", jumps, [0.2, -0.01], negative_rates=True)
    agrees_with_the_matrix_exponential(gkls_generator(bonds + field, [bath]), np.eye(16) / 16 + 0.02 * site(4, 0, X))


def test_a_fixed_energy_observable_makes_switching_work():
    rng = np.random.default_rng(4)
    bare = random_hermitian(rng, 3)
    drive = driven_hamiltonian(bare, [(random_hermitian(rng, 3), np.sin)])
    process = driven_generator(drive, dissipators=[random_dissipator(rng, 3, "b")], energy=bare)
    run = evolve(process, random_state(rng, 3), np.linspace(0, 6, 7))
    gained = energies(run) - energies(run)[0]
    assert np.abs(run.work).max() == 0
    assert np.abs(run.switching_work).max() > 1e-2
    assert np.abs(gained - run.switching_work - run.heat.sum(axis=1)).max() < 1e-9


def test_a_function_of_time_is_the_same_as_its_terms():
    rng = np.random.default_rng(6)
    a, b, bath = random_hermitian(rng, 3), random_hermitian(rng, 3), random_dissipator(rng, 3, "b")
    state, times = random_state(rng, 3), np.linspace(0, 9, 10)
    terms = driven_hamiltonian(0 * a, [(a, np.cos), (b, lambda t: np.sin(t / 2) ** 2)])
    whole = driven_hamiltonian(lambda t: a * np.cos(t) + b * np.sin(t / 2) ** 2)
    one, other = (evolve(driven_generator(h, dissipators=[bath]), state, times, FINE) for h in (terms, whole))
    assert np.abs(one.states - other.states).max() < 1e-11
    assert np.abs(one.work - other.work).max() < 1e-11


def test_a_pulse_much_narrower_than_the_output_spacing_is_seen():
    width, times = 0.02, np.linspace(0, 100, 5)
    area = np.pi / 2

    def pulse(t):
        return area / (width * np.sqrt(np.pi)) * np.exp(-(((t - 37.77) / width) ** 2))

    process = driven_generator(driven_hamiltonian(0 * X, [(X, pulse)]), dissipators=[])
    run = evolve(process, [1, 0], times)
    assert np.abs(run.states[:, 1, 1].real - [0, 0, 1, 1, 1]).max() < 1e-9


@pytest.mark.parametrize("place", [4.0, 3.3, np.pi])
def test_a_jump_is_a_quench_and_its_work_is_counted(place):
    quench = driven_hamiltonian(Z, [(X, lambda t: np.where(t < place, 0.0, 0.8))])
    bath = jump_dissipator("b", [LOWER], [0.1])
    times = np.array([0.0, place - 0.5, place + 0.5, 9.0])
    run = evolve(driven_generator(quench, dissipators=[bath]), np.full((2, 2), 0.5), times, FINE)
    before = evolve(gkls_generator(Z, [bath]), np.full((2, 2), 0.5), [0.0, place], MatrixExponential()).states[-1]
    after = evolve(gkls_generator(Z + 0.8 * X, [bath]), before, [place, 9.0], MatrixExponential())
    assert np.abs(run.states[-1] - after.states[-1]).max() < 1e-9
    assert abs(run.work[1]) < 1e-12
    assert run.work[2:] == pytest.approx(0.8 * np.trace(X @ before).real, abs=1e-9)
    assert run.heat[-1, 0] - run.heat[2, 0] == pytest.approx(energies(run)[-1] - energies(run)[2], abs=1e-9)


@pytest.mark.parametrize("start", [1e5, 1e7, 1e9])
@pytest.mark.parametrize("follows", [False, True])
def test_a_drive_far_from_zero_is_known_to_the_round_off_of_its_times(start, follows):
    def wave(t):
        return 0.3 * np.sin(2 * (t - start))

    bath = Bath("b", 1.0, FlatSpectrum(0.1, zero_frequency_rate=0.0), X)
    choice = {"baths": [bath]} if follows else {"dissipators": [jump_dissipator("b", [LOWER], [0.1])]}
    state, times = [[0.6, 0.3], [0.3, 0.4]], np.array([0.0, 0.5, 1.0])
    far = evolve(driven_generator(driven_hamiltonian(0.5 * Z, [(X, wave)]), **choice), state, start + times, FINE)
    near = driven_hamiltonian(0.5 * Z, [(X, lambda t: 0.3 * np.sin(2 * t))])
    same = evolve(driven_generator(near, **choice), state, times, FINE)
    assert (np.linalg.norm(far.states - same.states, axis=(1, 2)) <= far.error + same.error).all()
    for name in ("work", "heat"):
        apart = np.abs(getattr(far, name) - getattr(same, name)).reshape(3, -1).max(axis=1)
        assert (apart <= far.exchange_error + same.exchange_error).all()
    assert far.exchange_error.max() < 1e-13 * start


def test_the_error_far_from_zero_does_not_depend_on_the_unit_of_energy():
    def errors(unit):
        lead = Bath("lead", 1.0 / unit, FermionicSpectrum(0.1 * unit), LOWER, chemical_potential=0.2 * unit)
        leads = davies_generator(0.5 * unit * Z, [lead], number=np.diag([1.0, 0.0])).dissipators
        wave = driven_hamiltonian(0.5 * unit * Z, [(unit * Z, lambda t: 0.3 * np.sin(2 * (t * unit - 1e7)))])
        process = driven_generator(wave, dissipators=leads)
        return evolve(process, [0, 1], (1e7 + np.array([0.0, 1.0])) / unit, FINE).exchange_error / unit

    np.testing.assert_allclose(errors(1e-12), errors(1.0), rtol=1e-3)


@pytest.mark.parametrize("place", [2.0, 3.3, 5.0, 10.0])
@pytest.mark.parametrize("before", [np.less, np.less_equal])
@pytest.mark.parametrize("kind", ["closed", "following", "fixed"])
def test_a_jump_at_an_output_time_is_before_or_after_it_as_the_drive_says(place, before, kind):
    quench = driven_hamiltonian(Z, [(X + 0.3 * Z, lambda t: np.where(before(t, place), 0.0, 0.8))])
    following = [Bath("b", 0.7, FlatSpectrum(0.05, zero_frequency_rate=0.0), X)]
    choices = {"closed": {"baths": []}, "following": {"baths": following}}
    process = driven_generator(quench, **choices.get(kind, {"dissipators": [jump_dissipator("b", [LOWER], [0.1])]}))
    run = evolve(process, [[0.6, 0.3], [0.3, 0.4]], np.linspace(0.0, 10.0, 1001), FINE)
    gained = energies(run) - energies(run)[0]
    assert np.abs(gained - run.work - run.heat.sum(axis=1)).max() < 1e-9


@pytest.mark.parametrize("place", [4.0, 3.3, np.pi])
@pytest.mark.parametrize("coupled", [False, True])
def test_a_quench_counts_in_full_where_baths_follow(place, coupled):
    quench = driven_hamiltonian(Z, [(X + 0.3 * Z, lambda t: np.where(t < place, 0.0, 0.8))])
    baths = [Bath("b", 0.7, FlatSpectrum(0.05, zero_frequency_rate=0.0), X)] if coupled else []
    run = evolve(
        driven_generator(quench, baths), [[0.6, 0.3], [0.3, 0.4]], [0.0, place - 1e-9, place + 1e-9, 9.0], FINE
    )
    expected = 0.8 * np.trace((X + 0.3 * Z) @ run.states[1]).real
    assert run.work[1:] == pytest.approx([0.0, expected, expected], abs=1e-8)


def test_a_tabulated_drive():
    grid = np.linspace(0, 10, 40)
    table = TabulatedCoefficient(tuple(grid), tuple(np.sin(grid)))
    process = driven_generator(driven_hamiltonian(Z, [(X, table)]), dissipators=[jump_dissipator("b", [LOWER], [0.1])])
    run = evolve(process, [1, 0], np.linspace(0, 10, 4))
    gained = energies(run) - energies(run)[0]
    assert np.abs(gained - run.work - run.heat.sum(axis=1)).max() < 1e-9


def reference(process, state, times):
    """States, heat and work by SciPy's solver with the generator made anew at every stage."""
    d, baths = process.dimension, len(process.bath_names)

    def slope(t, y):
        rho, generator = y[: d * d].reshape(d, d), process.at(t)
        heat = [np.trace(generator.energy @ one.apply(rho)) for one in generator.dissipators]
        work = np.trace(process.energy_rate_at(t) @ rho)
        return np.concatenate([generator.apply(rho).reshape(-1), heat, [work]])

    start = np.concatenate([state.reshape(-1), np.zeros(baths + 1)]).astype(complex)
    found = solve_ivp(slope, (times[0], times[-1]), start, "DOP853", times, rtol=1e-10, atol=1e-12).y.T
    return found[:, : d * d].reshape(-1, d, d), found[:, d * d : -1].real, found[:, -1].real


def avoided_crossing():
    sweep = driven_hamiltonian(0.2 * X, [(0.5 * Z, lambda t: t - 3)])
    return driven_generator(
        sweep, [Bath("a", 2.0, OhmicSpectrum(0.05), X), Bath("b", 0.5, OhmicSpectrum(0.03), [Y, Z])]
    )


@pytest.mark.parametrize("tabulated", [True, False])
def test_baths_that_follow_the_drive_against_scipy(tabulated, monkeypatch):
    monkeypatch.setattr(integrated_equation, "_SMALL", 8 if tabulated else 1)
    process, state, times = avoided_crossing(), np.diag([0.8, 0.2]).astype(complex), np.linspace(0, 6, 7)
    run = evolve(process, state, times, RungeKutta(rtol=1e-9))
    states, heat, work = reference(process, state, times)
    assert np.abs(run.states - states).max() < 1e-8
    assert np.abs(run.heat - heat).max() < 1e-8
    assert np.abs(run.work - work).max() < 1e-8
    gained = energies(run) - energies(run)[0]
    assert np.abs(gained - run.work - run.heat.sum(axis=1)).max() < 1e-8


def test_a_true_level_crossing_is_passed():
    sweep = driven_hamiltonian(0 * Z, [(0.5 * Z, lambda t: t - 2.5)])
    process = driven_generator(sweep, [Bath("b", 1.0, OhmicSpectrum(0.1), X)])
    run = evolve(process, [1, 0], np.linspace(0, 5, 6))
    gained = energies(run) - energies(run)[0]
    assert np.abs(gained - run.work - run.heat.sum(axis=1)).max() < 1e-8
    assert np.abs(run.heat).max() > 1e-2


def test_dense_output_between_the_times_of_a_driven_run():
    process, state = random_driven(3, 3)
    run = evolve(process, state, [0.0, 10.0])
    between = np.array([7.1, 0.0, 3.3, 10.0, 3.3])
    order = np.unique(between)
    direct = evolve(process, state, order)
    assert np.abs(run.dense(between) - direct.states[np.searchsorted(order, between)]).max() < 1e-9
    assert run.dense(np.zeros(0)).shape == (0, 3, 3)
    with pytest.raises(InputError, match="between 0 and 10"):
        run.dense(np.array([11.0]))


def test_dense_output_of_a_large_system():
    process, state = random_driven(3, 10, baths=1)
    run = evolve(process, state, [0.0, 2.0, 4.0])
    direct = evolve(process, state, [0.0, 1.3, 2.0, 3.7, 4.0])
    assert np.abs(run.dense(np.array([3.7, 1.3])) - direct.states[[3, 1]]).max() < 1e-9


@pytest.mark.parametrize("d", [2, 10])
def test_an_interrupt_reaches_the_caller(d):
    process, state = random_driven(1, d)
    seen = []

    def interrupting(fraction):
        seen.append(fraction)
        if fraction > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        RungeKutta().evolve(process, state, np.array([0.0, 3000.0]), interrupting)
    assert 0 < seen[-1] < 1


def test_progress_ends_at_one():
    process, state = random_driven(1, 2)
    seen = []
    RungeKutta().evolve(process, state, np.array([0.0, 300.0]), seen.append)
    assert seen[-1] == 1
    assert seen == sorted(seen)


def test_a_noisy_drive_is_refused():
    rng = np.random.default_rng(0)
    noise = driven_hamiltonian(Z, [(X, lambda t: rng.normal(size=np.shape(t)))])
    with pytest.raises(ConvergenceError, match="piecewise smooth"):
        evolve(driven_generator(noise, dissipators=[]), [1, 0], [0.0, 1.0])


@pytest.mark.parametrize("arguments", [{"rtol": 0.0}, {"rtol": -1e-8}, {"atol": -1.0}, {"rtol": np.nan}])
def test_tolerances_are_checked(arguments):
    with pytest.raises(InputError, match=r"`.tol` must"):
        RungeKutta(**arguments)
