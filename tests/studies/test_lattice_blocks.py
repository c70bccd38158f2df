"""States in blocks: the same numbers as in memory, from any blocks, on disk and in a cluster, killed or not."""

from __future__ import annotations

import contextlib
import json
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lattices import SYSTEMS, name_of, random_start, random_system

from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.lattice import LatticeRecord, LatticeRun, Observation, Trotter, evolve_lattice
from loschmidt.ledger.lattices import keep_lattice
from loschmidt.processes.lattice import (
    Erase,
    ExactStep,
    FullStep,
    Lattice,
    deterministic_phases,
    domain_wall,
    fermi_sea,
    lattice_protocol,
    lattice_system,
    random_phases,
    repeated_erasure,
    two_step_echo,
)
from loschmidt.studies.lattice_blocks import evolve_in_blocks
from loschmidt.studies.lattice_folder import Manifest, RunFolder, fingerprint
from loschmidt.studies.lattice_plan import block_layout, passes_of

EVERYTHING = LatticeRun(observe=Observation(correlations=True))
IN_MEMORY = LatticeRun(observe=Observation(False, False, False))
RING = lattice_system(Lattice.ring(8), (4, 4), interaction=1.0)
ERASED = two_step_echo(RING, deterministic_phases(RING, "upsilon"))
WALL = domain_wall(RING)
TINY = 12_000  # bytes of a slab: ten columns of the ring, which divides the groups of 16


def assert_same(found, expected, exactly=True):
    """States are the same bits, or differ by round-off; sums over a state are added up in another order."""
    if exactly:
        np.testing.assert_array_equal(found.state[...], expected.state[...])
    else:
        np.testing.assert_allclose(found.state[...], expected.state[...], atol=1e-14)
    assert set(found.observables) == set(expected.observables)
    for name, values in expected.observables.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-13, atol=1e-13, err_msg=name)
    np.testing.assert_array_equal(found.state_error, expected.state_error)
    assert found.labels == expected.labels


# ── the same as in memory ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("case", SYSTEMS, ids=name_of)
def test_any_lattice_gives_the_same_in_single_columns(case, tmp_path):
    rng = np.random.default_rng(5)
    system = random_system(rng, *case)
    start = random_start(rng, system)
    protocol = two_step_echo(system, random_phases(system, [0, 1], rng), rng.normal(size=2).tolist())
    found = evolve_in_blocks(protocol, start, EVERYTHING, folder=tmp_path, block_bytes=1)
    assert_same(found, evolve_lattice(protocol, start, IN_MEMORY), exactly=False)


@pytest.mark.parametrize(
    ("lattice", "particles"),
    [
        (Lattice.chain(8), (4, 4)),
        (Lattice.ring(8), (3, 5)),
        (Lattice.grid((2, 4)), (4, 3)),
        (Lattice.ring(7, 0.6 + 0.8j), (3, 4)),
        (Lattice.chain(8), (4, 0)),
    ],
)
def test_blocks_of_sixteen_columns_give_the_same_bits(lattice, particles, tmp_path):
    rng = np.random.default_rng(6)
    system = random_system(rng, lattice, particles)
    protocol = two_step_echo(system, random_phases(system, "upsilon", rng), (3.0, -2.0), interaction_weight=0.5)
    slab = 16 * 16 * max(system.dims)
    for start, precision in ((domain_wall(system), "single"), (random_start(rng, system), "double")):
        folder = tmp_path / precision
        found = evolve_in_blocks(
            protocol, start, replace(EVERYTHING, precision=precision), folder=folder, block_bytes=slab
        )
        assert all(c == d or c % 16 == 0 for c, d in zip(found.state.chunks, system.dims, strict=True))
        expected = evolve_lattice(protocol, start, replace(IN_MEMORY, precision=precision))
        np.testing.assert_array_equal(found.state[...], expected.state)
        for name, values in expected.observables.items():
            np.testing.assert_allclose(found[name], values, rtol=1e-13, atol=1e-13, err_msg=name)


