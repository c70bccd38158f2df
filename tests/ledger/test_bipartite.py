"""Ledgers of several parts: exact values, random physics at any rank, and laws that are seen to fail."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import xlogy
from tests.physics import random_bath, random_hermitian, random_state, seeds

from loschmidt import Bath, Ledger, OhmicSpectrum, RungeKutta, audit, build_ledger, evolve
from loschmidt.errors import InputError
from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.evolution.reversal import reversal_test
from loschmidt.information import mutual_information, von_neumann_entropy
from loschmidt.information.temperatures import generalised_temperature
from loschmidt.laws.finding import Verdict
from loschmidt.ledger.reversal import with_reversal
from loschmidt.processes import driven_hamiltonian, jump_dissipator, local_generator, redfield_generator
from loschmidt.processes.multipartite import embedded, multipartite_system, total_hamiltonian
from loschmidt.states import gibbs_state, partial_trace, product_state

QUBIT = np.diag([0.0, 1.0])
X = np.array([[0.0, 1.0], [1.0, 0.0]])
Z = np.diag([1.0, -1.0])
XX = np.kron(X, X)
EXCHANGE = np.zeros((4, 4))
EXCHANGE[1, 2] = EXCHANGE[2, 1] = 1.0


def exchanging(cold=0.5, hot=2.0, stop=0.6, chi=None, points=13):
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE, betas={"A": 1 / cold, "B": 1 / hot})
    start = product_state(gibbs_state(QUBIT, 1 / cold), gibbs_state(QUBIT, 1 / hot))
    return evolve(system, start if chi is None else start + chi, np.linspace(0.0, stop, points))


def correlation(amplitude):
    chi = np.zeros((4, 4), dtype=complex)
    chi[1, 2], chi[2, 1] = amplitude, np.conj(amplitude)
    return chi


def verdicts(ledger):
    return {finding.name: finding.verdict for finding in audit(ledger).findings}


def broken(ledger, **accounts):
    """Return a ledger with some accounts changed by functions."""
    changed = {name: change(ledger.data[name]) for name, change in accounts.items()}
    return Ledger(ledger.data.assign(changed))


def test_thermal_qubits_give_the_numbers_of_the_page():
    ledger = build_ledger(exchanging())
    assert float(ledger["exchanged_entropy"][-1]) == pytest.approx(0.123545, abs=5e-7)
    assert float(ledger["mutual_information"][-1]) == pytest.approx(0.081108, abs=5e-7)
    np.testing.assert_allclose(ledger["part_displacement"][-1], [0.027495, 0.014943], atol=5e-7)
    assert verdicts(ledger)["second law of heat exchange"] is Verdict.TIGHT
    assert not audit(ledger).violated


def test_exchange_in_closed_form():
    done = exchanging(stop=1.5)
    ledger, t = build_ledger(done), done.times
    p, q = 1 / (1 + math.exp(2.0)), 1 / (1 + math.exp(0.5))
    moved = (q - p) * np.sin(t) ** 2
    np.testing.assert_allclose(ledger["part_heat"], np.stack([moved, -moved], axis=1), atol=1e-13)
    slope = (q - p) * np.sin(2 * t)
    np.testing.assert_allclose(ledger["part_heat_rate"], np.stack([slope, -slope], axis=1), atol=1e-13)
    rates = [slope * np.log((1 - p - moved) / (p + moved)), -slope * np.log((1 - q + moved) / (q - moved))]
    np.testing.assert_allclose(ledger["part_entropy_rate"], np.stack(rates, axis=1), atol=1e-12)
    assert float(ledger["interaction_commutator"]) < 1e-15
    np.testing.assert_allclose(ledger["coupling_energy"], 0.0, atol=1e-15)


def test_strong_coupling_stores_energy():
    system = multipartite_system({"A": QUBIT, "B": 0.8 * QUBIT}, 0.5 * XX, betas={"A": 2.0, "B": 0.5})
    start = product_state(gibbs_state(QUBIT, 2.0), gibbs_state(0.8 * QUBIT, 0.5))
    ledger = build_ledger(evolve(system, start, np.linspace(0, 1.7, 18)))
    np.testing.assert_allclose(ledger["part_heat"][-1], [0.26710, -0.03851], atol=1e-5)
    assert float(ledger["coupling_energy"][-1] - ledger["coupling_energy"][0]) == pytest.approx(-0.22859, abs=1e-5)
    found = verdicts(ledger)
    assert found["opposite heats"] is Verdict.EXEMPT
    assert found["energy of the parts"] is Verdict.TIGHT
    assert "commutator" in audit(ledger)["opposite heats"].reason


def test_correlations_turn_heat_round():
    ledger = build_ledger(exchanging(0.8, 1.25, 0.4, correlation(-0.15j)))
    assert float(ledger["part_heat"][-1, 0]) == pytest.approx(-0.0943608, abs=5e-8)
    assert float(ledger["mutual_information"][-1] - ledger["mutual_information"][0]) == pytest.approx(
        -0.0914576, abs=5e-8
    )
    finding = audit(ledger)["second law of heat exchange"]
    assert finding.verdict is Verdict.EXEMPT
    assert "correlated" in finding.reason
    assert verdicts(ledger)["heat, correlation and displacement"] is Verdict.TIGHT
    assert not audit(ledger).violated


def test_a_start_out_of_equilibrium_is_exempt_too():
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE, betas={"A": 2.0, "B": 0.5})
    start = product_state(np.diag([0.2, 0.8]), gibbs_state(QUBIT, 0.5))
    finding = audit(build_ledger(evolve(system, start, [0.0, 0.3, 0.6])))["second law of heat exchange"]
    assert finding.verdict is Verdict.EXEMPT
    assert "'A'" in finding.reason


@settings(max_examples=15, deadline=None)
@given(seed=seeds, rank=st.integers(1, 12))
def test_no_law_is_violated_by_closed_parts(seed, rank):
    rng = np.random.default_rng(seed)
    dims = [(2, 2), (3, 2), (2, 3, 2)][int(rng.integers(3))]
    d = int(np.prod(dims))
    parts = {f"part {k}": random_hermitian(rng, n) for k, n in enumerate(dims)}
    betas = {name: float(rng.uniform(-1.0, 2.0)) for name in parts}
    system = multipartite_system(parts, random_hermitian(rng, d), betas=betas)
    state = random_state(rng, d, rank if rank < d else d)
    done = evolve(system, state, np.linspace(0.0, 1.0, 5))
    ledger = with_reversal(build_ledger(done), reversal_test(done))
    assert not audit(ledger).violated, audit(ledger).counts()
    found = verdicts(ledger)
    for name in ("entropy conservation", "energy of the parts", "correlation from heat", "erased correlations"):
        assert found[name] is Verdict.TIGHT, name
    expected = [float(von_neumann_entropy(partial_trace(done.states[-1], dims, k))) for k in range(len(dims))]
    np.testing.assert_allclose(ledger["part_entropy"][-1], expected, atol=1e-11)
    total = float(mutual_information(done.states[-1], dims))
    assert float(ledger["mutual_information"][-1]) == pytest.approx(total, abs=1e-11)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_units_do_not_matter(scale):
    rng = np.random.default_rng(3)
    parts = {"a": scale * random_hermitian(rng, 2), "b": scale * random_hermitian(rng, 2)}
    coupling, state = scale * random_hermitian(rng, 4), random_state(rng, 4, 2)
    system = multipartite_system(parts, coupling, betas={"a": 1 / scale, "b": 0.3 / scale})
    ledger = build_ledger(evolve(system, state, np.linspace(0, 2, 9) / scale))
    assert not audit(ledger).violated
    unit = build_ledger(
        evolve(
            multipartite_system({k: h / scale for k, h in parts.items()}, coupling / scale, betas={"a": 1.0, "b": 0.3}),
            state,
            np.linspace(0, 2, 9),
        )
    )
    for name, power in (("part_entropy", 0), ("part_heat", 1), ("part_heat_rate", 2), ("part_entropy_rate", 1)):
        np.testing.assert_allclose(ledger[name] / scale**power, unit[name], atol=1e-9, err_msg=name)


@settings(max_examples=5, deadline=None)
@given(seed=seeds)
def test_no_law_is_violated_by_open_parts(seed):
    rng = np.random.default_rng(seed)
    parts = {"a": random_hermitian(rng, 2), "b": random_hermitian(rng, 2)}
    bath = random_bath(rng, 4, "bath", float(rng.uniform(0.2, 3.0)), 0.05)
    system = multipartite_system(parts, random_hermitian(rng, 4), betas={"a": 1.0, "b": 2.0}, baths=[bath])
    done = evolve(system, random_state(rng, 4, int(rng.integers(1, 5))), np.linspace(0.0, 4.0, 6))
    ledger = build_ledger(done)
    assert ledger.aspects == ("open system",)
    assert not audit(ledger).violated, audit(ledger).counts()
    found = audit(ledger)["entropy conservation"]
    assert found.verdict is Verdict.EXEMPT
    assert "baths changed its entropy" in found.reason
    whole = build_ledger(done.joint)
    for name in ("heat", "entropy_production", "entropy", "work"):
        if name in whole:
            np.testing.assert_array_equal(ledger[name], whole[name])
    assert [finding.name for finding in audit(ledger).validity] == [one.name for one in audit(whole).validity]


def test_an_open_part_that_fills_an_empty_level_has_an_infinite_rate_at_the_start_only():
    decay = jump_dissipator("hot", [embedded([[0, 0], [1, 0]], (2, 2), 0)], [0.3])
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, 0.1 * XX, dissipators=[decay])
    ledger = build_ledger(evolve(system, [1, 0, 0, 0], [0.0, 1e-9, 1e-3, 1.0]))
    rate = ledger["part_entropy_rate"].values
    assert rate[0, 0] == math.inf
    assert rate[0, 1] == pytest.approx(0.0, abs=1e-12)
    assert np.isfinite(rate[1:]).all()
    assert rate[1, 0] == pytest.approx(0.3 * math.log(1 / 0.3e-9), rel=1e-3)
    assert not audit(ledger).violated


@pytest.mark.parametrize("stop", [math.pi, 3.1415927, 3.14159, 3.1])
def test_a_part_that_becomes_pure_again_has_a_finite_rate(stop):
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE)
    ledger = build_ledger(evolve(system, [0, 1, 0, 0], [0.0, 1.0, stop]))
    p = math.sin(stop) ** 2
    exact = math.sin(2 * stop) * math.log((1 - p) / p) if p > 1e-25 else 0.0
    error = float(ledger.error("part_entropy_rate")[-1, 0])
    assert float(ledger["part_entropy_rate"][-1, 0]) == pytest.approx(exact, abs=error)
    assert error < 1e-6
    assert not audit(ledger).violated


def test_a_drive_works_on_a_part_and_on_the_interaction():
    coupling = driven_hamiltonian(0.1 * XX, [(XX, lambda t: 0.5 * np.sin(t) ** 2)])
    part = driven_hamiltonian(QUBIT, [(X, lambda t: 0.3 * np.cos(2 * t))])
    system = multipartite_system({"A": part, "B": 0.8 * QUBIT}, coupling, betas={"A": 2.0, "B": 0.5})
    done = evolve(system, product_state(gibbs_state(QUBIT, 2.0), gibbs_state(0.8 * QUBIT, 0.5)), np.linspace(0, 3, 7))
    ledger = build_ledger(done)
    held = ledger["part_energy"].sum("part") + ledger["coupling_energy"]
    np.testing.assert_allclose(held - held[0], ledger["work"], atol=1e-9)
    change = (ledger["part_energy"] - ledger["part_energy"][0]).values
    np.testing.assert_allclose((ledger["part_heat"] + ledger["part_work"]).values, change, atol=1e-12)
    assert abs(float(ledger["part_work"][-1, 0])) > 0.01
    assert not ledger["part_work"].values[:, 1].any()
    found = verdicts(ledger)
    assert found["second law of heat exchange"] is Verdict.UNTESTED
    assert not audit(ledger).violated


@pytest.mark.parametrize(("stop", "points"), [(10.0, 31), (10.0, 2)])
def test_empty_levels_of_driven_parts_fill_and_empty_with_the_entropy_of_their_rates(stop, points):
    # Populations sin²(t - sin t cos t): the parts are pure at the start, and again at times between the outputs.
    coupling = driven_hamiltonian(0 * EXCHANGE, [(EXCHANGE, lambda t: 2 * np.sin(t) ** 2)])
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, coupling)
    done = evolve(system, [0, 0, 1, 0], np.linspace(0.0, stop, points))
    ledger = build_ledger(done)
    turned = done.times - np.sin(done.times) * np.cos(done.times)
    exact = -xlogy(np.sin(turned) ** 2, np.sin(turned) ** 2) - xlogy(np.cos(turned) ** 2, np.cos(turned) ** 2)
    apart = np.abs(ledger["integrated_part_entropy_rate"] - exact[:, None])
    assert (apart <= ledger.error("integrated_part_entropy_rate")).all()
    assert float(apart.max()) < 1e-8
    assert not audit(ledger).violated, audit(ledger).counts()


@pytest.mark.parametrize("start", [[1, 0], [0.8, 0.6j], "nearly pure"])
@pytest.mark.parametrize(("operator", "strength", "frequency"), [(XX, 1.0, 1.0), (np.kron(Z, X), 2.0, 5.0)])
def test_driven_parts_that_start_pure_violate_no_law_unless_they_are_broken(start, operator, strength, frequency):
    coupling = driven_hamiltonian(EXCHANGE, [(operator, lambda t: strength * np.sin(frequency * t))])
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, coupling)
    first = gibbs_state(QUBIT, 50.0) if start == "nearly pure" else np.outer(start, np.conj(start))
    state = product_state(first, gibbs_state(QUBIT, 0.5))
    ledger = build_ledger(evolve(system, state, np.linspace(0.0, 1.0, 21)))
    found = verdicts(ledger)
    assert found["entropy of each part"] is found["correlation from heat"] is Verdict.TIGHT
    assert not audit(ledger).violated, audit(ledger).counts()
    wrong = broken(ledger, part_entropy=lambda entropy: (1 + 1e-6) * entropy)
    assert verdicts(wrong)["entropy of each part"] is Verdict.VIOLATED


def test_heat_that_refers_to_another_energy_is_told():
    bath = Bath("hot", 0.5, OhmicSpectrum(0.01), np.kron(X, np.eye(2)))
    free = total_hamiltonian([QUBIT, QUBIT], np.zeros((4, 4)))
    local = local_generator(free + 0.1 * XX, [bath], free_hamiltonian=free, energy=free, dims=(2, 2))
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, 0.1 * XX, dynamics=local)
    found = audit(build_ledger(evolve(system, [1, 0, 0, 0], np.linspace(0, 5, 6))))
    assert found["energy of the parts"].verdict is Verdict.EXEMPT
    assert not found.violated


BREAKS = {
    "entropy conservation": {"part_entropy": lambda x: x + 1e-6 * x.time},
    "entropy of the parts": {"entropy": lambda x: x + 1e-6},
    "energy of the parts": {"coupling_energy": lambda x: x + 1e-6 * x.time},
    "heat of each part": {"integrated_part_heat_rate": lambda x: 1.001 * x},
    "entropy of each part": {"integrated_part_entropy_rate": lambda x: 1.001 * x},
    "opposite heats": {"part_heat": abs},
    "correlation from heat": {"mutual_information": lambda x: 0.999 * x},
    "heat, correlation and displacement": {"part_displacement": lambda x: 1.001 * x},
    "second law of heat exchange": {"exchanged_entropy": lambda x: -x},
    "triangle inequality of parts": {"entropy": lambda x: 0 * x - 1},
    "subadditivity": {"mutual_information": lambda x: x - 1e-6},
    "reversal": {"reversal_distance": lambda x: x + 1e-6},
    "erased correlations": {"erased_information": lambda x: 1.001 * x},
}


@pytest.mark.parametrize("name", BREAKS)
def test_every_law_can_fail(name):
    done = exchanging()
    ledger = with_reversal(build_ledger(done), reversal_test(done))
    assert audit(ledger)[name].verdict in (Verdict.HOLDS, Verdict.TIGHT)
    assert audit(broken(ledger, **BREAKS[name]))[name].verdict is Verdict.VIOLATED


def test_a_joint_motion_that_is_not_unitary_is_seen():
    done = exchanging()
    leak = np.linspace(0, 1e-6, len(done.times))[:, None, None]
    mixed = (1 - leak) * done.joint.components + leak * np.eye(4) / 4
    ledger = build_ledger(MultipartiteEvolution(done.process, replace(done.joint, components=mixed)))
    found = verdicts(ledger)
    assert found["entropy conservation"] is Verdict.VIOLATED
    assert found["heat of each part"] is Verdict.VIOLATED
    # What is true of any state still holds.
    assert found["entropy of the parts"] is Verdict.TIGHT


def test_less_accurate_methods_say_so():
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE, betas={"A": 2.0, "B": 0.5})
    start = product_state(gibbs_state(QUBIT, 2.0), gibbs_state(QUBIT, 0.5))
    rough = build_ledger(evolve(system, start, [0.0, 0.3, 0.6], RungeKutta(rtol=1e-5, atol=1e-7)))
    exact = build_ledger(exchanging(points=3))
    for name in ("part_entropy", "part_heat", "mutual_information", "part_entropy_rate"):
        apart = np.abs(rough[name] - exact[name])
        assert (apart <= rough.error(name) + exact.error(name)).all(), name
    assert not audit(rough).violated


def test_temperatures_are_optional():
    system = multipartite_system({"A": QUBIT, "B": QUBIT}, EXCHANGE, betas={"A": math.inf, "B": 1.0})
    ledger = build_ledger(evolve(system, [0, 1, 0, 0], [0.0, 1.0]))
    assert "exchanged_entropy" not in ledger
    assert "temperature zero" in audit(ledger)["second law of heat exchange"].reason
    with pytest.raises(InputError, match="resolve"):
        build_ledger(evolve(system, [0, 1, 0, 0], [0.0, 1.0]), ["frequency"])


def test_a_ledger_comes_back_from_disk(tmp_path):
    done = exchanging()
    ledger = with_reversal(build_ledger(done, title="two qubits"), reversal_test(done))
    again = Ledger.load(ledger.save(tmp_path / "ledger.nc"))
    assert audit(again).as_dict() == audit(ledger).as_dict()
    assert again["part_entropy"].part.values.tolist() == ["A", "B"]


def test_a_part_that_loses_positivity_has_no_integrated_entropy():
    baths = [
        Bath("left", 0.5, OhmicSpectrum(0.05), np.kron(X, np.eye(2))),
        Bath("right", 2.0, OhmicSpectrum(0.05), np.kron(np.eye(2), X)),
    ]
    total = total_hamiltonian([QUBIT, QUBIT], 0.2 * XX)
    system = multipartite_system(
        {"A": QUBIT, "B": QUBIT}, 0.2 * XX, dynamics=redfield_generator(total, baths, dims=(2, 2))
    )
    ledger = build_ledger(evolve(system, np.array([1, 1, 0, 0]) / math.sqrt(2), np.linspace(0, 10, 11)))
    assert "integrated_part_entropy_rate" not in ledger
    finding = audit(ledger)["entropy of each part"]
    assert finding.verdict is Verdict.UNTESTED
    assert "not positive" in finding.reason
    assert not audit(ledger).violated


def test_correlation_grows_by_heat_times_the_difference_of_inverse_temperatures():
    done = exchanging(stop=1.5)
    ledger = build_ledger(done)
    heat, entropy = ledger["part_heat_rate"].values[1:], ledger["part_entropy_rate"].values[1:]
    found = generalised_temperature(heat, entropy)
    beta = np.asarray(found.inverse_temperature)
    # The slope of I in closed form, from populations that move as sin².
    p, q = 1 / (1 + math.exp(2.0)), 1 / (1 + math.exp(0.5))
    t = done.times[1:]
    moved, slope = (q - p) * np.sin(t) ** 2, (q - p) * np.sin(2 * t)
    gained = slope * (np.log((1 - p - moved) / (p + moved)) - np.log((1 - q + moved) / (q - moved)))
    np.testing.assert_allclose(heat[:, 0] * (beta[:, 0] - beta[:, 1]), gained, atol=1e-12)
    np.testing.assert_allclose(ledger["part_generalised_inverse_temperature"][1:], beta, atol=1e-12)
    assert ledger["part_temperature_status"][0].values.tolist() == [5, 5]
    assert np.isnan(ledger["part_generalised_inverse_temperature"][0].values).all()
    # A population alone is a spin temperature.
    np.testing.assert_allclose(beta[:, 0], np.log((1 - p - moved) / (p + moved)), atol=1e-11)


def test_times_beyond_all_accuracy_say_so():
    ledger = build_ledger(exchanging(stop=1e30, points=3))
    assert float(ledger.error("part_entropy")[-1, 0]) == pytest.approx(math.log(2))
    assert not audit(ledger).violated
