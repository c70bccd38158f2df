"""Ledgers of thermal operations: known numbers, balances, and every law seen to fail on a wrong number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_hermitian, random_state, seeds

from loschmidt.evolution import evolve
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    random_thermal_operation,
    thermal_operation_by_exchange,
)
from loschmidt.states import random_unitary

QUBIT = np.diag([0.0, 1.0])
COHERENT = np.sqrt([0.84, 0.16])


@pytest.fixture(scope="module")
def exchange() -> Ledger:
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 6.0), 0.76)
    return build_ledger(evolve(operation, COHERENT))


def test_correlated_coherence_can_be_negative(exchange):
    assert float(exchange["correlated_coherence"]) == pytest.approx(-0.03247, abs=5e-6)
    assert float(exchange["coherence_entropy_production"][1]) == pytest.approx(0.19204, abs=5e-6)
    assert float(exchange["environment_coherence"]) == pytest.approx(0.22451, abs=5e-6)


def test_production_splits_by_origin_and_by_destination(exchange):
    parts = exchange["population_entropy_production"] + exchange["coherence_entropy_production"]
    np.testing.assert_allclose(exchange["entropy_production"], parts, atol=1e-13)
    gone = exchange["environment_displacement"].sum("bath")[1] + exchange["total_correlation"]
    assert float(exchange["entropy_production"][1]) == pytest.approx(float(gone), abs=1e-13)


@given(seed=seeds, beta=st.floats(0.1, 4.0), d=st.integers(2, 3))
def test_random_thermal_operations_break_no_law(seed, beta, d):
    rng = np.random.default_rng(seed)
    hamiltonian = np.diag(np.arange(d, dtype=float))
    environments = [GibbsEnvironment(QUBIT, beta, "one"), GibbsEnvironment(QUBIT, 2 * beta, "two")]
    operation = random_thermal_operation(hamiltonian, environments, rng)
    found = audit(build_ledger(evolve(operation, random_state(rng, d))))
    assert {one.verdict for one in found.findings if "traject" not in one.reason} <= {Verdict.HOLDS, Verdict.TIGHT}


@given(seed=seeds)
def test_any_unitary_obeys_clausius_and_the_first_law(seed):
    rng = np.random.default_rng(seed)
    unitary = np.asarray(random_unitary(4, rng))
    environment = GibbsEnvironment(random_hermitian(rng, 2), 1.0)
    operation = ThermalOperation(unitary, random_hermitian(rng, 2), (environment,), allow_work=True)
    found = audit(build_ledger(evolve(operation, random_state(rng, 2))))
    assert not found.violated
    assert found["Clausius inequality"].verdict in (Verdict.HOLDS, Verdict.TIGHT)
    assert found["first law"].verdict is Verdict.TIGHT


def test_parts_without_a_sign_are_exempt_where_work_is_done():
    flip = np.kron([[0, 1], [1, 0]], np.eye(2))
    operation = ThermalOperation(flip, QUBIT, (GibbsEnvironment(QUBIT, 1.0),), allow_work=True)
    found = audit(build_ledger(evolve(operation, np.diag([0.9, 0.1]))))
    assert found["conservation laws"].verdict is Verdict.EXEMPT
    assert not found.violated


@pytest.mark.parametrize(
    ("law", "account", "change"),
    [
        ("Clausius inequality", "entropy_production", -1.0),
        ("population production", "population_entropy_production", -1.0),
        ("coherence production", "coherence_entropy_production", -1.0),
        ("correlated coherence", "local_correlated_coherence", -1.0),
        ("conservation laws", "identity_residual", 1e-6),
        ("first law", "work", 1e-6),
        ("subadditivity", "mutual_information", -1.0),
    ],
)
def test_a_number_that_breaks_a_law_is_caught(exchange, law, account, change):
    wrong = Ledger(exchange.data.assign({account: exchange.data[account] + change}))
    assert audit(wrong)[law].verdict is Verdict.VIOLATED


def test_ledger_saves_without_loss(exchange, tmp_path):
    again = Ledger.load(exchange.save(tmp_path / "ledger.nc"))
    assert again.data.equals(exchange.data)


def trajectories(text: str) -> Ledger:
    from loschmidt.models import MODELS
    from loschmidt.studies import parse_model, run_model

    model = MODELS["coherent-exchange"].text
    return run_model(parse_model(model.replace('method = "enumeration"', text))).ledger


def test_enumerated_trajectories_obey_the_theorems():
    found = trajectories('method = "enumeration"')
    assert audit(found)["detailed fluctuation theorem"].verdict is Verdict.TIGHT
    assert float(found["trajectory_mean"][0]) == pytest.approx(float(found["entropy_production"][1]), abs=1e-12)
    assert float(found["histogram_forward"].sum()) == pytest.approx(1, abs=1e-12)


def test_sampled_trajectories_agree_within_their_error():
    found = trajectories('method = "sampling"\nsamples = 20000\nseed = 5')
    assert {one.verdict for one in audit(found).findings} <= {Verdict.HOLDS, Verdict.TIGHT}
    assert 0 < float(found.error("trajectory_mean")[0]) < 0.2


@pytest.mark.parametrize(
    ("law", "account"),
    [
        ("integral fluctuation theorem", "integral_theorem_residual"),
        ("detailed fluctuation theorem", "detailed_theorem_defect"),
        ("trajectory means", "trajectory_mean_residual"),
    ],
)
def test_a_probability_that_breaks_a_theorem_is_caught(law, account):
    found = trajectories('method = "enumeration"')
    wrong = Ledger(found.data.assign({account: found.data[account] + 1e-3}))
    assert audit(wrong)[law].verdict is Verdict.VIOLATED


@pytest.mark.parametrize("beta", [0.0, 40.0, 1e3, 1e6, np.inf])
def test_no_false_alarm_at_any_temperature(beta):
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, beta), 0.76)
    found = audit(build_ledger(evolve(operation, np.diag([0.3, 0.7]))))
    assert not found.violated, [one for one in found.findings if one.verdict is Verdict.VIOLATED]
