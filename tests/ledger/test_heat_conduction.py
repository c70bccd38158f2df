from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from tests.physics import seeds

from loschmidt.evolution.evolve import evolve
from loschmidt.laws.audit import audit
from loschmidt.laws.finding import Verdict
from loschmidt.ledger import heat_conduction
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger
from loschmidt.processes.heat_conduction import conducting_bars

LAWS = (
    "entropy of each bar",
    "entropy of both bars",
    "production inside each bar",
    "production at the contact",
    "energy of each bar",
)


def ledger_of(bars, temperatures, times):
    return build_ledger(evolve(bars, temperatures, times))


def random_ledger(seed, cells, cut):
    rng = np.random.default_rng(seed)
    n = sum(cells)
    bars = conducting_bars(
        cells,
        heat_capacity=rng.uniform(0.2, 3.0, n),
        conductance=10 ** rng.uniform(-2, 3, 2),
        contact_conductance=float(10 ** rng.uniform(-2, 3)),
        cut=cut,
    )
    return ledger_of(bars, rng.uniform(0.3, 4.0, n), [0.0, 0.1, 0.5, 2.0, 1e3])


def test_values_of_four_cells():
    ledger = ledger_of(conducting_bars(4), [1.0, 2.0], [0.0, 2.0])
    assert ledger["interior_production"].values[-1] == pytest.approx([0.0634096, 0.0284007], abs=5e-8)
    assert ledger["interface_production"].values[-1] == pytest.approx(0.1730907, abs=5e-8)
    assert ledger["entropy_change"].values[-1] == pytest.approx(0.2649010, abs=5e-8)


def test_after_the_cut_the_inside_goes_on():
    ledger = ledger_of(conducting_bars(4, cut=2.0), [1.0, 2.0], [0.0, 2.0, 1e3])
    inside = ledger["interior_production"].sel(bar="A").values
    assert inside[2] - inside[1] == pytest.approx(0.0238477, abs=5e-8)
    assert ledger["interface_production"].values[1] == ledger["interface_production"].values[2]
    assert ledger["bar_heat_rate"].values[1:] == pytest.approx(np.zeros((2, 2)))


def test_long_time_limit():
    ledger = ledger_of(conducting_bars(4), [1.0, 2.0], [0.0, 1e4])
    limit = 4 * math.log(9 / 8)
    assert ledger["entropy_change"].values[-1] == pytest.approx(limit, abs=1e-13)
    produced = ledger["interior_production"].sum("bar") + ledger["interface_production"]
    assert produced.values[-1] == pytest.approx(limit, abs=1e-12)


def test_one_cell_produces_nothing_inside():
    ledger = ledger_of(conducting_bars(1), [1.0, 2.0], [0.0, 0.3, 5.0])
    assert (ledger["interior_production"].values == 0).all()
    assert ledger["interface_production"].values[-1] == pytest.approx(ledger["entropy_change"].values[-1], abs=1e-13)


@pytest.mark.parametrize(("conductance", "share"), [(10.0, 0.1513547), (1e3, 0.0019584), (1e5, 0.0000196)])
def test_inside_share_vanishes_with_conductance(conductance, share):
    ledger = ledger_of(conducting_bars(4, conductance=conductance), [1.0, 2.0], [0.0, 1e4])
    inside = ledger["interior_production"].sum("bar") / ledger["entropy_change"]
    assert inside.values[-1] == pytest.approx(share, abs=5e-8)


def test_times_between_do_not_matter():
    bars = conducting_bars(4, conductance=1e4, cut=3.0)
    coarse = ledger_of(bars, [1.0, 2.0], [0.0, 1e6])
    fine = ledger_of(bars, [1.0, 2.0], [0.0, *np.geomspace(1e-6, 1e6, 60)])
    for name in ("interior_production", "interface_production", "external_entropy", "bar_heat"):
        assert coarse[name].values[-1] == pytest.approx(fine[name].values[-1], abs=1e-11)


