"""Agreements between definitions of entropy production, and Landauer's bounds: they hold, and are seen to fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_davies, random_hermitian, random_state, seeds

from loschmidt.evolution import evolve
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.processes import driven_generator, driven_hamiltonian
from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation, thermal_operation_by_exchange
from loschmidt.states import random_unitary

QUBIT = np.diag([0.0, 1.0])
COHERENT = np.array([[0.3, 0.2], [0.2, 0.7]])
EQUALITIES = ("correlation and displacement", "distance from Gibbs state", "switching work")
BOUNDS = ("Landauer bound", "finite-size Landauer bound")


def working(seed: int, d: int, betas: tuple[float, ...]) -> ThermalOperation:
    rng = np.random.default_rng(seed)
    baths = [GibbsEnvironment(random_hermitian(rng, 2), beta, f"bath {k}") for k, beta in enumerate(betas)]
    unitary = np.asarray(random_unitary(d * 2 ** len(betas), rng))
    return ThermalOperation(unitary, random_hermitian(rng, d), baths, allow_work=True)


@pytest.fixture(scope="module")
def erasing() -> Ledger:
    # A hot qubit cools: it loses entropy, so the bounds are not those of doing nothing.
    operation = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 2.0), 0.9)
    return build_ledger(evolve(operation, np.eye(2) / 2))


@given(seed=seeds, d=st.integers(2, 3), betas=st.sampled_from([(1.0,), (0.4, 3.0), (-0.5,), (0.0, 1.0)]))
def test_they_hold_for_any_unitary(seed, d, betas):
    state = random_state(np.random.default_rng(seed), d)
    found = audit(build_ledger(evolve(working(seed, d, betas), state)))
    assert {found[name].verdict for name in EQUALITIES} == {Verdict.TIGHT}
    assert {found[name].verdict for name in BOUNDS} <= {Verdict.HOLDS, Verdict.TIGHT}


@given(seed=seeds)
def test_distance_from_the_gibbs_state_is_clausius_for_a_master_equation(seed):
    state = random_state(np.random.default_rng(seed), 3)
    found = audit(build_ledger(evolve(random_davies(seed, 3, (0.5, 2.0)), state, np.linspace(0, 30.0, 5))))
    assert found["distance from Gibbs state"].verdict is Verdict.TIGHT
    assert "Landauer bound" not in {one.name for one in found.findings}


def test_distance_from_a_gibbs_state_that_moves_is_exempt():
    from loschmidt.processes import Bath, GlauberSpectrum

    x = np.array([[0, 1], [1, 0]])
    moving = driven_hamiltonian(QUBIT, [(x, np.sin)])
    process = driven_generator(moving, [Bath("bath", 1.0, GlauberSpectrum(0.1), x)])
    finding = audit(build_ledger(evolve(process, COHERENT, [0.0, 1.0, 2.0])))["distance from Gibbs state"]
    assert finding.verdict is Verdict.EXEMPT
    assert "energy changes in time" in finding.reason


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_are_positive_where_entropy_is_taken(erasing, name):
    assert audit(erasing)[name].verdict is Verdict.HOLDS
    assert float(erasing["landauer_bound"][1]) > 0.1
    assert float(erasing["finite_size_landauer_bound"][1]) > float(erasing["landauer_bound"][1]) + 0.01


@pytest.mark.parametrize(
    ("law", "account", "change"),
    [
        ("Landauer bound", "landauer_bound", 1.0),
        ("finite-size Landauer bound", "finite_size_landauer_bound", 0.5),
        ("correlation and displacement", "total_correlation", 1e-6),
        ("correlation and displacement", "environment_displacement", np.array([[0.0], [1e-6]])),
        ("distance from Gibbs state", "gibbs_relative_entropy", np.array([[0.0], [1e-6]])),
        ("distance from Gibbs state", "entropy_change", np.array([0.0, 1e-6])),
        ("switching work", "work", 1e-6),
        ("switching work", "entropy_flow", np.array([0.0, 1e-6])),
    ],
)
def test_a_number_that_breaks_one_is_caught(erasing, law, account, change):
    wrong = Ledger(erasing.data.assign({account: erasing.data[account] + change}))
    assert audit(wrong)[law].verdict is Verdict.VIOLATED


def test_heat_of_another_temperature_is_caught():
    # An environment that is hotter than it says: what is booked against β is not what was displaced.
    hot, cold = (thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, beta), 0.9) for beta in (0.2, 2.0))
    right = evolve(cold, COHERENT)
    wrong = replace(right, budget=replace(right.budget, entropy_flux=evolve(hot, COHERENT).budget.entropy_flux))
    assert audit(build_ledger(wrong))["switching work"].verdict is Verdict.VIOLATED


def test_reservoir_that_was_no_gibbs_state_is_caught():
    # A pure reservoir takes entropy for nothing, which Landauer's bound forbids only to Gibbs states.
    swap = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 0.5), np.pi / 2)
    right = evolve(swap, np.eye(2) / 2)
    free = replace(
        right.budget,
        system_entropy_after=np.float64(0.0),
        entropy_flux=np.float64(0.5 * 0.5),
        entropy_production=np.float64(0.25 - np.log(2)),
    )
    found = audit(build_ledger(replace(right, budget=free)))
    for name in (*BOUNDS, "correlation and displacement", "distance from Gibbs state"):
        assert found[name].verdict is Verdict.VIOLATED, name


@pytest.mark.parametrize("beta", [0.0, 1e3, 1e6, np.inf])
@pytest.mark.parametrize("state", [COHERENT, np.diag([1.0, 0.0]), np.eye(2) / 2], ids=["coherent", "ground", "mixed"])
def test_no_false_alarm_at_any_temperature(beta, state):
    rng = np.random.default_rng(1)
    unitary = np.asarray(random_unitary(4, rng))
    operation = ThermalOperation(unitary, QUBIT, GibbsEnvironment(QUBIT, beta), allow_work=True)
    found = audit(build_ledger(evolve(operation, state)))
    assert not found.violated, [one for one in found.findings if one.verdict is Verdict.VIOLATED]