def test_hard_core_particles_on_a_ring(tmp_path):
    system = lattice_system(Lattice.ring(7), (4, 3), interaction=1.0, statistics="hardcore")
    protocol = two_step_echo(system, deterministic_phases(system, "upsilon"))
    found = evolve_in_blocks(protocol, domain_wall(system), EVERYTHING, folder=tmp_path, block_bytes=10e3)
    assert_same(found, evolve_lattice(protocol, domain_wall(system), IN_MEMORY))


@given(seed=st.integers(0, 2**32 - 1), columns=st.integers(1, 6), correlations=st.booleans())
def test_any_sequence_of_stages(seed, columns, correlations):
    rng = np.random.default_rng(seed)
    system = random_system(rng, Lattice.ring(4), (2, 1))
    stages, labels = [], []
    for number in range(rng.integers(0, 8)):
        phases = random_phases(system, [[0], [1], [0, 1]][rng.integers(3)], rng)
        step = ExactStep(int(rng.integers(2)), float(rng.normal() * rng.integers(2)), float(rng.integers(2)))
        stages.append(Erase(phases) if rng.random() < 0.4 else step)
        labels.append(str(number) if rng.random() < 0.6 else "")
    protocol, start = lattice_protocol(system, stages, labels), random_start(rng, system)
    run = LatticeRun(observe=Observation(False, False, False, correlations))
    with tempfile.TemporaryDirectory() as folder:
        found = evolve_in_blocks(protocol, start, run, folder=folder, block_bytes=16 * 6 * columns)
        assert_same(found, evolve_lattice(protocol, start, run), exactly=False)


def test_number_of_blocks_and_workers_is_of_no_consequence(tmp_path):
    runs = [
        evolve_in_blocks(ERASED, WALL, folder=tmp_path / f"{size}-{workers}", block_bytes=size, workers=workers)
        for size, workers in ((1e6, 1), (20e3, 1), (20e3, 3))
    ]
    for one in runs[1:]:
        np.testing.assert_array_equal(one.state[...], runs[0].state[...])
    np.testing.assert_array_equal(runs[1].joint_entropy, runs[2].joint_entropy)


@pytest.mark.parametrize("record_every", [1, 3])
def test_repeated_erasure_and_a_fermi_sea(record_every, tmp_path):
    operations = [(deterministic_phases(RING, "upsilon"), 2.0), (deterministic_phases(RING, "tau"), -1.3)]
    protocol = repeated_erasure(RING, operations, repetitions=2, dynamics="stepwise", record_every=record_every)
    start = fermi_sea(RING)
    found = evolve_in_blocks(protocol, start, EVERYTHING, folder=tmp_path, block_bytes=20e3)
    assert_same(found, evolve_lattice(protocol, start, IN_MEMORY))


def test_three_species_and_phases_of_two_together(tmp_path):
    rng = np.random.default_rng(7)
    system = random_system(rng, Lattice.ring(6), (2, 3, 1))
    phases = random_phases(system, ["tau", "kappa"], rng, joint=True)
    steps = [ExactStep(0, 1.0), ExactStep(2, 0.7), Erase(phases), ExactStep(1, -1.2), ExactStep(2, -0.7)]
    protocol = lattice_protocol(system, steps, ["a", "", "c", "d", ""])
    start = random_start(rng, system)
    found = evolve_in_blocks(protocol, start, EVERYTHING, folder=tmp_path, block_bytes=TINY)
    assert_same(found, evolve_lattice(protocol, start, IN_MEMORY), exactly=False)


