"""Ledgers of lattice fermions: known numbers, what each law needs, and every law seen to fail on a wrong number."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.evolution import evolve
from loschmidt.evolution.lattice import Observation, evolve_lattice
from loschmidt.evolution.lattice.run import LatticeRun
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.ledger.lattices import keep_lattice
from loschmidt.processes.lattice import (
    Lattice,
    deterministic_phases,
    domain_wall,
    domain_wall_expansion,
    lattice_system,
    two_step_echo,
)

SYSTEM = lattice_system(Lattice.chain(6), (3, 2), interaction=1.0)
START = domain_wall(SYSTEM)


@pytest.fixture(scope="module")
def erased() -> Ledger:
    phases = deterministic_phases(SYSTEM, "upsilon")
    plain = evolve_lattice(two_step_echo(SYSTEM), START)
    return keep_lattice(evolve_lattice(two_step_echo(SYSTEM, phases), START), "echo", plain)


@pytest.fixture(scope="module")
def free() -> Ledger:
    return build_ledger(evolve(domain_wall_expansion(SYSTEM, 3.0, 6), START))


def test_erased_echo_gains_entropy_and_the_plain_one_does_not(erased):
    assert erased["fock_entropy"][-1] > 3
    assert float(erased["unerased_fock_entropy"][-1]) == pytest.approx(0, abs=1e-11)
    assert float(erased["unerased_echo_fidelity"][-1]) == pytest.approx(1, abs=1e-12)
    assert float(erased["echo_fidelity"][-1]) < 0.1


def test_stages_have_names(erased):
    assert list(erased.data["stage"].values) == ["φ0", "φ1", "φ2", "φ2'", "φ1'", "φ0'"]
    assert erased.family == "lattice"


def test_no_law_is_broken(erased, free):
    for ledger in (erased, free):
        found = audit(ledger)
        assert {finding.verdict for finding in found.findings} <= {Verdict.HOLDS, Verdict.TIGHT}
        assert {"norm", "energy", "erasure", "frozen species", "subadditivity"} <= {f.name for f in found.findings}


def test_energy_is_conserved_under_the_full_hamiltonian_only(erased, free):
    np.testing.assert_allclose(free["energy"], free["energy"][0], atol=1e-11)
    assert abs(float(erased["energy"][2] - erased["energy"][0])) > 1e-3


def test_equilibrium_stands_beside_the_entropies(free):
    assert float(free["uniform_entropy"]) == pytest.approx(np.log(300))
    assert float(free["haar_entropy"]) < float(free["uniform_entropy"])
    assert (free["species_fock_entropy"] <= free["uniform_species_entropy"]).all()


def test_ledger_saves_without_loss(erased, tmp_path):
    again = Ledger.load(erased.save(tmp_path / "ledger.nc"))
    assert again.data.equals(erased.data)
    assert audit(again).as_dict() == audit(erased).as_dict()


def test_entanglement_that_is_not_computed_is_absent_with_a_reason():
    few = LatticeRun(observe=Observation(False, False, False))
    ledger = keep_lattice(evolve_lattice(two_step_echo(SYSTEM), START, few), "t")
    with pytest.raises(KeyError, match="not asked for"):
        ledger["species_entanglement"]
    assert audit(ledger)["entanglement bound"].verdict is Verdict.UNTESTED


@pytest.mark.parametrize(
    ("law", "account", "change"),
    [
        ("norm", "norm", 1e-6),
        ("particle numbers", "particle_number_defect", 1e-6),
        ("energy", "energy_drift", 1e-6),
        ("subadditivity", "fock_entropy", 10.0),
        ("marginal entropies", "fock_entropy", -10.0),
        ("entropy ceiling", "species_fock_entropy", 10.0),
        ("entanglement bound", "species_entanglement", 10.0),
        ("erasure", "erasure_entropy_change", 1e-6),
        ("local invariance", "erasure_entanglement_change", 1e-6),
        ("frozen species", "frozen_entropy_change", 1e-6),
    ],
)
def test_a_number_that_breaks_a_law_is_caught(erased, law, account, change):
    wrong = Ledger(erased.data.assign({account: erased.data[account] + change}))
    assert audit(wrong)[law].verdict is Verdict.VIOLATED
