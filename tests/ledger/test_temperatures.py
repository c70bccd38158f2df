from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import cumulative_simpson
from tests.physics import betas, dimensions, random_davies, random_state, seeds

from loschmidt import Ledger, build_ledger, evolve
from loschmidt.information import gibbs_relative_entropy
from loschmidt.information.temperatures import TemperatureStatus
from loschmidt.ledger.entropy_split import entropy_split
from loschmidt.processes import driven_generator, driven_hamiltonian, gkls_generator, jump_dissipator
from loschmidt.processes.generators import Generator

LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])
QUBIT = np.diag([0.0, 1.0])
WORDS = [status.value for status in TemperatureStatus]


def thermal_qubit(rate: float = 1.0, beta: float = 1.0, omega: float = 1.0) -> Generator:
    occupation = 1 / math.expm1(beta * omega)
    jumps = jump_dissipator("bath", [LOWER, LOWER.T], [rate * (occupation + 1), rate * occupation], beta=beta)
    return gkls_generator(omega * QUBIT, [jumps])


def words_of(ledger: Ledger, of: str = "") -> np.ndarray:
    status = ledger[f"generalised_temperature_status{of}"]
    meanings = dict(zip(status.attrs["flag_values"].tolist(), status.attrs["flag_meanings"].split(), strict=True))
    return np.vectorize(meanings.get)(status.values)


@given(seed=seeds, d=dimensions, beta=st.tuples(betas, betas))
def test_accounts_are_those_of_the_split(seed, d, beta):
    process = random_davies(seed, d, beta)
    ledger = build_ledger(evolve(process, random_state(np.random.default_rng(seed), d), [0.0, 3.0, 10.0, 40.0]))
    found = entropy_split(process, ledger["state"].values)
    size = float(np.abs(found.by_bath).max())
    np.testing.assert_allclose(ledger["entropy_rate_by_bath"], found.by_bath, atol=1e-9 * size)
    np.testing.assert_allclose(
        ledger["entropy_rate_by_bath"].sum("bath"), ledger["entropy_rate"], atol=1e-10 * size, rtol=1e-10
    )
    assert (abs(ledger["interior_entropy_rate"]) <= ledger.error("interior_entropy_rate")).all()
    for of, expected in (("", found.temperature), ("_by_bath", found.temperature_by_bath)):
        name = f"generalised_inverse_temperature{of}"
        same = words_of(ledger, of) == expected.status
        # A pole is told by errors, which a ledger knows better.
        assert (same | np.isin(expected.status, ("pole", "undefined")) | np.isin(words_of(ledger, of), WORDS[2:])).all()
        known = np.isin(words_of(ledger, of), WORDS[:2]) & same
        away = abs(ledger[name].values - expected.inverse_temperature)
        assert (away[known] <= (ledger.error(name).values + 1e-9 * (1 + abs(ledger[name].values)))[known]).all()


def test_page_values_and_the_integral_across_the_pole():
    times = np.linspace(0.0, 30.0, 6001)
    start = np.diag([0.1, 0.9])
    ledger = build_ledger(evolve(thermal_qubit(), start, times), keep_states=False)
    crossing = times[np.nonzero(np.diff(np.sign(ledger["entropy_rate"].values)))[0]]
    assert crossing[0] == pytest.approx(0.4643018, abs=0.005)
    beta = ledger["generalised_inverse_temperature_by_bath"].isel(bath=0).values
    told = np.isin(words_of(ledger, "_by_bath")[:, 0], ("regular", "negative"))
    flow = np.where(told, ledger["heat_rate"].isel(bath=0).values * (np.where(told, beta, 0) - 1.0), 0.0)
    total = cumulative_simpson(flow, x=times, initial=0)
    assert total[-1] == pytest.approx(0.8881787, abs=2e-7)
    assert total[-1] == pytest.approx(float(gibbs_relative_entropy(start, QUBIT, 1.0)), abs=1e-7)
    np.testing.assert_allclose(total, ledger["entropy_production"], atol=1e-6)