def test_independent_integration():
    bars = conducting_bars((3, 2), heat_capacity=(0.5, 2.0), conductance=(0.8, 3.0), contact_conductance=1.7)

    def rate(_, y):
        temperatures, steps = y[:5], np.diff(y[:5])
        flows = bars.conductances * steps
        made = flows * steps / (temperatures[:-1] * temperatures[1:])
        change = (np.append(flows, 0.0) - np.insert(flows, 0, 0.0)) / bars.heat_capacities
        return np.concatenate([change, [made[:2].sum(), made[3:].sum(), made[2], flows[2] / temperatures[2]]])

    start = np.array([1.0, 1.0, 1.0, 2.5, 2.5])
    solved = solve_ivp(rate, (0.0, 1.5), [*start, 0, 0, 0, 0], method="DOP853", rtol=1e-12, atol=1e-13)
    ledger = ledger_of(bars, start, [0.0, 1.5])
    found = [
        *ledger["interior_production"].values[-1],
        ledger["interface_production"].values[-1],
        ledger["external_entropy"].values[-1, 0],
    ]
    assert found == pytest.approx(solved.y[5:, -1], rel=1e-10)


@given(seed=seeds, cells=st.tuples(st.integers(1, 4), st.integers(1, 4)), cut=st.sampled_from([None, 0.3, -1.0]))
def test_laws_hold(seed, cells, cut):
    found = audit(random_ledger(seed, cells, cut))
    assert {found[name].verdict for name in LAWS} <= {Verdict.HOLDS, Verdict.TIGHT}
    assert not found.violated


@given(seed=seeds, factor=st.floats(0.1, 10.0))
def test_scale_of_temperature_moves_no_entropy(seed, factor):
    rng = np.random.default_rng(seed)
    bars, start = conducting_bars(2), rng.uniform(0.3, 4.0, 4)
    one, other = (ledger_of(bars, scale * start, [0.0, 1.0]) for scale in (1.0, factor))
    for name in ("interior_production", "interface_production", "entropy_change"):
        assert one[name].values == pytest.approx(other[name].values, abs=1e-11)
    assert other["bar_heat"].values == pytest.approx(factor * one["bar_heat"].values, abs=1e-10)


def broken_rates(change):
    original = heat_conduction.conduction_rates

    def rates(bars, stretch, times, touching):
        found = original(bars, stretch, times, touching)
        change(found)
        return found

    return rates


def swapped_temperatures(found):
    found[:, 2] *= 0.9


def backward_contact(found):
    found[:, 6] *= -1


def forgotten_link(found):
    found[:, 4] *= 0.5


def cooling_inside(found):
    found[:, 5] *= -1


def lost_heat(found):
    found[:, 0] *= 0.99


@pytest.mark.parametrize(
    ("change", "violated"),
    [
        (swapped_temperatures, {"entropy of each bar"}),
        (backward_contact, {"entropy of both bars", "production at the contact"}),
        (forgotten_link, {"entropy of each bar", "entropy of both bars"}),
        (cooling_inside, {"entropy of each bar", "entropy of both bars", "production inside each bar"}),
        (lost_heat, {"energy of each bar"}),
    ],
)
def test_broken_physics_is_seen(monkeypatch, change, violated):
    monkeypatch.setattr(heat_conduction, "conduction_rates", broken_rates(change))
    found = audit(ledger_of(conducting_bars(3), [1.0, 2.0], [0.0, 0.5, 2.0]))
    assert {finding.name for finding in found.findings if finding.verdict is Verdict.VIOLATED} == violated


def test_energy_that_leaks_is_seen():
    evolution = evolve(conducting_bars(2), [1.0, 2.0], [0.0, 0.5, 2.0])
    leaking = replace(evolution, temperatures=evolution.temperatures * np.array([[1.0], [0.999], [0.998]]))
    assert audit(build_ledger(leaking))["energy of each bar"].verdict is Verdict.VIOLATED


def test_ledger_comes_back_from_a_file(tmp_path):
    ledger = ledger_of(conducting_bars(2, cut=1.0), [1.0, 2.0], [0.0, 1.0, 2.0])
    loaded = Ledger.load(ledger.save(tmp_path / "ledger.nc"))
    assert loaded.accounts == ledger.accounts
    assert loaded["temperature"].values == pytest.approx(ledger["temperature"].values, rel=0, abs=0)
    assert audit(loaded).counts() == audit(ledger).counts()
