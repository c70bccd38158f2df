"""Where a file says that the state is kept: in memory with checkpoints, or in blocks; and commands that are killed."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys

import numpy as np
import pytest

from loschmidt.errors import InputError, ModelFileError, ResourceError
from loschmidt.evolution.lattice import LatticeRun, Observation, evolve_lattice, iterate_lattice, lattice_memory
from loschmidt.ledger import Ledger
from loschmidt.processes.lattice import Lattice, deterministic_phases, domain_wall, lattice_system, two_step_echo
from loschmidt.studies import load_model, parse_model, run_model
from loschmidt.studies.lattice_storage import evolve_with_checkpoints

RING = lattice_system(Lattice.ring(6), (3, 3), interaction=1.0)
ERASED = two_step_echo(RING, deterministic_phases(RING, "upsilon"))
WALL = domain_wall(RING)


def lattice_file(storage="", protocol='type = "two-step-echo"\nerase = ["upsilon"]', more=""):
    species = "".join(f'[[species]]\nname = "{name}"\nparticles = 3\n' for name in ("tau", "upsilon"))
    graph = 'title = "t"\nkind = "lattice"\ninteraction = 1.0\n[lattice]\ntype = "ring"\nsites = 6\n'
    return f"{graph}{species}[protocol]\n{protocol}\n{more}\n[storage]\n{storage}\n"


def run_in(folder, storage, **parts):
    (folder / "model.toml").write_text(lattice_file(storage, **parts))
    return run_model(load_model(folder / "model.toml"))


# ── model files ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "storage",
    [
        'state = "disk"\nfolder = "kept"\nmemory_limit = "5 MB"\nworkers = 1',
        'checkpoint = true\nfolder = "kept"\nmemory_limit = 4e9',
    ],
)
def test_the_ledger_is_that_of_a_run_in_memory(storage, tmp_path):
    correlations = "[observe]\ncorrelations = true\nspecies_entanglement = false\nhalf_chain_entanglement = false\n"
    correlations += "purity = false\n" if "checkpoint" in storage else ""
    found = run_in(tmp_path, storage, more=correlations)
    expected = run_model(parse_model(lattice_file()))
    assert (tmp_path / "kept" / "unerased" / "manifest.json").is_file()
    for name in found.ledger.accounts:
        np.testing.assert_allclose(found.ledger[name], expected.ledger[name], atol=1e-12, err_msg=name)
    missing = set(expected.ledger.accounts) - set(found.ledger.accounts)
    assert {"species_entanglement", "half_chain_entanglement", "purity"} <= missing
    assert all("entangle" in name or name == "purity" for name in missing)
    assert not found.audit.violated


def test_a_second_run_says_that_it_went_on(tmp_path):
    storage = 'state = "disk"\nfolder = "kept"'
    first, second = run_in(tmp_path, storage), run_in(tmp_path, storage)
    assert not any("went on" in remark for remark in first.remarks)
    assert sum("went on after stage 5 of 5" in remark for remark in second.remarks) == 2
    np.testing.assert_array_equal(first.ledger["fock_entropy"], second.ledger["fock_entropy"])


FAULTS = {
    "no scheduler": ('state = "cluster"', "storage.scheduler"),
    "scheduler of a state in memory": ('scheduler = "tcp://127.0.0.1:1"', "storage.scheduler"),
    "workers of a state in memory": ("workers = 2", "storage.workers"),
    "checkpoints on disk": ('state = "disk"\nfolder = "a"\ncheckpoint = true', "storage.checkpoint"),
    "nowhere to write": ('state = "disk"', "storage.folder"),
    "nowhere for checkpoints": ("checkpoint = true", "storage.folder"),
    "no unit": ('memory_limit = "2 gigabyte"', "storage.memory_limit"),
    "negative": ("memory_limit = -1", "storage.memory_limit"),
    "truth": ("memory_limit = true", "storage.memory_limit"),
    "elsewhere": ('state = "cloud"', "storage.state"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_clear_line(name):
    storage, key = FAULTS[name]
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(lattice_file(storage)))
    assert [key in line for line in caught.value.lines()] == [True], caught.value.lines()


def test_full_evolution_is_refused_in_blocks(tmp_path):
    with pytest.raises(InputError, match='dynamics = "stepwise"'):
        run_in(tmp_path, 'state = "disk"\nfolder = "kept"', protocol='type = "expansion"\ntime = 1.0')


def test_a_package_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "loschmidt.studies.lattice_blocks", None)
    with pytest.raises(InputError, match=r"pip install .loschmidt\[out-of-core\]"):
        run_in(tmp_path, 'state = "disk"\nfolder = "kept"')


def test_a_random_state_that_does_not_fit_is_refused_before_it_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr("loschmidt.studies.lattice.available_memory", lambda: 10_000.0)
    with pytest.raises((ModelFileError, ResourceError), match=r"19\.2 kB"):
        run_in(tmp_path, 'state = "disk"\nfolder = "kept"', more='[initial]\nstate = "random"\n')


def test_a_state_in_memory_loads_neither_dask_nor_zarr():
    # xarray loads Dask by itself where it finds it; what is forbidden is to need it.
    program = (
        "import sys\nfrom loschmidt.studies import builtin_model, run_model\n"
        "for name in ('qubit-relaxation', 'two-step-echo'): run_model(builtin_model(name))\n"
        "sys.exit('zarr' in sys.modules or 'loschmidt.studies.lattice_stores' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# ── checkpoints of a state in memory ─────────────────────────────────────────────────────────────────────────────────


def interrupted_after(stages, folder, run, monkeypatch):
    from loschmidt.studies.lattice_folder import RunFolder

    with monkeypatch.context() as patch:
        write = RunFolder.write

        def stopping(self, manifest):
            write(self, manifest)
            if manifest.completed == stages:
                raise KeyboardInterrupt

        patch.setattr(RunFolder, "write", stopping)
        with pytest.raises(KeyboardInterrupt):
            evolve_with_checkpoints(ERASED, WALL, run, folder)


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("stages", [1, 3, 5])
def test_a_run_goes_on_from_any_stage_with_the_same_bits(stages, precision, tmp_path, monkeypatch):
    run, told = LatticeRun(precision=precision), []
    interrupted_after(stages, tmp_path, run, monkeypatch)
    found = evolve_with_checkpoints(ERASED, WALL, run, tmp_path, say=told.append)
    expected = evolve_lattice(ERASED, WALL, run)
    np.testing.assert_array_equal(found.state, expected.state)
    for name, values in expected.observables.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)
    assert told == [f"went on after stage {stages} of 5, kept in {str(tmp_path)!r}"]
    assert [path.name for path in tmp_path.glob("state-*")] == ["state-5.npy"]


def test_a_checkpoint_that_is_damaged_is_refused(tmp_path, monkeypatch):
    interrupted_after(2, tmp_path, LatticeRun(), monkeypatch)
    whole = (tmp_path / "state-2.npy").read_bytes()
    (tmp_path / "state-2.npy").write_bytes(whole[:-1])
    with pytest.raises(InputError, match="cannot be read"):
        evolve_with_checkpoints(ERASED, WALL, LatticeRun(), tmp_path)


def test_a_run_that_failed_before_its_first_stage_leaves_nothing(tmp_path):
    with pytest.raises(ResourceError, match="memory"):
        evolve_with_checkpoints(ERASED, WALL, LatticeRun(memory_limit=1.0), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_memory_of_a_state_that_is_there_already_is_not_counted_twice(monkeypatch):
    few = LatticeRun(observe=Observation(False, False, False, False))
    first = next(iterate_lattice(ERASED, WALL, few))
    needed = lattice_memory(ERASED).total
    for free, fits in ((needed - first.state.nbytes, True), (needed - first.state.nbytes - 1, False)):
        monkeypatch.setattr("loschmidt.evolution.lattice.run.available_memory", lambda free=free: free)
        with contextlib.nullcontext() if fits else pytest.raises(ResourceError, match="memory"):
            evolve_lattice(ERASED, WALL, few, resume=first)


# ── a killed command ─────────────────────────────────────────────────────────────────────────────────────────────────

PROGRAM = """
import os, signal, sys
from loschmidt.studies import lattice_folder
write, calls, last = lattice_folder.RunFolder.write, [], int(sys.argv[1])