def test_echo_of_one_species_alone(tmp_path):
    steps = [ExactStep(0, 1.0), Erase(deterministic_phases(RING, "tau")), ExactStep(0, -1.0)]
    for kept in (["tau"], ["upsilon"]):
        protocol = lattice_protocol(RING, steps, ["", "", "end"], echo_species=kept)
        found = evolve_in_blocks(protocol, WALL, EVERYTHING, folder=tmp_path / kept[0], block_bytes=TINY)
        expected = evolve_lattice(protocol, WALL, IN_MEMORY)
        np.testing.assert_allclose(found.echo_fidelity, expected.echo_fidelity, atol=1e-13)
    assert found.echo_fidelity[-1] == pytest.approx(1)
    assert found["echo_fidelity"][0] == 1


def test_full_steps_of_species_that_do_not_meet(tmp_path):
    free = lattice_system(Lattice.ring(6), (3, 2))
    protocol = lattice_protocol(free, [FullStep(1.5), FullStep(0.0)], ["on", "still"])
    found = evolve_in_blocks(protocol, domain_wall(free), EVERYTHING, folder=tmp_path, block_bytes=TINY)
    assert_same(found, evolve_lattice(protocol, domain_wall(free), IN_MEMORY), exactly=False)


def test_a_protocol_that_does_nothing(tmp_path):
    found = evolve_in_blocks(lattice_protocol(RING, [], []), WALL, EVERYTHING, folder=tmp_path)
    assert_same(found, evolve_lattice(lattice_protocol(RING, [], []), WALL, IN_MEMORY))


def test_the_ledger_has_the_same_accounts(tmp_path):
    found = keep_lattice(evolve_in_blocks(ERASED, WALL, EVERYTHING, folder=tmp_path, block_bytes=TINY), "t")
    expected = keep_lattice(evolve_lattice(ERASED, WALL, IN_MEMORY), "t")
    assert found.accounts == expected.accounts
    assert float(found["fock_entropy"][-1]) > float(found["fock_entropy"][2]) > 1


# ── passes and blocks ────────────────────────────────────────────────────────────────────────────────────────────────


def test_passes_are_as_few_as_transpositions_allow():
    assert [(one.axis, one.completed) for one in passes_of(ERASED)] == [(0, 1), (1, 4), (0, 5)]
    fixed = [(deterministic_phases(RING, "upsilon"), 2.0)]
    for record_every, count in ((1, 11), (5, 3)):
        protocol = repeated_erasure(RING, fixed, repetitions=5, dynamics="stepwise", record_every=record_every)
        assert len(passes_of(protocol)) == count
    assert len(passes_of(ERASED, correlations=True)) > 3


def test_species_that_move_together_are_refused(tmp_path):
    with pytest.raises(InputError, match="stage 1 moves species together"):
        evolve_in_blocks(lattice_protocol(RING, [FullStep(1.0)], ["end"]), WALL, folder=tmp_path)


@given(
    sites=st.integers(2, 16),
    data=st.data(),
    limit=st.floats(3e5, 1e9),
    workers=st.integers(1, 4),
    item=st.sampled_from([8, 16]),
)
def test_blocks_fit_or_are_refused(sites, data, limit, workers, item):
    particles = tuple(data.draw(st.lists(st.integers(0, sites), min_size=1, max_size=3)))
    system = lattice_system(Lattice.chain(sites), particles, interaction=1.0)
    if block_layout(system, item, block_bytes=1, memory_limit=1e15, workers=1).memory > limit:
        with pytest.raises(ResourceError, match="memory_limit"):
            block_layout(system, item, memory_limit=limit, workers=workers)
        return
    layout = block_layout(system, item, memory_limit=limit, workers=workers)
    assert layout.memory <= limit
    assert 1 <= layout.workers <= workers
    for axis, dimension in enumerate(system.dims):
        assert [sum(lengths) for lengths in layout.slabs(axis)] == list(system.dims)
        assert layout.slabs(axis)[axis] == (dimension,)


