"""The command line: honest exit codes, one line a fault, nothing written unless all is, and no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.studies.models import BASE, changed
from tests.studies.test_load import FAULTS
from typer.testing import CliRunner

from loschmidt.cli.app import app
from loschmidt.models import MODELS

COMMAND = [sys.executable, "-c", "from loschmidt.cli import main; main()"]
FILES = {"ledger.nc", "report.html"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments, **options):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


def shell(*arguments, cwd, **options):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False, timeout=300, **options
    )


def model(folder, text=BASE, name="model.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# ── run ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_run_writes_a_folder_named_after_the_model(here):
    result = call("run", model(here))
    assert result.exit_code == 0, result.output
    assert {path.name for path in (here / "model").iterdir()} > FILES
    assert {path.name for path in here.iterdir()} == {"model", "model.toml"}
    for word in ("Two qubits", "Audit", "Ledger", "entropy production", "heat from hot", "Written", "ledger.nc"):
        assert word in result.stdout
    assert "\x1b" not in result.stdout
    assert not result.stderr


def test_json_is_one_object_and_nothing_else(here):
    result = call("run", model(here), "--json", "--out", here / "a" / "b")
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    assert made["title"] == "Two qubits"
    assert made["audit"]["counts"]["VIOLATED"] == 0
    assert {Path(path).name for path in made["written"]} == {path.name for path in (here / "a" / "b").iterdir()}
    assert not result.stderr


def test_a_second_run_replaces_the_files_and_leaves_others(here):
    path = model(here)
    call("run", path, "--out", "out")
    (here / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    before = (here / "out" / "report.html").read_text(encoding="utf-8")
    model(here, changed(("stop = 10", "stop = 20")))
    assert call("run", path, "--out", "out").exit_code == 0
    assert (here / "out" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (here / "out" / "report.html").read_text(encoding="utf-8") != before
    assert {path.name for path in here.iterdir()} == {"out", "model.toml"}


def test_every_method_gives_the_same_numbers(here):
    path = model(here)
    totals = []
    for method in ("secular", "exponential", "runge-kutta"):
        made = json.loads(call("run", path, "--json", "--method", method).stdout)
        totals.append(made["ledger"]["entropy_production"]["total"])
    np.testing.assert_allclose(totals, totals[0], rtol=1e-7)


def test_a_model_from_standard_input(here):
    result = call("run", "-", input=BASE)
    assert result.exit_code == 0
    assert {path.name for path in (here / "loschmidt-results").iterdir()} > FILES


def test_models_and_run_fit_together(here):
    printed = call("models", "qubit-two-baths").stdout
    assert printed == MODELS["qubit-two-baths"].text
    by_file = call("run", model(here, printed, "mine.toml"), "--json")
    by_name = call("run", "qubit-two-baths", "--json")
    one, other = json.loads(by_file.stdout), json.loads(by_name.stdout)
    assert one.pop("written") != other.pop("written")
    assert one == other
    # The folder of results has the name of the model, and does not stand in the way of it.
    assert call("run", "qubit-two-baths", "--json").exit_code == 0


def test_a_violated_law_ends_with_1_and_is_still_written(here, monkeypatch):
    from loschmidt.laws.audit import Audit

    monkeypatch.setattr(Audit, "violated", property(lambda self: True))
    assert call("run", model(here)).exit_code == 1
    assert {path.name for path in (here / "model").iterdir()} > FILES


# ── bad input ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "reason"), FAULTS, ids=[f"{f[3]}-{k}" for k, f in enumerate(FAULTS)]
)
def test_bad_input_ends_with_2_and_writes_nothing(here, old, new, at, key, reason):
    result = call("run", model(here, changed((old, new))))
    assert result.exit_code == 2
    assert not result.stdout
    assert reason in result.stderr
    assert f": {key}: " in result.stderr
    assert len(result.stderr.splitlines()) <= 2
    assert [path.name for path in here.iterdir()] == ["model.toml"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "none.toml"), "none.toml: cannot be read: No such file or directory."),
        (("run", "."), "is a folder, not a model file."),
        (("run", "qubit-relaxatoin"), "Did you mean `qubit-relaxation`?"),
        (("run", "model.toml", "--method", "krylow"), "the method must be one of"),
        (("run", "model.toml", "--out", "model.toml"), "is a file"),
        (("run", "model.toml", "--out", "model.toml/deep"), "is a file"),
        (("run", "model.toml", "--outt", "x"), "No such option"),
        (("run",), "Missing argument"),
        (("rum", "model.toml"), "Did you mean 'run'?"),
        (("models", "darkstate"), "Did you mean `dark-state`?"),
        (("audit", "none.nc"), "There is no file"),
        (("audit", "model.toml"), "is not a readable netCDF file"),
    ],
)
def test_a_wrong_command_line_ends_with_2(here, arguments, words):
    model(here)
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert [path.name for path in here.iterdir()] == ["model.toml"]


def test_a_steady_state_that_is_not_unique(here):
    text = MODELS["dark-state"].text.replace('"0.9*|a><a| + 0.1*I/3"', '"steady"')
    result = call("run", model(here, text))
    assert result.exit_code == 2
    assert "model.toml:23: initial.state: " in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written(here, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    result = call("run", model(here), "--out", "closed/out")
    assert result.exit_code == 2
    assert "must be writable" in result.stderr
    assert [path.name for path in here.iterdir()] == ["model.toml"]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt(), RuntimeError("a bug")])
def test_a_report_that_fails_half_way_leaves_nothing(here, monkeypatch, fault):
    import loschmidt.report

    def half(run, directory):
        (Path(directory) / "ledger.nc").write_text("half", encoding="utf-8")
        raise fault

    monkeypatch.setattr(loschmidt.report, "write_report", half)
    result = call("run", model(here))
    assert result.exit_code == {OSError: 2, KeyboardInterrupt: 130, RuntimeError: 1}[type(fault)]
    assert [path.name for path in here.iterdir()] == ["model.toml"]


def test_a_model_too_large_for_memory(here):
    result = call(
        "run",
        model(
            here, BASE.replace('sites = ["left", "right"]', "qubits = 40").replace("_left", "0").replace("_right", "1")
        ),
    )
    assert result.exit_code == 2
    assert "would need" in result.stderr


# ── models, schema, audit ────────────────────────────────────────────────────────────────────────────────────────────


def test_models_as_lines_and_as_json():
    lines = call("models").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(MODELS)
    made = json.loads(call("models", "--json").stdout)
    assert [entry["name"] for entry in made] == list(MODELS)
    assert all(entry["title"] and entry["source"] for entry in made)
    one = json.loads(call("models", "dark-state", "--json").stdout)
    assert one["text"] == MODELS["dark-state"].text


def test_schema_is_json():
    assert json.loads(call("schema").stdout)["title"] == "loschmidt model file"


def test_audit_of_a_saved_ledger(here):
    first = json.loads(call("run", model(here), "--json").stdout)
    result = call("audit", "model/ledger.nc", "--json")
    assert result.exit_code == 0
    again = json.loads(result.stdout)
    assert again["audit"] == first["audit"]
    assert "Audit" in call("audit", "model/ledger.nc").stdout


# ── the program itself ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [(), ("run",), ("models",), ("schema",), ("audit",)])
def test_help_has_an_example(command):
    result = call(*command, "--help")
    assert result.exit_code == 0
    assert "Example: loschmidt" in result.stdout


def test_the_program_and_its_exit_codes(here):
    assert shell("--version", cwd=here).stdout.startswith("loschmidt ")
    good = shell("run", model(here), cwd=here)
    assert good.returncode == 0, good.stderr
    assert "Audit" in good.stdout
    bad = shell("run", model(here, "title = 3\n", "bad.toml"), cwd=here)
    assert bad.returncode == 2
    assert bad.stderr.startswith("bad.toml:1: title: must be text") or ": title: must be text" in bad.stderr
    assert "Traceback" not in bad.stderr


def test_a_terminal_without_unicode(here):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    plain = shell("run", model(here), cwd=here, env=environment)
    assert plain.returncode == 0, plain.stderr
    assert "Audit" in plain.stdout
    bad = shell("run", model(here, changed(("w = 1.0", 'w = "2*ħ"'))), cwd=here, env=environment)
    assert bad.returncode == 2
    assert "parameters.w" in bad.stderr


def test_a_reader_that_leaves(here):
    with subprocess.Popen(
        [*COMMAND, "schema"], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        assert not process.stderr.read()


# A shell that starts jobs in the background makes its children deaf to the signal.
_HEARING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["loschmidt", "run", "model.toml"]
from loschmidt.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_leaves_nothing(here):
    # A sweep so long and so fast that no method finishes it while this test waits.
    text = MODELS["landau-zener"].text.replace("stop = 25", "stop = 2500").replace("start = -25", "start = -2500")
    model(here, text.replace("points = 301", "points = 200000"))
    with subprocess.Popen(
        [sys.executable, "-c", _HEARING], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            time.sleep(4)
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, error
    assert "interrupted; nothing was written" in error
    assert "Traceback" not in error
    assert not out
    assert [path.name for path in here.iterdir()] == ["model.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_among_trajectories_leaves_only_unfinished_records(here):
    asked = '[trajectories]\nsamples = 5_000_000\nfolder = "records"\n'
    model(here, BASE + asked)
    with subprocess.Popen(
        [sys.executable, "-c", _HEARING], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            for _ in range(600):
                if (here / "records.unfinished" / "counts.npy").exists() or process.poll() is not None:
                    break
                time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, error
    assert "interrupted; records of some trajectories are in" in error
    assert "records.unfinished'" in error
    assert "Traceback" not in error
    assert not out
    assert {path.name for path in here.iterdir()} == {"model.toml", "records.unfinished"}


def test_figures_of_an_earlier_run_do_not_stay(here):
    out = here / "out"
    assert CliRunner().invoke(app, ["run", str(model(here)), "--out", str(out)]).exit_code == 0
    (out / "particle-currents.svg").write_text("<svg/>")
    (out / "mine.svg").write_text("<svg/>")
    assert CliRunner().invoke(app, ["run", str(model(here)), "--out", str(out)]).exit_code == 0
    assert not (out / "particle-currents.svg").exists()
    assert (out / "mine.svg").exists()


def test_an_empty_out_is_refused(here):
    result = CliRunner().invoke(app, ["run", str(model(here)), "--out", ""])
    assert result.exit_code == 2
    assert [path.name for path in here.iterdir()] == ["model.toml"]


def test_a_ledger_without_its_accounts_is_refused(here):
    import xarray as xr

    out = here / "out"
    assert CliRunner().invoke(app, ["run", str(model(here)), "--out", str(out)]).exit_code == 0
    with xr.open_dataset(out / "ledger.nc", engine="h5netcdf") as data:
        data.load().drop_vars("energy").to_netcdf(here / "part.nc", engine="h5netcdf")
    result = CliRunner().invoke(app, ["audit", str(here / "part.nc")])
    assert result.exit_code == 2
    assert "lacks energy" in result.stderr


def test_papers_are_listed():
    assert "h-theorem" in call("reproduce").stdout
    listed = json.loads(call("reproduce", "--json").stdout)
    assert {"paper", "title", "citation"} <= set(listed[0])


def test_reproduce_a_paper(here):
    result = call("reproduce", "h-theorem", "--json")
    assert result.exit_code == 0
    tree = json.loads(result.stdout)
    assert tree["paper"] == "h-theorem"
    assert {claim["verdict"] for claim in tree["claims"]} >= {"REPRODUCED", "REPRODUCED WITH CORRECTION"}
    assert Path("reproduce-h-theorem/claims.json").is_file()


def test_reproduce_an_unknown_paper(here):
    result = call("reproduce", "h-theorm")
    assert result.exit_code == 2
    assert "h-theorem" in result.stderr
    assert not list(Path().glob("reproduce*"))