def killing(self, manifest):
    write(self, manifest)
    calls.append(0)
    if len(calls) == last:
        os.kill(os.getpid(), signal.SIGKILL)

lattice_folder.RunFolder.write = killing
sys.argv[1:] = ["run", "model.toml", "--out", "out", "--json"]
from loschmidt.cli import main
main()
"""


def command(times, cwd):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(times)], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("storage", "times", "said"), [("checkpoint = true", 3, "3 of 5"), ('state = "disk"', 2, "4 of 5")]
)
def test_the_same_command_goes_on_and_says_so(storage, times, said, tmp_path):
    (tmp_path / "model.toml").write_text(lattice_file(storage))
    assert command(times, tmp_path).returncode == -signal.SIGKILL
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.toml", "out.unfinished"]
    (tmp_path / "model.toml").write_text(lattice_file(storage).replace("interaction = 1.0", "interaction = 1.1"))
    other = command(0, tmp_path)
    assert other.returncode == 2
    assert "of another model" in other.stderr
    (tmp_path / "model.toml").write_text(lattice_file(storage))
    done = command(0, tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"went on after stage {said}" in done.stderr
    assert any(f"went on after stage {said}" in remark for remark in json.loads(done.stdout)["remarks"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.toml", "out"]
    found, expected = Ledger.load(tmp_path / "out" / "ledger.nc"), run_model(parse_model(lattice_file())).ledger
    np.testing.assert_allclose(found["fock_entropy"], expected["fock_entropy"], atol=1e-12)
