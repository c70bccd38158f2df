"""Imports flow one way, and heavy libraries stay on their floor; the order stands in pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.architecture.source import MODULES, ROOT, relative, tree


def test_contracts_are_kept():
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_module_goes_around_the_layers_through_the_public_names():
    faults = [
        f"{relative(path)}:{node.lineno}: import from the module that defines the name, not from `loschmidt`"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "loschmidt"
        if any(alias.name != "__version__" for alias in node.names)
    ]
    assert not faults, "\n".join(faults)
