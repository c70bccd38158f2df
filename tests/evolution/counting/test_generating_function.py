"""Generating functions: the largest eigenvalue on every route, convex, its derivatives cumulants, symmetric."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evolution.counting.test_cumulants import X, chain, random_gkls
from tests.physics import betas, dimensions, random_davies, seeds
from tests.reference.counting import jumps_of, largest, tilted

from loschmidt.errors import ConvergenceError, InputError, ShapeError
from loschmidt.evolution.counting import (
    _operators,
    _sector,
    conjugate_affinity,
    counted,
    cumulants,
    fluctuation_symmetry,
    jump_groups,
    scaled_generating_function,
)
from loschmidt.processes import (
    Bath,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
)

POINTS = np.array([-1.2, -0.4, 0.0, 0.3, 1.1])


def dense(process, weights, points):
    return np.array([largest(tilted(process.effective_hamiltonian, jumps_of(process), weights, s)) for s in points])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "make", [lambda seed: random_gkls(seed, 3), lambda seed: chain(2, 0.1 * seed)], ids=["gkls", "local"]
)
def test_values_are_the_largest_eigenvalues_of_the_dense_superoperator(make, seed):
    process = make(seed)
    weights = np.random.default_rng(seed).normal(size=jump_groups(process).count)
    found = scaled_generating_function(process, counted(process, weights), POINTS)
    expected = dense(process, weights, POINTS)
    assert np.abs(expected.imag).max() < 1e-12
    assert (np.abs(found.values - expected.real) <= found.errors + 1e-13 * np.abs(expected).max()).all()
    assert found.errors.max() < 1e-11


@given(seed=seeds, d=dimensions, hot=betas, cold=betas)
def test_davies_equations_need_their_populations_only(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    groups = jump_groups(process)
    jumps = jumps_of(process)
    found = scaled_generating_function(process, counted(process, "jumps", "bath 0"), POINTS)
    assert found.method == "populations, elimination"
    assert groups.count <= len(jumps)
    expected = dense(process, [1.0 if bath == 0 else 0.0 for bath, *_ in jumps], POINTS)
    assert found.values == pytest.approx(expected.real, rel=1e-9, abs=1e-10 * np.abs(expected).max())


@pytest.mark.parametrize("limits", [(5000, 0), (10, 0)], ids=["one matrix", "jump chain"])
def test_large_systems_follow_the_branch(monkeypatch, limits):
    process = chain(3, 0.05)
    variable = counted(process, "quanta", "hot")
    expected = scaled_generating_function(process, variable, POINTS)
    monkeypatch.setattr(_sector, "_LARGEST_SECTOR", limits[0])
    monkeypatch.setattr(_operators, "_DENSE_TILT", limits[1])
    found = scaled_generating_function(process, variable, POINTS)
    assert (np.abs(found.values - expected.values) <= found.errors + expected.errors).all()
    assert found.errors.max() < 1e-9
    assert found.values[2] == 0
    assert (found.method == "jump chain") == (limits[0] == 10)


def test_a_branch_that_cannot_be_followed_is_said_so(monkeypatch):
    from loschmidt.evolution.counting import _branch

    process = chain(3, 0.05)
    monkeypatch.setattr(_operators, "_DENSE_TILT", 0)
    monkeypatch.setattr(_branch, "_STEPS", 1)
    with pytest.raises(ConvergenceError, match=r"could not be followed beyond s = 0"):
        scaled_generating_function(process, counted(process, "quanta", "hot"), [1.0])


@given(seed=seeds, d=dimensions)
def test_derivatives_are_cumulants(seed, d):
    process = random_davies(seed, d, (0.4, 1.5))
    variable = counted(process, "quanta", "bath 1")
    step = 1e-3
    values = scaled_generating_function(process, variable, step * np.arange(-2, 3)).values
    first = (values[0] - 8 * values[1] + 8 * values[3] - values[4]) / (12 * step)
    second = (-values[0] + 16 * values[1] - 30 * values[2] + 16 * values[3] - values[4]) / (12 * step**2)
    found = cumulants(process, variable, 2).values
    size = found[1]
    assert first == pytest.approx(found[0], abs=1e-8 * size)
    assert second == pytest.approx(found[1], abs=1e-5 * size)


@given(seed=seeds, d=dimensions)
def test_the_function_is_convex_and_vanishes_at_zero(seed, d):
    process = random_davies(seed, d, (0.4, 1.5))
    rng = np.random.default_rng(seed)
    variable = counted(process, rng.normal(size=jump_groups(process).count))
    found = scaled_generating_function(process, variable, np.linspace(-1, 1, 9))
    assert np.diff(found.values, 2).min() >= -4 * found.errors.max()
    assert abs(found.values[4]) <= found.errors[4]


# ── the symmetry of Gallavotti and Cohen ─────────────────────────────────────────────────────────────────────────────


@given(seed=seeds, d=dimensions, first=betas, second=betas, third=betas)
def test_entropy_is_symmetric_about_minus_one_half(seed, d, first, second, third):
    process = random_davies(seed, d, (first, second, third))
    found = fluctuation_symmetry(process, counted(process, "entropy"), affinity=1.0)
    assert found.holds
    if max(first, second, third) > 1.1 * min(first, second, third):
        assert conjugate_affinity(process, counted(process, "entropy")) == pytest.approx(1.0, rel=1e-6)


@given(seed=seeds, d=dimensions, hot=st.floats(0.1, 1.0), cold=st.floats(1.0, 3.0))
def test_heat_through_two_baths_has_the_difference_of_their_temperatures(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    found = fluctuation_symmetry(process, counted(process, "heat", "bath 0"))
    assert found.affinity == pytest.approx(cold - hot, rel=1e-6, abs=1e-9)
    assert found.holds


def test_the_symmetry_of_a_chain_of_qubits():
    process = chain(3, 0.05)
    found = fluctuation_symmetry(process, counted(process, "entropy"))
    assert found.holds
    assert found.values.min() < -1e-5
    with pytest.raises(InputError, match="affinity"):
        conjugate_affinity(process, counted(process, "heat", "hot"))  # the coupling does not conserve the free energy


def test_broken_detailed_balance_breaks_the_symmetry():
    # A ring of three levels that runs one way faster than its temperature allows.
    ring = np.zeros((3, 3, 3))
    for k in range(3):
        ring[k, (k + 1) % 3, k] = 1
    jumps = jump_dissipator("ring", [*ring, *ring.swapaxes(1, 2)], [3, 2, 1, 0.3, 0.4, 0.5], beta=1.0)
    process = gkls_generator(np.diag([0.0, 0.3, 1.0]), [jumps])
    heat = counted(process, "heat")
    assert not fluctuation_symmetry(process, counted(process, [1, 1, 1, -1, -1, -1.0]), affinity=1.0).holds
    right = np.log(3 * 2 * 1 / (0.3 * 0.4 * 0.5)) / 3
    assert fluctuation_symmetry(process, counted(process, [1, 1, 1, -1, -1, -1.0]), affinity=right).holds
    assert fluctuation_symmetry(process, heat, affinity=0.7).holds  # heat of one bath does not grow at all


def test_equilibrium_is_symmetric_about_zero():
    bath = [Bath(name, 1.0, GlauberSpectrum(0.1), X) for name in ("left", "right")]
    process = davies_generator(np.diag([0.0, 1.0]), bath)
    found = fluctuation_symmetry(process, counted(process, "heat", "left"))
    assert found.affinity == pytest.approx(0.0, abs=1e-14)
    assert found.holds
    assert found.values.max() > 1e-3


def test_what_is_the_same_backwards_in_time_has_no_affinity_even_in_equilibrium():
    for apart in (0.0, 1e-14):
        process = random_davies(4, 3, (1.0, 1.0 + apart))
        activity, heat = counted(process, "jumps"), counted(process, "heat", "bath 0")
        for variable in (activity, heat + 1e-6 * activity):
            with pytest.raises(InputError, match="must be a current"):
                conjugate_affinity(process, variable)
            assert not fluctuation_symmetry(process, variable, affinity=0.0).holds
        assert fluctuation_symmetry(process, heat).holds


def test_dephasing_that_is_counted_is_no_current():
    process = random_davies(4, 3, (0.5, 2.0))
    groups = jump_groups(process)
    assert not groups.moving.all()
    heat = counted(process, "heat", "bath 0")
    shaken = heat + counted(process, np.where(groups.moving, 0.0, 1.0))
    assert fluctuation_symmetry(process, heat).holds
    assert not fluctuation_symmetry(process, shaken, affinity=1.5).holds
    with pytest.raises(InputError, match="must be a current"):
        conjugate_affinity(process, shaken)


def test_nearly_equal_temperatures_of_three_baths_have_no_single_affinity():
    process = random_davies(7, 3, (1.0, 1.0 + 8.750276e-10, 1.0 - 8.750276e-10))
    with pytest.raises(InputError, match="alone decide"):
        conjugate_affinity(process, counted(process, "quanta", "bath 0"))
    assert conjugate_affinity(process, counted(process, "entropy")) == pytest.approx(1.0, rel=1e-3)


def test_three_baths_have_no_single_affinity():
    process = random_davies(3, 3, (0.3, 1.0, 2.0))
    with pytest.raises(InputError, match="alone decide"):
        fluctuation_symmetry(process, counted(process, "heat", "bath 0"))


def test_a_jump_without_reverse_has_no_affinity():
    decay = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [0.1])
    process = gkls_generator(0.3 * X, [decay])
    with pytest.raises(InputError, match="alone decide"):
        fluctuation_symmetry(process, counted(process, "jumps"))


@pytest.mark.parametrize(
    ("points", "error", "message"),
    [([], ShapeError, "at least one s"), ([np.nan], InputError, "finite"), ([1e4], InputError, "range of numbers")],
)
def test_wrong_points_are_refused(points, error, message):
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", 1.0, FlatSpectrum(0.1), X)])
    with pytest.raises(error, match=message):
        scaled_generating_function(process, counted(process, "heat"), points)


def test_states_that_are_left_for_good_may_decide():
    # At zero temperature only the ground state lasts, but a transient pair of levels may count more than it loses.
    loop = [np.zeros((3, 3)) for _ in range(3)]
    loop[0][1, 2] = loop[1][2, 1] = loop[2][0, 1] = 1
    process = gkls_generator(np.diag([0.0, 1.0, 1.5]), [jump_dissipator("any", loop, [1.0, 1.0, 0.1])])
    variable = counted(process, [1.0, 1.0, 0.0])
    s = np.array([0.0, 1.0])
    upper = np.array([[-1.1, np.exp(1.0)], [np.exp(1.0), -1.0]])
    expected = [0.0, np.linalg.eigvals(upper).real.max()]
    assert scaled_generating_function(process, variable, s).values == pytest.approx(expected, abs=1e-14)


def test_dissipators_of_an_ohmic_bath_with_shift():
    bath = Bath("cold", 1.0, OhmicSpectrum(0.05, 5.0), X, lamb_shift=True)
    hot = Bath("hot", 0.3, OhmicSpectrum(0.05, 5.0), X, lamb_shift=True)
    process = davies_generator(np.diag([0.0, 1.0]), [bath, hot])
    found = fluctuation_symmetry(process, counted(process, "heat", "hot"))
    assert found.affinity == pytest.approx(0.7)
    assert found.holds
