"""The table [trajectories] of a master equation: what it means, one clear error for each fault, and records on disk."""

from __future__ import annotations

import numpy as np
import pytest
from tests.studies.models import BASE, changed

from loschmidt.errors import ModelFileError
from loschmidt.evolution.jumps import open_jump_records
from loschmidt.laws import Verdict
from loschmidt.studies import load_model, parse_model, run_model, schema

ASKED = "[trajectories]\nsamples = 2000\nseed = 7\n"
DRIVE = '[[drive]]\noperator = "X0"\ncoefficient = "0.2*sin(1.1*t)"\n[trajectories]\nsamples = 1000\n'
JUMPS = """\
[[bath]]
name = "hot"
beta = 0.5
jumps = [{ operator = "Sp_left", rate = 0.2 }, { operator = "Sm_left", rate = "0.2*exp(-0.5)" }]
"""
RAW = f"""\
title = "Jumps by hand"

[system]
qubits = 1
hamiltonian = "-0.5*Z0"

{JUMPS.replace("_left", "0")}
[initial]
state = "(|0> + |1>)/sqrt(2)"

[times]
stop = 10
points = 5
"""
LOCAL = ('type = "davies"', 'type = "local"\nfree_hamiltonian = "0.5*w*(Z_left + Z_right)"\nenergy = "full"')


def run(text: str):
    return run_model(parse_model(text))


@pytest.mark.parametrize(
    "text",
    [BASE + ASKED, RAW + ASKED, changed(LOCAL) + ASKED, RAW + DRIVE],
    ids=["davies", "raw jumps", "local", "driven"],
)
def test_trajectories_of_each_equation_break_no_law(text):
    done = run(text)
    found = done.audit
    assert found["trajectory heat"].verdict is found["trajectory states"].verdict is Verdict.TIGHT
    trajectories = [one for one in found.findings if "traject" in one.name or "theorem" in one.name]
    assert Verdict.VIOLATED not in {one.verdict for one in trajectories}
    assert len(trajectories) >= 4


def test_a_run_without_the_table_says_nothing_of_trajectories():
    done = run(BASE)
    assert not [one for one in done.audit.findings if "traject" in one.name]
    assert "jump_count" not in done.ledger


def test_the_seed_fixes_every_number():
    first, again = (run(BASE + ASKED).ledger.data for _ in range(2))
    other = run(BASE + ASKED.replace("7", "8")).ledger.data
    assert first.equals(again)
    assert first.attrs["seed"] == again.attrs["seed"] != other.attrs["seed"]
    assert not np.array_equal(first["trajectory_heat"], other["trajectory_heat"])


def test_the_number_of_threads_does_not_matter():
    import numba

    before, found = numba.get_num_threads(), []
    try:
        for threads in sorted({1, min(2, numba.config.NUMBA_NUM_THREADS)}):
            numba.set_num_threads(threads)
            found.append(run(BASE + ASKED.replace("2000", "30000")).ledger.data)
    finally:
        numba.set_num_threads(before)
    assert all(one.equals(found[0]) for one in found)


def test_what_is_not_asked_for_is_left_out():
    done = run(BASE + ASKED + "states = false\nhistograms = false\n")
    assert "trajectory_state_distance" not in done.ledger
    assert "histogram_value" not in done.ledger
    assert "trajectory_mean" in done.ledger


FAULTS = {
    "no trajectory": (BASE + ASKED.replace("2000", "0"), "trajectories.samples", "greater than or equal to 100"),
    "negative seed": (BASE + ASKED.replace("7", "-7"), "trajectories.seed", "greater than or equal to 0"),
    "not a number": (BASE + ASKED.replace("2000", '"many"'), "trajectories.samples", "must be a whole number"),
    "unknown key": (BASE + ASKED + "sample = 3\n", "trajectories.sample", "Did you mean `samples`?"),
    "redfield": (changed(('"davies"', '"redfield"')) + ASKED, "trajectories", "its equation is not of GKLS form"),
    "negative rate": (
        RAW.replace("rate = 0.2 }", "rate = -0.2 }").replace("beta = 0.5", "allow_negative_rates = true") + ASKED,
        "trajectories",
        "no jump with a negative probability",
    ),
    "jumps without a folder": (BASE + ASKED + "jumps = true\n", "trajectories.jumps", "needs a `folder`"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_clear_line(name):
    text, key, reason = FAULTS[name]
    with pytest.raises(ModelFileError) as caught:
        run(text)
    (line,) = [one for one in caught.value.lines() if f": {key}: " in one]
    assert reason in line


def test_faults_of_the_table_stand_beside_those_of_others():
    text = changed(("temperature = 2.0", "temperature = -2.0")) + ASKED.replace("2000", "0")
    with pytest.raises(ModelFileError) as caught:
        run(text)
    keys = [line.split(": ")[1] for line in caught.value.lines()]
    assert keys == ["bath[0].temperature", "trajectories.samples"]


def test_records_are_kept_beside_the_model(tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(BASE + ASKED + 'folder = "records"\njumps = true\n', encoding="utf-8")
    done = run_model(load_model(path))
    records = open_jump_records(tmp_path / "records")
    assert len(records) == 2000
    np.testing.assert_allclose(records.heat.mean(axis=0), done.ledger["trajectory_heat"].values[-1], atol=1e-12)
    assert sum(len(table) for table in records.jumps) == records.counts.sum()
    assert {one.name for one in tmp_path.iterdir()} == {"model.toml", "records"}
    with pytest.raises(ModelFileError, match=r"trajectories\.folder: must not exist yet"):
        run_model(load_model(path))


def test_what_an_interrupted_run_left_is_no_obstacle(tmp_path, monkeypatch):
    from loschmidt.evolution.jumps.gathering import Gathering

    path = tmp_path / "model.toml"
    path.write_text(BASE + ASKED + 'folder = "records"\n', encoding="utf-8")

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Gathering, "add", interrupt)
        with pytest.raises(KeyboardInterrupt, match=r"records\.unfinished"):
            run_model(load_model(path))
    assert not (tmp_path / "records").exists()
    assert (tmp_path / "records.unfinished").is_dir()
    run_model(load_model(path))
    assert {one.name for one in tmp_path.iterdir()} == {"model.toml", "records"}
    assert (np.asarray(open_jump_records(tmp_path / "records").final) > 0).any()


def test_foreign_files_are_left_alone(tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(BASE + ASKED + 'folder = "records"\n', encoding="utf-8")
    (tmp_path / "records.unfinished").mkdir()
    note = tmp_path / "records.unfinished" / "note.txt"
    note.write_text("mine", encoding="utf-8")
    run_model(load_model(path))
    assert (tmp_path / "records" / "note.txt").read_text(encoding="utf-8") == "mine"


def test_the_schema_tells_of_every_key():
    told = schema()["$defs"]["JumpTrajectoriesSpec"]["properties"]
    assert set(told) == {"samples", "seed", "exchange", "states", "histograms", "folder", "jumps"}
    assert all("description" in one for one in told.values())