def test_angle_runs_through_the_pole():
    start = np.array([[0.3, 0.42], [0.42, 0.7]])
    ledger = build_ledger(evolve(thermal_qubit(), start, [0.0, 0.2, 0.5, 1.0, 2.0]))
    np.testing.assert_allclose(ledger["generalised_angle"], [1.9040, 2.2502, 2.6543, 3.0421, -3.0520], atol=5e-5)
    np.testing.assert_allclose(
        np.tan(ledger["generalised_angle"]), ledger["generalised_inverse_temperature"], rtol=1e-10
    )
    assert words_of(ledger).tolist() == ["negative"] * 4 + ["regular"]


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_units_change_nothing_but_the_units(unit):
    start, times = np.array([[0.3, 0.2], [0.2, 0.7]]), np.array([0.0, 0.2, 0.5, 1.0, 2.0, 40.0])
    plain = build_ledger(evolve(thermal_qubit(), start, times))
    scaled = build_ledger(evolve(thermal_qubit(unit, 1 / unit, unit), start, times / unit))
    np.testing.assert_array_equal(words_of(scaled), words_of(plain))
    np.testing.assert_allclose(scaled["generalised_angle"], plain["generalised_angle"], atol=1e-8)
    name = "generalised_inverse_temperature_by_bath"
    np.testing.assert_allclose(scaled[name] * unit, plain[name], rtol=1e-7)


def test_statuses_along_an_evolution():
    settled = 1 / (1 + math.e)
    still = build_ledger(evolve(thermal_qubit(), np.diag([1 - settled, settled]), [0.0, 1.0, 2.0]))
    assert (words_of(still) == "undefined").all()
    for name in ("generalised_inverse_temperature", "generalised_angle_by_bath"):
        assert np.isnan(still[name]).all()
        assert (still.error(name) == 0).all()
    pure = build_ledger(evolve(thermal_qubit(), [0, 1], [0.0, 1.0]))
    assert words_of(pure).tolist() == ["logarithmic", "regular"]
    assert float(pure["generalised_inverse_temperature"][0]) == -math.inf
    assert float(pure["generalised_angle"][0]) == pytest.approx(math.pi / 2)
    noise = gkls_generator(QUBIT, [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.4])])
    dephased = build_ledger(evolve(noise, np.array([[0.6, 0.2], [0.2, 0.4]]), [0.0, 1.0]))
    assert words_of(dephased).tolist() == ["zero", "zero"]
    assert (dephased["generalised_inverse_temperature"] == math.inf).all()
    half = build_ledger(evolve(thermal_qubit(), np.eye(2) / 2, [0.0, 1.0]))
    assert words_of(half).tolist() == ["pole", "regular"]
    assert float(half["generalised_inverse_temperature"][0]) == 0
    alone = build_ledger(evolve(gkls_generator(QUBIT, []), np.eye(2) / 2, [0.0, 1.0]))
    assert "generalised_inverse_temperature" not in alone
    assert "no bath" in alone.data.attrs["absent_generalised_inverse_temperature"]


def test_saved_without_loss(tmp_path):
    settled = 1 / (1 + math.e)
    start = np.diag([1 - settled, settled])
    for state in (start, np.eye(2) / 2, [0, 1]):
        ledger = build_ledger(evolve(thermal_qubit(), state, [0.0, 1.0, 2.0]))
        again = Ledger.load(ledger.save(tmp_path / "ledger.nc"))
        for name in ("generalised_inverse_temperature", "generalised_angle", "generalised_temperature_status_by_bath"):
            xr.testing.assert_identical(again[name], ledger[name])
        assert again["generalised_temperature_status"].dtype == np.int8
        assert words_of(again).tolist() == words_of(ledger).tolist()


def test_driven_process():
    swing = driven_hamiltonian(0.5 * QUBIT, [(np.array([[0, 0.3], [0.3, 0]]), np.sin)])
    bath = thermal_qubit(0.3).dissipators[0]
    process = driven_generator(swing, dissipators=[bath], energy=QUBIT)
    ledger = build_ledger(evolve(process, np.diag([0.2, 0.8]), np.linspace(0.0, 10.0, 21)))
    assert (abs(ledger["interior_entropy_rate"]) <= ledger.error("interior_entropy_rate")).all()
    for k in (3, 10, 20):
        found = entropy_split(process.at(float(ledger["time"][k])), ledger["state"].values[k])
        assert float(ledger["generalised_inverse_temperature"][k]) == pytest.approx(
            float(found.temperature.inverse_temperature), rel=1e-8
        )


def test_errors_cover_what_the_method_gets_wrong():
    from loschmidt.evolution import RungeKutta

    start, times = np.array([[0.3, 0.42], [0.42, 0.7]]), np.linspace(0.0, 6.0, 25)
    rough = build_ledger(evolve(thermal_qubit(), start, times, RungeKutta(rtol=1e-5, atol=1e-7)))
    exact = build_ledger(evolve(thermal_qubit(), start, times))
    for name in ("entropy_rate_by_bath", "generalised_inverse_temperature", "generalised_angle"):
        away, error = abs(rough[name] - exact[name]), rough.error(name)
        assert (away <= error + exact.error(name)).all(), name
        assert float(error[4].max()) < 1e-2, name
        assert float(away.max()) > 1e-12, name
