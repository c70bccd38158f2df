"""What the linter cannot see: packages only export, and nothing a user hands in is ever run."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from tests.architecture.source import MODULES, relative, tree

PACKAGES = [path for path in MODULES if path.name == "__init__.py"]
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
RUNS_FILES = {"pickle", "dill", "cloudpickle", "marshal", "shelve"}
EXPORTS = (ast.Import, ast.ImportFrom)


def exports_only(statement: ast.stmt) -> bool:
    if isinstance(statement, EXPORTS):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    names = [name.id for target in targets for name in ast.walk(target or ast.Pass()) if isinstance(name, ast.Name)]
    return bool(names) and all(name.startswith("__") for name in names)


def misplaced(path: Path) -> list[str]:
    """Return the statements of a package file that do more than export."""
    return [f"{path}:{statement.lineno}" for statement in tree(path).body if not exports_only(statement)]


def dangers(path: Path) -> list[str]:
    """Return the places where text or files that a user handed in would be run."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUNS_TEXT:
            found.append(f"{path}:{node.lineno}: `{node.func.id}(` runs text")
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and not is_false(node.value):
            found.append(f"{path}:{node.value.lineno}: `allow_pickle` runs files")
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            found += [f"{path}:{node.lineno}: `{m}` runs files" for m in modules if m.partition(".")[0] in RUNS_FILES]
    return found


def is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


@pytest.mark.parametrize("path", PACKAGES, ids=relative)
def test_package_files_export_and_nothing_else(path):
    assert not misplaced(path), "package files only export; move these statements into a module"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_handed_in_is_run(path):
    assert not dangers(path)


@pytest.mark.parametrize("text", ["eval('1')", "import pickle", "from marshal import loads", "load(f, allow_pickle=1)"])
def test_a_danger_is_seen(text, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(text, encoding="utf-8")
    assert dangers(path)


@pytest.mark.parametrize("text", ["NUMBER = 1", "def f(): ...", "print()"])
def test_a_misplaced_statement_is_seen(text, tmp_path):
    path = tmp_path / "__init__.py"
    path.write_text(text, encoding="utf-8")
    assert misplaced(path)


def test_shapes_are_checked_while_the_tests_run():
    from loschmidt.states.bohr import EnergyLevels

    vector, labels = np.zeros(2), np.zeros(2, dtype=np.int64)
    with pytest.raises(TypeError, match="basis"):
        EnergyLevels(energies=vector, basis=vector, labels=labels, tolerance=1e-9, ambiguous=False)
