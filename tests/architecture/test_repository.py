"""The files around the package: pins without addresses, change fragments, licence, and the one command of CI."""

from __future__ import annotations

import os
import re
import tomllib

import pytest
from tests.architecture.source import ROOT, relative

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
KINDS = {kind["directory"] for kind in SETTINGS["tool"]["towncrier"]["type"]}
FRAGMENTS = sorted(path for path in (ROOT / "changes").iterdir() if not path.name.startswith((".", "README")))


def test_constraints_are_pins_and_nothing_else():
    faults = [line for line in PINS if not re.fullmatch(r"[a-z0-9][a-z0-9-]*==[0-9][0-9A-Za-z.]*", line)]
    assert not faults, f"constraints.txt holds only `name==version`, but has {faults}"
    assert len(PINS) > 20


def test_constraints_pin_every_direct_dependency():
    project = SETTINGS["project"]
    names = ("out-of-core", "cluster", "test", "dev", "docs")
    extras = [need for name in names for need in project["optional-dependencies"][name]]
    direct = {re.split(r"[\[<>=~! ]", need)[0].lower() for need in [*project["dependencies"], *extras]} - {"loschmidt"}
    pinned = {line.partition("==")[0] for line in PINS}
    assert not direct - pinned, f"pin {sorted(direct - pinned)} in constraints.txt; CONTRIBUTING.md says how"


@pytest.mark.parametrize("path", FRAGMENTS, ids=relative)
def test_change_fragment(path):
    name = re.fullmatch(r"(\d+|\+[a-z0-9-]+)\.([a-z]+)\.md", path.name)
    assert name, f"{relative(path)} must be named `<issue>.<kind>.md` or `+<words>.<kind>.md`"
    assert name[2] in KINDS, f"{relative(path)} must be one of {sorted(KINDS)}"
    text = path.read_text(encoding="utf-8").strip()
    assert text, f"{relative(path)} is empty"
    assert text.endswith("."), f"{relative(path)} must end with a full stop"


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.toml")), ids=relative)
def test_example_files_are_the_built_in_models(path):
    from loschmidt.models import MODELS

    if path.stem in MODELS:
        assert path.read_text(encoding="utf-8") == MODELS[path.stem].text


def test_ci_is_the_command_that_a_developer_types():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("make ci")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^ci:.*\n(\t.*\n)*\t\$\(MAKE\) test$", makefile, re.MULTILINE)


def test_version_is_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {SETTINGS['project']['version']}\n" in citation


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("[a-z]*.py")), ids=relative)
def test_benchmarks_are_listed(path):
    listed = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert f"| `{path.name}` |" in listed, f"add a line for {path.name} to benchmarks/README.md"
