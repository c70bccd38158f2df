"""Every public name is listed once, imports, and is documented with an example that runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys

import pytest
from tests.architecture.source import MODULES, PACKAGE, module_name, public_names, tree

import loschmidt

NAMES = sorted(public_names())


def test_there_are_public_names():
    assert NAMES, "src/loschmidt/__init__.pyi must list the public names"


def test_each_name_is_listed_once():
    listed = [
        alias.asname or alias.name
        for node in tree(PACKAGE / "__init__.pyi").body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert len(listed) == len(set(listed)), sorted({name for name in listed if listed.count(name) > 1})


@pytest.mark.parametrize("name", NAMES)
def test_public_name(name):
    value = getattr(loschmidt, name)
    assert name in dir(loschmidt)
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return  # a constant or a list is documented beside its definition
    documentation = inspect.getdoc(value)
    assert documentation, f"`{name}` needs a docstring"
    if inspect.isclass(value) and issubclass(value, BaseException):
        return
    assert ">>> " in documentation, f"the docstring of `{name}` needs an example that runs"


@pytest.mark.parametrize("name", NAMES)
def test_public_name_is_exported_by_its_module(name):
    module = importlib.import_module(public_names()[name])
    exported = getattr(module, "__all__", None)
    assert exported is not None, f"{module.__name__} needs an `__all__`"
    assert name in exported, f'add "{name}" to `__all__` of {module.__name__}'


def test_no_subpackage_hides_a_public_name():
    program = (
        "import importlib, inspect, sys, loschmidt\n"
        "for module in sys.argv[1:]: importlib.import_module(module)\n"
        "hidden = [n for n in loschmidt.__all__ if inspect.ismodule(getattr(loschmidt, n))]\n"
        "sys.exit(f'{hidden}: rename the function or the subpackage' if hidden else 0)"
    )
    modules = [module_name(path) for path in MODULES]
    run = subprocess.run([sys.executable, "-c", program, *modules], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
