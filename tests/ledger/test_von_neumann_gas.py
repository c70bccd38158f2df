from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from tests.physics import dimensions, random_hermitian, random_state, seeds

from loschmidt.evolution.evolve import evolve
from loschmidt.laws.audit import audit
from loschmidt.laws.finding import Verdict
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger
from loschmidt.processes.von_neumann_gas import von_neumann_gas

LAWS = ("first law", "second law of the gas", "reversibility")


def evolution_of(seed=1, d=3, atoms=10):
    rng = np.random.default_rng(seed)
    return evolve(von_neumann_gas(atoms, 2.0, hamiltonian=random_hermitian(rng, d)), random_state(rng, d))


def test_steps_have_names():
    ledger = build_ledger(evolution_of())
    assert ledger.data["stage"].values.tolist() == ["mixed", "separated", "compressed", "pure"]
    assert (ledger["work"].values[:2] == 0).all()


def test_printed_work_stands_beside_ours():
    evolution = evolve(von_neumann_gas(10, 2.0), np.diag([0.75, 0.25]))
    ledger = build_ledger(evolution)
    assert ledger["component_work"].values == pytest.approx(-20 * ledger["printed_component_work"].values, rel=1e-14)
    assert (ledger["printed_component_work"].values < 0).all()


@given(seed=seeds, d=dimensions)
def test_laws_hold(seed, d):
    found = audit(build_ledger(evolution_of(seed, d, atoms=1 + seed % 1000)))
    assert {found[name].verdict for name in LAWS} <= {Verdict.HOLDS, Verdict.TIGHT}
    assert not found.violated


def as_printed(evolution):
    """The source's work: p ln p per component, for the whole gas."""
    printed = evolution.components.populations * np.log(evolution.components.populations)
    stages = np.array([0.0, 0.0, 1.0, 1.0]) * printed.sum()
    temperature = evolution.process.temperature
    return replace(
        evolution,
        work=evolution.work - evolution.work[2] * np.array([0, 0, 1, 1]) + stages,
        heat=-stages,
        reservoir_entropy=stages / temperature,
    )


def forgotten_unitaries(evolution):
    return replace(evolution, work=evolution.work[[0, 1, 2, 2]])


def irreversible(evolution):
    heat = 1.5 * evolution.heat
    work = evolution.work - 0.5 * evolution.heat
    return replace(evolution, work=work, heat=heat, reservoir_entropy=-heat / evolution.process.temperature)


def too_small_boxes(evolution):
    return replace(evolution, gas_entropy=evolution.gas_entropy - np.array([0.0, 0.0, 1.0, 1.0]))


@pytest.mark.parametrize(
    ("broken", "violated"),
    [
        (as_printed, {"second law of the gas", "reversibility"}),
        (forgotten_unitaries, {"first law"}),
        (irreversible, {"reversibility"}),
        (too_small_boxes, {"second law of the gas", "reversibility"}),
    ],
)
def test_broken_physics_is_seen(broken, violated):
    found = audit(build_ledger(broken(evolution_of())))
    assert {finding.name for finding in found.findings if finding.verdict is Verdict.VIOLATED} == violated


def test_ledger_comes_back_from_a_file(tmp_path):
    ledger = build_ledger(evolution_of())
    loaded = Ledger.load(ledger.save(tmp_path / "ledger.nc"))
    assert loaded.accounts == ledger.accounts
    assert audit(loaded).counts() == audit(ledger).counts()


def test_a_mole_is_no_trouble(tmp_path):
    ledger = build_ledger(evolution_of(atoms=6 * 10**23))
    ledger.save(tmp_path / "mole.nc")
    assert not audit(ledger).violated
