"""README and documentation say nothing that does not exist: code runs, commands work, links resolve."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, relative

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "benchmarks" / "README.md",
    *(path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts),
]
FENCE = re.compile(r"^```(\{code-cell\} ipython3|\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)")
OWN_TOOLS = ("loschmidt", "make", "cd", "git", "uv", ".venv/bin/python", "HYPOTHESIS_PROFILE=thorough")


def blocks(path: Path, *languages: str) -> list[str]:
    """Return the fenced blocks of a page in any of the languages, without the options of notebook cells."""
    found = FENCE.findall(path.read_text(encoding="utf-8"))
    return [re.sub(r"^:.*\n", "", text, flags=re.MULTILINE) for language, text in found if language in languages]


def commands(path: Path) -> list[str]:
    """Return the command lines of a page: of its shell blocks, less prompts, output and comments."""
    shell = "\n".join(
        [*blocks(path, "sh"), *re.findall(r"^\$ (.*)$", "\n".join(blocks(path, "console")), re.MULTILINE)]
    )
    lines = (line.partition("  #")[0].strip() for line in shell.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def with_any(pages: list[Path], find: object) -> list[Path]:
    return [path for path in pages if find(path)]


@pytest.mark.parametrize("path", with_any(PAGES, lambda p: blocks(p, "python", "{code-cell} ipython3")), ids=relative)
def test_python_runs(path, tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    program = "\n".join(blocks(path, "python", "{code-cell} ipython3"))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("path", with_any(PAGES, commands), ids=relative)
def test_commands_exist(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in commands(path):
        tool, *arguments = command.split()
        assert tool in OWN_TOOLS, f"{relative(path)}: `{command}` is not a command of this project"
        if tool == "make":
            targets = [argument for argument in arguments if "=" not in argument]
            missing = [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)]
            assert not missing, f"{relative(path)}: the Makefile has no {missing}"
        if tool == ".venv/bin/python":
            assert (ROOT / arguments[0]).exists(), f"{relative(path)}: {arguments[0]} does not exist"


@pytest.mark.parametrize(
    "path", with_any(PAGES, lambda p: any(line.startswith("loschmidt") for line in commands(p))), ids=relative
)
def test_loschmidt_commands_run(path, tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for text, name in zip(blocks(path, "toml"), ("model.toml", "my-model.toml"), strict=False):
        (tmp_path / name).write_text(text, encoding="utf-8")
    script = "\n".join(["set -e", *(line for line in commands(path) if line.startswith("loschmidt"))])
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", with_any(PAGES, lambda p: blocks(p, "toml")), ids=relative)
def test_model_files_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from loschmidt.studies import parse_model, run_model

    for text in blocks(path, "toml"):
        run = run_model(parse_model(text, name=relative(path)))
        assert not run.audit.violated, run.spec.title


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_links_resolve(path):
    missing = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()]
    assert not missing, f"{relative(path)} points at {missing}"


def test_readme_shows_a_model_file_of_the_examples():
    examples = {path.read_text(encoding="utf-8") for path in (ROOT / "examples").glob("*.toml")}
    shown = blocks(ROOT / "README.md", "toml")
    assert shown
    assert set(shown) <= examples, "the model file in README.md must be one of examples/*.toml, word for word"


def environment() -> dict[str, str]:
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "MPLBACKEND": "Agg"}
