"""Uncertainty ratios: the classical bounds, where they are met, where coherence breaks them, and the joint record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.evolution.counting.test_cumulants import X, chain
from tests.physics import dimensions, random_davies, seeds

from loschmidt.errors import InputError
from loschmidt.evolution.counting import counted, counting_statistics, cumulants, jump_groups, uncertainty_ratios
from loschmidt.evolution.steady import steady_state
from loschmidt.processes import Bath, FlatSpectrum, GlauberSpectrum, davies_generator, gkls_generator, jump_dissipator


@given(seed=seeds, d=dimensions, hot=st.floats(0.1, 0.8), cold=st.floats(1.2, 4.0))
def test_davies_equations_obey_both_bounds(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    found = uncertainty_ratios(process, counted(process, "heat", "bath 0"))
    assert found.thermodynamic >= 2 - 1e-9
    assert found.kinetic >= 1 - 1e-9
    settled = steady_state(process)
    production = -settled.heat_rates @ np.array([hot, cold])
    assert found.entropy_production == pytest.approx(production, rel=1e-8, abs=1e-13)


@given(seed=seeds, d=dimensions)
def test_any_current_of_a_davies_equation_obeys_the_thermodynamic_bound(seed, d):
    process = random_davies(seed, d, (0.5, 2.0))
    groups = jump_groups(process)
    raw = np.random.default_rng(seed).normal(size=groups.count)
    variable = counted(process, raw - raw[groups.partners])
    assume(np.abs(variable.weights).max() > 0)
    assert variable.is_current
    found = uncertainty_ratios(process, variable)
    assert found.thermodynamic >= 2 - 1e-9


def test_weak_driving_meets_the_thermodynamic_bound():
    baths = [Bath(name, beta, GlauberSpectrum(0.1), X) for name, beta in (("hot", 1.0), ("cold", 1.001))]
    process = davies_generator(np.diag([0.0, 1.0]), baths)
    found = uncertainty_ratios(process, counted(process, "quanta", "hot"))
    assert found.thermodynamic == pytest.approx(2, abs=1e-6)
    assert found.thermodynamic_error < 1e-6


def test_equilibrium_has_no_ratio():
    baths = [Bath(name, 1.0, GlauberSpectrum(0.1), X) for name in ("left", "right")]
    process = davies_generator(np.diag([0.0, 1.0]), baths)
    found = uncertainty_ratios(process, counted(process, "quanta", "left"))
    assert np.isnan([found.thermodynamic, found.kinetic]).all()
    assert abs(found.entropy_production) <= found.entropy_production_error
    assert found.activity > 0.05


def test_activity_is_no_current():
    process = random_davies(1, 3, (0.5, 2.0))
    found = uncertainty_ratios(process, counted(process, "jumps"))
    assert np.isnan(found.thermodynamic)
    assert found.kinetic >= 1


def test_jumps_without_reverse_cost_infinite_entropy():
    decay = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [0.1], beta=np.inf)
    process = gkls_generator(0.3 * X, [decay], energy=np.diag([0.0, 1.0]))
    found = uncertainty_ratios(process, counted(process, "heat"))
    assert found.entropy_production == np.inf
    assert found.activity == pytest.approx(-found.mean, rel=1e-12)
    dark = gkls_generator(np.diag([0.0, 1.0]), [decay])
    assert uncertainty_ratios(dark, counted(dark, "heat")).entropy_production == 0


def test_dephasing_is_no_activity():
    spectrum = FlatSpectrum(0.1, zero_frequency_rate=5.0)
    coupling = np.array([[1.0, 1.0], [1.0, -1.0]])
    with_noise, without = (
        davies_generator(np.diag([0.0, 1.0]), [Bath("a", 1.0, spectrum, c), Bath("b", 2.0, spectrum, X)])
        for c in (coupling, X)
    )
    first, second = (uncertainty_ratios(one, counted(one, "heat", "a")) for one in (with_noise, without))
    assert first.activity == pytest.approx(second.activity, rel=1e-13)
    assert cumulants(with_noise, counted(with_noise, "jumps"), 1).values[0] > 10 * first.activity


def test_entropy_without_a_temperature_comes_from_the_rates():
    lower = np.array([[0.0, 1.0], [0.0, 0.0]])
    cold = jump_dissipator("cold", [lower, lower.T], [0.3, 0.1])
    hot = jump_dissipator("hot", [2 * lower, lower.T], [0.1, 0.2])
    process = gkls_generator(np.diag([0.0, 1.0]), [cold, hot])
    found = uncertainty_ratios(process, counted(process, "quanta", "hot"))
    assert jump_groups(process).entropies == pytest.approx(np.log([3, 1 / 3, 2, 1 / 2]))
    assert found.entropy_production == pytest.approx(abs(found.mean) * (np.log(3) - np.log(2)), rel=1e-10)
    assert found.thermodynamic > 2


def test_one_record_holds_everything():
    process = chain(3)
    found = counting_statistics(process, order=3)
    alone = cumulants(process, counted(process, "heat", "cold"), 3)
    assert found.cumulants[1].values == pytest.approx(alone.values, rel=1e-12)
    assert found.covariances.values[1, 1] == pytest.approx(alone.values[1], rel=1e-12)
    assert found.ratios[0].entropy_production == found.entropy_production > 0
    assert found.symmetry is not None
    assert found.symmetry.holds
    assert found.ratios[0].thermodynamic > 2
    assert counting_statistics(process, symmetry=False).symmetry is None


def test_the_record_counts_jumps_where_there_is_no_heat():
    decay = jump_dissipator("vacuum", [[[0.5, 1], [0, 0]]], [0.1])
    found = counting_statistics(gkls_generator(0.3 * X + 0.1 * np.diag([1.0, 0.0]), [decay]))
    assert found.cumulants[0].variable.name == "jumps from vacuum"
    assert found.symmetry is None
    assert found.entropy_production == np.inf


def test_the_record_refuses_what_it_cannot_make():
    process = chain(2)
    with pytest.raises(InputError, match="at least 2"):
        counting_statistics(process, order=1)
    with pytest.raises(InputError, match="at least one variable"):
        counting_statistics(process, [])