def test_a_limit_below_single_columns_is_refused_with_the_number(tmp_path):
    with pytest.raises(ResourceError, match=r"need .* of memory .* but 10 kB are allowed. Raise `memory_limit`"):
        evolve_in_blocks(ERASED, WALL, LatticeRun(memory_limit=1e4), folder=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_state_larger_than_the_memory_that_is_allowed(tmp_path):
    system = lattice_system(Lattice.ring(11), (5, 6), interaction=1.0)
    protocol = two_step_echo(system, deterministic_phases(system, "upsilon"), (1.0, 1.0))
    few = LatticeRun(observe=Observation(correlations=False), memory_limit=1.1e6)
    assert 3 * block_layout(system, 16, memory_limit=1.1e6).memory < 16 * system.dimension
    found = evolve_in_blocks(protocol, domain_wall(system), few, folder=tmp_path)
    expected = evolve_lattice(protocol, domain_wall(system), replace(IN_MEMORY, observe=Observation(*[False] * 4)))
    assert_same(found, expected)


def test_entanglement_needs_the_whole_state(tmp_path):
    with pytest.raises(InputError, match="purity"):
        evolve_in_blocks(ERASED, WALL, LatticeRun(observe=Observation(purity=True)), folder=tmp_path)


def test_somewhere_must_be_named():
    with pytest.raises(InputError, match="folder"):
        evolve_in_blocks(ERASED, WALL)


# ── killed runs ──────────────────────────────────────────────────────────────────────────────────────────────────────

PROGRAM = """
import os, signal, sys
from tests.studies import test_lattice_blocks as given
from loschmidt.studies import lattice_folder, lattice_stores

def killing(function, count):
    calls = []
    def counted(*arguments):
        calls.append(0)
        if len(calls) > count:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return counted

kind, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if kind == "pass":
    lattice_folder.RunFolder.write = killing(lattice_folder.RunFolder.write, count)
else:
    lattice_stores.work_on_slab = killing(lattice_stores.work_on_slab, count)
given.evolve_in_blocks(given.ERASED, given.WALL, folder=folder, block_bytes=20e3)
"""


def kill(kind, count, folder, cwd):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind, str(count), str(folder)], cwd=cwd, capture_output=True, check=False
    )
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()


@pytest.mark.parametrize(
    ("kind", "count", "said"), [("pass", 1, "1 of 5"), ("pass", 2, "4 of 5"), ("slab", 7, "1 of 5"), ("slab", 2, None)]
)
def test_a_killed_run_goes_on_from_its_last_pass(kind, count, said, tmp_path, request):
    kill(kind, count, tmp_path, request.config.rootpath)
    told = []
    found = evolve_in_blocks(ERASED, WALL, folder=tmp_path, block_bytes=20e3, say=told.append)
    assert [sentence.split(",")[0] for sentence in told] == ([f"went on after stage {said}"] if said else [])
    uninterrupted = evolve_in_blocks(ERASED, WALL, folder=tmp_path / "other", block_bytes=20e3)
    assert_same(found, uninterrupted)
    for name in found.observables:
        np.testing.assert_array_equal(found[name], uninterrupted[name])
    assert [path.name for path in tmp_path.glob("state-*")] == ["state-3.zarr"]


def test_a_complete_run_is_read_back_without_work(tmp_path, monkeypatch):
    first = evolve_in_blocks(ERASED, WALL, EVERYTHING, folder=tmp_path)
    monkeypatch.setattr("loschmidt.studies.lattice_stores.work_on_slab", None)
    assert_same(evolve_in_blocks(ERASED, WALL, EVERYTHING, folder=tmp_path), first)


def test_another_model_is_refused(tmp_path):
    evolve_in_blocks(ERASED, WALL, folder=tmp_path)
    other = two_step_echo(RING, deterministic_phases(RING, "upsilon"), (3.0, 3.1))
    with pytest.raises(InputError, match="5 of 5 stages of another model"):
        evolve_in_blocks(other, WALL, folder=tmp_path)
    assert json.loads((tmp_path / "manifest.json").read_text())["completed"] == 5


