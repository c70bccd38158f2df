"""Ledgers of open systems: closed solutions, driving, resolution, and nothing that depends on the output points."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import betas, dimensions, random_davies, random_state, seeds, two_level

from loschmidt.errors import InputError
from loschmidt.evolution import RungeKutta, evolve, steady_state
from loschmidt.information import gibbs_relative_entropy, relative_entropy_of_coherence, von_neumann_entropy
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import ACCOUNTS, Ledger, build_ledger
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
)

SIGMA_X, SIGMA_Z = np.array([[0, 1], [1, 0]]), np.diag([1.0, -1.0])


def landau_zener(**options):
    hamiltonian = driven_hamiltonian(0.25 * SIGMA_X, [(0.5 * SIGMA_Z, lambda t: 0.02 * t)])
    return driven_generator(hamiltonian, **options)


@given(seed=seeds, d=dimensions, hot=betas, cold=betas)
def test_state_functions_match_the_information_module(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    evolution = evolve(process, random_state(np.random.default_rng(seed), d), np.linspace(0, 20, 5))
    ledger, h = build_ledger(evolution), process.hamiltonian
    np.testing.assert_allclose(ledger["entropy"], von_neumann_entropy(evolution.states), atol=1e-10)
    np.testing.assert_allclose(ledger["coherence"], relative_entropy_of_coherence(evolution.states, h), atol=1e-10)
    expected = gibbs_relative_entropy(evolution.states, h, hot)
    np.testing.assert_allclose(ledger["gibbs_relative_entropy"].sel(bath="bath 0"), expected, atol=1e-9)


@given(seed=seeds, d=dimensions, hot=betas, cold=betas)
def test_parts_sum_to_the_whole_and_integrals_to_state_functions(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    data = build_ledger(evolve(process, random_state(np.random.default_rng(seed), d), np.linspace(0, 50, 6))).data
    np.testing.assert_allclose(
        data.population_entropy_production + data.coherence_entropy_production, data.entropy_production, atol=1e-8
    )
    np.testing.assert_allclose(data.entropy_production_by_bath.sum("bath"), data.entropy_production, atol=1e-8)
    np.testing.assert_allclose(data.coherence_entropy_production, data.coherence[0] - data.coherence, atol=1e-8)
    np.testing.assert_allclose(
        data.adiabatic_entropy_production + data.nonadiabatic_entropy_production, data.entropy_production, atol=1e-9
    )


def test_qubit_relaxation_matches_the_closed_solution():
    beta, omega, rate = 1.2, 1.0, 0.05
    times = np.linspace(0, 60, 31)
    ledger = build_ledger(evolve(two_level(beta, omega, rate), np.array([[0.2, 0.3], [0.3, 0.8]]), times))
    up, down = rate / (1 + math.exp(beta * omega)), rate / (1 + math.exp(-beta * omega))
    equilibrium = up / (up + down)
    excited = equilibrium + (0.8 - equilibrium) * np.exp(-(up + down) * times)
    np.testing.assert_allclose(ledger["populations"][:, 1], excited, atol=1e-12)
    np.testing.assert_allclose(ledger["heat"][:, 0], omega * (excited - 0.8), atol=1e-12)
    flow = up * (1 - excited) - down * excited
    np.testing.assert_allclose(ledger["heat_rate"][:, 0], omega * flow, atol=1e-12)
    production = flow * (np.log((up * (1 - excited)) / (down * excited)))
    np.testing.assert_allclose(ledger["population_entropy_production_rate"], production, atol=1e-10)


def test_qubit_between_two_baths_carries_the_closed_current():
    hot, cold, a, b = 0.4, 2.0, 0.03, 0.05
    baths = [Bath("hot", hot, GlauberSpectrum(a), SIGMA_X), Bath("cold", cold, GlauberSpectrum(b), SIGMA_X)]
    process = davies_generator(np.diag([0.0, 1.0]), baths)
    ledger = build_ledger(evolve(process, np.eye(2) / 2, np.linspace(0, 2000, 3)))
    fermi = [1 / (1 + math.exp(beta)) for beta in (hot, cold)]
    current = a * b / (a + b) * (fermi[0] - fermi[1])
    final = ledger.data.isel(time=-1)
    np.testing.assert_allclose(final.heat_rate, [current, -current], atol=1e-13)
    # Summed per bath before lumping rates: the lumped rates alone would give no production at all.
    assert float(final.entropy_production_rate) == pytest.approx((cold - hot) * current, rel=1e-10)
    assert float(final.adiabatic_entropy_production_rate) == pytest.approx((cold - hot) * current, rel=1e-10)
    assert float(final.nonadiabatic_entropy_production_rate) == pytest.approx(0, abs=1e-13)


@pytest.mark.parametrize("points", [2, 5, 60])
def test_isolated_stroke_exchanges_no_heat_however_few_the_output_points(points):
    process = landau_zener(dissipators=())
    evolution = evolve(process, [0, 1], np.linspace(-50, 50, points))
    ledger = build_ledger(evolution)
    assert evolution.heat.shape == (points, 0)
    change = float(ledger["energy"][-1] - ledger["energy"][0])
    assert float(ledger["work"][-1]) == pytest.approx(change, abs=1e-8)
    assert not audit(ledger).violated


def test_exchanges_do_not_depend_on_the_output_points():
    bath = Bath("cold", 2.0, OhmicSpectrum(0.02, 5.0), SIGMA_X + 0.3 * SIGMA_Z)
    coarse, fine = (
        build_ledger(evolve(landau_zener(baths=[bath]), [0, 1], np.linspace(-60, 60, n))).data.isel(time=-1)
        for n in (4, 25)
    )
    for name in ("heat", "work", "entropy_production", "population_entropy_production", "coherence_entropy_production"):
        np.testing.assert_allclose(coarse[name], fine[name], atol=2e-8)


def test_balances_hold_when_little_is_asked_for_where_much_happens():
    """Static: a decay that outlives a short interval and ends early in a long one; driven: a pulse far from outputs."""
    z, x, lower = np.diag([0.0, 1.0]), np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 0.0]])
    static = gkls_generator(z, [jump_dissipator("bath", [lower, lower.T], [1.0, math.exp(-1.0)], beta=1.0)])
    drive = driven_hamiltonian(z, [(x, lambda t: 3 * np.exp(-(((t - 152.3) / 0.1) ** 2)))])
    fast = jump_dissipator("bath", [lower, lower.T], [10.0, 10 * math.exp(-1.0)], beta=1.0)
    driven = driven_generator(drive, dissipators=[fast])
    for process, times in ((static, [0.0, 2.0, 1e4]), (driven, [0.0, 100.0, 200.0, 300.0])):
        found = audit(build_ledger(evolve(process, np.diag([0.2, 0.8]), times)))
        for name in ("entropy balance", "heat balance"):
            assert found[name].verdict in {Verdict.HOLDS, Verdict.TIGHT}, (name, found[name])


@pytest.mark.parametrize("start", [-1e9, 1e3, 1e9])
def test_integrals_do_not_depend_on_when_a_run_starts(start):
    bath = Bath("cold", 1.0, OhmicSpectrum(5e3), [[0, 1], [1, 0]])
    process = davies_generator([[0, 0], [0, 1]], [bath])
    times = start + np.array([0.0, 1.0, 2.0, 4.0]) * 2.0**-12
    book = build_ledger(evolve(process, [[0.2, 0.1], [0.1, 0.8]], times))
    same = build_ledger(evolve(process, [[0.2, 0.1], [0.1, 0.8]], times - start))
    for name in ("heat", "integrated_heat_rate", "integrated_entropy_rate"):
        np.testing.assert_allclose(book[name].values, same[name].values, rtol=1e-12, atol=1e-14)
    assert not audit(book).violated


@pytest.mark.parametrize("span", [1e-12, 1e-9, 1e-6])
def test_pure_start_is_balanced_however_short_the_run(span):
    bath = Bath("bath", 50.0, FlatSpectrum(1.0), [[0, 1], [1, 0]])
    process = davies_generator([[0, 0], [0, 1]], [bath])
    book = build_ledger(evolve(process, np.sqrt([0.1, 0.9]), [0.0, 0.01 * span, span]))
    found = book["integrated_heat_rate"].values[-1, 0]
    assert abs(found - 0.9 * math.expm1(-span)) <= book["integrated_heat_rate_error"].values[-1, 0]
    assert not audit(book).violated


@pytest.mark.parametrize(
    ("gap", "beta"), [(0.0, 1.0), (9e-10, 3.0), (1e-12, 1e4), (1.1e-9, 1.0), (1.9e-9, 1.0), (3e-9, 1.0)]
)
def test_nearly_degenerate_levels_are_one_or_two_but_never_both(gap, beta):
    coupling = [[0, 1, 0.7], [1, 0, 0.3], [0.7, 0.3, 0]]
    bath = Bath("bath", beta, OhmicSpectrum(0.01, cutoff=10.0), coupling)
    book = build_ledger(
        evolve(davies_generator(np.diag([0.0, 1.0, 1.0 + gap]), [bath]), np.eye(3) / 3, [0.0, 1.0, 100.0])
    )
    assert not audit(book).violated
    assert book["coherence_entropy_production"].values[-1] >= 0


def test_slow_bath_feeds_a_kernel_beside_a_fast_one():
    x = [[0, 1], [1, 0]]
    baths = [Bath("fast", 1.0, FlatSpectrum(1e9), x), Bath("slow", 2.0, FlatSpectrum(1e-3), x)]
    book = build_ledger(evolve(davies_generator(np.diag([0.0, 1.0]), baths), [0.6, 0.8], [0.0, 10.0]))
    assert (book["entropy_production_rate_by_bath"].values[0] == math.inf).all()
    assert not audit(book).violated


def test_heat_into_a_bath_at_zero_temperature_is_infinite_entropy_however_little():
    coupling = np.array([[0, 1.8, 1.65], [1.8, 0, -0.74], [1.65, -0.74, 0]])
    baths = [
        Bath("cold", math.inf, FlatSpectrum(1e-8), coupling),
        Bath("hot", 50.0, GlauberSpectrum(10.0), coupling),
    ]
    process = davies_generator(np.diag([0.0, 0.44, 1.0]), baths)
    book = build_ledger(evolve(process, np.eye(3) / 3, [0.0, 1e6]))
    assert abs(book["heat"].values[-1, 0]) < book["heat_error"].values[-1, 0]
    assert book["entropy_production"].values[-1] == math.inf
    still = build_ledger(
        evolve(
            davies_generator(np.diag([0.0, 1.0]), [Bath("cold", math.inf, FlatSpectrum(1.0), [[0, 1], [1, 0]])]),
            [1, 0],
            [0.0, 1.0],
        )
    )
    assert still["entropy_production"].values[-1] == 0


def test_driven_ledger_obeys_the_laws_and_counts_created_coherence():
    bath = Bath("cold", 2.0, OhmicSpectrum(0.02, 5.0), SIGMA_X + 0.3 * SIGMA_Z)
    ledger = build_ledger(evolve(landau_zener(baths=[bath]), [0, 1], np.linspace(-60, 60, 25)))
    found = audit(ledger)
    assert not found.violated
    assert {found[name].verdict for name in ("second law", "population part", "coherence part")} <= {
        Verdict.HOLDS,
        Verdict.TIGHT,
    }
    expected = ledger["coherence"] - ledger["coherence"][0] + ledger["coherence_entropy_production"]
    np.testing.assert_allclose(ledger["generated_coherence"], expected, atol=1e-12)
    assert float(np.abs(ledger["generated_coherence"]).max()) > 1e-4


def test_cyclic_work_of_a_closed_drive_matches_the_relative_entropy_form():
    # Closed quench of a Gibbs state: β(W - ΔF) = S(ρ_τ ‖ ρ_β(τ)), open-systems.md 6.4.
    from loschmidt.states import gibbs_state, log_partition_function

    beta = 0.8
    process = landau_zener(dissipators=())
    times = np.linspace(-20, 15, 3)
    start, end = process.energy_at(times[0]), process.energy_at(times[-1])
    evolution = evolve(process, gibbs_state(start, beta), times, RungeKutta(rtol=1e-12))
    difference = -(log_partition_function(end, beta) - log_partition_function(start, beta)) / beta
    distance = float(gibbs_relative_entropy(evolution.states[-1], end, beta))
    assert beta * (evolution.work[-1] - difference) == pytest.approx(distance, abs=1e-9)


def test_resolution_by_frequency_and_transition_sums_to_the_bath():
    process = random_davies(11, 4, (0.5, 2.0))
    evolution = evolve(process, random_state(np.random.default_rng(3), 4), np.linspace(0, 30, 4))
    data = build_ledger(evolution, ["frequency", "transition"]).data
    by_frequency = data.entropy_production_rate_by_frequency
    assert (by_frequency.values > -1e-14).all()
    np.testing.assert_allclose(by_frequency.sum("frequency"), data.entropy_production_rate_by_bath, rtol=1e-9)
    by_transition = data.population_entropy_production_rate_by_transition
    assert (by_transition.values >= 0).all()
    np.testing.assert_allclose(
        by_transition.sum("transition"), data.population_entropy_production_rate_by_bath, rtol=1e-9, atol=1e-15
    )


def test_unknown_or_impossible_resolution_is_refused():
    evolution = evolve(two_level(), [0, 1], [0.0, 1.0])
    with pytest.raises(InputError, match="colour"):
        build_ledger(evolution, ["colour"])
    raw = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("b", [SIGMA_X], [0.1])])
    with pytest.raises(InputError, match="Davies"):
        build_ledger(evolve(raw, [0, 1], [0.0, 1.0]), ["frequency"])


def test_dot_between_two_leads_counts_particles_heat_and_chemical_work():
    annihilate, number = np.array([[0, 1], [0, 0]]), np.diag([0.0, 1.0])
    leads = [
        Bath("left", 1.0, FermionicSpectrum(0.1), annihilate, chemical_potential=0.8),
        Bath("right", 1.0, FermionicSpectrum(0.1), annihilate, chemical_potential=-0.3),
    ]
    process = davies_generator(0.5 * number, leads, number=number)
    ledger = build_ledger(evolve(process, [1, 0], np.linspace(0, 400, 5)))
    final = ledger.data.isel(time=-1)
    filling = [1 / (1 + math.exp(0.5 - mu)) for mu in (0.8, -0.3)]
    current = 0.05 * (filling[0] - filling[1])
    np.testing.assert_allclose(final.particle_current, [current, -current], atol=1e-12)
    np.testing.assert_allclose(final.heat_rate, [(0.5 - 0.8) * current, -(0.5 + 0.3) * current], atol=1e-12)
    assert float(final.entropy_production_rate) == pytest.approx(1.1 * current, rel=1e-9)
    assert float(final.chemical_power) == pytest.approx(1.1 * current, rel=1e-9)
    assert not audit(ledger).violated


def test_three_level_maser_flux_and_adiabatic_part_without_a_sign():
    # definitions-and-machines.md: Q̇_c / Q̇_h = -ω_c / ω_h, output power (ω_h - ω_c) J.
    w_hot, w_cold, drive = 5.0, 3.0, 0.1
    bare = np.diag([0.0, w_hot - w_cold, w_hot])
    ground, middle, excited = np.eye(3)

    def pair(lower, n, rate):
        down = np.outer(lower, excited)
        return [down, down.T], [rate * (n + 1), rate * n]

    def occupation(beta, omega):
        return 1 / math.expm1(beta * omega)

    hot, cold = 0.1, 1.5
    jumps_hot, rates_hot = pair(ground, occupation(hot, w_hot), 0.01)
    jumps_cold, rates_cold = pair(middle, occupation(cold, w_cold), 0.01)
    rotating = drive * (np.outer(ground, middle) + np.outer(middle, ground))
    process = gkls_generator(
        rotating,
        [
            jump_dissipator("hot", jumps_hot, rates_hot, beta=hot),
            jump_dissipator("cold", jumps_cold, rates_cold, beta=cold),
        ],
        energy=bare,
    )
    steady = steady_state(process)
    assert steady.heat_rates[1] / steady.heat_rates[0] == pytest.approx(-w_cold / w_hot, rel=1e-10)
    ledger = build_ledger(evolve(process, steady.state, np.linspace(0, 10, 3)))
    power = float(ledger["switching_power"][-1])
    assert power == pytest.approx(-(w_hot - w_cold) / w_hot * steady.heat_rates[0], rel=1e-9)
    assert float(ledger["adiabatic_operator_minimum"]) < 0
    assert not audit(ledger).violated


def test_every_variable_is_a_known_account_with_unit_source_and_error_of_its_shape():
    ledger = build_ledger(evolve(random_davies(2, 3, (0.5, 2.0)), np.eye(3) / 3, [0.0, 1.0, 2.0]), ["transition"])
    known = {entry.name for entry in ACCOUNTS}
    for name in ledger.accounts:
        assert name in known
        assert ledger[name].attrs["symbol"]
        assert ledger[name].attrs["source"]
        assert ledger.error(name).shape == ledger[name].shape
        assert (ledger.error(name).values >= 0).all()


def test_absent_account_says_why():
    ledger = build_ledger(evolve(landau_zener(dissipators=()), [0, 1], [0.0, 1.0]))
    with pytest.raises(KeyError, match="no account 'adiabatic_entropy_production': the steady state is not unique"):
        ledger["adiabatic_entropy_production"]


def test_file_that_is_no_ledger_is_refused(tmp_path):
    path = tmp_path / "broken.nc"
    path.write_bytes(b"not a file")
    with pytest.raises(InputError, match="not a readable netCDF"):
        Ledger.load(path)
    with pytest.raises(InputError, match="no file"):
        Ledger.load(tmp_path / "missing.nc")


@given(seed=seeds, d=st.integers(2, 4), beta=betas)
def test_state_can_be_kept_as_qutip_objects(seed, d, beta):
    qutip = pytest.importorskip("qutip")
    evolution = evolve(random_davies(seed, d, (beta,)), np.eye(d) / d, [0.0, 1.0])
    objects = evolution.to_qutip()
    assert isinstance(objects[-1], qutip.Qobj)
    np.testing.assert_allclose(objects[-1].full(), evolution.states[-1])
