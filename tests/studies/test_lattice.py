"""Model files of lattice fermions: what they mean, and one clear error for each fault."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import ModelFileError, ResourceError
from loschmidt.studies import builtin_model, load_model, parse_model, run_model

ECHO = 'type = "two-step-echo"\nerase = ["upsilon"]\nphases = "deterministic"'


def lattice_file(
    graph: str = 'type = "chain"\nsites = 4', protocol: str = ECHO, initial: str = "", first: str = "interaction = 1.0"
) -> str:
    species = "".join(f'[[species]]\nname = "{name}"\nparticles = 2\n' for name in ("tau", "upsilon"))
    return f'title = "t"\nkind = "lattice"\n{first}\n[lattice]\n{graph}\n{species}[protocol]\n{protocol}\n{initial}'


def ledger(text: str):
    return run_model(parse_model(text)).ledger


def test_two_step_echo_is_compared_with_the_plain_one():
    found = ledger(lattice_file())
    assert float(found["unerased_echo_fidelity"][-1]) == pytest.approx(1, abs=1e-12)
    assert float(found["echo_fidelity"][-1]) < 0.9


def test_graphs():
    for graph, bonds in (
        ('type = "ring"\nsites = 4', 4),
        ('type = "grid"\nshape = [2, 2]', 4),
        ('type = "edges"\nsites = 4\nedges = [[0, 1], [1, 2], [2, 3], [0, 2]]', 4),
        ('type = "chain"\nsites = 4\nweights = [1, 2, 1]', 3),
    ):
        done = run_model(parse_model(lattice_file(graph)))
        assert len(done.process.system.lattice.edges) == bonds
        assert not done.audit.violated


def test_same_physics_from_numbering_of_a_square():
    square = ledger(lattice_file('type = "grid"\nshape = [2, 2]'))
    ring = ledger(lattice_file('type = "edges"\nsites = 4\nedges = [[0, 1], [0, 2], [1, 3], [2, 3]]'))
    np.testing.assert_allclose(square["fock_entropy"], ring["fock_entropy"], atol=1e-12)


def test_initial_states(tmp_path):
    amplitudes = np.zeros((6, 6), dtype=complex)
    amplitudes[0, 0] = 1
    np.save(tmp_path / "a.npy", amplitudes)
    wall = ledger(lattice_file(initial='[initial]\nstate = "domain wall"\n'))
    fock = ledger(lattice_file(initial="[initial]\nfock = { tau = [0, 1], upsilon = [0, 1] }\n"))
    (tmp_path / "m.toml").write_text(lattice_file(initial='[initial]\namplitudes = { file = "a.npy" }\n'))
    given = run_model(load_model(tmp_path / "m.toml")).ledger
    for other in (fock, given):
        np.testing.assert_allclose(wall["fock_entropy"], other["fock_entropy"], atol=1e-12)
    assert float(ledger(lattice_file(initial='[initial]\nstate = "random"\nseed = 3\n'))["fock_entropy"][0]) > 2
    assert float(ledger(lattice_file(initial='[initial]\nstate = "fermi sea"\n'))["species_entanglement"][0, 0]) < 1e-10


def test_seed_decides_random_phases():
    protocol = 'type = "two-step-echo"\nerase = ["tau", "upsilon"]\nseed = {}'
    one, same, other = (ledger(lattice_file(protocol=protocol.format(seed))) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one["fock_entropy"], same["fock_entropy"])
    assert abs(float(one["fock_entropy"][-1] - other["fock_entropy"][-1])) > 1e-6


def test_trotter_agrees_with_chebyshev():
    protocol = 'type = "expansion"\ntime = 1.0\nrecords = 2'
    exact = ledger(lattice_file(protocol=protocol))
    trotter = lattice_file(protocol=protocol) + '[method]\nfull = "trotter"\nscheme = "blanes-moan-6"\nsteps = 20\n'
    np.testing.assert_allclose(ledger(trotter)["fock_entropy"], exact["fock_entropy"], atol=1e-6)


def test_single_precision_is_said():
    found = ledger(lattice_file() + '[method]\nprecision = "single"\n')
    assert found.data.attrs["precision"] == "single"
    assert 1e-8 < found.data.attrs["error"] < 1e-4


FAULTS = {
    "no sites": (lattice_file('type = "ring"'), "lattice.sites"),
    "edge out of range": (lattice_file('type = "edges"\nsites = 4\nedges = [[0, 9]]'), "lattice"),
    "too many particles": (lattice_file('type = "chain"\nsites = 1'), "species"),
    "interaction of nobody": (lattice_file(first="interaction = { tau-omega = 1.0 }"), "species"),
    "interaction without a pair": (lattice_file(first="interaction = { tau = 1.0 }"), "interaction.tau"),
    "erases nobody known": (lattice_file(protocol='type = "two-step-echo"\nerase = ["omega"]'), "protocol.erase"),
    "erases nobody": (lattice_file(protocol='type = "repeated-erasure"\ntime = 1\nrepetitions = 2'), "protocol.erase"),
    "unknown protocol": (lattice_file(protocol='type = "two-step-ecco"'), "protocol"),
    "two initial states": (
        lattice_file(initial='[initial]\nstate = "random"\nfock = { tau = [0, 1], upsilon = [0, 1] }\n'),
        "initial",
    ),
    "wrong occupation": (lattice_file(initial="[initial]\nfock = { tau = [0], upsilon = [0, 1] }\n"), "initial.fock"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_clear_line(name):
    text, key = FAULTS[name]
    with pytest.raises(ModelFileError) as caught:
        ledger(text)
    assert any(f" {key}" in line for line in caught.value.lines()), caught.value.lines()


def test_state_beyond_memory_is_refused_with_a_number():
    text = lattice_file('type = "chain"\nsites = 30').replace("particles = 2", "particles = 15")
    with pytest.raises(ResourceError, match="G"):
        ledger(text)


@pytest.mark.parametrize(
    "name", ["two-step-echo", "repeated-local-eraser", "domain-wall-expansion", "hubbard-eraser", "built-in-eraser"]
)
def test_builtin_model_breaks_no_law(name):
    assert not run_model(builtin_model(name)).audit.violated