def test_fingerprint_sees_every_difference():
    rng = np.random.default_rng(8)
    twin = lattice_system(Lattice.ring(8), (4, 4), interaction=1.0)
    stronger = lattice_system(Lattice.ring(8), (4, 4), interaction=1.0 + 1e-15)
    cases = [
        (ERASED, WALL, LatticeRun()),
        (two_step_echo(RING), WALL, LatticeRun()),
        (two_step_echo(RING, deterministic_phases(RING, "tau")), WALL, LatticeRun()),
        (two_step_echo(RING, random_phases(RING, "upsilon", rng)), WALL, LatticeRun()),
        (two_step_echo(RING, deterministic_phases(RING, "upsilon"), (3.0, 2.0)), WALL, LatticeRun()),
        (two_step_echo(RING, deterministic_phases(RING, "upsilon"), interaction_weight=0.5), WALL, LatticeRun()),
        (two_step_echo(stronger, deterministic_phases(RING, "upsilon")), WALL, LatticeRun()),
        (ERASED, domain_wall(RING, ["tau"]), LatticeRun()),
        (ERASED, fermi_sea(RING), LatticeRun()),
        (ERASED, random_start(rng, RING), LatticeRun()),
        (ERASED, WALL, LatticeRun(precision="single")),
        (ERASED, WALL, LatticeRun(method=Trotter())),
        (ERASED, WALL, LatticeRun(observe=Observation(cut=1))),
        (lattice_protocol(RING, ERASED.stages, "abcde"), WALL, LatticeRun()),
        (
            lattice_protocol(RING, ERASED.stages, ERASED.labels, initial_label="φ0", echo_species=[0]),
            WALL,
            LatticeRun(),
        ),
    ]
    assert len({fingerprint(*case) for case in cases}) == len(cases)
    same = two_step_echo(twin, deterministic_phases(twin, "upsilon"))
    assert fingerprint(same, domain_wall(twin), LatticeRun(memory_limit=1e9)) == fingerprint(*cases[0])


# ── what can go wrong on disk ────────────────────────────────────────────────────────────────────────────────────────


def half_way(folder, monkeypatch):
    """Leave a run that stopped after its first pass."""
    with monkeypatch.context() as patch:
        write = RunFolder.write

        def stopping(self, manifest):
            write(self, manifest)
            raise KeyboardInterrupt

        patch.setattr(RunFolder, "write", stopping)
        with pytest.raises(KeyboardInterrupt, match=r"1 of \d+ stages are kept in .*goes on from there"):
            evolve_in_blocks(ERASED, WALL, folder=folder, block_bytes=20e3)


def test_a_chunk_that_is_lost_is_noticed(tmp_path, monkeypatch):
    half_way(tmp_path, monkeypatch)
    (tmp_path / "state-1.zarr" / "c" / "1" / "2").unlink()
    with pytest.raises(InputError, match="damaged or missing"):
        evolve_in_blocks(ERASED, WALL, folder=tmp_path, block_bytes=20e3)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 0}', '{"format": 1, "records": []}'])
def test_a_manifest_that_is_none_is_refused(text, tmp_path):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="must be the manifest of a lattice run"):
        evolve_in_blocks(ERASED, WALL, folder=tmp_path)
    assert (tmp_path / "manifest.json").read_text() == text


def test_a_state_that_is_lost_is_noticed(tmp_path, monkeypatch):
    half_way(tmp_path, monkeypatch)
    shutil.rmtree(tmp_path / "state-1.zarr")
    with pytest.raises(InputError, match="lacks its state"):
        evolve_in_blocks(ERASED, WALL, folder=tmp_path, block_bytes=20e3)


