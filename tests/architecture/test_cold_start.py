"""Importing the package and asking for help load nothing heavy; the list of modules is tested, not the clock."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

NUMBERS = {"numpy", "scipy", "numba", "llvmlite", "xarray", "pandas", "h5py", "qutip", "dask", "distributed", "zarr"}
HEAVY = NUMBERS | {"matplotlib", "pydantic", "jinja2"}

IMPORT = "import loschmidt"
HELP = "from loschmidt.cli import main; main()"
REPORT = """
import atexit, json, sys
atexit.register(lambda: print("\\n" + json.dumps(sorted(sys.modules))))
"""


def loaded(statement: str, *arguments: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after `statement`."""
    run = subprocess.run(
        [sys.executable, "-c", REPORT + statement, *arguments], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_import_is_light():
    modules = loaded(IMPORT)
    assert "loschmidt" in modules
    assert not modules & (HEAVY | {"typer", "click", "rich"})


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("models", "--help"), ("schema", "--help")])
def test_help_is_light(arguments):
    assert not loaded(HELP, *arguments) & HEAVY


def test_a_run_loads_only_what_it_is_asked_for():
    program = "from loschmidt.studies import builtin_model, run_model; run_model(builtin_model('qubit-relaxation'))"
    modules = loaded(program)
    assert "loschmidt.ledger.open_systems" in modules
    assert not {one for one in modules if one.startswith(("loschmidt.evolution.jumps", "loschmidt.evolution.counting"))}
    assert not modules & {"numba", "loschmidt.ledger.trajectories", "matplotlib"}


def test_the_test_sees_a_heavy_import():
    assert "numpy" in loaded("import numpy")