def test_numbers_of_a_manifest_are_the_same_bits_again():
    numbers = {
        "a": evolve_lattice(ERASED, WALL, IN_MEMORY).density[-1],
        "b": np.array(0.1 + 0.2),
        "c": np.zeros((0, 3)),
        "d": np.array([1j / 3, -0.0]),
    }
    manifest = Manifest("m", 1, 2, 1, "state-1", 1e-300, (LatticeRecord("φ", 1, numbers),), (2.0 / 3,))
    again = Manifest.from_text(manifest.text())
    for name, values in numbers.items():
        np.testing.assert_array_equal(again.records[0].numbers[name], values)
        assert again.records[0].numbers[name].dtype == values.dtype
    assert (again.error, again.errors, again.records[0].label) == (1e-300, (2.0 / 3,), "φ")
    assert json.loads(manifest.text())["format"] == 1


def test_a_folder_in_use_is_refused(tmp_path):
    with (
        RunFolder(tmp_path / "run", "m").opened(),
        pytest.raises(InputError, match="in use by another run"),
        RunFolder(tmp_path / "run", "m").opened(),
    ):
        pass


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"`folder` .* cannot be used"):
        evolve_in_blocks(ERASED, WALL, folder=tmp_path / "file" / "below")


def test_too_small_a_disk_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000))
    with pytest.raises(ResourceError, match=r"need 157 kB on the disk .* but 1 kB are free"):
        evolve_in_blocks(ERASED, WALL, folder=tmp_path / "new")
    assert not (tmp_path / "new").exists()


@contextlib.contextmanager
def files_of_at_most(size):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_is_said_and_the_run_goes_on_later(tmp_path, monkeypatch):
    half_way(tmp_path, monkeypatch)
    with files_of_at_most(2_000), pytest.raises(ResourceError, match=r"full .* up to stage 1 is kept") as caught:
        evolve_in_blocks(ERASED, WALL, folder=tmp_path, block_bytes=20e3)
    assert caught.value.__cause__ is None
    found = evolve_in_blocks(ERASED, WALL, folder=tmp_path, block_bytes=20e3)
    np.testing.assert_array_equal(found.state[...], evolve_lattice(ERASED, WALL).state)


# ── a cluster ────────────────────────────────────────────────────────────────────────────────────────────────────────

CLUSTER = """
import sys
import numpy as np
from distributed import Client, LocalCluster
from tests.studies import test_lattice_blocks as given
from loschmidt.evolution.lattice import evolve_lattice

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit="1GB") as cluster:
        expected = evolve_lattice(given.ERASED, given.WALL, given.IN_MEMORY)
        shared = {"scheduler": cluster.scheduler_address, "block_bytes": 20e3}
        on_disk = given.evolve_in_blocks(given.ERASED, given.WALL, given.EVERYTHING, folder=sys.argv[1], **shared)
        given.assert_same(on_disk, expected)
        address = given.evolve_in_blocks(given.ERASED, given.WALL, given.EVERYTHING, **shared)
        assert address.state.size == 0
        with Client(cluster) as client:
            shared["scheduler"] = client
            within = given.evolve_in_blocks(given.ERASED, given.WALL, given.EVERYTHING, **shared)
            np.testing.assert_array_equal(client.compute(within.state).result(), expected.state)
        for name, values in on_disk.observables.items():
            np.testing.assert_array_equal(within[name], values)
            np.testing.assert_array_equal(address[name], values)
    print("same")
"""


def test_two_processes_give_the_same_bits(tmp_path, request):
    (tmp_path / "program.py").write_text(CLUSTER)
    run = subprocess.run(
        [sys.executable, tmp_path / "program.py", tmp_path / "run"],
        cwd=request.config.rootpath,
        env={"PYTHONPATH": str(request.config.rootpath), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip().endswith("same"), run.stderr


def test_a_scheduler_that_does_not_answer(monkeypatch):
    monkeypatch.setattr("loschmidt.studies.lattice_stores._PATIENCE", 0.2)
    with pytest.raises(InputError, match="must be the address of a Dask scheduler"):
        evolve_in_blocks(ERASED, WALL, scheduler="tcp://127.0.0.1:9")
